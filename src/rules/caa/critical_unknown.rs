//! A property that nobody knows, and that an authority must know to issue anything.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::caa::{all, tag_span};

pub static RULE: Rule = Rule {
    id: "caa-critical-unknown",
    severity: Severity::Warning,
    references: &["RFC 8659 section 4.1", "RFC 8461 section 4.2"],
    check,
    text: Text {
        en: Prose {
            title: "a CAA record of {owner} demands that certificate authorities know the property `{tag}`, which does not exist",
            here: "not a known property",
            why: "With the flag 128, an authority that does not know the property must not issue a certificate. No authority knows this one, so {owner} gets none, and MTA-STS fails once the present certificate has expired.",
            fix: "Correct the name of the property (`issue`, `issuewild`, `iodef`), or write the flag `0`.",
        },
        es: Prose {
            title: "un registro CAA de {owner} exige que las autoridades de certificación conozcan la propiedad `{tag}`, que no existe",
            here: "propiedad desconocida",
            why: "Con el indicador 128, una autoridad que no conozca la propiedad no debe emitir el certificado. Ninguna conoce esta, así que {owner} no puede obtener certificados, y MTA-STS fallará en cuanto caduque el actual.",
            fix: "Corrija el nombre de la propiedad (`issue`, `issuewild`, `iodef`) o escriba `0` como indicador.",
        },
        ja: Prose {
            title: "{owner} のCAAレコードは、存在しないプロパティ `{tag}` への対応を認証局に求めています",
            here: "未知のプロパティです",
            why: "フラグが128の場合、そのプロパティに対応していない認証局は証明書を発行できません。対応している認証局はないため、{owner} の証明書は発行されず、現在の証明書の期限が切れるとMTA-STSが機能しなくなります。",
            fix: "プロパティ名(`issue`、`issuewild`、`iodef`)を修正するか、フラグを `0` にしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for property in all(evidence).iter().filter(|property| property.is_critical() && !property.is_known()) {
        let finding = RULE.at([tag_span(property)]).with("owner", &property.record.owner);
        findings.push(finding.with("tag", property.tag));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const STS: &str = "@ MX 10 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n";

    #[test]
    fn a_slip_with_the_flag() {
        finds(&RULE, &format!("{STS}@ CAA 128 isue \"ca.example\"\n          ^^^^"));
    }

    #[test]
    fn known_or_not_critical() {
        clean(&RULE, &format!("{STS}@ CAA 128 Issue \"ca.example\"\n@ CAA 0 isue \"ca.example\""));
        clean(&RULE, "@ MX 10 mx\n@ CAA 128 isue \"ca.example\"");
    }
}
