//! The report as workflow commands of GitHub Actions: each finding becomes an annotation.

use std::fmt::Write as _;

use crate::finding::{Finding, Severity};
use crate::lang::{Lang, Words};
use crate::report::prose::said;
use crate::report::text::printable;
use crate::report::{Report, named_recipients, place, recipients};

/// GitHub Docs, "Workflow commands": of one step, ten annotations of each kind are shown.
const SHOWN: usize = 10;

const MORE_THAN_SHOWN: Words = Words {
    en: "GitHub shows {shown} annotations of each kind. Not among them: errors {errors}, warnings {warnings}, advice {advice}. All are in the log of this step.",
    es: "GitHub muestra {shown} anotaciones de cada tipo. No aparecen entre ellas: errores {errors}, advertencias {warnings}, consejos {advice}. Todas están en el registro de este paso.",
    ja: "GitHubに表示される注釈は種類ごとに {shown} 件までです。表示されないもの: エラー {errors}、警告 {warnings}、助言 {advice}。すべてこのステップのログにあります。",
};

pub(super) fn write(reports: &[Report], lang: Lang) -> String {
    let dead = recipients::dead(named_recipients(reports), lang);
    let listed: Vec<(&Report, &Finding)> = place::listed(reports)
        .into_iter()
        .flat_map(|(report, findings)| findings.into_iter().map(move |(finding, _)| (report, finding)))
        .filter(|(_, finding)| finding.counts())
        .collect();
    let mut out: String = left_out(&listed, dead.len(), lang);
    for (_, text) in dead {
        let _ = writeln!(out, "::error title=mailvet::{}", data(&text));
    }
    // Those that are shown are the first: the errors of all domains.
    for severity in [Severity::Error, Severity::Warning, Severity::Advice] {
        let findings = listed.iter().filter(|(_, finding)| finding.severity == severity);
        findings.for_each(|(report, finding)| annotation(&mut out, finding, report, lang));
    }
    out
}

/// How many GitHub will not show. It is the first of the notices, and takes the place of one.
fn left_out(listed: &[(&Report, &Finding)], dead: usize, lang: Lang) -> String {
    let count = |severity| listed.iter().filter(|(_, finding)| finding.severity == severity).count();
    let [error, warning, advice] = [Severity::Error, Severity::Warning, Severity::Advice].map(count);
    let errors = (error + dead).saturating_sub(SHOWN);
    let warnings = warning.saturating_sub(SHOWN);
    if errors + warnings + advice.saturating_sub(SHOWN) == 0 {
        return String::new();
    }
    let values = [
        ("{shown}", SHOWN),
        ("{errors}", errors),
        ("{warnings}", warnings),
        ("{advice}", (advice + 1).saturating_sub(SHOWN)),
    ];
    let text = values
        .iter()
        .fold(MORE_THAN_SHOWN.get(lang).to_owned(), |text, (name, count)| text.replace(name, &count.to_string()));
    format!("::notice title=mailvet::{}\n", data(&text))
}

fn annotation(out: &mut String, finding: &Finding, report: &Report, lang: Lang) {
    let said = said(finding, lang);
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let title = format!("{} ({})", said.title, finding.id);
    let place = location(finding, report);
    let text = said.paragraphs(finding, lang);
    let _ = writeln!(out, "::{command} {place}title={}::{}", property(&title), data(&text));
}

/// GitHub takes columns only of what stands on one line; they are counted from 1.
fn location(finding: &Finding, report: &Report) -> String {
    let Some(span) = place::in_file(finding, report) else { return String::new() };
    let place::Region { start, end } = place::region(span);
    let file = property(&printable(&place::path(span)));
    let columns = if start.line == end.line {
        format!("col={},endColumn={},", start.column, (end.column - 1).max(start.column))
    } else {
        String::new()
    };
    format!("file={file},line={},endLine={},{columns}", start.line, end.line)
}

/// The text of a command: a new line would be a new command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_before_its_end() {
        assert_eq!(data("100 %\r\n::stop-commands::x"), "100 %25%0D%0A::stop-commands::x");
        assert_eq!(property("a,line=1::b%"), "a%2Cline=1%3A%3Ab%25");
    }
}
