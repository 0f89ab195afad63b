//! The name servers have another answer than the resolver still gives.

use crate::dns::{Answer, Record};
use crate::evaluate::authority::{self, Group};
use crate::evaluate::ttl;
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dns::with_wait;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "dns-change-not-seen",
    severity: Severity::Advice,
    references: &["RFC 1034 section 3.6", "RFC 2308 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "the name servers of {zone} answer {question} differently from the resolver that was asked",
            here: "not the same",
            why: "After a change, resolvers go on with the answer they have until its time (TTL) is over: here for up to {wait} {unit}. This report rests on the resolver's answer, and so do receivers whose resolvers have the same one.",
            fix: "If you changed the record, wait {wait} {unit} and check again. If it stays so, this resolver sees another version of the zone than the Internet: ask another one with `--resolver`.",
        },
        es: Prose {
            title: "los servidores de nombres de {zone} responden a {question} de forma distinta al servidor DNS consultado",
            here: "no es igual",
            why: "Tras un cambio, los servidores DNS resolutores siguen usando la respuesta que tienen hasta que vence su plazo (TTL): en este caso, hasta {wait} {unit}. Este informe se basa en la respuesta del servidor DNS consultado, al igual que los receptores cuyos servidores tengan la misma.",
            fix: "Si ha cambiado el registro, espere {wait} {unit} y vuelva a comprobarlo. Si sigue igual, este servidor DNS ve una versión de la zona distinta de la de Internet: consulte otro con `--resolver`.",
        },
        ja: Prose {
            title: "{question} について、{zone} のネームサーバーと問い合わせ先のリゾルバーの応答が異なります",
            here: "内容が異なります",
            why: "レコードを変更しても、リゾルバーは手元の応答を有効期間(TTL)が過ぎるまで使い続けます。この応答では最長{wait}{unit}です。このレポートはリゾルバーの応答に基づいており、同じ応答を保持しているリゾルバーを使う受信側も同じ判断をします。",
            fix: "レコードを変更した場合は、{wait}{unit}待ってからもう一度確認してください。それでも変わらない場合、このリゾルバーはインターネット上とは別の内容のゾーンを見ています。`--resolver` で別のリゾルバーを指定してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, cached, .. }) = &evidence.authority else { return };
    for (number, cached) in cached.iter().enumerate() {
        // Where they do not agree with each other, the resolver says what one of them does.
        let [group] = &authority::groups(evidence, number)[..] else { continue };
        if authority::contents(cached).is_none_or(|contents| contents == group.contents) {
            continue;
        }
        let finding = RULE.at(spans(cached, group.answer)).and_at(spans(group.answer, cached));
        let finding = finding.with("zone", zone).with("question", &cached.question);
        findings.push(with_wait(finding, time_left(cached, group)));
    }
}

/// Records that the other answer does not have; where there are none at all, the question.
fn spans(answer: &Answer, other: &Answer) -> Vec<Span> {
    let others = authority::contents(other).unwrap_or_default();
    let records = own(answer);
    match records.is_empty() {
        true => vec![answer.question_span()],
        false => records.iter().filter(|it| !others.contains(&authority::value(it))).map(|it| it.data_span()).collect(),
    }
}

/// The alias, or the records: what stands at the name itself.
fn own(answer: &Answer) -> &[Record] {
    if answer.aliases.is_empty() { answer.records() } else { &answer.aliases[..1] }
}

/// How many seconds the resolver may keep its answer: what is left of the TTL; where there is no record, what the zone
/// allows.
fn time_left(cached: &Answer, group: &Group) -> u32 {
    let soa = group.servers.iter().flat_map(|server| server.replies.soa.records());
    own(cached).iter().map(|record| record.ttl).max().or(soa.filter_map(ttl::negative).max()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::rules::dns::tests::Server::{Has, IsSilent};
    use crate::rules::dns::tests::{asked, clean, finds, found};

    const SERVERS: [(&str, crate::rules::dns::tests::Server); 2] =
        [("93.184.216.1", Has(2, "@ TXT \"v=spf1 mx -all\"\n@ MX 0 mail")), ("93.184.216.2", IsSilent)];

    fn told(cached: &str) -> Vec<String> {
        let told = |finding: &Finding| {
            let texts: Vec<&str> = finding.spans.iter().map(|span| span.text()).collect();
            format!("{} | {}", texts.join(" "), fill("{question}: {wait} {unit}", &finding.values, Lang::En))
        };
        found(&RULE, &asked(cached, &SERVERS)).iter().map(told).collect()
    }

    #[test]
    fn finds_what_the_resolver_still_has() {
        let old = "@ 600 TXT \"v=spf1 a -all\"\n@ MX 0 mail";
        assert_eq!(told(old), ["\"v=spf1 a -all\" \"v=spf1 mx -all\" | example.test TXT: 10 min"]);
        let title =
            "the name servers of example.test answer example.test TXT differently from the resolver that was asked";
        finds(&RULE, &asked(old, &SERVERS), &[title]);
        let negative = "@ MX 0 mail";
        assert_eq!(told(negative), ["example.test. TXT \"v=spf1 mx -all\" | example.test TXT: 5 min"]);
        let gone = "@ MX 0 mail\n@ TXT \"v=spf1 mx -all\"\n_dmarc 86400 TXT \"v=DMARC1; p=none\"";
        assert_eq!(told(gone), ["\"v=DMARC1; p=none\" _dmarc.example.test. TXT | _dmarc.example.test TXT: 24 h"]);
    }

    #[test]
    fn clean_where_it_is_the_same_or_not_known() {
        clean(&RULE, &asked("@ 5 TXT \"v=spf1 mx\" \" -all\"\n@ MX 0 mail", &SERVERS));
        let unreadable = "@ TXT \"v=spf1 mx -all\n@ MX 0 mail";
        clean(&RULE, &asked(unreadable, &SERVERS));
        let two = [SERVERS[0], ("93.184.216.3", Has(1, "@ MX 0 old"))];
        clean(&RULE, &asked("@ MX 0 old", &two));
    }
}
