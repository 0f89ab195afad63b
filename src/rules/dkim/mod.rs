//! DKIM (RFC 6376).

mod addresses_at_selector;
mod alias_dangling;
mod alias_idle;
mod alias_loop;
mod alias_target_as_txt;
mod guesses_unanswered;
mod hash_unusable;
mod key_1024;
mod key_as_alias;
mod key_bare;
mod key_broken;
mod key_duplicate;
mod key_example;
mod key_long;
mod key_missing;
mod key_not_base64;
mod key_private;
mod key_retired;
mod key_revoked;
mod key_shared;
mod key_short;
mod key_split;
mod key_trailing;
mod key_truncated;
mod key_type_mismatch;
mod letter_case;
mod line_break;
mod microsoft;
mod misplaced;
mod non_ascii;
mod not_a_key;
mod obsolete_policy;
mod obsolete_tag;
mod owner_doubled;
mod owner_typo;
mod provider_selector_incomplete;
mod provider_selector_missing;
mod quotes;
mod quotes_in_key;
mod selector_not_found;
mod separator;
mod service_wrong;
mod signing_unseen;
mod strings_out_of_order;
mod tag_duplicate;
mod target_lookalike;
mod target_other_domain;
mod target_other_provider;
mod target_placeholder;
mod target_typo;
mod targets;
mod tenants_differ;
mod testing;
mod tokens_differ;
mod unknown_key_type;
mod version_not_first;
mod version_wrong;
mod wildcard;

use std::collections::HashSet;
use std::ops::Range;

use crate::dns::Record;
use crate::evaluate::{dkim, initial_domain};
use crate::evidence::{Evidence, Selector, SelectorOrigin};
use crate::finding::Finding;
use crate::name::{Kind, Name};
use crate::providers::{self, Provider, ProviderKind};
use crate::records::dkim::{DkimKey, PublicKey, in_any_order, key_in};
use crate::rules::{Rule, zone};

pub(super) static RULES: &[&Rule] = &[
    &key_private::RULE,
    &owner_doubled::RULE,
    &owner_typo::RULE,
    &target_placeholder::RULE,
    &key_as_alias::RULE,
    &target_typo::RULE,
    &alias_target_as_txt::RULE,
    &alias_loop::RULE,
    &alias_dangling::RULE,
    &tenants_differ::RULE,
    &tokens_differ::RULE,
    &target_other_provider::RULE,
    &addresses_at_selector::RULE,
    &provider_selector_missing::RULE,
    &provider_selector_incomplete::RULE,
    &selector_not_found::RULE,
    &guesses_unanswered::RULE,
    &quotes::RULE,
    &non_ascii::RULE,
    &strings_out_of_order::RULE,
    &separator::RULE,
    &key_split::RULE,
    &version_wrong::RULE,
    &version_not_first::RULE,
    &tag_duplicate::RULE,
    &letter_case::RULE,
    &unknown_key_type::RULE,
    &service_wrong::RULE,
    &hash_unusable::RULE,
    &key_missing::RULE,
    &key_not_base64::RULE,
    &key_truncated::RULE,
    &key_broken::RULE,
    &key_type_mismatch::RULE,
    &key_short::RULE,
    &key_example::RULE,
    &quotes_in_key::RULE,
    &key_duplicate::RULE,
    &not_a_key::RULE,
    &wildcard::RULE,
    &key_revoked::RULE,
    &key_retired::RULE,
    &testing::RULE,
    &key_1024::RULE,
    &key_bare::RULE,
    &key_trailing::RULE,
    &key_long::RULE,
    &target_lookalike::RULE,
    &alias_idle::RULE,
    &target_other_domain::RULE,
    &signing_unseen::RULE,
    &key_shared::RULE,
    &line_break::RULE,
    &obsolete_tag::RULE,
    &obsolete_policy::RULE,
];

/// All texts at selectors, with the selector; each once, also where several selectors lead to it.
fn texts(evidence: &Evidence) -> Vec<(&Selector, &DkimKey)> {
    let mut seen: HashSet<(&Name, &str)> = HashSet::new();
    let mut all = Vec::new();
    for selector in &evidence.dkim.selectors {
        let place = place(evidence, selector);
        let new = selector.asked.found.iter().filter(|key| seen.insert((place, &key.txt.value)));
        all.extend(new.map(|key| (selector, key)));
    }
    all
}

/// All texts that are meant as key records.
fn key_records(evidence: &Evidence) -> Vec<(&Selector, &DkimKey)> {
    texts(evidence).into_iter().filter(|(_, key)| key.is_meant_as_key()).collect()
}

