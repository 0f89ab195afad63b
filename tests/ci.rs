//! What the repository holds for pre-commit, GitHub and GitLab: each is carried out as there, with the binary of this
//! build; and what the README shows of it fits.

use std::fs;
use std::path::Path;

use regex::Regex;
use saphyr::{LoadableYamlNode as _, YamlOwned};

/// A zone with an error in it, and one without.
const WRONG: &str = "testdata/domains/two-spf-records/contoso.com.zone";
const RIGHT: &str = "testdata/domains/all-right-google/woodgrove.example.zone";

#[test]
fn pre_commit_finds_zone_files() {
    for hook in hooks() {
        let (id, finds) = (text(&hook["id"]), Regex::new(text(&hook["files"])).expect("a pattern"));
        let passes_over = hook.as_mapping_get("exclude").map(|exclude| Regex::new(text(exclude)).expect("a pattern"));
        let takes = |name: &str| {
            finds.is_match(name) && !passes_over.as_ref().is_some_and(|passes_over| passes_over.is_match(name))
        };
        let (zones, others) = match id {
            "mailvet-octodns" => (&["config/contoso.com.yaml", "dns/config/contoso.co.uk.yml"][..], OTHERS),
            _ => (&["contoso.com.zone", "zones/db.contoso.com", "zones/db.contoso.rs", "a b/contoso.dns"][..], OTHERS),
        };
        zones.iter().for_each(|name| assert!(takes(name), "{id}: {name}"));
        others.iter().for_each(|name| assert!(!takes(name), "{id}: {name}"));
    }
}

const OTHERS: &[&str] = &[
    "README.md",
    "src/zone.rs",
    "src/db.config.js",
    "test/db.test.ts",
    "db.init.sql",
    "db.py",
    "config/production.yaml",
    "config/.rubocop.local.yml",
    "docker-compose.prod.yml",
    "db.contoso.com.jnl",
];

#[test]
fn each_hook_has_what_pre_commit_asks_for() {
    assert_eq!(hooks().iter().map(|hook| text(&hook["id"])).collect::<Vec<_>>(), HOOKS);
    for hook in hooks() {
        let id = text(&hook["id"]);
        assert!(!text(&hook["name"]).is_empty() && !text(&hook["description"]).is_empty(), "{id}");
        // Else several processes run at a time, each with some of the zones.
        assert_eq!(hook["require_serial"].as_bool(), Some(true), "{id}");
        let language = if id.ends_with("-system") { "system" } else { "rust" };
        assert_eq!(text(&hook["language"]), language, "{id}");
        assert_eq!(text(&hook["entry"]).split(' ').next(), Some("mailvet"), "{id}: the name of the binary");
    }
}

const HOOKS: [&str; 3] = ["mailvet-zone", "mailvet-octodns", "mailvet-zone-system"];

#[test]
fn the_readme_fits() {
    let readme = fs::read_to_string("README.md").expect("README.md");
    let version = format!("v{}", env!("CARGO_PKG_VERSION"));
    let config = block(&readme, "# .pre-commit-config.yaml");
    let repository = &config["repos"][0];
    assert_eq!(text(&repository["rev"]), version);
    for hook in repository["hooks"].as_sequence().expect("hooks") {
        assert!(HOOKS.contains(&text(&hook["id"])), "{hook:?}");
    }

    let action = &read("action.yml")[0];
    let workflow = block(&readme, "# .github/workflows/mail.yml");
    let steps = workflow["jobs"]["mailvet"]["steps"].as_sequence().expect("steps");
    let uses = |step: &&YamlOwned| step.as_mapping_get("uses").is_some_and(|uses| text(uses).contains("/mailvet@"));
    let step = steps.iter().find(uses).expect("a step that uses the action");
    assert!(text(&step["uses"]).ends_with(&format!("/mailvet@{version}")));
    are_inputs(&step["with"], &action["inputs"], |input| input.as_mapping_get("required").is_some());

    let inputs = &read("templates/mailvet.yml")[0]["spec"]["inputs"];
    assert_eq!(text(&inputs["version"]["default"]), version);
    let include = &block(&readme, "# .gitlab-ci.yml")["include"][0];
    assert!(text(&include["remote"]).ends_with(&format!("/{version}/templates/mailvet.yml")));
    are_inputs(&include["inputs"], inputs, |input| input.as_mapping_get("default").is_none());
}

/// All that are given are known, and all that have to be given are.
fn are_inputs(given: &YamlOwned, known: &YamlOwned, has_to_be: impl Fn(&YamlOwned) -> bool) {
    for name in keys(given) {
        assert!(known.as_mapping_get(name).is_some(), "there is no input {name}");
    }
    for name in keys(known).filter(|name| has_to_be(&known[*name])) {
        assert!(given.as_mapping_get(name).is_some(), "{name} has to be given");
    }
}

