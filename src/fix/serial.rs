//! The serial number of a zone, raised so that secondary servers fetch it anew.

use crate::finding::Edit;
use crate::zone::{Data, Record, Zone};

/// A day as a number in which all digits tell: 20261121.
pub type Day = u32;

/// Writes the next serial number into the SOA record; nothing where there is none, or where a program makes it: it is 0,
/// or not written in digits.
pub fn edit(zone: &Zone, today: Day) -> Option<Edit> {
    let soa = zone.records.iter().find(|record| matches!(record.data, Data::Soa(_)))?;
    let Data::Soa(data) = &soa.data else { return None };
    let serial = data.serial;
    let at = soa.field_span(2);
    let is_written = is_editable(soa) && at.text().parse() == Ok(serial);
    (serial != 0 && is_written).then(|| Edit { at, text: next(serial, today).to_string() })
}

fn is_editable(soa: &Record) -> bool {
    soa.line.elsewhere.is_none() && !soa.is_generated()
}

/// RFC 1912 section 2.2: "The recommended syntax is YYYYMMDDnn (YYYY=year, MM=month, DD=day, nn=revision number."  Where the
/// number is such a date, or an older one, it becomes the first of today; otherwise one is added. RFC 1982 section 3.1:
/// the sum is taken modulo 2^32.
pub fn next(serial: u32, today: Day) -> u32 {
    let first = today.checked_mul(100).filter(|first| is_date(serial) && serial < *first);
    let next = first.unwrap_or_else(|| serial.wrapping_add(1));
    // 0 has a meaning of its own to many programs.
    next.max(1)
}

fn is_date(serial: u32) -> bool {
    let (year, month, day) = (serial / 1_000_000, serial / 10_000 % 100, serial / 100 % 100);
    (1980..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn dates_stay_dates_and_numbers_numbers() {
        let today = 20_261_121;
        assert_eq!(next(2_026_112_003, today), 2_026_112_100);
        assert_eq!(next(2_026_112_100, today), 2_026_112_101);
        assert_eq!(next(2_026_112_199, today), 2_026_112_200, "the numbers of today are used up");
        assert_eq!(next(2_027_010_100, today), 2_027_010_101, "it is ahead of the clock");
        assert_eq!(next(2_026_991_100, today), 2_026_991_101, "no date");
        assert_eq!((next(7, today), next(u32::MAX, today)), (8, 1));
    }
}
