//! Quotation marks or blanks that became part of a host name.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-quoted",
    severity: Severity::Error,
    references: &["RFC 5321 section 2.3.5", "RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the host name of an MX record of {domain} contains a quotation mark or a space",
            here: "part of the name",
            why: "The character is stored as part of the name `{host}`. Senders look up that name, find no host, and no mail arrives through this record.",
            fix: "Write the host name without quotation marks and spaces.",
        },
        es: Prose {
            title: "el nombre del servidor en un registro MX de {domain} contiene comillas o un espacio",
            here: "forma parte del nombre",
            why: "El carácter se guarda como parte del nombre `{host}`. Quien envía busca ese nombre, no encuentra ningún servidor, y por este registro no llega ningún correo.",
            fix: "Escriba el nombre del servidor sin comillas ni espacios.",
        },
        ja: Prose {
            title: "{domain} のMXレコードのホスト名に引用符または空白が含まれています",
            here: "名前の一部になっています",
            why: "引用符や空白が名前の一部として登録され、`{host}` という名前になっています。送信側はこの名前のホストを見つけられず、このレコードではメールがまったく届きません。",
            fix: "引用符や空白を付けずにホスト名を書いてください。",
        },
    },
};

/// Marks as a [`Name`] writes them: `"`, blank, tab, and the UTF-8 of the no-break space and of “ and ”.
const MARKS: [&str; 8] = ["\\\"", "\\032", "\\009", "\\194\\160", "\\226\\128\\156", "\\226\\128\\157", "'", "`"];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in &evidence.mx.found {
        let Some(name) = unquoted(&host.exchange) else { continue };
        let finding = RULE.at([host.record.field_span(1)]).with("domain", &evidence.domain);
        let value = format!("{} {name}", host.preference);
        findings.push(finding.with("host", &host.exchange).publish(&evidence.domain, Kind::MX, value));
    }
}

/// The host name that is meant, if there is a mark in it: what stands before or between the marks. Behind the last
/// one there can only be the origin, which a zone file puts behind a name without a final dot.
pub(super) fn unquoted(exchange: &Name) -> Option<Name> {
    let text = exchange.as_str();
    let mut parts = vec![text];
    for mark in MARKS {
        parts = parts.into_iter().flat_map(|part| part.split(mark)).collect();
    }
    let meant = parts.iter().map(|part| part.trim_matches('.')).find(|part| !part.is_empty())?;
    if parts.len() > 1 { Name::parse(meant).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn marks_in_the_name() {
        let zone = r#"
            example.test. MX 10 \"mail.example.net\".
                                ^^^^^^^^^^^^^^^^^^^^^
            @             MX 20 \"mail.example.net.\"
                                ^^^^^^^^^^^^^^^^^^^^^
            @             MX 30 mail.example.net\032.
                                ^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let values: Vec<String> =
            findings(&RULE, zone).into_iter().map(|finding| finding.publish[0].value.clone()).collect();
        assert_eq!(values, ["10 mail.example.net", "20 mail.example.net", "30 mail.example.net"]);
    }

    #[test]
    fn no_marks() {
        clean(&RULE, "@ MX 10 mail.example.net.\n@ MX 0 .");
    }
}
