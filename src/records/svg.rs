//! The image of a brand as BIMI wants it: SVG Tiny Portable/Secure (draft-svg-tiny-ps-abrotman).
//!
//! Only what is certain is told: what the profile demands of the root, and what it forbids by name. Whether the image
//! can be drawn is not looked at.

use std::ops::Range;
use std::sync::Arc;

use roxmltree::{Attribute, Document, Error, Node, ParsingOptions};

use crate::source::Source;

/// An image, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Svg {
    /// The text.
    pub source: Arc<Source>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Something that keeps receivers from showing the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// Where.
    pub at: Range<usize>,
}

/// What can be wrong with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is not well-formed XML.
    NotXml,
    /// It declares entities, which readers that take care refuse.
    Entities,
    /// The root is not the element `svg` of SVG.
    NotSvg,
    /// The root does not say `baseProfile="tiny-ps"`.
    Profile,
    /// The root does not say `version="1.2"`.
    Version,
    /// There is no title.
    Title,
    /// The root has no `viewBox`, or one that is none.
    ViewBox,
    /// The `viewBox` is not square.
    NotSquare,
    /// An element that the profile does not have.
    Element,
    /// An attribute that the profile does not have there: an event handler, or `x` and `y` at the root.
    Attribute,
    /// A reference to something outside of the image.
    Reference,
}

/// More octets than these are not read: four times what the profile advises.
pub const LARGEST: usize = 128 * 1024;

/// draft-svg-tiny-ps-abrotman: the size "SHOULD NOT exceed 32 kilobytes".
pub const ADVISED: usize = 32 * 1024;

/// No image of that size has more nodes than these.
const MOST_NODES: u32 = 50_000;

/// So many problems are kept.
const MOST_PROBLEMS: usize = 50;

/// Elements of SVG that the profile leaves out: scripts, animation, links, media, and what SVG Tiny 1.2 has not.
const FORBIDDEN: [&str; 24] = [
    "script",
    "handler",
    "listener",
    "animate",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "set",
    "discard",
    "mpath",
    "a",
    "image",
    "audio",
    "video",
    "animation",
    "foreignObject",
    "filter",
    "style",
    "clipPath",
    "mask",
    "pattern",
    "symbol",
    "marker",
    "prefetch",
];

const SVG: &str = "http://www.w3.org/2000/svg";

impl Svg {
    /// Reads an image; nothing where it is larger than [`LARGEST`].
    pub fn read(source: &Arc<Source>) -> Option<Svg> {
        (source.text.len() <= LARGEST).then(|| {
            let mut problems = problems(&source.text);
            problems.sort_by_key(|problem| problem.at.start);
            problems.truncate(MOST_PROBLEMS);
            Svg { source: Arc::clone(source), problems }
        })
    }
}

