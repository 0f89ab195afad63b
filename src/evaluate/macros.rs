//! Macros in SPF records and explanations (RFC 7208 section 7).

use std::net::IpAddr;

/// What macros stand for.
#[derive(Clone, Debug)]
pub struct Macros<'a> {
    /// The local part of the sender.
    pub local: &'a str,
    /// The domain of the sender.
    pub sender_domain: &'a str,
    /// The domain whose record it is.
    pub domain: &'a str,
    /// The address of the client.
    pub ip: IpAddr,
    /// The validated name of that address; nothing where there is none, or nobody looked.
    pub name: Option<&'a str>,
    /// The HELO name.
    pub helo: &'a str,
    /// Who receives.
    pub receiver: &'a str,
    /// Seconds since 1970.
    pub now: u64,
}

/// Does the text hold the macro `p`, for which reverse DNS has to be asked?
pub fn needs_name(text: &str) -> bool {
    text.contains("%{p") || text.contains("%{P")
}

/// Expands a text. Nothing where a macro in it is none, or is for explanations only (`c`, `r`, `t`) and this is not one.
pub fn expand(text: &str, macros: &Macros<'_>, explanation: bool) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = match rest.bytes().next()? {
            b'%' => push(&mut out, "%"),
            b'_' => push(&mut out, " "),
            b'-' => push(&mut out, "%20"),
            b'{' => {
                let close = rest.find('}')?;
                out.push_str(&expand_one(&rest[1..close], macros, explanation)?);
                close + 1
            }
            _ => return None,
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    Some(out)
}

/// The octets of `%%`, `%_`, `%-` behind the percent sign.
fn push(out: &mut String, text: &str) -> usize {
    out.push_str(text);
    1
}

fn expand_one(body: &str, macros: &Macros<'_>, explanation: bool) -> Option<String> {
    let letter = body.chars().next()?;
    let value = value(letter.to_ascii_lowercase(), macros, explanation)?;
    let rest = &body[letter.len_utf8()..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = rest.split_at(digits);
    let (reversed, delimiters) = match rest.strip_prefix(['r', 'R']) {
        Some(delimiters) => (true, delimiters),
        None => (false, rest),
    };
    if !delimiters.bytes().all(|byte| b".-+,/_=".contains(&byte)) {
        return None;
    }
    // RFC 7208 section 7.3: "The DIGIT transformer indicates the number of right-hand parts to use". It "MUST be nonzero".
    let count = if count.is_empty() { usize::MAX } else { count.parse().unwrap_or(usize::MAX) };
    let text = if count == 0 { return None } else { transform(&value, count, reversed, delimiters) };
    Some(if letter.is_ascii_uppercase() { url_escaped(&text) } else { text })
}

fn value(letter: char, macros: &Macros<'_>, explanation: bool) -> Option<String> {
    Some(match letter {
        's' => format!("{}@{}", macros.local, macros.sender_domain),
        'l' => macros.local.to_owned(),
        'o' => macros.sender_domain.to_owned(),
        'd' => macros.domain.to_owned(),
        'i' => dotted(macros.ip),
        'p' => macros.name.unwrap_or("unknown").to_owned(),
        'v' => if macros.ip.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
        'h' => macros.helo.to_owned(),
        'c' if explanation => macros.ip.to_string(),
        'r' if explanation => macros.receiver.to_owned(),
        't' if explanation => macros.now.to_string(),
        _ => return None,
    })
}

/// Upper case, as the openspf test suite has it; DNS does not care.
/// RFC 7208 section 7.3: for IPv6 addresses, "the "i" macro expands to a dot-format address": one hexadecimal digit a
/// label.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let digits =
                ip.octets().into_iter().flat_map(|octet| [octet >> 4, octet & 15]).map(|digit| format!("{digit:X}"));
            digits.collect::<Vec<_>>().join(".")
        }
    }
}

fn transform(value: &str, count: usize, reversed: bool, delimiters: &str) -> String {
    let delimiters = if delimiters.is_empty() { "." } else { delimiters };
    let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
    if reversed {
        parts.reverse();
    }
    parts[parts.len().saturating_sub(count)..].join(".")
}

/// RFC 7208 section 7.3: "Uppercase macros expand exactly as the lowercase macros […] and are then URL escaped": all
/// but the "unreserved" characters of RFC 3986.
fn url_escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn macros(ip: &str) -> Macros<'static> {
        Macros {
            local: "strong-bad",
            sender_domain: "email.example.com",
            domain: "email.example.com",
            ip: ip.parse().expect("an address"),
            name: Some("mx.example.org"),
            helo: "mx.example.org",
            receiver: "",
            now: 0,
        }
    }

    /// The examples of RFC 7208 section 7.4.
    #[test]
    fn examples_of_the_rfc() {
        let examples = [
            ("%{s}", "strong-bad@email.example.com"),
            ("%{o}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{l-}", "strong.bad"),
            ("%{lr-}", "bad.strong"),
            ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
            ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ];
        for (text, expanded) in examples {
            assert_eq!(expand(text, &macros("192.0.2.3"), false).as_deref(), Some(expanded), "{text}");
        }
        let ip6 = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com";
        let expanded = expand("%{ir}.%{v}._spf.%{d2}", &macros("2001:db8::cb01"), false);
        assert_eq!(expanded.map(|text| text.to_lowercase()).as_deref(), Some(ip6));
    }

    #[test]
    fn what_is_no_macro() {
        for text in ["%", "%{", "%{}", "%{z}", "%{d0}", "%{d!}", "%a", "%{c}"] {
            assert_eq!(expand(text, &macros("192.0.2.3"), false), None, "{text}");
        }
        assert_eq!(expand("%%%_%-%{S}", &macros("::1"), true).as_deref(), Some("% %20strong-bad%40email.example.com"));
    }
}
