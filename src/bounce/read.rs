//! From the octets of a file to what it tells.

use std::ops::Range;

use crate::bounce::fields::{Fields, name_and_value};
use crate::bounce::marks::{self, Mark};
use crate::bounce::message::{self, Mail, Origin};
use crate::bounce::notice::{self, Known};
use crate::bounce::passage::{Joined, Passage};
use crate::bounce::{
    Bounce, Kind, Original, Quoted, Refusal, Reply, address, copy, log, matching, notification, reply, status,
};
use crate::source::{Source, SourceKind};

/// So many octets are read.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// So many mails of an mbox are read.
const MOST_MAILS: usize = 100_000;

/// So many replies of a text are looked at, whether they are any.
const MOST_WEIGHED: usize = 100;

/// So many bounces in one another are looked into.
const DEEPEST: usize = 4;

/// Fields by which the header of a mail is known.
const HEADER: [&str; 9] =
    ["from", "to", "subject", "date", "received", "return-path", "content-type", "message-id", "mime-version"];

/// Reads a file: one mail, an mbox with many, or a text such as one line of a log. What is beyond 32 MiB is not read.
pub fn read(name: &str, bytes: &[u8]) -> Vec<Bounce> {
    let bytes = from_utf16(&bytes[..bytes.len().min(LARGEST)]);
    let octets = line_ends(&bytes);
    let text = String::from_utf8_lossy(&octets);
    let is_text = matches!(text, std::borrow::Cow::Borrowed(_));
    let file = Source::new(name, text, SourceKind::File);
    let whole = Passage::whole(&file);
    if !is_mail(whole.text()) {
        return vec![pasted(&whole)];
    }
    let mails = mails(&octets);
    mails
        .into_iter()
        .map(|range| {
            let origin =
                Origin { name, file: is_text.then_some(&file), start: range.start, bytes: &octets[range.clone()] };
            match message::read(&origin) {
                Some(mail) => of_mail(&mail, DEEPEST),
                None => pasted(&text_of(&origin, &whole, range)),
            }
        })
        .collect()
}

/// What Windows saves as "Unicode", and PowerShell by `>`, is UTF-16 with a byte order mark (RFC 2781 section 3.2).
fn from_utf16(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return bytes.into(),
    };
    let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).into_bytes().into()
}

/// Lines may end with CR alone, as once on a Macintosh.
fn line_ends(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if memchr::memchr(b'\n', bytes).is_some() || memchr::memchr(b'\r', bytes).is_none() {
        return bytes.into();
    }
    bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect::<Vec<u8>>().into()
}

fn text_of(origin: &Origin<'_>, whole: &Passage, range: Range<usize>) -> Passage {
    match origin.file {
        Some(_) => whole.part(range),
        None => Passage::whole(&Source::new(origin.name, String::from_utf8_lossy(origin.bytes), SourceKind::Message)),
    }
}

/// Does the text begin with the header of a mail, or with the line that begins a mail in an mbox?
fn is_mail(text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').lines().skip_while(|line| line.trim().is_empty());
    let lines = lines.skip_while(|line| is_postmark(line.as_bytes())).take(200);
    let header = lines.take_while(|line| line.starts_with([' ', '\t']) || name_and_value(line).is_some());
    let known = header.filter_map(name_and_value).filter(|(name, _)| HEADER.contains(&name.as_str()));
    known.take(2).count() == 2
}

/// RFC 4155 appendix A: a mail in an mbox begins with `From `, the sender and the time.
fn is_postmark(line: &[u8]) -> bool {
    let days = [" Mon ", " Tue ", " Wed ", " Thu ", " Fri ", " Sat ", " Sun "];
    line.starts_with(b"From ")
        && line.len() < 400
        && days.iter().any(|day| memchr::memmem::find(line, day.as_bytes()).is_some())
}

/// Where the mails of an mbox stand; one mail stands for itself.
fn mails(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut starts, mut at, mut blank) = (Vec::new(), 0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if blank && is_postmark(line) && starts.len() < MOST_MAILS {
            starts.push((at, at + line.len()));
        }
        blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    if starts.first().is_none_or(|(first, _)| !bytes[..*first].trim_ascii().is_empty()) {
        starts.insert(0, (0, 0));
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(start, _)| *start).chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).map(|((_, from), end)| skip_blank(bytes, from..end)).collect()
}

fn skip_blank(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let mail = &bytes[range.clone()];
    let mail = mail.strip_prefix(b"\xef\xbb\xbf").unwrap_or(mail).trim_ascii_start();
    range.end - mail.len()..range.end
}

