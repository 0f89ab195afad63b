//! Completions and manual pages, as shells and `man` read them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// `words` is the line so far; the last one is completed.
#[cfg(unix)]
fn completed_by_bash(words: &str) -> Vec<String> {
    let script = format!(
        r#"source <("$MAILVET" completions bash)
        COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _mailvet mailvet "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}"
        printf '%s\n' "${{COMPREPLY[@]}}""#
    );
    let output = run(Command::new("bash").args(["-c", &script]).env("MAILVET", env!("CARGO_BIN_EXE_mailvet")));
    assert_eq!(text(&output.stderr), "", "{words}");
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes() {
    assert_eq!(completed_by_bash("mailvet exp"), ["explain"]);
    assert_eq!(completed_by_bash("mailvet zone --fail-on w"), ["warning"]);
    assert_eq!(completed_by_bash("mailvet explain spf-dupl"), ["spf-duplicate", "spf-duplicate-term"]);
    assert_eq!(completed_by_bash("mailvet check --receiver ya"), ["yahoo"]);
    assert_eq!(completed_by_bash("mailvet check --via sendg"), ["sendgrid"]);
    assert!(completed_by_bash("mailvet check --lang ''").contains(&"ja".to_owned()));
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = mailvet(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(text(&output.stdout).contains("fail-on"), "{shell}");
    }
    assert_eq!(mailvet(&["completions", "tcsh"]).status.code(), Some(2));
}

/// That a word may be completed does not mean that no other is taken, nor that help and errors list hundreds of them.
#[test]
fn other_words_are_taken() {
    let via =
        ["zone", "testdata/cli/contoso.zone", "--via", "192.0.2.1", "--receiver", "aol.com", "--fail-on", "never"];
    assert_eq!(mailvet(&via).status.code(), Some(0));
    let unknown = mailvet(&["check", "--via", "mikrosoft365", "contoso.com"]);
    assert!(text(&unknown.stderr).contains("did you mean microsoft365?"), "{}", text(&unknown.stderr));
    assert!(!text(&unknown.stderr).contains("possible values"), "{}", text(&unknown.stderr));
    assert!(!text(&mailvet(&["check", "--help"]).stdout).contains("amazonses"));
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("man/man1");
    let written = mailvet(&["man", "--dir", &dir.to_string_lossy()]);
    assert_eq!((written.status.code(), written.stdout.len()), (Some(0), 0), "{}", text(&written.stderr));
    let help = text(&mailvet(&["--help"]).stdout);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"zone"), "{help}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let path = dir.join(format!("mailvet-{name}.1"));
        is_sound(&path);
        let page = std::fs::read_to_string(&path).expect("a page");
        assert!(page.contains(&format!("mailvet {name}")), "{page}");
    }
    is_sound(&dir.join("mailvet.1"));
    let main = std::fs::read(dir.join("mailvet.1")).expect("the main page");
    assert_eq!(main, mailvet(&["man"]).stdout);
    assert!(text(&main).contains("EXIT STATUS"));
}

/// By those of `mandoc` and `groff` that are here.
fn is_sound(page: &Path) {
    // A style is a matter of taste: so are the lines of clap_mangen, and that no day is named.
    let error = Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(page).output();
    let warning = Command::new("groff").args(["-ww", "-man", "-T", "utf8", "-P", "-c"]).arg(page).output();
    for (name, output) in [("mandoc", error), ("groff", warning)] {
        match output {
            Ok(output) => {
                let said = if name == "mandoc" { text(&output.stdout) } else { String::new() } + &text(&output.stderr);
                assert_eq!((output.status.success(), said.as_str()), (true, ""), "{name} {}", page.display());
            }
            Err(_) => eprintln!("skipped: there is no {name}"),
        }
    }
}

#[test]
fn a_folder_that_cannot_be_made() {
    let output = mailvet(&["man", "--dir", "Cargo.toml/man"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("mailvet: cannot make "), "{}", text(&output.stderr));
}

fn mailvet(args: &[&str]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_mailvet")).args(args))
}

fn run(command: &mut Command) -> Output {
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
