//! A key record or its alias at a name where no receiver looks.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::misplaced::{self, Slip};

pub static RULE: Rule = Rule {
    id: "dkim-owner-typo",
    severity: Severity::Error,
    references: &["RFC 6376 section 3.6.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "there is a DKIM record at {owner}, where no receiver looks",
            here: "it belongs at {name}",
            why: "DKIM keys are looked up at `selector._domainkey.domain` and nowhere else. For receivers this record does not exist, and signatures with its selector fail.",
            fix: "Publish it at `{name}` and delete it here.",
        },
        es: Prose {
            title: "hay un registro DKIM en {owner}, donde ningún receptor lo busca",
            here: "su sitio es {name}",
            why: "Las claves DKIM se buscan en `selector._domainkey.dominio` y en ningún otro sitio. Para los receptores este registro no existe, y las firmas con su selector fallan.",
            fix: "Publíquelo en `{name}` y elimínelo de aquí.",
        },
        ja: Prose {
            title: "DKIMレコードが、受信側の見ない名前 {owner} に置かれています",
            here: "正しい場所は {name} です",
            why: "DKIMの鍵は `セレクター._domainkey.ドメイン` だけで検索されます。受信側から見るとこのレコードは存在せず、このセレクターの署名は検証に失敗します。",
            fix: "レコードを `{name}` に公開し、ここからは削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for misplaced in misplaced::all(evidence).into_iter().filter(|misplaced| misplaced.slip != Slip::Doubled) {
        let record = misplaced.record;
        let finding = RULE.at([record.owner_span()]).with("owner", &record.owner);
        findings.push(match &misplaced.right {
            Some(right) => finding.with("name", right).publish(right, record.kind, misplaced.value()),
            None => finding.with("name", format_args!("<selector>._domainkey.{}", evidence.domain)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::ED25519;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn aliases_of_microsoft_365() {
        for owner in [
            "selector1",
            "selector1.domainkey",
            "selector1._domainkeys",
            "selecter1._domainkey",
            "_domainkey.selector1",
        ] {
            let carets = "^".repeat(owner.len());
            let mx = "@ MX 0 example-test.mail.protection.outlook.com.";
            let zone = format!("{mx}\n{owner} CNAME selector1-example-test._domainkey.x.onmicrosoft.com.\n{carets}");
            finds(&RULE, &zone);
            assert_eq!(findings(&RULE, &zone)[0].publish[0].owner.as_str(), "selector1._domainkey.example.test");
        }
    }

    #[test]
    fn keys_without_a_selector() {
        let key = format!("TXT \"k=ed25519; p={ED25519}\"");
        finds(&RULE, &format!("@ MX 0 mail\nexample.test. {key}\n^^^^^^^^^^^^^"));
        finds(&RULE, &format!("@ MX 0 mail\n_domainkey {key}\n^^^^^^^^^^"));
    }

    #[test]
    fn a_copy_of_a_key_that_is_published() {
        let key = format!("TXT \"k=ed25519; p={ED25519}\"");
        clean(&RULE, &format!("@ MX 0 mail\n@ {key}\ns1._domainkey {key}"));
    }

    #[test]
    fn right_names_policies_and_what_aliases_lead_to() {
        clean(&RULE, "@ MX 0 mail\ns1._domainkey CNAME s1.domainkey.u1.vendor.test.");
        clean(&RULE, "@ MX 0 mail\n_domainkey TXT \"o=~\"\n@ TXT \"v=DKIM1; p=\"");
        clean(&RULE, &format!("customer-test.keys TXT \"v=DKIM1; k=ed25519; p={ED25519}\""));
        clean(&RULE, &format!("* TXT \"v=DKIM1; k=ed25519; p={ED25519}\"\ns1._domainkey TXT \"p=\""));
    }
}
