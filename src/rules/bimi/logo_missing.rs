//! No image in `l`: there is nothing to show.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;

pub static RULE: Rule = Rule {
    id: "bimi-logo-missing",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "the BIMI record of {domain} names no image",
            here: "no image in `l=`",
            why: "`l=` names the image that receivers show. Without it the record is invalid, and no logo is shown. Mail itself is not affected.",
            fix: "Add `l=https://…` with the address of the image. If no logo is to be shown, publish `v=BIMI1; l=; a=;`.",
        },
        es: Prose {
            title: "el registro BIMI de {domain} no indica ninguna imagen",
            here: "falta la imagen en `l=`",
            why: "`l=` indica la imagen que muestran los receptores. Sin ella el registro no es válido y no se muestra ningún logotipo. El correo en sí no se ve afectado.",
            fix: "Añada `l=https://…` con la dirección de la imagen. Si no quiere mostrar ningún logotipo, publique `v=BIMI1; l=; a=;`.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードに画像が指定されていません",
            here: "`l=` に画像がありません",
            why: "`l=` は受信側が表示する画像を示す項目です。これがないレコードは無効で、ロゴは表示されません。メール自体への影響はありません。",
            fix: "画像のアドレスを `l=https://…` の形で追加してください。ロゴを表示させない場合は `v=BIMI1; l=; a=;` を公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    if applied.bimi.image().is_none() && !applied.bimi.is_declined() {
        let empty = applied.bimi.tags.find("l").map(|tag| tag.range.clone());
        findings.push(applied.at(&RULE, empty.unwrap_or(0..applied.bimi.txt.value.len())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn only_a_certificate() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; a=https://b.test/c.pem"
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=; a=https://b.test/c.pem"
                                        ^^
            "#,
        );
    }

    #[test]
    fn right_and_declined() {
        for value in
            ["v=BIMI1; l=https://b.test/l.svg", "v=BIMI1; l=; a=;", "v=BIMI1; l=;", "v=BIMI1; l=; a=; lps=true"]
        {
            clean(&RULE, &format!("default._bimi TXT \"{value}\""));
        }
    }
}
