//! A selector whose name holds the domain twice.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::misplaced::{self, Slip};

pub static RULE: Rule = Rule {
    id: "dkim-owner-doubled",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1", "RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM record is at {owner}: the domain appears twice",
            here: "the domain was appended",
            why: "Receivers look at `{name}` and find nothing there, so no signature with this selector can be verified. The DNS panel, or the zone file where the final dot is missing, appended the domain to a name that was already complete.",
            fix: "Publish the record at `{name}`: in a panel enter only `{host}`, in a zone file end the name with a dot. Delete the one at the doubled name.",
        },
        es: Prose {
            title: "el registro DKIM está en {owner}: el dominio aparece dos veces",
            here: "se añadió el dominio",
            why: "Los receptores consultan `{name}` y no encuentran nada, de modo que ninguna firma con este selector puede verificarse. El panel DNS, o el archivo de zona si falta el punto final, añadió el dominio a un nombre que ya estaba completo.",
            fix: "Publique el registro en `{name}`: en un panel escriba solo `{host}`; en un archivo de zona termine el nombre con un punto. Elimine el del nombre duplicado.",
        },
        ja: Prose {
            title: "DKIMレコードの名前が {owner} となり、ドメイン名が重複しています",
            here: "ドメイン名が付け足されています",
            why: "受信側は `{name}` を調べますが、そこには何もないため、このセレクターの署名は検証できません。すでに完全な名前に、DNS管理画面(または末尾のドットがないゾーンファイル)がドメイン名を付け足しています。",
            fix: "レコードを `{name}` に公開してください。管理画面では `{host}` だけを入力し、ゾーンファイルでは名前の末尾にドットを付けます。重複した名前のレコードは削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for misplaced in misplaced::all(evidence).into_iter().filter(|misplaced| misplaced.slip == Slip::Doubled) {
        let (record, Some(right)) = (misplaced.record, &misplaced.right) else { continue };
        let host = right.below(&evidence.domain).unwrap_or_default();
        let finding =
            RULE.at([record.owner_span()]).with("owner", &record.owner).with("name", right).with("host", host);
        findings.push(finding.publish(right, record.kind, misplaced.value()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    const ZONE: &str = r#"
        s1._domainkey.example.test TXT "v=DKIM1; p="
        ^^^^^^^^^^^^^^^^^^^^^^^^^^
        "#;

    #[test]
    fn without_the_final_dot() {
        finds(&RULE, ZONE);
        assert_eq!(findings(&RULE, ZONE)[0].publish[0].owner.as_str(), "s1._domainkey.example.test");
    }

    #[test]
    fn seen_from_outside() {
        let zone = "@ MX 0 mail\ns1._domainkey.example.test CNAME key.vendor.test.\n";
        let mut found = Vec::new();
        (RULE.check)(&live_evidence(zone, &["s1"]), &mut found);
        assert_eq!(found[0].publish[0].value, "key.vendor.test");
    }

    #[test]
    fn a_name_with_its_dot_or_a_left_over() {
        clean(&RULE, r#"s1._domainkey.example.test. TXT "v=DKIM1; p=""#);
        clean(&RULE, "s1._domainkey.example.test TXT k\ns1._domainkey TXT k");
    }
}