/// A text without a header: a notice, the fields of a report, or a reply.
fn pasted(passage: &Passage) -> Bounce {
    let (words, quoted) = copy::split(passage);
    let report = status::read(&Fields::all(&words));
    let original = quoted.map(|quoted| copy::read(&Fields::header(&quoted))).unwrap_or_default();
    if !report.refusals.is_empty() {
        return with_report(report, &[words], original);
    }
    if let Some(report) = log::read(&words) {
        return of_log(report, original);
    }
    let mut recipients = notice::read(&words, &Known { recipients: &[], senders: &[] });
    let lower = words.text().to_lowercase();
    let says = marks::all().held(Mark::BounceText, &lower);
    if !says && !has_reply(&recipients, &words) {
        let nothing = Bounce::none(Kind::Other);
        return log::unreachable(&words).map_or(nothing, |report| of_log(report, original));
    }
    if recipients.is_empty() {
        recipients.push(Refusal { replies: vec![whole_text(&words)], ..Refusal::default() });
    }
    set_generator(&mut recipients, &words);
    let mut replies = recipients.iter().flat_map(|refusal| &refusal.replies);
    let is_late = !says && replies.all(is_temporary);
    let kind = if is_late { Kind::Delayed } else { delayed(&lower) };
    finish(Bounce { kind, is_cut: is_cut(&recipients, &words), recipients, original })
}

fn of_log(report: status::Report, original: Original) -> Bounce {
    let (kind, is_cut) = (overall(&report.actions), report.is_cut);
    finish(Bounce { kind, recipients: report.refusals, is_cut, original })
}

/// Is there more in the words than was read?
fn is_cut(recipients: &[Refusal], words: &Passage) -> bool {
    recipients.len() > status::MOST || notice::is_cut(words)
}

fn whole_text(words: &Passage) -> Reply {
    let mut joined = Joined::default();
    words.lines().take(20).for_each(|(at, line)| joined.push(at, line));
    reply::without_codes(&joined, 0..joined.text.len(), words)
}

/// A bounce that somebody passes on, or that another program wraps in words of its own, is enclosed, or quoted whole.
fn of_mail(mail: &Mail, depth: usize) -> Bounce {
    let bounce = outer(mail);
    let says = |refusal: &Refusal| refusal.status.is_some() || has_code(refusal);
    let is_silent = bounce.kind == Kind::Failed && !bounce.recipients.iter().any(says);
    if depth == 0 || bounce.kind != Kind::Other && !is_silent {
        return bounce;
    }
    let quoted: Vec<Mail> = mail.notices.iter().take(5).filter_map(quoted_bounce).collect();
    let mut inner = mail.enclosed.iter().chain(&quoted).map(|inner| of_mail(inner, depth - 1));
    inner
        .find(|inner| {
            matches!(inner.kind, Kind::Failed | Kind::Delayed) && (!is_silent || inner.recipients.iter().any(says))
        })
        .unwrap_or(bounce)
}

/// The mail that a text quotes, if it is a bounce itself.
fn quoted_bounce(notice: &Passage) -> Option<Mail> {
    let quoted = copy::split(notice).1?;
    if signs(&Fields::header(&quoted)) < 2 {
        return None;
    }
    message::read(&Origin {
        name: quoted.name(),
        file: quoted.file(),
        start: quoted.start(),
        bytes: quoted.text().as_bytes(),
    })
}

fn outer(mail: &Mail) -> Bounce {
    if mail.feedback {
        return Bounce { original: original(mail, None), ..Bounce::none(Kind::Feedback) };
    }
    if let Some(bounce) = mail.notices.iter().find_map(notification::read) {
        return bounce;
    }
    let mut split: Vec<(Passage, Option<Passage>)> = mail.notices.iter().take(20).map(copy::split).collect();
    let quoted = split.iter_mut().find_map(|(_, quoted)| quoted.take());
    let original = original(mail, quoted.map(|quoted| Fields::header(&quoted)));
    let words: Vec<Passage> = split.into_iter().map(|(words, _)| words).collect();
    let mut report = reports(mail.reports.iter().cloned());
    if report.refusals.is_empty() {
        // Somebody passed a report on as text, or its parts lost their boundary.
        report = reports(words.iter().map(Fields::all));
    }
    if report.refusals.is_empty() {
        without_report(mail, &words, original)
    } else {
        with_report(report, &words, original)
    }
}

fn reports(all: impl Iterator<Item = Fields>) -> status::Report {
    let mut report = status::Report::default();
    for more in all.map(|fields| status::read(&fields)) {
        report.is_cut |= more.is_cut || report.refusals.len() + more.refusals.len() > status::MOST;
        report.refusals.extend(more.refusals);
        report.actions.extend(more.actions);
        report.refusals.truncate(status::MOST);
        report.actions.truncate(status::MOST);
    }
    report
}

