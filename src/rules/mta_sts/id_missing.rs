//! An MTA-STS record without `id`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::mta_sts::owner;

pub static RULE: Rule = Rule {
    id: "mta-sts-id-missing",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS record of {domain} has no `id`",
            here: "`id` is missing",
            why: "The `id` tells senders whether they must fetch the policy anew. A record without it is not valid, and they act as if {domain} had no MTA-STS.",
            fix: "Add `id=` with 1 to 32 letters and digits, in small letters and behind a semicolon; the time of the last change is usual: `v=STSv1; id=20261121T120000;`.",
        },
        es: Prose {
            title: "el registro MTA-STS de {domain} no tiene `id`",
            here: "falta `id`",
            why: "El `id` indica a los servidores remitentes si deben volver a descargar la política. Un registro sin él no es válido, y los servidores actúan como si {domain} no tuviera MTA-STS.",
            fix: "Añada `id=` con 1 a 32 letras y cifras, en minúsculas y tras un punto y coma; lo habitual es la hora del último cambio: `v=STSv1; id=20261121T120000;`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSレコードに `id` がありません",
            here: "`id` がありません",
            why: "送信側は `id` を見て、ポリシーを取得し直すかどうかを決めます。`id` のないレコードは無効で、{domain} にはMTA-STSがないものとして扱われます。",
            fix: "セミコロンの後に小文字で `id=` と、半角英数字1〜32文字を追加してください。最終変更日時を使うのが一般的です(例: `v=STSv1; id=20261121T120000;`)。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let sts = &evidence.mta_sts.record;
    for record in sts.found.iter().filter(|record| record.id().is_none()) {
        // `%s"id="`: the case counts.
        let miswritten = record.tags.all("id").next();
        let place = miswritten.map_or(0..record.txt.value.len(), |tag| tag.name.clone());
        let finding = RULE.at(record.txt.spans(place.clone())).with("domain", &evidence.domain);
        findings.push(match owner(&sts.answer).filter(|_| miswritten.is_some()) {
            Some(owner) => finding.publish(owner, Kind::TXT, replaced(&record.txt.value, &place, "id")),
            None => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn without_and_in_capitals() {
        finds(
            &RULE,
            r#"
            @        MX  0 mail
            _mta-sts TXT "v=STSv1;"
                          ^^^^^^^^
            "#,
        );
        let zone = "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; ID=1;\"";
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=STSv1; id=1;");
    }

    #[test]
    fn with_one() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; x=y; id=1\"");
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=\"");
    }
}
