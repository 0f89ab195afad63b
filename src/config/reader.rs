//! TOML into settings.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, FailOn, FilePath, MAX_BYTES, values};
use crate::collect::{Discovery, Section};
use crate::finding::Severity;
use crate::near;
use crate::policy::{Covers, Date, Domains, Ignore, Level, Levels};
use crate::receivers::Sender;
use crate::rules;
use crate::source::{Source, Span};

type Value<'i> = Spanned<DeValue<'i>>;

/// The keys of the whole file.
const KEYS: [&str; 16] = [
    "receivers",
    "volume",
    "via",
    "selectors",
    "discovery",
    "lang",
    "fail-on",
    "with",
    "from",
    "to",
    "to-file",
    "baseline",
    "locked",
    "rules",
    "ignore",
    "domain",
];

/// The keys of a section.
const SECTION_KEYS: [&str; 4] = ["via", "selectors", "discovery", "rules"];

/// The keys of an ignore.
const IGNORE_KEYS: [&str; 4] = ["rule", "domain", "reason", "until"];

/// So many faults are told: of a file that is something else there is no end of them.
const MOST_ERRORS: usize = 20;

pub(super) fn read(source: &Arc<Source>) -> Result<Config, Vec<ConfigError>> {
    let mut reader = Reader { source, errors: Vec::new() };
    let mut config = Config::default();
    if source.text.len() > MAX_BYTES {
        reader.wrong(0..0, format!("settings may have {} MiB, and this is more", MAX_BYTES / 1024 / 1024));
        return Err(reader.errors);
    }
    match DeTable::parse(&source.text) {
        Ok(table) => reader.config(table.get_ref(), &mut config),
        Err(error) => reader.wrong(error.span().unwrap_or_default(), format!("this is no TOML: {}", error.message())),
    }
    reader.errors.sort_by_key(|error| (error.at.line, error.at.column));
    reader.errors.truncate(MOST_ERRORS);
    if reader.errors.is_empty() { Ok(config) } else { Err(reader.errors) }
}

