//! Every selector answers by a wildcard.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::dkim::DkimKey;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dkim-wildcard",
    severity: Severity::Advice,
    references: &["RFC 4592 section 2.1.1", "RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "the wildcard {name} answers for every selector",
            here: "for every selector",
            why: "Whatever selector a receiver looks for, it gets this record where there is no other. {effect}",
            fix: "Keep it only if that is what you intend; each selector in use needs a record of its own.",
        },
        es: Prose {
            title: "el comodín {name} responde por cualquier selector",
            here: "para cualquier selector",
            why: "Busque el selector que busque, el receptor obtiene este registro si no hay otro. {effect}",
            fix: "Consérvelo solo si es lo que desea; cada selector en uso necesita su propio registro.",
        },
        ja: Prose {
            title: "ワイルドカード {name} がすべてのセレクターに応答しています",
            here: "すべてのセレクターが対象です",
            why: "どのセレクターを調べても、個別のレコードがなければこのレコードが返ります。{effect}",
            fix: "意図したものでなければ削除してください。使用するセレクターには、それぞれ個別のレコードが必要です。",
        },
    },
};

const REVOKED: Words = Words {
    en: "It says that the key was revoked. That is right for a domain that sends nothing; this one sends, and a new selector that is not published yet is then taken for a withdrawn one.",
    es: "Indica que la clave está revocada. Es correcto para un dominio que no envía nada; este envía, y un selector nuevo aún sin publicar se toma por uno retirado.",
    ja: "内容は「鍵は失効済み」です。メールを送信しないドメインでは正しい設定ですが、このドメインは送信しており、まだ公開していない新しいセレクターも失効したものとして扱われます。",
};

const SAME_KEY: Words = Words {
    en: "So every selector has this key, including those no longer in use, and a key cannot be withdrawn by deleting its selector.",
    es: "Así, todos los selectores tienen esta clave, también los que ya no se usan. Una clave no puede retirarse eliminando su selector.",
    ja: "廃止したセレクターも含めてすべてがこの鍵になり、セレクターを削除しても鍵を無効にできなくなります。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let answer = &evidence.dkim.wildcard;
    let Some(key) = answer.records().iter().filter_map(|record| record.txt()).map(DkimKey::read).next() else { return };
    if key.is_meant_as_key() && (evidence.sends() || !key.is_revoked()) {
        let finding = RULE.at(key.txt.whole()).with("name", &answer.question.name);
        findings.push(finding.with_words("effect", if key.is_revoked() { REVOKED } else { SAME_KEY }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn on_a_domain_that_sends() {
        finds(
            &RULE,
            r#"
            @            MX 0 mail
            *._domainkey TXT "v=DKIM1; p="
                              ^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn on_a_parked_domain_or_of_another_kind() {
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n*._domainkey TXT \"v=DKIM1; p=\"");
        clean(&RULE, "@ MX 0 mail\n* TXT \"v=spf1 -all\"");
    }
}
