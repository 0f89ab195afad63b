//! Files that were made to break a reader: the program ends soon, in little memory, without a panic, and says what is
//! wrong and where.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Far more than any of them needs, also where the build is not optimized and the machine is busy.
const TIME: Duration = Duration::from_secs(30);

/// KiB of address space: enough for a text of ten million bytes, and for no bomb.
const MEMORY: usize = 1_500_000;

const HEAD: &str = "$ORIGIN example.test.\n$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n";

#[test]
fn texts_of_zone_lines() {
    let million = 1_000_000;
    let zone = |text: String| format!("{HEAD}{text}\nwww CNAME example.test\n");
    // What comes behind is read, too: a name without its final dot.
    let goes_on = "zone-dot-missing";
    for (text, finds) in [
        (zone("(".repeat(million)), "zone-unreadable-line"),
        (zone("(\n".repeat(million)), "zone-unreadable-line"),
        (zone(")".repeat(million)), goes_on),
        (zone("( )".repeat(million)), goes_on),
        (zone("\"".repeat(million + 1)), "zone-unreadable-line"),
        (zone(format!("@ TXT \"{}\"", "x".repeat(10 * million))), goes_on),
        (zone(format!("@ TXT \"{}", "x".repeat(10 * million))), goes_on),
        (zone(format!("{} A 192.0.2.1", "x".repeat(10 * million))), goes_on),
        (zone(format!("{} A 192.0.2.1", "x.".repeat(5 * million))), goes_on),
        (zone(format!("@ TXT {}", "a ".repeat(5 * million))), goes_on),
        (zone(format!("@ TXT {}", "\\".repeat(10 * million + 1))), goes_on),
        (zone(format!("@ {} TXT a", "9".repeat(10 * million))), goes_on),
        (zone(format!("@ TLSA 3 1 1 {}", "ab".repeat(5 * million))), goes_on),
        (zone(format!("@ TYPE{} \\# 0", "1".repeat(million))), goes_on),
        (zone("\0".repeat(million)), goes_on),
        (zone("\r".repeat(million)), goes_on),
        (zone("$GENERATE 0-2147483647 a$ A 192.0.2.1".into()), goes_on),
        (zone("$GENERATE 0-2147483647/2147483647 a$ A 192.0.2.1".into()), goes_on),
        (zone("$GENERATE 0-65535 ${0,255,n}${0,255,n} TXT ${0,255}\n".repeat(100)), goes_on),
        (zone("$GENERATE 0-99999999999999999999/0 a$ A 192.0.2.1".into()), goes_on),
        (zone("$ORIGIN a\n".repeat(200_000)), "zone-unreadable-line"),
        (zone("$INCLUDE big.zone\n".repeat(1000)), "zone-unreadable-line"),
        (zone("$INCLUDE /dev/zero\n$INCLUDE ../../../../etc/passwd\n".into()), "zone-include-unread"),
    ] {
        let finds_it = |found: &Found| found.text.contains(finds);
        let found = run("big.zone", text.as_bytes());
        assert!(finds_it(&found), "{}\n{}\n{}", start(&text[HEAD.len()..]), finds, start(&found.text));
    }
}

