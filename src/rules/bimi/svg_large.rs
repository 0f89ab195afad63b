//! The image is larger than the profile advises.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::svg::ADVISED;
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use crate::web::Page;

pub static RULE: Rule = Rule {
    id: "bimi-svg-large",
    severity: Severity::Advice,
    references: &["BIMI Group: draft-svg-tiny-ps-abrotman", "Google: Set up BIMI"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} is {size} KB large",
            here: "more than 32 KB",
            why: "SVG Tiny PS recommends at most 32 KB. Some receivers do not show larger images.",
            fix: "Simplify the paths of the image, and leave out metadata of the drawing program.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} ocupa {size} KB",
            here: "más de 32 KB",
            why: "SVG Tiny PS recomienda un máximo de 32 KB. Algunos receptores no muestran imágenes más grandes.",
            fix: "Simplifique los trazados de la imagen y elimine los metadatos del programa de dibujo.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像が {size} KBあります",
            here: "32 KBを超えています",
            why: "SVG Tiny PSでは32 KB以下が推奨されています。これより大きい画像を表示しない受信側もあります。",
            fix: "画像のパスを単純にし、作成ソフトが付けたメタデータを取り除いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let document = evidence.indicator.image.as_ref().and_then(Page::document);
    let Some((document, (_, range))) = document.zip(applied.bimi.image()) else { return };
    if document.octets.len() > ADVISED {
        findings.push(applied.at(&RULE, range).with("size", document.octets.len().div_ceil(1024)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn one_octet_too_many() {
        finds(&RULE, logo("image/svg+xml", " ".repeat(ADVISED + 1)), &["https://b.test/logo.svg"]);
    }

    #[test]
    fn small_enough() {
        clean(&RULE, logo("image/svg+xml", " ".repeat(ADVISED)));
    }
}
