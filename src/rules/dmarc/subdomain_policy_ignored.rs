//! `sp` or `np` in the record of a domain below the organizational domain.

use crate::evaluate::dmarc;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-subdomain-policy-ignored",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{tags}` has no effect in the DMARC record of {domain}",
            here: "ignored here",
            why: "Receivers take the policy for subdomains from the record of the organizational domain, {organization}. This record counts only for mail from {domain} itself.",
            fix: "Delete `{tags}`. For another policy below {domain}, publish a record at each of those names.",
        },
        es: Prose {
            title: "`{tags}` no tiene efecto en el registro DMARC de {domain}",
            here: "aquí se ignora",
            why: "Los receptores toman la política de los subdominios del registro del dominio organizativo, {organization}. Este registro solo vale para el correo del propio {domain}.",
            fix: "Elimine `{tags}`. Si quiere otra política por debajo de {domain}, publique un registro en cada uno de esos nombres.",
        },
        ja: Prose {
            title: "{domain} のDMARCレコードの `{tags}` は機能しません",
            here: "ここでは無視されます",
            why: "受信側はサブドメインのポリシーを組織ドメイン {organization} のレコードから読み取ります。このレコードが適用されるのは {domain} 自身のメールだけです。",
            fix: "`{tags}` を削除してください。{domain} より下の名前に別のポリシーを適用するには、それぞれの名前でレコードを公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let (Some(applied), Some(own)) = (Applied::of(evidence), evidence.own_dmarc()) else { return };
    let organization = dmarc::organizational_domain(&evidence.domain, &evidence.dmarc);
    // A registry with a record that does not say "psd=y" takes its customers' place by the letter. They had better say
    // that they are organizations than delete anything: another rule tells them.
    let registered = evidence.domain.registered_domain();
    let is_above = |name: &Name| *name != evidence.domain && name.is_within(&registered);
    let Some(organization) = organization.filter(is_above) else { return };
    // RFC 9989 section 4.7: ""sp" will be ignored for DMARC Policy Records published on subdomains of Organizational
    // Domains". A value that cannot be read spoils the record all the same: another rule says so.
    let tags: Vec<_> =
        ["sp", "np"].iter().filter(|tag| own.policy(tag).is_ok()).filter_map(|tag| own.tags.find(tag)).collect();
    if !tags.is_empty() {
        let texts: Vec<&str> = tags.iter().map(|tag| applied.text(tag.range.clone())).collect();
        let finding = RULE.at(tags.iter().flat_map(|tag| own.txt.spans(tag.range.clone())));
        let finding = finding.with("domain", applied.domain).with("organization", organization);
        findings.push(finding.with("tags", texts.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn below_the_organizational_domain() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject"
            _dmarc.sub TXT "v=DMARC1; p=reject; sp=none; np=none"
                                                ^^^^^^^  ^^^^^^^
            "#,
        );
    }

    #[test]
    fn an_organizational_domain_of_its_own() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=reject; sp=none\"");
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.sub TXT \"v=DMARC1; p=none; sp=none; psd=n\"");
        clean(&RULE, "_dmarc.sub TXT \"v=DMARC1; p=reject; sp=none\"");
    }

    #[test]
    fn a_value_that_cannot_be_read_is_not_ignored() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.sub TXT \"v=DMARC1; p=none; sp=non\"");
    }

    #[test]
    fn a_registry_is_no_reason_to_delete() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=reject; sp=none\"\n_dmarc.test. TXT \"v=DMARC1; p=none\"");
    }

    #[test]
    fn nobody_was_asked() {
        let mut found = Vec::new();
        let zone = "$TTL 60\n_dmarc CNAME a.example.org.\n_dmarc.sub TXT \"v=DMARC1; p=none; sp=none\"\n";
        offline_evidence(zone).iter().for_each(|evidence| check(evidence, &mut found));
        assert!(found.is_empty(), "{found:#?}");
    }
}
