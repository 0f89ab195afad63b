//! A certificate that fits none of the TLSA records of its host.

use crate::evaluate::dane::{Match, key_hash};
use crate::evidence::{DaneHost, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dane::{asked, association_span, fit};
use crate::smtp::Probe;

pub static RULE: Rule = Rule {
    id: "dane-certificate-mismatch",
    severity: Severity::Error,
    references: &["RFC 7672 section 2.2", "RFC 7672 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the certificate of the MX host {host} of {domain} does not fit its TLSA records",
            here: "does not fit",
            why: "DNSSEC vouches for the TLSA records, so senders that use DANE, such as Exchange Online, deliver to {host} only where one of them fits its certificate or key. None does. Where no other host takes it, mail waits and then comes back.",
            fix: "If {host} shows the right certificate at {address}, publish the hash of its key at `{name}`: `TLSA 3 1 1 {hash}`. In future publish the record of a new key some days before the server gets the key, beside the old one, or keep the key when the certificate is renewed (certbot: `--reuse-key`). If the certificate is not yours, something on the way answers in place of {host}: check from another network, too.",
        },
        es: Prose {
            title: "el certificado del servidor MX {host} de {domain} no coincide con sus registros TLSA",
            here: "no coincide",
            why: "DNSSEC avala los registros TLSA, así que los servidores remitentes que usan DANE, como Exchange Online, solo entregan a {host} si alguno de ellos coincide con su certificado o su clave. Ninguno coincide. Si ningún otro servidor lo acepta, el correo espera y acaba devuelto.",
            fix: "Si {host} muestra en {address} el certificado correcto, publique en `{name}` el hash de su clave: `TLSA 3 1 1 {hash}`. En adelante, publique el registro de una clave nueva, junto al antiguo, unos días antes de instalarla en el servidor, o conserve la clave al renovar el certificado (certbot: `--reuse-key`). Si el certificado no es suyo, algo en el camino responde en lugar de {host}: compruébelo también desde otra red.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} の証明書が、TLSAレコードと一致しません",
            here: "一致しません",
            why: "TLSAレコードはDNSSECで保証されているため、Exchange OnlineなどDANEを使う送信側は、いずれかのレコードが証明書または公開鍵と一致する場合にだけ {host} に配送します。一致するレコードはありません。ほかに受け取るホストがなければ、メールは滞留したのち差出人に戻ります。",
            fix: "{host} が {address} で示す証明書が正しいものなら、その公開鍵のハッシュ値を `{name}` に公開してください: `TLSA 3 1 1 {hash}`。今後は、新しい鍵をサーバーに設定する数日前に、そのレコードを古いものと並べて公開するか、証明書の更新時に鍵を引き継いでください(certbotでは `--reuse-key`)。証明書に心当たりがなければ、途中の何かが {host} の代わりに応答しています。別のネットワークからも確認してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (host, probe) in asked(evidence).filter(|(host, probe)| fit(host, probe) == Some(Match::No)) {
        findings.extend(finding(evidence, host, probe));
    }
}

fn finding(evidence: &Evidence, host: &DaneHost, probe: &Probe) -> Option<Finding> {
    let hash = key_hash(probe.outcome.as_ref().ok()?.chain.first()?)?;
    let (first, _) = host.records().next()?;
    let places = host.records().map(|(record, _)| association_span(record));
    let finding = RULE.at(places).with("domain", &evidence.domain).with("host", &host.host);
    Some(finding.with("address", probe.address).with("name", &first.owner).with("hash", hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::dane::tests::{KEY, clean, finds, tls};

    const OTHER: &str = "3 1 1 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";
    const AUTHORITY: &str = "2 1 1 204076d0c3c1819a53c523c5cc826df77e09dd3e6abb2f29eac86edc438532c2";

    #[test]
    fn none_fits() {
        for records in [&[OTHER][..], &[AUTHORITY, OTHER], &[OTHER, "1 1 1 00"]] {
            finds(&RULE, records, Ok(tls()));
        }
    }

    #[test]
    fn one_fits_or_none_counts() {
        for records in [&[][..], &[KEY], &[OTHER, KEY], &["3 1 1 00"], &["2 0 0 3000", OTHER]] {
            clean(&RULE, records, &[], Ok(tls()));
        }
        for unsigned in ["example.test", "mx.example.test", "_25._tcp.mx.example.test"] {
            clean(&RULE, &[OTHER], &[unsigned], Ok(tls()));
        }
    }
}
