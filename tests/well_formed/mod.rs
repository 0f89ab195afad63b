//! Is what a format writes a whole of its kind, with nothing in it that is carried out? Each check panics if not.

#![allow(dead_code, reason = "each test file uses its part")]

use mailvet::lang::Lang;
use mailvet::report::{self, Format, Report, Style};
use roxmltree::{Document, Node};
use serde_json::Value;

/// All formats.
pub const FORMATS: [Format; 9] = [
    Format::Text,
    Format::Json,
    Format::Sarif,
    Format::Junit,
    Format::Github,
    Format::Gitlab,
    Format::Markdown,
    Format::Html,
    Format::Csv,
];

/// Writes the reports in this format, and looks at what was written.
pub fn write(reports: &[Report], format: Format, lang: Lang) -> String {
    let text =
        report::write(reports, Style { format, lang, colour: false, width: 80, fails: None, show_ignored: false });
    // What several bounces tell of one sender is listed once.
    let of_bounces = reports.iter().any(|report| report.bounce.is_some());
    let findings = if of_bounces { None } else { Some(reports.iter().map(|report| report.findings.len()).sum()) };
    let is_end_of_line = |c| c == '\n' || format == Format::Csv && c == '\r';
    let control = text.chars().find(|c| c.is_control() && !is_end_of_line(*c));
    assert_eq!(control, None, "a control character in {format:?}\n{text}");
    match format {
        Format::Text => {}
        Format::Json => assert_eq!(json(&text)["reports"].as_array().map(Vec::len), Some(reports.len())),
        Format::Sarif => {
            let results = json(&text)["runs"][0]["results"].as_array().map(Vec::len).expect("results");
            assert_eq!(results, findings.unwrap_or(results));
        }
        Format::Junit => junit(&text),
        Format::Github => github(&text),
        Format::Gitlab => gitlab(&text),
        Format::Markdown => markdown(&text),
        Format::Html => html(&text),
        Format::Csv => csv(&text, findings.unwrap_or_default()),
    }
    text
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// What the XML schemas in use (that of Jenkins, and those made after Ant's) demand.
pub fn junit(text: &str) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let suites = document.root_element();
    assert!(suites.has_tag_name("testsuites"));
    count(suites, "tests", suites.descendants().filter(|node| node.has_tag_name("testcase")).count());
    for suite in suites.children().filter(Node::is_element) {
        assert!(suite.has_tag_name("testsuite") && suite.attribute("name").is_some_and(|name| !name.is_empty()));
        let ends = |name| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        for (attribute, element) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            count(suite, attribute, ends(element));
        }
        assert!(ends("testcase") > 0, "a suite without tests");
        for case in suite.children().filter(|node| node.has_tag_name("testcase")) {
            assert!(case.attribute("name").is_some_and(|name| !name.is_empty()));
            assert!(case.attribute("classname").is_some() && case.attribute("time").is_some());
            assert!(case.children().filter(Node::is_element).count() <= 1);
        }
    }
}

fn count(node: Node, attribute: &str, count: usize) {
    assert_eq!(node.attribute(attribute), Some(count.to_string().as_str()), "{attribute}");
}

/// Each line is a command, and its properties are those that there are.
pub fn github(text: &str) {
    for line in text.lines() {
        let (command, _) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect(line);
        let (kind, properties) = command.split_once(' ').expect(line);
        assert!(["error", "warning", "notice"].contains(&kind), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect(line);
            let is_number = || value.parse::<usize>().is_ok_and(|number| number > 0);
            match name {
                "file" | "title" => assert!(!value.is_empty(), "{line}"),
                "line" | "endLine" | "col" | "endColumn" => assert!(is_number(), "{line}"),
                _ => panic!("{name}: {line}"),
            }
        }
    }
}

/// What GitLab asks of each entry, and that it can tell all of them apart.
pub fn gitlab(text: &str) {
    let entries = json(text);
    let mut seen = std::collections::BTreeSet::new();
    for entry in entries.as_array().expect("a list") {
        for field in ["description", "check_name", "fingerprint"] {
            assert!(entry[field].as_str().is_some_and(|value| !value.is_empty()), "{field}: {entry}");
        }
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().expect("one")));
        assert!(entry["location"]["path"].as_str().is_some_and(|path| !path.is_empty() && !path.starts_with("./")));
        assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
        assert!(seen.insert(entry["fingerprint"].to_string()), "twice: {entry}");
    }
}

