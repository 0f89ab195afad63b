//! A domain that sends nothing leaves something open to those who forge mail.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::no_mail;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Kind;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "auth-no-mail-incomplete",
    severity: Severity::Advice,
    references: &["RFC 7505 section 4.2", "RFC 6376 section 3.6.1", "RFC 9989 section 4.7", "M3AAWG: Parked Domains"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} says that it sends no mail, but only in part of its records: {missing}",
            here: "not complete yet",
            why: "A domain without mail is a favourite of those who forge mail, because nobody watches it. {effect}",
            fix: "If neither {domain} nor any of its subdomains sends mail, publish this too: nothing is lost by it. A subdomain that sends needs a DMARC record of its own first.",
        },
        es: Prose {
            title: "{domain} declara que no envía correo, pero solo en parte de sus registros: {missing}",
            here: "aún incompleto",
            why: "Los dominios que no envían correo son los preferidos de quienes lo falsifican, porque nadie los vigila. {effect}",
            fix: "Si ni {domain} ni ningún subdominio suyo envía correo, publique también esto: no tiene ningún inconveniente. Un subdominio que envíe necesita antes su propio registro DMARC.",
        },
        ja: Prose {
            title: "{domain} は「メールを送信しない」と宣言していますが、まだ不十分です: {missing}",
            here: "設定が不足しています",
            why: "メールに使われていないドメインは監視されていないため、なりすましに狙われやすくなります。{effect}",
            fix: "{domain} からもそのサブドメインからもメールを送信しない場合は、次のレコードも公開してください。これによる不都合はありません。送信に使うサブドメインがある場合は、先にそのサブドメイン専用のDMARCレコードを公開してください。",
        },
    },
};

const POLICY: Words = Words {
    en: "the DMARC policy is not `reject`",
    es: "la política DMARC no es `reject`",
    ja: "DMARCポリシーが `reject` ではありません",
};
const KEYS: Words = Words {
    en: "no record says that DKIM keys are void",
    es: "ningún registro declara nulas las claves DKIM",
    ja: "DKIMの鍵が無効と宣言されていません",
};
const BOTH: Words = Words {
    en: "the DMARC policy is not `reject`, and no record says that DKIM keys are void",
    es: "la política DMARC no es `reject` y ningún registro declara nulas las claves DKIM",
    ja: "DMARCポリシーが `reject` ではなく、DKIMの鍵も無効と宣言されていません",
};
const DELIVERED: Words = Words {
    en: "Receivers do not refuse forged mail: the policy that applies does not ask them to.",
    es: "Los receptores no rechazan el correo falsificado: la política vigente no se lo pide.",
    ja: "現在のポリシーは拒否を求めていないため、受信側はなりすましメールを拒否しません。",
};
const UNSAID: Words = Words {
    en: "The record at `*._domainkey` tells receivers, whatever selector a message names, that no signature of the domain is valid.",
    es: "El registro en `*._domainkey` dice a los receptores, sea cual sea el selector, que ninguna firma del dominio es válida.",
    ja: "`*._domainkey` のレコードは、どのセレクターが使われても、このドメインの署名はすべて無効であることを受信側に伝えます。",
};
const ALL: Words = Words {
    en: "Receivers do not refuse forged mail: the policy that applies does not ask them to. The record at `*._domainkey` tells them that no signature of the domain is valid.",
    es: "Los receptores no rechazan el correo falsificado: la política vigente no se lo pide. El registro en `*._domainkey` les dice que ninguna firma del dominio es válida.",
    ja: "現在のポリシーは拒否を求めていないため、受信側はなりすましメールを拒否しません。`*._domainkey` のレコードは、このドメインの署名がすべて無効であることを受信側に伝えます。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !no_mail::is_declared(evidence) {
        return;
    }
    // A record that is missing altogether, and the null MX, are what other rules tell to publish.
    let policy = no_mail::strict_record(evidence);
    let keys = !no_mail::revokes_all_keys(evidence);
    let (missing, effect) = match (&policy, keys) {
        (None, false) => return,
        (Some(_), false) => (POLICY, DELIVERED),
        (None, true) => (KEYS, UNSAID),
        (Some(_), true) => (BOTH, ALL),
    };
    let weak = match dmarc::policy(evidence) {
        PolicyFound::Record { dmarc, .. } if policy.is_some() => dmarc.txt.whole(),
        _ => Vec::new(),
    };
    let wildcard = &evidence.dkim.wildcard;
    let open = keys.then(|| wildcard.question_span());
    // How strict to be is for the owner to say.
    let mut finding = RULE.at(weak.into_iter().chain(open)).with("domain", &evidence.domain).as_choice();
    finding = finding.with_words("missing", missing).with_words("effect", effect);
    if let Some((owner, record)) = policy {
        finding = finding.publish(&owner, Kind::TXT, record);
    }
    if keys {
        finding = finding.publish(&wildcard.question.name, Kind::TXT, "v=DKIM1; p=");
    }
    findings.push(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    fn published(zone: &str) -> Vec<String> {
        findings(&RULE, zone).iter().flat_map(|finding| &finding.publish).map(|publish| publish.line()).collect()
    }

    #[test]
    fn all_that_is_missing_and_said_nowhere_else() {
        let zone = r#"
            @      MX  0 .
            @      TXT "v=spf1 -all"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:d@other.test"
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        let keys = "*._domainkey.example.test. IN TXT \"v=DKIM1; p=\"";
        let policy = "_dmarc.example.test. IN TXT \"v=DMARC1; p=reject; rua=mailto:d@other.test\"";
        assert_eq!(published(zone), [policy, keys]);
        finds(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n?");
        assert_eq!(published("@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\""), [keys]);
        let weak = "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=quarantine\"\n*._domainkey TXT \"v=DKIM1; p=\"";
        assert_eq!(published(weak), ["_dmarc.example.test. IN TXT \"v=DMARC1; p=reject\""]);
    }

    #[test]
    fn whole() {
        clean(
            &RULE,
            r#"
            @            MX  0 .
            @            TXT "v=spf1 -all"
            *._domainkey TXT "v=DKIM1; p="
            _dmarc       TXT "v=DMARC1; p=reject"
            "#,
        );
    }

    #[test]
    fn domains_with_mail() {
        for records in [
            "@ MX 0 mail\n@ TXT \"v=spf1 -all\"",
            "@ MX 0 .\n@ TXT \"v=spf1 a -all\"",
            "@ TXT \"v=spf1 -all\"\nnews MX 0 mail",
            "@ TXT \"v=spf1 -all\"\ns1._domainkey CNAME s1.provider.test.",
            "@ A 192.0.2.1",
        ] {
            clean(&RULE, records);
        }
    }
}
