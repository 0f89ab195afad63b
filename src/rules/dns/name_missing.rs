//! The domain does not exist.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-name-missing",
    severity: Severity::Error,
    references: &["RFC 8020 section 2", "RFC 5321 section 2.3.5", "Yahoo: SMTP Error Codes"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} does not exist in DNS",
            here: "no such name",
            why: "DNS says that there is no such domain (NXDOMAIN). Nobody can send mail to it, and receivers refuse or distrust mail in its name: no server passes SPF for it, and no DKIM key can stand below it.",
            fix: "Check the spelling of {domain}. If it is right, look at the registrar whether the registration has lapsed and whether name servers are set; for a subdomain, create its records.",
        },
        es: Prose {
            title: "{domain} no existe en el DNS",
            here: "no existe ese nombre",
            why: "El DNS responde que no existe ese dominio (NXDOMAIN). Nadie puede enviarle correo, y los receptores rechazan el que se envía en su nombre o desconfían de él: ningún servidor supera SPF y no puede haber ninguna clave DKIM.",
            fix: "Compruebe que {domain} está bien escrito. Si lo está, mire en el registrador si el registro del dominio ha caducado y si tiene servidores de nombres; si es un subdominio, cree sus registros.",
        },
        ja: Prose {
            title: "{domain} はDNSに存在しません",
            here: "この名前は存在しません",
            why: "DNSは、このドメインは存在しないと応答しています(NXDOMAIN)。このドメイン宛てにはメールを送れません。このドメインを差出人とするメールも、SPFに合格するサーバーがなくDKIMの公開鍵も置けないため、受信側で拒否されるか疑われます。",
            fix: "{domain} のつづりを確認してください。正しい場合は、ドメインの登録が失効していないか、ネームサーバーが設定されているかをレジストラで確認してください。サブドメインの場合は、そのレコードを作成してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if evidence.is_nonexistent() {
        findings.push(RULE.at([evidence.soa.question_span()]).with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::testing::{clean, live_evidence};

    fn ids(text: &str) -> Vec<&'static str> {
        rules::run(&live_evidence(text, &["s1"])).iter().map(|finding| finding.id).collect()
    }

    /// As `testing::finds`, for a domain that no zone file holds.
    fn finds(text: &str) {
        assert_eq!(ids(text), ["dns-name-missing"]);
    }

    #[test]
    fn nothing_else_is_said_of_it() {
        finds("other.test. A 192.0.2.1");
        finds("_dmarc.test. TXT \"v=DMARC1; p=reject; rua=mailto:a@other.test\"\n*.other.test. A 192.0.2.1");
    }

    #[test]
    fn what_exists() {
        clean(&RULE, "www A 192.0.2.1");
        for text in ["www A 192.0.2.1", "@ A 192.0.2.1", "_dmarc TXT \"v=DMARC1; p=none\"", "@ CNAME none.test."] {
            assert!(!ids(text).contains(&"dns-name-missing"), "{text}");
        }
    }
}
