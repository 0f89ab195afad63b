//! `_dmarc` is an alias of a name without a DMARC record.

use crate::dns::Record;
use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::{record, stray};

pub static RULE: Rule = Rule {
    id: "dmarc-alias-dangling",
    severity: Severity::Error,
    references: &["RFC 9989 section 4.10"],
    check,
    text: Text {
        en: Prose {
            title: "{name} leads to {target}, where there is no DMARC record",
            here: "leads to no record",
            why: "Receivers follow the CNAME and find no DMARC record at its end, so {domain} has no DMARC.",
            fix: "Ask the service behind {target} for the right name, or delete the CNAME and publish a TXT record of your own.",
        },
        es: Prose {
            title: "{name} lleva a {target}, donde no hay ningún registro DMARC",
            here: "no lleva a ningún registro",
            why: "Los receptores siguen el CNAME y no encuentran ningún registro DMARC al final, así que {domain} se queda sin DMARC.",
            fix: "Pida el nombre correcto al servicio de {target}, o elimine el CNAME y publique un registro TXT propio.",
        },
        ja: Prose {
            title: "{name} の参照先 {target} にDMARCレコードがありません",
            here: "参照先にレコードがありません",
            why: "受信側がCNAMEをたどってもDMARCレコードが見つからないため、{domain} にはDMARCがない状態です。",
            fix: "{target} のサービスに正しい名前を確認するか、CNAMEを削除して自分のTXTレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(own) = evidence.dmarc.first() else { return };
    if let Some(alias) = dangling(evidence) {
        let finding = RULE.at([alias.data_span()]).with("domain", &evidence.domain);
        findings.push(finding.with("name", &own.answer.question.name).with("target", own.answer.final_name()));
    }
}

/// The alias at `_dmarc` that leads to no record, where none of a domain above applies either.
pub(super) fn dangling(evidence: &Evidence) -> Option<&Record> {
    let own = evidence.dmarc.first().filter(|_| matches!(dmarc::policy(evidence), PolicyFound::Missing))?;
    let alias = own.answer.aliases.first().filter(|alias| !stray::holds_record(alias))?;
    // An alias that a wildcard makes for all names is not meant for DMARC.
    let meant = own.answer.aliases.iter().filter_map(Record::target).any(|target| target.as_str().contains("dmarc"));
    (meant && record::failed_texts(own).is_empty()).then_some(alias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_record_at_its_end() {
        finds(
            &RULE,
            r#"
            _dmarc CNAME example.dmarc.example.org.
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_wildcard_is_not_meant() {
        clean(
            &RULE,
            r#"
            * CNAME www
            www A 192.0.2.1
            @ MX 0 mail
            "#,
        );
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n_dmarc CNAME x.dmarc.example.org.\n")[0], &mut found);
        assert!(found.is_empty());
    }
}
