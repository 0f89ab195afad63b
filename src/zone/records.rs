//! Records out of formats that are no zone lines: what all of them share.
//!
//! A format names the owner, the type and the fields of each record, as scalars of a [`document`](super::document).
//! Here the fields become the data of a zone line, each byte with its place, and the one reader of such data does the
//! rest; so a record means the same in every format.

use std::ops::Range;
use std::sync::Arc;

use super::document::{Document, Node, Scalar};
use super::lexer::{self, Fault};
use super::rdata::{self, Fields, Names, Place};
use super::written::Written;
use super::{Data, Elsewhere, Line, MAX_PROBLEMS, Problem, ProblemKind, Record, Zone};
use crate::name::{Kind, Name, NameError, Question};
use crate::source::{Source, Span};

/// RFC 1035 section 3.3: a character-string has a length of one octet before it.
const MAX_STRING: usize = 255;

/// A zone that is being read.
pub(super) struct Records {
    pub zone: Zone,
    /// How the names that records lead to are read.
    targets: Names,
}

/// What stands before the data of a record.
#[derive(Clone)]
pub(super) struct Head {
    pub owner: Name,
    /// Where the owner is written.
    pub owner_at: Range<usize>,
    pub kind: Kind,
    pub ttl: u32,
    /// Where the record is written.
    pub bytes: Range<usize>,
}

