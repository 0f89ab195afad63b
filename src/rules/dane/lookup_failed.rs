//! The TLSA lookup of a mail exchange in a signed zone fails: senders that use DANE wait.

use crate::dns::Failure;
use crate::evidence::{DaneHost, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dane::is_looked_up;

pub static RULE: Rule = Rule {
    id: "dane-lookup-failed",
    severity: Severity::Error,
    references: &["RFC 7672 section 2.1.2", "RFC 7672 section 2.2.2"],
    check,
    text: Text {
        en: Prose {
            title: "the TLSA lookup for the MX host {host} of {domain} fails",
            here: "no answer, so no delivery",
            why: "DNSSEC vouches for the addresses of {host}, so senders that use DANE ask for its TLSA records, and deliver nothing to it until they get an answer, even if it is that there are none. The mail waits and then bounces.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "falla la consulta TLSA del servidor MX {host} de {domain}",
            here: "sin respuesta no hay entrega",
            why: "Las direcciones de {host} están protegidas por DNSSEC, así que los servidores remitentes que usan DANE consultan sus registros TLSA y no le entregan nada hasta obtener respuesta, aunque esta sea que no existen. El correo espera en cola y al final se devuelve.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} のTLSAルックアップに失敗します",
            here: "応答がないと配送されません",
            why: "{host} のアドレスはDNSSECで保証されているため、DANEを使う送信側は、まずTLSAレコードを問い合わせます。「存在しない」という応答でもかまいませんが、応答が得られるまでは何も配送しません。メールは滞留した後に不達となります。",
            fix: "{remedy}",
        },
    },
};

const ANSWER: Words = Words {
    en: "Have the name servers of the MX host answer questions for TLSA records at `_25._tcp.` and its name: with the records, or with a signed answer that there are none. Look for servers or firewalls that drop or refuse record types they do not know.",
    es: "Haga que los servidores de nombres del servidor MX respondan a las consultas de registros TLSA en `_25._tcp.` más su nombre: con los registros o con una respuesta firmada que indique que no existen. Busque servidores o cortafuegos que descarten o rechacen tipos de registro que no conocen.",
    ja: "MXホストのネームサーバーが、`_25._tcp.` にホスト名を続けた名前のTLSAレコードの問い合わせに応答するようにしてください。レコードを返すか、存在しないことを署名付きで返す必要があります。未知のレコードタイプを破棄または拒否するサーバーやファイアウォールがないか確認してください。",
};
const SIGN: Words = Words {
    en: "The signature of the answer is not valid: have the zone of the MX host signed again.",
    es: "La firma de la respuesta no es válida: haga que se vuelva a firmar la zona del servidor MX.",
    ja: "応答の署名が正しくありません。MXホストのゾーンを署名し直してください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let failed = |host: &&DaneHost| matches!(host.tlsa.failure(), Some(Failure::ServFail | Failure::Bogus));
    for host in evidence.dane.hosts.iter().filter(failed).filter(|host| is_looked_up(evidence, host)) {
        let finding = RULE.at([host.tlsa.question_span()]).and_at([host.record.field_span(1)]);
        let remedy = if host.tlsa.failure() == Some(Failure::Bogus) { SIGN } else { ANSWER };
        let finding = finding.with("domain", &evidence.domain).with("host", &host.host);
        findings.push(finding.with_words("remedy", remedy));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Resolver, clean};

    const WORLD: &str = "$TTL 60\n@ MX 10 mx\nmx A 192.0.2.1\n";

    fn finds(unsigned: &[&str], failure: Failure) -> Vec<String> {
        let failing = [("_25._tcp.mx.example.test TLSA", failure)];
        Resolver { failing: &failing, ..Resolver::new(WORLD, unsigned) }.findings(&RULE)
    }

    #[test]
    fn no_answer_in_a_signed_zone() {
        let places = ["_25._tcp.mx.example.test. TLSA | mx"];
        assert_eq!(finds(&[], Failure::ServFail), places);
        assert_eq!(finds(&[], Failure::Bogus), places);
    }

    #[test]
    fn nobody_looks_or_nobody_knows() {
        clean(&RULE, "@ MX 10 mx\nmx A 192.0.2.1");
        assert!(finds(&["example.test"], Failure::ServFail).is_empty());
        assert!(finds(&["mx.example.test"], Failure::ServFail).is_empty());
        assert!(finds(&[], Failure::Timeout).is_empty());
    }
}
