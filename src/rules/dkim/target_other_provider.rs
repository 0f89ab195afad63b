//! A selector that one provider uses leads to the keys of another.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::providers::{self, Provider, ProviderKind, ProviderSelector};
use crate::rules::Rule;
use crate::rules::dkim::{is_lost_alias, own_aliases};

pub static RULE: Rule = Rule {
    id: "dkim-target-other-provider",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "{provider} signs with the selector {selector}, but its CNAME leads to {other}",
            here: "a key of {other}",
            why: "Receivers look at {name} for the key of {provider} and find one of {other}. Signatures of {provider} with this selector fail.",
            fix: "If {provider} sends for you, publish the target that it shows for your domain. If {other} is to sign, publish its key under the selector that {other} names, and delete this record.",
        },
        es: Prose {
            title: "{provider} firma con el selector {selector}, pero su CNAME lleva a {other}",
            here: "una clave de {other}",
            why: "Los receptores buscan en {name} la clave de {provider} y encuentran una de {other}. Las firmas de {provider} con este selector fallan.",
            fix: "Si {provider} envía correo en su nombre, publique el destino que muestra para su dominio. Si debe firmar {other}, publique su clave con el selector que indica {other} y elimine este registro.",
        },
        ja: Prose {
            title: "{selector} は {provider} の署名用セレクターですが、CNAMEは {other} を指しています",
            here: "{other} の鍵です",
            why: "受信側が {name} で {provider} の鍵を調べると、{other} の鍵が見つかります。このセレクターによる {provider} の署名は検証に失敗します。",
            fix: "{provider} から送信している場合は、{provider} がお使いのドメイン用に表示する値を公開してください。{other} で署名する場合は、その公開鍵を {other} の指定するセレクターで公開し、このレコードを削除してください。",
        },
    },
};

/// What selectors of many systems are called, with or without a number behind it: such a name says nothing of the
/// provider.
const GENERAL: [&str; 20] = [
    "default", "dk", "dkim", "domk", "email", "em", "google", "k", "key", "m", "mail", "mx", "pm", "s", "selector",
    "sig", "sm", "smtp", "st", "x",
];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (selector, alias, target) in own_aliases(evidence) {
        let Some((provider, own)) = user_of(&selector.name) else { continue };
        let Some(other) = owner_of(target).filter(|other| other.id != provider.id) else { continue };
        if !fits(own, target) && !is_lost_alias(evidence, selector) {
            let finding = RULE.at([alias.data_span()]).with("name", &selector.asked.answer.question.name);
            let finding = finding.with("selector", &selector.name).with("provider", &provider.name);
            findings.push(finding.with("other", &other.name));
        }
    }
}

/// The only provider that uses this selector, where its name is not one that anybody may choose.
fn user_of(name: &str) -> Option<(&'static Provider, &'static ProviderSelector)> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() < 2 || GENERAL.contains(&stem) {
        return None;
    }
    let used = |provider: &'static Provider| {
        let mut selectors = provider.selector.iter().filter(|selector| !selector.target.is_empty());
        selectors.find(|selector| selector.name == name).map(|selector| (provider, selector))
    };
    let mut users = providers::all().iter().filter_map(used);
    users.next().filter(|_| users.next().is_none())
}

/// The provider that makes targets of this form for its own customers. Services that host the records of others take
/// any selector.
fn owner_of(target: &Name) -> Option<&'static Provider> {
    let makes = |provider: &&Provider| provider.selector.iter().any(|selector| fits(selector, target));
    providers::all()
        .iter()
        .filter(|provider| matches!(provider.kind, ProviderKind::Mailboxes | ProviderKind::Senders))
        .find(makes)
}

fn fits(selector: &ProviderSelector, target: &Name) -> bool {
    selector.target.iter().any(|pattern| providers::matches(pattern, target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn the_target_of_another_provider() {
        finds(
            &RULE,
            r#"
            brevo1._domainkey CNAME dkim2.mcsv.net.
                                    ^^^^^^^^^^^^^^^
            dkim2.mcsv.net. TXT "v=DKIM1; p="
            "#,
        );
    }

    #[test]
    fn right_targets_and_names_that_anybody_may_choose() {
        clean(
            &RULE,
            "brevo1._domainkey CNAME b1.example-test.dkim.brevo.com.\nk1._domainkey CNAME b1.x.dkim.brevo.com.",
        );
        clean(&RULE, "brevo1._domainkey CNAME dkim.hosted.test.\nmail._domainkey CNAME dkim2.mcsv.net.");
        clean(&RULE, "brevo1._domainkey TXT \"v=DKIM1; p=\"");
    }
}
