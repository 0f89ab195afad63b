//! `pct` below 100 with a policy that is enforced: some receivers honour it, others do not.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::dmarc::{Dmarc, Policy};
use crate::records::tags::Tag;
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-pct-partial",
    severity: Severity::Warning,
    references: &["RFC 7489 section 6.3", "RFC 9989 section 4.7"],
    check,
    text: Text {
        en: Prose {
            title: "`{tag}` has no effect at today's receivers",
            here: "removed by RFC 9989",
            why: "Receivers that follow RFC 9989 skip `pct` and apply the policy of {domain} to all mail. Older ones apply it to a part only, so forged mail still passes there.",
            fix: "Delete `{tag}`. To have the policy applied one step milder while you test, write `t=y`, which older receivers ignore.",
        },
        es: Prose {
            title: "`{tag}` no tiene efecto en los receptores actuales",
            here: "suprimido por la RFC 9989",
            why: "Los receptores que siguen la RFC 9989 ignoran `pct` y aplican la política de {domain} a todo el correo. Los antiguos la aplican solo a una parte, así que allí el correo falsificado sigue pasando.",
            fix: "Elimine `{tag}`. Si quiere que la política se aplique un nivel más suave mientras hace pruebas, escriba `t=y`, que los receptores antiguos ignoran.",
        },
        ja: Prose {
            title: "`{tag}` は現在の受信側では機能しません",
            here: "RFC 9989で廃止されました",
            why: "RFC 9989に従う受信側は `pct` を読み飛ばし、{domain} のポリシーをすべてのメールに適用します。古い受信側は一部にしか適用しないため、なりすましメールが通ることがあります。",
            fix: "`{tag}` を削除してください。試験中に1段階弱いポリシーで扱ってほしい場合は `t=y` と書いてください(古い受信側では無視されます)。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    if let Some(tag) = partial(applied.dmarc) {
        findings.push(applied.at(&RULE, tag.range.clone()).with("tag", applied.text(tag.range.clone())));
    }
}

/// The `pct` that asks to apply a policy to a part of the mail only.
pub(super) fn partial(dmarc: &Dmarc) -> Option<&Tag> {
    let enforced = dmarc.effective_policy().is_some_and(|policy| policy > Policy::None);
    let tag = dmarc.tags.find("pct").filter(|_| enforced)?;
    let value = dmarc.tags.value_of(tag);
    // `50%` is no number, and still says what was meant.
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let percent: u32 = value[..digits].parse().ok()?;
    (percent < 100).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_part_only() {
        finds(
            &RULE,
            r#"
            _dmarc TXT "v=DMARC1; p=reject; pct=50%"
                                            ^^^^^^^
            "#,
        );
    }

    #[test]
    fn right_records_are_left_alone() {
        for value in [r#"v=DMARC1; p=reject; pct=100"#, r#"v=DMARC1; p=none; pct=10"#] {
            clean(&RULE, &format!("@ MX 0 mail\n_dmarc TXT \"{value}\""));
        }
    }
}