/// Notes what cannot be used, and goes on.
struct Reader<'s> {
    source: &'s Arc<Source>,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn config(&mut self, table: &DeTable<'_>, config: &mut Config) {
        let (mut levels, mut sections) = (vec![(Domains::All, Levels::new())], vec![section(Domains::All)]);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "receivers" => config.receivers = self.each(value, values::receiver),
                "volume" => config.volume = self.one(value, volume),
                "lang" => config.lang = self.one(value, values::lang),
                "fail-on" => config.fail_on = self.one(value, fail_on),
                "to" => config.to = self.each(value, values::recipient),
                "to-file" => config.to_file = self.paths(value),
                "with" => config.with = self.paths(value),
                "from" => config.from = self.path(value),
                "baseline" => config.baseline = self.path(value),
                "locked" => config.locked = self.switch(value),
                "ignore" => config.policy.ignores = self.ignores(value),
                "domain" => self.sections(value, &mut sections, &mut levels),
                _ => self.shared(key, value, &mut sections[0], &mut levels[0].1, &KEYS),
            }
        }
        config.sections = sections;
        config.policy.levels = levels;
    }

    /// What may be said of all domains, and of some.
    fn shared(
        &mut self,
        key: &Spanned<impl AsRef<str>>,
        value: &Value<'_>,
        section: &mut Section,
        levels: &mut Levels,
        keys: &[&str],
    ) {
        match key.get_ref().as_ref() {
            "via" => section.via = Some(self.each(value, values::sender)),
            "selectors" => section.selectors = Some(self.each(value, values::selector)),
            "discovery" => section.discovery = self.one(value, discovery),
            "rules" => *levels = self.levels(value),
            other => self.unknown(other, key.span(), keys),
        }
    }

    fn sections(&mut self, value: &Value<'_>, sections: &mut Vec<Section>, levels: &mut Vec<(Domains, Levels)>) {
        for (name, value) in self.table(value).into_iter().flatten() {
            // A dot in a bare key of TOML makes a table in a table.
            let mut inner = value.get_ref().as_table().into_iter().flatten();
            let split = inner.find(|(key, it)| it.get_ref().is_table() && key.get_ref().as_ref() != "rules");
            if let Some((key, _)) = split {
                let whole = format!("{}.{}", name.get_ref(), key.get_ref());
                self.wrong(key.span(), format!("write the domain in quotation marks: [domain.\"{whole}\"]"));
                continue;
            }
            let Some(domains) = self.checked(values::domains(name.get_ref()), name.get_ref(), name.span()) else {
                continue;
            };
            let (mut section, mut own) = (section(domains.clone()), Levels::new());
            for (key, value) in self.table(value).into_iter().flatten() {
                let name = key.get_ref().as_ref();
                match KEYS.contains(&name) && !SECTION_KEYS.contains(&name) {
                    true => {
                        self.wrong(key.span(), format!("“{name}” is for all domains: write it above the first [ ]"))
                    }
                    false => self.shared(key, value, &mut section, &mut own, &SECTION_KEYS),
                }
            }
            sections.push(section);
            levels.push((domains, own));
        }
    }

    fn levels(&mut self, value: &Value<'_>) -> Levels {
        let mut levels = Levels::new();
        for (key, value) in self.table(value).into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if !rules::topics().any(|topic| topic == name) {
                self.rule(name, key.span(), rules::topics());
            }
            levels.extend(self.one(value, level).map(|level| (name.to_owned(), level)));
        }
        levels
    }

    /// Is there a rule with this id?
    fn rule(&mut self, id: &str, at: Range<usize>, others: impl Iterator<Item = &'static str>) {
        if rules::by_id(id).is_none() {
            let meant = near::nearest(id, rules::all().map(|rule| rule.id).chain(others));
            self.wrong(at, format!("there is no rule “{id}”{}; `mailvet explain` lists them", did_you_mean(meant)));
        }
    }

    fn ignores(&mut self, value: &Value<'_>) -> Vec<Ignore> {
        match value.get_ref() {
            DeValue::Array(list) => list.iter().filter_map(|value| self.ignore(value)).collect(),
            _ => {
                self.wrong(value.span(), "write [[ignore]], in two brackets: there may be several".to_owned());
                Vec::new()
            }
        }
    }

    fn ignore(&mut self, value: &Value<'_>) -> Option<Ignore> {
        let table = self.table(value)?;
        let (mut rules, mut reason, mut until, mut domains) = (Vec::new(), None, None, Domains::All);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => rules = self.named_rules(value),
                "reason" => reason = self.one(value, |text| Ok::<_, String>(text.trim().to_owned())),
                "until" => until = self.date(value),
                "domain" => domains = self.one(value, values::domains)?,
                other => self.unknown(other, key.span(), &IGNORE_KEYS),
            }
        }
        let has = |key: &str| table.iter().any(|(own, _)| own.get_ref().as_ref() == key);
        // A key that is not known may be the one that is missing.
        let is_clear = table.iter().all(|(own, _)| IGNORE_KEYS.contains(&own.get_ref().as_ref()));
        if is_clear && !has("rule") {
            self.wrong(value.span(), "which rule is ignored? Write rule = \"spf-ptr\"".to_owned());
        }
        if is_clear && reason.as_ref().is_none_or(String::is_empty) {
            self.wrong(value.span(), "why is it ignored? Write reason = \"…\" for whoever reads it next".to_owned());
        }
        Some(Ignore { rules, reason: reason?, until, at: self.span(value.span()), covers: Covers::Domains(domains) })
    }

    fn named_rules(&mut self, value: &Value<'_>) -> Vec<(String, Span)> {
        let named = self.texts(value);
        for (id, at) in &named {
            self.rule(id, at.clone(), std::iter::empty());
        }
        named.into_iter().map(|(id, at)| (id, self.span(at))).collect()
    }

    /// A day of TOML, or one in quotation marks.
    fn date(&mut self, value: &Value<'_>) -> Option<Date> {
        let date = match value.get_ref() {
            DeValue::Datetime(it) if it.time.is_none() => {
                it.date.and_then(|date| Date::new(date.year, date.month, date.day))
            }
            DeValue::String(text) => text.parse().ok(),
            _ => None,
        };
        if date.is_none() {
            self.wrong(value.span(), "write the last day as 2027-01-31".to_owned());
        }
        date
    }

    fn paths(&mut self, value: &Value<'_>) -> Vec<FilePath> {
        self.texts(value).into_iter().map(|(text, at)| FilePath { text, at: self.span(at) }).collect()
    }

    fn path(&mut self, value: &Value<'_>) -> Option<FilePath> {
        let text = self.one(value, |text| Ok::<_, String>(text.to_owned()))?;
        Some(FilePath { text, at: self.span(value.span()) })
    }

    fn switch(&mut self, value: &Value<'_>) -> bool {
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.wrong(value.span(), format!("true or false is expected here, not {}", form(value.get_ref())));
        }
        switch.unwrap_or(false)
    }

    fn each<T>(&mut self, value: &Value<'_>, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let texts = self.texts(value);
        texts.into_iter().filter_map(|(text, at)| self.checked(read(&text), &text, at)).collect()
    }

    fn one<T>(&mut self, value: &Value<'_>, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match value.get_ref() {
            DeValue::String(text) => self.checked(read(text), text, value.span()),
            other => {
                self.wrong(value.span(), format!("a text in quotation marks is expected here, not {}", form(other)));
                None
            }
        }
    }

    fn checked<T>(&mut self, read: Result<T, String>, text: &str, at: Range<usize>) -> Option<T> {
        read.map_err(|why| self.wrong(at, format!("“{text}”: {why}"))).ok()
    }

    /// The texts of a list, or one by itself.
    fn texts(&mut self, value: &Value<'_>) -> Vec<(String, Range<usize>)> {
        let list = match value.get_ref() {
            DeValue::Array(list) => list.iter().collect(),
            _ => vec![value],
        };
        let text = |value: &Value<'_>| {
            let text = value.get_ref().as_str().map(|text| (text.to_owned(), value.span()));
            text.ok_or_else(|| {
                self.wrong(value.span(), "a list of texts is expected here, such as [\"a\", \"b\"]".into())
            })
        };
        list.into_iter().map(text).filter_map(Result::ok).collect()
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value.span(), format!("a table is expected here, not {}", form(value.get_ref())));
        }
        table
    }

    fn unknown(&mut self, key: &str, at: Range<usize>, known: &[&str]) {
        let meant = did_you_mean(near::nearest(key, known.iter().copied()));
        self.wrong(at, format!("there is no key “{key}” here{meant}; the keys are {}", known.join(", ")));
    }

    fn wrong(&mut self, at: Range<usize>, text: String) {
        self.errors.push(ConfigError { at: self.source.position(at.start), text });
    }

    fn span(&self, bytes: Range<usize>) -> Span {
        Span { source: Arc::clone(self.source), bytes, record_set: None }
    }
}

fn section(domains: Domains) -> Section {
    Section { domains, selectors: None, via: None, discovery: None }
}

fn did_you_mean(word: Option<&str>) -> String {
    word.map(|word| format!(" (did you mean {word}?)")).unwrap_or_default()
}

fn volume(text: &str) -> Result<Sender, String> {
    match text {
        "small" => Ok(Sender::Everyone),
        "bulk" => Ok(Sender::Bulk),
        _ => Err(choose(text, &["small", "bulk"])),
    }
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    let severity = Severity::read(text).map(FailOn::Severity);
    let never = (text == "never").then_some(FailOn::Never);
    severity.or(never).ok_or_else(|| choose(text, &["error", "warning", "advice", "never"]))
}

fn discovery(text: &str) -> Result<Discovery, String> {
    Discovery::read(text).ok_or_else(|| choose(text, &["common", "all", "none"]))
}

fn level(text: &str) -> Result<Level, String> {
    Level::read(text).ok_or_else(|| choose(text, &["error", "warning", "advice", "off"]))
}

fn choose(text: &str, words: &[&str]) -> String {
    format!("choose {}{}", words.join(", "), did_you_mean(near::nearest(text, words.iter().copied())))
}

fn form(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