/// The block of YAML in the README that begins with this line.
fn block(readme: &str, begin: &str) -> YamlOwned {
    let (_, rest) = readme.split_once(&format!("```yaml\n{begin}\n")).unwrap_or_else(|| panic!("{begin}"));
    let (block, _) = rest.split_once("\n```").expect("the end of the block");
    YamlOwned::load_from_str(block).expect("YAML").remove(0)
}

/// A job in which something is found fails, and then nothing that is to be kept at its end is kept.
#[test]
fn what_was_built_is_kept_before_the_zones_are_checked() {
    let action = &read("action.yml")[0];
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    let of = |key: &str, value: &str| {
        let is_it = |step: &YamlOwned| step.as_mapping_get(key).is_some_and(|it| text(it) == value);
        steps.iter().position(is_it).expect(value)
    };
    let order = [
        of("name", "Where mailvet is"),
        of("uses", "actions/cache/restore@v5"),
        of("name", "Install mailvet"),
        of("uses", "actions/cache/save@v5"),
        of("name", "Check the zones"),
    ];
    assert_eq!(order, [0, 1, 2, 3, 4]);
    assert_eq!(steps[1]["with"], steps[3]["with"]);
}

/// What the user writes is no part of a script: it comes through the environment.
#[test]
fn the_action_runs_nothing_that_comes_from_elsewhere() {
    let action = &read("action.yml")[0];
    let mut used = String::new();
    for step in action["runs"]["steps"].as_sequence().expect("steps") {
        let Some(run) = step.as_mapping_get("run").map(text) else { continue };
        assert!(!run.contains("${{"), "{run}");
        assert_eq!(text(&step["shell"]), "bash");
        let environment = step.as_mapping_get("env").into_iter().flat_map(keys);
        environment.clone().for_each(|name| assert!(run.contains(&format!("${name}")), "{name} is not used: {run}"));
        used.extend(environment.map(|name| text(&step["env"][name])));
    }
    for input in keys(&action["inputs"]) {
        assert!(used.contains(&format!("${{{{ inputs.{input} }}}}")), "{input} is not used");
    }
}

#[cfg(unix)]
mod carried_out {
    use std::collections::BTreeMap;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use std::process::{Command, Output};

    use tempfile::TempDir;

    use super::*;

    /// A repository with zones, and a folder with `mailvet`.
    struct Place {
        folder: TempDir,
    }

    impl Place {
        fn new() -> Place {
            let place = Place { folder: tempfile::tempdir().expect("a folder") };
            for folder in ["zones", "bin", "temp/mailvet/bin", "action"] {
                fs::create_dir_all(place.path(folder)).expect("a folder");
            }
            fs::copy(WRONG, place.path("zones/two words.zone")).expect("a zone");
            fs::copy(RIGHT, place.path("zones/right.zone")).expect("a zone");
            fs::copy("testdata/world.zone", place.path("world $(touch pwned).zone")).expect("a zone");
            place
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn read(&self, name: &str) -> String {
            fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
        }

        /// As GitHub and GitLab run it: it ends with the first command that fails.
        fn bash(&self, script: &str, environment: &BTreeMap<String, String>) -> Output {
            fs::write(self.path("script.sh"), script).expect("a script");
            let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").expect("PATH"));
            let mut bash = Command::new("bash");
            bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(self.path("script.sh"));
            bash.current_dir(self.folder.path()).env("PATH", path).envs(environment).output().expect("bash")
        }

        /// A step of the action, with these inputs.
        fn step(&self, name: &str, inputs: &[(&str, &str)]) -> Output {
            let action = &read("action.yml")[0];
            let steps = action["runs"]["steps"].as_sequence().expect("steps");
            let is_it = |step: &&YamlOwned| step.as_mapping_get("name").is_some_and(|it| text(it) == name);
            let step = steps.iter().find(is_it).expect(name);
            let given = |input: &str| match inputs.iter().find(|(name, _)| *name == input) {
                Some((_, value)) => (*value).to_owned(),
                None => text(&action["inputs"][input]["default"]).to_owned(),
            };
            let mut environment: BTreeMap<String, String> =
                FROM_GITHUB.iter().map(|(name, value)| ((*name).to_owned(), self.of(value))).collect();
            for variable in step.as_mapping_get("env").into_iter().flat_map(keys) {
                let value = text(&step["env"][variable]).trim_matches(['$', '{', '}', ' ']);
                let value = match value.strip_prefix("inputs.") {
                    Some(input) => given(input),
                    None => self.of("TEMP/mailvet"),
                };
                environment.insert(variable.to_owned(), value);
            }
            self.bash(text(&step["run"]), &environment)
        }

        fn of(&self, value: &str) -> String {
            let temp = self.path("temp").display().to_string();
            value.replace("TEMP", &temp).replace("HERE", env!("CARGO_MANIFEST_DIR"))
        }

        fn has_mailvet(&self, name: &str) {
            symlink(env!("CARGO_BIN_EXE_mailvet"), self.path(name)).expect("a link");
        }
    }

