//! A report address in another organization, which does not consent.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;
use crate::rules::dmarc::reports;

pub static RULE: Rule = Rule {
    id: "dmarc-report-not-authorized",
    severity: Severity::Warning,
    references: &["RFC 9990 section 4", "RFC 7489 section 7.1"],
    check,
    text: Text {
        en: Prose {
            title: "{host} does not agree to receive the DMARC reports of {holder}",
            here: "{host} has not agreed",
            why: "Receivers send reports to another organization only if it agrees by a TXT record at {name}. {found} They leave this address out, and no report arrives there.",
            fix: "Ask the owner of {host} to publish this TXT record, or name an address of your own in `{tag}`.",
        },
        es: Prose {
            title: "{host} no ha autorizado que se le envíen los informes DMARC de {holder}",
            here: "sin autorización de {host}",
            why: "Los receptores solo envían informes a otra organización si esta lo autoriza con un registro TXT en {name}. {found} Por eso omiten esta dirección y allí no llega ningún informe.",
            fix: "Pida al propietario de {host} que publique este registro TXT o indique en `{tag}` una dirección propia.",
        },
        ja: Prose {
            title: "{host} は {holder} のDMARCレポートの受け取りを承認していません",
            here: "{host} の承認がありません",
            why: "受信側は、別の組織が {name} のTXTレコードで承認している場合に限り、そこへレポートを送ります。{found}このアドレスは無視され、レポートは届きません。",
            fix: "このTXTレコードを公開するよう {host} の管理者に依頼するか、`{tag}` に自組織のアドレスを書いてください。",
        },
    },
};

const NOTHING: Words =
    Words {
        en: "There is no such record.", es: "No existe tal registro.", ja: "そのレコードがありません。"
    };
const OTHER: Words = Words {
    en: "There is a text, but it does not begin with `v=DMARC1`.",
    es: "Hay un texto, pero no empieza por `v=DMARC1`.",
    ja: "テキストはありますが、`v=DMARC1` で始まっていません。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let mut told: Vec<&Name> = Vec::new();
    for report in reports::all(evidence, &applied) {
        let host = &report.destination.at.name;
        let Some(asked) = report.destination.authorization.as_ref().filter(|asked| asked.is_missing()) else {
            continue;
        };
        // Where no mail can be delivered, consent does not matter.
        if report.destination.at.is_dead() || told.contains(&host) {
            continue;
        }
        told.push(host);
        let found = if asked.answer.records().is_empty() { NOTHING } else { OTHER };
        let name = &asked.answer.question.name;
        let holder = name.as_str().split("._report._dmarc.").next().unwrap_or_default();
        let finding = applied.at(&RULE, report.range.clone()).and_at(asked.answer.spans());
        let finding = finding.with("host", host).with("holder", holder).with("name", name).with("tag", report.tag);
        findings.push(finding.with_words("found", found).publish(name, Kind::TXT, "v=DMARC1"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_consent() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@other.test; ruf=mailto:b@other.test"
                                              ^^^^^^^^^^^^^^^^^^^
            other.test. MX 0 mail.other.test.
            "#,
        );
    }

    #[test]
    fn another_text_is_no_consent() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@other.test"
                                              ^^^^^^^^^^^^^^^^^^^
            other.test. MX 0 mail.other.test.
            *.other.test. TXT "v=spf1 -all"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn consent_to_one_to_all_and_by_an_alias() {
        let zone = "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@other.test\"\nother.test. MX 0 mail.other.test.\n";
        for consent in [
            "example.test._report._dmarc.other.test. TXT \"v=DMARC1\"",
            "example.test._report._dmarc.other.test. TXT x\nexample.test._report._dmarc.other.test. TXT \"v=DMARC1;\"",
            "*._report._dmarc.other.test. TXT \"v=DMARC1; rua=mailto:b@other.test\"",
            "*._report._dmarc.other.test. CNAME consent.other.test.\nconsent.other.test. TXT \"v=DMARC1\"",
        ] {
            clean(&RULE, &format!("{zone}{consent}"));
        }
    }

    #[test]
    fn no_consent_is_needed_within_the_organization() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@in.example.test\"\nin MX 0 mail");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@other.test\"\n";
        check(&offline_evidence(zone)[0], &mut found);
        assert!(found.is_empty());
    }
}
