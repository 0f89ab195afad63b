//! The name of the image says that it is no SVG.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-not-svg-by-name",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI image of {domain} is not an SVG: `{extension}`",
            here: "not `.svg`",
            why: "BIMI takes SVG images only, in the profile Tiny PS. Receivers treat an address that ends in another image format as an error and show no logo. Mail itself is not affected.",
            fix: "Have the logo drawn as SVG Tiny PS, publish it over `https`, and name it in `l=` with `.svg` at the end.",
        },
        es: Prose {
            title: "la imagen BIMI de {domain} no es SVG: `{extension}`",
            here: "no es `.svg`",
            why: "BIMI solo admite imágenes SVG, con el perfil Tiny PS. Los receptores consideran un error una dirección que termine en otro formato de imagen y no muestran el logotipo. El correo en sí no se ve afectado.",
            fix: "Encargue el logotipo en formato SVG Tiny PS, publíquelo por `https` e indíquelo en `l=` con un nombre terminado en `.svg`.",
        },
        ja: Prose {
            title: "{domain} のBIMI画像がSVGではありません: `{extension}`",
            here: "`.svg` ではありません",
            why: "BIMIで使えるのはSVG画像(Tiny PSプロファイル)だけです。ほかの画像形式の拡張子で終わるアドレスは誤りとして扱われ、ロゴは表示されません。メール自体への影響はありません。",
            fix: "ロゴをSVG Tiny PS形式で用意して `https` で公開し、末尾が `.svg` のアドレスを `l=` に書いてください。",
        },
    },
};

/// Endings of other formats than SVG that people save images in.
const OTHERS: [&str; 15] =
    ["png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "ico", "tif", "tiff", "pdf", "eps", "ai", "psd"];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let Some((url, range)) = applied.bimi.image() else { return };
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let Some((before, extension)) = path.rsplit_once('.') else { return };
    // Behind `https://` there must be another slash: the last label of a host is no ending.
    let is_in_path = before.split_once("//").map_or(before, |(_, rest)| rest).contains('/');
    // Section "Supported Image Formats": "If an l= tag URI ends with any other image format suffix […] the evaluation of the
    // record MUST be treated as a permanent error."
    if is_in_path && OTHERS.iter().any(|other| other.eq_ignore_ascii_case(extension)) {
        let start = range.start + before.len();
        let finding = applied.at(&RULE, start..start + 1 + extension.len());
        findings.push(finding.with("extension", format!(".{extension}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_png() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://b.test/a.b/logo.PNG?v=1"
                                                                 ^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for url in [
            "https://b.test/logo.svg",
            "https://b.test/logo.svgz",
            "https://b.test/logo",
            "https://b.ai",
            "https://b.ai/x?f=a.png",
        ] {
            clean(&RULE, &format!("default._bimi TXT \"v=BIMI1; l={url}; a=https://b.test/c.pdf\""));
        }
    }
}
