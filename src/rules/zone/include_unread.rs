//! An `$INCLUDE` that was not followed.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "zone-include-unread",
    severity: Severity::Advice,
    references: &["RFC 1035 section 5.1"],
    check,
    text: Text {
        en: Prose {
            title: "the file of this `$INCLUDE` was not read",
            here: "not read",
            why: "The file is not there, or it is outside the folder of the zone file, from which nothing is read. Its content is not known here, so nothing of this zone is reported as missing.",
            fix: "Put the file into the folder of the zone file and name it by a relative path, or check the zone with all files in one (`named-compilezone` writes it).",
        },
        es: Prose {
            title: "no se leyó el archivo de este `$INCLUDE`",
            here: "no leído",
            why: "El archivo no está o se encuentra fuera de la carpeta del archivo de zona, de donde no se lee nada. Aquí no se conoce su contenido, así que este informe no da por ausente ningún registro de la zona.",
            fix: "Coloque el archivo en la carpeta del archivo de zona e indíquelo con una ruta relativa, o compruebe la zona con todos los archivos en uno solo (`named-compilezone` lo genera).",
        },
        ja: Prose {
            title: "この `$INCLUDE` のファイルは読み込まれていません",
            here: "読み込まれていません",
            why: "ファイルが存在しないか、ゾーンファイルのフォルダーの外にあります。フォルダーの外のファイルは読み込みません。そのファイルの内容は分からないため、このレポートではゾーンのレコードの不足を指摘していません。",
            fix: "ファイルをゾーンファイルのフォルダーに置いて相対パスで指定するか、すべてを1つのファイルにまとめたゾーン(`named-compilezone` で作成できます)を検査してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    for problem in zone.problems.iter().filter(|problem| problem.kind.is_unread_include()) {
        findings.push(RULE.at([problem.at.clone()]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_file_elsewhere() {
        finds(
            &RULE,
            r#"
            $INCLUDE ../elsewhere.zone
                     ^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn no_include() {
        clean(&RULE, "$ORIGIN example.test.\n@ MX 0 mail");
    }
}
