//! A CNAME beside other records of the same name.

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::rules::Rule;
use crate::zone::Record;

pub static RULE: Rule = Rule {
    id: "zone-alias-with-other-data",
    severity: Severity::Error,
    references: &["RFC 1034 section 3.6.2", "RFC 2181 section 10.1"],
    check,
    text: Text {
        en: Prose {
            title: "{owner} has a CNAME beside other records",
            here: "cannot be together",
            why: "A CNAME says that all records are found at {target}, so no other record may be at the same name. Name servers refuse such a zone or drop one of the records, and resolvers that know the CNAME no longer see MX and TXT records here.",
            fix: "Delete the CNAME of {owner} and write A or AAAA records in its place, or delete the other records.",
        },
        es: Prose {
            title: "{owner} tiene un CNAME junto a otros registros",
            here: "no pueden estar juntos",
            why: "Un CNAME dice que todos los registros están en {target}, por lo que no puede haber ningún otro registro en el mismo nombre. Los servidores de nombres rechazan la zona o descartan uno de los registros, y los servidores DNS resolutores que conocen el CNAME dejan de ver aquí los registros MX y TXT.",
            fix: "Elimine el CNAME de {owner} y escriba en su lugar registros A o AAAA, o elimine los demás registros.",
        },
        ja: Prose {
            title: "{owner} にCNAMEとほかのレコードが併存しています",
            here: "併存できません",
            why: "CNAMEは「すべてのレコードは {target} にある」という意味なので、同じ名前にほかのレコードを置くことはできません。ネームサーバーはゾーンの読み込みを拒否するか一部のレコードを破棄し、CNAMEを覚えたリゾルバーからはMXレコードやTXTレコードが見えなくなります。",
            fix: "{owner} のCNAMEを削除してAまたはAAAAレコードに置き換えるか、ほかのレコードを削除してください。",
        },
    },
};

/// RFC 4034 section 3 and RFC 4035 section 2.5 let RRSIG and NSEC stand beside a CNAME, RFC 2181 section 10.1 their
/// forerunners SIG, KEY and NXT.
const ALLOWED: [Kind; 6] = [Kind::CNAME, Kind(46), Kind(47), Kind(24), Kind(25), Kind(30)];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    let mut aliases: BTreeMap<&Name, Vec<&Record>> = BTreeMap::new();
    for record in zone.records.iter().filter(|record| record.kind == Kind::CNAME) {
        aliases.entry(&record.owner).or_default().push(record);
    }
    for record in zone.records.iter().filter(|record| !ALLOWED.contains(&record.kind)) {
        if let Some(records) = aliases.get_mut(&record.owner) {
            records.push(record);
        }
    }
    for (owner, records) in aliases {
        let Some(target) = records.first().and_then(|alias| alias.target()) else { continue };
        // RFC 1034 section 3.6.2: "If a CNAME RR is present at a node, no other data should be present". The same
        // record twice is one record.
        if records.iter().any(|other| other.kind != Kind::CNAME || other.target() != Some(target)) {
            let finding = RULE.at(records.iter().map(|record| record.span()));
            findings.push(finding.with("owner", owner).with("target", target));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn an_alias_at_the_apex() {
        finds(
            &RULE,
            r#"
            example.test. CNAME example.net.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            example.test. MX 10 mail
            ^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn two_aliases() {
        finds(
            &RULE,
            r#"
            s1._domainkey CNAME one.example.net.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            s1._domainkey CNAME two.example.net.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn signatures_and_repeated_lines() {
        clean(
            &RULE,
            r#"
            www CNAME example.net.
            WWW CNAME example.net.
            www NSEC zzz CNAME RRSIG NSEC
            www RRSIG CNAME 8 3 60 20260101000000 20250101000000 1 example.test. AAAA
            "#,
        );
    }
}
