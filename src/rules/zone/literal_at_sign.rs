//! A name with a label `@`: the sign that panels use for the domain itself was taken literally.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::zone::Data;

pub static RULE: Rule = Rule {
    id: "zone-literal-at-sign",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "there is a record at the name `{owner}`, with a literal `@`",
            here: "`@` became part of the name",
            why: "`@` means the domain itself only where it stands alone in the name field of a zone file or panel. Here it is a character of the name like any other: nobody asks for this name, so the record has no effect.",
            fix: "Move the record to `{name}`.",
        },
        es: Prose {
            title: "hay un registro en el nombre `{owner}`, que contiene una `@` literal",
            here: "`@` pasó a formar parte del nombre",
            why: "`@` significa el propio dominio solo cuando está sola en el campo de nombre de un archivo de zona o de un panel. Aquí es un carácter más del nombre: nadie consulta este nombre y el registro no tiene ningún efecto.",
            fix: "Traslade el registro a `{name}`.",
        },
        ja: Prose {
            title: "`@` が文字のまま入った名前 `{owner}` にレコードがあります",
            here: "`@` が名前の一部になっています",
            why: "`@` がドメイン自身を表すのは、ゾーンファイルや管理画面の名前欄に単独で書いたときだけです。ここでは名前の中の普通の文字として扱われており、この名前が問い合わせられることはないため、レコードは機能しません。",
            fix: "レコードを `{name}` に移してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for record in &zone.records {
        let labels: Vec<&str> = record.owner.labels().filter(|label| *label != "@").collect();
        if labels.len() == record.owner.labels().count() {
            continue;
        }
        let Ok(name) = Name::parse(&labels.join(".")) else { continue };
        let finding = RULE.at([record.owner_span()]).with("owner", &record.owner).with("name", &name);
        findings.push(match &record.data {
            Data::Txt(txt) => finding.publish(&name, record.kind, &txt.value),
            Data::Cname(target) => finding.publish(&name, record.kind, target.as_str()),
            _ => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_label() {
        let zone = r#"
            \@              TXT "v=spf1 -all"
            ^^
            @.example.test. MX 0 mail
            ^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].line(), "example.test. IN TXT \"v=spf1 -all\"");
    }

    #[test]
    fn behind_other_labels() {
        let zone = r#"
            _dmarc.@               TXT   "v=DMARC1; p=none"
            ^^^^^^^^
            selector1._domainkey.@ CNAME selector1-example-test._domainkey.x.onmicrosoft.com.
            ^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let owners = findings(&RULE, zone).into_iter().map(|finding| finding.publish[0].owner.to_string());
        assert_eq!(owners.collect::<Vec<_>>(), ["_dmarc.example.test", "selector1._domainkey.example.test"]);
    }

    #[test]
    fn the_sign_alone() {
        clean(&RULE, "@ TXT \"v=spf1 -all\"\n@ SOA ns admin\\@example.test. 1 2 3 4 5");
    }
}
