//! A DMARC record at a wrong name, and none at the right one.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::{record, stray};

pub static RULE: Rule = Rule {
    id: "dmarc-misplaced",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} is at the wrong name {wrong}",
            here: "nobody looks here",
            why: "Receivers look for it at {right} only. To them {domain} has no DMARC record.",
            fix: "Publish the record at {right}, and delete it at {wrong}. Some DNS panels add the domain by themselves: type only `_dmarc` there.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} está en un nombre equivocado: {wrong}",
            here: "aquí no lo busca nadie",
            why: "Los receptores solo lo buscan en {right}. Para ellos, {domain} no tiene registro DMARC.",
            fix: "Publique el registro en {right} y elimínelo de {wrong}. Algunos paneles DNS añaden el dominio por su cuenta: escriba allí solo `_dmarc`.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードが誤った名前 {wrong} に置かれています",
            here: "ここは参照されません",
            why: "受信側が参照するのは {right} だけです。受信側からは、{domain} にDMARCレコードがないように見えます。",
            fix: "レコードを {right} で公開し、{wrong} のレコードを削除してください。DNS管理画面によってはドメインが自動で補われるため、その場合は `_dmarc` とだけ入力します。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    let missing = matches!(dmarc::policy(evidence), PolicyFound::Missing);
    if !missing || !record::failed_texts(own).is_empty() || own.answer.aliases.iter().any(stray::holds_record) {
        return;
    }
    let strays = stray::all(evidence);
    let Some(first) = strays.first() else { return };
    let right = &own.answer.question.name;
    let spans = strays.iter().flat_map(|record| [record.owner_span(), record.data_span()]);
    let finding = RULE.at(spans).with("domain", &evidence.domain);
    let finding = finding.with("wrong", &first.owner).with("right", right);
    findings.push(match stray::value(&strays) {
        Some((kind, value)) => finding.publish(right, kind, value),
        None => finding,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    fn wrong(owner: &str) -> String {
        format!("$TTL 60\n@ MX 0 mail\n{owner} TXT \"v=DMARC1; p=reject\"\n")
    }

    #[test]
    fn an_spf_record_with_dmarc_in_it_stays() {
        clean(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 mx ~all v=DMARC1; p=none;\"");
    }

    #[test]
    fn every_usual_place() {
        for owner in [
            "@",
            "dmarc",
            "_dmarc.example.test",
            "dmarc_",
            "__dmarc",
            "-dmarc",
            "_dmark",
            "_damrc",
            "example.test._dmarc",
        ] {
            let found = findings(&RULE, &wrong(owner));
            assert_eq!(found.len(), 1, "{owner}");
            assert_eq!(found[0].publish[0].owner.as_str(), "_dmarc.example.test", "{owner}");
            assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject", "{owner}");
        }
    }

    #[test]
    fn on_live_dns_the_usual_places_are_asked() {
        for owner in ["@", "dmarc", "_dmarc.example.test"] {
            let mut found = Vec::new();
            check(&live_evidence(&wrong(owner), &[]), &mut found);
            assert_eq!(found.len(), 1, "{owner}");
        }
    }

    #[test]
    fn owner_and_text_are_marked() {
        finds(
            &RULE,
            r#"
            @     MX 0 mail
            dmarc TXT "v=DMARC1; p=none"
            ^^^^^     ^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn other_names_and_texts() {
        clean(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=spf1 mx -all"
            @ TXT "dmarc-verification=x"
            dmarc CNAME dashboard.example.org.
            dmarc2 TXT "hello"
            _dmarc.news TXT "v=DMARC1; p=none"
            example.org._report._dmarc TXT "v=DMARC1"
            customer TXT "v=DMARC1; p=none"
            "#,
        );
    }

    #[test]
    fn a_copy_beside_the_right_one() {
        clean(
            &RULE,
            r#"
            @ MX 0 mail
            @ TXT "v=DMARC1; p=none"
            _dmarc TXT "v=DMARC1; p=none"
            "#,
        );
    }
}
