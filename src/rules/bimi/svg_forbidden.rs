//! The image holds what SVG Tiny PS leaves out: scripts, animation, links, images, references.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::rules::bimi::image;

pub static RULE: Rule = Rule {
    id: "bimi-svg-forbidden",
    severity: Severity::Error,
    references: &["BIMI Group: draft-svg-tiny-ps-abrotman"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} holds what SVG Tiny PS forbids",
            here: "not allowed in SVG Tiny PS",
            why: "An image for BIMI must be complete in itself and do nothing: no scripts, no animation, no links, no pixel images, nothing from elsewhere, no `x` and `y` in the root. Receivers do not show one that holds any of it. Mail itself is not affected.",
            fix: "Delete this from the image, or have it converted to SVG Tiny PS.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} contiene algo que SVG Tiny PS prohíbe",
            here: "no permitido en SVG Tiny PS",
            why: "Una imagen para BIMI no puede depender de nada externo ni ejecutar nada: no admite scripts, animaciones, enlaces, imágenes de mapa de bits ni recursos externos, ni tampoco `x` e `y` en el elemento raíz. Los receptores no muestran las que contienen algo de eso. El correo en sí no se ve afectado.",
            fix: "Elimínelo de la imagen o convierta la imagen a SVG Tiny PS.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像に、SVG Tiny PSで禁止されている内容が含まれています",
            here: "SVG Tiny PSでは使えません",
            why: "BIMIの画像は、単独で完結した静止画でなければなりません。スクリプト、アニメーション、リンク、ビットマップ画像、外部への参照、ルート要素の `x` と `y` は使えず、これらを含む画像は表示されません。メール自体への影響はありません。",
            fix: "該当箇所を画像から削除するか、SVG Tiny PSに変換してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let is_forbidden = |problem: ProblemKind| {
        matches!(problem, ProblemKind::Element | ProblemKind::Attribute | ProblemKind::Reference)
    };
    findings.extend(image::all_in_one(evidence, &RULE, is_forbidden));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn each_place() {
        let image = "<svg xmlns='http://www.w3.org/2000/svg' x='0'><script/><rect onload='a()' fill='url(https://b.test/#a)'/></svg>";
        finds(&RULE, logo("image/svg+xml", image), &["x='0' <script onload='a()' fill='url(https://b.test/#a)'"]);
    }

    #[test]
    fn references_within() {
        clean(
            &RULE,
            logo(
                "image/svg+xml",
                "<svg xmlns='http://www.w3.org/2000/svg'><use href='#a' x='1' fill='url(#b)'/></svg>",
            ),
        );
    }
}
