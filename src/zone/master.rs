//! BIND master files: RFC 1035 section 5, `$TTL` of RFC 2308, RFC 3597's unknown types, BIND's `$GENERATE`.
//!
//! Every text can be read: a line that cannot is a [`Problem`] with a place, and reading goes on behind it.
//! `lexer.rs` cuts the text into lines, `directive.rs` carries out `$` lines, `head.rs` reads TTL, class and type,
//! `rdata.rs` the data; here owners, TTLs and problems are kept.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::directive::Used;
use super::folder::Folder;
use super::head::{Class, Head};
use super::lexer::{self, Entry, Fault, Lexer, Token};
use super::rdata::{self, Fields, Names, Place};
use super::{Data, Line, MAX_PROBLEMS, Problem, ProblemKind, Record, Zone};
use crate::name::{Kind, Name, Question};
use crate::source::{Source, SourceKind, Span};

/// The TTL where a text names none at all, as pieces out of a provider's panel do.
const DEFAULT_TTL: u32 = 3600;

/// RFC 1035 section 3.3: a character-string is "a single length octet followed by that number of characters".
const MAX_STRING: u32 = 255;

/// Reads a text of zone lines.
///
/// `origin` is what relative names end in until there is an `$ORIGIN`; without it, until there is an SOA record with
/// an absolute owner. `$INCLUDE` reads files of `folder` only, and none without it.
pub fn read(source: &Arc<Source>, origin: Option<&Name>, folder: Option<&Folder>) -> Zone {
    read_names(source, origin, &Names::new(origin.cloned()), folder)
}

/// The same, where the names that records lead to are read in another way than owners.
pub(super) fn read_names(
    source: &Arc<Source>,
    origin: Option<&Name>,
    targets: &Names,
    folder: Option<&Folder>,
) -> Zone {
    let mut reader = Reader::new(folder);
    let mut text = Text::new(source, Names::new(origin.cloned()), Owner::Missing);
    text.targets = targets.clone();
    reader.read(&mut text);
    let origin = reader.apex.as_ref().or(origin).or(reader.first_origin.as_ref());
    let origin = origin.cloned().unwrap_or_else(Name::root);
    let (source, (records, problems, more_problems)) = (Arc::clone(source), reader.finish());
    Zone { origin, source, records, problems, more_problems, untold: Vec::new(), partial: false }
}

/// The byte ranges of the tokens of a data range: quotation marks included, parentheses and comments left out.
pub fn fields(text: &str, data: &Range<usize>) -> Vec<Range<usize>> {
    let (start, end) = (text.floor_char_boundary(data.start), text.ceil_char_boundary(data.end));
    let tokens = lexer::tokens(&text[..end.max(start)], start);
    tokens.into_iter().map(|token| token.bytes).collect()
}

/// What is known while a zone is read.
pub(super) struct Reader<'f> {
    pub folder: Option<&'f Folder>,
    /// The owner of the first SOA record.
    apex: Option<Name>,
    pub first_origin: Option<Name>,
    /// The last `$TTL`, of included files, too.
    pub default_ttl: Option<u32>,
    last_ttl: Option<u32>,
    /// The files that are being read, from the zone file inwards.
    pub open: Vec<PathBuf>,
    pub used: Used,
    /// The line before had an open quotation mark or parenthesis: what follows may be a part of it.
    pub torn: bool,
    records: Vec<Record>,
    /// Each with the number of records before it, so that problems found later can be put between them.
    problems: Vec<(usize, Problem)>,
    more_problems: usize,
}

/// A text that is being read: the zone file or one that it includes.
pub(super) struct Text {
    pub source: Arc<Source>,
    pub owners: Names,
    pub targets: Names,
    pub owner: Owner,
}

/// The owner of the line before.
#[derive(Clone)]
pub(super) enum Owner {
    Missing,
    Known(Name),
    /// It could not be read, which was said there.
    Unreadable,
}

impl Text {
    pub fn new(source: &Arc<Source>, names: Names, owner: Owner) -> Text {
        Text { source: Arc::clone(source), owners: names.clone(), targets: names, owner }
    }
}

