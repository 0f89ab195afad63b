//! `sp` or `np` asks for less than `p`.

use crate::evaluate::dmarc;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-subdomain-policy-weaker",
    severity: Severity::Warning,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "subdomains of {domain} have a weaker DMARC policy",
            here: "weaker than `{policy}`",
            why: "Mail from {domain} itself is protected, and that of its subdomains is not: whoever forges mail uses a subdomain, with `np` even one that does not exist (older receivers do not know `np`).",
            fix: "Delete `{weaker}`, when the reports show that the mail of your subdomains passes DMARC.",
        },
        es: Prose {
            title: "los subdominios de {domain} tienen una política DMARC más débil",
            here: "más débil que `{policy}`",
            why: "El correo de {domain} está protegido, pero el de sus subdominios no: quien falsifica correo usa un subdominio; en el caso de `np`, incluso uno que no existe (los receptores antiguos no conocen `np`).",
            fix: "Elimine `{weaker}` cuando los informes muestren que el correo de sus subdominios supera DMARC.",
        },
        ja: Prose {
            title: "{domain} のサブドメインのDMARCポリシーが弱くなっています",
            here: "`{policy}` より弱い設定です",
            why: "{domain} 自体のメールは保護されていますが、サブドメインは保護されていません。攻撃者はサブドメインを使って(`np` の場合は存在しないサブドメインでも)なりすませます。なお、古い受信側は `np` を知りません。",
            fix: "サブドメインのメールがDMARCに合格していることをレポートで確認したら、`{weaker}` を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let (Some(applied), Some(record)) = (Applied::of(evidence), evidence.own_dmarc()) else { return };
    let organization = dmarc::organizational_domain(&evidence.domain, &evidence.dmarc);
    let Ok(Some(policy)) = record.policy("p") else { return };
    // RFC 9989 section 4.7: "sp" is ignored in records below the organizational domain. Older receivers take it from the
    // registered domain in any case.
    let counts =
        organization.as_ref() == Some(&evidence.domain) || evidence.domain == evidence.domain.registered_domain();
    if !counts || record.effective_policy() != Some(policy) {
        return;
    }
    let weaker = ["sp", "np"].into_iter().filter(|tag| matches!(record.policy(tag), Ok(Some(other)) if other < policy));
    let tags: Vec<_> = weaker.filter_map(|tag| record.tags.find(tag)).collect();
    if !tags.is_empty() {
        let texts: Vec<&str> = tags.iter().map(|tag| applied.text(tag.range.clone())).collect();
        let finding = RULE.at(tags.iter().flat_map(|tag| record.txt.spans(tag.range.clone())));
        let finding = finding.with("domain", applied.domain).with("policy", policy.as_str());
        findings.push(finding.with("weaker", texts.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both_are_marked() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; sp=none; np=quarantine"
                                            ^^^^^^^  ^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn it_is_ignored_in_sub_domains() {
        clean(
            &RULE,
            r#"
            _dmarc.sub TXT "v=DMARC1; p=reject; sp=none"
            _dmarc TXT "v=DMARC1; p=reject"
            "#,
        );
    }

    #[test]
    fn an_organization_below_the_registered_domain() {
        finds(
            &RULE,
            r#"
            _dmarc.sub TXT "v=DMARC1; p=reject; sp=none; psd=n"
                                                ^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [
            r#"v=DMARC1; p=reject; sp=reject; np=reject"#,
            r#"v=DMARC1; p=none; sp=none"#,
            r#"v=DMARC1; p=quarantine; sp=reject"#,
        ] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}
