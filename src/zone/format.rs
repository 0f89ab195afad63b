//! The formats that zones are written in, how they are told apart, and one way to read them all.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::document::{self, Document};
use super::export::{self, Exporter};
use super::folder::Folder;
use super::head::{Class, Head};
use super::lexer::Lexer;
use super::{Zone, cloudflare, dnscontrol, master, octodns, route53, terraform};
use crate::name::Name;
use crate::source::{Position, Source};

/// Of the lines of a text, so many are looked at to see whether they are zone lines.
const MAX_LOOKED_AT: usize = 50;

/// What a zone is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Master files of RFC 1035, as BIND and many others read them.
    Bind,
    /// YAML of octoDNS.
    Octodns,
    /// The JSON of `dnscontrol print-ir`.
    Dnscontrol,
    /// The JSON of `aws route53 list-resource-record-sets`.
    Route53,
    /// The JSON of Cloudflare's API, or what its panel exports.
    Cloudflare,
    /// What `az network dns zone export` writes.
    Azure,
    /// What the panel of GoDaddy exports.
    Godaddy,
    /// The JSON of `terraform show -json`.
    Terraform,
}

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// JSON or YAML of more than 64 MiB.
    TooLarge,
    /// JSON that ends too soon, or is none.
    Syntax(Position),
    /// JSON or YAML, but of none of the formats, or not of the one that was named.
    NotAZone(Option<Format>),
    /// Neither the text nor the file's name tells which zone it is.
    NoOrigin(Format),
}

impl Format {
    /// By content; nothing for a text that is none of these.
    pub fn recognise(text: &str) -> Option<Format> {
        match export::exporter(text) {
            Some(Exporter::Cloudflare) => return Some(Format::Cloudflare),
            Some(Exporter::Azure) => return Some(Format::Azure),
            Some(Exporter::Godaddy) => return Some(Format::Godaddy),
            None => {}
        }
        if is_document(text) {
            return if text.len() > document::MAX_BYTES { None } else { of_document(&document::read(text)) };
        }
        has_zone_lines(text).then_some(Format::Bind)
    }
}

/// Reads all zones of a text. Without a format, it is recognised; a text that is neither JSON nor YAML is taken for a
/// master file.
///
/// `origin` is the zone, where the text does not name it; it goes before the name of the file, which is the last to tell. `$INCLUDE` reads files of
/// `folder` only.
///
/// # Errors
/// When nothing of the text can be used.
pub fn read(
    source: &Arc<Source>,
    format: Option<Format>,
    origin: Option<&Name>,
    folder: Option<&Folder>,
) -> Result<Vec<Zone>, FormatError> {
    let exporter = match format {
        None => export::exporter(&source.text),
        Some(Format::Cloudflare) => Some(Exporter::Cloudflare),
        Some(Format::Azure) => Some(Exporter::Azure),
        Some(Format::Godaddy) => Some(Exporter::Godaddy),
        Some(_) => None,
    };
    let is_text = match format {
        Some(Format::Bind | Format::Azure | Format::Godaddy) => true,
        Some(Format::Octodns | Format::Dnscontrol | Format::Route53 | Format::Terraform) => false,
        Some(Format::Cloudflare) => !document::is_json(&source.text),
        None => exporter.is_some() || !is_document(&source.text),
    };
    if is_text {
        let zone_of = |origin: Option<&Name>| match exporter {
            Some(exporter) => export::read(source, exporter, origin, folder),
            None => master::read(source, origin, folder),
        };
        let zone = zone_of(origin);
        if !zone.origin.is_root() || origin.is_some() {
            return Ok(vec![zone]);
        }
        // `@ IN SOA` has its name from the configuration of the name server, and its file is named after that.
        let origin = origin_of_file(source).ok_or(FormatError::NoOrigin(Format::Bind))?;
        return Ok(vec![zone_of(Some(&origin))]);
    }
    if source.text.len() > document::MAX_BYTES {
        return Err(FormatError::TooLarge);
    }
    let document = document::read(&source.text);
    let found = of_document(&document).filter(|found| format.is_none_or(|format| format == *found));
    let json_fault = document.faults.iter().find(|fault| fault.kind.hides_records());
    if let Some(fault) = json_fault.filter(|_| found.is_none() || document::is_json(&source.text)) {
        return Err(FormatError::Syntax(source.position(fault.at.start)));
    }
    // A zone of octoDNS may be empty, or have no record that is right.
    let is_yaml = format == Some(Format::Octodns) && !document::is_json(&source.text);
    let found = found.or(format.filter(|_| is_yaml)).ok_or(FormatError::NotAZone(format))?;
    zones(source, &document, found, origin)
}

/// The zone that a master file of this name is for, as people name them: `db.contoso.com`, `contoso.com.zone`.
fn origin_of_file(source: &Source) -> Option<Name> {
    let name = Path::new(&source.name).file_name()?.to_str()?;
    let stem = name.strip_prefix("db.");
    let mut endings = [".zone", ".db", ".dns", ".hosts"].into_iter();
    let stem = stem.or_else(|| endings.find_map(|ending| name.strip_suffix(ending))).unwrap_or(name);
    let is_zone = |name: &Name| name.public_suffix().is_some_and(|suffix| suffix.len() < name.as_str().len());
    Name::from_user(stem).ok().filter(|name| is_zone(name) && has_zone_lines(&source.text))
}

