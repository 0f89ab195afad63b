//! The image is sent as something else.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use crate::web::Page;

pub static RULE: Rule = Rule {
    id: "bimi-content-type",
    severity: Severity::Warning,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification", "RFC 6170 section 5.2"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} is sent as `{type}`",
            here: "sent as `{type}`",
            why: "A web server says with each file what it is. Receivers may refuse a logo that is not sent as `image/svg+xml`. Mail itself is not affected.",
            fix: "Have the web server send `Content-Type: image/svg+xml` for this file.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} se envía como `{type}`",
            here: "se envía como `{type}`",
            why: "El servidor web indica con cada archivo de qué tipo es. Los receptores pueden rechazar un logotipo que no se envíe como `image/svg+xml`. El correo en sí no se ve afectado.",
            fix: "Haga que el servidor web envíe `Content-Type: image/svg+xml` para este archivo.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像が `{type}` として返されています",
            here: "`{type}` として返されています",
            why: "Webサーバーは、ファイルを返すときにその種類も伝えます。`image/svg+xml` として返されないロゴは、受信側に拒否されることがあります。メール自体への影響はありません。",
            fix: "このファイルに `Content-Type: image/svg+xml` を付けて返すよう、Webサーバーを設定してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let document = evidence.indicator.image.as_ref().and_then(Page::document);
    let sent_as = document.and_then(|document| document.content_type.as_deref());
    let Some((sent_as, (_, range))) = sent_as.zip(applied.bimi.image()) else { return };
    let media_type = sent_as.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("image/svg+xml") {
        findings.push(applied.at(&RULE, range).with("type", media_type));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn as_something_else() {
        for sent_as in ["text/plain", "application/octet-stream; charset=binary"] {
            finds(&RULE, logo(sent_as, "<svg/>"), &["https://b.test/logo.svg"]);
        }
    }

    #[test]
    fn as_svg() {
        for sent_as in ["image/svg+xml", "Image/SVG+XML; charset=utf-8"] {
            clean(&RULE, logo(sent_as, "<svg/>"));
        }
    }
}