/// The report tells who and what; the words for people may hold more lines of a reply, and the name of a server.
fn with_report(report: status::Report, words: &[Passage], original: Original) -> Bounce {
    let (kind, is_cut) = (overall(&report.actions), report.is_cut);
    let refused = report.refusals.into_iter().zip(&report.actions);
    let mut recipients: Vec<Refusal> = refused
        .filter(|(_, action)| kind == Kind::Delivered || **action != Kind::Delivered)
        .map(|(refusal, _)| refusal)
        .collect();
    let known: Vec<Quoted> = recipients
        .iter()
        .flat_map(|refusal| [&refusal.recipient, &refusal.original_recipient])
        .flatten()
        .cloned()
        .collect();
    let senders: Vec<Quoted> = [&original.from, &original.mail_from].into_iter().flatten().cloned().collect();
    for words in words {
        let mut told = notice::read(words, &Known { recipients: &known, senders: &senders });
        for refusal in &mut recipients {
            let is_it = |other: &Refusal| match (&other.recipient, &refusal.recipient) {
                (Some(other), Some(own)) => {
                    notice::same(other, own)
                        || refusal.original_recipient.as_ref().is_some_and(|own| notice::same(other, own))
                }
                _ => true,
            };
            if let Some(at) = told.iter().position(is_it) {
                take(refusal, told.remove(at));
            }
        }
        set_generator(&mut recipients, words);
    }
    finish(Bounce { kind, recipients, is_cut, original })
}

fn take(refusal: &mut Refusal, told: Refusal) {
    refusal.recipient = refusal.recipient.take().or(told.recipient);
    refusal.remote = refusal.remote.take().or(told.remote);
    let has_words = |text: &str| text.contains(char::is_alphabetic);
    let has_code = |reply: &&Reply| reply.smtp.is_some() || reply.enhanced.is_some() && has_words(&reply.text);
    let says = refusal.replies.is_empty();
    let more: Vec<_> = told
        .replies
        .iter()
        .filter(|reply| if says { has_words(&reply.text) || reply.smtp.is_some() } else { has_code(reply) })
        .cloned()
        .collect();
    notice::merge(&mut refusal.replies, &more);
}

fn without_report(mail: &Mail, words: &[Passage], original: Original) -> Bounce {
    let failed = mail.header.addresses("x-failed-recipients");
    if failed.is_empty() && marked(&mail.header) == 0 && is_auto_reply(&mail.header) {
        return Bounce::none(Kind::AutoReply);
    }
    let lower: String = words.iter().map(|words| words.text().to_lowercase()).collect();
    let senders =
        [original.from.clone(), original.mail_from.clone()].into_iter().flatten().chain(mail.header.addresses("to"));
    let senders: Vec<Quoted> = senders.collect();
    let known = Known { recipients: &failed, senders: &senders };
    let mut recipients =
        words.iter().map(|words| notice::read(words, &known)).find(|told| !told.is_empty()).unwrap_or_default();
    // Some name nobody: then those are meant to whom the mail was written.
    if recipients.is_empty() {
        recipients.push(Refusal::default());
    }
    if let [only] = &mut recipients[..] {
        only.recipient = only.recipient.take().or_else(|| mail.recipients());
    }
    // One sign alone may stand in any mail: a postmaster writes letters, too.
    let has_reply = words.iter().any(|words| has_reply(&recipients, words));
    let signs = signs(&mail.header) + usize::from(marks::all().held(Mark::BounceText, &lower)) + usize::from(has_reply);
    let tells = recipients.iter().any(|refusal| refusal.recipient.is_some() || !refusal.replies.is_empty());
    if !tells || failed.is_empty() && signs < 2 {
        return Bounce::none(Kind::Other);
    }
    words.iter().for_each(|words| set_generator(&mut recipients, words));
    let subject = mail.header.text("subject").to_lowercase();
    let is_cut = words.iter().any(|words| is_cut(&recipients, words));
    finish(Bounce { kind: delayed(&(subject + "\n" + &lower)), recipients, is_cut, original })
}

impl Mail {
    /// To whom the mail was written that came back.
    fn recipients(&self) -> Option<Quoted> {
        let quoted =
            self.notices.iter().filter_map(|notice| copy::split(notice).1).map(|quoted| Fields::header(&quoted));
        self.copies.iter().cloned().chain(quoted).find_map(|header| header.addresses("to").into_iter().next())
    }
}

/// How many signs the header has of a bounce: those of [`marked`], and the null reverse-path (RFC 5321 section 4.5.5),
/// which answers of machines have, too (RFC 3834 section 3.3).
fn signs(header: &Fields) -> usize {
    let sender = header.text("return-path").to_ascii_lowercase();
    marked(header) + usize::from(matches!(sender.trim(), "<>" | "<mailer-daemon>"))
}

/// In how many of From and Subject a mail program tells that it writes because another mail came back.
fn marked(header: &Fields) -> usize {
    let fields = [(Mark::BounceFrom, "from"), (Mark::BounceSubject, "subject")];
    fields.iter().filter(|(mark, name)| marks::all().held(*mark, &header.text(name).to_lowercase())).count()
}

