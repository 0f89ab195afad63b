//! Which module may name which, and which file may name which crate: a plain scan of the text of `src`. Test code
//! (all behind the first `#[cfg(test)]`) is free.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the library may name of the others; `zone::Txt` stands for that one item and what is below.
const MAP: &[(&str, &[&str])] = &[
    ("name", &[]),
    ("address", &[]),
    ("lang", &[]),
    ("near", &["name"]),
    ("source", &["name"]),
    ("zone", &["source", "name"]),
    ("records", &["source", "name", "near", "zone::Txt"]),
    ("dns", &["source", "name", "address", "zone", "providers"]),
    ("tls", &[]),
    ("web", &["source", "name", "address", "tls", "dns"]),
    ("smtp", &["name", "address", "tls"]),
    ("snapshot", &["source", "name", "zone", "dns", "web"]),
    ("providers", &["name", "near"]),
    ("policy", &["source", "name", "finding", "zone", "zone::comments"]),
    ("evidence", &["dns", "web", "smtp", "records", "name", "policy", "providers", "zone"]),
    ("collect", &["dns", "web", "smtp", "evidence", "evaluate", "records", "policy", "providers", "name", "zone"]),
    (
        "config",
        &[
            "collect",
            "evidence",
            "finding",
            "lang",
            "name",
            "near",
            "policy",
            "providers",
            "receivers",
            "rules",
            "source",
        ],
    ),
    ("finding", &["lang", "source", "name", "zone::write"]),
    ("fix", &["finding", "source", "name", "zone"]),
    (
        "evaluate",
        &["finding", "evidence", "records", "dns", "name", "source", "providers", "zone::Tlsa", "zone::write"],
    ),
    (
        "rules",
        &[
            "source",
            "name",
            "lang",
            "near",
            "zone",
            "records",
            "dns",
            "web",
            "smtp",
            "tls",
            "evidence",
            "evaluate",
            "finding",
            "policy",
            "providers",
        ],
    ),
    ("baseline", &["finding", "lang", "name"]),
    ("diff", &["dns", "finding", "name", "receivers", "records", "source", "zone"]),
    ("receivers", &["dns", "evidence", "finding", "lang", "name", "near", "providers", "records"]),
    ("bounce", &["source", "lang", "name", "address", "finding", "providers", "receivers", "records"]),
    (
        "report",
        &[
            "bounce",
            "diff",
            "finding",
            "policy",
            "lang",
            "receivers",
            "rules",
            "source",
            "name",
            "dns",
            "evidence",
            "evaluate",
            "fix",
            "providers",
            "records",
            "zone::write",
        ],
    ),
];

/// Whoever answers: chosen by the binary alone, so nobody but `dns` and `web` themselves names these. (Zone data are no more than
/// data: a rule may look something up in them.)
const ANSWERERS: &[&str] = &[
    "dns::live",
    "dns::overlay",
    "dns::recorder",
    "dns::cache",
    "snapshot",
    "web::live",
    "web::recorder",
    "smtp::live",
    "smtp::cache",
];

