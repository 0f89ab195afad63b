//! A DMARC record at a wildcard name.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dmarc::Dmarc;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dmarc-wildcard",
    severity: Severity::Advice,
    references: &["RFC 4592 section 2.2.1", "RFC 9989 section 4.10"],
    check,
    text: Text {
        en: Prose {
            title: "a DMARC record stands at the wildcard {owner}",
            here: "not where DMARC records belong",
            why: "{effect}",
            fix: "Publish the record at {right} alone, and delete it at {owner}. Subdomains without a record of their own follow that of {domain}.",
        },
        es: Prose {
            title: "hay un registro DMARC en el comodín {owner}",
            here: "aquí no va un registro DMARC",
            why: "{effect}",
            fix: "Publique el registro solo en {right} y elimínelo de {owner}. Los subdominios sin registro propio siguen el de {domain}.",
        },
        ja: Prose {
            title: "ワイルドカード {owner} にDMARCレコードがあります",
            here: "DMARCレコードの置き場所ではありません",
            why: "{effect}",
            fix: "レコードは {right} だけで公開し、{owner} のものは削除してください。専用のレコードを持たないサブドメインには {domain} のレコードが適用されます。",
        },
    },
};

const EVERYWHERE: Words = Words {
    en: "A wildcard answers for every name that does not exist: each subdomain seems to have this record as its own, and other TXT lookups below the domain, as for DKIM keys, get it as well.",
    es: "Un comodín responde por todos los nombres que no existen: cada subdominio parece tener este registro como propio, y también lo obtienen otras consultas TXT por debajo del dominio, como las de claves DKIM.",
    ja: "ワイルドカードは存在しないすべての名前に応答します。どのサブドメインにもこのレコードがあるように見え、DKIMの公開鍵など、このドメイン配下へのほかのTXTの問い合わせにもこのレコードが返ります。",
};
const NOWHERE: Words = Words {
    en: "Receivers look for the record at `_dmarc` itself and never below it, so this one has no effect.",
    es: "Los receptores buscan el registro en el propio `_dmarc` y nunca por debajo, así que este no tiene efecto.",
    ja: "受信側は `_dmarc` 自体を参照し、その下は参照しないため、このレコードは機能しません。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let records = evidence.zone.iter().flat_map(|zone| &zone.records);
    for record in records.filter(|record| record.owner.first_label() == "*") {
        // Whoever takes the reports of others consents by a wildcard, and rightly so.
        let consents = record.owner.labels().any(|label| label == "_report");
        let (Some(above), Some(txt)) = (record.owner.parent(), record.txt()) else { continue };
        if consents || Dmarc::read(txt).is_none() {
            continue;
        }
        let (domain, effect) = match above.first_label() == "_dmarc" {
            true => (above.parent().unwrap_or_else(|| above.clone()), NOWHERE),
            false => (above, EVERYWHERE),
        };
        let finding = RULE.at([record.span()]).with("owner", &record.owner).with("right", format!("_dmarc.{domain}"));
        findings.push(finding.with("domain", &domain).with_words("effect", effect));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn for_all_names_and_for_none() {
        finds(
            &RULE,
            r#"
            * TXT "v=DMARC1; p=reject"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^
            *._dmarc TXT "v=DMARC1; p=reject"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn consent_to_reports_and_other_texts() {
        clean(&RULE, "*._report._dmarc TXT \"v=DMARC1\"\n* TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=none\"");
    }
}
