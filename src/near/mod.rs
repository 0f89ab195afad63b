//! "Did you mean": the known word, or [name], nearest to one that is not known.

pub mod name;

/// The one known word that is nearest to the text, if it is near enough to be a slip of the hand: one edit for short
/// words, two for words of six letters and more, where two neighbouring letters changing places is one edit. Nothing
/// where the text is known itself, or two known words are equally near.
pub fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_ascii_lowercase();
    let limit = if text.chars().count() >= 6 { 2 } else { 1 };
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for word in known {
        let distance = strsim::osa_distance(&text, &word.to_ascii_lowercase());
        match best {
            _ if distance == 0 => return None,
            _ if distance > limit => {}
            Some((before, _)) if distance > before => {}
            Some((before, other)) if distance == before && other != word => tied = true,
            _ => {
                best = Some((distance, word));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, word)| word)
}

/// Is a label of DNS that begins with an underscore meant, as `_dmarc`: without the underscore, with signs too many, or
/// with a slip in it? Without its underscore, a short word may be any other.
pub fn is_slip_of_label(label: &str, right: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let is_slip = || (label.starts_with('_') || letters(right).len() > 6) && nearest(label, [right]).is_some();
    label != right && (letters(label) == letters(right) || is_slip())
}

#[cfg(test)]
mod tests {
    use super::{is_slip_of_label, nearest};

    #[test]
    fn slips_and_strangers() {
        let known = ["include", "ip4", "ip6", "exists", "all", "a", "mx", "ptr"];
        assert_eq!(nearest("inlcude", known), Some("include"));
        assert_eq!(nearest("INCLUD", known), Some("include"));
        assert_eq!(nearest("ipv4", known), Some("ip4"));
        assert_eq!(nearest("ip", known), None, "ip4 or ip6?");
        assert_eq!(nearest("include", known), None, "known");
        assert_eq!(nearest("moo", known), None);
    }

    #[test]
    fn labels() {
        let dmarc = |label| is_slip_of_label(label, "_dmarc");
        assert!(["dmarc", "__dmarc", "_dmarc_", "_dmrac", "_dmark"].into_iter().all(dmarc));
        assert!(!["_dmarc", "dmark", "_spf", "mail"].into_iter().any(dmarc));
        let key = |label| is_slip_of_label(label, "_domainkey");
        assert!(["domainkey", "_domainkeys", "_domian_key", "domain-key", "domainkeys"].into_iter().all(key));
        assert!(!["_domainkey", "domain", "key"].into_iter().any(key));
    }
}
