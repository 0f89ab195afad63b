//! What is said of a lock: how old the answers are that a report rests on, and what became of them when all was asked
//! again.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::answers::{Change, Class, Item};
use crate::evaluate::spf::{self, MAX_LOOKUPS, MAX_VOIDS};
use crate::evidence::SpfTree;
use crate::finding::Finding;
use crate::lang::{Lang, Value, fill};
use crate::name::Name;
use crate::report::Report;
use crate::report::text::printable;
use crate::report::words::{self, Words};

/// After so many days answers should be asked for anew.
pub const STALE_AFTER: u64 = 90;

/// So many parts of an answer are listed.
const MAX_ITEMS: usize = 10;

/// So many characters of a part are shown.
const MAX_CHARACTERS: usize = 100;

/// The answers of a lock that a report rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedAnswers {
    /// The day of the oldest, such as `2026-11-22`.
    pub oldest: String,
    /// How many days ago that was.
    pub age: u64,
    /// Did the lock hold all that the zones do not? Else it is older than they are.
    pub is_complete: bool,
}

/// What changed when all answers of a lock were asked for again.
#[derive(Clone, Debug, Default)]
pub struct LockChanges {
    /// Of each answer that changed.
    pub answers: Vec<Change>,
    /// The addresses of pages that changed.
    pub pages: Vec<String>,
    /// What it does to the domains of the zones.
    pub domains: Vec<DomainChange>,
}

/// What changed answers of others do to a domain.
#[derive(Clone, Debug)]
pub struct DomainChange {
    domain: Name,
    lookups: Option<(usize, usize)>,
    voids: Option<(usize, usize)>,
    new: Vec<Finding>,
    /// They were there before, with other values.
    changed: Vec<Finding>,
    gone: Vec<Finding>,
}

impl LockedAnswers {
    /// Is the oldest of them too old to rely on?
    pub fn is_stale(&self) -> bool {
        self.age > STALE_AFTER
    }

    /// What a report says of them.
    pub(super) fn note(&self, lang: Lang) -> String {
        let words = if self.is_stale() { STALE } else { LOCKED };
        let values = [("day", Value::Plain(self.oldest.clone())), ("days", Value::Plain(self.age.to_string()))];
        fill(words.get(lang), &values, lang)
    }
}

impl LockChanges {
    fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.pages.is_empty() && self.domains.is_empty()
    }

    /// For people: each answer with what it gained and lost, then each domain with what that means for it.
    pub fn write(&self, lang: Lang) -> String {
        if self.is_empty() {
            return format!("{}\n", NOTHING.get(lang));
        }
        let answers =
            self.answers.iter().map(|change| section(change.question.to_string(), answer_lines(change, lang)));
        let page = |url: &String| section(url.clone(), vec![PAGE_CHANGED.get(lang).to_owned()]);
        let domain = |change: &DomainChange| section(change.domain.to_string(), change.lines(lang));
        let sections = answers.chain(self.pages.iter().map(page)).chain(self.domains.iter().map(domain));
        sections.collect::<Vec<_>>().join("\n")
    }
}

impl DomainChange {
    /// What is different between reports on the same zones, made with the SPF record to be drawn. Domains for which
    /// nothing is different are left out.
    pub fn between(before: &[Report], now: &[Report]) -> Vec<DomainChange> {
        let of = |reports| -> BTreeMap<&Name, &Report> {
            <&[Report]>::into_iter(reports).map(|report| (&report.subject, report)).collect()
        };
        let (before, now) = (of(before), of(now));
        // A domain without findings may have no report.
        let domains = before.keys().chain(now.keys()).collect::<BTreeSet<_>>();
        let change = |domain: &&Name| DomainChange::of(domain, before.get(domain).copied(), now.get(domain).copied());
        domains.into_iter().map(change).filter(|change| !change.is_empty()).collect()
    }

    fn of(domain: &Name, before: Option<&Report>, now: Option<&Report>) -> DomainChange {
        let count = |of: fn(&SpfTree) -> usize| {
            let (before, now) = (of(before?.tree()?), of(now?.tree()?));
            (before != now).then_some((before, now))
        };
        let (lookups, voids) = (count(spf::lookups), count(|tree| spf::voids(tree).len()));
        let findings = |report: Option<&Report>| report.map(|report| report.findings.clone()).unwrap_or_default();
        let (before, now) = (findings(before), findings(now));
        let (mut gone, mut new) = (missing_in(&before, &now), missing_in(&now, &before));
        let mut changed = Vec::new();
        new.retain(|finding| match gone.iter().position(|other| other.id == finding.id) {
            Some(place) => {
                gone.remove(place);
                changed.push(finding.clone());
                false
            }
            None => true,
        });
        DomainChange { domain: domain.clone(), lookups, voids, new, changed, gone }
    }

