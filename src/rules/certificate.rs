//! What is wrong with a certificate, in words: for the rules of all topics.

use crate::lang::Words;
use crate::tls::CertificateFault;

const EXPIRED: Words = Words { en: "it has expired", es: "ha caducado", ja: "有効期限が切れています" };
const EARLY: Words =
    Words {
        en: "its time has not begun", es: "su validez aún no ha comenzado", ja: "まだ有効期間に入っていません"
    };
const NAME: Words =
    Words { en: "it is for other names", es: "es para otros nombres", ja: "別の名前の証明書です" };
const ISSUER: Words = Words {
    en: "no trusted authority issued it",
    es: "no lo emitió ninguna autoridad de confianza",
    ja: "信頼された認証局が発行したものではありません",
};
const OTHER: Words =
    Words { en: "it is not accepted", es: "no se acepta", ja: "証明書の検証に失敗しました" };

/// The fault in words, and what there is to add to them.
pub(super) fn described(fault: &CertificateFault) -> (Words, String) {
    match fault {
        CertificateFault::Expired => (EXPIRED, String::new()),
        CertificateFault::NotYetValid => (EARLY, String::new()),
        CertificateFault::WrongName(names) => (NAME, some(names)),
        CertificateFault::UnknownIssuer => (ISSUER, String::new()),
        CertificateFault::Other(why) => (OTHER, format!(" ({why})")),
    }
}

/// The first names: a certificate may hold hundreds.
fn some(names: &[String]) -> String {
    let more = if names.len() > 3 { ", …" } else { "" };
    let shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    if shown.is_empty() { String::new() } else { format!(" ({}{more})", shown.join(", ")) }
}
