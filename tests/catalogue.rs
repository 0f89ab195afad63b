//! All rules together: ids and paths, words in three languages, references, tests, and the list of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mailvet::lang::{Lang, Prose, placeholders};
use mailvet::rules::{self, Rule};

/// The list of rules with their severities: people and programs hold on to both.
const LIST: &str = "testdata/rules.txt";

#[test]
fn ids_are_paths() {
    let mut ids = BTreeSet::new();
    for rule in rules::all() {
        assert!(ids.insert(rule.id.to_owned()), "{} is in the list twice", rule.id);
    }
    assert_eq!(ids, files().into_keys().collect(), "the rules in the lists, and the files under src/rules");
}

#[test]
fn languages_ask_for_the_same_values() {
    for rule in rules::all() {
        // `%{i}` is a macro of SPF.
        let words = Lang::ALL.map(|lang| texts(rule.text.get(lang)).join("\n").replace("%{", ""));
        let asked = words.each_ref().map(|words| placeholders(words).into_iter().collect::<BTreeSet<&str>>());
        for (lang, values) in Lang::ALL.iter().zip(&asked) {
            assert_eq!(values, &asked[0], "{}: values in {lang}, and in {}", rule.id, Lang::ALL[0]);
        }
    }
}

#[test]
fn words_are_there() {
    for rule in rules::all() {
        let titles: BTreeSet<&str> = Lang::ALL.iter().map(|lang| rule.text.get(*lang).title).collect();
        assert_eq!(titles.len(), Lang::ALL.len(), "{}: a title is not translated", rule.id);
        for lang in Lang::ALL {
            for text in texts(rule.text.get(lang)) {
                assert!(!text.is_empty() && text.trim() == text, "{}, {lang}: {text:?}", rule.id);
            }
            let title = rule.text.get(lang).title;
            assert!(!title.contains('\n') && !title.ends_with(['.', '。']), "{}, {lang}: {title:?}", rule.id);
        }
    }
}

#[test]
fn references_name_a_section_or_a_document() {
    for rule in rules::all() {
        assert!(!rule.references.is_empty(), "{} rests on nothing", rule.id);
        for reference in rule.references {
            let known = if reference.starts_with("RFC") { is_section(reference) } else { is_document(reference) };
            assert!(known, "{}: {reference:?} is neither “RFC 7208 section 4.5” nor “Author: Document”", rule.id);
        }
    }
}

#[test]
fn every_rule_is_tested_both_ways() {
    for (id, path) in files() {
        let text = fs::read_to_string(&path).expect("a file");
        let tests = text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
        let calls = |name: &str| tests.match_indices(name).any(|(at, _)| tests[..at].ends_with([' ', '{', '(']));
        assert!(calls("finds("), "{id}: no test calls `finds`");
        assert!(calls("clean("), "{id}: no test calls `clean`");
    }
}

#[test]
fn the_list_is_as_published() {
    let line = |rule: &Rule| format!("{} {}\n", rule.id, format!("{:?}", rule.severity).to_lowercase());
    let list: String = rules::all().map(line).collect::<BTreeSet<String>>().into_iter().collect();
    let path = root().join(LIST);
    if std::env::var_os("MAILVET_BLESS").is_some() {
        fs::write(&path, &list).expect("the list is written");
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(list, published, "if that is meant, run the tests with MAILVET_BLESS=1, which writes {LIST}");
}

fn texts(prose: &Prose) -> [&'static str; 4] {
    [prose.title, prose.here, prose.why, prose.fix]
}

/// `RFC 7208 section 4.5`, `RFC 9989 appendix A.6`
fn is_section(reference: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match reference.split(' ').collect::<Vec<_>>()[..] {
        ["RFC", rfc, "section", section] => number(rfc) && section.split('.').all(number),
        ["RFC", rfc, "appendix", appendix] => {
            let mut parts = appendix.split('.');
            let letter = parts.next().is_some_and(|part| matches!(part.as_bytes(), [b'A'..=b'Z']));
            number(rfc) && letter && parts.all(number)
        }
        _ => false,
    }
}

/// `Google: Email sender guidelines`
fn is_document(reference: &str) -> bool {
    reference.split_once(": ").is_some_and(|(author, document)| !author.is_empty() && !document.trim().is_empty())
}

/// The files of rules by the id that their path says: `src/rules/spf/plus_all.rs` is `spf-plus-all`. Others beside
/// them help several rules.
fn files() -> BTreeMap<String, PathBuf> {
    let topics = entries(&root().join("src/rules")).into_iter().filter(|path| path.is_dir());
    let has_rule = |path: &PathBuf| fs::read_to_string(path).expect("a file").contains("static RULE: Rule");
    let files = topics.flat_map(|topic| entries(&topic)).filter(has_rule);
    files.map(|path| (id(&path), path)).collect()
}

fn id(path: &Path) -> String {
    let topic = path.parent().and_then(Path::file_name).expect("a topic").to_string_lossy();
    let name = path.file_stem().expect("a name").to_string_lossy();
    format!("{topic}-{name}").replace('_', "-")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
