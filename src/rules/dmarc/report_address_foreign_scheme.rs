//! A report address that is a URI of another scheme than `mailto`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::ReportUriKind;
use crate::rules::Rule;
use crate::rules::dmarc::faults;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-report-address-foreign-scheme",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "reports cannot be sent to `{address}`",
            here: "not a `mailto:` address",
            why: "Receivers need to support `mailto:` only, and send nothing to other URIs. Mail itself is not affected.",
            fix: "Name a mail address in `{tag}`, with `mailto:` before it.",
        },
        es: Prose {
            title: "no se pueden enviar informes a `{address}`",
            here: "no es una dirección `mailto:`",
            why: "Los receptores solo están obligados a admitir `mailto:` y no envían nada a otros URI. El correo en sí no se ve afectado.",
            fix: "Indique en `{tag}` una dirección de correo precedida de `mailto:`.",
        },
        ja: Prose {
            title: "`{address}` にはレポートを送れません",
            here: "`mailto:` のアドレスではありません",
            why: "受信側に対応が義務づけられているのは `mailto:` だけで、ほかのURIには送られません。メール自体への影響はありません。",
            fix: "`{tag}` には `mailto:` を付けたメールアドレスを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for tag in ["rua", "ruf"] {
        for uri in applied.dmarc.report_uris(tag).into_iter().filter(|uri| uri.kind == ReportUriKind::Other) {
            if !faults::explain(applied.dmarc, &uri.range) {
                let address = applied.text(uri.range.clone()).to_owned();
                findings.push(applied.at(&RULE, uri.range).with("address", address).with("tag", tag));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_web_address() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@b.test,https://b.test/"
                                                              ^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=none; rua=MAILTO:a@b.test"#, r#"v=DMARC1; p=none; rua=malto:a@b.test"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}
