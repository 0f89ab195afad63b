//! The values of the arguments: what people type, and what to say where it is none.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;
use mailvet::near;
use mailvet::rules;

use super::choices::FormatName;
use super::shared::Target;

pub use mailvet::config::values::{domain, lang, origin, receiver, recipient, selector, sender};

/// A day, such as `2026-11-22`.
pub fn day(text: &str) -> Result<String, String> {
    let is_day = humantime::parse_rfc3339(&format!("{text}T00:00:00Z")).is_ok();
    if is_day { Ok(text.to_owned()) } else { Err("write a day such as 2026-11-22".to_owned()) }
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

/// The id of a rule.
pub fn rule(text: &str) -> Result<&'static str, String> {
    let meant = || near::nearest(text, rules::all().map(|rule| rule.id));
    let meant = || meant().map(|id| format!(" (did you mean {id}?)")).unwrap_or_default();
    let rule = rules::by_id(text).map(|rule| rule.id);
    rule.ok_or_else(|| format!("no rule has this id{}; `mailvet explain` lists them", meant()))
}

/// RFC 5321 section 4.1.2: the path in MAIL FROM stands in angle brackets, and `<>` is the null path.
pub fn reverse_path(text: &str) -> Result<String, Infallible> {
    let path = text.strip_prefix('<').and_then(|path| path.strip_suffix('>'));
    Ok(path.unwrap_or(text).to_owned())
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
    use mailvet::lang::Lang;
    use mailvet::receivers::{self, Receiver};

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
