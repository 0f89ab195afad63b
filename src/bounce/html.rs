//! The words of a page in HTML, in lines as a reader sees them.

/// Elements that begin a line of their own; all others stand within one.
const BLOCKS: [&str; 16] =
    ["br", "p", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "hr", "blockquote", "title"];

/// Elements whose content nobody sees.
const UNSEEN: [&str; 3] = ["script", "style", "head"];

/// The text of a page.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_words(&mut out, &rest[..at]);
        let (tag, behind) = split_tag(&rest[at..]);
        rest = behind;
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if UNSEEN.contains(&name.as_str()) && !tag.starts_with('/') {
            rest = behind_element(rest, &name);
        } else if BLOCKS.contains(&name.as_str()) {
            end_line(&mut out, tag.starts_with('/') || name == "br");
            if tag.eq_ignore_ascii_case("/p") {
                out.push('\n');
            }
        } else if matches!(name.as_str(), "td" | "th") {
            push_words(&mut out, " ");
        }
    }
    push_words(&mut out, rest);
    out
}

/// The inside of a tag or comment that begins here, and what follows. A `<` that begins no tag stands for itself.
fn split_tag(html: &str) -> (&str, &str) {
    if let Some(comment) = html.strip_prefix("<!--") {
        return ("", comment.split_once("-->").map_or("", |(_, behind)| behind));
    }
    html[1..].split_once('>').unwrap_or(("", ""))
}

fn behind_element<'a>(html: &'a str, name: &str) -> &'a str {
    let ends = html.match_indices("</");
    let mut ends = ends
        .filter(|(at, _)| html.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)));
    ends.next().map_or("", |(at, _)| &html[at..])
}

fn end_line(out: &mut String, is_end: bool) {
    while out.ends_with(' ') {
        out.pop();
    }
    if is_end || !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Words, their blanks folded to one.
fn push_words(out: &mut String, words: &str) {
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let (decoded, length) = if c == '&' { entity(rest) } else { (c, c.len_utf8()) };
        rest = &rest[length..];
        if !decoded.is_whitespace() {
            out.push(decoded);
        } else if !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// The character that an entity stands for, and how long it is; other entities stay as they are.
fn entity(text: &str) -> (char, usize) {
    let name = text.get(1..).and_then(|rest| rest.split_once(';')).map(|(name, _)| name).filter(|name| name.len() < 10);
    let number = |name: &str| match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => name.strip_prefix('#')?.parse().ok(),
    };
    let decoded = name.and_then(|name| match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" | "rsquo" | "lsquo" => Some('\''),
        "nbsp" => Some(' '),
        _ => number(name).and_then(char::from_u32),
    });
    match (name, decoded) {
        (Some(name), Some(decoded)) => (decoded, name.len() + 2),
        _ => ('&', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_words() {
        let page = "<head><title>x</title></head><p>To&nbsp;<b>a@b.example</b>\n &lt;x&gt;</p><table><tr><td>550</td><td>5.7.1</td></tr></table>&#39;&#x27;&no;";
        assert_eq!(text(page), "\nTo a@b.example <x>\n\n550 5.7.1\n\n''&no;");
    }

    #[test]
    fn broken_pages() {
        for page in ["<", "<!--", "<p", "&", "&#xffffffff;", "<style>a", "</", "<é>&é;"] {
            text(page);
        }
        assert_eq!(text("a<!-- <p> -->b<STYLE>c</style>d"), "abd");
    }
}
