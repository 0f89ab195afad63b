//! `https` URLs, as far as policies and images need them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// An `https` URL (RFC 9110 section 4.2.2) of a host with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Url {
    host: Name,
    port: Option<u16>,
    /// With its slash and the query: printable ASCII without blanks, fit for the line of a request.
    path: String,
}

/// Why a text is no such URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// Another scheme than `https`, or none.
    Scheme,
    /// No host, an address in its place, a user name before it, or a port that is no number.
    Host,
    /// A character that must be written with a percent sign.
    Character,
}

impl Url {
    /// Reads an absolute URL. The fragment is left out.
    ///
    /// # Errors
    /// Only `https`, hosts with names, and characters that RFC 3986 allows.
    pub fn parse(text: &str) -> Result<Url, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(UrlError::Scheme);
        }
        let rest = rest.split('#').next().unwrap_or_default();
        if !rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)) {
            return Err(UrlError::Character);
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = match authority.split_once(':') {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.parse().map_err(|_| UrlError::Host)?)),
            None => (authority, None),
        };
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Url { host: host_name(host)?, port, path: format!("{slash}{path}") })
    }

    /// Where a redirect from here leads: the field Location may hold an absolute URL, or a path on the same host.
    ///
    /// # Errors
    /// As [`Url::parse`]. Paths that do not begin with a slash are not read.
    pub fn join(&self, location: &str) -> Result<Url, UrlError> {
        if !location.starts_with('/') {
            return Url::parse(location);
        }
        let authority = if location.starts_with("//") { String::new() } else { format!("//{}", self.authority()) };
        Url::parse(&format!("https:{authority}{location}"))
    }

    /// The host.
    pub fn host(&self) -> &Name {
        &self.host
    }

    /// The port, if one is named.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The path with its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The host, and the port if one is named.
    pub fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.to_string(), |port| format!("{}:{port}", self.host))
    }
}

/// The name of a host as a URL has it.
fn host_name(text: &str) -> Result<Name, UrlError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    // The last label of a name has a letter in it; that of an IPv4 address, in whatever form, has not (RFC 3696 section 2).
    let last = text.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    match Name::parse(text) {
        Ok(name) if text.bytes().all(fits) && !is_number => Ok(name),
        _ => Err(UrlError::Host),
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.authority(), self.path)
    }
}

impl TryFrom<String> for Url {
    type Error = UrlError;
    fn try_from(text: String) -> Result<Url, UrlError> {
        Url::parse(&text)
    }
}

impl From<Url> for String {
    fn from(url: Url) -> String {
        url.to_string()
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UrlError::Scheme => "the URL does not begin with https://",
            UrlError::Host => "the URL names no host that can be asked",
            UrlError::Character => "the URL holds a character that must be percent-encoded",
        })
    }
}

impl std::error::Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, UrlError> {
        Url::parse(text).map(|url| url.to_string())
    }

    #[test]
    fn what_is_a_url() {
        assert_eq!(read("HTTPS://Example.COM").as_deref(), Ok("https://example.com/"));
        assert_eq!(read("https://a.test:8443/x?y#z").as_deref(), Ok("https://a.test:8443/x?y"));
        assert_eq!(read("https://a.test?y").as_deref(), Ok("https://a.test/?y"));
        assert_eq!(read("http://a.test/"), Err(UrlError::Scheme));
        assert_eq!(read("a.test/x"), Err(UrlError::Scheme));
        for host in ["", "u@a.test", "127.0.0.1", "2130706433", "0x7f.1", "127.0.0x1", "[::1]", "a.test:x", "a..test"] {
            assert_eq!(read(&format!("https://{host}/")), Err(UrlError::Host), "{host}");
        }
        for path in ["a b", "a\r\nHost: b", "ñ", "\0"] {
            assert_eq!(read(&format!("https://a.test/{path}")), Err(UrlError::Character), "{path}");
        }
    }

    #[test]
    fn where_redirects_lead() {
        let url = Url::parse("https://a.test:8443/x").expect("a URL");
        let to = |location: &str| url.join(location).map(|url| url.to_string());
        assert_eq!(to("/y").as_deref(), Ok("https://a.test:8443/y"));
        assert_eq!(to("//b.test/y").as_deref(), Ok("https://b.test/y"));
        assert_eq!(to("https://b.test/y").as_deref(), Ok("https://b.test/y"));
        assert_eq!(to("http://b.test/y"), Err(UrlError::Scheme));
        assert_eq!(to("y"), Err(UrlError::Scheme));
    }
}