    fn is_empty(&self) -> bool {
        let findings = self.new.len() + self.changed.len() + self.gone.len();
        self.lookups.is_none() && self.voids.is_none() && findings == 0
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        let count = |words: Words, counts: Option<(usize, usize)>, most: usize| {
            let (before, now) = counts?;
            let values = [("before", before), ("now", now), ("most", most)];
            Some(fill(words.get(lang), &values.map(|(name, value)| (name, Value::Plain(value.to_string()))), lang))
        };
        let counts = [count(LOOKUPS, self.lookups, MAX_LOOKUPS), count(VOIDS, self.voids, MAX_VOIDS)];
        let finding = |head: Words| {
            move |finding: &Finding| {
                let severity = words::severity(finding.severity).get(lang);
                let title = fill(finding.text.get(lang).title, &finding.values, lang);
                format!("{}: {severity}[{}]: {title}", head.get(lang), finding.id)
            }
        };
        let (new, changed) = (self.new.iter().map(finding(NEW)), self.changed.iter().map(finding(CHANGED)));
        let findings = new.chain(changed).chain(self.gone.iter().map(finding(GONE)));
        counts.into_iter().flatten().chain(findings).collect()
    }
}

/// The findings that are not among others. Their values count in the title alone: it is what people compare.
fn missing_in(findings: &[Finding], others: &[Finding]) -> Vec<Finding> {
    let title = |finding: &Finding| (finding.id, fill(finding.text.get(Lang::En).title, &finding.values, Lang::En));
    let is_new = |finding: &&Finding| !others.iter().any(|other| title(other) == title(finding));
    findings.iter().filter(is_new).cloned().collect()
}

fn answer_lines(change: &Change, lang: Lang) -> Vec<String> {
    let outcome = change.outcome.map(|(before, now)| {
        let values = [("before", before), ("now", now)].map(|(name, code)| (name, Value::Plain(code.to_owned())));
        fill(OUTCOME.get(lang), &values, lang)
    });
    let parts = |words: Words, items: &[Item]| -> Vec<String> {
        let of = |class: &Class| items.iter().filter(|item| item.class == *class).collect::<Vec<_>>();
        let groups = Class::ALL.iter().map(|class| (*class, of(class))).filter(|(_, items)| !items.is_empty());
        groups.map(|(class, items)| items_line(words, class, &items, lang)).collect()
    };
    outcome.into_iter().chain(parts(GAINED, &change.gained)).chain(parts(LOST, &change.lost)).collect()
}

