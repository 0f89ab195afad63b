//! What is served at the URL of the policy is something else: a web page, as a rule.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Policy;
use crate::rules::Rule;
use crate::rules::mta_sts::is_used;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-not-a-policy",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "what {host} serves is not an MTA-STS policy",
            here: "not a line of a policy",
            why: "A policy is a text with lines such as `version: STSv1`. Senders find none here, and deliver to {domain} without MTA-STS: nothing forces TLS.",
            fix: "Serve the policy file at `{url}`: the lines `version: STSv1`, `mode: testing`, a line `mx:` for each MX host, and `max_age: 604800`.",
        },
        es: Prose {
            title: "lo que sirve {host} no es una política MTA-STS",
            here: "no es una línea de política",
            why: "Una política es un texto con líneas como `version: STSv1`. Los servidores remitentes no encuentran ninguna y entregan el correo a {domain} sin MTA-STS: nada obliga a usar TLS.",
            fix: "Sirva el archivo de política en `{url}`: las líneas `version: STSv1`, `mode: testing`, una línea `mx:` por cada servidor MX y `max_age: 604800`.",
        },
        ja: Prose {
            title: "{host} が返しているのはMTA-STSポリシーではありません",
            here: "ポリシーの行ではありません",
            why: "ポリシーは `version: STSv1` などの行からなるテキストです。送信側はポリシーを見つけられず、{domain} へMTA-STSなしで配送します。TLSは強制されません。",
            fix: "`{url}` でポリシーファイルを返してください。`version: STSv1`、`mode: testing`、MXホストごとの `mx:`、`max_age: 604800` の各行が必要です。",
        },
    },
};

/// So much of the first line is marked.
const SHOWN: usize = 60;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let other = |policy: &&Policy| !policy.is_meant() && is_used(evidence);
    let Some(policy) = evidence.mta_sts.policy.as_ref().filter(other) else { return };
    let Some((page, document)) = evidence.mta_sts.page.as_ref().and_then(|page| Some((page, page.document()?))) else {
        return;
    };
    let first = policy.fields.first().map(|field| field.key.start..field.value.end);
    let line = first.into_iter().chain(policy.invalid.first().cloned()).min_by_key(|line| line.start);
    // Of an empty document the question is the place.
    let place = line.map_or_else(
        || page.url_span(),
        |line| {
            let end = document.text.text.floor_char_boundary(line.end.min(line.start + SHOWN));
            document.span(line.start..end)
        },
    );
    let finding = RULE.at([place]).with("domain", &evidence.domain).with("host", page.url.host());
    findings.push(finding.with("url", &page.url));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn a_web_page() {
        finds(
            &RULE,
            "
            <!DOCTYPE html>
            ^^^^^^^^^^^^^^^
            <html><body>Welcome</body></html>
            ",
        );
        assert_eq!(findings(&RULE, "").len(), 1);
        assert_eq!(findings(&RULE, &*"ñ".repeat(99)).len(), 1);
    }

    #[test]
    fn a_policy_of_any_kind() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
        clean(&RULE, "VERSION: 1\n");
    }
}