/// All key records whose tags can be read as they stand: of the others, another rule says what is wrong.
fn readable_keys(evidence: &Evidence) -> Vec<(&Selector, &DkimKey)> {
    let split = evidence.dkim.selectors.iter().filter(|selector| split_key(selector).is_some());
    let split: HashSet<&str> = split.map(|selector| selector.name.as_str()).collect();
    let whole = |selector: &Selector| !split.contains(selector.name.as_str());
    key_records(evidence).into_iter().filter(|(selector, key)| key.damage.is_none() && whole(selector)).collect()
}

/// All key records whose key is looked at by verifiers: those that they do not put aside for other reasons.
fn judged_keys(evidence: &Evidence) -> Vec<(&Selector, &DkimKey)> {
    let known = |key: &DkimKey| key.tags.value("k").is_none_or(|kind| is_known_type(&kind.to_ascii_lowercase()));
    readable_keys(evidence).into_iter().filter(|(_, key)| key.has_right_version() && known(key)).collect()
}

/// The keys that were withdrawn, of a domain that sends.
fn revoked_keys(evidence: &Evidence) -> Vec<(&Selector, &DkimKey)> {
    let own = |selector: &Selector| evidence.sends() && !is_wildcard(evidence, selector);
    let keys = judged_keys(evidence).into_iter();
    keys.filter(|(selector, key)| key.key == PublicKey::Revoked && own(selector)).collect()
}

/// Was the selector only guessed, while there is a key to verify with at another one?
fn is_retired(evidence: &Evidence, selector: &Selector) -> bool {
    selector.origin == SelectorOrigin::Guessed
        && evidence.dkim.selectors.iter().flat_map(|selector| &selector.asked.found).any(DkimKey::is_usable)
}

/// RFC 6376 section 3.6.1 and RFC 8463 section 3.
fn is_known_type(kind: &str) -> bool {
    matches!(kind, "rsa" | "ed25519")
}

/// Where the texts of a selector stand: at the end of its aliases, or at the wildcard that answers for it.
fn place<'a>(evidence: &'a Evidence, selector: &'a Selector) -> &'a Name {
    let answer = &selector.asked.answer;
    if is_wildcard(evidence, selector) { &evidence.dkim.wildcard.question.name } else { answer.final_name() }
}

/// Does the wildcard answer for this selector? Then nobody has put a record there.
fn is_wildcard(evidence: &Evidence, selector: &Selector) -> bool {
    selector.asked.answer.is_of_wildcard(&evidence.dkim.wildcard)
}

/// A key that was put into several records, although it belongs into several strings of one: its record, and the
/// whole text, if the parts make a key.
fn split_key(selector: &Selector) -> Option<(&DkimKey, Option<String>)> {
    let found = &selector.asked.found;
    let (heads, rest): (Vec<&DkimKey>, Vec<&DkimKey>) = found.iter().partition(|key| key.is_meant_as_key());
    let is_rest = |key: &&DkimKey| {
        let text = key.txt.value.trim_end_matches('=');
        text.len() >= 20 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    match heads.as_slice() {
        [head] if !head.key.is_usable() && !rest.is_empty() && rest.iter().all(is_rest) => {
            let parts: Vec<&str> = found.iter().map(|key| key.txt.value.as_str()).collect();
            Some((head, in_any_order(&parts)))
        }
        _ => None,
    }
}

/// A finding at a part of a key record; the alias that leads to it is shown, too.
fn at(rule: &'static Rule, selector: &Selector, key: &DkimKey, part: Range<usize>) -> Finding {
    at_parts(rule, selector, key, &[part])
}

/// A finding at several parts of a key record.
fn at_parts(rule: &'static Rule, selector: &Selector, key: &DkimKey, parts: &[Range<usize>]) -> Finding {
    let spans = parts.iter().flat_map(|part| key.txt.spans(part.clone()));
    let alias = selector.asked.answer.aliases.first().map(|alias| alias.span());
    rule.at(spans).and_at(alias).with("name", &selector.asked.answer.question.name)
}

/// Adds the key record as it should be. Only where it is the domain's own and the only one there, and has a key then.
fn publish(finding: Finding, selector: &Selector, value: impl Into<String>) -> Finding {
    let (answer, value) = (&selector.asked.answer, value.into());
    if !answer.aliases.is_empty() || answer.records().len() > 1 || !key_in(&value).is_usable() {
        return finding;
    }
    finding.publish(&answer.question.name, Kind::TXT, value)
}

/// Is it certain that there is nothing at all at this selector, neither a text nor an alias?
fn is_absent(selector: &Selector) -> bool {
    selector.asked.answer.is_absent() && selector.asked.answer.aliases.is_empty()
}

/// Was the selector named by somebody, or is there a record at it for certain? Others are guesses from the provider.
fn is_explicit(selector: &Selector) -> bool {
    !matches!(selector.origin, SelectorOrigin::Provider(_))
}

/// The providers that sign under fixed selectors, and those of these for which there is nothing.
fn missing_fixed(evidence: &Evidence) -> Vec<(&'static Provider, Vec<&Selector>)> {
    let selector = |name: &str| evidence.dkim.selectors.iter().find(|selector| selector.name == name);
    let missing = |provider: &'static Provider| {
        let fixed = provider.selector.iter().filter(|selector| selector.fixed);
        fixed.filter_map(|fixed| selector(&fixed.name)).filter(|selector| is_absent(selector)).collect::<Vec<_>>()
    };
    let providers = evidence.providers.iter().map(|provider| (*provider, missing(provider)));
    providers.filter(|(_, missing)| !missing.is_empty()).collect()
}

