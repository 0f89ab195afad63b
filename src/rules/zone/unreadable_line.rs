//! A line of the zone file that cannot be read, or does not belong there.

use std::net::IpAddr;

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::{Kind, NameError};
use crate::rules::Rule;
use crate::source::Span;
use crate::zone::{Problem, ProblemKind};

pub static RULE: Rule = Rule {
    id: "zone-unreadable-line",
    severity: Severity::Error,
    references: &["RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "a line of the zone file cannot be used: {problem}",
            here: "cannot be used",
            why: "Name servers, and tools that publish zones, skip such a line or refuse the whole zone; then the old one goes on being served, or none at all. The record on this line is not part of this report.",
            fix: "Correct the line.",
        },
        es: Prose {
            title: "una línea del archivo de zona no se puede usar: {problem}",
            here: "no se puede usar",
            why: "Los servidores de nombres y las herramientas que publican zonas ignoran una línea así o rechazan la zona entera; entonces se sigue sirviendo la antigua o ninguna. El registro de esta línea no forma parte de este informe.",
            fix: "Corrija la línea.",
        },
        ja: Prose {
            title: "ゾーンファイルに使用できない行があります: {problem}",
            here: "使用できません",
            why: "ネームサーバーや、ゾーンを公開するツールは、このような行を読み飛ばすか、ゾーン全体の読み込みを拒否します。拒否した場合は古いゾーンが提供され続けるか、応答がなくなります。この行のレコードは、このレポートの検査対象に含まれていません。",
            fix: "この行を修正してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for problem in zone.unread() {
        if problem.kind != ProblemKind::LongString && !problem.kind.is_unread_include() {
            let finding = RULE.at([problem.at.clone()]).with_words("problem", words(&problem.kind));
            findings.push(match correction(problem) {
                Some((at, text)) => finding.edit(at, text),
                None => finding,
            });
        }
    }
}

/// What to write where there is one right answer: a quotation mark at the end of the line, or an address without the final
/// dot that names have.
fn correction(problem: &Problem) -> Option<(Span, &'static str)> {
    let (at, text) = (&problem.at, problem.at.text());
    let end = at.bytes.start + text.trim_end().len();
    match problem.kind {
        ProblemKind::UnclosedQuote if ends_with_line(text) => Some((Span { bytes: end..end, ..at.clone() }, "\"")),
        ProblemKind::BadData(Kind::A | Kind::AAAA) => {
            let is_address = text.strip_suffix('.').is_some_and(|text| text.parse::<IpAddr>().is_ok());
            is_address.then(|| (Span { bytes: end - 1..end, ..at.clone() }, ""))
        }
        _ => None,
    }
}

