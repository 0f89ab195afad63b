//! Selectors that were only guessed got no answer.

use crate::dns::Failure;
use crate::evidence::{Evidence, SelectorOrigin};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dkim-guesses-unanswered",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.1", "RFC 2308 section 7"],
    check,
    text: Text {
        en: Prose {
            title: "DKIM selectors tried on {domain} without an answer: {unanswered} of {count}",
            here: "no answer ({failure})",
            why: "These names were only guesses, so this is no fault of the domain's DKIM. But a key may be at one of them, and it was not seen.{stopped}",
            fix: "If you know the selector, name it: `--selector NAME`. Otherwise ask again later, or ask another server (`--resolver`).",
        },
        es: Prose {
            title: "selectores DKIM probados en {domain} sin respuesta: {unanswered} de {count}",
            here: "sin respuesta ({failure})",
            why: "Estos nombres eran solo suposiciones, así que esto no indica ningún fallo en el DKIM del dominio. Pero en alguno de ellos puede haber una clave que no se ha podido ver.{stopped}",
            fix: "Si conoce el selector, indíquelo: `--selector NOMBRE`. Si no, vuelva a consultar más tarde o consulte otro servidor (`--resolver`).",
        },
        ja: Prose {
            title: "{domain} で試したDKIMセレクターのうち、応答がなかったもの: {count}個中{unanswered}個",
            here: "応答なし({failure})",
            why: "推測で試した名前なので、ドメインのDKIMに問題があるわけではありません。ただし、そのいずれかに鍵があっても、今回は見つけられていません。{stopped}",
            fix: "セレクターが分かっている場合は `--selector セレクター名` で指定してください。分からない場合は、時間をおいてもう一度試すか、`--resolver` で別のDNSサーバーを指定してください。",
        },
    },
};

const STOPPED: Words = Words {
    en: " The rest of the list was not tried.",
    es: " El resto de la lista no se probó.",
    ja: "残りの名前は試していません。",
};

const WHOLE: Words = Words { en: "", es: "", ja: "" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let guesses = &evidence.dkim.guesses;
    let Some(failed) = &guesses.failed else { return };
    let found = evidence.dkim.selectors.iter().filter(|selector| selector.origin == SelectorOrigin::Guessed).count();
    let finding = RULE.at([failed.question_span()]).with("domain", &evidence.domain);
    let finding = finding.with("unanswered", guesses.unanswered);
    let finding = finding.with("count", guesses.unanswered + guesses.absent.len() + found);
    let finding = finding.with("failure", failed.failure().map(Failure::code).unwrap_or_default());
    findings.push(finding.with_words("stopped", if guesses.stopped { STOPPED } else { WHOLE }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Discovery;
    use crate::lang::Lang;
    use crate::rules;
    use crate::testing::{clean, guessed_evidence};

    /// What is said in a world where a line that cannot be read is a name that gets no answer.
    fn finds(records: &str) -> Vec<String> {
        let evidence = guessed_evidence(&format!("$TTL 60\nx.y._domainkey TXT x\n{records}\n"), Discovery::Common);
        let mut found = Vec::new();
        check(&evidence, &mut found);
        assert!(!rules::run(&evidence).iter().any(|finding| finding.id == "dns-no-answer"), "only guesses");
        found.iter().flat_map(|it| &it.values).map(|(_, value)| value.get(Lang::En).trim().to_owned()).collect()
    }

    #[test]
    fn one_or_too_many() {
        let one = finds("dkim._domainkey TXT \"v=DKIM1\nmail._domainkey TXT \"v=DKIM1; p=\"");
        assert_eq!(one, ["example.test", "1", "46", "UNREADABLE", ""]);
        let silent = ["default", "dkim", "mail", "google"].map(|name| format!("{name}._domainkey TXT \"v=DKIM1\n"));
        assert_eq!(finds(&silent.concat()), ["example.test", "4", "32", "UNREADABLE", STOPPED.en.trim()]);
    }

    #[test]
    fn all_answered_or_none_guessed() {
        assert!(finds("dkim._domainkey TXT \"v=DKIM1; p=\"").is_empty());
        clean(&RULE, "@ MX 0 mail\ndkim._domainkey TXT \"v=DKIM1");
    }
}
