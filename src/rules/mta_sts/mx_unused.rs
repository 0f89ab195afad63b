//! The policy names a host that is no MX host.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::records::mta_sts::{Mode, is_pattern, matches};
use crate::rules::Rule;
use crate::rules::mta_sts::{MAX_PLACES, policy};

pub static RULE: Rule = Rule {
    id: "mta-sts-mx-unused",
    severity: Severity::Advice,
    references: &["RFC 8461 section 4.1"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} names {pattern}, which fits no MX host",
            here: "no such MX host",
            why: "Nothing is broken. Whoever can answer under such a name may be taken for a mail server of {domain}; after a move to other servers the line is a leftover.",
            fix: "Delete the line, unless you are about to use the host, and write a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "la política MTA-STS de {domain} incluye {pattern}, que no corresponde a ningún servidor MX",
            here: "ningún servidor MX coincide",
            why: "Nada deja de funcionar. Quien pueda responder con ese nombre puede pasar por un servidor de correo de {domain}; si ya migró a otros servidores, la línea sobra.",
            fix: "Elimine la línea, salvo que vaya a usar ese servidor en breve, y escriba un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーの {pattern} に当てはまるMXホストがありません",
            here: "このMXホストはありません",
            why: "問題は起きていません。ただし、この名前で応答できる者は {domain} のメールサーバーとみなされる可能性があります。サーバーの移行後に消し忘れた行かもしれません。",
            fix: "これから使う予定がなければ行を削除し、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() != Some(Mode::None)) else {
        return;
    };
    let hosts: Vec<&Name> = evidence.mx.found.iter().map(|host| &host.exchange).collect();
    if hosts.is_empty() {
        return;
    }
    let is_unused = |pattern: &str| is_pattern(pattern) && !hosts.iter().any(|host| matches(pattern, host));
    for field in policy.mx().filter(|field| is_unused(policy.value(field))).take(MAX_PLACES) {
        let finding = RULE.at([document.span(field.value.clone())]).with("domain", &evidence.domain);
        findings.push(finding.with("pattern", policy.value(field)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, findings, finds};

    #[test]
    fn a_leftover() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: enforce
            mx: mail.example.test
            mx: old.example.test
                ^^^^^^^^^^^^^^^^
            ",
        );
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
        clean(&RULE, "version: STSv1\nmode: none\nmx: old.example.test\n");
    }

    #[test]
    fn thousands_of_lines_are_not_thousands_of_findings() {
        let policy = format!("version: STSv1\nmode: enforce\n{}", "mx: a.test\n".repeat(5000));
        assert_eq!(findings(&RULE, policy.as_str()).len(), MAX_PLACES);
    }
}