fn problems(text: &str) -> Vec<Problem> {
    let doctype = doctype(text);
    // A document type without declarations of its own is harmless: nothing is fetched for it. With entities a small file
    // may grow without end.
    if let Some(at) = doctype.clone().filter(|at| text[at.clone()].contains('[')) {
        return vec![Problem { kind: ProblemKind::Entities, at }];
    }
    let options = ParsingOptions { allow_dtd: doctype.is_some(), nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    match Document::parse_with_options(text, options) {
        Ok(document) => of_root(document.root_element()),
        Err(error) => vec![Problem { kind: ProblemKind::NotXml, at: place(text, &error) }],
    }
}

/// The document type declaration, up to its first `[` or `>`.
fn doctype(text: &str) -> Option<Range<usize>> {
    let start = text.find("<!DOCTYPE")?;
    let length = text[start..].find(['[', '>']).map_or(text.len() - start, |length| length + 1);
    Some(start..start + length)
}

/// The character where reading ended.
fn place(text: &str, error: &Error) -> Range<usize> {
    let position = error.pos();
    let row = usize::try_from(position.row).unwrap_or(1).saturating_sub(1);
    let line = text.split_inclusive('\n').take(row).map(str::len).sum::<usize>();
    let column = usize::try_from(position.col).unwrap_or(1).saturating_sub(1);
    let rest = text.get(line..).unwrap_or_default();
    let start = line + rest.char_indices().nth(column).map_or(rest.trim_end().len(), |(at, _)| at);
    start..start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

fn of_root(root: Node<'_, '_>) -> Vec<Problem> {
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return vec![Problem { kind: ProblemKind::NotSvg, at: tag(root) }];
    }
    let mut found = Vec::new();
    let expected = [("baseProfile", "tiny-ps", ProblemKind::Profile), ("version", "1.2", ProblemKind::Version)];
    for (name, value, kind) in expected {
        match root.attribute_node(name) {
            Some(attribute) if attribute.value() == value => {}
            Some(attribute) => found.push(Problem { kind, at: attribute.range() }),
            None => found.push(Problem { kind, at: tag(root) }),
        }
    }
    found.extend(view_box(root));
    let is_title = |node: &Node<'_, '_>| node.has_tag_name((SVG, "title"));
    let title = root.children().filter(is_title).filter_map(|title| title.text()).any(|text| !text.trim().is_empty());
    if !title {
        found.push(Problem { kind: ProblemKind::Title, at: tag(root) });
    }
    let position = root.attributes().filter(|attribute| attribute.namespace().is_none());
    let position = position.filter(|attribute| matches!(attribute.name(), "x" | "y"));
    found.extend(position.map(|attribute| Problem { kind: ProblemKind::Attribute, at: attribute.range() }));
    for node in root.descendants().filter(Node::is_element) {
        of_element(node, node == root, &mut found);
    }
    found
}

fn view_box(root: Node<'_, '_>) -> Option<Problem> {
    let Some(attribute) = root.attribute_node("viewBox") else {
        return Some(Problem { kind: ProblemKind::ViewBox, at: tag(root) });
    };
    let split = |c: char| c == ',' || c.is_ascii_whitespace();
    let numbers: Option<Vec<f64>> =
        attribute.value().split(split).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
    let kind = match numbers.as_deref() {
        Some([_, _, width, height]) if *width > 0.0 && *height > 0.0 => {
            // Programs that export images round: a difference below one in a thousand cannot be seen.
            ((width - height).abs() > width.max(*height) / 1000.0).then_some(ProblemKind::NotSquare)
        }
        _ => Some(ProblemKind::ViewBox),
    };
    kind.map(|kind| Problem { kind, at: attribute.range() })
}

fn of_element(node: Node<'_, '_>, is_root: bool, found: &mut Vec<Problem>) {
    let name = node.tag_name();
    if name.namespace() == Some(SVG) && (FORBIDDEN.contains(&name.name()) || (name.name() == "svg" && !is_root)) {
        found.push(Problem { kind: ProblemKind::Element, at: tag(node) });
        return;
    }
    for attribute in node.attributes() {
        let kind = if is_handler(&attribute) {
            ProblemKind::Attribute
        } else if is_foreign_reference(&attribute) {
            ProblemKind::Reference
        } else {
            continue;
        };
        found.push(Problem { kind, at: attribute.range() });
    }
}

/// `onload`, `onclick` …: SVG has no other attributes that begin so.
fn is_handler(attribute: &Attribute<'_, '_>) -> bool {
    attribute.namespace().is_none() && attribute.name().starts_with("on") && attribute.name().len() > 2
}

/// Does it refer to something else than a part of the image: `#part`, `url(#part)`?
fn is_foreign_reference(attribute: &Attribute<'_, '_>) -> bool {
    let value = attribute.value().trim();
    if attribute.name() == "href" {
        return !value.starts_with('#');
    }
    let inside = |behind: &str| behind.trim_start_matches([' ', '"', '\'']).starts_with('#');
    value.match_indices("url(").any(|(at, found)| !inside(&value[at + found.len()..]))
}

/// The `<` and the name of an element.
fn tag(node: Node<'_, '_>) -> Range<usize> {
    let start = node.range().start;
    let text = &node.document().input_text()[start..];
    let length = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceKind;

    const RIGHT: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
<title>Example</title><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>
<rect width="64" height="64" fill="url(#g)"/><use xlink:href="#g"/></svg>"##;

    fn read(text: &str) -> Vec<(ProblemKind, String)> {
        let svg = Svg::read(&Source::new("test", text, SourceKind::Page)).expect("not too large");
        let told = |problem: &Problem| (problem.kind, svg.source.text[problem.at.clone()].to_owned());
        svg.problems.iter().map(told).collect()
    }

    fn with(from: &str, to: &str) -> Vec<(ProblemKind, String)> {
        assert!(RIGHT.contains(from), "{from}");
        read(&RIGHT.replace(from, to))
    }

    fn one(kind: ProblemKind, at: &str) -> Vec<(ProblemKind, String)> {
        vec![(kind, at.to_owned())]
    }

    #[test]
    fn right_images() {
        assert_eq!(read(RIGHT), []);
        assert_eq!(read(&format!("\u{feff}{RIGHT}")), []);
        assert_eq!(with("0 0 64 64", "-32,-32,64.0,64.01"), []);
        let doctype = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1 Tiny//EN\" \"http://www.w3.org/tiny.dtd\">\n<svg ";
        assert_eq!(with("<svg ", doctype), []);
        let foreign = "<i:script xmlns:i=\"urn:i\"/></svg>";
        assert_eq!(with("</svg>", foreign), [], "an element of somebody else, which nobody draws");
    }

    #[test]
    fn what_the_root_must_say() {
        use ProblemKind::{Attribute, NotSquare, NotSvg, Profile, Title, Version, ViewBox};
        assert_eq!(with("tiny-ps", "tiny"), one(Profile, "baseProfile=\"tiny\""));
        assert_eq!(with("baseProfile=\"tiny-ps\"", ""), one(Profile, "<svg"));
        assert_eq!(with("version=\"1.2\"", "version=\"1.1\""), one(Version, "version=\"1.1\""));
        assert_eq!(with("0 0 64 64", "0 0 64 32"), one(NotSquare, "viewBox=\"0 0 64 32\""));
        assert_eq!(with("0 0 64 64", "0 0 0 0"), one(ViewBox, "viewBox=\"0 0 0 0\""));
        assert_eq!(with("viewBox", "viewbox"), one(ViewBox, "<svg"));
        assert_eq!(with("<title>Example</title>", "<title> </title>"), one(Title, "<svg"));
        assert_eq!(with("viewBox", "x=\"0\" viewBox"), one(Attribute, "x=\"0\""));
        assert_eq!(read("<html><body>Not found</body></html>"), one(NotSvg, "<html"));
        assert_eq!(read("<svg viewBox=\"0 0 1 1\"/>"), one(NotSvg, "<svg"), "without its namespace");
    }

    #[test]
    fn what_is_forbidden() {
        use ProblemKind::{Attribute, Element, Reference};
        for element in ["script", "animate", "image", "style", "a", "svg"] {
            let found = with("</svg>", &format!("<g><{element} href=\"https://b.test/\"/></g></svg>"));
            assert_eq!(found, one(Element, &format!("<{element}")));
        }
        assert_eq!(with("<rect", "<rect onclick=\"x()\""), one(Attribute, "onclick=\"x()\""));
        assert_eq!(with("\"#g\"", "\"https://b.test/#g\""), one(Reference, "xlink:href=\"https://b.test/#g\""));
        assert_eq!(with("url(#g)", "url(https://b.test/#g)"), one(Reference, "fill=\"url(https://b.test/#g)\""));
    }

    #[test]
    fn what_is_no_xml() {
        for text in ["", "\u{fffd}PNG\r\n", "<svg>", "<svg></g>", "<svg>&nbsp;</svg>", "<!doctype html><p>", "{}"] {
            let found = read(text);
            assert!(matches!(found[..], [(ProblemKind::NotXml, _)]), "{text}: {found:?}");
        }
    }

    #[test]
    fn hostile_images() {
        let laughs = "<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><svg>&b;</svg>";
        assert_eq!(read(laughs), one(ProblemKind::Entities, "<!DOCTYPE svg ["));
        let outside = "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><svg>&a;</svg>";
        assert_eq!(read(outside), one(ProblemKind::Entities, "<!DOCTYPE svg ["));
        let deep = "<g>".repeat(LARGEST / 3);
        assert_eq!(read(&deep)[0].0, ProblemKind::NotXml);
        let closed = format!("{}{}", "<g>".repeat(18_000), "</g>".repeat(18_000));
        assert_eq!(read(&closed), one(ProblemKind::NotSvg, "<g"));
        assert_eq!(with("</svg>", &format!("{}</svg>", closed)), []);
        let many = "<a/>".repeat(1000);
        assert_eq!(with("</svg>", &format!("{many}</svg>")).len(), MOST_PROBLEMS);
        let attributes: String = (0..12_000).map(|n| format!(" a{n}=''")).collect();
        assert_eq!(read(&format!("<g{attributes}/>")), one(ProblemKind::NotSvg, "<g"));
        assert!(Svg::read(&Source::new("test", " ".repeat(LARGEST + 1), SourceKind::Page)).is_none());
    }

    #[test]
    fn any_text_is_taken() {
        let parts =
            ["<svg ", "xmlns='http://www.w3.org/2000/svg'", ">", "</svg>", "<", "é", "&#", "'", "<!DOCTYPE", "["];
        for n in 0..parts.len().pow(4) {
            let pick = |digit: u32| parts[n / parts.len().pow(digit) % parts.len()];
            read(&format!("{}{}{}{}", pick(0), pick(1), pick(2), pick(3)));
        }
    }
}
