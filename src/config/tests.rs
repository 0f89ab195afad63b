use super::*;
use crate::collect::Discovery;
use crate::policy::{Covers, Domains, Level};
use crate::source::SourceKind;

fn read(text: &str) -> Result<Config, Vec<ConfigError>> {
    Config::read(&Source::new("mailvet.toml", text, SourceKind::File))
}

/// The faults of a text, each as `line:column: what`.
fn faults(text: &str) -> Vec<String> {
    read(text).err().unwrap_or_default().iter().map(ConfigError::to_string).collect()
}

#[test]
fn an_empty_file_sets_nothing() {
    let config = read("# nothing\n").expect("settings");
    assert!(config.receivers.is_empty() && config.policy.ignores.is_empty() && config.lang.is_none());
}

#[test]
fn all_that_can_be_set() {
    let config = read(
        r#"
        receivers = ["gmx", "aol.com"]
        volume = "bulk"
        lang = "ja"
        fail-on = "never"
        to = "friend@sky.com"
        to-file = ["friends.txt"]
        with = ["a.zone", "b.zone"]
        from = "world.json"
        selectors = ["s1", "S2._domainkey.contoso.com"]
        via = ["microsoft365", "192.0.2.1"]
        discovery = "none"
        [rules]
        bimi = "off"
        spf-ptr = "error"
        [[ignore]]
        rule = ["spf-ptr", "dkim-key-short"]
        domain = "*.contoso.com"
        reason = " the printer "
        until = 2027-01-31
        [[ignore]]
        rule = "spf-ptr"
        reason = "x"
        until = "2027-02-01"
        [domain."news.contoso.com"]
        selectors = ["k1"]
        rules = { spf = "advice" }
        "#,
    )
    .expect("settings");
    assert_eq!(
        config.receivers.iter().copied().flatten().map(|it| it.id.as_str()).collect::<Vec<_>>(),
        ["gmx", "yahoo"]
    );
    assert_eq!((config.volume, config.lang, config.fail_on), (Some(Sender::Bulk), Some(Lang::Ja), Some(FailOn::Never)));
    assert_eq!(config.to[0].as_str(), "sky.com");
    assert_eq!((config.to_file.len(), config.with[1].text.as_str()), (1, "b.zone"));
    assert_eq!(config.from.map(|path| path.at.position().line), Some(9));
    let [all, news] = &config.sections[..] else { panic!("two sections") };
    assert_eq!(all.selectors.as_deref(), Some(&["s1".to_owned(), "s2".to_owned()][..]));
    assert_eq!((all.via.as_ref().map(Vec::len), all.discovery), (Some(2), Some(Discovery::Known)));
    assert_eq!((news.selectors.clone(), news.via.is_none()), (Some(vec!["k1".to_owned()]), true));
    let levels = &config.policy.levels;
    assert_eq!(levels[0].1["bimi"], Level::Off);
    assert_eq!(levels[1].1["spf"], Level::Severity(Severity::Advice));
    let [first, second] = &config.policy.ignores[..] else { panic!("two ignores") };
    assert_eq!((first.rules[1].0.as_str(), first.reason.as_str()), ("dkim-key-short", "the printer"));
    assert!(matches!(&first.covers, Covers::Domains(Domains::Below(name)) if name.as_str() == "contoso.com"));
    assert_eq!(second.until.map(|date| date.to_string()).as_deref(), Some("2027-02-01"));
}