/// Outside of code there is no HTML but our own, no link, no mention, and no reference.
pub fn markdown(text: &str) {
    assert!(text.chars().count() < 65_536, "too long for a comment");
    let mut plain = without_code(text).replace("&#96;", "'");
    for own in ["<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>", "<code>", "</code>"] {
        plain = plain.replace(own, "");
    }
    let mut before = ' ';
    for (at, c) in plain.char_indices() {
        let behind = plain[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let escaped = before == '\\';
        assert!(escaped || c != '<', "HTML: {plain}");
        let is_reference = "@#!~".contains(c) && behind.is_ascii_alphanumeric();
        assert!(!is_reference, "a reference: …{}", &plain[at..]);
        before = if escaped { ' ' } else { c };
    }
    for sign in ["](", "://", "www."] {
        assert!(!plain.contains(sign), "a link by {sign}: {plain}");
    }
}

/// Without what stands in code, of each of the three kinds.
fn without_code(text: &str) -> String {
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let bare = line.trim_start();
        let ticks = "`".repeat(bare.bytes().take_while(|byte| *byte == b'`').count());
        match &fence {
            Some(open) if bare == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 && bare.ends_with("text") => fence = Some(ticks),
            None => lines.push(without_spans(line)),
        }
    }
    assert_eq!(fence, None, "a fence is left open:\n{text}");
    lines.join("\n")
}

fn without_spans(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '<', '\\']) {
        out.push_str(&rest[..at]);
        let found = &rest[at..];
        let ticks = "`".repeat(found.bytes().take_while(|byte| *byte == b'`').count());
        rest = if !ticks.is_empty() {
            let behind = &found[ticks.len()..];
            let ends = |(end, _): &(usize, &str)| {
                !behind[..*end].ends_with('`') && !behind[end + ticks.len()..].starts_with('`')
            };
            let (end, _) = behind.match_indices(&ticks).find(ends).expect("code has an end");
            &behind[end + ticks.len()..]
        } else if let Some(behind) = found.strip_prefix("<code>") {
            behind.split_once("</code>").expect("code has an end").1
        } else {
            let length = 1 + found[1..].chars().next().filter(|_| found.starts_with('\\')).map_or(0, char::len_utf8);
            out.push_str(&found[..length]);
            &found[length..]
        };
    }
    out + rest
}

/// Each element is closed in its turn; nothing runs, and nothing is loaded.
pub fn html(text: &str) {
    let body = text.strip_prefix("<!DOCTYPE html>").expect("HTML");
    let (before, behind) = body.split_once("<style>").expect("a style");
    let (style, behind) = behind.split_once("</style>").expect("its end");
    assert!(!style.contains("url(") && !style.contains("@import"));
    let document = closed(&(before.to_owned() + behind));
    let document = Document::parse(&document).unwrap_or_else(|error| panic!("{error}\n{document}"));
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(!["script", "iframe", "img", "object", "embed", "link", "form"].contains(&name), "{name}");
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "src" && name != "style", "{name}={value}");
            assert!(name != "href" || value.starts_with('#'), "{name}={value}");
        }
    }
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("h1")).count(), 1);
}

/// As XML, where all elements are closed.
fn closed(html: &str) -> String {
    let mut out = String::new();
    for part in html.split_inclusive('>') {
        let is_empty = part.contains("<meta ");
        let end = if is_empty { "/>" } else { ">" };
        // An attribute without a value.
        let part = part.strip_suffix('>').map_or(part.to_owned(), |part| part.to_owned() + end);
        out.push_str(&part.replace(" open>", " open=\"\">"));
    }
    out
}

/// A head, and a line for each finding; no cell is a formula.
pub fn csv(text: &str, findings: usize) {
    let rows = cells(text);
    assert!(rows.len() > findings, "{} lines for {findings} findings", rows.len());
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            let cell = cell.trim_start();
            assert!(!cell.starts_with(['=', '+', '-', '@']), "a formula: {cell}");
        }
    }
}

/// RFC 4180, all cells in quotation marks.
pub fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new()];
    let mut rest = text;
    while let Some(behind) = rest.strip_prefix('"') {
        let mut cell = String::new();
        rest = behind;
        loop {
            let (part, behind) = rest.split_once('"').expect("a cell has an end");
            cell.push_str(part);
            rest = behind;
            match behind.strip_prefix('"') {
                Some(behind) => {
                    cell.push('"');
                    rest = behind;
                }
                None => break,
            }
        }
        rows.last_mut().expect("a row").push(cell);
        match (rest.strip_prefix(','), rest.strip_prefix("\r\n")) {
            (Some(behind), _) => rest = behind,
            (None, Some(behind)) => {
                rest = behind;
                rows.push(Vec::new());
            }
            (None, None) => panic!("neither a comma nor the end of the line: {rest}"),
        }
    }
    assert!(rest.is_empty(), "{rest}");
    rows.pop();
    rows
}
