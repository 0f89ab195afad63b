//! The web server does not give the policy out.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-status",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the web server answers {status} for the MTA-STS policy of {domain}",
            here: "status {status}, not 200",
            why: "Senders cannot fetch the policy, and deliver to {domain} without MTA-STS: nothing forces TLS.",
            fix: "Serve the policy at `{url}` with status 200, without a login and for every client.",
        },
        es: Prose {
            title: "el servidor web responde {status} a la petición de la política MTA-STS de {domain}",
            here: "código {status}, no 200",
            why: "Los servidores remitentes no pueden descargar la política y entregan el correo a {domain} sin MTA-STS: nada obliga a usar TLS.",
            fix: "Sirva la política en `{url}` con el código 200, sin inicio de sesión y para cualquier cliente.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーに対し、Webサーバーが {status} を返しています",
            here: "ステータスが200ではなく {status}",
            why: "送信側はポリシーを取得できず、{domain} へMTA-STSなしで配送します。TLSは強制されません。",
            fix: "`{url}` で、ログインなしに、どのクライアントにもステータス200でポリシーを返してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 8461 section 3.3: "Policies fetched via HTTPS are only valid if the HTTP response code is 200 (OK)."
    let Some((page, Failure::Status(status))) = failed(evidence) else { return };
    let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("url", &page.url);
    findings.push(finding.with("status", status));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn other_than_200() {
        finds(&RULE, Failure::Status(404));
        finds(&RULE, Failure::Status(503));
        clean(&RULE, Failure::Timeout);
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}
