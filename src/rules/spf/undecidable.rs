//! Terms that depend on the message: macros.

use crate::evidence::{Evidence, SpfNode, Target};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::spf::{Spf, TermKind};
use crate::rules::Rule;
use crate::rules::spf::way;
use crate::source::Span;

pub static RULE: Rule = Rule {
    id: "spf-undecidable",
    severity: Severity::Advice,
    references: &["RFC 7208 section 7.2"],
    check,
    text: Text {
        en: Prose {
            title: "whom the SPF record of {domain} lets send depends on the message",
            here: "holds a macro",
            why: "A macro asks DNS for a name that is made out of the sender's address, for each message anew. Whom these terms let send, and what they cost beyond one lookup each, cannot be seen in the record: {terms}.",
            fix: "Nothing needs to be changed if a service asked for these terms. Whom they let send, only that service can tell.",
        },
        es: Prose {
            title: "a quién autoriza el registro SPF de {domain} depende de cada mensaje",
            here: "contiene una macro",
            why: "Una macro consulta en DNS un nombre que se forma con la dirección del remitente, de nuevo en cada mensaje. A quién autorizan estos términos, y lo que cuestan además de una consulta cada uno, no se ve en el registro: {terms}.",
            fix: "No hay que cambiar nada si un servicio pidió estos términos. A quién autorizan, solo puede decirlo ese servicio.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードには、メールごとに許可する相手が変わる項目があります",
            here: "マクロが含まれています",
            why: "マクロは、送信元のアドレスから組み立てた名前をメールごとにDNSへ問い合わせます。次の項目が誰を許可するのか、またルックアップを何回使うのか(1項目につき少なくとも1回)は、レコードからは分かりません: {terms}。",
            fix: "利用中のサービスに指定された項目であれば、変更は不要です。許可される送信元は、そのサービスに問い合わせてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let (mut spans, mut terms): (Vec<Span>, Vec<String>) = (Vec::new(), Vec::new());
    for (number, node) in evidence.spf.nodes.iter().enumerate() {
        let Some(spf) = node.asked.only() else { continue };
        for term in undecided(node, spf).filter(|term| !way::is_faulty(evidence, number, *term)) {
            let text = format!("`{}`", spf.text(&spf.terms[term]));
            let Some(way) = way::to_term(evidence, number, term).filter(|_| !terms.contains(&text)) else { continue };
            spans.extend(way.spans.into_iter().filter(|span| !spans.contains(span)).collect::<Vec<_>>());
            terms.push(text);
        }
    }
    if !terms.is_empty() {
        findings.push(RULE.at(spans).with("domain", &evidence.domain).with("terms", terms.join(", ")));
    }
}

/// The terms with macros. `ptr` depends on the sender, too, and is another rule's concern.
fn undecided<'a>(node: &'a SpfNode, spf: &'a Spf) -> impl Iterator<Item = usize> + 'a {
    let open = node.lookups.iter().filter(|lookup| matches!(lookup.target, Target::Undecided));
    open.map(|lookup| lookup.term).filter(|term| !matches!(spf.terms[*term].kind, TermKind::Ptr(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn macros() {
        finds(
            &RULE,
            r#"
            example.test. TXT "v=spf1 include:x.other exists:%{i}.y.other a:%{o}.other -all"
                                      ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^^
            x.other.      TXT "v=spf1 include:%{ir}.%{v}.%{d}.z.other -all"
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn nothing_left_to_the_message() {
        clean(&RULE, r#"example.test. TXT "v=spf1 include:x.other exists:y.other ptr a -all exp=%{i}.z.other""#);
    }
}