    const FROM_GITHUB: &[(&str, &str)] = &[
        ("GITHUB_ACTION_PATH", "HERE"),
        ("GITHUB_OUTPUT", "TEMP/output"),
        ("GITHUB_PATH", "TEMP/path"),
        ("GITHUB_STEP_SUMMARY", "TEMP/summary"),
        ("RUNNER_TEMP", "TEMP"),
        ("RUNNER_OS", "Linux"),
        ("RUNNER_ARCH", "X64"),
    ];

    #[test]
    fn the_hooks() {
        let place = Place::new();
        place.has_mailvet("bin/mailvet");
        let octodns = "'':\n  type: TXT\n  value: v=spf1 +all\n";
        fs::write(place.path("contoso.com.yaml"), octodns).expect("a zone");
        for hook in hooks() {
            let (wrong, right) = match text(&hook["id"]) {
                "mailvet-octodns" => ("contoso.com.yaml", None),
                _ => ("'zones/two words.zone'", Some("zones/right.zone")),
            };
            let run = |file: &str| place.bash(&format!("{} {file}", text(&hook["entry"])), &BTreeMap::new());
            assert_eq!(run(wrong).status.code(), Some(1), "{hook:?}");
            right.into_iter().for_each(|right| assert_eq!(run(right).status.code(), Some(0), "{hook:?}"));
        }
    }

    #[test]
    fn the_action_checks_the_zones() {
        let place = Place::new();
        place.has_mailvet("bin/mailvet");
        let all = [
            ("files", "zones/*.zone\n"),
            ("args", "--with=world $(touch pwned).zone\n--selectors=none\n"),
            ("receivers", "gmail\nyahoo\n"),
            ("sarif", "a report.sarif"),
            ("markdown", "comment.md"),
        ];
        let output = place.step("Check the zones", &all);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(said.contains("::error file=zones/two words.zone,line=7"), "{said}");
        let sarif: serde_json::Value = serde_json::from_str(&place.read("a report.sarif")).expect("JSON");
        assert_eq!(sarif["version"], "2.1.0");
        assert_eq!(place.read("comment.md"), place.read("temp/summary"));
        let comment = place.read("comment.md");
        assert!(comment.contains("Gmail") && comment.contains("Yahoo") && !comment.contains("iCloud"), "{comment}");
        assert!(!place.path("pwned").exists());
    }

