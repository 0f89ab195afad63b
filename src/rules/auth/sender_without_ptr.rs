//! An address that the user says mail comes from, and that has no name in reverse DNS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::{Rule, host};

pub static RULE: Rule = Rule {
    id: "auth-sender-without-ptr",
    severity: Severity::Error,
    references: &[
        "Google: Gmail SMTP errors and codes",
        "Google: Email sender guidelines",
        "Yahoo: Sender Requirements & Recommendations",
        "RFC 1912 section 2.1",
    ],
    check,
    text: Text {
        en: Prose {
            title: "{ip}, from which mail of {domain} comes, has no host name in reverse DNS",
            here: "no PTR record",
            why: "Gmail refuses mail from such an address (550 5.7.25). Yahoo and Outlook.com, too, demand a host name (PTR) of every address that sends.",
            fix: "Have the hosting or Internet provider that owns {ip} set its reverse DNS name (PTR) to {host}: it cannot be set in the DNS panel of {domain}. That name must have {ip} as its address.",
        },
        es: Prose {
            title: "{ip}, desde donde se envía el correo de {domain}, no tiene nombre de host en el DNS inverso",
            here: "sin registro PTR",
            why: "Gmail rechaza el correo de una dirección así (550 5.7.25). También Yahoo y Outlook.com exigen un nombre de host (PTR) a toda dirección IP que envíe correo.",
            fix: "Pida al proveedor de alojamiento o de Internet al que pertenece {ip} que configure {host} como su nombre en el DNS inverso (PTR): no se puede hacer en el panel DNS de {domain}. Ese nombre debe tener {ip} como dirección.",
        },
        ja: Prose {
            title: "{domain} のメールを送信している {ip} に、逆引きのホスト名がありません",
            here: "PTRレコードがありません",
            why: "Gmailは、逆引き名のないIPアドレスからのメールを拒否します(550 5.7.25)。YahooとOutlook.comも、送信元のすべてのIPアドレスに逆引き名(PTR)を求めています。",
            fix: "{ip} を所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼してください。{domain} のDNS管理画面では設定できません。その名前の正引きは {ip} になっている必要があります。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let named = evidence.sending_addresses.iter().filter(|address| address.term.is_none());
    let nameless = named.filter(|address| address.ptr.is_absent());
    findings.extend(nameless.map(|address| host::finding(&RULE, evidence, address)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Failure, Outcome};
    use crate::rules::auth::tests::sent_from;
    use crate::rules::dns::tests::{clean, finds};
    use crate::testing::live_evidence;

    const TITLE: &str = "93.184.216.7, from which mail of example.test comes, has no host name in reverse DNS";
    const SPF: &str = "@ TXT \"v=spf1 ip4:93.184.216.7 ip4:93.184.216.8 -all\"\n";

    #[test]
    fn what_the_user_names_is_certain() {
        finds(&RULE, &sent_from("93.184.216.7", ""), &[TITLE]);
        finds(&RULE, &sent_from("93.184.216.7", SPF), &[TITLE]);
    }

    #[test]
    fn nothing_is_said_twice() {
        let ids: Vec<&str> = crate::rules::run(&sent_from("93.184.216.7", SPF)).iter().map(|found| found.id).collect();
        let count = |id: &str| ids.iter().filter(|other| **other == id).count();
        assert_eq!((count(RULE.id), count("host-ptr-missing")), (1, 1), "{ids:?}");
    }

    #[test]
    fn what_spf_names_may_send_no_more() {
        clean(&RULE, &live_evidence(&format!("$TTL 60\n{SPF}"), &[]));
    }

    #[test]
    fn a_name_and_no_answer() {
        clean(&RULE, &sent_from("93.184.216.7", "7.216.184.93.in-addr.arpa. PTR mail.example.test."));
        let mut evidence = sent_from("93.184.216.7", "");
        evidence.sending_addresses[0].ptr.outcome = Outcome::Failed(Failure::Timeout);
        clean(&RULE, &evidence);
    }
}
