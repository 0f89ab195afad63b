//! An MTA-STS record of a domain that takes no mail.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mta-sts-without-mail",
    severity: Severity::Advice,
    references: &["RFC 7505 section 3", "RFC 8461 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has an MTA-STS record, but takes no mail",
            here: "not needed",
            why: "MTA-STS is for mail that comes in, and the null MX says that {domain} takes none. Nobody reads the record or the policy.",
            fix: "Delete the record at `_mta-sts` and the host `mta-sts`.",
        },
        es: Prose {
            title: "{domain} tiene un registro MTA-STS, pero no recibe correo",
            here: "no hace falta",
            why: "MTA-STS es para el correo entrante, y el MX nulo indica que {domain} no recibe ninguno. Nadie lee el registro ni la política.",
            fix: "Elimine el registro de `_mta-sts` y el host `mta-sts`.",
        },
        ja: Prose {
            title: "{domain} はメールを受け取らないのに、MTA-STSレコードがあります",
            here: "必要ありません",
            why: "MTA-STSは受信するメールのための仕組みです。null MXは {domain} がメールを受け取らないことを示すため、レコードもポリシーも読まれません。",
            fix: "`_mta-sts` のレコードと `mta-sts` のホストを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let is_null = matches!(evidence.mx.found.as_slice(), [host] if host.exchange.is_root());
    let found = &evidence.mta_sts.record.found;
    if is_null && !found.is_empty() {
        let finding = RULE.at(found.iter().flat_map(|record| record.txt.whole()));
        findings.push(finding.and_at([evidence.mx.found[0].record.span()]).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn beside_a_null_mx() {
        finds(
            &RULE,
            r#"
            @        MX  0 .
            ^^^^^^^^^^^^^^^^
            _mta-sts TXT "v=STSv1; id=1"
                          ^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn with_mail() {
        clean(&RULE, "@ MX 0 mail\n_mta-sts TXT \"v=STSv1; id=1\"");
        clean(&RULE, "@ MX 0 .");
    }
}
