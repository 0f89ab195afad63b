//! A day of the calendar.

use std::fmt;
use std::str::FromStr;

/// A day, as `2027-01-31` (RFC 3339, full-date).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Nothing where there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let days = match month {
            2 if is_leap_year(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (year <= 9999 && (1..=days).contains(&day)).then_some(Date { year, month, day })
    }
}

/// RFC 3339 appendix C.
fn is_leap_year(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// It is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDate;

impl FromStr for Date {
    type Err = NoDate;
    fn from_str(text: &str) -> Result<Date, NoDate> {
        let of_digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.splitn(3, '-').collect();
        let [year, month, day] = parts[..] else { return Err(NoDate) };
        if !of_digits(year, 4) || !of_digits(month, 2) || !of_digits(day, 2) {
            return Err(NoDate);
        }
        let date = (year.parse().ok()).zip(month.parse().ok()).zip(day.parse().ok());
        date.and_then(|((year, month), day)| Date::new(year, month, day)).ok_or(NoDate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_others() {
        let day = |text: &str| text.parse::<Date>().ok().map(|date| date.to_string());
        for text in ["2027-01-31", "2028-02-29", "2000-02-29", "0001-12-01"] {
            assert_eq!(day(text).as_deref(), Some(text));
        }
        for text in ["2027-02-29", "2100-02-29", "2027-04-31", "2027-13-01", "2027-00-01", "2027-1-31", "31.1.2027", ""]
        {
            assert_eq!(day(text), None, "{text}");
        }
        assert!(Date::new(2027, 1, 31) < Date::new(2027, 2, 1));
    }
}
