//! Writes records as zone lines: one line each, with absolute names.

use super::{Data, Record, Soa, Tlsa, master};

/// RFC 1035 section 3.3: a character-string has a length of one octet before it.
const MAX_STRING: usize = 255;

/// The record as one line: absolute owner, TTL, `IN`, type, data with absolute names.
///
/// Data of a type that is not read stand as they are written, without comments and parentheses.
pub fn line(record: &Record) -> String {
    let owner = record.owner.absolute();
    // A line that begins with a dollar sign would be a directive.
    let mark = if owner.starts_with('$') { "\\" } else { "" };
    format!("{mark}{owner} {} IN {} {}", record.ttl, record.kind, data(record))
}

/// One character-string in quotation marks: printable ASCII as it is, all else as `\DDD`.
pub fn quote(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len() + 2);
    out.push('"');
    for octet in octets {
        match octet {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(*octet));
            }
            0x20..=0x7e => out.push(char::from(*octet)),
            _ => out.push_str(&format!("\\{octet:03}")),
        }
    }
    out.push('"');
    out
}

/// The data of a TXT record with this text: as many character-strings of at most 255 octets as it needs.
pub fn txt_value(text: &str) -> String {
    if text.is_empty() {
        return quote(b"");
    }
    join(text.as_bytes().chunks(MAX_STRING).map(quote))
}

/// The data of the record, as in [`line()`].
pub fn data(record: &Record) -> String {
    match &record.data {
        Data::A(address) => address.to_string(),
        Data::Aaaa(address) => address.to_string(),
        Data::Cname(name) | Data::Ns(name) | Data::Ptr(name) => name.absolute(),
        Data::Mx { preference, exchange } => format!("{preference} {}", exchange.absolute()),
        Data::Soa(soa) => {
            let Soa { primary, mailbox, serial, refresh, retry, expire, minimum } = &**soa;
            let (primary, mailbox) = (primary.absolute(), mailbox.absolute());
            format!("{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}")
        }
        Data::Txt(txt) => join(txt.character_strings().iter().map(|string| quote(string))),
        Data::Tlsa(tlsa) => tlsa_data(tlsa),
        Data::Caa(caa) => {
            let value = caa.value.character_strings();
            format!("{} {} {}", caa.flags, caa.tag, join(value.iter().map(|string| quote(string))))
        }
        Data::Other => as_written(record),
    }
}

/// RFC 6698 section 2.2: the numbers in decimal, the data in hexadecimal.
fn tlsa_data(tlsa: &Tlsa) -> String {
    format!("{} {} {} {}", tlsa.usage, tlsa.selector, tlsa.matching, hexadecimal(&tlsa.data))
}

/// Octets in hexadecimal digits.
pub fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn as_written(record: &Record) -> String {
    let (text, data) = match &record.line.elsewhere {
        Some(elsewhere) => (&*elsewhere.data, 0..elsewhere.data.len()),
        None => (record.line.source.text.as_str(), record.line.data()),
    };
    let fields = master::fields(text, &data);
    join(fields.into_iter().filter_map(|field| text.get(field)).map(str::to_owned))
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::source::{Source, SourceKind};
    use crate::zone::{Zone, master};

    use super::*;

    fn read(text: &str) -> Zone {
        master::read(&Source::new("a.zone", text, SourceKind::File), None, None)
    }

    fn lines(text: &str) -> Vec<String> {
        read(text).records.iter().map(line).collect()
    }

    #[test]
    fn one_line_with_absolute_names() {
        let zone = "$ORIGIN Example.com.\n@ 60 SOA ns1 @ (1 1h 2\n3 4) ; x\n MX 10 mail\n A 192.0.2.1\n AAAA 2001:DB8::0:1\n\
                    \\$x NS ns1.\n SRV 0 ( 5 ; x\n 443 \"a b\" )\n";
        let expected = [
            "example.com. 60 IN SOA ns1.example.com. example.com. 1 3600 2 3 4",
            "example.com. 60 IN MX 10 mail.example.com.",
            "example.com. 60 IN A 192.0.2.1",
            "example.com. 60 IN AAAA 2001:db8::1",
            "\\$x.example.com. 60 IN NS ns1.",
            "\\$x.example.com. 60 IN SRV 0 5 443 \"a b\"",
        ];
        assert_eq!(lines(zone), expected);
        assert_eq!(lines(&expected.join("\n")), expected);
    }

    #[test]
    fn certificates_and_authorities() {
        let expected =
            ["a. 1 IN TLSA 3 1 1 00abcdef", "a. 1 IN CAA 128 issue \"ca.example; a=b\"", "a. 1 IN CAA 0 x \"\""];
        let written =
            "a. 1 TLSA 3 1 1 ( 00ab ; x\n CDEF )\na. 1 CAA 128 issue \"ca.example; a=b\"\na. 1 CAA 0 x \"\"\n";
        assert_eq!(lines(written), expected);
        assert_eq!(lines(&expected.join("\n")), expected);
        let generic =
            "a. 1 TYPE52 \\# 7 03010100ABCDEF\na. 1 CAA \\# 22 8005 697373756563612E6578616D706C653B20613D62\n";
        assert_eq!(lines(generic), expected[..2]);
        let long = format!("a. 1 IN CAA 0 issue \"{}\"", "x".repeat(300));
        assert_eq!(lines(&long), [long]);
    }

    #[test]
    fn text_is_quoted_in_one_way() {
        let expected = [r##"a. 1 IN TXT "a;b" "c\"\\" "\195\169" "#" """##];
        assert_eq!(lines(r#"a. 1 TXT a\;b "c\"\\" é \# "" ;"#), expected);
        assert_eq!(lines(r"a. 1 TXT \# 4 03 616263"), [r#"a. 1 IN TXT "abc""#]);
    }

    #[test]
    fn long_text_is_cut_into_strings() {
        assert_eq!(txt_value(""), "\"\"");
        assert_eq!(txt_value(&"a".repeat(255)).matches("a\"").count(), 1);
        let long = "é".repeat(300);
        let zone = read(&format!("a. TXT {}", txt_value(&long)));
        let txt = zone.records[0].txt().expect("a text");
        assert_eq!((txt.value.as_str(), txt.strings.as_slice()), (long.as_str(), &[255, 255, 90][..]));
    }

    fn octets_are_read_back(random: &mut arbtest::arbitrary::Unstructured<'_>) -> arbtest::arbitrary::Result<()> {
        let mut strings: Vec<Vec<u8>> = random.arbitrary()?;
        strings.iter_mut().for_each(|string| string.truncate(MAX_STRING));
        strings.truncate(200);
        strings.push(random.arbitrary::<[u8; 3]>()?.to_vec());
        let text = format!("a. 1 IN TXT {}", join(strings.iter().map(|string| quote(string))));
        let zone = read(&text);
        assert_eq!(zone.records[0].txt().map(|txt| txt.character_strings()), Some(strings));
        assert_eq!(line(&zone.records[0]), text);
        Ok(())
    }

    #[test]
    fn any_octets_are_read_back() {
        for number in 1..=500u64 {
            // Of a seed, the upper half is random, the lower half is the number of octets.
            arbtest::arbtest(octets_are_read_back).seed(number << 32 | (8 + number * 4)).run();
        }
    }
}
