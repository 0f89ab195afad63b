//! A provider signs under several fixed selectors in turn, and some of them are missing.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::missing_fixed_unexplained;
use crate::rules::dkim::provider_selector_missing::{finding, fixed};

pub static RULE: Rule = Rule {
    id: "dkim-provider-selector-incomplete",
    severity: Severity::Warning,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "one of the DKIM records of {provider} is missing: {missing}",
            here: "nothing here",
            why: "{provider} rotates keys by switching from one of its names to the other. Signing cannot be turned on unless all of them exist; where it is already on, signatures fail from the next rotation on.",
            fix: "Publish a CNAME record for each of {missing}. The target for `{selector}` has this form: {forms}. {copy}",
        },
        es: Prose {
            title: "falta uno de los registros DKIM de {provider}: {missing}",
            here: "aquí no hay nada",
            why: "{provider} cambia de clave pasando de uno de sus nombres al otro. La firma no puede activarse si falta alguno y, donde ya está activa, las firmas fallarán a partir del próximo cambio de clave.",
            fix: "Publique un registro CNAME para cada uno de estos nombres: {missing}. El destino de `{selector}` tiene esta forma: {forms}. {copy}",
        },
        ja: Prose {
            title: "{provider} のDKIMレコードの一部がありません: {missing}",
            here: "ここにレコードがありません",
            why: "{provider} は2つの名前を交互に切り替えて鍵を更新します。すべての名前がそろわないと署名を有効にできず、すでに有効な場合も、次の鍵の更新から署名の検証に失敗します。",
            fix: "{missing} のそれぞれにCNAMEレコードを公開してください。`{selector}` の値は次の形です: {forms}。{copy}",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (provider, missing) in missing_fixed_unexplained(evidence) {
        // Of others nobody knows that they use more than those that are there.
        if missing.len() < fixed(provider) && provider.needs_all_selectors {
            findings.push(finding(&RULE, evidence, provider, &missing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const MX: &str = "@ MX 0 example-test.mail.protection.outlook.com.";

    #[test]
    fn one_of_two() {
        let there = "selector2._domainkey CNAME selector2-example-test._domainkey.x.onmicrosoft.com.";
        finds(&RULE, &format!("{MX}\n{there}\n?"));
    }

    #[test]
    fn none_or_enough() {
        clean(&RULE, MX);
        clean(&RULE, "@ MX 10 aspmx1.migadu.com.\nkey1._domainkey TXT \"v=DKIM1; p=AAAA\"");
    }
}
