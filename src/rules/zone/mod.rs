//! Zone files as such: what cannot be read, and slips that touch any record.

mod alias_with_other_data;
mod backslash_in_value;
mod dot_missing;
mod include_unread;
mod literal_at_sign;
mod name_and_value_swapped;
mod name_server_missing;
pub(in crate::rules) mod not_listed;
mod owner_doubled;
pub(in crate::rules) mod placeholder;
mod quotes_in_value;
mod record_misplaced;
mod record_outside;
mod string_too_long;
mod text_unquoted;
mod unreadable_line;
mod url_in_value;

use crate::name::Name;
use crate::rules::Rule;
use crate::zone::{Record, Txt, Zone};

pub(in crate::rules) use dot_missing::intended;
pub(in crate::rules) use name_and_value_swapped::names_swapped_back;
pub(in crate::rules) use url_in_value::url;

pub(super) static RULES: &[&Rule] = &[
    &unreadable_line::RULE,
    &text_unquoted::RULE,
    &alias_with_other_data::RULE,
    &name_and_value_swapped::RULE,
    &url_in_value::RULE,
    &dot_missing::RULE,
    &owner_doubled::RULE,
    &literal_at_sign::RULE,
    &record_misplaced::RULE,
    &name_server_missing::RULE,
    &quotes_in_value::RULE,
    &backslash_in_value::RULE,
    &string_too_long::RULE,
    &include_unread::RULE,
    &record_outside::RULE,
    &not_listed::RULE,
];

/// The owner with the origin once instead of twice: `mail.example.com` of `mail.example.com.example.com`.
fn undoubled(owner: &Name, origin: &Name) -> Option<Name> {
    // `com.com` and the like may be meant.
    let labels = owner.below(origin).filter(|_| origin.labels().count() > 1)?;
    Name::parse(labels).ok().filter(|name| name.is_within(origin))
}

/// TXT records that belong to mail and that no other topic reads: MTA-STS (RFC 8461), TLS-RPT (RFC 8460) and BIMI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MailText {
    MtaSts,
    TlsReport,
    Bimi,
}

impl MailText {
    const ALL: [MailText; 3] = [MailText::MtaSts, MailText::TlsReport, MailText::Bimi];

    /// The kind of record whose version a text begins with.
    fn by_version(text: &str) -> Option<MailText> {
        Self::ALL.into_iter().find(|kind| {
            let rest = text.strip_prefix(kind.version());
            rest.is_some_and(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with(';'))
        })
    }

    /// The kind of record that belongs to a name.
    fn by_owner(owner: &Name) -> Option<MailText> {
        let labels: Vec<&str> = owner.labels().collect();
        match labels.as_slice() {
            ["_mta-sts", ..] => Some(MailText::MtaSts),
            ["_smtp", "_tls", ..] => Some(MailText::TlsReport),
            [_, "_bimi", ..] => Some(MailText::Bimi),
            _ => None,
        }
    }

    fn version(self) -> &'static str {
        match self {
            MailText::MtaSts => "v=STSv1",
            MailText::TlsReport => "v=TLSRPTv1",
            MailText::Bimi => "v=BIMI1",
        }
    }

    /// The labels in front of the domain.
    fn prefix(self) -> &'static str {
        match self {
            MailText::MtaSts => "_mta-sts",
            MailText::TlsReport => "_smtp._tls",
            MailText::Bimi => "default._bimi",
        }
    }
}

/// The TXT records of a zone at names where one of these records belongs.
fn mail_texts(zone: &Zone) -> impl Iterator<Item = (&Record, &Txt, MailText)> {
    zone.records.iter().filter_map(|record| Some((record, &**record.txt()?, MailText::by_owner(&record.owner)?)))
}