/// Is there a reply, and not words alone?
fn has_code(refusal: &Refusal) -> bool {
    refusal.replies.iter().any(|reply| reply.smtp.is_some() || reply.enhanced.is_some())
}

/// Is there a reply that is no other number, as in "550 euros are due"? It stands at the beginning of the text; or it has
/// two codes alone, words that replies have, or words of a language that is not looked up here.
fn has_reply(recipients: &[Refusal], words: &Passage) -> bool {
    let first = words.lines().find(|(_, line)| !line.trim().is_empty());
    let first = first.map(|(at, line)| words.span(at..at + line.len()));
    let is_reply = |reply: &Reply| {
        let text = reply.text.to_lowercase();
        let begins = first.as_ref().is_some_and(|first| first.bytes.contains(&reply.span.bytes.start));
        let has_both_codes = reply.smtp.is_some() && reply.enhanced.is_some();
        let is_code_alone = has_both_codes && !text.contains(char::is_alphabetic);
        let has_code = reply.smtp.is_some() || reply.enhanced.is_some();
        let has_words = || marks::all().held(Mark::Reply, &text) || !text.is_ascii() || matching::is_worded(reply);
        has_code && (begins || is_code_alone || has_words())
    };
    recipients.iter().flat_map(|refusal| &refusal.replies).take(MOST_WEIGHED).any(is_reply)
}

/// RFC 3834 section 5: "Auto-Submitted: auto-replied"; before it, other fields and the subject told it.
fn is_auto_reply(header: &Fields) -> bool {
    let submitted = header.text("auto-submitted").to_ascii_lowercase();
    let fields = ["x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoreply-from", "x-apple-action"];
    let subject = header.text("subject").to_lowercase();
    submitted.starts_with("auto-replied")
        || fields.iter().any(|name| header.get(name).is_some())
        || marks::all().begins(Mark::AutoReplySubject, &subject)
}

fn original(mail: &Mail, quoted: Option<Fields>) -> Original {
    let copies = mail.copies.iter().chain(quoted.as_ref());
    let mut original = copies
        .map(copy::read)
        .find(|original| original.from.is_some() || original.mail_from.is_some())
        .unwrap_or_default();
    // RFC 5321 section 6.1: the notification goes to the address of MAIL FROM.
    original.mail_from = original.mail_from.take().or_else(|| mail.header.addresses("to").into_iter().next());
    original
}

fn overall(actions: &[Kind]) -> Kind {
    [Kind::Failed, Kind::Delayed].into_iter().find(|kind| actions.contains(kind)).unwrap_or(Kind::Delivered)
}

fn delayed(text: &str) -> Kind {
    if marks::all().held(Mark::Delay, text) { Kind::Delayed } else { Kind::Failed }
}

fn set_generator(recipients: &mut [Refusal], words: &Passage) {
    if recipients.iter().all(|refusal| refusal.generator.is_some()) {
        return;
    }
    let named = notice::generator(words);
    for refusal in recipients {
        refusal.generator = refusal.generator.take().or_else(|| named.clone());
    }
}

/// What says most comes first; an address that a reply names is what the server saw.
fn finish(mut bounce: Bounce) -> Bounce {
    for refusal in &mut bounce.recipients {
        let has_cause = refusal.replies.iter().any(|reply| is_temporary(reply) && !is_expiry(reply));
        let texts: Vec<String> =
            refusal.replies.iter().filter(|reply| reply.smtp.is_some()).map(|reply| reply.text.clone()).collect();
        let wraps =
            |reply: &Reply| texts.iter().any(|inner| inner.len() < reply.text.len() && reply.text.ends_with(inner));
        refusal.replies.sort_by_key(|reply| match (reply.smtp, reply.enhanced) {
            _ if !reply.text.contains(char::is_alphabetic) => 3,
            (Some(_), _) => usize::from(has_cause && is_expiry(reply) || wraps(reply)),
            (None, Some(_)) => 2,
            (None, None) => 4,
        });
    }
    let replies = bounce.recipients.iter().flat_map(|refusal| &refusal.replies);
    let seen = replies.filter(|reply| reply.smtp.is_some()).take(100).find_map(|reply| {
        let range = address::find_ip(&reply.text)?;
        Some(Quoted { text: reply.text[range].to_owned(), span: reply.span.clone() })
    });
    bounce.original.sending_ip = seen.or(bounce.original.sending_ip);
    bounce
}

/// Who gave up tells only that; why is in what the other server answered each time.
fn is_expiry(reply: &Reply) -> bool {
    reply.text.to_ascii_lowercase().contains("message expired")
}

fn is_temporary(reply: &Reply) -> bool {
    reply.smtp.is_some_and(|code| code < 500)
}