/// Where each crate of `Cargo.toml` may be named: files, or folders with a slash at the end.
const CRATES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["src/report/text.rs"]),
    ("anyhow", &["src/cli/"]),
    ("base64", &["src/records/dkim/public_key.rs", "src/snapshot.rs"]),
    ("clap", &["src/cli/"]),
    ("clap_complete", &["src/cli/completions.rs", "src/cli/args/reference.rs"]),
    ("clap_mangen", &["src/cli/man.rs"]),
    ("der", &["src/records/dkim/public_key.rs", "src/evaluate/dane.rs"]),
    ("futures_util", &["src/dns/live.rs", "src/collect/", "src/cli/"]),
    ("hickory_resolver", &["src/dns/live.rs", "src/dns/live/"]),
    ("httparse", &["src/web/live.rs"]),
    ("humantime", &["src/cli/"]),
    ("idna", &["src/name.rs"]),
    ("ipnet", &["src/providers/", "src/evaluate/", "src/rules/"]),
    ("mail_parser", &["src/bounce/"]),
    ("maud", &["src/report/html.rs", "src/report/spf_picture.rs"]),
    ("memchr", &["src/"]),
    (
        "owo_colors",
        &[
            "src/report/text.rs",
            "src/report/provider.rs",
            "src/report/spf.rs",
            "src/report/recipients.rs",
            "src/report/senders.rs",
            "src/report/bounce/",
            "src/report/diff/text.rs",
            "src/report/dmarc_plan.rs",
            "src/report/first.rs",
            "src/report/verdicts.rs",
            "src/report/mending.rs",
        ],
    ),
    ("pkcs1", &["src/records/dkim/public_key.rs"]),
    ("psl", &["src/name.rs"]),
    ("regex", &["src/bounce/"]),
    ("roxmltree", &["src/records/svg.rs"]),
    ("saphyr_parser", &["src/zone/document/yaml.rs"]),
    ("serde", &["src/"]),
    (
        "serde_json",
        &[
            "src/snapshot.rs",
            "src/baseline.rs",
            "src/snapshot/",
            "src/report/json.rs",
            "src/report/sarif.rs",
            "src/report/gitlab.rs",
            "src/bounce/notification.rs",
        ],
    ),
    ("sha2", &["src/evaluate/dane.rs", "src/finding/identity.rs"]),
    ("similar", &["src/cli/fix.rs"]),
    ("spki", &["src/records/dkim/public_key.rs"]),
    ("strsim", &["src/near/", "src/records/"]),
    ("textwrap", &["src/report/text.rs"]),
    ("tokio", &["src/dns/", "src/web/live.rs", "src/smtp/", "src/collect/", "src/cli/"]),
    ("tokio_rustls", &["src/tls.rs", "src/web/live.rs", "src/smtp/live.rs"]),
    ("toml", &["src/bounce/", "src/config/", "src/receivers/", "src/providers/"]),
    (
        "unicode_width",
        &[
            "src/report/text.rs",
            "src/report/spf.rs",
            "src/report/spf_picture.rs",
            "src/report/senders.rs",
            "src/report/verdicts.rs",
        ],
    ),
    ("webpki_roots", &["src/tls.rs"]),
];

/// What of the standard library touches the world, and where it may be named.
const WORLD: &[(&str, &[&str])] = &[
    ("fs", &["src/zone/folder.rs", "src/cli/"]),
    ("TcpStream", &["src/dns/live.rs", "src/web/live.rs", "src/smtp/live.rs"]),
    ("TcpListener", &["src/dns/live.rs"]),
    ("UdpSocket", &["src/dns/live.rs"]),
    ("ToSocketAddrs", &["src/dns/live.rs"]),
    ("lookup_host", &["src/dns/live.rs"]),
    ("SystemTime", &["src/dns/live.rs", "src/cli/"]),
    ("Instant", &["src/dns/live.rs", "src/web/live.rs", "src/smtp/live.rs", "src/cli/"]),
];

#[test]
fn every_module_is_in_the_map() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let modules: BTreeSet<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(modules, MAP.iter().map(|(module, _)| *module).collect(), "modules of src/lib.rs, and those of MAP");
}

#[test]
fn every_crate_is_in_the_list() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let crates: BTreeSet<String> = lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(" = ")?.0.replace('-', "_")))
        .collect();
    assert_eq!(
        crates,
        CRATES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        "Cargo.toml's, and those of CRATES"
    );
}

