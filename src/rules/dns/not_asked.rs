//! Names outside of the zone file or snapshot, which nobody was asked about.

use std::collections::HashSet;

use crate::dns::Failure;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dns::questions;

pub static RULE: Rule = Rule {
    id: "dns-not-asked",
    severity: Severity::Advice,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "not looked up for {domain}: {names}",
            here: "nobody was asked",
            why: "The check ran without the network, so what these names hold is not known: a fault there is not seen, and the lookups beyond them are not counted.",
            fix: "Use `--live` to ask the network, or name a zone file with `--with` or a snapshot with `--from`.",
        },
        es: Prose {
            title: "nombres sin consultar para {domain}: {names}",
            here: "no se consultó",
            why: "La comprobación se hizo sin red, así que no se sabe qué contienen estos nombres: no se ven los fallos que haya allí ni se cuentan las consultas que dependen de ellos.",
            fix: "Use `--live` para consultar la red, o indique un archivo de zona con `--with` o una instantánea con `--from`.",
        },
        ja: Prose {
            title: "{domain} について未確認の名前があります: {names}",
            here: "問い合わせていません",
            why: "ネットワークを使わずに検査したため、これらの名前の内容は分かりません。そこにある誤りは検出されず、その先のDNSルックアップも数えられていません。",
            fix: "ネットワークに問い合わせるには `--live` を、手元のデータを使うには `--with` でゾーンファイル、`--from` でスナップショットを指定してください。",
        },
    },
};

/// More names than these are not listed.
const MAX_NAMES: usize = 10;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut names: HashSet<&Name> = HashSet::new();
    let mut unasked = questions::unanswered(evidence);
    unasked.retain(|answer| answer.failure() == Some(Failure::NotAsked) && names.insert(answer.final_name()));
    if unasked.is_empty() {
        return;
    }
    let more = if unasked.len() > MAX_NAMES { ", …" } else { "" };
    unasked.truncate(MAX_NAMES);
    let names: Vec<&str> = unasked.iter().map(|answer| answer.final_name().as_str()).collect();
    let finding = RULE.at(unasked.iter().map(|answer| answer.question_span())).with("domain", &evidence.domain);
    findings.push(finding.with("names", format!("{}{more}", names.join(", "))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn one_finding_for_all_names() {
        let zone = "$TTL 60\n@ MX 0 mail.example.org.\n@ TXT \"v=spf1 include:a.example.org mx -all\"\n\
                    s._domainkey CNAME s.example.net.\n";
        let mut found = Vec::new();
        check(&offline_evidence(zone)[0], &mut found);
        assert_eq!(found.len(), 1);
        let names = found[0]
            .values
            .iter()
            .find(|(name, _)| *name == "names")
            .map(|(_, names)| names.get(crate::lang::Lang::En));
        assert_eq!(names, Some("mail.example.org, a.example.org, s.example.net"));
    }

    #[test]
    fn below_a_delegation_somebody_else_knows() {
        finds(&RULE, "@ MX 0 mail.sub\nsub NS ns.example.org.\n?");
    }

    #[test]
    fn hosts_of_known_providers_are_taken_to_exist() {
        let count = |spf: &str| {
            let zone = format!("$TTL 60\n@ MX 1 smtp.google.com.\n@ TXT \"v=spf1 {spf} -all\"\n");
            let mut found = Vec::new();
            check(&offline_evidence(&zone)[0], &mut found);
            found.len()
        };
        assert_eq!((count("ip4:93.184.216.9"), count("mx")), (0, 1));
    }

    #[test]
    fn the_whole_world_is_known() {
        clean(&RULE, "@ MX 0 mail.example.org.\n_dmarc TXT \"v=DMARC1; p=none\"");
    }

    #[test]
    fn public_suffixes_are_not_missed() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 0 mail\nmail A 192.0.2.1\n")[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
