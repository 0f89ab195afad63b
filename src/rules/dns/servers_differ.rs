//! Name servers of the zone give different answers.

use std::collections::BTreeSet;

use crate::evaluate::authority::{self, Group};
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dns::with_wait;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "dns-servers-differ",
    severity: Severity::Warning,
    references: &["RFC 1034 section 4.3.5", "RFC 2182 section 2.1"],
    check,
    text: Text {
        en: Prose {
            title: "the name servers of {zone} give different answers to {question}",
            here: "not the same at all of them",
            why: "Which answer a receiver gets depends on the server it happens to ask: mail passes once and fails the next time. {answers}. {versions}",
            fix: "If the record was changed a short time ago, check again in {wait} {unit}: by then each server should have the new one. If not, the copying of the zone to the other servers (zone transfer) needs repair. If the zone is kept at two DNS providers, make the change at both; and if you have left one of them, remove its name servers at the registrar.",
        },
        es: Prose {
            title: "los servidores de nombres de {zone} dan respuestas distintas a {question}",
            here: "no es igual en todos",
            why: "La respuesta que obtiene un receptor depende del servidor al que consulte: el correo unas veces se acepta y otras falla. {answers}. {versions}",
            fix: "Si el registro se cambió hace poco, vuelva a comprobarlo dentro de {wait} {unit}: para entonces todos los servidores deberían tener el nuevo. Si no es así, falla la copia de la zona a los demás servidores (transferencia de zona) y hay que repararla. Si la zona está en dos proveedores de DNS, haga el cambio en ambos; si ya ha dejado uno de ellos, elimine sus servidores de nombres en el registrador.",
        },
        ja: Prose {
            title: "{zone} のネームサーバーによって {question} の応答が異なります",
            here: "サーバーによって異なります",
            why: "受信側がどのサーバーに問い合わせるかで結果が変わるため、同じ設定のメールが届いたり拒否されたりします。{answers}。{versions}",
            fix: "変更した直後であれば、{wait}{unit}後にもう一度確認してください。それまでに全サーバーへ反映されるはずです。反映されない場合は、ほかのサーバーへのゾーンの複製(ゾーン転送)の修正が必要です。2社のDNSサービスを併用している場合は、両方で変更してください。すでに解約したサービスがあれば、そのネームサーバーをレジストラの設定から削除してください。",
        },
    },
};

const NUMBERED: Words = Words {
    en: "In parentheses stands the serial number of the zone: the higher one is the newer.",
    es: "Entre paréntesis figura el número de serie de la zona: el mayor es el más reciente.",
    ja: "括弧内はゾーンのシリアル番号で、大きいほうが新しいデータです。",
};
const SAME: Words = Words {
    en: "All have the same serial number: servers that copy the zone from each other do not notice the difference.",
    es: "Todos tienen el mismo número de serie: los servidores que copian la zona unos de otros no detectan la diferencia.",
    ja: "シリアル番号はすべて同じです。互いにゾーンを複製しているサーバーは、この差に気づきません。",
};
const SEPARATE: Words = Words {
    en: "Their SOA records differ: these are zones of their own, as at two DNS providers.",
    es: "Sus registros SOA difieren: son zonas independientes, como ocurre con dos proveedores de DNS.",
    ja: "SOAレコードが異なるため、2社のDNSサービスのように別々に管理されているゾーンです。",
};

/// Longer texts are cut: they stand in full at the places of the finding.
const MAX_TEXT: usize = 60;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, cached, .. }) = &evidence.authority else { return };
    let versions = authority::versions(evidence);
    let refresh = versions.iter().map(|version| version.refresh).max().unwrap_or(0);
    let kinds = match versions.as_slice() {
        [version] if version.serials.len() > 1 => NUMBERED,
        [_] => SAME,
        _ => SEPARATE,
    };
    for (number, cached) in cached.iter().enumerate() {
        let mut groups = authority::groups(evidence, number);
        if groups.len() < 2 {
            continue;
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.serial()));
        let common: BTreeSet<String> = groups[1..]
            .iter()
            .fold(groups[0].contents.clone(), |common, group| common.intersection(&group.contents).cloned().collect());
        let answers: Vec<String> = groups.iter().map(|group| told(group, &groups, &common)).collect();
        let finding = RULE.at(groups.iter().flat_map(|group| spans(group, &common)));
        let finding = finding.with("zone", zone).with("question", &cached.question).with_words("versions", kinds);
        findings.push(with_wait(finding.with("answers", answers.join("; ")), refresh));
    }
}