/// Those of the providers' fixed selectors that nothing else explains: a record at a wrong name or the wrong way round,
/// or addresses.
fn missing_fixed_unexplained(evidence: &Evidence) -> Vec<(&'static Provider, Vec<&Selector>)> {
    let no_mail = !evidence.named && evidence.mx.found.is_empty();
    // In its own zone Microsoft sets up DKIM by itself, under what names its documents do not say.
    if no_mail || initial_domain::above(&evidence.domain).is_some() {
        return Vec::new();
    }
    let misplaced = misplaced::all(evidence);
    let addresses = addresses(evidence);
    let swapped = zone::names_swapped_back(evidence);
    let explained = |selector: &Selector| {
        let name = &selector.asked.answer.question.name;
        swapped.contains(name)
            || misplaced.iter().any(|misplaced| misplaced.right.as_ref() == Some(name))
            || addresses.iter().any(|record| record.owner == *name)
    };
    let mut missing = missing_fixed(evidence);
    missing.iter_mut().for_each(|(_, selectors)| selectors.retain(|selector| !explained(selector)));
    missing.retain(|(provider, selectors)| !selectors.is_empty() && !leaves_through_filter(evidence, provider));
    missing
}

/// Can nothing more be said of a provider whose selectors do not work: is it told that all are missing, or may another
/// sign its mail?
pub(in crate::rules) fn is_told_or_left_to_others(evidence: &Evidence, provider: &'static Provider) -> bool {
    let missing = missing_fixed_unexplained(evidence);
    let is_whole = |selectors: &[&Selector]| selectors.len() == provider_selector_missing::fixed(provider);
    leaves_through_filter(evidence, provider)
        || missing.iter().any(|(other, selectors)| *other == provider && is_whole(selectors))
}

/// Does mail from the provider's mailboxes leave through a filter, which may sign it with a selector that nobody knows?
fn leaves_through_filter(evidence: &Evidence, provider: &Provider) -> bool {
    let hosts: Vec<&Provider> = evidence.mx.found.iter().filter_map(|host| providers::by_mx(&host.exchange)).collect();
    let sends = |filter: &Provider| evidence.spf.nodes.iter().any(|node| filter.is_included_by(&node.name));
    let filtered = hosts.iter().any(|host| host.kind == ProviderKind::Gateways && sends(host));
    filtered && !hosts.contains(&provider) && !dkim::is_certainly_absent(evidence)
}

/// Is the domain one that sends, and was nothing found at any of its selectors, for certain and without any other
/// explanation?
fn no_selector_found(evidence: &Evidence) -> bool {
    let nothing = |selector: &Selector| {
        is_absent(selector)
            || (is_wildcard(evidence, selector) && !selector.asked.found.iter().any(DkimKey::is_meant_as_key))
    };
    evidence.named
        && evidence.sends()
        && !evidence.has_null_mx()
        && evidence.dkim.node.failure().is_none()
        && evidence.dkim.selectors.iter().all(nothing)
        // A wildcard with a key answers for any selector.
        && !evidence.dkim.wildcard.records().iter().filter_map(Record::txt).any(|txt| DkimKey::read(txt).is_meant_as_key())
        && missing_fixed_unexplained(evidence).is_empty()
        && misplaced::all(evidence).is_empty()
        && addresses(evidence).is_empty()
        // Where it is certain that there is none, a rule about authentication as a whole says so.
        && !(dkim::is_certainly_absent(evidence) && evidence.domain == evidence.domain.registered_domain())
}

/// The first alias of each selector that has one, with its target. What a wildcard gives to a selector that somebody
/// guessed is left out.
fn own_aliases(evidence: &Evidence) -> Vec<(&Selector, &Record, &Name)> {
    let mut aliases = Vec::new();
    for selector in &evidence.dkim.selectors {
        let Some(alias) = selector.asked.answer.aliases.first() else { continue };
        let Some(target) = alias.target() else { continue };
        if is_explicit(selector) || !is_wildcard(evidence, selector) {
            aliases.push((selector, alias, target));
        }
    }
    aliases
}