    #[test]
    fn the_action_fails_as_mailvet_does() {
        let place = Place::new();
        place.has_mailvet("bin/mailvet");
        let code = |inputs: &[(&str, &str)]| place.step("Check the zones", inputs).status.code();
        assert_eq!(code(&[("files", "zones/right.zone")]), Some(0));
        assert_eq!(code(&[("files", "zones/right.zone\nzones/two words.zone")]), Some(1));
        assert_eq!(code(&[("files", "zones/*.zone"), ("fail-on", "never")]), Some(0));
        assert_eq!(code(&[("files", "zones/*.zone"), ("lang", "xx")]), Some(2));
        // What the settings say holds where the step does not say it.
        fs::write(place.path("mailvet.toml"), "fail-on = \"never\"\nlang = \"es\"").expect("settings");
        let output = place.step("Check the zones", &[("files", "zones/*.zone")]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(place.read("temp/summary").contains("registros SPF"));
        assert_eq!(code(&[("files", "zones/*.zone"), ("fail-on", "error")]), Some(1));
        fs::remove_file(place.path("mailvet.toml")).expect("it is there");
        assert_eq!(code(&[("files", "zones/none*.zone")]), Some(2));
        assert_eq!(code(&[("files", "")]), Some(2));
        // The name of a file is no option, and no command.
        assert_eq!(code(&[("files", "--help")]), Some(2));
        assert_eq!(code(&[("files", "$(touch pwned)\n`touch pwned`\n; touch pwned")]), Some(2));
        assert!(!place.path("pwned").exists());
    }

    #[test]
    fn the_action_builds_what_it_has_not() {
        let place = Place::new();
        let cargo = "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$@\" > \"$RUNNER_TEMP/cargo\"\n";
        fs::write(place.path("bin/cargo"), cargo).expect("a script");
        place.bash("chmod +x bin/cargo", &BTreeMap::new());
        let output = place.step("Install mailvet", &[]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let expected = place.of("HERE|install|--locked|--force|--path|.|--root|TEMP/mailvet|");
        assert_eq!(place.read("temp/cargo"), expected);
        assert_eq!(place.read("temp/path"), place.of("TEMP/mailvet/bin\n"));

        fs::remove_file(place.path("temp/cargo")).expect("a file");
        place.has_mailvet("temp/mailvet/bin/mailvet");
        assert_eq!(place.step("Install mailvet", &[]).status.code(), Some(0));
        assert!(!place.path("temp/cargo").exists(), "it is there already");
    }

    #[test]
    fn the_action_keeps_what_it_built_while_the_sources_are_the_same() {
        let place = Place::new();
        for _ in 0..2 {
            let output = place.step("Where mailvet is", &[]);
            assert_eq!(output.status.code(), Some(0), "{output:?}");
        }
        let output = place.read("temp/output");
        let lines: Vec<&str> = output.lines().collect();
        let is_key = Regex::new("^key=mailvet-Linux-X64-[a-z0-9]*-[0-9a-f]{40}$").expect("a pattern");
        assert!(is_key.is_match(lines[0]), "{output}");
        assert_eq!(lines[1], place.of("folder=TEMP/mailvet"));
        assert_eq!(lines[..2], lines[2..]);
    }

    #[test]
    fn the_template() {
        let place = Place::new();
        place.has_mailvet("bin/mailvet");
        let documents = read("templates/mailvet.yml");
        let (inputs, job) = (&documents[0]["spec"]["inputs"], &documents[1]["mailvet"]);
        let given =
            [("files", "zones/right.zone 'zones/two words.zone'"), ("repository", "https://git.example/mailvet")];
        let filled = |line: &str| {
            keys(inputs).fold(line.to_owned(), |line, input| {
                let given = given.iter().find(|(name, _)| *name == input).map(|(_, value)| *value);
                let value = given.or_else(|| inputs[input].as_mapping_get("default")?.as_str()).unwrap_or_default();
                line.replace(&format!("$[[ inputs.{input} ]]"), value)
            })
        };
        let lines = ["before_script", "script"].map(|part| job[part].as_sequence().expect("lines"));
        let script: String = lines.into_iter().flatten().map(|line| filled(text(line)) + "\n").collect();
        assert!(!script.contains("$[["), "{script}");
        let here = place.folder.path().display().to_string();
        let output = place.bash(&script, &BTreeMap::from([("CI_PROJECT_DIR".to_owned(), here.clone())]));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("spf-duplicate"));
        fs::write(place.path("mailvet.toml"), "fail-on = \"never\"").expect("settings");
        let output = place.bash(&script, &BTreeMap::from([("CI_PROJECT_DIR".to_owned(), here)]));
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let reports = &job["artifacts"]["reports"];
        let quality: serde_json::Value =
            serde_json::from_str(&place.read(text(&reports["codequality"]))).expect("JSON");
        assert_eq!(quality[0]["location"]["path"], "zones/two words.zone");
        assert!(place.read(text(&reports["junit"])).contains("<testsuites"));
        assert_eq!([&job["artifacts"]["when"], &job["cache"]["when"]].map(text), ["always", "always"]);
    }

    /// By the one that is here.
    #[test]
    fn shellcheck_finds_nothing() {
        let place = Place::new();
        let action = &read("action.yml")[0];
        for step in action["runs"]["steps"].as_sequence().expect("steps") {
            let Some(run) = step.as_mapping_get("run").map(text) else { continue };
            fs::write(place.path("script.sh"), format!("#!/bin/bash -e\n{run}")).expect("a script");
            match Command::new("shellcheck").arg(place.path("script.sh")).output() {
                Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
                Err(_) => return eprintln!("skipped: there is no shellcheck"),
            }
        }
    }
}

fn hooks() -> Vec<YamlOwned> {
    read(".pre-commit-hooks.yaml")[0].as_sequence().expect("hooks").clone()
}

fn read(path: &str) -> Vec<YamlOwned> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    YamlOwned::load_from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(yaml: &YamlOwned) -> &str {
    yaml.as_str().unwrap_or_else(|| panic!("no text: {yaml:?}"))
}

fn keys(yaml: &YamlOwned) -> impl Iterator<Item = &str> + Clone {
    yaml.as_mapping().expect("a mapping").keys().map(text)
}
