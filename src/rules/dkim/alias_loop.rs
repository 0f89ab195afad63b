//! The CNAME records of a selector lead in a circle.

use crate::dns::{Answer, Failure, Record};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;
use std::collections::HashSet;

pub static RULE: Rule = Rule {
    id: "dkim-alias-loop",
    severity: Severity::Error,
    references: &["RFC 1034 section 3.6.2", "RFC 6376 section 3.6.2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the CNAME records of {name} form a loop",
            here: "leads back",
            why: "Resolvers give up and answer with an error. No receiver gets the key, so signatures with this selector fail, or mail is deferred.",
            fix: "Point the CNAME to the name that the sending service gives you, or publish the key as a TXT record in its place.",
        },
        es: Prose {
            title: "los registros CNAME de {name} forman un bucle",
            here: "vuelve atrás",
            why: "Los servidores DNS abandonan la consulta y devuelven un error. Ningún receptor obtiene la clave, de modo que las firmas con este selector fallan o el correo se aplaza.",
            fix: "Haga que el CNAME apunte al nombre que le indica el servicio de envío, o publique la clave como registro TXT en su lugar.",
        },
        ja: Prose {
            title: "{name} のCNAMEレコードが循環しています",
            here: "ここで戻っています",
            why: "DNSリゾルバーは途中であきらめてエラーを返します。受信側は鍵を取得できず、このセレクターの署名は検証に失敗するか、メールが一時拒否されます。",
            fix: "CNAMEが送信サービスの指定する名前を指すようにするか、代わりに鍵をTXTレコードとして公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut shown: HashSet<&Name> = HashSet::new();
    for answer in
        evidence.dkim.selectors.iter().map(|selector| &selector.asked.answer).filter(|answer| is_circle(answer))
    {
        // One circle is one finding, by whichever of its names it is entered.
        let new = answer.aliases.iter().filter(|alias| shown.insert(&alias.owner));
        let spans: Vec<_> = new.map(Record::data_span).collect();
        if !spans.is_empty() {
            findings.push(RULE.at(spans).with("name", &answer.question.name));
        }
    }
}

/// More aliases than are followed are no circle.
fn is_circle(answer: &Answer) -> bool {
    let leads_back = |alias: &Record| answer.aliases.iter().any(|other| alias.target() == Some(&other.owner));
    answer.failure() == Some(Failure::AliasLoop) && answer.aliases.last().is_some_and(leads_back)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_circle() {
        finds(
            &RULE,
            r#"
            s1._domainkey CNAME s2._domainkey
                                ^^^^^^^^^^^^^
            s2._domainkey CNAME s1._domainkey
                                ^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn an_alias() {
        clean(&RULE, "s1._domainkey CNAME s2._domainkey\ns2._domainkey TXT \"p=\"");
    }
}
