//! A CAA record that names a certificate authority by something else than its domain.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::caa::{Issuer, all, is_forbidden};

pub static RULE: Rule = Rule {
    id: "caa-issuer-malformed",
    severity: Severity::Advice,
    references: &["RFC 8659 section 4.2"],
    check,
    text: Text {
        en: Prose {
            title: "a CAA record of {owner} names a certificate authority by `{value}`, which is not a domain name",
            here: "not a domain name",
            why: "Authorities recognize themselves by their domain name. A value of another form allows nobody, so the authority that was meant does not issue certificates for {owner} and the names below it.",
            fix: "Write the domain name of the authority alone, as `0 issue \"letsencrypt.org\"`.",
        },
        es: Prose {
            title: "un registro CAA de {owner} indica una autoridad de certificación con `{value}`, que no es un nombre de dominio",
            here: "no es un nombre de dominio",
            why: "Cada autoridad se reconoce por su nombre de dominio. Un valor con otra forma no autoriza a nadie, así que la autoridad a la que se refería no emite certificados para {owner} ni para los nombres por debajo de él.",
            fix: "Escriba solo el nombre de dominio de la autoridad, como `0 issue \"letsencrypt.org\"`.",
        },
        ja: Prose {
            title: "{owner} のCAAレコードで認証局が `{value}` と書かれていますが、ドメイン名ではありません",
            here: "ドメイン名ではありません",
            why: "認証局は、自らのドメイン名が書かれているかどうかで判断します。それ以外の形の値は誰にも許可しないものとみなされるため、意図した認証局は {owner} とその配下の名前の証明書を発行しません。",
            fix: "`0 issue \"letsencrypt.org\"` のように、認証局のドメイン名だけを書いてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // Another rule speaks of records by which nobody may issue anything.
    if evidence.caa.iter().any(is_forbidden) {
        return;
    }
    for property in all(evidence).iter().filter(|property| property.is("issue") || property.is("issuewild")) {
        if let Issuer::Malformed(place) = property.issuer() {
            let value = property.value.value.get(place.clone()).unwrap_or_default();
            let finding = RULE.at(property.value.spans(place)).with("owner", &property.record.owner);
            findings.push(finding.with("value", value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const STS: &str = "@ MX 10 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n";

    #[test]
    fn an_address_of_the_web() {
        let right = "@ CAA 0 issue \"other.example\"";
        finds(&RULE, &format!("{STS}{right}\n@ CAA 0 issue \"https://a.org\"\n               ^^^^^^^^^^^^^"));
    }

    #[test]
    fn names_and_nobody() {
        clean(&RULE, &format!("{STS}@ CAA 0 issue \"ca.example; account=1\"\n@ CAA 0 issuewild \";\""));
        clean(&RULE, &format!("{STS}@ CAA 0 issue \"https://a.org\""));
    }
}
