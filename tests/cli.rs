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
    for args in
        [&["zone", "testdata/cli/contoso.zone"][..], &["explain"], &["--help"], &["man"], &["completions", "zsh"]]
    {
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

#[test]
fn reports_go_into_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let outputs = ["html=", "sarif=", "csv="].map(|format| format.to_owned() + &file(format.trim_end_matches('=')));
    let zone = ["zone", "testdata/cli/contoso.zone"];
    let all = |more: &[&str]| {
        let outputs = outputs.iter().flat_map(|output| ["--output", output]);
        zone.iter().copied().chain(outputs).chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    let run_with = |args: Vec<String>| run(&mut mailvet(&args.iter().map(String::as_str).collect::<Vec<_>>()));
    // Only what is asked for is written.
    let quiet = run_with(all(&[]));
    assert_eq!((quiet.status.code(), quiet.stdout.len()), (Some(1), 0));
    for (name, begin) in [("html", "<!DOCTYPE html>"), ("sarif", "{"), ("csv", "\"domain\"")] {
        assert!(std::fs::read_to_string(file(name)).expect("a report").starts_with(begin), "{name}");
    }
    let text = run_with(all(&["--output", "text"]));
    assert_eq!(text.stdout, run(&mut mailvet(&zone)).stdout);
    assert_eq!(run_with(all(&["--format", "text"])).stdout, text.stdout);
    let names = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 3, "nothing is left over");
}

#[test]
fn a_file_stays_whole_where_the_run_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("old.json");
    std::fs::write(&old, "old").expect("a file");
    let output = format!("json={}", old.display());
    let elsewhere = format!("csv={}", folder.path().join("none/new.csv").display());
    let twice = ["--output", &output, "--output", &output];
    for more in [&["--output", "csv", "--output", "json"][..], &["--output", &elsewhere], &twice] {
        let args = [&["zone", "testdata/cli/contoso.zone", "--output", &output], more].concat();
        assert_eq!(run(&mut mailvet(&args)).status.code(), Some(2), "{more:?}");
        assert_eq!(std::fs::read_to_string(&old).expect("a file"), "old", "{more:?}");
    }
    let args = ["zone", "testdata/cli/none.zone", "--output", &output];
    assert_eq!(run(&mut mailvet(&args)).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&old).expect("a file"), "old");
}

#[test]
#[cfg(unix)]
fn links_and_rights_of_a_file_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    std::fs::write(&file, "old").expect("a file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o604)).expect("rights");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    let output = format!("csv={}", link.display());
    run(&mut mailvet(&["zone", "testdata/cli/contoso.zone", "--output", &output]));
    assert!(std::fs::read_to_string(&file).expect("a file").starts_with("\"domain\""));
    assert!(link.is_symlink());
    assert_eq!(file.metadata().expect("a file").permissions().mode() & 0o777, 0o604);
    let device = run(&mut mailvet(&["zone", "testdata/cli/contoso.zone", "--output", "csv=/dev/stdout"]));
    assert_eq!(device.stdout, std::fs::read(&file).expect("a file"));
}

#[test]
fn recipients_come_from_standard_input() {
    let list = std::fs::File::open("testdata/cli/recipients.txt").expect("a list");
    let args = ["check", "--from", "testdata/cli/recipients.json", "--to-file"];
    let piped = run(mailvet(&[&args[..], &["-"]].concat()).stdin(list));
    let named = run(&mut mailvet(&[&args[..], &["testdata/cli/recipients.txt"]].concat()));
    assert_eq!(piped.stdout, named.stdout);
    let error = String::from_utf8_lossy(&named.stderr).replace("testdata/cli/recipients.txt", "standard input");
    assert_eq!(String::from_utf8_lossy(&piped.stderr), error);
    let empty = run(mailvet(&[&args[..], &["-"]].concat()).stdin(std::process::Stdio::null()));
    assert_eq!(empty.status.code(), Some(2));
}

fn mailvet(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailvet"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the binary runs")
}
