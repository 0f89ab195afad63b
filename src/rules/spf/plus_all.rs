//! `+all`: the record lets every host on the Internet send for the domain.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Qualifier, Term};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-plus-all",
    severity: Severity::Error,
    references: &["RFC 7208 section 5.1", "RFC 7208 section 4.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record lets anyone send as {domain}",
            here: "every address passes here",
            why: "`all` matches every address, and without a sign before it the result is \"pass\". Receivers know this from spammers and give such a record no weight, or count it against the domain.",
            fix: "Write `~all` or `-all` instead of `{term}`.",
        },
        es: Prose {
            title: "el registro SPF permite que cualquiera envíe correo como {domain}",
            here: "aquí pasa cualquier dirección",
            why: "`all` coincide con todas las direcciones y, sin un calificador delante, el resultado es «pass». Los receptores conocen esta práctica por el spam: no dan ningún valor al registro o lo tienen en cuenta en contra del dominio.",
            fix: "Escriba `~all` o `-all` en lugar de `{term}`.",
        },
        ja: Prose {
            title: "SPFレコードが誰にでも {domain} としての送信を許可しています",
            here: "ここですべてのアドレスが合格します",
            why: "`all` はすべてのアドレスに一致し、前に記号がない場合の結果は「pass」です。スパム送信者がよく使う書き方のため、受信側はこのレコードを無視するか、ドメインの評価を下げる材料にします。",
            fix: "`{term}` を `~all` または `-all` に書き換えてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for spf in &evidence.spf.own().found {
        // RFC 7208 section 4.6.2: "The qualifier is optional and defaults to "+"."
        if let Some(all) = spf.all().filter(|all| all.result() == Qualifier::Pass && !is_torn_off(evidence, all)) {
            let finding = RULE.at(spf.txt.spans(all.range.clone()));
            findings.push(finding.with("domain", &evidence.domain).with("term", spf.text(all)));
        }
    }
}

/// `- all`: the sign is there, and another rule speaks of the blank.
fn is_torn_off(evidence: &Evidence, all: &Term) -> bool {
    let root = evidence.spf.root();
    root.asked.only().is_some_and(|spf| {
        let place = spf.terms.iter().position(|term| term.range == all.range);
        place.is_some_and(|term| fault::has_fault(root, spf, term))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn no_sign_means_plus() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 a" " al" "l"
                                           ^^   ^
            "#,
        );
    }

    #[test]
    fn other_signs_are_right() {
        clean(&RULE, r#"example.test. TXT "v=spf1 mx -all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx ~all""#);
        clean(&RULE, r#"example.test. TXT "v=spf1 mx - all""#);
    }
}
