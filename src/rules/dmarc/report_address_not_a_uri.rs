//! A report address that is no URI: nobody sends reports there.

use std::ops::Range;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dmarc::{Dmarc, ReportUriKind};
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-report-address-not-a-uri",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7", "RFC 6068 section 2"],
    check,
    text: Text {
        en: Prose {
            title: "`{address}` in `{tag}` is not a report address",
            here: "{fault}",
            why: "A report address is written as `mailto:` and the mail address; several are separated by commas. Receivers send no reports to what they cannot read. Mail itself is not affected.",
            fix: "Write each address of `{tag}` as `mailto:name@domain`, with commas between them.",
        },
        es: Prose {
            title: "`{address}` en `{tag}` no es una dirección de informes",
            here: "{fault}",
            why: "Una dirección de informes se escribe `mailto:` seguido de la dirección de correo; si hay varias, se separan con comas. Los receptores no envían informes a lo que no pueden leer. El correo en sí no se ve afectado.",
            fix: "Escriba cada dirección de `{tag}` como `mailto:nombre@dominio`, separadas por comas.",
        },
        ja: Prose {
            title: "`{tag}` の `{address}` はレポートの送り先として読めません",
            here: "{fault}",
            why: "レポートの送り先は `mailto:` に続けてメールアドレスを書き、複数ある場合はカンマで区切ります。読み取れないアドレスにはレポートが送られません。メール自体への影響はありません。",
            fix: "`{tag}` の各アドレスを `mailto:名前@ドメイン` の形で、カンマで区切って書いてください。",
        },
    },
};

const EMPTY: Words = Words { en: "no address", es: "sin dirección", ja: "アドレスがありません" };
const SEMICOLON: Words = Words {
    en: "cut off by a semicolon: a comma belongs there",
    es: "separada por un punto y coma: debe ser una coma",
    ja: "セミコロンで切れています(カンマが必要です)",
};
const BLANK: Words = Words { en: "a comma is missing", es: "falta una coma", ja: "カンマがありません" };
const BRACKETS: Words =
    Words { en: "`<` and `>` do not belong here", es: "`<` y `>` no van aquí", ja: "`<` と `>` は不要です" };
const BARE: Words = Words { en: "`mailto:` is missing", es: "falta `mailto:`", ja: "`mailto:` がありません" };
const SLASHES: Words = Words {
    en: "no slashes after `mailto:`",
    es: "sin barras tras `mailto:`",
    ja: "`mailto:` の後のスラッシュは不要です",
};
const SCHEME: Words = Words { en: "not `mailto:`", es: "no es `mailto:`", ja: "`mailto:` ではありません" };
const ADDRESS: Words =
    Words {
        en: "not a mail address", es: "no es una dirección de correo", ja: "メールアドレスではありません"
    };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for (part, tag, fault) in broken(applied.dmarc) {
        let address = applied.text(part.clone()).to_owned();
        let finding = applied.at(&RULE, part).with("address", address).with("tag", tag).with_words("fault", fault);
        findings.push(applied.correct(finding));
    }
}

fn broken(dmarc: &Dmarc) -> Vec<(Range<usize>, &'static str, Words)> {
    let mut found = Vec::new();
    for name in ["rua", "ruf"] {
        for uri in dmarc.report_uris(name).into_iter().filter(|uri| uri.kind == ReportUriKind::Broken) {
            if !faults::explain(dmarc, &uri.range) {
                let words = fault(&dmarc.txt.value[uri.range.clone()]);
                found.push((place(dmarc, name, uri.range), name, words));
            }
        }
    }
    let cut_off = faults::loose_addresses(dmarc).into_iter();
    found.extend(cut_off.filter(|(part, _)| !faults::explain(dmarc, part)).map(|(part, tag)| (part, tag, SEMICOLON)));
    found
}

/// An address that is not there is pointed to by its tag.
fn place(dmarc: &Dmarc, tag: &str, address: Range<usize>) -> Range<usize> {
    match dmarc.tags.find(tag) {
        Some(tag) if address.is_empty() => tag.range.clone(),
        _ => address,
    }
}

fn fault(address: &str) -> Words {
    match address.split_once(':') {
        _ if address.is_empty() => EMPTY,
        _ if address.contains([' ', '\t']) => BLANK,
        _ if address.contains(['<', '>']) => BRACKETS,
        None if address.contains('@') => BARE,
        None => ADDRESS,
        Some((scheme, _)) if !scheme.eq_ignore_ascii_case("mailto") => SCHEME,
        Some((_, rest)) if rest.starts_with('/') => SLASHES,
        Some(_) => ADDRESS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn each_is_marked() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test,c@d.test,malto:a@b.test,mailto:x; ruf="
                                                              ^^^^^^^^ ^^^^^^^^^^^^^^ ^^^^^^^^  ^^^^
            "#,
        );
    }

    #[test]
    fn semicolons_and_blanks_between() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test mailto:c@d.test;e@f.test"
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ^^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for rua in ["<mailto:a@b.test>", "mailto:<a@b.test>", "mailto://a@b.test", "a@b.test", "mail:a@b.test"] {
            let found = findings(&RULE, &format!("_dmarc TXT \"v=DMARC1; p=none; rua={rua}\""));
            assert_eq!(found[0].publish[0].value, "v=DMARC1; p=none; rua=mailto:a@b.test", "{rua}");
        }
        let unknown = findings(&RULE, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:dmarc@<domain>\"");
        assert!(unknown[0].publish.is_empty());
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v=DMARC1; p=none; rua= mailto:a@b.test , mailto:re+1x@d.test!10m"#,
            r#"v=DMARC1; p=none; rua=https://b.test/"#,
            r#"v=DMARC1; p=none; ruf=mailto:a_b@c_d.test."#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}