#[test]
fn each_fault_has_its_place_and_the_next_step() {
    for (text, fault) in [
        ("recievers = []", "1:1: there is no key “recievers” here (did you mean receivers?); the keys are receivers, "),
        ("\nreceivers = [\"gmx\", \"gmial\"]", "2:21: “gmial”: choose all, "),
        ("receivers = 1", "1:13: a list of texts is expected here"),
        ("receivers = [\"gmx\", 1]", "1:21: a list of texts"),
        ("lang = \"fr\"", "1:8: “fr”: choose en"),
        ("lang = 1", "1:8: a text in quotation marks is expected here, not a number"),
        ("volume = \"blk\"", "1:10: “blk”: choose small, bulk (did you mean bulk?)"),
        ("fail-on = \"warnin\"", "1:11: “warnin”: choose error, warning, advice, never (did you mean warning?)"),
        ("fail_on = \"error\"", "1:1: there is no key “fail_on” here (did you mean fail-on?)"),
        (
            "via = [\"microsft365\"]",
            "1:8: “microsft365”: write an address or the id of a provider (did you mean microsoft365?)",
        ),
        ("discovery = \"some\"", "1:13: “some”: choose common, all, none"),
        ("to = [\"friend\"]", "1:7: “friend”: write the whole address"),
        ("selectors = [\"a b..c\"]", "1:14: “a b..c”: "),
        (
            "[rules]\nspf-prt = \"off\"",
            "2:1: there is no rule “spf-prt” (did you mean spf-ptr?); `mailvet explain` lists them",
        ),
        ("[rules]\nbmi = \"off\"", "2:1: there is no rule “bmi” (did you mean bimi?)"),
        ("[rules]\nspf-ptr = \"of\"", "2:11: “of”: choose error, warning, advice, off (did you mean off?)"),
        ("[rules]\nspf-ptr = false", "2:11: a text in quotation marks is expected here, not true or false"),
        ("rules = \"off\"", "1:9: a table is expected here, not a text"),
        ("[ignore]\nrule = \"spf-ptr\"", "1:1: write [[ignore]], in two brackets"),
        ("[[ignore]]\nrule = \"spf-ptr\"", "1:1: why is it ignored? Write reason"),
        ("[[ignore]]\nrule = \"spf-ptr\"\nreason = \" \"", "1:1: why is it ignored?"),
        ("[[ignore]]\nreason = \"x\"", "1:1: which rule is ignored?"),
        ("[[ignore]]\nreason = \"x\"\nrule = \"spf-prt\"", "3:8: there is no rule “spf-prt” (did you mean spf-ptr?)"),
        ("[[ignore]]\nreason = \"x\"\nrule = \"spf-ptr\"\nuntil = 2027", "4:9: write the last day as 2027-01-31"),
        ("[[ignore]]\nreason = \"x\"\nrule = \"spf-ptr\"\nuntil = \"soon\"", "4:9: write the last day as"),
        ("[[ignore]]\nreason = \"x\"\nrule = \"spf-ptr\"\nuntil = 2027-01-31T10:00:00Z", "4:9: write the last day"),
        ("[[ignore]]\nreason = \"x\"\nrule = \"spf-ptr\"\nuntil = 2027-02-30", "4:"),
        (
            "[[ignore]]\nreason = \"x\"\nrule = \"spf-ptr\"\ndomain = \"a@b.test\"",
            "4:10: “a@b.test”: this is a mail address",
        ),
        ("[[ignore]]\nreason = \"x\"\nrules = [\"spf-ptr\"]", "3:1: there is no key “rules” here (did you mean rule?)"),
        ("[domain.contoso.com]\nvia = []", "1:17: write the domain in quotation marks: [domain.\"contoso.com\"]"),
        ("[domain.\"a.test\"]\nselector = []", "2:1: there is no key “selector” here (did you mean selectors?)"),
        ("[domain.\"a.test\"]\nlang = \"es\"", "2:1: “lang” is for all domains: write it above the first [ ]"),
        ("[domain.\"con toso\"]", "1:9: “con toso”: a domain has letters"),
        ("lang = ", "1:8: this is no TOML: "),
        ("lang = \"en\"\nlang = \"es\"", "2:1: this is no TOML: "),
        ("a\0b = 1", "1:2: this is no TOML: "),
    ] {
        let faults = faults(text);
        assert!(faults.first().is_some_and(|first| first.starts_with(fault)), "{text}\n{faults:#?}\n{fault}");
    }
}

#[test]
fn all_faults_are_told_in_their_order() {
    let faults = faults("volume = 1\nlang = 2\n\nbaz = 3\n");
    let places: Vec<&str> = faults.iter().map(|fault| &fault[..3]).collect();
    assert_eq!(places, ["1:1", "2:8", "4:1"]);
}

#[test]
fn hostile_texts_end_in_an_error() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        format!("lang = \"{}\"", "x".repeat(10_000_000)),
        "x = 1\n".repeat(20_000),
        "\u{0}".repeat(1000),
    ] {
        let faults = faults(&text);
        assert!((1..=20).contains(&faults.len()), "{faults:?}");
    }
}
