//! There is a host `mta-sts`, and no record that announces its policy.

use crate::dns::{Answer, Record};
use crate::evidence::Evidence;
use crate::evidence::MtaSts;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::source::Span;
use std::collections::BTreeSet;

pub static RULE: Rule = Rule {
    id: "mta-sts-record-missing",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.1", "RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "{host} exists, and there is no MTA-STS record at {name}",
            here: "no MTA-STS record",
            why: "Senders ask for the TXT record at `_mta-sts` first, and fetch the policy from {host} only if there is one. Without it the policy of {domain} is never read, and nothing forces TLS.",
            fix: "Publish the record once the policy can be fetched, with a new `id` after each change of the policy; or delete {host} if you do not use MTA-STS any more.",
        },
        es: Prose {
            title: "{host} existe, pero en {name} no hay registro MTA-STS",
            here: "aquí no hay registro",
            why: "Los servidores remitentes piden primero el registro TXT en `_mta-sts` y solo si existe descargan la política de {host}. Sin él, la política de {domain} no se lee nunca y nada obliga a usar TLS.",
            fix: "Publique el registro cuando la política se pueda descargar, con un `id` nuevo tras cada cambio de la política; o elimine {host} si ya no usa MTA-STS.",
        },
        ja: Prose {
            title: "{host} はありますが、{name} にMTA-STSレコードがありません",
            here: "MTA-STSレコードがありません",
            why: "送信側はまず `_mta-sts` のTXTレコードを調べ、見つかったときだけ {host} からポリシーを取得します。レコードがないと {domain} のポリシーは読まれず、TLSは強制されません。",
            fix: "ポリシーを取得できる状態にしてからレコードを公開し、ポリシーを変えるたびに `id` を新しくしてください。MTA-STSをもう使わない場合は {host} を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let sts = &evidence.mta_sts;
    let answer = &sts.record.answer;
    let has_record = !sts.record.is_missing() || sts.page.is_some() || !answer.aliases.is_empty();
    // A domain without incoming mail, and a record at a wrong name, are other rules'.
    let elsewhere = || evidence.nearby().filter_map(Record::txt).any(|txt| txt.value.contains("STSv1"));
    if has_record || evidence.has_null_mx() || evidence.mx.found.is_empty() || !is_own(sts) || elsewhere() {
        return;
    }
    let host = &sts.host[0].question.name;
    let finding = RULE.at([answer.question_span()]).and_at(sts.host.iter().flat_map(host_spans));
    let finding = finding.with("domain", &evidence.domain).with("host", host).with("name", &answer.question.name);
    // There was no id before, so that any is new.
    findings.push(finding.publish(&answer.question.name, Kind::TXT, "v=STSv1; id=1"));
}

/// Has the host records of its own: none that a wildcard makes?
fn is_own(sts: &MtaSts) -> bool {
    let Some(wildcard) = &sts.wildcard else { return false };
    let is_known = wildcard.iter().all(|answer| answer.failure().is_none());
    let differs = sts.host.iter().zip(wildcard).any(|(here, there)| written(here) != written(there));
    is_known && differs
}

/// Where an answer leads, or the addresses in it.
fn written(answer: &Answer) -> BTreeSet<String> {
    let leading = answer.aliases.first();
    leading.into_iter().chain(answer.records()).map(|record| record.data_text().to_owned()).collect()
}

fn host_spans(answer: &Answer) -> impl Iterator<Item = Span> {
    let own = answer.aliases.first().or(answer.records().first());
    own.into_iter().map(Record::span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds, live_evidence};

    #[test]
    fn a_host_alone() {
        let zone = r#"
            @       MX 0 mail
            mta-sts A  192.0.2.1
            ^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].line(), "_mta-sts.example.test. IN TXT \"v=STSv1; id=1\"");
    }

    #[test]
    fn what_a_wildcard_makes_is_no_host() {
        clean(&RULE, "@ MX 0 mail\n* A 192.0.2.1");
        clean(&RULE, "@ MX 0 mail\n* CNAME www\nwww A 192.0.2.1");
        let count = |zone: &str| {
            let mut found = Vec::new();
            check(&live_evidence(&format!("$TTL 60\n@ MX 0 mail\n{zone}\n"), &[]), &mut found);
            found.len()
        };
        assert_eq!(count("* A 192.0.2.1"), 0);
        assert_eq!(count("* A 192.0.2.1\nmta-sts A 192.0.2.2"), 1);
        assert_eq!(count("mta-sts CNAME sts.example.org.\nsts.example.org. A 192.0.2.2"), 1);
    }

    #[test]
    fn a_record_in_any_form() {
        clean(&RULE, "@ MX 0 mail\nmta-sts A 192.0.2.1\n_mta-sts TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 mail\nmta-sts A 192.0.2.1\n_mta-sts TXT \"v=STSv1\"");
        clean(&RULE, "@ MX 0 mail\nmta-sts A 192.0.2.1\n@ TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 mail\nmta-sts A 192.0.2.1\n_mta-sts CNAME x.example.org.");
        clean(&RULE, "mta-sts A 192.0.2.1\n@ TXT \"v=spf1 -all\"");
    }
}
