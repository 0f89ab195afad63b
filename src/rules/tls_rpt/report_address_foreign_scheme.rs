//! An address in `rua` of another scheme than `mailto` and `https`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::tls_rpt::DestinationKind;
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;

pub static RULE: Rule = Rule {
    id: "tls-rpt-report-address-foreign-scheme",
    severity: Severity::Warning,
    references: &["RFC 8460 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "TLS reports cannot be sent to `{address}`",
            here: "neither `mailto:` nor `https:`",
            why: "Senders send their reports by mail or over `https`, and to no other address. The address `{address}` in the record of {domain} gets none. Mail itself is not affected.",
            fix: "Name an `https://` URL that takes reports, or a mail address with `mailto:` before it.",
        },
        es: Prose {
            title: "no se pueden enviar informes TLS a `{address}`",
            here: "ni `mailto:` ni `https:`",
            why: "Los servidores remitentes envían sus informes por correo o por `https`, y a ninguna otra dirección. La dirección `{address}` del registro de {domain} no recibe ninguno. El correo en sí no se ve afectado.",
            fix: "Indique una URL `https://` que acepte informes o una dirección de correo precedida de `mailto:`.",
        },
        ja: Prose {
            title: "`{address}` にはTLSレポートを送れません",
            here: "`mailto:` でも `https:` でもありません",
            why: "送信側はレポートをメールか `https` でのみ送ります。{domain} のレコードにある `{address}` には届きません。メール自体への影響はありません。",
            fix: "レポートを受け付ける `https://` のURLか、`mailto:` を付けたメールアドレスを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let destinations = applied.record.destinations();
    // RFC 8460 section 3: "Two URI schemes are supported: "mailto" and "https"."
    for destination in destinations.into_iter().filter(|destination| destination.kind == DestinationKind::Foreign) {
        let address = applied.text(destination.range.clone()).to_owned();
        findings.push(applied.at(&RULE, destination.range).with("address", address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn without_encryption() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.test,http://example.test/v1"
                                                                  ^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in ["v=TLSRPTv1; rua=HTTPS://example.test/", "v=TLSRPTv1; rua=a@example.test"] {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}