/// Does the text behind an open quotation mark go on to the end of the line, so that no comment or parenthesis is in it?
/// In a list of tags, a tag stands behind each semicolon.
fn ends_with_line(text: &str) -> bool {
    let mut parts = text.split(';').skip(1).peekable();
    let is_plain = !text.contains(['(', ')']) && !text.trim_end().ends_with('\\');
    let is_list = text.trim_start_matches('"').starts_with("v=") && !text.to_ascii_lowercase().contains("v=spf1");
    let is_tag =
        |part: &str| part.trim().is_empty() || part.split_once('=').is_some_and(|(tag, _)| is_word(tag.trim()));
    is_plain && (parts.peek().is_none() || is_list && parts.all(is_tag))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn words(problem: &ProblemKind) -> Words {
    let (en, es, ja) = match problem {
        ProblemKind::BadName(error) => return name_words(*error),
        ProblemKind::BadData(kind) => return data_words(*kind),
        ProblemKind::UnclosedQuote => {
            ("a quotation mark is not closed", "hay unas comillas sin cerrar", "引用符が閉じられていません")
        }
        ProblemKind::UnclosedParenthesis => {
            ("a parenthesis is not closed", "hay un paréntesis sin cerrar", "かっこが閉じられていません")
        }
        ProblemKind::StrayParenthesis => (
            "a closing parenthesis without an opening one",
            "hay un paréntesis de cierre sin el de apertura",
            "対応する開きかっこのない閉じかっこがあります",
        ),
        ProblemKind::BadEscape => (
            "a backslash with nothing valid after it",
            "hay una barra invertida sin nada válido detrás",
            "バックスラッシュの後の文字が正しくありません",
        ),
        ProblemKind::NoType => (
            "no record type such as A, MX or TXT",
            "falta el tipo de registro, como A, MX o TXT",
            "A、MX、TXTなどのレコードタイプがありません",
        ),
        ProblemKind::NoOwner => (
            "no name on this line, and none before it",
            "no hay nombre en esta línea ni en las anteriores",
            "この行にも、それより前の行にも名前がありません",
        ),
        ProblemKind::NoOrigin => (
            "a name without a final dot, and no `$ORIGIN` before it",
            "un nombre sin punto final y sin `$ORIGIN` antes",
            "末尾にドットのない名前ですが、それより前に `$ORIGIN` がありません",
        ),
        ProblemKind::LongString => (
            "a string of more than 255 octets",
            "una cadena de más de 255 octetos",
            "255オクテットを超える文字列があります",
        ),
        ProblemKind::BadClass => ("the class is not IN", "la clase no es IN", "クラスがINではありません"),
        ProblemKind::OutOfZone => (
            "the name does not belong to this zone",
            "el nombre no pertenece a esta zona",
            "名前がこのゾーンに属していません",
        ),
        ProblemKind::BadSyntax
        | ProblemKind::TooDeep
        | ProblemKind::TooManyAliases
        | ProblemKind::DuplicateKey
        | ProblemKind::MissingField
        | ProblemKind::WrongForm => return document_words(problem),
        ProblemKind::BadDirective
        | ProblemKind::IncludeFailed
        | ProblemKind::IncludeOutside
        | ProblemKind::IncludeDepth
        | ProblemKind::GenerateTooMany => return directive_words(problem),
    };
    Words { en, es, ja }
}

/// What can be wrong in JSON and YAML.
fn document_words(problem: &ProblemKind) -> Words {
    let (en, es, ja) = match problem {
        ProblemKind::TooDeep => (
            "lists and mappings are nested too deeply",
            "las listas y los mapas están anidados con demasiada profundidad",
            "リストやマッピングの入れ子が深すぎます",
        ),
        ProblemKind::TooManyAliases => (
            "the YAML aliases (`*name`) expand to too many values",
            "los alias de YAML (`*nombre`) se expanden en demasiados valores",
            "YAMLのエイリアス(`*名前`)を展開すると値が多くなりすぎます",
        ),
        ProblemKind::DuplicateKey => (
            "this key is there already; only the last one counts",
            "esta clave ya existe; solo cuenta la última",
            "このキーは重複しています。有効なのは最後のものだけです",
        ),
        ProblemKind::MissingField => (
            "a field that this record needs is missing",
            "falta un campo que este registro necesita",
            "このレコードに必要な項目がありません",
        ),
        ProblemKind::WrongForm => (
            "this value does not have the form that is expected here",
            "este valor no tiene la forma que se espera aquí",
            "この値は、ここで必要な形式になっていません",
        ),
        _ => (
            "from here on, this is not valid JSON or YAML",
            "a partir de aquí no es JSON ni YAML válido",
            "ここから先はJSONまたはYAMLとして正しくありません",
        ),
    };
    Words { en, es, ja }
}

fn directive_words(problem: &ProblemKind) -> Words {
    let (en, es, ja) = match problem {
        ProblemKind::IncludeFailed | ProblemKind::IncludeOutside => (
            "the file of `$INCLUDE` was not read",
            "no se leyó el archivo de `$INCLUDE`",
            "`$INCLUDE` のファイルが読み込まれていません",
        ),
        ProblemKind::IncludeDepth => (
            "`$INCLUDE` forms a loop or goes too deep",
            "los `$INCLUDE` forman un bucle o se anidan demasiado",
            "`$INCLUDE` が循環しているか、深すぎます",
        ),
        ProblemKind::GenerateTooMany => (
            "`$GENERATE` makes too many records",
            "`$GENERATE` produce demasiados registros",
            "`$GENERATE` で作られるレコードが多すぎます",
        ),
        _ => (
            "a `$` line that does not exist or is not complete",
            "una línea `$` que no existe o está incompleta",
            "`$` で始まる行が未知のものか、不完全です",
        ),
    };
    Words { en, es, ja }
}

fn name_words(error: NameError) -> Words {
    let (en, es, ja) = match error {
        NameError::EmptyLabel => (
            "two dots in a row, or a dot at the beginning of a name",
            "dos puntos seguidos o un punto al principio de un nombre",
            "名前の中でドットが連続しているか、名前がドットで始まっています",
        ),
        NameError::LongLabel => (
            "a part of a name between two dots is longer than 63 characters",
            "una parte de un nombre entre dos puntos supera los 63 caracteres",
            "名前のドットで区切られた部分が63文字を超えています",
        ),
        NameError::LongName => (
            "a name is longer than 255 octets",
            "un nombre supera los 255 octetos",
            "名前が255オクテットを超えています",
        ),
        NameError::BadEscape => (
            "a backslash in a name has nothing valid after it",
            "una barra invertida en un nombre no tiene nada válido detrás",
            "名前の中のバックスラッシュの後の文字が正しくありません",
        ),
        NameError::BadIdn => (
            "an internationalized name that is not valid",
            "un nombre internacionalizado no válido",
            "国際化ドメイン名が正しくありません",
        ),
    };
    Words { en, es, ja }
}

fn data_words(kind: Kind) -> Words {
    let (en, es, ja) = match kind {
        Kind::A => ("this is not an IPv4 address", "esto no es una dirección IPv4", "IPv4アドレスではありません"),
        Kind::AAAA => ("this is not an IPv6 address", "esto no es una dirección IPv6", "IPv6アドレスではありません"),
        Kind::MX => (
            "an MX record needs a preference and a host name",
            "un registro MX necesita una preferencia y un nombre de servidor",
            "MXレコードには優先度とホスト名が必要です",
        ),
        Kind::CNAME | Kind::NS | Kind::PTR => (
            "this record needs one name and nothing else",
            "este registro necesita un solo nombre y nada más",
            "このレコードに書けるのは名前1つだけです",
        ),
        Kind::TXT | Kind::SPF => (
            "the text is missing, or it is too long",
            "falta el texto o es demasiado largo",
            "テキストがないか、長すぎます",
        ),
        Kind::SOA => (
            "an SOA record needs two names and five numbers",
            "un registro SOA necesita dos nombres y cinco números",
            "SOAレコードには2つの名前と5つの数値が必要です",
        ),
        Kind::TLSA => (
            "a TLSA record needs three numbers and an even number of hexadecimal digits",
            "un registro TLSA necesita tres números y una cantidad par de dígitos hexadecimales",
            "TLSAレコードには3つの数値と偶数桁の16進数が必要です",
        ),
        Kind::CAA => (
            "a CAA record needs a number, a property such as `issue`, and one text in quotation marks",
            "un registro CAA necesita un número, una propiedad como `issue` y un solo texto entre comillas",
            "CAAレコードには数値、`issue` などのプロパティ、引用符で囲んだテキスト1つが必要です",
        ),
        _ => (
            "the data do not fit the record type",
            "los datos no corresponden al tipo de registro",
            "データがレコードタイプに合っていません",
        ),
    };
    Words { en, es, ja }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn the_place_and_the_problem() {
        let zone = r#"
            mail A 192.0.2.256
                   ^^^^^^^^^^^
            @    MX mail
                    ^^^^
            "#;
        finds(&RULE, zone);
        let problems: Vec<String> =
            findings(&RULE, zone).iter().map(|finding| finding.values[0].1.get(Lang::En).to_owned()).collect();
        assert_eq!(problems, ["this is not an IPv4 address", "an MX record needs a preference and a host name"]);
    }

    #[test]
    fn other_rules_speak_of_these() {
        clean(&RULE, &format!("@ TXT \"{}\"\n$INCLUDE ../elsewhere", "x".repeat(256)));
    }
}
