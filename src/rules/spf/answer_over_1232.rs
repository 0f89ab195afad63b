//! The TXT answer with the SPF record does not fit into one packet.

use crate::evaluate::size;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::spf::answer_over_512::answers;

pub static RULE: Rule = Rule {
    id: "spf-answer-over-1232",
    severity: Severity::Warning,
    references: &["RFC 7208 section 3.4", "DNS Flag Day: 2020 (EDNS buffer size 1232)"],
    check,
    text: Text {
        en: Prose {
            title: "the TXT answer of {owner} with its SPF record has {octets} octets and fits into no packet",
            here: "the largest of {count}",
            why: "Resolvers take up to 1,232 octets in one packet; for more they must ask again over TCP. Where the name server or a firewall does not allow that, receivers get no SPF record, and SPF gives \"temperror\".",
            fix: "Delete TXT records at {owner} that nobody needs any more, such as old verification codes, and move long lists of addresses into included records of their own.",
        },
        es: Prose {
            title: "la respuesta TXT de {owner} con su registro SPF tiene {octets} octetos y no cabe en un paquete",
            here: "el mayor de {count}",
            why: "Los servidores de resolución admiten hasta 1232 octetos en un paquete; si hay más, tienen que repetir la consulta por TCP. Donde el servidor de nombres o un cortafuegos no lo permite, los receptores no obtienen el registro SPF y el resultado es «temperror».",
            fix: "Elimine de {owner} los registros TXT que ya no hagan falta, como códigos de verificación antiguos, y pase las listas largas de direcciones a registros propios incluidos con `include`.",
        },
        ja: Prose {
            title: "{owner} のTXT応答(SPFレコードを含む)が {octets} オクテットあり、1つのパケットに収まりません",
            here: "{count} 個のうち最大のレコードです",
            why: "リゾルバーが1つのパケットで受け取るのは1,232オクテットまでで、それを超えるとTCPでの再問い合わせが必要です。ネームサーバーやファイアウォールがTCPを許可していない場合、受信側はSPFレコードを取得できず、結果は「temperror」になります。",
            fix: "古い確認用コードなど、{owner} の不要なTXTレコードを削除し、長いアドレスの一覧は `include` で参照する別のレコードに移してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    findings.extend(answers(&RULE, evidence, |octets| octets + size::OPT > size::MAX_EDNS, size::OPT));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    fn zone(others: usize) -> String {
        let text = |n: usize| format!("example.test. TXT \"{n:03}{}\"\n", "x".repeat(97));
        format!("{}example.test. TXT \"v=spf1 mx -all\"\n", (0..others).map(text).collect::<String>())
    }

    #[test]
    fn more_than_a_packet() {
        let large = format!("example.test. TXT \"{}\"\n", "y".repeat(120));
        finds(&RULE, &format!("{large}{}\n{}", "^".repeat(large.len() - 1), zone(10)));
    }

    #[test]
    fn one_packet() {
        // 12 + 18 + 27 + 10 * 113 + 11 = 1198
        clean(&RULE, &zone(10));
    }
}
