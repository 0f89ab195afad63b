//! A null MX whose preference is not 0.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-null-preference",
    severity: Severity::Warning,
    references: &["RFC 7505 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the null MX of {domain} has the preference {preference} instead of 0",
            here: "must be `0 .`",
            why: "The standard defines the null MX as `0 .` only. Senders that follow it strictly look for a mail host named `.` and keep the mail in their queue, instead of telling the writer that the domain takes none.",
            fix: "Write the preference 0.",
        },
        es: Prose {
            title: "el MX nulo de {domain} tiene la preferencia {preference} en lugar de 0",
            here: "debe ser `0 .`",
            why: "La norma solo conoce el MX nulo como `0 .`. Los servidores que la siguen al pie de la letra buscan un servidor llamado `.` y retienen el mensaje en la cola, en vez de avisar al remitente de que el dominio no recibe correo.",
            fix: "Escriba la preferencia 0.",
        },
        ja: Prose {
            title: "{domain} のnull MXの優先度が0ではなく {preference} です",
            here: "`0 .` でなければなりません",
            why: "規格ではnull MXは `0 .` と定められています。これに厳密に従う送信側は `.` という名前のホストを探してメールをキューに残し、受信しないドメインであることが差出人に伝わりません。",
            fix: "優先度を0にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 7505 section 3: "a single MX RR with an RDATA section consisting of preference number 0 and a zero-length
    // label, written in master files as ".", as the exchange domain"
    let all_null = evidence.mx.found.iter().all(|host| host.exchange.is_root());
    if let Some(host) = evidence.mx.found.iter().find(|host| all_null && host.preference != 0) {
        let finding = RULE.at([host.record.data_span()]).with("domain", &evidence.domain);
        findings.push(finding.with("preference", host.preference).publish(&evidence.domain, Kind::MX, "0 ."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn another_preference() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 .
                             ^^^^
            "#,
        );
    }

    #[test]
    fn zero_or_not_null() {
        clean(&RULE, "@ MX 0 .");
        clean(&RULE, "@ MX 10 mail");
        clean(&RULE, "@ MX 10 .\n@ MX 10 mail");
    }
}
