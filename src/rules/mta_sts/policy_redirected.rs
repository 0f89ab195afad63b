//! The URL of the policy leads to another one.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-redirected",
    severity: Severity::Error,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} is redirected to {location}",
            here: "must not lead elsewhere",
            why: "Senders must not follow redirects for a policy. They do not read it, and deliver to {domain} without MTA-STS: nothing forces TLS.",
            fix: "Serve the policy at `{url}` itself, and leave this path out of redirects (to `www`, to a login page).",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} se redirige a {location}",
            here: "no debe llevar a otro sitio",
            why: "Los servidores remitentes no deben seguir redirecciones para una política. No la leen y entregan el correo a {domain} sin MTA-STS: nada obliga a usar TLS.",
            fix: "Sirva la política en la propia `{url}` y excluya esta ruta de las redirecciones (a `www`, a una página de inicio de sesión).",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーが {location} へリダイレクトされています",
            here: "リダイレクトは使えません",
            why: "送信側はポリシーのリダイレクトに従ってはならないと定められています。ポリシーは読まれず、{domain} へMTA-STSなしで配送されます。TLSは強制されません。",
            fix: "`{url}` そのものでポリシーを返し、このパスを(`www` やログインページへの)リダイレクトの対象から外してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 8461 section 3.3: "HTTP 3xx redirects MUST NOT be followed".
    let Some((page, Failure::Redirect(location))) = failed(evidence) else { return };
    let location: String = location.chars().take(200).collect();
    let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("url", &page.url);
    findings.push(finding.with("location", location));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn to_somewhere_else() {
        finds(&RULE, Failure::Redirect("https://www.example.test/".to_owned()));
        clean(&RULE, Failure::Status(300));
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}
