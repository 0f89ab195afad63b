//! An address that sends and has several names in reverse DNS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::host::{self, ptr_generic};

pub static RULE: Rule = Rule {
    id: "host-ptr-several",
    severity: Severity::Advice,
    references: &["RFC 2181 section 10.2"],
    check,
    text: Text {
        en: Prose {
            title: "{ip}, which may send mail for {domain}, has several reverse DNS names: {names}",
            here: "one name is enough",
            why: "That is allowed, but some receivers look at one of the names (PTR) only, and which one is left to chance. Where it is not the one with which the server greets, or one that does not lead back, that counts against the mail.",
            fix: "Have the hosting or Internet provider that owns {ip} leave one PTR record only: {host}.",
        },
        es: Prose {
            title: "{ip}, que puede enviar correo de {domain}, tiene varios nombres en el DNS inverso: {names}",
            here: "basta con un nombre",
            why: "Está permitido, pero algunos receptores solo miran uno de los nombres (PTR), elegido al azar. Si no es aquel con el que se presenta el servidor, o no conduce de vuelta a la dirección, cuenta en contra del correo.",
            fix: "Pida al proveedor de alojamiento o de Internet al que pertenece {ip} que deje un solo registro PTR: {host}.",
        },
        ja: Prose {
            title: "{domain} のメールを送信できる {ip} に、逆引き名が複数あります: {names}",
            here: "名前は1つで十分です",
            why: "規格上は問題ありませんが、逆引き名(PTR)を1つしか見ない受信側もあり、どれが使われるかは偶然に左右されます。サーバーが名乗る名前と異なるものや、正引きで元に戻らないものが使われると、評価が下がります。",
            fix: "{ip} を所有するホスティング事業者またはインターネットプロバイダーに、PTRレコードを1つだけ({host})にするよう依頼してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for address in evidence.sending_addresses.iter().filter(|address| address.names().nth(1).is_some()) {
        // Where all of them are of no use, other rules say so.
        if address.is_confirmed() != Some(false) && !ptr_generic::is_generic(address) {
            findings.push(host::finding(&RULE, evidence, address).with("names", host::names(address)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_names() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a:mail.example.test -all"
                                      ^^^^^^^^^^^^^^^^^^^
            mail          A   93.184.216.7
            7.216.184.93.in-addr.arpa. PTR mail.example.test.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            7.216.184.93.in-addr.arpa. PTR www.example.org.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_name_or_none_that_leads_back() {
        let zone = "@ TXT \"v=spf1 ip4:93.184.216.7 -all\"\nmail A 93.184.216.7\n";
        clean(&RULE, &format!("{zone}7.216.184.93.in-addr.arpa. PTR mail.example.test."));
        clean(
            &RULE,
            &format!("{zone}7.216.184.93.in-addr.arpa. PTR a.other.\n7.216.184.93.in-addr.arpa. PTR b.other."),
        );
    }
}
