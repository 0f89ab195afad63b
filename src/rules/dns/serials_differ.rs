//! Name servers of the zone have different versions of it, which do not differ in what matters for mail.

use crate::evaluate::authority::{self, Version};
use crate::evidence::{Authority, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dns::with_wait;

pub static RULE: Rule = Rule {
    id: "dns-serials-differ",
    severity: Severity::Advice,
    references: &["RFC 1034 section 4.3.5", "RFC 1982 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "the name servers of {zone} do not all have its newest version",
            here: "serial numbers differ: {serials}",
            why: "Their answers about mail are the same now, but a change of the records may not reach all of them. A few minutes after a change this is normal.",
            fix: "Check again in {wait} {unit}. If the numbers still differ then, the copying of the zone to the other servers (zone transfer) needs repair: see whether the serial number goes up with each change, and whether the first server lets the others fetch the zone.",
        },
        es: Prose {
            title: "no todos los servidores de nombres de {zone} tienen su versión más reciente",
            here: "los números de serie difieren: {serials}",
            why: "Sus respuestas sobre el correo son ahora iguales, pero un cambio en los registros podría no llegar a todos. Unos minutos después de un cambio esto es normal.",
            fix: "Vuelva a comprobarlo dentro de {wait} {unit}. Si los números siguen siendo distintos, falla la copia de la zona a los demás servidores (transferencia de zona): compruebe que el número de serie aumenta con cada cambio y que el servidor primario permite a los demás copiar la zona.",
        },
        ja: Prose {
            title: "{zone} のネームサーバーの一部が最新のゾーンを持っていません",
            here: "シリアル番号が異なります: {serials}",
            why: "メールに関する応答は今のところ同じですが、今後レコードを変更しても一部のサーバーに反映されないおそれがあります。変更してから数分以内であれば正常です。",
            fix: "{wait}{unit}後にもう一度確認してください。それでも番号が異なる場合は、ほかのサーバーへのゾーンの複製(ゾーン転送)の修正が必要です。変更のたびにシリアル番号が増えているか、プライマリサーバーがほかのサーバーへの転送を許可しているかを確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(Authority { zone, cached, .. }) = &evidence.authority else { return };
    // Where the answers differ, too, that says it all.
    if (0..cached.len()).any(|number| authority::groups(evidence, number).len() > 1) {
        return;
    }
    for version in authority::versions(evidence).iter().filter(|version| version.serials.len() > 1) {
        findings.push(differing(version).with("zone", zone));
    }
}

fn differing(version: &Version) -> Finding {
    let serials: Vec<String> =
        version.serials.iter().map(|(serial, server)| format!("{} {serial}", server.host)).collect();
    let spans = version.serials.iter().flat_map(|(_, server)| server.replies.soa.spans());
    with_wait(RULE.at(spans).with("serials", serials.join(", ")), version.refresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::rules::dns::tests::Server::Has;
    use crate::rules::dns::tests::{asked, clean, finds, found};

    #[test]
    fn finds_an_older_version() {
        let servers = [("93.184.216.1", Has(4, "@ MX 0 mail")), ("93.184.216.2", Has(5, "@ MX 0 mail"))];
        let evidence = asked("@ MX 0 mail", &servers);
        finds(&RULE, &evidence, &["the name servers of example.test do not all have its newest version"]);
        let found = found(&RULE, &evidence);
        let here = fill(found[0].text.en.here, &found[0].values, Lang::En);
        assert_eq!(here, "serial numbers differ: ns2.other 5, ns1.other 4");
        assert_eq!((found.len(), found[0].spans.len()), (1, 2));
    }

    #[test]
    fn clean_where_they_are_the_same_or_more_differs() {
        let same = [("93.184.216.1", Has(4, "")), ("93.184.216.2", Has(4, ""))];
        clean(&RULE, &asked("", &same));
        let more = [("93.184.216.1", Has(4, "@ MX 0 a")), ("93.184.216.2", Has(5, "@ MX 0 b"))];
        clean(&RULE, &asked("", &more));
    }
}
