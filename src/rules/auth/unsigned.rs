//! The domain sends from servers of its own alone, and certainly has no DKIM key: nobody signs its mail.

use crate::evidence::{Evidence, Who};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Qualifier, Term, TermKind};
use crate::rules::Rule;
use crate::rules::auth::no_dkim;

pub static RULE: Rule = Rule {
    id: "auth-unsigned",
    severity: Severity::Warning,
    references: &[
        "Google: Email sender guidelines",
        "Yahoo: Sender Best Practices",
        "Microsoft: Strengthening Email Ecosystem",
        "RFC 8020 section 2",
    ],
    check,
    text: Text {
        en: Prose {
            title: "mail of {domain} is not signed: there is no DKIM key",
            here: "no key below this name",
            why: "Only servers of its own send for {domain}. This name does not exist, and so no selector below it: no signature can be verified, and mail that is forwarded fails SPF and then has nothing left. Gmail, Yahoo and Outlook.com demand both SPF and DKIM of those who send much mail, and refuse what has only one.",
            fix: "Turn DKIM signing on in your mail server, and publish the public key that it shows, as a TXT record.",
        },
        es: Prose {
            title: "el correo de {domain} no va firmado: no hay clave DKIM",
            here: "no hay ninguna clave bajo este nombre",
            why: "Por {domain} solo envían servidores propios. Este nombre no existe, y por tanto tampoco ningún selector por debajo: ninguna firma se puede verificar, y el correo reenviado no supera SPF y se queda sin nada que lo autentique. Gmail, Yahoo y Outlook.com exigen SPF y DKIM a quien envía mucho correo, y rechazan el que solo tiene uno de los dos.",
            fix: "Active la firma DKIM en su servidor de correo y publique como registro TXT la clave pública que le indique.",
        },
        ja: Prose {
            title: "{domain} のメールは署名されていません: DKIMの公開鍵がありません",
            here: "この名前の下に鍵がありません",
            why: "{domain} のメールを送信しているのは自社のサーバーだけです。この名前が存在しないため、その下のセレクターも存在しません。署名は検証できず、転送されてSPFに失敗したメールには認証手段が残りません。Gmail、Yahoo、Outlook.comは大量送信者にSPFとDKIMの両方を求めており、どちらか一方しかないメールを拒否します。",
            fix: "メールサーバーでDKIM署名を有効にし、表示された公開鍵をTXTレコードとして公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if no_dkim::is_so(evidence) && is_own_work(evidence) {
        let finding = RULE.at([evidence.dkim.node.question_span()]);
        findings.push(finding.with("domain", &evidence.domain));
    }
}

/// Does nobody send but servers of the domain's own? A service that has no key of the domain signs as itself, and that
/// is DKIM, too.
pub(super) fn is_own_work(evidence: &Evidence) -> bool {
    let own = evidence.domain.registered_domain();
    let is_own_term = |term: &Term| {
        let is_here = term.domain().is_none_or(|spec| spec.name.as_ref().is_some_and(|name| name.is_within(&own)));
        matches!(term.kind, TermKind::Ip4(..) | TermKind::Ip6(..))
            || (matches!(term.kind, TermKind::A(..) | TermKind::Mx(..)) && is_here)
            || (term.is_all() && term.result() != Qualifier::Pass)
    };
    let spf = evidence.spf.own().only();
    spf.is_some_and(|spf| spf.effective().all(|(_, term)| is_own_term(term)))
        && evidence.mx.found.iter().all(|host| host.exchange.is_within(&own))
        && evidence.providers.is_empty()
        && evidence.senders.iter().all(|sender| matches!(sender.who, Who::Address(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn servers_of_its_own() {
        for record in ["v=spf1 ip4:192.0.2.1 -all", "v=spf1 mx a:out.example.test ip6:2001:db8::1 ~all"] {
            finds(&RULE, &format!("@ MX 0 mail\nmail A 192.0.2.1\nout A 192.0.2.2\n@ TXT \"{record}\"\n?"));
        }
    }

    #[test]
    fn somebody_else_who_may_sign_as_itself() {
        for records in [
            "@ MX 0 mail\n@ TXT \"v=spf1 mx include:spf.other.test -all\"",
            "@ MX 0 mail\n@ TXT \"v=spf1 a:out.other.test -all\"",
            "@ MX 0 mail\n@ TXT \"v=spf1 redirect=spf.other.test\"",
            "@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.1 +all\"",
            "@ MX 0 mx.other.test.\n@ TXT \"v=spf1 mx -all\"",
            "@ MX 0 smtp.google.com.\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"",
            "@ MX 0 mail",
        ] {
            clean(&RULE, records);
        }
    }

    #[test]
    fn a_key_that_may_be_there() {
        clean(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\ns1._domainkey CNAME s1.example.org.");
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 -all\"");
    }
}
