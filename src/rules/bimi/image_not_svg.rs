//! What was fetched as the image is no SVG.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::records::svg::ProblemKind;
use crate::rules::Rule;
use crate::rules::bimi::image;

pub static RULE: Rule = Rule {
    id: "bimi-image-not-svg",
    severity: Severity::Error,
    references: &[
        "BIMI Group: draft-brand-indicators-for-message-identification",
        "BIMI Group: draft-svg-tiny-ps-abrotman",
    ],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} is not a readable SVG: {fault}",
            here: "{fault}",
            why: "Receivers read the image as XML with the root element `svg`. Anything else, or XML that is not well-formed, is not shown. Mail itself is not affected.",
            fix: "Publish the logo as SVG Tiny PS at the address in `l=`, and check that the server sends the file itself, not a web page.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} no es un SVG legible: {fault}",
            here: "{fault}",
            why: "Los receptores leen la imagen como XML con el elemento raíz `svg`. Si el archivo es otra cosa o el XML está mal formado, la imagen no se muestra. El correo en sí no se ve afectado.",
            fix: "Publique el logotipo como SVG Tiny PS en la dirección de `l=` y compruebe que el servidor envía el propio archivo y no una página web.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像をSVGとして読めません: {fault}",
            here: "{fault}",
            why: "受信側は画像を、ルート要素が `svg` のXMLとして読みます。それ以外のものや、XMLとして正しくないものは表示されません。メール自体への影響はありません。",
            fix: "`l=` のアドレスにロゴをSVG Tiny PS形式で置き、サーバーがWebページではなくファイルそのものを返すことを確認してください。",
        },
    },
};

const NOT_XML: Words =
    Words { en: "not well-formed XML", es: "el XML está mal formado", ja: "XMLとして正しくありません" };
const ENTITIES: Words =
    Words { en: "it declares entities", es: "declara entidades", ja: "エンティティが宣言されています" };
const NOT_SVG: Words = Words {
    en: "the root element is not `svg` of SVG",
    es: "el elemento raíz no es el `svg` de SVG",
    ja: "ルート要素がSVGの `svg` ではありません",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (problem, finding) in image::problems(evidence, &RULE) {
        let fault = match problem {
            ProblemKind::NotXml => NOT_XML,
            ProblemKind::Entities => ENTITIES,
            ProblemKind::NotSvg => NOT_SVG,
            _ => continue,
        };
        findings.push(finding.with_words("fault", fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fetched_clean as clean, fetched_finds as finds, logo};

    #[test]
    fn a_web_page_and_an_open_end() {
        finds(&RULE, logo("text/html", "<html><body/></html>"), &["<html"]);
        finds(&RULE, logo("image/svg+xml", "<svg></g>"), &["<"]);
        finds(&RULE, logo("image/svg+xml", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"), &["<!DOCTYPE svg ["]);
    }

    #[test]
    fn an_image() {
        clean(&RULE, logo("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"));
        clean(&RULE, logo("image/svg+xml", b"\x1f\x8b\x08"));
    }
}
