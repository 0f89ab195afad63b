//! A key that was withdrawn, at a selector that was only guessed, while others are in use.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::dkim::{at, is_retired, revoked_keys};

pub static RULE: Rule = Rule {
    id: "dkim-key-retired",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.6.1"],
    check,
    text: Text {
        en: Prose {
            title: "an old DKIM key at {name} is revoked; there are others",
            here: "empty",
            why: "An empty `p=` says that the key was withdrawn. Nobody named this selector: it was found by its common name, and {domain} has a usable key at another one. So this is most likely as it should be.",
            fix: "Nothing needs to be done, unless some service still signs with this selector: then publish its key.",
        },
        es: Prose {
            title: "una clave DKIM antigua en {name} está revocada; hay otras",
            here: "vacío",
            why: "Un `p=` vacío indica que la clave se ha retirado. Nadie indicó este selector: se encontró por ser un nombre habitual, y {domain} tiene una clave utilizable en otro. Lo más probable es que todo esté bien.",
            fix: "No hay que hacer nada, salvo que algún servicio firme todavía con este selector: en ese caso, publique su clave.",
        },
        ja: Prose {
            title: "{name} の古いDKIMの鍵は失効していますが、ほかに鍵があります",
            here: "空です",
            why: "空の `p=` は、鍵が取り下げられたことを示します。このセレクターは指定されたものではなく、よく使われる名前を試して見つかったもので、{domain} には別のセレクターに使える鍵があります。おそらく正しい状態です。",
            fix: "対処は不要です。ただし、このセレクターで署名しているものがまだある場合は、鍵を公開してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, key) in revoked_keys(evidence) {
        if is_retired(evidence, selector) {
            findings.push(at(&RULE, selector, key, key.key_range()).with("domain", &evidence.domain));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Discovery;
    use crate::records::dkim::test_keys::*;
    use crate::rules;
    use crate::testing::{clean, guessed_evidence};

    /// The ids about keys that were revoked.
    fn finds(records: &str) -> Vec<&'static str> {
        let evidence = guessed_evidence(&format!("$TTL 60\n@ MX 0 mail\n{records}\n"), Discovery::Common);
        let ids = rules::run(&evidence).into_iter().map(|finding| finding.id);
        ids.filter(|id| id.starts_with("dkim-key-re")).collect()
    }

    #[test]
    fn beside_a_key_in_use() {
        let (old, new) =
            ("mail._domainkey TXT \"v=DKIM1; p=\"", format!("s1._domainkey TXT \"k=ed25519; p={ED25519}\""));
        assert_eq!(finds(&format!("{old}\n{new}")), ["dkim-key-retired"]);
        assert_eq!(finds(old), ["dkim-key-revoked"]);
    }

    #[test]
    fn what_the_zone_file_holds_is_no_guess() {
        let keys = format!("s1._domainkey TXT \"k=ed25519; p={ED25519}\"\nmail._domainkey TXT \"v=DKIM1; p=\"");
        clean(&RULE, &format!("@ MX 0 mail\n{keys}"));
    }
}
