//! An owner name that ends in the domain twice.

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::zone::undoubled;
use crate::source::{SourceKind, Span};
use crate::zone::{Data, Record};

pub static RULE: Rule = Rule {
    id: "zone-owner-doubled",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "`{owner}` contains the domain twice",
            here: "the domain is added once more",
            why: "Nobody asks for this name; the record is meant for `{name}` and is not found there. In a zone file, a name without a final dot gets the domain appended; DNS panels do the same.",
            fix: "Write `{label}`, or in a zone file `{name}.` with a dot at the end.",
        },
        es: Prose {
            title: "`{owner}` contiene el dominio dos veces",
            here: "el dominio se añade otra vez",
            why: "Nadie consulta este nombre; el registro es para `{name}` y allí no se encuentra. En un archivo de zona, a un nombre sin punto final se le añade el dominio; los paneles DNS hacen lo mismo.",
            fix: "Escriba `{label}` o, en un archivo de zona, `{name}.` con punto al final.",
        },
        ja: Prose {
            title: "`{owner}` にドメイン名が二重に含まれています",
            here: "ドメイン名がもう一度補われます",
            why: "この名前が問い合わせられることはなく、本来の名前である `{name}` ではレコードが見つかりません。ゾーンファイルでは末尾にドットのない名前の後ろにドメイン名が補われ、DNS管理画面も同じように動作します。",
            fix: "`{label}` と書くか、ゾーンファイルでは末尾にドットを付けて `{name}.` と書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    let mut doubled: BTreeMap<&Name, (Name, Vec<&Record>)> = BTreeMap::new();
    for record in zone.records.iter().filter(|record| !is_of_other_rules(&record.owner)) {
        if let Some(name) = undoubled(&record.owner, &zone.origin) {
            doubled.entry(&record.owner).or_insert((name, Vec::new())).1.push(record);
        }
    }
    for (owner, (name, records)) in doubled {
        let label = name.below(&zone.origin).unwrap_or("@");
        let finding = RULE.at(records.iter().map(|record| record.owner_span()));
        let finding = finding.with("owner", owner).with("name", &name).with("label", label);
        let finding = records.iter().fold(finding, |finding, record| publish(finding, record, &name));
        let dots = places_of_dots(&records, &name).unwrap_or_default();
        findings.push(dots.into_iter().fold(finding, |finding, at| finding.edit(at, ".")));
    }
}

/// DKIM and DMARC have rules that say more.
fn is_of_other_rules(owner: &Name) -> bool {
    owner.labels().any(|label| label == "_domainkey" || label == "_dmarc")
}

/// Behind the owners, where a dot alone makes them the name that was meant. Lines without an owner follow the others.
fn places_of_dots(records: &[&Record], name: &Name) -> Option<Vec<Span>> {
    let written = records.iter().filter(|record| !record.line.owner().is_empty()).map(|record| record.owner_span());
    let is_first = records.first().is_some_and(|record| !record.line.owner().is_empty());
    let is_line = |record: &&Record| record.line.source.kind == SourceKind::File && record.line.elsewhere.is_none();
    let is_meant = |span: &Span| !span.text().ends_with('.') && Name::parse(span.text()).as_ref() == Ok(name);
    let dot = |span: Span| is_meant(&span).then(|| Span { bytes: span.bytes.end..span.bytes.end, ..span });
    (is_first && records.iter().all(is_line)).then(|| written.map(dot).collect()).flatten()
}

fn publish(finding: Finding, record: &Record, name: &Name) -> Finding {
    let value = match &record.data {
        Data::A(address) => address.to_string(),
        Data::Aaaa(address) => address.to_string(),
        Data::Txt(txt) => txt.value.clone(),
        Data::Mx { preference, exchange } => format!("{preference} {exchange}"),
        Data::Cname(target) | Data::Ns(target) => target.to_string(),
        _ => return finding,
    };
    finding.publish(name, record.kind, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_origin_twice() {
        let zone = r#"
            _mta-sts.example.test TXT "v=STSv1; id=1"
            ^^^^^^^^^^^^^^^^^^^^^
            mail.example.test     A 192.0.2.1
            ^^^^^^^^^^^^^^^^^
                                  AAAA 2001:db8::1
                                  ^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].line(), r#"_mta-sts.example.test. IN TXT "v=STSv1; id=1""#);
        assert_eq!(findings(&RULE, "example.test A 192.0.2.1")[0].publish[0].owner.as_str(), "example.test");
    }

    #[test]
    fn names_of_others() {
        clean(&RULE, "mail A 192.0.2.1\nexample.com A 192.0.2.1\nmail.example.test. A 192.0.2.1");
    }

    #[test]
    fn other_rules_speak_of_these() {
        clean(&RULE, "_dmarc.example.test TXT \"v=DMARC1\"\ns._domainkey.example.test TXT \"v=DKIM1\"");
    }
}
