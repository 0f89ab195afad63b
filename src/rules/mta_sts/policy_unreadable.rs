//! The answer for the policy is no document, or too large for one.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-unreadable",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} cannot be read: {fault}",
            here: "no policy",
            why: "Senders cannot fetch the policy, and deliver to {domain} without MTA-STS: nothing forces TLS.",
            fix: "Serve the policy at `{url}` as a small text file.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} no se puede leer: {fault}",
            here: "no es una política",
            why: "Los servidores remitentes no pueden descargar la política y entregan el correo a {domain} sin MTA-STS: nada obliga a usar TLS.",
            fix: "Sirva la política en `{url}` como un archivo de texto pequeño.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーを読み取れません: {fault}",
            here: "ポリシーではありません",
            why: "送信側はポリシーを取得できず、{domain} へMTA-STSなしで配送します。TLSは強制されません。",
            fix: "`{url}` で、小さなテキストファイルとしてポリシーを返してください。",
        },
    },
};

const LARGE: Words =
    Words { en: "it is larger than 64 KiB", es: "ocupa más de 64 KiB", ja: "64 KiBを超えています" };
const NOT_HTTP: Words = Words {
    en: "the answer is not proper HTTP",
    es: "la respuesta no es HTTP válido",
    ja: "応答が正しいHTTPではありません",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let (page, fault) = match failed(evidence) {
        Some((page, Failure::TooLarge)) => (page, LARGE),
        Some((page, Failure::Protocol)) => (page, NOT_HTTP),
        _ => return,
    };
    let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("url", &page.url);
    findings.push(finding.with_words("fault", fault));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn too_large_and_not_http() {
        finds(&RULE, Failure::TooLarge);
        finds(&RULE, Failure::Protocol);
        clean(&RULE, Failure::NoAddress);
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}
