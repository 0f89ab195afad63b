//! A report address to which no mail can be delivered.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;
use crate::rules::dmarc::reports;

pub static RULE: Rule = Rule {
    id: "dmarc-report-address-dead",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7", "RFC 5321 section 5.1", "RFC 7505 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "DMARC reports to `{address}` cannot be delivered",
            here: "{host} takes no mail",
            why: "{host} {fault}. Receivers cannot deliver their reports there. Without reports nobody sees which of your senders fail, or who forges your mail.",
            fix: "Name an address in `{tag}` that takes mail, or publish an MX record for {host}.",
        },
        es: Prose {
            title: "los informes DMARC para `{address}` no se pueden entregar",
            here: "{host} no recibe correo",
            why: "{host} {fault}. Los receptores no pueden entregar allí sus informes. Sin informes nadie ve qué remitentes propios fallan ni quién falsifica su correo.",
            fix: "Indique en `{tag}` una dirección que reciba correo o publique un registro MX para {host}.",
        },
        ja: Prose {
            title: "`{address}` 宛てのDMARCレポートは届きません",
            here: "{host} はメールを受信しません",
            why: "{host} {fault}。受信側はレポートを届けられません。レポートがないと、どの送信元が失敗しているか、誰がなりすましているかが分かりません。",
            fix: "`{tag}` にメールを受信できるアドレスを書くか、{host} のMXレコードを公開してください。",
        },
    },
};

const NOTHING: Words = Words {
    en: "has neither an MX record nor an IP address",
    es: "no tiene ni registro MX ni dirección IP",
    ja: "にはMXレコードもIPアドレスもありません",
};
const NULL_MX: Words = Words {
    en: "has a null MX, which says that it takes no mail",
    es: "tiene un MX nulo, que declara que no recibe correo",
    ja: "にはnull MXがあり、メールを受信しないと宣言しています",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for report in reports::all(evidence, &applied).filter(|report| report.destination.at.is_dead()) {
        let finding = applied.at(&RULE, report.range.clone()).with("address", report.address).with("tag", report.tag);
        let fault = if report.destination.at.has_null_mx() { NULL_MX } else { NOTHING };
        findings.push(finding.with("host", &report.destination.at.name).with_words("fault", fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn neither_mx_nor_address() {
        finds(
            &RULE,
            r#"
            @ MX 0 mail
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@reports.example.test,mailto:a@example.test"
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_null_mx() {
        finds(
            &RULE,
            r#"
            @ MX 0 .
            @ A 192.0.2.1
            _dmarc TXT "v=DMARC1; p=reject; ruf=mailto:a@example.test!1m"
                                                ^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn an_address_is_enough() {
        let record = "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@reports.example.test\"";
        clean(&RULE, &format!("@ MX 0 mail\nreports A 192.0.2.1\n{record}"));
        clean(&RULE, &format!("@ MX 0 mail\nreports AAAA 2001:db8::1\n{record}"));
        clean(&RULE, &format!("@ MX 0 mail\n* MX 0 mail\n{record}"));
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@b.example.org\"\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty());
    }
}
