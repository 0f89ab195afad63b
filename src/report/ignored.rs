//! Findings that do not count: how many there are, and why each of them does not.

use crate::finding::{Finding, Waiver};
use crate::lang::{Lang, Words};
use crate::report::text::printable;
use crate::report::words::COMMA;
use crate::report::{Report, Style};

/// The head of the reason, and of a list of such findings.
pub(super) const IGNORED: Words = Words { en: "ignored", es: "ignorado", ja: "無視" };
pub(super) const NOT_COUNTED: Words = Words { en: "Not counted", es: "Hallazgos no contados", ja: "集計対象外" };

const LIST_THEM: Words = Words {
    en: "`--show-ignored` lists them",
    es: "`--show-ignored` muestra la lista",
    ja: "`--show-ignored` で一覧表示",
};
const BY_SETTINGS: Words = Words { en: "by settings", es: "por la configuración", ja: "設定ファイル" };
const BY_COMMENTS: Words = Words { en: "by comments", es: "por comentarios", ja: "コメント" };
const IN_BASELINE: Words = Words { en: "in the baseline", es: "en la línea base", ja: "ベースライン" };
const SETTINGS: Words = Words { en: "settings", es: "configuración", ja: "設定ファイル" };
const COMMENT: Words = Words { en: "comment in {place}", es: "comentario en {place}", ja: "{place} のコメント" };
const IS_IN_BASELINE: Words = Words {
    en: "already there when the baseline was made",
    es: "ya estaba cuando se creó la línea base",
    ja: "ベースライン作成時に検出済み",
};
const UNTIL: Words = Words { en: "until {day}", es: "hasta el {day}", ja: "{day} まで" };

/// `Not counted: 2 (by settings 1, by comments 1)`, and how to list them, where they are not listed; nothing where all count.
pub(super) fn line(report: &Report, style: Style) -> Option<String> {
    let list = if style.show_ignored { String::new() } else { format!("; {}", LIST_THEM.get(style.lang)) };
    summary(report, style.lang).map(|summary| summary + &list)
}

/// The same without the argument that lists them.
pub(super) fn summary(report: &Report, lang: Lang) -> Option<String> {
    let mut counts = [0_usize; 3];
    for waiver in report.ignored().filter_map(|finding| finding.waiver.as_ref()) {
        counts[place(waiver)] += 1;
    }
    let named = [BY_SETTINGS, BY_COMMENTS, IN_BASELINE].into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let parts: Vec<String> = named.map(|(name, count)| format!("{} {count}", name.get(lang))).collect();
    let all: usize = counts.iter().sum();
    (all > 0).then(|| format!("{}: {all} ({})", NOT_COUNTED.get(lang), parts.join(", ")))
}

/// Why a finding does not count, printable: `the printer (settings, until 2027-01-31)`.
pub(super) fn reason(waiver: &Waiver, lang: Lang) -> String {
    let (reason, until, by) = match waiver {
        Waiver::Baseline => return IS_IN_BASELINE.get(lang).to_owned(),
        Waiver::Config { reason, until } => (reason, until, SETTINGS.get(lang).to_owned()),
        Waiver::Comment { reason, until, at } => {
            let place = format!("{}:{}", at.source.name, at.position().line);
            (reason, until, COMMENT.get(lang).replace("{place}", &place))
        }
    };
    let until = until.iter().map(|day| format!("{}{}", COMMA.get(lang), UNTIL.get(lang).replace("{day}", day)));
    printable(&format!("{reason} ({by}{})", until.collect::<String>()))
}

/// The word for it in formats for programs.
pub(super) fn id(waiver: &Waiver) -> &'static str {
    ["config", "comment", "baseline"][place(waiver)]
}

/// The reason that somebody gave; none is needed for the baseline.
pub(super) fn given_reason(finding: &Finding) -> Option<&str> {
    match finding.waiver.as_ref()? {
        Waiver::Config { reason, .. } | Waiver::Comment { reason, .. } => Some(reason),
        Waiver::Baseline => None,
    }
}

fn place(waiver: &Waiver) -> usize {
    match waiver {
        Waiver::Config { .. } => 0,
        Waiver::Comment { .. } => 1,
        Waiver::Baseline => 2,
    }
}
