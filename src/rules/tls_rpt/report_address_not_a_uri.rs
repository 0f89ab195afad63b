//! An address in `rua` that is no URI: nobody sends reports there.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::tls_rpt::DestinationKind;
use crate::rules::Rule;
use crate::rules::tls_rpt::record::Applied;

pub static RULE: Rule = Rule {
    id: "tls-rpt-report-address-not-a-uri",
    severity: Severity::Warning,
    references: &["RFC 8460 section 3", "RFC 6068 section 2"],
    check,
    text: Text {
        en: Prose {
            title: "`{address}` in the TLS-RPT record of {domain} is not a report address",
            here: "{fault}",
            why: "An address in `rua` is written `mailto:name@domain` or `https://…`, with commas between several. Senders send no reports to what they cannot read. Mail itself is not affected.",
            fix: "Write `mailto:` before each mail address, and commas between several.",
        },
        es: Prose {
            title: "`{address}` en el registro TLS-RPT de {domain} no es una dirección de informes",
            here: "{fault}",
            why: "Una dirección de `rua` se escribe `mailto:nombre@dominio` o `https://…`; si hay varias, se separan con comas. Los servidores remitentes no envían informes a direcciones que no entienden. El correo en sí no se ve afectado.",
            fix: "Escriba `mailto:` delante de cada dirección de correo y, si hay varias, sepárelas con comas.",
        },
        ja: Prose {
            title: "{domain} のTLS-RPTレコードの `{address}` はレポートの送り先として読めません",
            here: "{fault}",
            why: "`rua` の送り先は `mailto:名前@ドメイン` または `https://…` の形で、複数ある場合はカンマ区切りで書きます。読み取れない送り先にはレポートが送られません。メール自体への影響はありません。",
            fix: "各メールアドレスの前に `mailto:` を付け、複数ある場合はカンマで区切ってください。",
        },
    },
};

const BLANK: Words = Words { en: "a comma is missing", es: "falta una coma", ja: "カンマがありません" };
const BARE: Words = Words { en: "`mailto:` is missing", es: "falta `mailto:`", ja: "`mailto:` がありません" };
const UNREADABLE: Words = Words {
    en: "neither `mailto:` with an address nor `https://`",
    es: "ni `mailto:` con una dirección ni `https://`",
    ja: "`mailto:` とアドレスでも `https://` でもありません",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let destinations = applied.record.destinations();
    for destination in destinations.into_iter().filter(|destination| destination.kind == DestinationKind::Broken) {
        let address = applied.text(destination.range.clone()).to_owned();
        let fault = fault(&address);
        let finding = applied.at(&RULE, destination.range).with("address", address).with_words("fault", fault);
        findings.push(applied.correct(finding));
    }
}

fn fault(address: &str) -> Words {
    match address {
        _ if address.contains([' ', '\t']) => BLANK,
        _ if address.contains('@') && !address.contains(':') => BARE,
        _ => UNREADABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn mailto_is_missing() {
        finds(
            &RULE,
            r#"
            _smtp._tls TXT "v=TLSRPTv1; rua=tlsrpt@example.test,mailto:"
                                            ^^^^^^^^^^^^^^^^^^^
                                                                ^^^^^^^
            "#,
        );
    }

    #[test]
    fn the_record_is_mended() {
        for value in [
            "v=TLSRPTv1;rua=a@b.test;",
            "v=TLSRPTv1; rua=mailto:a@b.test mailto:a@b.test",
            "v=TLSRPTv1; rua=malto:a@b.test",
        ] {
            let found = findings(&RULE, &format!("_smtp._tls TXT \"{value}\""));
            assert_eq!(found[0].publish[0].value, "v=TLSRPTv1; rua=mailto:a@b.test");
        }
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in
            ["v=TLSRPTv1; rua=MAILTO:a@example.test, https://example.test/", "v=TLSRPTv1; rua=http://example.test/"]
        {
            clean(&RULE, &format!("_smtp._tls TXT \"{value}\""));
        }
    }
}