/// Does an alias certainly lead to nothing, without a slip in its target that explains it?
fn is_lost_alias(evidence: &Evidence, selector: &Selector) -> bool {
    let answer = &selector.asked.answer;
    let Some(alias) = answer.aliases.first().filter(|_| answer.is_absent()) else { return false };
    alias.target().is_some_and(|target| {
        let fault = targets::fault(&evidence.domain, &selector.name, target, zone::intended(alias), true);
        let named_by_others = targets::is_placeholder(target, &evidence.domain) || zone::url(target).is_some();
        !is_key_text(target) && !named_by_others && fault.is_none()
    })
}

/// Does the provider of this selector sign with another one? It makes the key of the second when it changes keys.
fn is_idle(evidence: &Evidence, selector: &Selector) -> bool {
    let alias = selector.asked.answer.aliases.first().and_then(Record::target);
    let provider = alias.and_then(targets::made_for).map(|(provider, _)| provider);
    let fixed = provider.iter().flat_map(|provider| &provider.selector).filter(|fixed| fixed.fixed);
    let others = fixed.filter_map(|fixed| evidence.dkim.selectors.iter().find(|asked| asked.name == fixed.name));
    // Of two tenants, and of two names in one, only one can be the right one.
    let is_pair = || !microsoft::tenants_differ(evidence) && !microsoft::tokens_differ(evidence);
    others.flat_map(|other| &other.asked.found).any(DkimKey::is_usable) && is_pair()
}

/// Is the target of an alias the text of a key?
fn is_key_text(target: &Name) -> bool {
    ["v=dkim", "k=rsa", "k=ed25519", "p=mi"].iter().any(|part| target.as_str().contains(part))
}

/// The host name that a text is, if it is one and nothing else.
fn host_name(text: &str) -> Option<Name> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name = Name::parse(text).ok().filter(|_| text.chars().all(fits))?;
    let top = name.labels().next_back().unwrap_or_default();
    (name.labels().count() >= 3 && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(name)
}

/// Adds the alias that belongs in the place of the only text of a selector.
fn publish_alias(finding: Finding, selector: &Selector, target: &Name) -> Finding {
    let answer = &selector.asked.answer;
    if !answer.aliases.is_empty() || answer.records().len() > 1 {
        return finding;
    }
    finding.publish(&answer.question.name, Kind::CNAME, target.as_str())
}

/// Addresses at selectors of the domain that have neither a text nor an alias.
fn addresses(evidence: &Evidence) -> Vec<&Record> {
    let node = &evidence.dkim.node.question.name;
    let below = |record: &&Record| record.owner.is_below(node);
    let records: Vec<&Record> = evidence.zone.iter().flat_map(|zone| &zone.records).filter(below).collect();
    let keys = records.iter().filter(|record| matches!(record.kind, Kind::TXT | Kind::CNAME | Kind::NS));
    let keys: HashSet<&Name> = keys.map(|record| &record.owner).collect();
    let addresses = records.iter().filter(|record| matches!(record.kind, Kind::A | Kind::AAAA));
    addresses.filter(|record| !keys.contains(&record.owner)).copied().collect()
}

/// A character for people: itself, if it can be seen, and its number in Unicode.
fn code_point(character: char) -> String {
    let number = u32::from(character);
    if character.is_ascii_graphic() { format!("`{character}`") } else { format!("U+{number:04X}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{evidence, live_evidence};

    #[test]
    fn a_key_to_which_two_selectors_lead_is_one() {
        let zone = "a._domainkey CNAME key\nb._domainkey CNAME key\nkey TXT \"v=DKIM1; p=\"\nc._domainkey TXT \"v=DKIM1; p=\"\n";
        let evidence = &evidence(zone)[0];
        let names: Vec<&str> = texts(evidence).iter().map(|(selector, _)| selector.name.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
    }

    #[test]
    fn a_wildcard_is_seen_from_outside() {
        let evidence =
            live_evidence("*._domainkey TXT \"v=DKIM1; p=\"\nb._domainkey TXT \"v=DKIM1; p=A\"\n", &["a", "b"]);
        let wild: Vec<bool> = evidence.dkim.selectors.iter().map(|selector| is_wildcard(&evidence, selector)).collect();
        assert_eq!(wild, [true, false]);
    }

    #[test]
    fn names_of_hosts() {
        let is_host = |text| host_name(text).is_some();
        assert!(is_host("s1.dkim.vendor.test.") && is_host(" selector1-a-test._domainkey.x.onmicrosoft.com"));
        assert!(
            !is_host("v=DKIM1; p=")
                && !is_host("dkim")
                && !is_host("192.0.2.1")
                && !is_host("a b.c.test")
                && !is_host("")
        );
    }
}
