//! `mx` of a domain with more than ten mail exchanges.

use crate::dns::Answer;
use crate::evidence::Evidence;
use crate::evidence::Target;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;
use crate::rules::spf::way;

pub static RULE: Rule = Rule {
    id: "spf-mx-too-many-hosts",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.6.4"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` leads to {count} mail servers, but SPF allows only 10",
            here: "more than ten MX records",
            why: "Receivers look at no more than ten hosts of one `mx` and then stop with \"permerror\", so mail from every sender that is not among them fails SPF.",
            fix: "Name the sending servers with `ip4:`, `ip6:` or `a:` in place of `mx`.",
        },
        es: Prose {
            title: "`{term}` lleva a {count} servidores de correo y SPF solo permite 10",
            here: "más de diez registros MX",
            why: "Los receptores consultan como mucho diez hosts de un `mx` y después se detienen con «permerror», de modo que SPF falla para todo remitente que no esté entre ellos.",
            fix: "Indique los servidores de envío con `ip4:`, `ip6:` o `a:` en lugar de `mx`.",
        },
        ja: Prose {
            title: "`{term}` の先にメールサーバーが {count} 台あります(SPFの上限は10台)",
            here: "MXレコードが10個を超えています",
            why: "受信側は1つの `mx` につき10台までしか調べず、超えると「permerror」として評価を打ち切ります。その中に含まれない送信元からのメールはSPFに失敗します。",
            fix: "`mx` の代わりに、送信サーバーを `ip4:`、`ip6:`、`a:` で指定してください。",
        },
    },
};

/// RFC 7208 section 4.6.4: "the evaluation of each "MX" record MUST NOT result in querying more than 10 address
/// records".
const MAX_HOSTS: usize = 10;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (number, node) in evidence.spf.nodes.iter().enumerate() {
        for lookup in &node.lookups {
            let Target::Answers(answers) = &lookup.target else { continue };
            let hosts = answers.iter().flat_map(Answer::records).filter(|record| record.kind == Kind::MX).count();
            let Some(way) = way::to_term(evidence, number, lookup.term).filter(|_| hosts > MAX_HOSTS) else { continue };
            findings.push(RULE.at(way.spans).with("term", way.term).with("count", hosts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    fn zone(hosts: usize) -> String {
        (0..hosts).fold(String::new(), |zone, host| zone + &format!("@ MX 0 m{host}.other.\n"))
    }

    #[test]
    fn eleven_and_ten() {
        let record = "@ TXT \"v=spf1 mx -all\"\n";
        let carets = "              ^^\n";
        finds(&RULE, &format!("{record}{carets}{}", zone(11)));
        clean(&RULE, &format!("{record}{}", zone(10)));
    }
}
