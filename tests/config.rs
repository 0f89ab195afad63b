//! `mailvet.toml`: where it is found, what goes before it, and that nothing in it leads out of its folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mailvet::config::Config;
use mailvet::source::{Source, SourceKind};
use serde_json::Value;
use tempfile::TempDir;

const ZONE: &str = "$ORIGIN contoso.test.\n$TTL 300\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n\
    @ MX 10 mail\nmail A 192.0.2.1\n@ TXT \"v=spf1 ptr mx include:spf.other.test -all\"\n";

const OTHERS: &str = "spf.other.test. 300 TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n";

/// A repository with a zone in `repo/zones`, and a file outside of it.
struct Scratch(TempDir);

impl Scratch {
    fn new() -> Scratch {
        let scratch = Scratch(tempfile::tempdir().expect("a folder"));
        for folder in ["repo/.git", "repo/zones", "repo/shared"] {
            fs::create_dir_all(scratch.0.path().join(folder)).expect("a folder");
        }
        scratch.write("repo/zones/contoso.zone", ZONE);
        scratch.write("repo/shared/others.zone", OTHERS);
        scratch.write("outside.zone", OTHERS);
        scratch
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.path().join(path), text).expect("a file");
    }

    /// Runs in this folder.
    fn run(&self, folder: &str, args: &[&str]) -> Output {
        let folder = self.0.path().join(folder);
        let command = Command::new(env!("CARGO_BIN_EXE_mailvet")).args(args).current_dir(folder).output();
        command.expect("it runs")
    }

    /// The report on `repo/zones/contoso.zone` with these settings in `repo`.
    fn report(&self, settings: &str, args: &[&str]) -> String {
        self.write("repo/mailvet.toml", settings);
        let output = self.run("repo", &[&["zone", "zones/contoso.zone"], args].concat());
        assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What is said where the settings in `repo` cannot be used.
    fn error(&self, settings: &str) -> String {
        self.write("repo/mailvet.toml", settings);
        wrong_use(&self.run("repo", &["zone", "zones/contoso.zone"]))
    }
}

