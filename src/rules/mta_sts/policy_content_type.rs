//! The policy is served with another media type than `text/plain`.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Value, Words};
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-content-type",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} is served as `{type}`, not as `text/plain`",
            here: "not `text/plain`",
            why: "Senders should take a policy of the type `text/plain` only. Those that check it do not use this one.",
            fix: "Let the web server send `Content-Type: text/plain` for `{url}`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} se sirve como `{type}` y no como `text/plain`",
            here: "no es `text/plain`",
            why: "Los servidores remitentes solo deberían aceptar políticas del tipo `text/plain`. Los que lo comprueban no usan esta.",
            fix: "Haga que el servidor web envíe `Content-Type: text/plain` para `{url}`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーが `text/plain` ではなく `{type}` で返されています",
            here: "`text/plain` ではありません",
            why: "送信側は `text/plain` のポリシーだけを受け入れるべきとされています。種類を確認する送信側は、このポリシーを使いません。",
            fix: "`{url}` に対して `Content-Type: text/plain` を返すよう、Webサーバーを設定してください。",
        },
    },
};

const NONE: Words = Words { en: "(none)", es: "(ninguno)", ja: "(なし)" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 8461 section 3.2: "senders SHOULD validate that the media type is "text/plain"".
    let (Some((document, _)), Some(page)) = (policy(evidence), &evidence.mta_sts.page) else { return };
    let written = document.content_type.as_deref().unwrap_or_default();
    let media_type = written.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("text/plain") {
        let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("url", &page.url);
        let shown: String = media_type.chars().take(60).collect();
        let value = if shown.is_empty() { Value::Words(NONE) } else { Value::Plain(shown) };
        findings.push(finding.with_value("type", value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{Served, clean, findings, finds};

    #[test]
    fn other_types() {
        let typed = |content_type: Option<&str>| {
            Served::Document(content_type.map(str::to_owned), "version: STSv1\n".to_owned())
        };
        assert_eq!(findings(&RULE, typed(Some("text/html; charset=utf-8"))).len(), 1);
        assert_eq!(findings(&RULE, typed(None)).len(), 1);
        clean(&RULE, typed(Some("Text/Plain;charset=utf-8")));
        clean(&RULE, "<html></html>");
    }

    #[test]
    fn the_url_is_marked() {
        finds(&RULE, Served::Document(None, "version: STSv1\n".to_owned()));
    }
}
