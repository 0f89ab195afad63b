//! An address in `l` or `a` that is no `https` URL.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::bimi::record::Applied;
use crate::web::{Url, UrlError};

pub static RULE: Rule = Rule {
    id: "bimi-not-https",
    severity: Severity::Error,
    references: &["BIMI Group: draft-brand-indicators-for-message-identification"],
    check,
    text: Text {
        en: Prose {
            title: "`{url}` in the BIMI record of {domain} is not an `https` address",
            here: "{fault}",
            why: "Image and certificate are fetched over `https` only, from a host name, not from an IP address. With any other address in `{tag}` receivers show no logo. Mail itself is not affected.",
            fix: "Write the whole address in `{tag}`: `https://`, the host, and the path; the server must offer the file that way.",
        },
        es: Prose {
            title: "`{url}` en el registro BIMI de {domain} no es una dirección `https`",
            here: "{fault}",
            why: "La imagen y el certificado solo se descargan por `https`, de un servidor indicado por su nombre, no por su dirección IP. Con cualquier otra dirección en `{tag}` los receptores no muestran el logotipo. El correo en sí no se ve afectado.",
            fix: "Escriba en `{tag}` la dirección completa: `https://`, el servidor y la ruta; el servidor debe ofrecer el archivo por `https`.",
        },
        ja: Prose {
            title: "{domain} のBIMIレコードの `{url}` は `https` のアドレスではありません",
            here: "{fault}",
            why: "画像と証明書は、ホスト名で始まる `https` のアドレスからのみ取得されます。`{tag}` にそれ以外のアドレスがあると、受信側はロゴを表示しません。メール自体への影響はありません。",
            fix: "`{tag}` には `https://`、ホスト、パスを含む完全なアドレスを書き、サーバーでも `https` で公開してください。",
        },
    },
};

const SCHEME: Words = Words { en: "not `https://`", es: "no es `https://`", ja: "`https://` ではありません" };
const HOST: Words = Words { en: "no host name", es: "sin nombre de servidor", ja: "ホスト名がありません" };
const CHARACTER: Words =
    Words { en: "not a valid URL", es: "no es una URL válida", ja: "URLとして正しくありません" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    for (tag, named) in [("l", applied.bimi.image()), ("a", applied.bimi.certificate())] {
        let Some((url, range)) = named else { continue };
        let fault = match Url::parse(url) {
            Ok(_) => continue,
            Err(UrlError::Scheme) => SCHEME,
            Err(UrlError::Host) => HOST,
            Err(UrlError::Character) => CHARACTER,
        };
        findings.push(applied.at(&RULE, range).with("url", url).with("tag", tag).with_words("fault", fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn without_encryption_and_without_a_host() {
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=http://b.test/l.svg; a=b.test/c.pem"
                                          ^^^^^^^^^^^^^^^^^^^    ^^^^^^^^^^^^
            "#,
        );
        finds(
            &RULE,
            r#"
            default._bimi TXT "v=BIMI1; l=https://192.0.2.1/l.svg"
                                          ^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in ["v=BIMI1; l=HTTPS://b.test/l.svg; a=https://b.test:8443/c.pem?x=1", "v=BIMI1; l=; a=;"] {
            clean(&RULE, &format!("default._bimi TXT \"{value}\""));
        }
    }
}
