//! Lines of the logs of Postfix and Exim, as somebody pastes them.

use crate::bounce::marks::{self, Mark};
use crate::bounce::passage::{Joined, Passage};
use crate::bounce::status::{self, Report};
use crate::bounce::{Kind, Quoted, Refusal, address, reply};

/// What Postfix writes before the reason: `to=<…>, relay=…, dsn=…, status=bounced (…)`.
const POSTFIX: [(&str, Kind); 2] = [("status=bounced (", Kind::Failed), ("status=deferred (", Kind::Delayed)];

/// What Exim writes before the recipient, the router (`R=`), the host (`H=`), a colon and the reason.
/// <https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html>
const EXIM: [(&str, Kind); 2] = [(" ** ", Kind::Failed), (" == ", Kind::Delayed)];

/// A line and where it stands.
struct Line<'a> {
    passage: &'a Passage,
    at: usize,
    text: &'a str,
}

/// What the lines tell; nothing where no line is one of such a log.
pub(super) fn read(passage: &Passage) -> Option<Report> {
    let lines = passage.lines().map(|(at, text)| Line { passage, at, text: text.trim_end() });
    let mut told = lines.filter_map(|line| line.of_postfix().or_else(|| line.of_exim()));
    let (actions, refusals): (Vec<Kind>, Vec<Refusal>) = told.by_ref().take(status::MOST).unzip();
    let is_cut = told.next().is_some();
    (!refusals.is_empty()).then_some(Report { refusals, actions, is_cut })
}

/// What the lines say of servers that could not be reached, where no mail is named; nothing where none says so.
pub(super) fn unreachable(passage: &Passage) -> Option<Report> {
    let lines = passage.lines().map(|(at, text)| Line { passage, at, text: text.trim_end() });
    let told = lines.filter_map(|line| line.of_connection()).take(status::MOST);
    let (actions, refusals): (Vec<Kind>, Vec<Refusal>) = told.unzip();
    (!refusals.is_empty()).then_some(Report { refusals, actions, is_cut: false })
}

impl Line<'_> {
    /// `connect to mx.contoso.com[192.0.2.1]:25: Connection timed out`, alone or behind what stands first in a log.
    fn of_connection(&self) -> Option<(Kind, Refusal)> {
        let server = marks::all().server(Mark::Unreachable, self.text)?;
        let begin = self.text[..server.start].rfind([':', '(']).map_or(0, |at| at + 1);
        let said = self.text[begin..].trim_start();
        let from = self.text.len() - said.len();
        let said = if self.text[..begin].ends_with('(') { said.trim_end_matches(')') } else { said };
        // All else is tried again: it may be the network's fault.
        let kind = if said.ends_with("Host not found") { Kind::Failed } else { Kind::Delayed };
        let recipient = address::leading(&self.text[..from]);
        let recipient = recipient.map(|range| self.passage.quoted(self.at + range.start..self.at + range.end));
        Some((kind, self.refusal(recipient, " H=", from, said)))
    }

    fn of_postfix(&self) -> Option<(Kind, Refusal)> {
        let (from, kind) = self.behind(&POSTFIX)?;
        let recipient = self.value(" to=<", &['>'])?;
        let mut refusal = self.refusal(Some(recipient), " relay=", from, self.text[from..].trim_end_matches(')'));
        refusal.status = self.value(" dsn=", &[',']);
        Some((kind, refusal))
    }

    fn of_exim(&self) -> Option<(Kind, Refusal)> {
        let (from, kind) = self.behind(&EXIM)?;
        let end = from + self.text[from..].find(' ')?;
        let is_address = address::leading(&self.text[from..end]).is_some();
        let routed = end + self.text[end..].find(" R=").filter(|_| is_address)?;
        let said = routed + self.text[routed..].find(": ")? + 2;
        let recipient = self.passage.quoted(self.at + from..self.at + end);
        Some((kind, self.refusal(Some(recipient), " H=", said, &self.text[said..])))
    }

    fn refusal(&self, recipient: Option<Quoted>, host: &str, from: usize, said: &str) -> Refusal {
        let mut words = Joined::default();
        words.push(self.at + from, said);
        let mut replies = reply::find(&words, self.passage);
        if replies.is_empty() {
            replies.push(reply::without_codes(&words, 0..words.text.len(), self.passage));
        }
        let named = || Some(words.quoted(self.passage, marks::all().server(Mark::Remote, &words.text)?));
        let host = self.value(host, &[' ', '[', ',', ':']).filter(|host| address::is_host(&host.text));
        let remote = host.or_else(named);
        Refusal { recipient, remote, replies, ..Refusal::default() }
    }

    fn behind(&self, marks: &[(&str, Kind)]) -> Option<(usize, Kind)> {
        marks.iter().find_map(|(mark, kind)| Some((self.text.find(mark)? + mark.len(), *kind)))
    }

    /// The words between a name and the first of these marks.
    fn value(&self, name: &str, ends: &[char]) -> Option<Quoted> {
        let from = self.text.find(name)? + name.len();
        let to = from + self.text[from..].find(ends)?;
        (to > from).then(|| self.passage.quoted(self.at + from..self.at + to))
    }
}
