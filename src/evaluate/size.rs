//! How large a DNS answer is on the wire.

use crate::dns::{Answer, Record};
use crate::name::Name;

/// RFC 1035 section 4.2.1: "Messages carried by UDP are restricted to 512 bytes (not counting the IP or UDP headers)."
pub const MAX_PLAIN: usize = 512;

/// What fits into one packet everywhere: the size that resolvers and servers announce by EDNS since DNS Flag Day 2020.
pub const MAX_EDNS: usize = 1232;

/// The OPT record that a resolver and a server with EDNS add (RFC 6891 section 6.1.2).
pub const OPT: usize = 11;

/// The header of a message (RFC 1035 section 4.1.1).
const HEADER: usize = 12;

/// Type, class, time to live and length of a record (RFC 1035 section 4.1.3).
const RECORD: usize = 10;

/// An owner name that stood in the message before (RFC 1035 section 4.1.4).
const POINTER: usize = 2;

/// The octets of the message with a TXT answer, without EDNS and signatures.
pub fn octets(answer: &Answer) -> usize {
    let question = wire(&answer.question.name) + 4;
    let aliases: usize = answer.aliases.iter().filter_map(Record::target).map(|to| POINTER + RECORD + wire(to)).sum();
    HEADER + question + aliases + answer.records().iter().map(record_octets).sum::<usize>()
}

/// The octets of a TXT record whose owner name stood in the message before.
pub fn record_octets(record: &Record) -> usize {
    let strings = record.txt().map_or(&[][..], |txt| &txt.strings);
    POINTER + RECORD + strings.iter().map(|length| 1 + *length as usize).sum::<usize>()
}

/// One octet for the length of each label, and one for the root.
fn wire(name: &Name) -> usize {
    if name.is_root() { 1 } else { name.as_str().len() + 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::evidence;

    #[test]
    fn all_records_count() {
        let zone = "example.test. TXT \"v=spf1 -all\"\nexample.test. TXT \"0123456789\" \"\"";
        // 12 + (14 + 4) + (12 + 1 + 11) + (12 + 1 + 10 + 1)
        assert_eq!(octets(&evidence(zone)[0].spf.own().answer), 78);
    }
}
