//! An address that the user says mail comes from, and whose names in reverse DNS do not lead back to it.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::{Rule, host};

pub static RULE: Rule = Rule {
    id: "auth-sender-ptr-unconfirmed",
    severity: Severity::Error,
    references: &[
        "Google: Gmail SMTP errors and codes",
        "Google: Email sender guidelines",
        "Yahoo: Sender Requirements & Recommendations",
        "RFC 8601 section 3",
    ],
    check,
    text: Text {
        en: Prose {
            title: "the reverse DNS name of {ip}, from which mail of {domain} comes, does not lead back to it: {names}",
            here: "has another address, or none",
            why: "Anybody can claim any name in reverse DNS (PTR), so it counts only where the name itself has that address. Gmail refuses mail from an address where it does not (550 5.7.25); Yahoo, too, demands forward and reverse DNS.",
            fix: "Have the hosting or Internet provider that owns {ip} set its reverse DNS name (PTR) to {host}, and see to it that this name has {ip} as its address ({kind} record). If {names} is the right name, give that name the {kind} record.",
        },
        es: Prose {
            title: "el nombre en el DNS inverso de {ip}, desde donde se envía el correo de {domain}, no conduce de vuelta a esa dirección: {names}",
            here: "tiene otra dirección o ninguna",
            why: "En el DNS inverso (PTR) cualquiera puede poner cualquier nombre; por eso solo cuenta si el propio nombre tiene esa dirección. Si no es así, Gmail rechaza el correo (550 5.7.25); también Yahoo exige que coincidan el DNS directo y el inverso.",
            fix: "Pida al proveedor de alojamiento o de Internet al que pertenece {ip} que configure {host} como su nombre en el DNS inverso (PTR) y asegúrese de que ese nombre tenga {ip} como dirección (registro {kind}). Si {names} es el nombre correcto, cree para él el registro {kind}.",
        },
        ja: Prose {
            title: "{domain} のメールを送信している {ip} の逆引き名を正引きしても、元のアドレスに戻りません: {names}",
            here: "アドレスが異なるか、ありません",
            why: "逆引き(PTR)には誰でも好きな名前を書けるため、その名前の正引きが同じアドレスになる場合にだけ信用されます。一致しないアドレスからのメールをGmailは拒否します(550 5.7.25)。Yahooも正引きと逆引きの一致を求めています。",
            fix: "{ip} を所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼し、その名前の{kind}レコードを {ip} にしてください。{names} が正しい名前であれば、その名前に{kind}レコードを作成してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let named = evidence.sending_addresses.iter().filter(|address| address.term.is_none());
    for address in named.filter(|address| address.is_confirmed() == Some(false)) {
        let kind = if address.ip.is_ipv4() { "A" } else { "AAAA" };
        let finding = host::finding(&RULE, evidence, address).with("names", host::names(address));
        findings.push(finding.with("kind", kind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::auth::tests::sent_from;
    use crate::rules::dns::tests::{clean, finds};
    use crate::testing::live_evidence;

    const PTR: &str = "7.216.184.93.in-addr.arpa. PTR mail.example.test.\n";
    const SPF: &str = "@ TXT \"v=spf1 ip4:93.184.216.7 -all\"\n";
    const TITLE: &str = "the reverse DNS name of 93.184.216.7, from which mail of example.test comes, does not lead back \
                         to it: mail.example.test";

    #[test]
    fn another_address_or_none() {
        finds(&RULE, &sent_from("93.184.216.7", PTR), &[TITLE]);
        finds(&RULE, &sent_from("93.184.216.7", &format!("{PTR}{SPF}mail A 93.184.216.8")), &[TITLE]);
        let title = TITLE.replace("mail.example.test", "93-184-216-7.dyn.isp.example");
        let generic = "7.216.184.93.in-addr.arpa. PTR 93-184-216-7.dyn.isp.example.\n";
        finds(&RULE, &sent_from("93.184.216.7", generic), &[&title]);
    }

    #[test]
    fn nothing_is_said_twice() {
        let found = crate::rules::run(&sent_from("93.184.216.7", &format!("{PTR}{SPF}")));
        let ids: Vec<&str> = found.iter().map(|found| found.id).filter(|id| id.contains("-ptr-")).collect();
        assert_eq!(ids, [RULE.id]);
    }

    #[test]
    fn a_name_that_leads_back_or_is_not_known() {
        clean(&RULE, &sent_from("93.184.216.7", &format!("{PTR}mail A 93.184.216.7")));
        clean(&RULE, &sent_from("93.184.216.7", &format!("{PTR}mail CNAME mail")));
        clean(&RULE, &sent_from("93.184.216.7", ""));
    }

    #[test]
    fn what_spf_names_may_send_no_more() {
        clean(&RULE, &live_evidence(&format!("$TTL 60\n{PTR}{SPF}"), &[]));
    }
}
