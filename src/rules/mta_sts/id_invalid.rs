//! An `id` with characters that it must not have, or of the wrong length.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Kind;
use crate::records::mta_sts::is_id;
use crate::records::replaced;
use crate::rules::Rule;
use crate::rules::mta_sts::{is_zone_slip, owner};

pub static RULE: Rule = Rule {
    id: "mta-sts-id-invalid",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the `id` in the MTA-STS record of {domain} is not valid: {fault}",
            here: "not a valid id",
            why: "The `id` must be 1 to 32 letters and digits, without hyphens, dots or blanks. With any other the record is not valid, and senders act as if {domain} had no MTA-STS.",
            fix: "Write an `id` of up to 32 letters and digits, such as `20261121T120000`.",
        },
        es: Prose {
            title: "el `id` del registro MTA-STS de {domain} no es válido: {fault}",
            here: "no es un id válido",
            why: "El `id` debe tener de 1 a 32 letras y cifras, sin guiones, puntos ni espacios. Con cualquier otro, el registro no es válido y los servidores remitentes actúan como si {domain} no tuviera MTA-STS.",
            fix: "Escriba un `id` de hasta 32 letras y cifras, como `20261121T120000`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSレコードの `id` が正しくありません: {fault}",
            here: "`id` として正しくありません",
            why: "`id` は半角英数字1〜32文字で、ハイフン、ドット、空白は使えません。それ以外ではレコードが無効になり、{domain} にはMTA-STSがないものとして扱われます。",
            fix: "32文字までの半角英数字で `id` を書いてください(例: `20261121T120000`)。",
        },
    },
};

const EMPTY: Words = Words { en: "it is empty", es: "está vacío", ja: "空です" };
const LONG: Words =
    Words {
        en: "it has more than 32 characters", es: "tiene más de 32 caracteres", ja: "32文字を超えています"
    };
const CHARACTER: Words = Words {
    en: "it holds a character other than letters and digits",
    es: "contiene un carácter que no es letra ni cifra",
    ja: "英数字以外の文字があります",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let sts = &evidence.mta_sts.record;
    for record in sts.found.iter().filter(|record| !is_zone_slip(&record.txt)) {
        let Some(tag) = record.id().filter(|tag| !is_id(record.tags.value_of(tag))) else { continue };
        let (id, place) = (record.tags.value_of(tag), record.tags.value_range(tag));
        let finding = RULE.at(record.txt.spans(place.clone())).with("domain", &evidence.domain);
        let finding = finding.with_words("fault", fault(id));
        // An id says nothing but "new": without the characters at fault it is as good.
        let letters: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        findings.push(match owner(&sts.answer).filter(|_| is_id(&letters)) {
            Some(owner) => finding.publish(owner, Kind::TXT, replaced(&record.txt.value, &place, &letters)),
            None => finding,
        });
    }
}

fn fault(id: &str) -> Words {
    match id {
        "" => EMPTY,
        _ if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => LONG,
        _ => CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn characters() {
        finds(
            &RULE,
            r#"
            @        MX  0 mail
            _mta-sts TXT "v=STSv1; id=2026-11-21;"
                                      ^^^^^^^^^^
            "#,
        );
        for id in ["2026-11-21", "20261121 ", "2026.1121", "2026 1121"] {
            let found = findings(&RULE, &format!("@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id={id};\""));
            match id.ends_with(' ') {
                true => assert!(found.is_empty(), "blanks around it do no harm"),
                false => assert_eq!(found[0].publish[0].value, "v=STSv1; id=20261121;", "{id}"),
            }
        }
    }

    #[test]
    fn lengths() {
        for (id, count) in [(String::new(), 1), ("a".repeat(32), 0), ("a".repeat(33), 1)] {
            let found = findings(&RULE, &format!("@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id={id}\""));
            assert_eq!(found.len(), count, "{id}");
            assert!(found.iter().all(|finding| finding.publish.is_empty()));
        }
    }

    #[test]
    fn right_ids() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=20261121T000000Z\"");
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1;\"");
    }
}
