//! Two or more SPF records at one name: receivers use none of them.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::records::spf::{Qualifier, Spf, Term, TermKind};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-duplicate",
    severity: Severity::Error,
    references: &["RFC 7208 section 4.5", "RFC 7208 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has {count} SPF records",
            here: "an SPF record",
            why: "A domain may have only one SPF record. With several, the result is \"permerror\": receivers treat SPF as failed for every message, whichever record would have allowed the sender.",
            fix: "Put the senders of all of them into one record, and delete the others.",
        },
        es: Prose {
            title: "{domain} tiene {count} registros SPF",
            here: "un registro SPF",
            why: "Un dominio solo puede tener un registro SPF. Si hay varios, el resultado es «permerror»: los receptores dan SPF por fallido en todos los mensajes, sin importar qué registro autorizaba al remitente.",
            fix: "Reúna los remitentes de todos en un único registro y elimine los demás.",
        },
        ja: Prose {
            title: "{domain} にSPFレコードが {count} 個あります",
            here: "SPFレコード",
            why: "SPFレコードは1つのドメインに1つしか置けません。複数あると判定結果は「permerror」になり、どのレコードで送信元を許可していても、受信側ではすべてのメールがSPFに失敗したものとして扱われます。",
            fix: "すべての送信元を1つのレコードにまとめ、残りのレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let records = &evidence.spf.own().found;
    // RFC 7208 section 4.5: "If the resultant record set includes more than one record, check_host() produces the
    // "permerror" result."
    if let [_, _, ..] = records.as_slice() {
        let spans = records.iter().flat_map(|spf| spf.txt.whole());
        let finding = RULE.at(spans).with("domain", &evidence.domain).with("count", records.len());
        let finding = finding.publish(&evidence.domain, Kind::TXT, merged(records));
        findings.push(if agree(records) { finding } else { finding.as_choice() });
    }
}

/// Do the records differ in no more than who may send? Otherwise it is for the owner to say which of them is meant.
fn agree(records: &[Spf]) -> bool {
    let end = |spf: &Spf| spf.all().map(Term::result);
    let is_sender = |term: &Term| !term.is_modifier() && term.result() == Qualifier::Pass;
    let lets_only_send = |spf: &Spf| spf.terms.iter().filter(|term| !term.is_all()).all(is_sender);
    let first = records.first().and_then(end);
    first.is_some() && records.iter().all(|spf| end(spf) == first && lets_only_send(spf))
}

/// One record with the senders of all: each term once, `all` at the end, the softest of them.
fn merged(records: &[Spf]) -> String {
    let mut terms: Vec<String> = Vec::new();
    for spf in records {
        for term in spf.terms.iter().filter(|term| !term.is_all()) {
            let text = as_sender(spf, term);
            if !terms.iter().any(|before| before.eq_ignore_ascii_case(&text)) {
                terms.push(text);
            }
        }
    }
    let strict = records.iter().all(|spf| spf.all().is_some_and(|all| all.result() == Qualifier::Fail));
    format!("v=spf1 {} {}", terms.join(" "), if strict { "-all" } else { "~all" })
}

/// RFC 7208 section 5.1: "Any "redirect" modifier (Section 6.1) MUST be ignored when there is an "all" mechanism in the
/// record". Whom it lets send, an include does, too.
fn as_sender(spf: &Spf, term: &Term) -> String {
    match &term.kind {
        TermKind::Redirect(domain) => format!("include:{}", &spf.txt.value[domain.range.clone()]),
        _ => spf.text(term).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn all_records_are_marked_and_merged() {
        let zone = r#"
            example.test. TXT "v=spf1 a:one.test ~all"
                               ^^^^^^^^^^^^^^^^^^^^^^
            @             TXT "v=spf1 a:one.test ip4:192.0.2.1" " -all"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^   ^^^^^
            "#;
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].publish[0].value, "v=spf1 a:one.test ip4:192.0.2.1 ~all");
    }

    #[test]
    fn what_the_records_do_not_agree_on_is_for_the_owner_to_say() {
        let found = |one: &str, other: &str| {
            let zone = format!("@ TXT \"v=spf1 {one}\"\n@ TXT \"v=spf1 {other}\"");
            findings(&RULE, &zone).remove(0)
        };
        assert!(!found("a:one.test -all", "ip4:192.0.2.1 -ALL").is_choice);
        for (one, other, merged) in [
            ("mx -all", "a ~all", "mx a ~all"),
            ("mx -all", "a", "mx a ~all"),
            ("-ip4:192.0.2.1 mx -all", "ip4:192.0.2.1 -all", "-ip4:192.0.2.1 mx ip4:192.0.2.1 -all"),
            ("mx redirect=one.test", "a -all", "mx include:one.test a ~all"),
            ("redirect=one.test", "redirect=two.test", "include:one.test include:two.test ~all"),
        ] {
            let found = found(one, other);
            assert!(found.is_choice, "{one} {other}");
            assert_eq!(found.publish[0].value, format!("v=spf1 {merged}"));
        }
    }

    #[test]
    fn other_texts_do_not_count() {
        clean(
            &RULE,
            r#"
            example.test. TXT "v=spf1 -all"
            example.test. TXT "v=spf10 -all"
            example.test. TXT "MS=ms1234"
            "#,
        );
    }
}
