//! The values of arguments and settings: what people write, and what to say where it is none.

use std::net::IpAddr;

use crate::evidence::Who;
use crate::lang::Lang;
use crate::name::Name;
use crate::near;
use crate::policy::Domains;
use crate::providers;
use crate::receivers::{self, Receiver};

/// The domain of an address: also in angle brackets, behind a name, with a quoted local part.
///
/// # Errors
/// Where it is none: what to write.
pub fn recipient(text: &str) -> Result<Name, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing is named: write an address, such as friend@sky.com, or its domain".to_owned());
    }
    let path = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, path)| path.trim());
    // RFC 5321 section 4.1.2: no domain holds an `@`, but a quoted local part may.
    let name = domain(path.rsplit_once('@').map_or(path, |(_, domain)| domain))?;
    match name.as_str().contains('.') {
        true => Ok(name),
        false => Err("write the whole address, such as friend@sky.com, or its domain".to_owned()),
    }
}

/// A mail domain.
///
/// # Errors
/// Where it is none: what to write.
pub fn domain(text: &str) -> Result<Name, String> {
    if let Some((_, domain)) = text.split_once('@') {
        return Err(format!("this is a mail address; give its domain only: {domain}"));
    }
    if text.contains("//") {
        return Err("this is a URL; give the domain only".to_owned());
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err("this is an IP address; give the domain that stands behind the @ of a mail address".to_owned());
    }
    let name = origin(text)?;
    // A name holds any other sign as an escape.
    let is_of_hosts = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match name.as_str().bytes().all(is_of_hosts) {
        true => Ok(name),
        false => {
            Err("a domain has letters, digits, hyphens, underscores and dots only, such as contoso.com".to_owned())
        }
    }
}

/// The origin of a zone may have any sign in it, such as `0/25.2.0.192.in-addr.arpa` (RFC 2317).
///
/// # Errors
/// Where it is none: what to write.
pub fn origin(text: &str) -> Result<Name, String> {
    let name = Name::from_user(text).map_err(|error| error.to_string())?;
    if name.is_root() { Err("the root is not a mail domain".to_owned()) } else { Ok(name) }
}

/// A language, by its code; a region behind it does not matter.
///
/// # Errors
/// Where it is none: what to write.
pub fn lang(text: &str) -> Result<Lang, String> {
    let known =
        Lang::ALL.into_iter().find(|lang| text.get(..2).is_some_and(|code| code.eq_ignore_ascii_case(lang.code())));
    known.ok_or_else(|| "choose en (English), es (Spanish) or ja (Japanese)".to_owned())
}

/// Receivers, by an id, a domain of their mailboxes, or `all`.
///
/// # Errors
/// Where it is none: what to write.
pub fn receiver(text: &str) -> Result<&'static [Receiver], String> {
    if text == "all" {
        return Ok(receivers::all());
    }
    let known = receivers::all().iter().map(|receiver| receiver.id.as_str()).collect::<Vec<_>>().join(", ");
    let receiver = receivers::by_name(text).map(std::slice::from_ref);
    receiver.ok_or_else(|| format!("choose all, {known}, or a domain of their mailboxes"))
}

/// A DKIM selector, or the name that its key stands at.
///
/// # Errors
/// Where it is none: what to write.
pub fn selector(text: &str) -> Result<String, String> {
    let selector = text.split("._domainkey").next().unwrap_or_default().to_ascii_lowercase();
    Name::parse(&selector).map(|name| name.as_str().to_owned()).map_err(|error| error.to_string())
}

/// Who sends for a domain: an address, or the id of a provider.
///
/// # Errors
/// Where it is none: what to write.
pub fn sender(text: &str) -> Result<Who, String> {
    let near = || near::nearest(text, providers::all().iter().map(|provider| provider.id.as_str()));
    let meant = || near().map(|id| format!(" (did you mean {id}?)")).unwrap_or_default();
    let list = "`mailvet explain providers` lists them";
    Who::read(text).ok_or_else(|| format!("write an address or the id of a provider{}; {list}", meant()))
}

/// One domain, or with `*.` before it all below it.
///
/// # Errors
/// Where it is none: what to write.
pub fn domains(text: &str) -> Result<Domains, String> {
    match text.strip_prefix("*.") {
        Some(below) => domain(below).map(Domains::Below),
        None => domain(text).map(Domains::One),
    }
}
