//! The image is not square.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::rules::bimi::image;

pub static RULE: Rule = Rule {
    id: "bimi-svg-not-square",
    severity: Severity::Warning,
    references: &["BIMI Group: draft-svg-tiny-ps-abrotman", "Google: Set up BIMI"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} is not square",
            here: "no square `viewBox`",
            why: "Receivers show the logo in a square or a circle. An image without a square `viewBox` is cut off, distorted, or refused. Mail itself is not affected.",
            fix: "Write a `viewBox` with the same width and height, such as `viewBox=\"0 0 100 100\"`, and place the logo in its middle.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} no es cuadrada",
            here: "sin `viewBox` cuadrado",
            why: "Los receptores muestran el logotipo en un cuadrado o un círculo. Una imagen sin `viewBox` cuadrado se recorta, se deforma o se rechaza. El correo en sí no se ve afectado.",
            fix: "Escriba un `viewBox` con el mismo ancho y alto, por ejemplo `viewBox=\"0 0 100 100\"`, y coloque el logotipo en el centro.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像が正方形ではありません",
            here: "正方形の `viewBox` がありません",
            why: "受信側はロゴを正方形または円形で表示します。`viewBox` が正方形でない画像は、端が切れたり歪んだりするか、拒否されます。メール自体への影響はありません。",
            fix: "幅と高さが同じ `viewBox`(例: `viewBox=\"0 0 100 100\"`)を書き、ロゴを中央に配置してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let is_shape = |problem: ProblemKind| matches!(problem, ProblemKind::ViewBox | ProblemKind::NotSquare);
    let problems = image::problems(evidence, &RULE);
    findings.extend(problems.filter(|(problem, _)| is_shape(*problem)).map(|(_, finding)| finding));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn wide_or_unknown() {
        let image = |box_: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' {box_}/>");
        finds(&RULE, logo("image/svg+xml", image("viewBox='0 0 20 10'")), &["viewBox='0 0 20 10'"]);
        finds(&RULE, logo("image/svg+xml", image("width='10' height='10'")), &["<svg"]);
    }

    #[test]
    fn square() {
        clean(&RULE, logo("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9.5 9.5'/>"));
    }
}
