//! The image or the certificate could not be fetched.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Value, Words};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use crate::web::{CertificateFault, Failure, Page};
use std::ops::Range;

pub static RULE: Rule = Rule {
    id: "bimi-file-unreachable",
    severity: Severity::Warning,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI {file} of {domain} could not be fetched: {reason}",
            here: "{reason}",
            why: "Receivers fetch the {file} at this address, and show no logo if they do not get it. Mail itself is not affected.",
            fix: "Make `{url}` answer with status 200 over `https`, with a valid certificate for the host, or correct `{tag}=`.",
        },
        es: Prose {
            title: "no se pudo descargar {file} BIMI de {domain}: {reason}",
            here: "{reason}",
            why: "Los receptores descargan {file} de esta dirección y, si no lo consiguen, no muestran el logotipo. El correo en sí no se ve afectado.",
            fix: "Haga que `{url}` responda con el código 200 por `https`, con un certificado válido para el servidor, o corrija `{tag}=`.",
        },
        ja: Prose {
            title: "{domain} のBIMIの{file}を取得できません: {reason}",
            here: "{reason}",
            why: "受信側はこのアドレスから{file}を取得し、取得できなければロゴを表示しません。メール自体への影響はありません。",
            fix: "`{url}` が、ホスト名に対して有効な証明書を使った `https` でステータス200を返すようにするか、`{tag}=` を修正してください。",
        },
    },
};

const IMAGE: Words = Words { en: "image", es: "la imagen", ja: "画像" };
const CERTIFICATE: Words = Words { en: "certificate", es: "el certificado", ja: "証明書" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let files = [
        ("l", IMAGE, applied.bimi.image(), &evidence.indicator.image),
        ("a", CERTIFICATE, applied.bimi.certificate(), &evidence.indicator.certificate),
    ];
    for (tag, file, named, page) in files {
        let reason = page.as_ref().and_then(Page::failure).and_then(reason);
        if let Some(((url, range), reason)) = named.zip(reason) {
            findings.push(
                finding(&applied, tag, range).with("url", url).with_words("file", file).with_value("reason", reason),
            );
        }
    }
}

fn finding(applied: &Applied<'_>, tag: &str, range: Range<usize>) -> Finding {
    applied.at(&RULE, range).with("tag", tag)
}

/// The failure in words; nothing where it says nothing about the file.
fn reason(failure: &Failure) -> Option<Value> {
    let (en, es, ja) = match failure {
        Failure::NotAsked | Failure::NotResolved => return None,
        Failure::Status(status) => return Some(Value::Plain(format!("HTTP {status}"))),
        Failure::NoAddress => {
            ("the host has no address", "el servidor no tiene dirección IP", "ホストにIPアドレスがありません")
        }
        Failure::PrivateAddress => (
            "the host has a private address",
            "el servidor tiene una dirección privada",
            "ホストのIPアドレスがプライベートアドレスです",
        ),
        Failure::Timeout => ("no answer in time", "sin respuesta a tiempo", "時間内に応答がありません"),
        Failure::Unreachable => ("no connection", "sin conexión", "接続できません"),
        Failure::Certificate(fault) => certificate(fault),
        Failure::Tls(_) => ("no TLS connection", "sin conexión TLS", "TLSで接続できません"),
        Failure::Protocol => ("the answer is not HTTP", "la respuesta no es HTTP", "HTTPの応答ではありません"),
        Failure::TooLarge => ("larger than 512 KB", "más de 512 KB", "サイズが512 KBを超えています"),
        Failure::Redirect(_) => {
            ("a redirect that is not followed", "una redirección que no se sigue", "たどれないリダイレクトです")
        }
    };
    Some(Value::Words(Words { en, es, ja }))
}

fn certificate(fault: &CertificateFault) -> (&'static str, &'static str, &'static str) {
    match fault {
        CertificateFault::Expired => (
            "the server certificate has expired",
            "el certificado del servidor ha caducado",
            "サーバー証明書の有効期限が切れています",
        ),
        CertificateFault::NotYetValid => (
            "the server certificate is not valid yet",
            "el certificado del servidor aún no es válido",
            "サーバー証明書がまだ有効期間に入っていません",
        ),
        CertificateFault::WrongName(_) => (
            "the server certificate is for another name",
            "el certificado del servidor es para otro nombre",
            "サーバー証明書が別の名前のものです",
        ),
        CertificateFault::UnknownIssuer => (
            "no trusted authority issued the server certificate",
            "ninguna autoridad de confianza emitió el certificado del servidor",
            "サーバー証明書の発行元が信頼されていません",
        ),
        CertificateFault::Other(_) => (
            "the server certificate is not valid",
            "el certificado del servidor no es válido",
            "サーバー証明書が正しくありません",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo, logo_failed};

    #[test]
    fn each_reason() {
        let url = ["https://b.test/logo.svg"];
        for failure in [Failure::Status(404), Failure::NoAddress, Failure::Certificate(CertificateFault::Expired)] {
            finds(&RULE, logo_failed(failure), &url);
        }
        assert_eq!(
            reason(&Failure::Status(404)).map(|reason| reason.get(Lang::En).to_owned()).as_deref(),
            Some("HTTP 404")
        );
    }

    #[test]
    fn there_or_unknown() {
        clean(&RULE, logo("image/svg+xml", "<svg/>"));
        clean(&RULE, logo_failed(Failure::NotAsked));
        clean(&RULE, logo_failed(Failure::NotResolved));
    }
}
