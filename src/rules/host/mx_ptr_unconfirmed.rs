//! A mail exchange of the domain's own without a name in reverse DNS that leads back to it.

use crate::evidence::{Evidence, SendingAddress};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::host;

pub static RULE: Rule = Rule {
    id: "host-mx-ptr-unconfirmed",
    severity: Severity::Advice,
    references: &["RFC 1912 section 2.1", "Google: Email sender guidelines"],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} ({ip}) of {domain} has no reverse DNS name that leads back to it",
            here: "no name that leads back",
            why: "To receive mail it needs none. If this server also sends, be it only replies and bounces, Gmail, Yahoo and Outlook.com ask for a name (PTR) whose address is {ip}, and refuse or put off the mail otherwise.",
            fix: "If mail is sent from {ip}, have the hosting or Internet provider that owns it set its reverse DNS name (PTR) to {host}. It cannot be set in the DNS panel of {domain}.",
        },
        es: Prose {
            title: "el servidor MX {host} ({ip}) de {domain} no tiene un nombre en el DNS inverso que lleve de vuelta a él",
            here: "ningún nombre lleva de vuelta",
            why: "Para recibir correo no lo necesita. Si este servidor también envía, aunque solo sean respuestas y avisos de no entrega, Gmail, Yahoo y Outlook.com exigen un nombre (PTR) cuya dirección sea {ip}; de lo contrario, rechazan o aplazan el correo.",
            fix: "Si desde {ip} se envía correo, pida al proveedor de alojamiento o de Internet al que pertenece que configure {host} como su nombre en el DNS inverso (PTR). No se puede hacer en el panel DNS de {domain}.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} ({ip})に、正引きと一致する逆引き名がありません",
            here: "正引きと一致する名前がありません",
            why: "受信だけであれば不要です。返信や不達通知だけでもこのサーバーから送信する場合、Gmail、Yahoo、Outlook.comは、正引きが {ip} になる逆引き名(PTR)を求め、なければメールを拒否または一時拒否します。",
            fix: "{ip} からメールを送信している場合は、そのIPアドレスを所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼してください。{domain} のDNS管理画面では設定できません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let lost = |address: &&SendingAddress| address.ptr.is_absent() || address.is_confirmed() == Some(false);
    let addresses = evidence.exchange_addresses.iter().filter(lost);
    findings.extend(addresses.map(|address| host::finding(&RULE, evidence, address)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn no_name_or_one_that_leads_elsewhere() {
        finds(&RULE, "@ MX 10 mail\nmail A 93.184.216.7\n?");
        finds(
            &RULE,
            r#"
            @    MX 10 mail
            mail A  93.184.216.7
            7.216.184.93.in-addr.arpa. PTR gone.example.test.
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_named_by_spf_or_of_somebody_else() {
        let ptr = "7.216.184.93.in-addr.arpa. PTR mail.example.test.";
        clean(&RULE, &format!("@ MX 10 mail\nmail A 93.184.216.7\n{ptr}"));
        clean(&RULE, "@ MX 10 mail\nmail A 93.184.216.7\n@ TXT \"v=spf1 mx -all\"");
        clean(&RULE, "@ MX 10 mx.other.\nmx.other. A 93.184.216.7");
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ MX 10 mail\nmail A 93.184.216.7\n")[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
