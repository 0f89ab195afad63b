//! The values of the arguments: what people type, and what to say where it is none.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;
use mailvet::evidence::Who;
use mailvet::lang::Lang;
use mailvet::name::Name;
use mailvet::near;
use mailvet::providers;
use mailvet::receivers::{self, Receiver};

use super::choices::FormatName;
use super::shared::Target;

/// The domain of an address: also in angle brackets, behind a name, with a quoted local part.
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

/// A day, such as `2026-11-22`.
pub fn day(text: &str) -> Result<String, String> {
    let is_day = humantime::parse_rfc3339(&format!("{text}T00:00:00Z")).is_ok();
    if is_day { Ok(text.to_owned()) } else { Err("write a day such as 2026-11-22".to_owned()) }
}

/// The origin of a zone may have any sign in it, such as `0/25.2.0.192.in-addr.arpa` (RFC 2317).
pub fn origin(text: &str) -> Result<Name, String> {
    let name = Name::from_user(text).map_err(|error| error.to_string())?;
    if name.is_root() { Err("the root is not a mail domain".to_owned()) } else { Ok(name) }
}

/// `sarif`, or `sarif=mailvet.sarif`; `-` is standard output, as for other programs.
pub fn target(text: &str) -> Result<Target, String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let known: Vec<String> = FormatName::value_variants()
        .iter()
        .filter_map(|it| Some(it.to_possible_value()?.get_name().to_owned()))
        .collect();
    let format = FormatName::from_str(name, true).map_err(|_| {
        let meant = near::nearest(name, known.iter().map(String::as_str));
        let meant = meant.map(|name| format!(" (did you mean {name}?)")).unwrap_or_default();
        format!("there is no format “{name}”{meant}; choose {}", known.join(", "))
    })?;
    match file {
        Some("") => Err(format!("write the name of the file behind {name}=")),
        Some("-") | None => Ok(Target { format, file: None }),
        Some(file) => Ok(Target { format, file: Some(PathBuf::from(file)) }),
    }
}

pub fn lang(text: &str) -> Result<Lang, String> {
    let known =
        Lang::ALL.into_iter().find(|lang| text.get(..2).is_some_and(|code| code.eq_ignore_ascii_case(lang.code())));
    known.ok_or_else(|| "choose en (English), es (Spanish) or ja (Japanese)".to_owned())
}

pub fn receiver(text: &str) -> Result<&'static [Receiver], String> {
    if text == "all" {
        return Ok(receivers::all());
    }
    let known = receivers::all().iter().map(|receiver| receiver.id.as_str()).collect::<Vec<_>>().join(", ");
    let receiver = receivers::by_name(text).map(std::slice::from_ref);
    receiver.ok_or_else(|| format!("choose all, {known}, or a domain of their mailboxes"))
}

pub fn selector(text: &str) -> Result<String, String> {
    let selector = text.split("._domainkey").next().unwrap_or_default().to_ascii_lowercase();
    Name::parse(&selector).map(|name| name.as_str().to_owned()).map_err(|error| error.to_string())
}

/// RFC 5321 section 4.1.2: the path in MAIL FROM stands in angle brackets, and `<>` is the null path.
pub fn reverse_path(text: &str) -> Result<String, Infallible> {
    let path = text.strip_prefix('<').and_then(|path| path.strip_suffix('>'));
    Ok(path.unwrap_or(text).to_owned())
}

pub fn sender(text: &str) -> Result<Who, String> {
    let near = || near::nearest(text, providers::all().iter().map(|provider| provider.id.as_str()));
    let meant = || near().map(|id| format!(" (did you mean {id}?)")).unwrap_or_default();
    let list = "`mailvet explain providers` lists them";
    Who::read(text).ok_or_else(|| format!("write an address or the id of a provider{}; {list}", meant()))
}

pub fn server(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53));
    address.or_else(|_| text.parse()).map_err(|_| "write an address, or address:port (for IPv6: [::1]:53)".to_owned())
}

pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds, such as 5 or 0.5".to_owned())?;
    if (0.01..=600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("choose 0.01 to 600 seconds".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        use clap::CommandFactory as _;
        crate::args::Args::command().debug_assert();
    }

    /// The help names them.
    #[test]
    fn those_that_most_people_write_to() {
        let ids: Vec<&str> = receivers::prominent().map(|receiver| receiver.id.as_str()).collect();
        assert_eq!(ids, ["yahoo", "gmail", "outlook", "microsoft365", "icloud"]);
    }

    #[test]
    fn what_people_type() {
        assert!(domain("Contoso.COM.").is_ok());
        assert!(domain("bob@contoso.com").unwrap_err().contains("contoso.com"));
        assert!(domain("https://contoso.com/").is_err());
        assert!(domain("_spf.b\u{fc}cher-1.example").is_ok());
        for address in ["192.0.2.1", "[192.0.2.1]", "2001:db8::1"] {
            assert!(domain(address).unwrap_err().contains("IP address"), "{address}");
        }
        for text in ["contoso .com", "contoso.com/", "contoso.com:25", "*.contoso.com", "a,b.com", "b\u{fc} cher.de"] {
            assert!(domain(text).is_err(), "{text}");
        }
        for text in [
            "friend@sky.com",
            "sky.com",
            "<friend@Sky.com>",
            "A Friend <friend@sky.com>",
            "\"a b@c\"@sky.com",
            "\"<a>\"@sky.com",
        ] {
            assert_eq!(recipient(text).map(|name| name.to_string()).as_deref(), Ok("sky.com"), "{text}");
        }
        assert_eq!(recipient("jo@b\u{fc}cher.example").unwrap().as_str(), "xn--bcher-kva.example");
        for text in ["friend", "friend@", "friend@localhost", "@", "", "friend@[192.0.2.1]", "friend@sky.com,"] {
            assert!(recipient(text).is_err(), "{text}");
        }
        assert!(recipient(" ").unwrap_err().starts_with("nothing is named"));
        assert!(origin("0/25.2.0.192.in-addr.arpa").is_ok());
        assert_eq!(selector("S1._domainkey.contoso.com").as_deref(), Ok("s1"));
        assert_eq!(server("127.0.0.1:5353"), Ok("127.0.0.1:5353".parse().expect("an address")));
        assert_eq!(server("::1").map(|address| address.port()), Ok(53));
        assert_eq!(receiver("aol.com").map(|receivers| receivers[0].id.as_str()), Ok("yahoo"));
        assert_eq!(receiver("all").map(<[Receiver]>::len), Ok(receivers::all().len()));
        assert_eq!(["<>", "", "<a@b.c>", "a@b.c"].map(|text| reverse_path(text).unwrap()), ["", "", "a@b.c", "a@b.c"]);
        assert!(seconds("NaN").is_err());
        assert_eq!(lang("ja_JP"), Ok(Lang::Ja));
        let written = |format, file: Option<&str>| Ok(Target { format, file: file.map(PathBuf::from) });
        assert_eq!(target("sarif=a=b.sarif"), written(FormatName::Sarif, Some("a=b.sarif")));
        assert_eq!(target("CSV"), written(FormatName::Csv, None));
        assert_eq!(target("json=-"), written(FormatName::Json, None));
        assert!(target("sarf=x").unwrap_err().contains("did you mean sarif?"));
        assert!(target("html=").is_err());
    }
}
