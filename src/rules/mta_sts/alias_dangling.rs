//! `_mta-sts` is an alias of a name without an MTA-STS record.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mta-sts-alias-dangling",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.1", "RFC 8461 section 8.2"],
    check,
    text: Text {
        en: Prose {
            title: "{name} leads to {target}, where there is no MTA-STS record",
            here: "leads to no record",
            why: "Senders follow the CNAME and find no MTA-STS record at its end, so {domain} has no MTA-STS and nothing forces TLS.",
            fix: "Ask the service behind {target} for the right name, or delete the CNAME and publish a TXT record of your own.",
        },
        es: Prose {
            title: "{name} lleva a {target}, donde no hay ningún registro MTA-STS",
            here: "no lleva a ningún registro",
            why: "Los servidores remitentes siguen el CNAME y no encuentran ningún registro MTA-STS al final, así que {domain} se queda sin MTA-STS y nada obliga a usar TLS.",
            fix: "Pida el nombre correcto al servicio de {target}, o elimine el CNAME y publique un registro TXT propio.",
        },
        ja: Prose {
            title: "{name} の参照先 {target} にMTA-STSレコードがありません",
            here: "参照先にレコードがありません",
            why: "送信側がCNAMEをたどってもMTA-STSレコードが見つからないため、{domain} にはMTA-STSがない状態で、TLSは強制されません。",
            fix: "{target} のサービスに正しい名前を確認するか、CNAMEを削除して自分のTXTレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let record = &evidence.mta_sts.record;
    let Some(alias) = record.answer.aliases.first() else { return };
    // An alias that a wildcard makes for all names is not meant for MTA-STS.
    let meant = record.answer.aliases.iter().filter_map(Record::target).any(|target| target.as_str().contains("sts"));
    if meant && record.is_missing() && evidence.mta_sts.page.is_none() {
        let finding = RULE.at([alias.data_span()]).with("domain", &evidence.domain);
        findings.push(finding.with("name", &record.answer.question.name).with("target", record.answer.final_name()));
    }
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
            @        MX    0 mail
            _mta-sts CNAME _mta-sts.example.org.
                           ^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn a_record_at_its_end_or_a_wildcard() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts CNAME _mta-sts.example.org.\n_mta-sts.example.org. TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 mail\n* CNAME www");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 0 mail\n_mta-sts CNAME _mta-sts.example.org.\n")[0], &mut found);
        assert!(found.is_empty());
    }
}