#[test]
fn modules_name_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !file.is_in(&["src/cli/", "src/lib.rs"])) {
        let module = file.module();
        let allowed = MAP.iter().find(|(name, _)| *name == module[0]).map_or(&[][..], |(_, allowed)| *allowed);
        for (line, code) in file.code() {
            for path in paths_behind(code, "crate::") {
                let own = covers(module[0], path);
                if !own && !allowed.iter().any(|entry| covers(entry, path)) {
                    wrong.push(format!("{}:{line}: names `{path}`; `{}` may name {allowed:?}", file.path, module[0]));
                }
                if !own && module[0] != "dns" && ANSWERERS.iter().any(|answerer| covers(answerer, path)) {
                    wrong.push(format!("{}:{line}: names `{path}`; who answers is chosen in src/cli", file.path));
                }
            }
            if code.contains(&"super::".repeat(module.len())) {
                wrong.push(format!("{}:{line}: `super::` leads out of `{}`; write `crate::`", file.path, module[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "the map of modules in tests/layers.rs is broken:\n{}", wrong.join("\n"));
}

#[test]
fn crates_are_named_where_they_belong() {
    let mut wrong = Vec::new();
    for file in &files() {
        for (line, code) in file.code() {
            for (name, places) in CRATES.iter().filter(|(name, _)| names_crate(code, name)) {
                if !file.is_in(places) {
                    wrong.push(format!("{}:{line}: names the crate `{name}`, which belongs to {places:?}", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "the list of crates in tests/layers.rs is broken:\n{}", wrong.join("\n"));
}

#[test]
fn files_network_and_clock_are_touched_where_they_belong() {
    let mut wrong = Vec::new();
    for file in &files() {
        for (line, code) in file.code() {
            for (name, places) in WORLD.iter().filter(|(name, _)| has_word(code, name)) {
                if !file.is_in(places) {
                    wrong.push(format!("{}:{line}: names `{name}`, which belongs to {places:?}", file.path));
                }
            }
            let live = ["src/dns/live.rs", "src/web/live.rs", "src/smtp/live.rs"];
            if code.contains("tokio::net") && !file.is_in(&live) {
                wrong.push(format!("{}:{line}: names `tokio::net`, which belongs to {live:?}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "the world is touched elsewhere:\n{}", wrong.join("\n"));
}

struct SourceFile {
    /// From the root of the package, with slashes.
    path: String,
    text: String,
}

impl SourceFile {
    /// The module path: `src/rules/spf/plus_all.rs` is `rules`, `spf`, `plus_all`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').collect()
    }

    /// Lines of code with their numbers: no comments, no tests.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
        lines.map(|line| line.split("//").next().unwrap_or_default()).enumerate().map(|(n, line)| (n + 1, line))
    }

    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || place.ends_with('/') && self.path.starts_with(place))
    }
}

/// All files of `src`, but those that are test code as a whole.
fn files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.extension() {
                None if path.is_dir() => folders.push(path),
                Some(extension) if extension == "rs" => files.push(read(&path)),
                _ => {}
            }
        }
    }
    files.retain(|file| file.path != "src/testing.rs" && !file.path.ends_with("/tests.rs"));
    assert!(files.len() > 30, "only {} files found", files.len());
    files
}

fn read(path: &Path) -> SourceFile {
    let parts: Vec<_> =
        path.strip_prefix(root()).expect("below the root").iter().map(|p| p.to_string_lossy()).collect();
    SourceFile { path: parts.join("/"), text: fs::read_to_string(path).expect("a file") }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The paths that follow a prefix: of `use crate::dns::{Answer, Dns};` it is `dns::{Answer, Dns};`.
fn paths_behind<'a>(code: &'a str, prefix: &str) -> impl Iterator<Item = &'a str> {
    code.match_indices(prefix)
        .filter(|(at, _)| !is_word_before(code, *at))
        .map(|(at, found)| code[at + found.len()..].trim_end_matches(';'))
}

/// Is the path this entry, or something below it?
fn covers(entry: &str, path: &str) -> bool {
    path.strip_prefix(entry).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// `name::…` at the beginning of a path, or `use name;`.
fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let begins = |at: usize| !is_word_before(code, at) && !code[..at].ends_with("::");
    code.match_indices(&path).any(|(at, _)| begins(at)) || code.trim() == format!("use {name};")
}

fn has_word(code: &str, word: &str) -> bool {
    let ends = |at: usize| !code[at + word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| !is_word_before(code, at) && ends(at))
}

fn is_word_before(code: &str, at: usize) -> bool {
    code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}
