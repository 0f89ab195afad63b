//! `~` before a mechanism that names a sender: those servers do not pass.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Qualifier, Term, TermKind};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-sender-softfail",
    severity: Severity::Warning,
    references: &["RFC 7208 section 4.6.2"],
    check,
    text: Text {
        en: Prose {
            title: "`{term}` in the SPF record of {owner} does not let its sender pass",
            here: "softfail for this sender",
            why: "The sign `~` sets the result for the senders that the mechanism matches: their mail gets \"softfail\", like that of strangers, instead of \"pass\".",
            fix: "Write `{instead}` if that sender may send for {owner}; the sign belongs before `all` only. Otherwise delete the term.",
        },
        es: Prose {
            title: "en el registro SPF de {owner}, `{term}` no deja pasar a su remitente",
            here: "softfail para este remitente",
            why: "El calificador `~` fija el resultado para quien coincide con el mecanismo: su correo obtiene «softfail», como el de un desconocido, y no «pass».",
            fix: "Escriba `{instead}` si ese remitente puede enviar en nombre de {owner}; el calificador solo va delante de `all`. Si no, elimine el término.",
        },
        ja: Prose {
            title: "{owner} のSPFレコードの `{term}` では送信元が合格しません",
            here: "この送信元はsoftfailになります",
            why: "先頭の `~` は、そのメカニズムに一致した送信元に与えられる結果です。そこからのメールは「pass」ではなく、部外者と同じ「softfail」になります。",
            fix: "その送信元に {owner} としての送信を許可するなら `{instead}` と書いてください(`~` を付けるのは `all` だけです)。許可しないなら項目を削除してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (_, node) in fault::own_nodes(evidence) {
        for spf in &node.asked.found {
            for (_, term) in spf.effective().filter(|(_, term)| is_blunted(term)) {
                let plain = &spf.text(term)[1..];
                let finding = RULE.at(spf.txt.spans(term.range.start..term.range.start + 1));
                let finding = finding.with("owner", &node.name).with("term", spf.text(term)).with("instead", plain);
                findings.push(finding);
            }
        }
    }
}

/// An address or host of which nothing is said but what holds for all others anyway.
fn is_blunted(term: &Term) -> bool {
    use TermKind::{A, Include, Ip4, Ip6, Mx};
    let names = matches!(term.kind, Include(_) | A(..) | Mx(..) | Ip4(..) | Ip6(..));
    names && term.qualifier == Some(Qualifier::SoftFail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn tilde() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 ~ip4:192.0.2.1 ~include:x.test mx ~all"
                                      ^              ^
            "#,
        );
    }

    #[test]
    fn signs_with_a_purpose() {
        clean(&RULE, r#"example.test. TXT "v=spf1 ?include:x.test -ip4:192.0.2.1 +mx ~all""#);
    }
}
