//! A null MX beside other MX records: "takes no mail" and "takes mail" at once.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-null-with-others",
    severity: Severity::Error,
    references: &["RFC 7505 section 3"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has a null MX beside other MX records",
            here: "these contradict each other",
            why: "A null MX (`0 .`) says that the domain takes no mail; beside another MX record it says nothing certain. Some senders return the mail at once, others try a host named `.`.",
            fix: "To receive mail, delete the null MX. To take none, delete all other MX records.",
        },
        es: Prose {
            title: "{domain} tiene un MX nulo junto a otros registros MX",
            here: "estos registros se contradicen",
            why: "Un MX nulo (`0 .`) dice que el dominio no recibe correo; junto a otro registro MX ya no dice nada seguro. Unos servidores devuelven el correo de inmediato, otros intentan entregarlo a un servidor llamado `.`.",
            fix: "Para recibir correo, elimine el MX nulo. Para no recibirlo, elimine todos los demás registros MX.",
        },
        ja: Prose {
            title: "{domain} のnull MXがほかのMXレコードと併存しています",
            here: "互いに矛盾しています",
            why: "null MX(`0 .`)は「メールを受け取らない」という宣言です。ほかのMXレコードと並ぶと意味が定まらず、送信側によっては、ただちにエラーになったり、`.` という名前のホストに配送を試みたりします。",
            fix: "メールを受け取る場合はnull MXを削除してください。受け取らない場合は、ほかのMXレコードをすべて削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let (null, others): (Vec<_>, Vec<_>) = evidence.mx.found.iter().partition(|host| host.exchange.is_root());
    // RFC 7505 section 3: "A domain that advertises a null MX MUST NOT advertise any other MX RR."
    if !null.is_empty() && !others.is_empty() {
        let spans = null.into_iter().chain(others).map(|host| host.record.data_span());
        findings.push(RULE.at(spans).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn both_are_shown() {
        finds(
            &RULE,
            r#"
            example.test. MX 0 .
                             ^^^
            @             MX 10 mail
                             ^^^^^^^
            "#,
        );
    }

    #[test]
    fn one_or_the_other() {
        clean(&RULE, "@ MX 0 .");
        clean(&RULE, "@ MX 0 .\n@ MX 0 .");
        clean(&RULE, "@ MX 10 mail\n@ MX 20 mail2");
    }
}
