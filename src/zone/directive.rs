//! `$ORIGIN`, `$TTL`, `$INCLUDE` and `$GENERATE`.

use std::ops::Range;
use std::sync::Arc;

use super::folder::{FolderError, MAX_FILE_BYTES};
use super::generate::{self, Numbers};
use super::head::{Class, Head};
use super::lexer::{self, Fault, Token};
use super::master::{Reader, Text};
use super::rdata::{self, Fields, Names, Place};
use super::{Line, ProblemKind};
use crate::name::Question;

/// `$INCLUDE` in `$INCLUDE` goes no deeper than this.
const MAX_INCLUDE_DEPTH: usize = 10;

/// All included files together have no more bytes than this; each line that asks for one counts as a block more.
const MAX_INCLUDED_BYTES: u64 = MAX_FILE_BYTES;
const BLOCK: u64 = 4096;

/// One `$GENERATE` line makes no more records than this.
const MAX_GENERATED_BY_LINE: usize = 65_536;

/// All `$GENERATE` lines together make no more records than this.
const MAX_GENERATED: usize = 1_000_000;

/// All `$GENERATE` lines together write no more text than this, in bytes.
const MAX_GENERATED_BYTES: usize = 256 * 1024 * 1024;

/// How much of the bounds is used up.
#[derive(Default)]
pub(super) struct Used {
    included_bytes: u64,
    generated: usize,
    generated_bytes: usize,
}

impl Reader<'_> {
    pub(super) fn directive(&mut self, text: &mut Text, tokens: &[Token]) -> Result<(), Fault> {
        self.torn = false;
        let word = tokens[0].text(&text.source.text).to_ascii_uppercase();
        let longest = match word.as_str() {
            "$ORIGIN" | "$TTL" => 2,
            "$INCLUDE" => 3,
            "$GENERATE" => return self.generate(text, tokens),
            _ => return Err(bad(&tokens[0])),
        };
        let argument = tokens.get(1).ok_or_else(|| bad(&tokens[0]))?;
        match word.as_str() {
            "$ORIGIN" => self.set_origin(text, argument)?,
            "$TTL" => self.set_ttl(text, argument)?,
            _ => self.include(text, argument, tokens.get(2))?,
        }
        tokens.get(longest).map_or(Ok(()), |extra| Err(bad(extra)))
    }

    fn set_origin(&mut self, text: &mut Text, argument: &Token) -> Result<(), Fault> {
        let written = argument.text(&text.source.text);
        let read = text.targets.read(written);
        // Without this origin, relative names behind are not known: better none than wrong ones.
        text.owners = Names::new(read.as_ref().ok().cloned());
        text.targets = text.targets.with_origin(text.owners.origin().cloned());
        let origin = read.map_err(|kind| Fault { kind, at: argument.bytes.clone() })?;
        self.first_origin.get_or_insert(origin);
        Ok(())
    }

    fn set_ttl(&mut self, text: &Text, argument: &Token) -> Result<(), Fault> {
        let ttl = rdata::ttl(argument.text(&text.source.text)).ok_or_else(|| bad(argument))?;
        self.default_ttl = Some(ttl);
        Ok(())
    }

    /// RFC 1035 section 5.1: "$INCLUDE inserts the named file into the current file, and may optionally specify a
    /// domain name that sets the relative domain name origin for the included file ... a $INCLUDE entry never changes
    /// the relative origin of the parent file".
    fn include(&mut self, text: &mut Text, file: &Token, origin: Option<&Token>) -> Result<(), Fault> {
        let fault = |kind| Fault { kind, at: file.bytes.clone() };
        let folder = self.folder.ok_or_else(|| fault(ProblemKind::IncludeOutside))?;
        let names = match origin {
            None => Names::new(text.owners.origin().cloned()),
            Some(origin) => {
                let name = text.owners.read(origin.text(&text.source.text));
                Names::new(Some(name.map_err(|kind| Fault { kind, at: origin.bytes.clone() })?))
            }
        };
        if self.open.len() > MAX_INCLUDE_DEPTH {
            return Err(fault(ProblemKind::IncludeDepth));
        }
        if self.used.included_bytes > MAX_INCLUDED_BYTES {
            return Err(fault(ProblemKind::IncludeFailed));
        }
        self.used.included_bytes += BLOCK;
        let included = folder.read(file.text(&text.source.text), &self.open).map_err(|error| match error {
            FolderError::Outside => fault(ProblemKind::IncludeOutside),
            FolderError::Unreadable => fault(ProblemKind::IncludeFailed),
            FolderError::Circle => fault(ProblemKind::IncludeDepth),
        })?;
        self.used.included_bytes += included.source.text.len() as u64;
        self.open.push(included.path);
        self.read(&mut Text::new(&included.source, names, text.owner.clone()));
        self.open.pop();
        Ok(())
    }

    /// `$GENERATE range owner [ttl] [class] type data`.
    fn generate(&mut self, text: &mut Text, tokens: &[Token]) -> Result<(), Fault> {
        let source = Arc::clone(&text.source);
        let [directive, range, owner, ..] = tokens else { return Err(bad(&tokens[0])) };
        let numbers = Numbers::parse(range.text(&source.text)).ok_or_else(|| bad(range))?;
        let head = Head::read(&source.text, tokens, 3)?;
        match head.class {
            Class::In => {}
            Class::Other => return Ok(()),
            Class::Unknown(at) => return Err(Fault { kind: ProblemKind::BadClass, at: tokens[at].bytes.clone() }),
        }
        let (Some(first), Some(last)) = (tokens.get(head.data), tokens.last()) else { return Err(bad(directive)) };
        let template = Template {
            owner: owner.text(&source.text),
            owner_place: owner.bytes.clone(),
            data: if first == last {
                first.text(&source.text)
            } else {
                &source.text[first.bytes.start..last.bytes.end]
            },
            data_place: first.bytes.start..last.bytes.end,
            bytes: directive.bytes.start..last.bytes.end,
        };
        self.used.generated += numbers.count().min(MAX_GENERATED);
        if numbers.count() > MAX_GENERATED_BY_LINE || self.used.generated > MAX_GENERATED {
            return Err(Fault { kind: ProblemKind::GenerateTooMany, at: range.bytes.clone() });
        }
        numbers.iter().try_for_each(|number| self.generate_one(text, &head, &template, number))
    }

    fn generate_one(&mut self, text: &mut Text, head: &Head, template: &Template, number: u32) -> Result<(), Fault> {
        let fault = |kind, at: &Range<usize>| Fault { kind, at: at.clone() };
        let bad_owner = || fault(ProblemKind::BadDirective, &template.owner_place);
        let bad_data = || fault(ProblemKind::BadDirective, &template.data_place);
        let owner = generate::expand(template.owner, number).ok_or_else(bad_owner)?;
        let data = generate::expand(template.data, number).ok_or_else(bad_data)?;
        self.used.generated_bytes += owner.len() + data.len();
        if self.used.generated_bytes > MAX_GENERATED_BYTES {
            return Err(fault(ProblemKind::GenerateTooMany, &template.data_place));
        }
        let name = text.owners.read(&owner).map_err(|kind| fault(kind, &template.owner_place))?;
        let place = Place::One(template.data_place.clone());
        let fields =
            Fields { text: &data, tokens: &lexer::tokens(&data, 0), place, behind: template.data_place.clone() };
        let (owner, data) = (template.owner_place.clone(), template.data_place.clone());
        let line = Line::new(&text.source, template.bytes.clone(), owner, data);
        self.push(text, Question { name, kind: head.kind }, head.ttl, &fields, line)
    }
}

