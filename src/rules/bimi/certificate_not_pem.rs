//! What was fetched as the certificate is none.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use crate::web::Page;

pub static RULE: Rule = Rule {
    id: "bimi-certificate-not-pem",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "the file in `a=` of the BIMI record of {domain} is not a certificate",
            here: "no PEM certificate there",
            why: "`a=` names a file with the Verified or Common Mark Certificate in PEM form, which begins with `-----BEGIN CERTIFICATE-----`. Receivers that demand a certificate show no logo. Mail itself is not affected.",
            fix: "Publish the PEM file of the issuer at `{url}`, with the certificates of the chain behind it.",
        },
        es: Prose {
            title: "el archivo de `a=` del registro BIMI de {domain} no es un certificado",
            here: "ahí no hay un certificado PEM",
            why: "`a=` indica un archivo con el Verified o Common Mark Certificate en formato PEM, que empieza por `-----BEGIN CERTIFICATE-----`. Los receptores que exigen certificado no muestran el logotipo. El correo en sí no se ve afectado.",
            fix: "Publique en `{url}` el archivo PEM que le entregó el emisor, seguido de los certificados de la cadena.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードの `a=` が指すファイルは証明書ではありません",
            here: "PEM形式の証明書がありません",
            why: "`a=` には、`-----BEGIN CERTIFICATE-----` で始まるPEM形式の証明書(VMCまたはCMC)のファイルを指定します。証明書を必須とする受信側ではロゴが表示されません。メール自体への影響はありません。",
            fix: "発行者から受け取った証明書に中間証明書を続けたPEMファイルを、`{url}` で公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let document = evidence.indicator.certificate.as_ref().and_then(Page::document);
    let Some((document, (url, range))) = document.zip(applied.bimi.certificate()) else { return };
    if !holds_certificate(&document.text.text) {
        findings.push(applied.at(&RULE, range).with("url", url));
    }
}

/// RFC 7468 section 2: Base64 between two lines. What the certificate says is not looked at.
fn holds_certificate(text: &str) -> bool {
    let body = text.split_once("-----BEGIN CERTIFICATE-----").map(|(_, rest)| rest);
    let body = body.and_then(|rest| rest.split_once("-----END CERTIFICATE-----")).map(|(body, _)| body.trim());
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || matches!(c, '+' | '/' | '=');
    body.is_some_and(|body| !body.is_empty() && body.chars().all(is_base64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{certificate, fetched_clean as clean, fetched_finds as finds};

    #[test]
    fn something_else() {
        for text in [
            "",
            "<html/>",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nAAAA",
        ] {
            finds(&RULE, certificate(text), &["https://b.test/c.pem"]);
        }
    }

    #[test]
    fn a_certificate() {
        clean(
            &RULE,
            certificate("comment\r\n-----BEGIN CERTIFICATE-----\r\nMIIB+/==\r\n-----END CERTIFICATE-----\r\n"),
        );
    }
}
