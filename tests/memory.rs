//! A large zone is checked in bounded memory, and in time that grows with it and not with its square.
//!
//! On Linux only: there the shell can limit the address space of a program.

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Enough that what a single record costs can be seen.
const RECORDS: usize = 200_000;

/// KiB of address space for the program itself, its threads and its report: it has 90,000 of them for an empty zone.
const PROGRAM: usize = 120_000;

/// Bytes for each record beside its text: the record, its name, its place in the order of names; and as much again while
/// a list grows.
const OF_RECORD: usize = 320;

/// The same for a text, which has a value and places of its own.
const OF_TEXT: usize = 700;

/// The same for a domain with mail: what is said of it, and the text of it.
const OF_DOMAIN: usize = 16 * 1024;

/// Even a slow machine needs less in a build that is not optimized; work by the square of the records would take hours.
const TIME: Duration = Duration::from_secs(60);

const HEAD: &str = "$ORIGIN big.example.\n$TTL 3600\n@ SOA ns1 host 1 7200 3600 1209600 3600\n@ NS ns1\n@ NS ns2\n\
    ns1 A 192.0.2.1\nns2 A 192.0.2.2\n@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx -all\"\n\
    _dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@big.example\"\n";

/// What the last line of a zone holds, so that it is seen that all of it was checked.
const TAIL: &str = "last CNAME big.example\n";

#[test]
fn addresses_and_aliases() {
    let line = |n: usize| match n % 10 {
        0 => format!("alias{n} CNAME host{}\n", n + 1),
        _ => format!("host{n} 300 A 10.{}.{}.{}\n", n >> 16 & 255, n >> 8 & 255, n & 255),
    };
    check(RECORDS, OF_RECORD, line, "zone-dot-missing");
}

#[test]
fn texts() {
    check(RECORDS / 3, OF_TEXT, |n| format!("text{n} TXT \"site-verification={n:032x}\"\n"), "zone-dot-missing");
}

#[test]
fn generated_addresses() {
    let line = |n: usize| match n % 50_000 {
        0 => format!("$GENERATE {n}-{} host$ A 10.0.0.${{0,0,d}}\n", n + 255),
        n => format!("; {n}\n"),
    };
    check(RECORDS, OF_RECORD, line, "zone-dot-missing");
}

#[test]
fn domains_with_mail() {
    check(1_000, OF_DOMAIN, |n| format!("d{n} MX 10 mail\n"), "zone-dot-missing");
}

#[test]
fn broken_keys_of_one_domain() {
    check(2_000, OF_DOMAIN, |n| format!("s{n}._domainkey TXT \"v=DKIM1; p=broken{n}!\"\n"), "dkim-");
}

/// No more than is said of the first ten thousand, however many lines are broken.
#[test]
fn broken_lines() {
    check(RECORDS, 200, |n| format!("host{n} A 10.1.2\n"), "`zone-unreadable-line` are not listed: 190000");
}

/// Checks a zone of so many lines, with so much memory for each beside its text, and looks for what it has to find.
fn check(lines: usize, bytes: usize, line: impl Fn(usize) -> String, finds: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.zone");
    let mut text = HEAD.to_owned();
    (0..lines).for_each(|n| text.push_str(&line(n)));
    let _ = write!(text, "{TAIL}");
    std::fs::write(&path, &text).expect("a file");
    let (start, output) = (Instant::now(), run(&path, PROGRAM + (text.len() + lines * bytes) / 1024));
    let (found, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(errors.is_empty() && found.contains(finds), "{:?}\n{errors}\n{}", output.status, head(&found));
    assert!(start.elapsed() < TIME, "{:?}", start.elapsed());
}

fn run(path: &Path, kibibytes: usize) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {kibibytes} && exec \"$0\" zone \"$1\"")]);
    // Each thread would set aside addresses that it does not use.
    shell.arg(env!("CARGO_BIN_EXE_mailvet")).arg(path).env("MALLOC_ARENA_MAX", "1");
    shell.output().expect("a shell")
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(2000)]
}