/// The parts of a `$GENERATE` line.
struct Template<'t> {
    owner: &'t str,
    owner_place: Range<usize>,
    data: &'t str,
    data_place: Range<usize>,
    bytes: Range<usize>,
}

fn bad(token: &Token) -> Fault {
    Fault { kind: ProblemKind::BadDirective, at: token.bytes.clone() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Zone;
    use super::super::folder::{Folder, read_file};
    use super::super::master;

    /// Reads the first of these files (name and text), which may include the others.
    fn read(files: &[(&str, &str)]) -> Zone {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let main = folder.path().join(files[0].0);
        let source = read_file(&main).expect("a file");
        master::read(&source, None, Some(&Folder::of(&main).expect("a folder")))
    }

    fn problems(zone: &Zone) -> Vec<String> {
        zone.problems.iter().map(|problem| format!("{:?} {}", problem.kind, problem.at.text())).collect()
    }

    #[test]
    fn an_included_file_has_its_own_origin() {
        let zone = read(&[
            ("main", "$ORIGIN a.test.\n@ 5 NS .\n$INCLUDE sub/b sub ; x\n NS x\nz NS y\n$INCLUDE \"sub/b\"\n"),
            ("sub/b", " NS inherited\nx NS y\n$TTL 7\n$INCLUDE c\n$ORIGIN other.test.\n"),
            ("sub/c", "@ NS .\n"),
        ]);
        assert_eq!(problems(&zone), [""; 0]);
        let lines: Vec<String> = zone.records.iter().map(|record| record.to_line().replace(" IN NS", "")).collect();
        let expected = [
            "a.test. 5 .",
            "a.test. 5 inherited.sub.a.test.",
            "x.sub.a.test. 5 y.sub.a.test.",
            "sub.a.test. 7 .",
            "a.test. 7 x.a.test.",
            "z.a.test. 7 y.a.test.",
            "z.a.test. 7 inherited.a.test.",
            "x.a.test. 7 y.a.test.",
            "a.test. 7 .",
        ];
        assert_eq!(lines, expected);
        let place = zone.records[2].span();
        assert!(place.source.name.ends_with("sub/b"), "{}", place.source.name);
        assert_eq!((place.position().line, place.text()), (2, "x NS y"));
    }

    #[test]
    fn includes_are_bounded() {
        let zone = read(&[("main", "$INCLUDE b\n$INCLUDE ../b\n$INCLUDE c\n"), ("b", "$INCLUDE main\n")]);
        assert_eq!(problems(&zone), ["IncludeDepth main", "IncludeOutside ../b", "IncludeFailed c"]);

        let next: Vec<(String, String)> =
            (0..12).map(|number| (number.to_string(), format!("$INCLUDE {}\na. NS b.\n", number + 1))).collect();
        let files: Vec<(&str, &str)> = next.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let zone = read(&files);
        assert_eq!((problems(&zone), zone.records.len()), (vec!["IncludeDepth 11".to_owned()], 11));
    }
}
