//! An address that sends, and whose names in reverse DNS do not lead back to it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::host;
use crate::rules::host::ptr_generic;

pub static RULE: Rule = Rule {
    id: "host-ptr-unconfirmed",
    severity: Severity::Warning,
    references: &["RFC 8601 section 3", "RFC 1912 section 2.1", "Google: Email sender guidelines"],
    check,
    text: Text {
        en: Prose {
            title: "the reverse DNS name of {ip}, which may send mail for {domain}, does not lead back to it: {names}",
            here: "has another address, or none",
            why: "Anybody can claim any name in reverse DNS (PTR), so it counts only where the name itself has that address. Gmail and Yahoo ask for that; without it they put off or refuse the mail, or count it as spam.",
            fix: "Have the hosting or Internet provider that owns {ip} set its reverse DNS name (PTR) to {host}, and see to it that this name has {ip} as its address ({kind} record). If {names} is the right name, give that name the {kind} record.",
        },
        es: Prose {
            title: "el nombre en el DNS inverso de {ip}, que puede enviar correo de {domain}, no conduce de vuelta a esa dirección: {names}",
            here: "tiene otra dirección o ninguna",
            why: "En el DNS inverso (PTR) cualquiera puede poner cualquier nombre; por eso solo cuenta si el propio nombre tiene esa dirección. Gmail y Yahoo lo exigen; si no se cumple, aplazan o rechazan el correo, o lo consideran spam.",
            fix: "Pida al proveedor de alojamiento o de Internet al que pertenece {ip} que configure {host} como su nombre en el DNS inverso (PTR) y asegúrese de que ese nombre tenga {ip} como dirección (registro {kind}). Si {names} es el nombre correcto, cree para él el registro {kind}.",
        },
        ja: Prose {
            title: "{domain} のメールを送信できる {ip} の逆引き名を正引きしても、元のアドレスに戻りません: {names}",
            here: "アドレスが異なるか、ありません",
            why: "逆引き(PTR)には誰でも好きな名前を書けるため、その名前の正引きが同じアドレスになる場合にだけ信用されます。GmailとYahooはこれを求めており、満たさないとメールは一時拒否または拒否されるか、迷惑メールとして扱われます。",
            fix: "{ip} を所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼し、その名前の{kind}レコードを {ip} にしてください。{names} が正しい名前であれば、その名前に{kind}レコードを作成してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for address in host::named_by_spf(evidence).filter(|address| address.is_confirmed() == Some(false)) {
        // A name that cannot stay is not to be repaired.
        if ptr_generic::is_generic(address) {
            continue;
        }
        let kind = if address.ip.is_ipv4() { "A" } else { "AAAA" };
        let finding = host::finding(&RULE, evidence, address).with("names", host::names(address));
        findings.push(finding.with("kind", kind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn another_address_or_none() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:93.184.216.7 ip4:93.184.216.8 -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^
            mail          A   93.184.216.9
            7.216.184.93.in-addr.arpa. PTR mail.example.test.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            8.216.184.93.in-addr.arpa. PTR gone.example.test.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_name_of_several_is_enough() {
        clean(
            &RULE,
            r#"
            @    TXT "v=spf1 ip4:93.184.216.7 -all"
            mail A   93.184.216.7
            7.216.184.93.in-addr.arpa. PTR gone.example.test.
            7.216.184.93.in-addr.arpa. PTR mail.example.test.
            "#,
        );
    }

    #[test]
    fn a_generic_name_is_told_of_as_such() {
        clean(
            &RULE,
            r#"
            @ TXT "v=spf1 ip4:93.184.216.7 -all"
            7.216.184.93.in-addr.arpa. PTR 93-184-216-7.dynamic.isp.example.
            "#,
        );
    }
}