fn wrong_use(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn is_spanish(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains("advertencia")
}

#[test]
fn it_is_found_upwards_as_far_as_the_repository() {
    let scratch = Scratch::new();
    scratch.write("mailvet.toml", "lang = \"ja\"");
    scratch.write("repo/mailvet.toml", "lang = \"es\"");
    for (folder, file) in [
        ("repo", "zones/contoso.zone"),
        ("repo/zones", "contoso.zone"),
        ("repo/zones", "."),
        ("repo", "zones"),
        (".", "repo/zones/contoso.zone"),
        ("repo/shared", "../zones/contoso.zone"),
    ] {
        assert!(is_spanish(&scratch.run(folder, &["zone", file])), "{folder}: {file}");
    }
    fs::remove_file(scratch.0.path().join("repo/mailvet.toml")).expect("it is there");
    assert!(String::from_utf8_lossy(&scratch.run("repo", &["zone", "zones"]).stdout).contains("warning["));
    fs::remove_dir(scratch.0.path().join("repo/.git")).expect("it is there");
    assert!(String::from_utf8_lossy(&scratch.run("repo", &["zone", "zones"]).stdout).contains("警告["));
}

#[test]
fn one_run_has_one() {
    let scratch = Scratch::new();
    scratch.write("repo/mailvet.toml", "lang = \"es\"");
    scratch.write("repo/shared/mailvet.toml", "lang = \"ja\"");
    scratch.write("other.zone", ZONE);
    let error = wrong_use(&scratch.run("repo", &["zone", "zones", "shared"]));
    assert!(
        error.contains("zones has the settings in mailvet.toml, and shared has the settings in shared/mailvet.toml"),
        "{error}"
    );
    let error = wrong_use(&scratch.run("repo", &["zone", "zones/contoso.zone", "../other.zone"]));
    assert!(
        error.contains("../other.zone has no settings: name one with --config, or none with --no-config"),
        "{error}"
    );
    assert!(is_spanish(&scratch.run("repo", &["zone", "zones", "shared", "--config", "mailvet.toml"])));
    assert!(!is_spanish(&scratch.run("repo", &["zone", "zones", "shared", "--no-config"])));
}

#[test]
fn the_settings_are_no_zone_of_their_folder() {
    let scratch = Scratch::new();
    scratch.write("repo/zones/mailvet.toml", "lang = \"es\"");
    let output = scratch.run("repo", &["zone", "zones"]);
    assert!(is_spanish(&output) && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn arguments_go_before_settings() {
    let scratch = Scratch::new();
    let settings = "lang = \"es\"\nfail-on = \"advice\"\nreceivers = [\"gmx\"]\nvolume = \"bulk\"\n";
    let verdicts = |args: &[&str]| {
        let report: Value = serde_json::from_str(&scratch.report(settings, args)).expect("JSON");
        let verdicts = report["reports"][0]["verdicts"].as_array().expect("verdicts").clone();
        let who = |verdict: &Value| format!("{} {}", verdict["receiver"], verdict["sender"]).replace('"', "");
        verdicts.iter().map(who).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&["--format", "json"]), ["gmx bulk"]);
    assert_eq!(verdicts(&["--format", "json", "--receiver", "yahoo", "--volume", "small"]), ["yahoo everyone"]);
    assert!(scratch.report(settings, &[]).contains("advertencia[spf-ptr]"));
    assert!(scratch.report(settings, &["--lang", "en"]).contains("warning[spf-ptr]"));
    let code = |args: &[&str]| scratch.run("repo", &[&["zone", "zones"], args].concat()).status.code();
    assert_eq!((code(&[]), code(&["--fail-on", "never"])), (Some(1), Some(0)));
}

#[test]
fn with_and_from_are_files_of_its_folder() {
    let scratch = Scratch::new();
    assert!(scratch.report("", &[]).contains("dns-not-asked"));
    for settings in ["with = [\"shared/others.zone\"]", "with = \"zones/../shared/others.zone\""] {
        assert!(!scratch.report(settings, &[]).contains("dns-not-asked"), "{settings}");
    }
    assert!(scratch.report("with = [\"zones/contoso.zone\"]", &["--with", "shared/others.zone"]).contains("contoso"));
    // Those of a command that asks the network would make it ask no longer: they are for zone files alone.
    scratch.write("repo/mailvet.toml", "from = \"nothing.json\"");
    assert!(scratch.error("from = \"nothing.json\"").contains("mailvet.toml:1:8: “nothing.json” cannot be found"));
    assert_eq!(scratch.run("repo", &["spf", "contoso.test", "--zone", "zones/contoso.zone"]).status.code(), Some(0));
}

#[test]
fn no_path_leads_out() {
    let scratch = Scratch::new();
    let outside = scratch.0.path().join("outside.zone");
    for path in ["../outside.zone", "zones/../../outside.zone", &outside.to_string_lossy(), "/etc/hostname", "..", "/"]
    {
        for key in ["with", "from", "to-file"] {
            let error = scratch.error(&format!("# settings\n{key} = '{path}'\n"));
            assert!(error.contains("mailvet.toml:2:") && error.contains("leads out of the folder"), "{path}: {error}");
        }
    }
    // A missing file outside is not told from one that is there.
    assert!(scratch.error("with = [\"../nothing\"]").contains("leads out of the folder"));
    assert!(scratch.error("with = [\"a\\u0000b\"]").contains("cannot be found"));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new();
    let at = |path: &str| scratch.0.path().join(path);
    symlink(at("outside.zone"), at("repo/link.zone")).expect("a link");
    symlink(at("."), at("repo/up")).expect("a link");
    symlink("shared/others.zone", at("repo/inside.zone")).expect("a link");
    for path in ["link.zone", "up/outside.zone"] {
        assert!(scratch.error(&format!("with = [\"{path}\"]")).contains("leads out of the folder"), "{path}");
    }
    assert!(!scratch.report("with = [\"inside.zone\"]", &[]).contains("dns-not-asked"));
    scratch.write("secret", "root:x:0:0\n");
    symlink(at("secret"), at("repo/zones/mailvet.toml")).expect("a link");
    let error = wrong_use(&scratch.run("repo", &["zone", "zones"]));
    assert!(error.contains("is a link that leads out of its folder") && !error.contains("root"), "{error}");
}

#[test]
fn hostile_files_end_in_an_error() {
    let scratch = Scratch::new();
    let deep = format!("a = {}", "[".repeat(500_000));
    for (text, told) in [
        (deep.as_str(), "mailvet.toml:1:"),
        (&"# much\n".repeat(1_500_000), "settings may have 1 MiB, and this is more"),
        ("\0\0\0", "mailvet.toml:1:"),
        ("lang = \"\u{1b}[31m\"", "mailvet.toml:1:"),
        ("\"\\u001b[31m\" = 1", "\\u{1b}[31m"),
        (".", "mailvet.toml:1:"),
    ] {
        let error = scratch.error(text);
        assert!(error.contains(told) && !error.contains('\u{1b}') && error.len() < 10_000, "{error}");
    }
    fs::write(scratch.0.path().join("repo/mailvet.toml"), b"\xff\xfe").expect("a file");
    assert!(wrong_use(&scratch.run("repo", &["zone", "zones"])).contains("cannot read mailvet.toml"));
    fs::remove_file(scratch.0.path().join("repo/mailvet.toml")).expect("it is there");
    fs::create_dir(scratch.0.path().join("repo/mailvet.toml")).expect("a folder");
    assert!(wrong_use(&scratch.run("repo", &["zone", "zones"])).contains("mailvet.toml: not a regular file"));
}

#[test]
fn sections_are_for_their_domains() {
    let scratch = Scratch::new();
    scratch.write("repo/zones/contoso.zone", &(ZONE.to_owned() + "news MX 10 mail\nnews TXT \"v=spf1 mx -all\"\n"));
    let settings = "via = [\"192.0.2.1\"]\n[domain.\"*.contoso.test\"]\nvia = [\"192.0.2.2\"]\n";
    let senders = |args: &[&str]| {
        let report: Value = serde_json::from_str(&scratch.report(settings, args)).expect("JSON");
        let reports = report["reports"].as_array().expect("reports").clone();
        reports
            .iter()
            .map(|report| report["senders"][0]["sender"].as_str().expect("one").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(senders(&["--format", "json"]), ["192.0.2.1", "192.0.2.2"]);
    assert_eq!(senders(&["--format", "json", "--via", "192.0.2.3"]), ["192.0.2.3", "192.0.2.3"]);
}

#[test]
fn an_expired_ignore_counts_and_points_at_the_settings() {
    let scratch = Scratch::new();
    let rest = "[rules]\ndmarc = \"off\"\nauth = \"off\"\n";
    let ignore = |until: &str| {
        format!("fail-on = \"warning\"\n[[ignore]]\nrule = \"spf-ptr\"\nreason = \"x\"\nuntil = {until}\n{rest}")
    };
    let report = scratch.report(&ignore("2020-01-31"), &[]);
    assert!(report.contains("warning[ignore-expired]") && report.contains("--> mailvet.toml:2:1"), "{report}");
    assert!(report.contains("warning[spf-ptr]"));
    let report = scratch.run("repo/zones", &["zone", "contoso.zone"]).stdout;
    assert!(String::from_utf8_lossy(&report).contains("--> ../mailvet.toml:2:1"));
    let report = scratch.report(&ignore("9999-12-31"), &[]);
    assert!(!report.contains("[spf-ptr]") && report.contains("Not counted: 1 (by settings 1)"), "{report}");
    let output = scratch.run("repo", &["zone", "zones"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_example_of_the_readme_is_read() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README");
    let (_, section) = readme.split_once("## Settings in a file").expect("the section");
    let (_, example) = section.split_once("```toml\n").expect("the example");
    let (example, _) = example.split_once("```").expect("its end");
    let config = Config::read(&Source::new("mailvet.toml", example, SourceKind::File)).expect("settings");
    assert!(!config.policy.ignores.is_empty() && config.sections.len() > 1 && !config.with.is_empty());
}

#[test]
fn of_a_comparison_the_new_side_decides() {
    let scratch = Scratch::new();
    scratch.write("repo/mailvet.toml", "lang = \"es\"\nfail-on = \"warning\"");
    // As `git worktree` puts it beside the repository.
    for folder in ["before/.git", "before/zones"] {
        fs::create_dir_all(scratch.0.path().join(folder)).expect("a folder");
    }
    scratch.write("before/mailvet.toml", "lang = \"ja\"");
    scratch.write("before/zones/contoso.zone", &ZONE.replace("ptr ", ""));
    let diff = |args: &[&str]| scratch.run("repo", &[&["diff"], args].concat());
    let new = diff(&["../before/zones", "zones"]);
    assert!(is_spanish(&new), "{new:?}");
    assert_eq!(new.status.code(), Some(1), "a warning is new");
    assert_eq!(diff(&["../before/zones", "zones", "--fail-on", "error"]).status.code(), Some(0));
    assert!(is_spanish(&scratch.run(".", &["diff", "outside.zone", "repo/zones", "--origin", "contoso.test"])));
    fs::remove_file(scratch.0.path().join("repo/mailvet.toml")).expect("it is there");
    let old = diff(&["../before/zones", "zones"]);
    assert!(String::from_utf8_lossy(&old.stdout).contains("警告["), "{old:?}");
}

#[test]
fn what_is_known_and_what_is_locked() {
    let scratch = Scratch::new();
    scratch.write("repo/mailvet.toml", "baseline = \"known.json\"\nlocked = true\nfail-on = \"advice\"");
    let run = |args: &[&str]| scratch.run("repo", args);
    let error = wrong_use(&run(&["zone", "zones"]));
    assert!(error.contains("mailvet.toml:1:12: “known.json” cannot be found"), "{error}");
    assert!(error.contains("`mailvet baseline` writes"), "{error}");
    scratch.write("repo/known.json", "{\"schema\":1,\"findings\":[]}");
    let error = wrong_use(&run(&["zone", "zones"]));
    assert!(error.contains("make one by `mailvet lock zones`"), "{error}");
    // Whoever asks the network, or DNS itself, needs no lock; nor does the lock itself.
    let nobody = ["--resolver", "127.0.0.1:1", "--timeout", "1"];
    assert_ne!(run(&[&["zone", "zones", "--live"][..], &nobody].concat()).status.code(), Some(2));
    assert_ne!(run(&[&["diff", "live", "zones"][..], &nobody].concat()).status.code(), Some(2));
    assert_ne!(run(&[&["lock", "zones"][..], &nobody].concat()).status.code(), Some(2));
    let code = || run(&["zone", "zones"]).status.code();
    assert_eq!(code(), Some(1), "nothing is known yet");
    run(&["baseline", "zone", "zones", "--into", "known.json"]);
    // Arguments of all baselines may stand behind the word for its kind.
    assert_ne!(run(&["baseline", "zone", "zones", "--no-config"]).status.code(), Some(2));
    assert_ne!(code(), Some(1), "all is known");
    assert_eq!(run(&["zone", "zones", "--no-config", "--fail-on", "advice"]).status.code(), Some(1));
    assert!(scratch.error("baseline = \"../known.json\"").contains("leads out of the folder"));
    assert!(scratch.error("locked = \"yes\"").contains("1:10: true or false is expected here, not a text"));
}
