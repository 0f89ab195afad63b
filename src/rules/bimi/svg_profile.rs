//! The image does not say that it is SVG Tiny PS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::rules::bimi::image;

pub static RULE: Rule = Rule {
    id: "bimi-svg-profile",
    severity: Severity::Error,
    references: &["BIMI Group: draft-svg-tiny-ps-abrotman"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} does not declare the profile SVG Tiny PS",
            here: "must say `{expected}`",
            why: "Receivers show only images of the profile SVG Tiny PS, which the root element declares with `version=\"1.2\"` and `baseProfile=\"tiny-ps\"`. Mail itself is not affected.",
            fix: "Convert the image to SVG Tiny PS, and write `{expected}` in its `svg` element.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} no declara el perfil SVG Tiny PS",
            here: "debe decir `{expected}`",
            why: "Los receptores solo muestran imágenes del perfil SVG Tiny PS, que el elemento raíz declara con `version=\"1.2\"` y `baseProfile=\"tiny-ps\"`. El correo en sí no se ve afectado.",
            fix: "Convierta la imagen a SVG Tiny PS y escriba `{expected}` en su elemento `svg`.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像にSVG Tiny PSの宣言がありません",
            here: "`{expected}` が必要です",
            why: "受信側が表示するのはSVG Tiny PSの画像だけで、ルート要素に `version=\"1.2\"` と `baseProfile=\"tiny-ps\"` を書いて宣言します。メール自体への影響はありません。",
            fix: "画像をSVG Tiny PSに変換し、`svg` 要素に `{expected}` を書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let is_profile = |problem: ProblemKind| matches!(problem, ProblemKind::Profile | ProblemKind::Version);
    let finding = image::all_in_one(evidence, &RULE, is_profile);
    findings.extend(finding.map(|finding| finding.with("expected", "version=\"1.2\" baseProfile=\"tiny-ps\"")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn as_programs_export_it() {
        let image = "<svg xmlns='http://www.w3.org/2000/svg' version='1.1' viewBox='0 0 1 1'><title>B</title></svg>";
        finds(&RULE, logo("image/svg+xml", image), &["<svg version='1.1'"]);
    }

    #[test]
    fn as_it_should_be() {
        let image = "<svg xmlns='http://www.w3.org/2000/svg' version='1.2' baseProfile='tiny-ps'/>";
        clean(&RULE, logo("image/svg+xml", image));
        clean(&RULE, logo("text/html", "<html/>"));
    }
}
