//! An MX host that nobody outside can reach.

use crate::evaluate::ranges;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mx::addresses_of;
use crate::zone::Record;

pub static RULE: Rule = Rule {
    id: "mx-private-address",
    severity: Severity::Error,
    references: &["RFC 6890 section 2.2", "RFC 1918 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} has only addresses that cannot be reached from the Internet",
            here: "not a public address",
            why: "{address} is a private, loopback or reserved address: outside your own network it leads nowhere, or to the sender itself. No mail from outside arrives through this record.",
            fix: "Give {host} the public address under which it takes mail, or delete the MX record.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} solo tiene direcciones inalcanzables desde Internet",
            here: "no es una dirección pública",
            why: "{address} es una dirección privada, de bucle local (loopback) o reservada: fuera de su propia red no lleva a ninguna parte, o lleva al propio remitente. Por este registro no llega ningún correo de fuera.",
            fix: "Asigne a {host} la dirección pública en la que recibe correo o elimine el registro MX.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} には、インターネットから到達できないアドレスしかありません",
            here: "グローバルアドレスではありません",
            why: "{address} はプライベートアドレス、ループバックアドレスまたは予約済みアドレスです。組織外からはどこにもつながらないか、送信側自身を指してしまうため、このレコードでは外部からのメールが届きません。",
            fix: "{host} に、メールを受け取るグローバルアドレスを設定するか、MXレコードを削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in &evidence.mx.found {
        let addresses = addresses_of(host);
        if let Some(first) = addresses.first()
            && addresses.iter().all(|record| is_unreachable(record))
        {
            let finding = RULE.at(addresses.iter().map(|record| record.data_span()));
            let finding = finding.and_at([host.record.field_span(1)]).with("domain", &evidence.domain);
            findings.push(finding.with("host", &host.exchange).with("address", first.data_text()));
        }
    }
}

pub(super) fn is_unreachable(record: &Record) -> bool {
    record.address().is_some_and(ranges::is_local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn private_and_loopback() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 mail
                                ^^^^
            mail          A     10.1.2.3
                                ^^^^^^^^
            mail          AAAA  fd00::1
                                ^^^^^^^
            @             MX 20 local
                                ^^^^^
            local         A     127.0.0.1
                                ^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_public_address_is_enough() {
        clean(&RULE, "@ MX 10 mail\nmail A 10.1.2.3\nmail AAAA 2001:db8::1");
        clean(&RULE, "@ MX 0 .\n@ MX 10 gone");
    }
}
