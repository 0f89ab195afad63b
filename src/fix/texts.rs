//! Edits carried out on texts.

use std::collections::BTreeMap;

use crate::finding::Edit;

/// Texts that stand in place of those of files, by the names of their sources.
pub type Texts = BTreeMap<String, String>;

/// The texts with these edits made. The edits are about the texts of their sources, and do not overlap.
pub fn apply<'e>(texts: &Texts, edits: impl IntoIterator<Item = &'e Edit>) -> Texts {
    let mut by_text: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_text.entry(&edit.at.source.name).or_default().push(edit);
    }
    let mut texts = texts.clone();
    for (name, edits) in by_text {
        texts.insert(name.to_owned(), edited(edits));
    }
    texts
}

/// The text of the source that these edits are about, with them.
fn edited(mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.at.bytes.start, edit.at.bytes.end));
    let mut out = String::new();
    let (mut at, mut rest) = (0, "");
    for edit in edits {
        let text = &edit.at.source.text;
        out.push_str(text.get(at..edit.at.bytes.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.at.bytes.end;
        rest = text.get(at..).unwrap_or_default();
    }
    out + rest
}

/// Would one be in the way of the other?
pub(super) fn overlap(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (&one.at.bytes, &other.at.bytes);
    let is_same_place = a.start == b.start && (a.is_empty() || b.is_empty() || a == b);
    one.at.source.name == other.at.source.name && (is_same_place || a.start < b.end && b.start < a.end)
}