fn items_line(words: Words, class: Class, items: &[&Item], lang: Lang) -> String {
    let [one, many] = class_words(class);
    let what = if items.len() == 1 { one } else { many };
    let shown: Vec<String> = items.iter().take(MAX_ITEMS).map(|item| shortened(&item.text)).collect();
    let more = if items.len() > MAX_ITEMS { ", …" } else { "" };
    let values = [
        ("count", Value::Plain(items.len().to_string())),
        ("what", Value::Words(what)),
        ("items", Value::Plain(format!("{}{more}", shown.join(", ")))),
    ];
    fill(words.get(lang), &values, lang)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn section(head: String, lines: Vec<String>) -> String {
    let lines = lines.iter().map(|line| format!("  {}\n", printable(line)));
    format!("{}\n{}", printable(&head), lines.collect::<String>())
}

/// One of them, and several.
fn class_words(class: Class) -> [Words; 2] {
    let (en, es, ja) = match class {
        Class::Range => (["range", "ranges"], ["rango", "rangos"], "アドレス範囲"),
        Class::Include => (["include", "includes"], ["include", "include"], "include"),
        Class::Term => (["term", "terms"], ["término", "términos"], "項目"),
        Class::Key => (["DKIM key", "DKIM keys"], ["clave DKIM", "claves DKIM"], "DKIMの公開鍵"),
        Class::Alias => (["alias", "aliases"], ["alias", "alias"], "別名(CNAME)"),
        Class::Record => (["record", "records"], ["registro", "registros"], "レコード"),
    };
    [Words { en: en[0], es: es[0], ja }, Words { en: en[1], es: es[1], ja }]
}

const LOCKED: Words = Words {
    en: "Other people's records are those of `mailvet.lock`; the oldest answer is from {day}.",
    es: "Los registros de terceros proceden de `mailvet.lock`; la respuesta más antigua es del {day}.",
    ja: "外部ドメインのレコードには、`mailvet.lock` に記録された応答を使用しました。最も古い応答は {day} に取得したものです。",
};
const STALE: Words = Words {
    en: "Other people's records are those of `mailvet.lock`; the oldest answer is from {day}, {days} days ago, and may be out \
         of date: `mailvet lock --update` asks for all of them again, and tells what changed.",
    es: "Los registros de terceros proceden de `mailvet.lock`; la respuesta más antigua es del {day} (hace {days} días) y \
         puede estar obsoleta: `mailvet lock --update` vuelve a consultarlos todos e indica qué ha cambiado.",
    ja: "外部ドメインのレコードには、`mailvet.lock` に記録された応答を使用しました。最も古い応答は {days} 日前({day})に取得したもので、\
         現在とは異なる可能性があります。`mailvet lock --update` を実行すると、すべて取得し直し、変更点を表示します。",
};
const GAINED: Words = Words {
    en: "gained {count} {what}: {items}",
    es: "gana {count} {what}: {items}",
    ja: "{what}が {count} 件増えました: {items}",
};
const LOST: Words = Words {
    en: "lost {count} {what}: {items}",
    es: "pierde {count} {what}: {items}",
    ja: "{what}が {count} 件なくなりました: {items}",
};
const OUTCOME: Words = Words {
    en: "the answer was {before}, and is {now} now",
    es: "la respuesta era {before} y ahora es {now}",
    ja: "応答が {before} から {now} に変わりました",
};
const PAGE_CHANGED: Words =
    Words { en: "the page changed", es: "la página ha cambiado", ja: "ページの内容が変わりました" };
const LOOKUPS: Words = Words {
    en: "your lookups are now {now} (they were {before}; at most {most} are allowed)",
    es: "consultas DNS de SPF: ahora {now}, antes {before} (máximo: {most})",
    ja: "SPFのDNSルックアップが {before} 回から {now} 回になりました(上限は {most} 回)",
};
const VOIDS: Words = Words {
    en: "your void lookups are now {now} (they were {before}; at most {most} are allowed)",
    es: "consultas vacías (void lookup): ahora {now}, antes {before} (máximo: {most})",
    ja: "空振りのルックアップ(void lookup)が {before} 回から {now} 回になりました(上限は {most} 回)",
};
const NOTHING: Words = Words {
    en: "nothing changed that matters to these zones",
    es: "no ha cambiado nada que afecte a estas zonas",
    ja: "これらのゾーンに影響する変更はありません",
};
const NEW: Words = Words { en: "new", es: "nuevo", ja: "新規" };
const CHANGED: Words = Words { en: "changed", es: "modificado", ja: "変更" };
const GONE: Words = Words { en: "gone", es: "resuelto", ja: "解消" };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{Kind, Question};

    fn item(class: Class, text: &str) -> Item {
        Item { class, text: text.to_owned() }
    }

    fn told(lang: Lang) -> String {
        let question = Question::new(&Name::parse("spf.fabrikam.com").expect("a name"), Kind::TXT);
        let gained = vec![item(Class::Range, "ip4:192.0.2.0/24"), item(Class::Range, "ip4:198.51.100.0/24")];
        let lost = vec![item(Class::Include, "include:a.test"), item(Class::Key, "p=\u{1b}[2J")];
        let change = Change { question, outcome: Some(("NOERROR", "NXDOMAIN")), gained, lost };
        let domain = DomainChange {
            domain: Name::parse("contoso.com").expect("a name"),
            lookups: Some((9, 11)),
            voids: Some((0, 1)),
            new: Vec::new(),
            changed: Vec::new(),
            gone: Vec::new(),
        };
        LockChanges { answers: vec![change], pages: vec!["https://a.test/".to_owned()], domains: vec![domain] }
            .write(lang)
    }

    #[test]
    fn in_three_languages() {
        assert_eq!(
            told(Lang::En),
            r"spf.fabrikam.com TXT
  the answer was NOERROR, and is NXDOMAIN now
  gained 2 ranges: ip4:192.0.2.0/24, ip4:198.51.100.0/24
  lost 1 include: include:a.test
  lost 1 DKIM key: p=\u{1b}[2J

https://a.test/
  the page changed

contoso.com
  your lookups are now 11 (they were 9; at most 10 are allowed)
  your void lookups are now 1 (they were 0; at most 2 are allowed)
"
        );
        assert!(
            told(Lang::Es).contains("  gana 2 rangos: ip4:192.0.2.0/24, ip4:198.51.100.0/24\n  pierde 1 include: ")
        );
        assert!(told(Lang::Ja).contains("  アドレス範囲が 2 件増えました: ip4:192.0.2.0/24, ip4:198.51.100.0/24\n"));
    }

    #[test]
    fn long_lists_and_long_texts_are_cut() {
        let many: Vec<Item> = (0..30).map(|number| item(Class::Range, &format!("ip4:192.0.2.{number}"))).collect();
        let line = items_line(GAINED, Class::Range, &many.iter().collect::<Vec<_>>(), Lang::En);
        assert!(line.starts_with("gained 30 ranges: ip4:192.0.2.0, ") && line.ends_with("ip4:192.0.2.9, …"), "{line}");
        let long = item(Class::Key, &"ñ".repeat(500));
        assert!(items_line(LOST, Class::Key, &[&long], Lang::En).chars().count() < 130);
    }

    #[test]
    fn after_ninety_days_they_are_stale() {
        let note = |age| LockedAnswers { oldest: "2026-11-22".to_owned(), age, is_complete: true }.note(Lang::En);
        assert!(!note(STALE_AFTER).contains("mailvet lock --update"));
        assert!(
            note(STALE_AFTER + 1).contains("91 days ago") && note(STALE_AFTER + 1).contains("mailvet lock --update")
        );
    }
}