#[test]
fn texts_of_json_and_yaml() {
    let million = 1_000_000;
    let bomb: String = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    let merges: String = (1..40).map(|n| format!("a{n}: &a{n}\n  <<: [*a{0}, *a{0}]\n", n - 1)).collect();
    let record = "www:\n  type: A\n  value: 192.0.2.1\n";
    for (text, says) in [
        (format!("{record}a0: &a0 [x, x]\n{bomb}"), "zone-unreadable-line"),
        (format!("{record}a0: &a0\n  type: A\n  value: 192.0.2.1\n{merges}"), ""),
        (format!("{record}a: &a [*a]\n"), ""),
        (format!("{record}deep: {}", "[".repeat(million)), "zone-unreadable-line"),
        (format!("{record}deep: {}", "{a: ".repeat(million)), "zone-unreadable-line"),
        (format!("{record}{}x", "- ".repeat(million)), "zone-unreadable-line"),
        (format!("{record}? {}", "? ".repeat(100_000)), "zone-unreadable-line"),
        (format!("{record}a:\n  type: TXT\n  value: \"{}\n", "x".repeat(10 * million)), "zone-unreadable-line"),
        (format!("{record}a:\n  type: TXT\n  value: {}\n", "x".repeat(10 * million)), ""),
        (format!("{record}a:\n  type: A\n  ttl: {}\n  value: 192.0.2.2\n", "9".repeat(million)), ""),
        (format!("{record}{}", "www:\n  type: A\n  value: 192.0.2.1\n".repeat(50_000)), "zone-unreadable-line"),
        (format!("{record}a: \0\n"), ""),
        ("[".repeat(million), "JSON"),
        (format!("{{\"ResourceRecordSets\": {}", "[".repeat(million)), "JSON"),
        (format!("{{\"ResourceRecordSets\": [{{\"TTL\": {}", "9".repeat(million)), "JSON"),
        (format!("{{\"ResourceRecordSets\": [{}", "{\"Name\": \"a\", \"Name\": \"b\"}, ".repeat(100_000)), "JSON"),
        (format!("{{\"a\": \"{}", "\\ud800".repeat(million)), "JSON"),
    ] {
        let found = run("example.test.yaml", text.as_bytes());
        assert!(found.text.contains(says), "{}\n{}\n{}", start(&text), says, start(&found.text));
    }
}

#[test]
fn other_encodings() {
    let zone = format!("{HEAD}www CNAME example.test\n");
    let wide: Vec<u16> = zone.encode_utf16().collect();
    let little = |bytes: &[u16]| bytes.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    for bytes in [
        [&b"\xff\xfe"[..], &little(&wide)].concat(),
        little(&wide),
        [&b"\xef\xbb\xbf"[..], zone.as_bytes()].concat(),
        zone.replace('\n', "\r").into_bytes(),
        zone.replace('\n', "\r\n").into_bytes(),
        [zone.as_bytes(), &b"caf\xe9 TXT \xff\xfe\n"[..]].concat(),
        b"\xff".repeat(1_000_000),
        b"\0".repeat(1_000_000),
        Vec::new(),
    ] {
        let found = run("example.test.zone", &bytes);
        assert!(!found.text.is_empty(), "{:?}", bytes.get(..40));
    }
}

/// Pipes and devices are no files: nobody waits for them, and nothing is read without an end.
#[test]
fn what_is_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe.zone");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for path in [&pipe, Path::new("/dev/zero"), Path::new("/dev/stdin")] {
        let found = checked(path);
        assert!(found.text.contains("not a regular file"), "{}: {}", path.display(), found.text);
    }
    // In a folder they are passed over, and so are links that lead out of it.
    fs::write(folder.path().join("good.zone"), format!("{HEAD}www CNAME example.test\n")).expect("a file");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("link.zone")).expect("a link");
    let found = checked(folder.path());
    assert!(found.text.contains("zone-dot-missing") && !found.text.contains("link.zone"), "{}", found.text);
}

struct Found {
    /// What it says, on both outputs.
    text: String,
}

fn run(name: &str, bytes: &[u8]) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file");
    checked(&path)
}

fn checked(path: &Path) -> Found {
    let started = Instant::now();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {MEMORY} && exec timeout {} \"$0\" zone \"$1\"", 2 * TIME.as_secs())]);
    shell.arg(env!("CARGO_BIN_EXE_mailvet")).arg(path).env("MALLOC_ARENA_MAX", "1");
    let Output { status, stdout, stderr } = shell.output().expect("a shell");
    let text = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    assert!(matches!(status.code(), Some(0..=3)), "{status}: {}", start(&text));
    assert!(started.elapsed() < TIME, "{:?}: {}", started.elapsed(), start(&text));
    Found { text }
}

fn start(text: &str) -> String {
    text.chars().take(300).collect()
}
