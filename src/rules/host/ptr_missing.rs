//! An address that sends and has no name in reverse DNS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::host;

pub static RULE: Rule = Rule {
    id: "host-ptr-missing",
    severity: Severity::Warning,
    references: &[
        "RFC 1912 section 2.1",
        "Google: Email sender guidelines",
        "Yahoo: Sender Requirements & Recommendations",
    ],
    check,
    text: Text {
        en: Prose {
            title: "{ip}, which may send mail for {domain}, has no host name in reverse DNS",
            here: "no PTR record",
            why: "Gmail, Yahoo and Outlook.com ask for a host name (PTR) for every address that sends. Without one they put off or refuse the mail, or count it as spam.",
            fix: "Have the hosting or Internet provider that owns {ip} set its reverse DNS name (PTR) to {host}: it cannot be set in the DNS panel of {domain}. That name must have {ip} as its address. If no mail is sent from {ip} any more, take it out of the SPF record instead.",
        },
        es: Prose {
            title: "{ip}, que puede enviar correo de {domain}, no tiene nombre de host en el DNS inverso",
            here: "sin registro PTR",
            why: "Gmail, Yahoo y Outlook.com exigen un nombre de host (PTR) a toda dirección IP que envíe correo. Sin él aplazan o rechazan el correo, o lo consideran spam.",
            fix: "Pida al proveedor de alojamiento o de Internet al que pertenece {ip} que configure {host} como su nombre en el DNS inverso (PTR): no se puede hacer en el panel DNS de {domain}. Ese nombre debe tener {ip} como dirección. Si ya no se envía correo desde {ip}, elimine la dirección del registro SPF.",
        },
        ja: Prose {
            title: "{domain} のメールを送信できる {ip} に、逆引きのホスト名がありません",
            here: "PTRレコードがありません",
            why: "Gmail、Yahoo、Outlook.comは、送信元のすべてのIPアドレスに逆引き名(PTR)を求めます。これがないと、メールは一時拒否または拒否されるか、迷惑メールとして扱われます。",
            fix: "{ip} を所有するホスティング事業者またはインターネットプロバイダーに、逆引き名(PTR)として {host} を設定するよう依頼してください。{domain} のDNS管理画面では設定できません。その名前の正引きは {ip} になっている必要があります。{ip} からもう送信していない場合は、SPFレコードから外してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for address in host::named_by_spf(evidence).filter(|address| address.ptr.is_absent()) {
        findings.push(host::finding(&RULE, evidence, address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds, offline_evidence};

    #[test]
    fn named_by_the_record() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ip4:93.184.216.7 a:out.example.test -all"
                                      ^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^
            out           A   93.184.216.8
            "#,
        );
    }

    #[test]
    fn with_a_name_and_addresses_that_only_receive() {
        clean(
            &RULE,
            r#"
            @    MX  10 mail
            @    TXT "v=spf1 ip4:93.184.216.7 ip4:93.184.216.8 -all"
            mail A   93.184.216.9
            7.216.184.93.in-addr.arpa. PTR out.example.test.
            8.216.184.93.in-addr.arpa. CNAME 8.0-127.216.184.93.in-addr.arpa.
            8.0-127.216.184.93.in-addr.arpa. PTR out.example.test.
            "#,
        );
    }

    #[test]
    fn where_nobody_was_asked() {
        let mut found = Vec::new();
        check(&offline_evidence("$TTL 60\n@ TXT \"v=spf1 ip4:93.184.216.7 -all\"\n")[0], &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