impl<'f> Reader<'f> {
    fn new(folder: Option<&'f Folder>) -> Reader<'f> {
        Reader {
            folder,
            apex: None,
            first_origin: None,
            default_ttl: None,
            last_ttl: None,
            open: folder.map(|folder| folder.file().to_path_buf()).into_iter().collect(),
            used: Used::default(),
            torn: false,
            records: Vec::new(),
            problems: Vec::new(),
            more_problems: 0,
        }
    }

    pub fn read(&mut self, text: &mut Text) {
        let source = Arc::clone(&text.source);
        let mut lexer = Lexer::new(&source.text);
        let mut tokens = Vec::new();
        while let Some(entry) = lexer.next(&mut tokens) {
            let result = match tokens.first() {
                _ if entry.fault.is_some() => self.torn_line(text, &tokens, entry),
                Some(first) if !entry.indented && first.is_directive(&source.text) => self.directive(text, &tokens),
                Some(_) => self.record(text, &tokens, entry.indented),
                None => Ok(()),
            };
            if let Err(fault) = result {
                self.report(text, fault, None);
            }
        }
    }

    /// A line whose quotation marks or parentheses are wrong: only its owner and type are read.
    fn torn_line(&mut self, text: &mut Text, tokens: &[Token], entry: Entry) -> Result<(), Fault> {
        let owner = self.owner(text, tokens, entry.indented).ok().flatten();
        let head = Head::read(&text.source.text, tokens, usize::from(!entry.indented)).ok();
        let record_set = owner.zip(head).map(|(name, head)| Question { name, kind: head.kind });
        if let Some(fault) = entry.fault {
            self.report(text, fault, record_set);
        }
        self.torn = true;
        Ok(())
    }

    fn record(&mut self, text: &mut Text, tokens: &[Token], indented: bool) -> Result<(), Fault> {
        let Some(owner) = self.owner(text, tokens, indented)? else { return Ok(()) };
        let head = Head::read(&text.source.text, tokens, usize::from(!indented))?;
        let record_set = Question { name: owner, kind: head.kind };
        let result = match head.class {
            Class::In => self.internet_record(text, tokens, indented, &head, &record_set),
            Class::Other => Ok(()),
            Class::Unknown(at) => Err(Fault { kind: ProblemKind::BadClass, at: tokens[at].bytes.clone() }),
        };
        match result {
            Ok(()) => self.torn = false,
            Err(fault) => self.report(text, fault, Some(record_set)),
        }
        Ok(())
    }

    fn internet_record(
        &mut self,
        text: &mut Text,
        tokens: &[Token],
        indented: bool,
        head: &Head,
        record_set: &Question,
    ) -> Result<(), Fault> {
        let source = Arc::clone(&text.source);
        let (first, last) = (tokens[0].bytes.clone(), tokens[tokens.len() - 1].bytes.clone());
        let data = tokens.get(head.data).map_or(last.end, |token| token.bytes.start)..last.end;
        let owner = if indented { first.start..first.start } else { first.clone() };
        let line = Line::new(&source, first.start..last.end, owner, data);
        let fields = Fields { text: &source.text, tokens: &tokens[head.data..], place: Place::Here, behind: last };
        self.push(text, record_set.clone(), head.ttl, &fields, line)
    }

    /// The owner of a line; none where the owner before it could not be read.
    fn owner(&mut self, text: &mut Text, tokens: &[Token], indented: bool) -> Result<Option<Name>, Fault> {
        let Some(first) = tokens.first() else { return Ok(None) };
        let fault = |kind| Fault { kind, at: first.bytes.clone() };
        if indented {
            return match &text.owner {
                Owner::Known(name) => Ok(Some(name.clone())),
                Owner::Unreadable => Ok(None),
                Owner::Missing => Err(fault(ProblemKind::NoOwner)),
            };
        }
        let written = first.text(&text.source.text);
        if text.owners.origin().is_none() && rdata::is_absolute(written) && is_soa(text, tokens) {
            let names = Names::new(Name::parse(written).ok());
            text.targets = text.targets.with_origin(names.origin().cloned());
            text.owners = names;
        }
        let owner = text.owners.read(written);
        text.owner = owner.as_ref().map_or(Owner::Unreadable, |name| Owner::Known(name.clone()));
        owner.map(Some).map_err(fault)
    }

    /// Reads the data and keeps the record.
    pub fn push(
        &mut self,
        text: &mut Text,
        record_set: Question,
        ttl: Option<u32>,
        fields: &Fields<'_>,
        line: Line,
    ) -> Result<(), Fault> {
        let data = rdata::read(fields, &text.source, &record_set, &mut text.targets)?;
        if let Data::Txt(txt) = &data {
            for (at, _) in txt.strings.iter().enumerate().filter(|(_, octets)| **octets > MAX_STRING) {
                let fault = Fault { kind: ProblemKind::LongString, at: fields.place_of(at) };
                self.report(text, fault, Some(record_set.clone()));
            }
        }
        let ttl = self.ttl(ttl, &data);
        let Question { name: owner, kind } = record_set;
        // An answer may hold the SOA record of another zone, behind an alias.
        if kind == Kind::SOA && text.source.kind == SourceKind::File {
            self.apex.get_or_insert_with(|| owner.clone());
        }
        self.records.push(Record { owner, kind, ttl, data, line });
        Ok(())
    }

    /// RFC 2308 section 4: "All resource records appearing after the directive, and which do not explicitly include a
    /// TTL value, have their TTL set to the TTL given in the $TTL directive." Without one, RFC 1035 section 5.1:
    /// "Omitted class and TTL values are default to the last explicitly stated values." As in BIND, the minimum of
    /// an SOA record without a TTL takes the place of `$TTL`.
    fn ttl(&mut self, stated: Option<u32>, data: &Data) -> u32 {
        let known = stated.or(self.default_ttl).or(self.last_ttl);
        let ttl = match data {
            Data::Soa(soa) if known.is_none() => {
                self.default_ttl = Some(soa.minimum);
                self.default_ttl
            }
            _ => known,
        };
        self.last_ttl = ttl;
        ttl.unwrap_or(DEFAULT_TTL)
    }

    fn report(&mut self, text: &Text, fault: Fault, record_set: Option<Question>) {
        // A line without owner and type behind a torn one is a part of that one, not a second mistake.
        let debris = self.torn && record_set.is_none();
        if debris {
            return;
        }
        self.torn = false;
        if self.problems.len() >= MAX_PROBLEMS {
            self.more_problems += 1;
            return;
        }
        let at = Span { source: Arc::clone(&text.source), bytes: fault.at, record_set };
        self.problems.push((self.records.len(), Problem { kind: fault.kind, at }));
    }

    /// Takes out the records that do not belong to the zone, if an SOA record says which zone it is.
    fn finish(mut self) -> (Vec<Record>, Vec<Problem>, usize) {
        if let Some(apex) = &self.apex {
            let (mut number, problems, more) = (0, &mut self.problems, &mut self.more_problems);
            self.records.retain(|record| {
                let inside = record.owner.is_within(apex);
                if !inside && problems.len() >= MAX_PROBLEMS {
                    *more += 1;
                } else if !inside {
                    problems.push((number, Problem { kind: ProblemKind::OutOfZone, at: record.owner_span() }));
                }
                number += 1;
                inside
            });
            self.problems.sort_by_key(|(number, _)| *number);
        }
        (self.records, self.problems.into_iter().map(|(_, problem)| problem).collect(), self.more_problems)
    }
}

fn is_soa(text: &Text, tokens: &[Token]) -> bool {
    Head::read(&text.source.text, tokens, 1).is_ok_and(|head| head.kind == Kind::SOA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::NameError;

    fn zone(text: &str) -> Zone {
        read(&Source::new("a.zone", text, SourceKind::File), None, None)
    }

    fn within(origin: &str, text: &str) -> Zone {
        let origin = Name::parse(origin).expect("a name");
        read(&Source::new("a.zone", text, SourceKind::File), Some(&origin), None)
    }

    /// Owners and TTLs.
    fn records(zone: &Zone) -> Vec<(&str, u32)> {
        zone.records.iter().map(|record| (record.owner.as_str(), record.ttl)).collect()
    }

    fn problems(zone: &Zone) -> Vec<(ProblemKind, &str)> {
        zone.problems.iter().map(|problem| (problem.kind.clone(), problem.at.text())).collect()
    }

    #[test]
    fn places_of_a_record() {
        let zone = within("example.com", "\nwww 60 IN MX ( 10 ; first\n mail )\n  A 192.0.2.1\n");
        let [mx, a] = zone.records.as_slice() else { panic!("{zone:?}") };
        assert_eq!(
            (mx.span().text(), mx.data_span().text()),
            ("www 60 IN MX ( 10 ; first\n mail", "10 ; first\n mail")
        );
        assert_eq!((mx.owner_span().text(), mx.field_span(1).text()), ("www", "mail"));
        assert_eq!(mx.field_span(2).text(), mx.data_span().text());
        assert_eq!((a.owner.as_str(), a.line.owner(), a.span().text()), ("www.example.com", 37..37, "A 192.0.2.1"));
        assert_eq!(a.span().record_set, Some(Question::new(&a.owner, Kind::A)));
    }

    #[test]
    fn ttl_and_class_in_both_orders() {
        let text = "a. 1 IN A 192.0.2.1\na. IN 1m A 192.0.2.1\na. 1H30M A 192.0.2.1\na. class1 2w type1 192.0.2.1\n\
                    a. 4294967295 a 192.0.2.1";
        assert_eq!(records(&zone(text)).iter().map(|(_, ttl)| *ttl).collect::<Vec<_>>(), [1, 60, 5400, 1_209_600, 0]);
    }

    #[test]
    fn ttl_that_is_left_out() {
        let ttls = |text| records(&zone(text)).iter().map(|(_, ttl)| *ttl).collect::<Vec<_>>();
        assert_eq!(ttls("a. NS b.\n"), [3600]);
        assert_eq!(ttls("a. 5 NS b.\na. NS c.\n$TTL 7\na. NS d.\na. 9 NS e.\na. NS f."), [5, 5, 7, 9, 7]);
        assert_eq!(ttls("a. SOA b. c. 1 2 3 4 77\na. 5 NS b.\na. NS c.\n"), [77, 5, 77]);
        assert_eq!(ttls("a. 5 SOA b. c. 1 2 3 4 77\na. NS c.\n"), [5, 5]);
    }

    #[test]
    fn origins() {
        let text = "a NS b\n$ORIGIN x.test.\n@ NS @\n$ORIGIN sub\na NS .\n\\@ NS c.\n";
        let zone = within("example.com", text);
        let names: Vec<_> =
            zone.records.iter().map(|record| (record.owner.as_str(), record.target().map(Name::as_str))).collect();
        let expected =
            [("a.example.com", "b.example.com"), ("x.test", "x.test"), ("a.sub.x.test", "."), ("@.sub.x.test", "c")];
        assert_eq!(names, expected.map(|(owner, target)| (owner, Some(target))));
        assert_eq!(zone.origin.as_str(), "example.com");
    }

    #[test]
    fn the_apex_is_the_owner_of_the_soa_record() {
        assert_eq!(within("test", "example.test. SOA a. b. 1 2 3 4 5").origin.as_str(), "example.test");
        assert_eq!(zone("$ORIGIN .\nexample.com. NS a.").origin.as_str(), ".");
        assert_eq!(zone("$ORIGIN example.com.\n$ORIGIN a\n@ NS a.").origin.as_str(), "example.com");
    }

    #[test]
    fn without_an_origin_relative_names_have_no_meaning() {
        let zone = zone("a NS b.\n NS c.\nx. NS b\nexample.com. SOA ns1 h 1 2 3 4 5\n@ NS ns1\n");
        assert_eq!(problems(&zone)[..2], [(ProblemKind::NoOrigin, "a"), (ProblemKind::NoOrigin, "b")]);
        assert_eq!(records(&zone).len(), 2);
        assert_eq!(zone.records[1].target().map(Name::as_str), Some("ns1.example.com"));
    }

    #[test]
    fn records_out_of_the_zone_are_left_out() {
        let zone = zone("before. NS a.\nexample.com. SOA a. b. 1 2 3 4 5\na.example.com. NS a.\nb.test. NS a.\n x\n");
        assert_eq!(records(&zone).len(), 2);
        let expected =
            [(ProblemKind::OutOfZone, "before."), (ProblemKind::OutOfZone, "b.test."), (ProblemKind::NoType, "x")];
        assert_eq!(problems(&zone), expected);
    }

    #[test]
    fn each_fault_has_its_place() {
        let long = format!("\"{}\"", "a".repeat(256));
        for (line, kind, at) in [
            ("a A 192.0.2", ProblemKind::BadData(Kind::A), "192.0.2"),
            ("a A", ProblemKind::BadData(Kind::A), "A"),
            ("a A 192.0.2.1 x", ProblemKind::BadData(Kind::A), "x"),
            ("a AAAA ::g", ProblemKind::BadData(Kind::AAAA), "::g"),
            ("a MX mail", ProblemKind::BadData(Kind::MX), "mail"),
            ("a MX 65536 mail", ProblemKind::BadData(Kind::MX), "65536"),
            ("a MX +1 mail", ProblemKind::BadData(Kind::MX), "+1"),
            ("a MX 10 ; mail", ProblemKind::BadData(Kind::MX), "10"),
            ("a SOA b c 1 2 3 4 x", ProblemKind::BadData(Kind::SOA), "x"),
            ("a TLSA 3 1 1", ProblemKind::BadData(Kind::TLSA), "1"),
            ("a TLSA 3 1 256 ab", ProblemKind::BadData(Kind::TLSA), "256"),
            ("a TLSA 3 1 1 ab cg", ProblemKind::BadData(Kind::TLSA), "cg"),
            ("a TLSA 3 1 1 ab c", ProblemKind::BadData(Kind::TLSA), "ab c"),
            ("a TLSA \\# 3 030101", ProblemKind::BadData(Kind::TLSA), "\\# 3 030101"),
            ("a CAA 0 issue", ProblemKind::BadData(Kind::CAA), "issue"),
            ("a CAA 256 issue b", ProblemKind::BadData(Kind::CAA), "256"),
            ("a CAA 0 is-sue b", ProblemKind::BadData(Kind::CAA), "is-sue"),
            ("a CAA 0 issue b c", ProblemKind::BadData(Kind::CAA), "c"),
            ("a CAA \\# 3 000561", ProblemKind::BadData(Kind::CAA), "\\# 3 000561"),
            ("a TXT", ProblemKind::BadData(Kind::TXT), "TXT"),
            ("a TXT \"b\\999c\"", ProblemKind::BadEscape, "\\999"),
            ("a TXT b\\1", ProblemKind::BadEscape, "\\1"),
            ("a TXT b\\", ProblemKind::BadEscape, "\\"),
            ("a TXT \\# 2 0363", ProblemKind::BadData(Kind::TXT), "\\# 2 0363"),
            ("a TXT \\# 2 01626", ProblemKind::BadData(Kind::TXT), "\\# 2 01626"),
            ("a NS b..c", ProblemKind::BadName(NameError::EmptyLabel), "b..c"),
            ("a NS b\\", ProblemKind::BadName(NameError::BadEscape), "b\\"),
            ("a..b NS c", ProblemKind::BadName(NameError::EmptyLabel), "a..b"),
            ("a TEXT \"b\"", ProblemKind::NoType, "TEXT"),
            ("a 5 6 TXT \"b\"", ProblemKind::NoType, "6"),
            ("a 4294967296 TXT b", ProblemKind::NoType, "4294967296"),
            ("a", ProblemKind::NoType, "a"),
            (" TXT b", ProblemKind::NoOwner, "TXT"),
            ("a CLASS10 TXT b", ProblemKind::BadClass, "CLASS10"),
            ("a TXT ( b", ProblemKind::UnclosedParenthesis, "("),
            ("a TXT b )", ProblemKind::StrayParenthesis, ")"),
            ("a TXT \"b", ProblemKind::UnclosedQuote, "\"b"),
            ("$TTL", ProblemKind::BadDirective, "$TTL"),
            ("$TTL x", ProblemKind::BadDirective, "x"),
            ("$ORIGIN a b", ProblemKind::BadDirective, "b"),
            ("$DATE x", ProblemKind::BadDirective, "$DATE"),
            ("$INCLUDE x", ProblemKind::IncludeOutside, "x"),
            ("$GENERATE 1-2 a$ A", ProblemKind::BadDirective, "$GENERATE"),
            ("$GENERATE 1-2 a${ A 192.0.2.1", ProblemKind::BadDirective, "a${"),
            ("$GENERATE 1-2 a$ A b$", ProblemKind::BadData(Kind::A), "b$"),
            ("$GENERATE 0-65536 a$ A 192.0.2.1", ProblemKind::GenerateTooMany, "0-65536"),
        ] {
            let zone = within("example.com", line);
            assert_eq!(problems(&zone), [(kind, at)], "{line}");
            assert!(zone.records.is_empty());
        }
        let zone = within("example.com", &format!("a TXT b {long} c"));
        assert_eq!(problems(&zone), [(ProblemKind::LongString, long.as_str())]);
        assert_eq!(zone.records[0].txt().map(|txt| txt.octets()), Some(258));
    }

    #[test]
    fn no_false_alarm() {
        for line in [
            "a CH TXT b",
            "a HS TXT b",
            "a SPF \"v=spf1\"",
            "a TYPE65280 \\# 0",
            "a TYPE65280 whatever",
            "a CAA 0 issue \"\"",
            "a CNAME \"b\"",
            "( a A 192.0.2.1 )",
            "a TXT \"\"",
            "a MX 010 b",
            "a MX 0 .",
            "a A \\# 4 C0000201",
            "a\\032b A 192.0.2.1",
            "*.a A 192.0.2.1",
            "b\u{fc}cher TXT \u{fc}",
            "a TXT \\# b",
            "$TTL 1d;x",
            "",
            "; x",
            "\t",
            "a TXT b;c",
        ] {
            assert_eq!(problems(&within("example.com", line)), [], "{line}");
        }
    }

    #[test]
    fn reading_goes_on_behind_a_broken_line() {
        let text = "a TXT \"b\nc\"\n  d\n5 TXT \"e\"\nf TXT ( \"g\"\nh TXT \"i\"\n";
        let zone = within("example.com", text);
        // `c"` and `d` belong to the broken line before them.
        assert_eq!(problems(&zone), [(ProblemKind::UnclosedQuote, "\"b"), (ProblemKind::UnclosedParenthesis, "(")]);
        let broken: Vec<_> =
            zone.problems.iter().flat_map(|problem| &problem.at.record_set).map(Question::to_string).collect();
        assert_eq!(broken, ["a.example.com TXT", "f.example.com TXT"]);
        assert_eq!(records(&zone), [("5.example.com", 3600), ("h.example.com", 3600)]);
    }

    #[test]
    fn lines_behind_an_unreadable_owner_have_no_owner() {
        let zone = within("example.com", "a NS b\nc..d NS e\n NS f\n");
        assert_eq!((records(&zone).len(), problems(&zone).len()), (1, 1));
    }

    #[test]
    fn generated_records_point_at_their_line() {
        let zone = within("example.com", "x NS y\n$GENERATE 1-3/2 a$ 5 TXT \"b c$\" ; d\n MX 0 .\n");
        assert_eq!(records(&zone)[1..], [("a1.example.com", 5), ("a3.example.com", 5), ("x.example.com", 5)]);
        let record = &zone.records[2];
        assert_eq!(record.txt().map(|txt| txt.character_strings()), Some(vec![b"b".to_vec(), b"c3".to_vec()]));
        assert_eq!(record.data_span().text(), "\"b c$\"");
        assert_eq!(record.txt().map(|txt| txt.spans(1..2)[0].text().to_owned()).as_deref(), Some("\"b c$\""));
    }

    #[test]
    fn generated_records_are_bounded() {
        let zone = within("example.com", &"$GENERATE 0-65535 a$ NS b\n".repeat(20));
        assert_eq!(zone.records.len(), 15 * 65_536);
        assert_eq!(problems(&zone), vec![(ProblemKind::GenerateTooMany, "0-65535"); 5]);
    }

    #[test]
    fn every_type_has_a_generic_form() {
        let text = "a A \\# 4 C0000201\na NS \\# 3 016100\na MX \\# 5 000A 0162 00\na AAAA \\# 16 20010db8000000000000000000000001\n\
                    a SOA \\# 24 016100 00 00000001 00000002 00000003 00000004 00000E10\n";
        let zone = within("example.com", text);
        let lines: Vec<String> = zone.records.iter().map(Record::to_line).collect();
        let expected = ["A 192.0.2.1", "NS a.", "MX 10 b.", "AAAA 2001:db8::1", "SOA a. . 1 2 3 4 3600"];
        // The SOA record is what puts the zone at `a.example.com`.
        assert_eq!(lines, expected.map(|data| format!("a.example.com. 3600 IN {data}")));
        assert_eq!(problems(&zone), []);
    }

    #[test]
    fn fields_of_any_range() {
        let text = "10 ( \"a b\" ; c\n d\u{e9} \"e\nf";
        let words: Vec<&str> = fields(text, &(0..99)).into_iter().map(|field| &text[field]).collect();
        assert_eq!(words, ["10", "\"a b\"", "d\u{e9}", "\"e", "f"]);
        assert!(fields(text, &(98..99)).is_empty());
    }
}
