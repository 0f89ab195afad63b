//! A report address out of instructions, which was not filled in.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::records::dmarc::ReportUriKind;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;
use crate::rules::zone::placeholder;

pub static RULE: Rule = Rule {
    id: "dmarc-report-address-placeholder",
    severity: Severity::Warning,
    references: &["RFC 2606 section 3", "RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{address}` in `{tag}` is a placeholder",
            here: "not filled in",
            why: "The address was copied out of instructions, where its domain stands for your own. Reports about mail of {domain} do not reach you; mail itself is not affected.",
            fix: "Write an address at which you read reports, such as `mailto:dmarc@{domain}`, or delete the address.",
        },
        es: Prose {
            title: "`{address}` en `{tag}` es un texto de ejemplo",
            here: "sin rellenar",
            why: "La dirección se copió de unas instrucciones, donde el dominio es solo un ejemplo que había que sustituir por el propio. Los informes sobre el correo de {domain} no le llegan; el correo en sí no se ve afectado.",
            fix: "Escriba una dirección en la que usted lea los informes, por ejemplo `mailto:dmarc@{domain}`, o elimine la dirección.",
        },
        ja: Prose {
            title: "`{tag}` の `{address}` は記入例のままです",
            here: "記入されていません",
            why: "手順書の例にあるアドレスで、ドメインはお使いのものに置き換える必要があります。{domain} のメールに関するレポートはお手元に届きません。メール自体への影響はありません。",
            fix: "`mailto:dmarc@{domain}` のように、レポートを読めるアドレスを書くか、このアドレスを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for tag in ["rua", "ruf"] {
        for uri in applied.dmarc.report_uris(tag) {
            let ReportUriKind::Mail { domain, .. } = &uri.kind else { continue };
            if Name::parse(domain).is_ok_and(|name| placeholder::is_in(&name, &evidence.domain)) {
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
    fn addresses_of_instructions() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=none; rua=mailto:a@example.test,mailto:dmarc@yourdomain.com; ruf=mailto:a@tudominio.com"
                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^      ^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn addresses_in_use() {
        clean(
            &RULE,
            r#"_dmarc TXT "v=DMARC1; p=none; rua=mailto:a@example.test,mailto:x@rua.example.net; ruf=mailto:a@<domain>""#,
        );
    }
}
