//! No DMARC record applies to the domain.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evaluate::pass;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::rules::dmarc::{alias_dangling, record, stray};

pub static RULE: Rule = Rule {
    id: "dmarc-missing",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10", "Yahoo: Sender Best Practices", "Google: Email sender guidelines"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no DMARC record",
            here: "no record here",
            why: "Yahoo, Gmail and Outlook.com demand a DMARC record of everyone who sends much mail, and otherwise refuse or junk the mail. Without one, anybody can also send with {domain} in the From line.",
            fix: "Publish this TXT record. {effect}",
        },
        es: Prose {
            title: "{domain} no tiene registro DMARC",
            here: "aquí no hay ningún registro",
            why: "Yahoo, Gmail y Outlook.com exigen un registro DMARC a quien envía mucho correo; si falta, rechazan el correo o lo envían a spam. Además, sin él cualquiera puede enviar con {domain} en el campo De (From).",
            fix: "Publique este registro TXT. {effect}",
        },
        ja: Prose {
            title: "{domain} にDMARCレコードがありません",
            here: "ここにレコードがありません",
            why: "Yahoo、Gmail、Outlook.comは、大量に送信するドメインにDMARCレコードを必須としており、ない場合は受信拒否や迷惑メール扱いにします。また、DMARCがないと誰でも {domain} を差出人(From)に使えてしまいます。",
            fix: "次のTXTレコードを公開してください。{effect}",
        },
    },
};

const REPORTS: Words = Words {
    en: "It asks receivers for nothing yet, only for reports: name an address in it that you read.",
    es: "Todavía no pide nada a los receptores, solo informes: indique en él una dirección que usted lea.",
    ja: "この設定ではまだメールの扱いは変わらず、レポートが届くようになるだけです。受信できるアドレスに書き換えてください。",
};
const NOTHING: Words = Words {
    en: "It asks receivers for nothing yet.",
    es: "Todavía no pide nada a los receptores.",
    ja: "この設定ではまだメールの扱いは変わりません。",
};
const REFUSE: Words = Words {
    en: "It makes receivers refuse whatever is sent in the name of a domain that sends nothing.",
    es: "Hace que los receptores rechacen todo lo que se envíe en nombre de un dominio que no envía nada.",
    ja: "メールを送らないドメインの名をかたるメールを、受信側が拒否するようになります。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    let expected = (evidence.named && !evidence.is_nonexistent()) || evidence.sends();
    if expected && matches!(dmarc::policy(evidence), PolicyFound::Missing) && !is_explained(evidence) {
        let finding = RULE.at([own.answer.question_span()]).with("domain", &evidence.domain);
        // One record at the registered domain is enough for all names of a zone.
        let domain = if evidence.named { evidence.domain.clone() } else { evidence.domain.registered_domain() };
        let (record, effect) = record(evidence, &domain);
        let finding = finding.with_words("effect", effect);
        findings.push(match domain.prefixed("_dmarc") {
            Ok(name) => finding.publish(&name, Kind::TXT, record),
            Err(_) => finding,
        });
    }
}

/// Is there a record that was meant as this one, at another name or of another form? Then other rules speak.
fn is_explained(evidence: &Evidence) -> bool {
    let Some(own) = evidence.dmarc.first() else { return false };
    !record::failed_texts(own).is_empty()
        || !stray::all(evidence).is_empty()
        || own.answer.aliases.iter().any(stray::holds_record)
        || alias_dangling::dangling(evidence).is_some()
        || record::is_unreadable(evidence)
}

/// A first record, which asks for nothing yet, and what it does. Who says that no mail is sent loses nothing by the
/// strictest one.
fn record(evidence: &Evidence, domain: &Name) -> (String, Words) {
    let receives = evidence.mx.found.iter().any(|host| !host.exchange.is_root());
    let forbids = evidence.spf.own().only().is_some_and(pass::forbids_all);
    if !evidence.sends() && (forbids || (evidence.has_null_mx() && evidence.spf.own().is_missing())) {
        return ("v=DMARC1; p=reject".to_owned(), REFUSE);
    }
    match receives {
        true => (format!("v=DMARC1; p=none; rua=mailto:dmarc@{domain}"), REPORTS),
        false => ("v=DMARC1; p=none".to_owned(), NOTHING),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, offline_evidence};

    #[test]
    fn no_record() {
        finds(
            &RULE,
            r#"
            example.test. MX 0 mail
            ?
            "#,
        );
    }

    #[test]
    fn who_sends_no_mail_may_be_strict() {
        let published = |zone| findings(&RULE, zone)[0].publish[0].value.clone();
        assert_eq!(published("@ MX 0 .\n@ TXT \"v=spf1 -all\""), "v=DMARC1; p=reject");
        assert_eq!(published("@ MX 0 ."), "v=DMARC1; p=reject");
        assert_eq!(published("@ MX 0 mail"), "v=DMARC1; p=none; rua=mailto:dmarc@example.test");
    }

    #[test]
    fn one_record_is_enough_for_all_names() {
        let found = findings(&RULE, "@ MX 0 mail\nnews MX 0 mail");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].publish, found[1].publish);
    }

    #[test]
    fn own_record_or_one_above() {
        clean(
            &RULE,
            r#"
            example.test. MX 0 mail
            _dmarc        TXT "v=DMARC1; p=none"
            news          MX 0 mail
            "#,
        );
    }

    #[test]
    fn other_rules_tell_why_it_is_not_there() {
        for record in [
            "_dmarc TXT \"v=dmarc1; p=none\"",
            "dmarc TXT \"v=DMARC1; p=none\"",
            "@ TXT \"v=DMARC1; p=none\"",
            "_dmarc CNAME v=DMARC1\\;p=none.",
            "_dmarc CNAME x.dmarc.example.org.",
            "_dmarc TXT \"v=DMARC1; p=none",
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n{record}"));
        }
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 0 mail\n_dmarc CNAME example.org.\n")[0], &mut found);
        assert!(found.is_empty());
    }
}
