//! Fields: of the header of a mail, of a report for machines (RFC 3464), of the header that a bounce quotes.

use crate::bounce::Quoted;
use crate::bounce::address;
use crate::bounce::passage::{Joined, Passage};

/// So many fields of a block are read: a hostile mail may have millions. A report has five or six for each recipient.
const MOST: usize = 20_000;

/// So many octets of one field are read.
const LONGEST: usize = 64 * 1024;

/// A field, unfolded (RFC 5322 section 2.2.3).
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// In small letters.
    pub name: String,
    pub value: Joined,
    /// A blank line stands before it.
    pub begins_group: bool,
}

/// Fields in their order, and the passage that they stand in.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub passage: Passage,
    pub fields: Vec<Field>,
    /// There are more than are read.
    pub is_cut: bool,
}

impl Fields {
    /// Reads the fields up to the first blank line.
    pub fn header(passage: &Passage) -> Fields {
        read(passage, true)
    }

    /// Reads all fields, whatever stands between them.
    pub fn all(passage: &Passage) -> Fields {
        read(passage, false)
    }

    /// The first field with this name.
    pub fn get(&self, name: &str) -> Option<&Joined> {
        self.each(name).next()
    }

    /// Every field with this name.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &Joined> {
        self.fields.iter().filter(move |field| field.name == name).map(|field| &field.value)
    }

    /// The words of a field, empty where it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |value| &value.text)
    }

    /// The whole value of the first field with this name.
    pub fn value(&self, name: &str) -> Option<Quoted> {
        self.get(name).filter(|value| !value.text.is_empty()).map(|value| self.quote(value))
    }

    pub fn quote(&self, value: &Joined) -> Quoted {
        value.quoted(&self.passage, 0..value.text.len())
    }

    /// The addresses in the first field with this name.
    pub fn addresses(&self, name: &str) -> Vec<Quoted> {
        let value = self.get(name);
        value.map_or_else(Vec::new, |value| {
            address::find(&value.text).into_iter().map(|range| value.quoted(&self.passage, range)).collect()
        })
    }
}

fn read(passage: &Passage, header_only: bool) -> Fields {
    let mut fields: Vec<Field> = Vec::new();
    let (mut blank, mut open, mut is_cut) = (true, false, false);
    for (at, line) in passage.lines() {
        let quote = quotation(line);
        let line = &line[quote..];
        if line.trim().is_empty() {
            if header_only && !fields.is_empty() {
                break;
            }
            (blank, open) = (true, false);
        } else if line.starts_with([' ', '\t']) && open {
            if let Some(last) = fields.last_mut().filter(|last| last.value.text.len() < LONGEST) {
                last.value.push(at + quote, line);
            }
        } else if let Some((name, value)) = name_and_value(line) {
            if fields.len() == MOST {
                is_cut = true;
                break;
            }
            let mut field = Field { name, value: Joined::default(), begins_group: blank };
            field.value.push(at + quote + line.len() - value.len(), value);
            fields.push(field);
            (blank, open) = (false, true);
        } else {
            open = false;
        }
    }
    Fields { passage: passage.clone(), fields, is_cut }
}

/// How long the marks are by which a mail program quotes another mail: `> `.
pub(super) fn quotation(line: &str) -> usize {
    if line.starts_with("> ") || line == ">" { line.len().min(2) } else { 0 }
}

/// RFC 5322 section 2.2: "A field name MUST be composed of printable US-ASCII characters (i.e., characters that have
/// values between 33 and 126, inclusive), except colon." Blanks before the colon are met, and taken.
pub(super) fn name_and_value(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.len() < 78 && name.bytes().all(|byte| byte.is_ascii_graphic());
    is_name.then(|| (name.to_ascii_lowercase(), value))
}