/// A field of the data.
pub(super) enum Field<'n> {
    /// A number, or another word that stands as it is.
    Word(&'n Scalar),
    /// A name; internationalized names become A-labels.
    Name(&'n Scalar),
    /// A text: as many character-strings of at most 255 octets as it needs.
    Text(&'n Written, Range<usize>),
    /// What the format means when it says nothing.
    Default(&'static str),
    /// The format needs it, and it is not there.
    Missing,
}

impl<'n> Field<'n> {
    /// A word that has to be there.
    pub fn word(scalar: Option<&'n Scalar>) -> Field<'n> {
        scalar.map_or(Field::Missing, Field::Word)
    }

    /// A word that may be left out.
    pub fn word_or(scalar: Option<&'n Scalar>, default: &'static str) -> Field<'n> {
        scalar.map_or(Field::Default(default), Field::Word)
    }

    /// A name that has to be there.
    pub fn name(scalar: Option<&'n Scalar>) -> Field<'n> {
        scalar.map_or(Field::Missing, Field::Name)
    }

    /// A text that has to be there.
    pub fn text(scalar: Option<&'n Scalar>) -> Field<'n> {
        scalar.map_or(Field::Missing, |scalar| Field::Text(&scalar.value, scalar.bytes.clone()))
    }
}

/// Are the data of this type a single name?
pub(super) fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::NS | Kind::CNAME | Kind::PTR | Kind::DNAME | Kind::ALIAS)
}

impl Records {
    /// A zone with this origin; `targets` is how the names that records lead to are read.
    pub fn new(source: &Arc<Source>, origin: &Name, targets: Names) -> Records {
        let (records, problems, untold) = (Vec::new(), Vec::new(), Vec::new());
        let (origin, source) = (origin.clone(), Arc::clone(source));
        let zone = Zone { origin, source, records, problems, more_problems: 0, untold, partial: false };
        Records { zone, targets }
    }

    /// A zone whose records lead to names that are absolute, with or without a final dot.
    pub fn absolute(source: &Arc<Source>, origin: &Name) -> Records {
        Records::new(source, origin, Names::new(Some(Name::root())))
    }

    /// Takes over what is wrong with the text as a whole.
    pub fn faults_of(&mut self, document: &Document) {
        for fault in &document.faults {
            self.problem(fault.clone(), None);
        }
    }

    pub fn problem(&mut self, fault: Fault, record_set: Option<Question>) {
        if self.zone.problems.len() >= MAX_PROBLEMS {
            self.zone.more_problems += 1;
            return;
        }
        let at = Span { source: Arc::clone(&self.zone.source), bytes: fault.at, record_set };
        self.zone.problems.push(Problem { kind: fault.kind, at });
    }

    /// The owner of a name below the origin; `apex` is what stands for the origin itself.
    pub fn relative_owner(&mut self, scalar: &Scalar, apex: &str) -> Option<Name> {
        let labels = scalar.value.text.trim_end_matches('.');
        let name = match labels {
            labels if labels.is_empty() || labels == apex => Ok(self.zone.origin.clone()),
            _ => read_name(&format!("{labels}.{}", self.zone.origin)),
        };
        self.checked(name, scalar)
    }

    /// An owner that is an absolute name, with or without a final dot.
    pub fn absolute_owner(&mut self, scalar: &Scalar) -> Option<Name> {
        self.checked(read_name(&scalar.value.text), scalar)
    }

    fn checked(&mut self, name: Result<Name, NameError>, scalar: &Scalar) -> Option<Name> {
        match name {
            Ok(name) if name.is_within(&self.zone.origin) => Some(name),
            Ok(_) => self.unusable(ProblemKind::OutOfZone, scalar),
            Err(error) => self.unusable(ProblemKind::BadName(error), scalar),
        }
    }

    /// The type that a scalar names; nothing for types of the format's own making, which are no records.
    pub fn kind(&mut self, scalar: Option<&Scalar>, own: &[&str], node: &Node) -> Option<Kind> {
        let Some(scalar) = scalar else {
            self.problem(Fault { kind: ProblemKind::NoType, at: node.bytes.clone() }, None);
            return None;
        };
        match scalar.value.text.parse() {
            Ok(kind) => Some(kind),
            Err(()) if own.iter().any(|name| scalar.value.text.starts_with(name)) => None,
            Err(()) => self.unusable(ProblemKind::NoType, scalar),
        }
    }

    fn unusable<T>(&mut self, kind: ProblemKind, scalar: &Scalar) -> Option<T> {
        self.problem(Fault { kind, at: scalar.bytes.clone() }, None);
        None
    }

    /// Says that a record set is there, and nobody knows what it holds.
    pub fn untold(&mut self, owner: &Name, kinds: &[Kind]) {
        self.zone.untold.extend(kinds.iter().map(|kind| Question::new(owner, *kind)));
    }

    /// Keeps a record whose data are these fields.
    pub fn fields(&mut self, head: &Head, fields: &[Field<'_>]) {
        match data_of(fields) {
            Some(data) => self.data(head, &data),
            None => self.fault(head, ProblemKind::MissingField, head.bytes.clone()),
        }
    }

    /// Keeps a record of a type whose data are not read: its fields in the order of a zone line, where it is known.
    pub fn other(&mut self, head: &Head, node: &Node) {
        let keys: &[&str] = match head.kind {
            Kind::SRV => &["priority", "weight", "port", "target"],
            Kind::DS => &["key_tag", "algorithm", "digest_type", "digest"],
            _ => &[],
        };
        let place = |key: &Scalar| keys.iter().position(|known| *known == key.value.text).unwrap_or(keys.len());
        let mut entries: Vec<_> = node.entries().iter().collect();
        entries.sort_by_key(|(key, _)| place(key));
        let words = entries.iter().filter_map(|(_, node)| node.as_scalar()).map(Field::Word);
        self.fields(head, &words.collect::<Vec<_>>());
    }

    /// Keeps a record whose data are written as in a zone line.
    pub fn data(&mut self, head: &Head, data: &Written) {
        let tokens = lexer::tokens(&data.text, 0);
        let (place, behind) = (Place::Parts(data), head.bytes.clone());
        let fields = Fields { text: &data.text, tokens: &tokens, place, behind };
        let record_set = Question::new(&head.owner, head.kind);
        match rdata::read(&fields, &self.zone.source, &record_set, &mut self.targets) {
            Ok(read) => self.push(head, read, &fields),
            Err(fault) => self.fault(head, fault.kind, fault.at),
        }
        if head.kind == Kind::ALIAS {
            self.untold(&head.owner, &[Kind::A, Kind::AAAA]);
        }
    }

    /// Says what is wrong with a record.
    pub fn fault(&mut self, head: &Head, kind: ProblemKind, at: Range<usize>) {
        self.problem(Fault { kind, at }, Some(Question::new(&head.owner, head.kind)));
    }

    fn push(&mut self, head: &Head, data: Data, fields: &Fields<'_>) {
        if let Data::Txt(txt) = &data {
            for (at, _) in txt.strings.iter().enumerate().filter(|(_, octets)| **octets as usize > MAX_STRING) {
                self.fault(head, ProblemKind::LongString, fields.place_of(at));
            }
        }
        let places = (0..fields.tokens.len().min(8)).map(|token| fields.place_of(token).into()).collect();
        let elsewhere = Some(Box::new(Elsewhere { data: fields.text.into(), fields: places }));
        let line = Line::new(&self.zone.source, head.bytes.clone(), head.owner_at.clone(), fields.whole());
        let line = Line { elsewhere, ..line };
        let (owner, kind, ttl) = (head.owner.clone(), head.kind, head.ttl);
        self.zone.records.push(Record { owner, kind, ttl, data, line });
    }
}

/// An absolute name; internationalized names become A-labels.
pub(super) fn read_name(text: &str) -> Result<Name, NameError> {
    if text.is_ascii() { Name::parse(text) } else { Name::from_user(text) }
}

/// A TTL in seconds.
pub(super) fn ttl(scalar: Option<&Scalar>, default: u32) -> u32 {
    scalar.and_then(|scalar| scalar.value.text.parse().ok()).unwrap_or(default)
}

/// The fields as data of a zone line; nothing where one is missing.
fn data_of(fields: &[Field<'_>]) -> Option<Written> {
    let (mut data, mut end) = (Written::default(), None);
    for field in fields {
        if let Some(end) = end {
            data.push_as(" ", end..end);
        }
        let at = match field {
            Field::Word(scalar) => {
                data.push_all(&scalar.value);
                scalar.bytes.end
            }
            Field::Name(scalar) => {
                push_name(&mut data, scalar);
                scalar.bytes.end
            }
            Field::Text(text, bytes) => {
                push_text(&mut data, text, bytes);
                bytes.end
            }
            Field::Default(text) => {
                let at = place_of_first(fields);
                data.push_as(text, at..at);
                at
            }
            Field::Missing => return None,
        };
        end = Some(at);
    }
    Some(data)
}

/// Where to say that a default stands: before the first field that is written.
fn place_of_first(fields: &[Field<'_>]) -> usize {
    let place = |field: &Field<'_>| match field {
        Field::Word(scalar) | Field::Name(scalar) => Some(scalar.bytes.start),
        Field::Text(_, bytes) => Some(bytes.start),
        Field::Default(_) | Field::Missing => None,
    };
    fields.iter().find_map(place).unwrap_or(0)
}

fn push_name(data: &mut Written, scalar: &Scalar) {
    let text = &scalar.value.text;
    match Name::from_user(text) {
        Ok(name) if !text.is_ascii() => data.push_as(&name.absolute(), scalar.bytes.clone()),
        _ => data.push_all(&scalar.value),
    }
}

/// A text as character-strings in quotation marks.
pub(super) fn push_text(data: &mut Written, text: &Written, bytes: &Range<usize>) {
    let inner = text.place(0..text.text.len());
    // The marks of the source, where it has some, are those of the first and last string.
    let (open, close) = (bytes.start.min(inner.start)..inner.start, inner.end..bytes.end.max(inner.end));
    data.push_as("\"", open);
    let mut octets = 0;
    for (at, character) in text.text.char_indices() {
        let part = at..at + character.len_utf8();
        if octets + part.len() > MAX_STRING {
            let here = text.place(at..at);
            data.push_as("\" \"", here);
            octets = 0;
        }
        octets += part.len();
        match character {
            '"' | '\\' => data.push_as(&format!("\\{character}"), text.place(part)),
            '\0'..='\x1f' | '\x7f' => data.push_as(&format!("\\{:03}", u32::from(character)), text.place(part)),
            _ => data.push_part(text, part),
        }
    }
    data.push_as("\"", close);
}