fn zones(
    source: &Arc<Source>,
    document: &Document,
    format: Format,
    origin: Option<&Name>,
) -> Result<Vec<Zone>, FormatError> {
    let no_origin = FormatError::NoOrigin(format);
    let root = &*document.root;
    let zones = match format {
        Format::Octodns => {
            let name = origin.cloned().or_else(|| octodns::origin(source)).ok_or(no_origin)?;
            return Ok(vec![octodns::read(source, document, &name)]);
        }
        Format::Route53 => {
            let name = route53::origin(root).or_else(|| origin.cloned()).ok_or(no_origin)?;
            return Ok(vec![route53::read(source, document, &name)]);
        }
        Format::Cloudflare => cloudflare::read(source, document),
        Format::Dnscontrol => dnscontrol::read(source, document),
        Format::Terraform => terraform::read(source, document, origin),
        Format::Bind | Format::Azure | Format::Godaddy => Vec::new(),
    };
    match zones.is_empty() {
        true if format == Format::Terraform => Err(no_origin),
        true => Err(FormatError::NotAZone(Some(format))),
        false => Ok(zones),
    }
}

fn of_document(document: &Document) -> Option<Format> {
    let root = &*document.root;
    if route53::is_of_form(root) {
        Some(Format::Route53)
    } else if dnscontrol::is_of_form(root) {
        Some(Format::Dnscontrol)
    } else if terraform::is_of_form(root) {
        Some(Format::Terraform)
    } else if cloudflare::is_of_form(root) {
        Some(Format::Cloudflare)
    } else {
        octodns::is_of_form(root).then_some(Format::Octodns)
    }
}

/// JSON, or YAML: the first line is `---`, or begins with a key and its colon. No owner of a zone line ends in one.
fn is_document(text: &str) -> bool {
    let is_said = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']);
    let first = text.trim_start_matches('\u{feff}').lines().find(is_said).unwrap_or_default();
    let word = first.split(char::is_whitespace).next().unwrap_or_default();
    let is_key = word.ends_with(':') && !word.starts_with([';', '$']);
    document::is_json(text) || first.starts_with("---") || is_key
}

/// Does a `$` line or a whole record stand among the first lines?
fn has_zone_lines(text: &str) -> bool {
    let (mut lexer, mut tokens) = (Lexer::new(text), Vec::new());
    for _ in 0..MAX_LOOKED_AT {
        let Some(entry) = lexer.next(&mut tokens) else { return false };
        let Some(first) = tokens.first().filter(|_| entry.fault.is_none()) else { continue };
        let word = first.text(text).to_ascii_uppercase();
        if first.is_directive(text) && matches!(word.as_str(), "$ORIGIN" | "$TTL" | "$INCLUDE" | "$GENERATE") {
            return true;
        }
        let head = Head::read(text, &tokens, usize::from(!entry.indented));
        if head.is_ok_and(|head| head.class == Class::In && head.data > usize::from(!entry.indented) + 1) {
            return true;
        }
    }
    false
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Bind => "a BIND master file",
            Format::Octodns => "an octoDNS zone",
            Format::Dnscontrol => "the output of `dnscontrol print-ir`",
            Format::Route53 => "the output of `aws route53 list-resource-record-sets`",
            Format::Cloudflare => "a list of records from Cloudflare's API",
            Format::Azure => "an Azure zone export",
            Format::Godaddy => "a GoDaddy zone export",
            Format::Terraform => "the output of `terraform show -json`",
        })
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::TooLarge => f.write_str("JSON or YAML of more than 64 MiB: split it by zones"),
            FormatError::Syntax(_) => {
                f.write_str("not valid JSON or YAML from here on: was the file cut off? Write it anew, or correct it here")
            }
            FormatError::NotAZone(None) => f.write_str(
                "JSON or YAML, but no zone of octoDNS, dnscontrol, Route 53, Cloudflare or Terraform: see `mailvet zone --help`",
            ),
            FormatError::NotAZone(Some(format)) => write!(f, "this is not {format}, or there is no record in it"),
            FormatError::NoOrigin(Format::Bind) => {
                f.write_str("no $ORIGIN, and no SOA record with its full name: name the zone with --origin DOMAIN, or the file after it, such as contoso.com.zone")
            }
            FormatError::NoOrigin(Format::Octodns) => {
                f.write_str("octoDNS names its files after their zone, such as contoso.com.yaml: name the zone with --origin DOMAIN")
            }
            FormatError::NoOrigin(_) => f.write_str("it does not tell which zone it is of: name the zone with --origin DOMAIN"),
        }
    }
}

impl std::error::Error for FormatError {}

impl FormatError {
    /// Where in the text, if it is at one place.
    pub fn position(&self) -> Option<Position> {
        match self {
            FormatError::Syntax(position) => Some(*position),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
