//! The binary: sessions of `testdata/cli/*.md` and of the README (blocks marked `console`), colours, broken pipes.
//!
//! All sessions run in the folder of the package. To write what the program says now into them: `TRYCMD=overwrite cargo test`.

use std::path::Path;
use std::process::{Command, Output};

#[test]
fn sessions() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("mailvet", Path::new(env!("CARGO_BIN_EXE_mailvet")));
    cases.env("NO_COLOR", "1").case("testdata/cli/*.md").case("README.md");
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let cases: [(&[(&str, &str)], bool); 6] = [
        (&[], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&[("NO_COLOR", "1")], false),
    ];
    for (variables, coloured) in cases {
        let output = run(mailvet(&["zone", "testdata/cli/contoso.zone"]).envs(variables.iter().copied()));
        assert!(!output.stdout.is_empty(), "{variables:?}");
        assert_eq!(output.stdout.contains(&0x1b), coloured, "{variables:?}");
    }
}

#[test]
fn json_has_no_colours() {
    let output = run(mailvet(&["zone", "testdata/cli/contoso.zone", "--format", "json"]).env("CLICOLOR_FORCE", "1"));
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(value["schema"], 1);
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    for args in [&["zone", "testdata/cli/contoso.zone"][..], &["explain"], &["--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = run(mailvet(args).stdout(writer));
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_cannot_be_written_is_a_fault() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let output = run(mailvet(&["explain"]).stdout(full));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.starts_with(b"mailvet: "));
}

fn mailvet(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the binary runs")
}
