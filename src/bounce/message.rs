//! The parts of a mail (MIME, RFC 2045), decoded: words for people, reports for machines, the mail that came back.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::bounce::fields::Fields;
use crate::bounce::html;
use crate::bounce::passage::Passage;
use crate::source::{Source, SourceKind};

/// So many parts are read. A mail with more lines `Content-Type:` is read as text: its parts may lie in one another
/// deeper than a program can follow.
const MOST_PARTS: usize = 300;

/// A mail in a mail in a mail: so deep bounces are looked for.
const DEEPEST: usize = 4;

/// A mail, taken apart.
pub(super) struct Mail {
    pub header: Fields,
    /// What people read: the plain text, or the page where there is none.
    pub notices: Vec<Passage>,
    /// Parts of type message/delivery-status.
    pub reports: Vec<Fields>,
    /// A part of type message/feedback-report (RFC 5965).
    pub feedback: bool,
    /// Headers of mails that are enclosed.
    pub copies: Vec<Fields>,
    /// The mails that are enclosed.
    pub enclosed: Vec<Mail>,
}

/// Where the octets of a mail come from.
pub(super) struct Origin<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// The file, where its octets are text: unencoded parts are pieces of it.
    pub file: Option<&'a Arc<Source>>,
    /// Where the mail begins in the file.
    pub start: usize,
    /// The octets of the mail.
    pub bytes: &'a [u8],
}

/// Takes a mail apart; nothing if it has no header or too many parts.
pub(super) fn read(origin: &Origin<'_>) -> Option<Mail> {
    if origin.bytes.split(|byte| *byte == b'\n').filter(|line| is_content_type(line)).count() > MOST_PARTS {
        return None;
    }
    let message = MessageParser::new().with_mime_headers().parse(origin.bytes)?;
    mail(origin, &message, DEEPEST, &mut 0)
}

fn is_content_type(line: &[u8]) -> bool {
    line.get(..12).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type"))
}

fn mail(origin: &Origin<'_>, message: &Message<'_>, depth: usize, number: &mut usize) -> Option<Mail> {
    let first = message.parts.first()?;
    let header = origin.raw(message, first.offset_header as usize..first.offset_body as usize, "header", number);
    let header = Fields::header(&header);
    let mut mail = Mail {
        header,
        notices: Vec::new(),
        reports: Vec::new(),
        feedback: false,
        copies: Vec::new(),
        enclosed: Vec::new(),
    };
    let mut pages = Vec::new();
    for part in message.parts.iter().take(MOST_PARTS) {
        take(&mut mail, &mut pages, origin, message, part, depth, number);
    }
    if mail.notices.iter().all(|notice| notice.text().trim().is_empty()) {
        mail.notices = pages;
    }
    Some(mail)
}

fn take(
    mail: &mut Mail,
    pages: &mut Vec<Passage>,
    origin: &Origin<'_>,
    message: &Message<'_>,
    part: &MessagePart<'_>,
    depth: usize,
    number: &mut usize,
) {
    let kind = part
        .content_type()
        .map(|kind| (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase()));
    let (kind, subtype) = kind.unwrap_or_default();
    *number += usize::from(!matches!(part.body, PartType::Multipart(_)));
    match &part.body {
        PartType::Message(enclosed) => {
            let enclosed = (depth > 0).then(|| self::mail(origin, enclosed, depth - 1, number)).flatten();
            mail.copies.extend(enclosed.iter().map(|enclosed| enclosed.header.clone()));
            mail.enclosed.extend(enclosed);
        }
        PartType::Multipart(_) => {}
        PartType::Html(page) => pages.push(origin.decoded(html::text(page), "HTML", number)),
        PartType::Text(text) => {
            let passage = origin.passage(message, part, text, number);
            match subtype.as_str() {
                "rfc822-headers" | "global-headers" => mail.copies.push(Fields::header(&passage)),
                _ => mail.take_report(&kind, &subtype, passage),
            }
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            // A multipart without its boundary is one text.
            if matches!(kind.as_str(), "message" | "multipart") {
                let text = seven_bit(bytes);
                mail.take_report(&kind, &subtype, origin.passage(message, part, &text, number));
            }
        }
    }
}

/// Reports hold no charset; that of RFC 1468 shows by its escapes.
fn seven_bit(bytes: &[u8]) -> Cow<'_, str> {
    let is_japanese = memchr::memmem::find(bytes, b"\x1b$").is_some();
    let decoder = charset_decoder(b"iso-2022-jp").filter(|_| is_japanese);
    decoder.map_or_else(|| String::from_utf8_lossy(bytes), |decode| decode(bytes).into())
}

impl Mail {
    fn take_report(&mut self, kind: &str, subtype: &str, passage: Passage) {
        match (kind, subtype) {
            ("message", "delivery-status" | "global-delivery-status") => self.reports.push(Fields::all(&passage)),
            ("message", "feedback-report") => self.feedback = true,
            ("message", "rfc822" | "global") => self.copies.push(Fields::header(&passage)),
            _ => self.notices.push(passage),
        }
    }
}

impl Origin<'_> {
    /// The text of a part: a piece of the file where it stands there as it is.
    fn passage(&self, message: &Message<'_>, part: &MessagePart<'_>, text: &str, number: &mut usize) -> Passage {
        let range = part.offset_body as usize..part.offset_end as usize;
        let is_verbatim =
            part.encoding == Encoding::None && self.octets(message).get(range.clone()) == Some(text.as_bytes());
        match self.file.filter(|_| is_verbatim && self.is_of_file(message)) {
            Some(file) => Passage::whole(file).part(self.start + range.start..self.start + range.end),
            None => self.decoded(text.to_owned(), "part", number),
        }
    }

    /// Octets as they stand in the mail.
    fn raw(&self, message: &Message<'_>, range: Range<usize>, what: &str, number: &mut usize) -> Passage {
        match self.file.filter(|_| self.is_of_file(message)) {
            Some(file) => Passage::whole(file).part(self.start + range.start..self.start + range.end),
            None => {
                let octets = self.octets(message).get(range).unwrap_or_default();
                self.decoded(String::from_utf8_lossy(octets).into_owned(), what, number)
            }
        }
    }

    fn decoded(&self, text: String, what: &str, number: &mut usize) -> Passage {
        let name = match what {
            "header" => format!("{} (header)", self.name),
            "part" => format!("{} (part {number})", self.name),
            _ => format!("{} (part {number}, {what})", self.name),
        };
        Passage::whole(&Source::new(name, text, SourceKind::Message))
    }

    /// An enclosed mail that was encoded has octets of its own; any other shares those of the mail around it.
    fn is_of_file(&self, message: &Message<'_>) -> bool {
        message.raw_message.as_ptr() == self.bytes.as_ptr() && message.raw_message.len() == self.bytes.len()
    }

    fn octets<'a>(&'a self, message: &'a Message<'_>) -> &'a [u8] {
        &message.raw_message
    }
}
