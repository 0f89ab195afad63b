//! The record was published as a CNAME in place of a TXT record.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::rules::dmarc::corrected::corrected;
use crate::rules::dmarc::stray;

pub static RULE: Rule = Rule {
    id: "dmarc-alias-as-record",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10", "RFC 1034 section 3.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "the DMARC record of {domain} is a CNAME",
            here: "a record text, not a name",
            why: "The text of a DMARC record belongs in a TXT record. As the target of a CNAME it is taken for a host name that does not exist, so {domain} has no DMARC.",
            fix: "Delete the CNAME at {name}, and publish the text as a TXT record.",
        },
        es: Prose {
            title: "el registro DMARC de {domain} es un CNAME",
            here: "es el texto de un registro, no un nombre",
            why: "El texto de un registro DMARC va en un registro TXT. Como destino de un CNAME se toma por un nombre de host que no existe, así que {domain} se queda sin DMARC.",
            fix: "Elimine el CNAME de {name} y publique el texto como registro TXT.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードがCNAMEになっています",
            here: "名前ではなくレコードの内容です",
            why: "DMARCレコードの内容はTXTレコードに書きます。CNAMEの参照先に書くと、存在しないホスト名とみなされ、{domain} にはDMARCがない状態になります。",
            fix: "{name} のCNAMEを削除し、この内容をTXTレコードとして公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    if let Some(alias) = own.answer.aliases.first().filter(|alias| stray::holds_record(alias)) {
        let name = &own.answer.question.name;
        let finding = RULE.at([alias.data_span()]).with("domain", &evidence.domain).with("name", name);
        findings.push(match corrected(&text(alias, &evidence.domain)) {
            Some(value) => finding.publish(name, Kind::TXT, value),
            None => finding,
        });
    }
}

/// The target as the text that it was meant as, without the escapes of names.
fn text(alias: &Record, domain: &Name) -> String {
    let written = alias.data_text().trim_end_matches('.').to_owned();
    // Without the final dot the domain was added, behind an address of that very domain.
    let doubled = written.strip_suffix(domain.as_str()).and_then(|text| text.strip_suffix('.'));
    let written = doubled.filter(|text| text.ends_with(domain.as_str())).unwrap_or(&written);
    let mut text = String::new();
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(code) = rest.get(..3).and_then(|digits| digits.parse::<u8>().ok()) {
            text.push(char::from(code));
            rest = &rest[3..];
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_target_is_marked() {
        finds(
            &RULE,
            r#"
            _dmarc CNAME v=DMARC1\;\032p=reject.
                         ^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn as_a_txt_record() {
        let found = findings(&RULE, r#"_dmarc CNAME v=DMARC1\;\032p=reject\;\032rua=mailto:a\@example.test."#);
        assert_eq!(found[0].publish[0].value, "v=DMARC1; p=reject; rua=mailto:a@example.test");
    }

    #[test]
    fn an_alias_of_a_record() {
        clean(
            &RULE,
            r#"
            _dmarc CNAME example.dmarc.example.org.
            example.dmarc.example.org. TXT "v=DMARC1; p=none"
            "#,
        );
    }
}
