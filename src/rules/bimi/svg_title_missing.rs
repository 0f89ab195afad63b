//! The image has no title.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::rules::bimi::image;

pub static RULE: Rule = Rule {
    id: "bimi-svg-title-missing",
    severity: Severity::Error,
    references: &["BIMI Group: draft-svg-tiny-ps-abrotman"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} has no title",
            here: "no `<title>` in this element",
            why: "SVG Tiny PS demands a `<title>` directly inside the `svg` element; receivers and issuers of certificates refuse an image without it. Mail itself is not affected.",
            fix: "Write `<title>` with the name of your organization as the first element of the image.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} no tiene título",
            here: "falta `<title>` en este elemento",
            why: "SVG Tiny PS exige un `<title>` directamente dentro del elemento `svg`; los receptores y los emisores de certificados rechazan las imágenes que no lo tienen. El correo en sí no se ve afectado.",
            fix: "Escriba `<title>` con el nombre de su organización como primer elemento de la imagen.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像にタイトルがありません",
            here: "この要素に `<title>` がありません",
            why: "SVG Tiny PSでは `svg` 要素の直下に `<title>` が必須です。これがない画像は、受信側や証明書の発行者に拒否されます。メール自体への影響はありません。",
            fix: "画像の最初の要素として、組織名を入れた `<title>` を書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let problems = image::problems(evidence, &RULE);
    findings.extend(problems.filter(|(problem, _)| *problem == ProblemKind::Title).map(|(_, finding)| finding));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn none_or_empty() {
        for title in ["", "<title/>", "<g><title>B</title></g>"] {
            finds(
                &RULE,
                logo("image/svg+xml", format!("<svg xmlns='http://www.w3.org/2000/svg'>{title}</svg>")),
                &["<svg"],
            );
        }
    }

    #[test]
    fn there() {
        clean(&RULE, logo("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><title>B</title></svg>"));
    }
}
