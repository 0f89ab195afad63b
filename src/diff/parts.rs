//! What comes and goes within a text: terms of SPF, tags of DKIM, DMARC and their like.

use std::collections::HashSet;

use crate::records::tags::TagList;

/// A part of a text that is another one now: a term of SPF, or a tag with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As it was; nothing where it was not there.
    pub old: Option<String>,
    /// As it is; nothing where it is there no more.
    pub new: Option<String>,
}

/// The parts that differ; none where the texts are of no form that is known, or differ in order or spelling alone.
pub fn parts(old: &str, new: &str) -> Vec<Part> {
    match (is_spf(old) && is_spf(new), tags(old), tags(new)) {
        (true, ..) => terms(old, new),
        (false, Some(old), Some(new)) => changed_tags(&old, &new),
        _ => Vec::new(),
    }
}

/// By what texts at one name are told apart: the version, or what stands in front of the first equals sign.
pub fn class(text: &str) -> String {
    let first = text.split([' ', ';']).next().unwrap_or_default().to_ascii_lowercase();
    match first.split_once('=') {
        Some((name, _)) if name != "v" => name.to_owned(),
        _ => first,
    }
}

/// RFC 7208 section 4.5: the version is followed by a space or by the end of the record.
fn is_spf(text: &str) -> bool {
    class(text) == "v=spf1"
}

fn terms(old: &str, new: &str) -> Vec<Part> {
    let gone = missing(old, new).into_iter().map(|term| Part { old: Some(term), new: None });
    let come = missing(new, old).into_iter().map(|term| Part { old: None, new: Some(term) });
    gone.chain(come).collect()
}

/// The terms of one record that the other one does not have, or not so often. Letter case does not count.
fn missing(record: &str, other: &str) -> Vec<String> {
    let mut others: Vec<String> = other.split(' ').map(str::to_ascii_lowercase).collect();
    let is_missing = |term: &&str| match others.iter().position(|other| term.eq_ignore_ascii_case(other)) {
        Some(place) => {
            others.swap_remove(place);
            false
        }
        None => !term.is_empty(),
    };
    record.split(' ').filter(is_missing).map(str::to_owned).collect()
}

/// Names and values; nothing for what is no list of tags, or has one twice.
fn tags(text: &str) -> Option<Vec<(String, String)>> {
    let list = TagList::read(text);
    let mut seen = HashSet::new();
    let mut tags = Vec::new();
    for tag in &list.tags {
        let name = list.name(tag).to_ascii_lowercase();
        tag.value.as_ref().filter(|_| seen.insert(name.clone()))?;
        tags.push((name, list.value_of(tag).to_owned()));
    }
    (!tags.is_empty()).then_some(tags)
}

fn changed_tags(old: &[(String, String)], new: &[(String, String)]) -> Vec<Part> {
    let find = |tags: &[(String, String)], name: &str| {
        tags.iter().find(|(own, _)| own == name).map(|(name, value)| format!("{name}={value}"))
    };
    let of_old = old.iter().map(|(name, _)| Part { old: find(old, name), new: find(new, name) });
    let only_new = new.iter().filter(|(name, _)| find(old, name).is_none());
    let only_new = only_new.map(|(name, _)| Part { old: None, new: find(new, name) });
    of_old.chain(only_new).filter(|part| part.old != part.new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &str, new: &str) -> String {
        let write = |part: Part| format!("{}>{}", part.old.unwrap_or_default(), part.new.unwrap_or_default());
        parts(old, new).into_iter().map(write).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn terms_come_and_go() {
        assert_eq!(of("v=spf1 mx a ~all", "v=spf1  include:b.test mx -all"), "a> ~all> >include:b.test >-all");
        assert_eq!(of("v=spf1 a a -all", "v=spf1 A -all"), "a>");
        assert_eq!(of("v=spf1 a mx -all", "v=spf1 mx a -all"), "", "another order");
    }

    #[test]
    fn tags_come_and_go() {
        let (old, new) = ("v=DMARC1; p=none; pct=10", "v=DMARC1;P=reject; rua=mailto:a@b.test");
        assert_eq!(of(old, new), "p=none>p=reject pct=10> >rua=mailto:a@b.test");
        assert_eq!(of("k=rsa; p=AAAA", "p=BBBB"), "k=rsa> p=AAAA>p=BBBB");
        assert_eq!(of("v=DMARC1; p=none; p=reject", "v=DMARC1; p=none"), "", "twice the same: shown as a whole");
        assert_eq!(of("some words", "v=DMARC1; p=none"), "");
    }

    #[test]
    fn texts_are_told_apart() {
        let classes = ["V=spf1 a", "v=DMARC1;p=none", "google-site-verification=x", "MS=ms1", "words of a person"];
        assert_eq!(classes.map(class), ["v=spf1", "v=dmarc1", "google-site-verification", "ms", "words"]);
    }
}