/// The servers of a group, and what of their answer the others do not have.
fn told(group: &Group, all: &[Group], common: &BTreeSet<String>) -> String {
    let elsewhere = |host: &Name| all.iter().filter(|group| group.servers.iter().any(|it| it.host == host)).count() > 1;
    let mut names: Vec<String> = Vec::new();
    for server in &group.servers {
        let name = match elsewhere(server.host) {
            true => format!("{} [{}]", server.host, server.replies.ip),
            false => server.host.to_string(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let serial = group.serial().map(|serial| format!(" ({serial})")).unwrap_or_default();
    let own: Vec<String> = group.contents.difference(common).map(|value| format!("`{}`", cut(value))).collect();
    let what = match own.is_empty() {
        true if group.contents.is_empty() => group.answer.outcome.comment().to_owned(),
        true => "—".to_owned(),
        false => own.join(" + "),
    };
    format!("{}{serial}: {what}", names.join(", "))
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn spans(group: &Group, common: &BTreeSet<String>) -> Vec<Span> {
    let records = group.answer.aliases.iter().chain(group.answer.records());
    let own: Vec<Span> =
        records.filter(|it| !common.contains(&authority::value(it))).map(|it| it.data_span()).collect();
    if own.is_empty() && group.contents.is_empty() { vec![group.answer.question_span()] } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dns::tests::Server::{Has, IsSilent, Refuses};
    use crate::rules::dns::tests::{asked, clean, finds, found};

    const NEW: &str = "@ TXT \"v=spf1 mx -all\"\n@ TXT site=1\n@ MX 0 mail\n_dmarc TXT \"v=DMARC1; p=none\"";
    const OLD: &str = "@ TXT site=1\n@ TXT \"v=spf1 a -all\"\n@ MX 0 mail";

    fn answers(servers: &[(&str, crate::rules::dns::tests::Server)]) -> Vec<String> {
        let found = found(&RULE, &asked(OLD, servers));
        let values = found.iter().flat_map(|finding| &finding.values).filter(|(name, _)| *name == "answers");
        values.map(|(_, value)| value.get(crate::lang::Lang::En).to_owned()).collect()
    }

    #[test]
    fn finds_the_records_that_not_all_have() {
        let servers = [("93.184.216.1", Has(1, OLD)), ("93.184.216.2", Has(2, NEW)), ("93.184.216.3", Has(2, NEW))];
        let want = [
            "ns2.other, ns3.other (2): `v=spf1 mx -all`; ns1.other (1): `v=spf1 a -all`",
            "ns2.other, ns3.other (2): `v=DMARC1; p=none`; ns1.other (1): NXDOMAIN",
        ];
        assert_eq!(answers(&servers), want);
        let finding = &found(&RULE, &asked(OLD, &servers))[0];
        let texts: Vec<&str> = finding.spans.iter().map(|span| span.text()).collect();
        assert_eq!(texts, ["\"v=spf1 mx -all\"", "\"v=spf1 a -all\""]);
    }

    #[test]
    fn finds_an_alias_and_one_record_more() {
        let more = "@ TXT \"v=spf1 a -all\"\n@ TXT site=1\n@ TXT more\n@ MX 0 mail\n_dmarc CNAME d.other.";
        let servers = [("93.184.216.1", Has(1, OLD)), ("93.184.216.2", Has(1, more))];
        let question = |name| format!("the name servers of example.test give different answers to {name} TXT");
        finds(&RULE, &asked(OLD, &servers), &[&question("example.test"), &question("_dmarc.example.test")]);
        let want =
            ["ns1.other (1): —; ns2.other (1): `more`", "ns1.other (1): NXDOMAIN; ns2.other (1): `CNAME d.other`"];
        assert_eq!(answers(&servers), want);
    }

    #[test]
    fn clean_where_they_agree_or_do_not_answer() {
        let split = "@ MX 0 mail\n@ TXT \"v=spf1 a\" \" -all\"\n@ 60 TXT site=1";
        let servers = [
            ("93.184.216.1", Has(1, OLD)),
            ("93.184.216.2", Has(2, split)),
            ("93.184.216.3", Refuses),
            ("93.184.216.4", IsSilent),
        ];
        clean(&RULE, &asked(OLD, &servers));
        clean(&RULE, &asked(OLD, &[]));
    }
}
