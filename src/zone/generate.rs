//! BIND's `$GENERATE`: one line that stands for many records.
//!
//! `$GENERATE start-stop[/step] owner [ttl] [class] type data`: in the owner and in the data, `$` is the number of
//! the record, `${offset,width,base}` the same changed (BIND 9 Administrator Reference Manual, "$GENERATE").

/// The numbers of a `$GENERATE` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    start: u32,
    stop: u32,
    step: u32,
}

/// How `${...}` writes a number.
struct Form {
    offset: i64,
    width: usize,
    base: u8,
}

/// Wider numbers fit into no label and no character-string.
const MAX_WIDTH: usize = 255;

impl Numbers {
    /// Reads `start-stop` or `start-stop/step`.
    pub fn parse(text: &str) -> Option<Numbers> {
        let (range, step) = text.split_once('/').unwrap_or((text, "1"));
        let (start, stop) = range.split_once('-')?;
        let numbers = Numbers { start: number(start)?, stop: number(stop)?, step: number(step)? };
        (numbers.start <= numbers.stop && numbers.step > 0).then_some(numbers)
    }

    /// How many numbers there are.
    pub fn count(&self) -> usize {
        ((self.stop - self.start) / self.step) as usize + 1
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (self.start..=self.stop).step_by(self.step as usize)
    }
}

/// Writes a template for one number; none where a `${...}` of it cannot be read.
pub(super) fn expand(template: &str, number: u32) -> Option<String> {
    let mut out = String::with_capacity(template.len() + 8);
    let mut rest = template;
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        rest = if rest.as_bytes()[at] == b'\\' {
            out.push('\\');
            let next = behind.chars().next();
            out.extend(next);
            &behind[next.map_or(0, char::len_utf8)..]
        } else if let Some(behind) = behind.strip_prefix('$') {
            out.push('$');
            behind
        } else if let Some(braced) = behind.strip_prefix('{') {
            let (form, behind) = braced.split_once('}')?;
            out.push_str(&Form::parse(form)?.write(number)?);
            behind
        } else {
            out.push_str(&number.to_string());
            behind
        };
    }
    out.push_str(rest);
    Some(out)
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= i32::MAX as u32)
}

impl Form {
    fn parse(text: &str) -> Option<Form> {
        let mut parts = text.split(',');
        let offset = parts.next()?.parse::<i32>().ok()?;
        let width = parts.next().map_or(Some(0), |width| width.parse().ok())?;
        let base = match parts.next().unwrap_or("d").as_bytes() {
            [base @ (b'd' | b'o' | b'x' | b'X' | b'n' | b'N')] => *base,
            _ => return None,
        };
        let fits = width <= MAX_WIDTH && parts.next().is_none();
        fits.then_some(Form { offset: i64::from(offset), width, base })
    }

    fn write(&self, number: u32) -> Option<String> {
        let width = self.width;
        let value = i32::try_from(i64::from(number) + self.offset).ok()?;
        // As BIND does, a number below zero is written in two's complement in all bases but ten.
        Some(match self.base {
            b'o' => format!("{value:0width$o}"),
            b'x' => format!("{value:0width$x}"),
            b'X' => format!("{value:0width$X}"),
            b'n' => nibbles(value.cast_unsigned(), width),
            b'N' => nibbles(value.cast_unsigned(), width).to_ascii_uppercase(),
            _ => format!("{value:0width$}"),
        })
    }
}

/// Hexadecimal digits in reverse order, with dots, as in ip6.arpa; the width counts the dots, too.
fn nibbles(mut value: u32, width: usize) -> String {
    let mut out = String::new();
    loop {
        out.push_str(&format!("{:x}", value & 0xf));
        value >>= 4;
        if out.len() >= width && value == 0 {
            return out;
        }
        out.push('.');
        if out.len() >= width && value == 0 {
            return out;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let numbers = Numbers::parse("1-6/2").expect("numbers");
        assert_eq!((numbers.count(), numbers.iter().collect::<Vec<_>>()), (3, vec![1, 3, 5]));
        assert_eq!(Numbers::parse("0-2147483647").map(|numbers| numbers.count()), Some(2_147_483_648));
        for wrong in ["", "1", "1-", "2-1", "-1-2", "1-2/0", "1-2/", "9--10", "0-2147483648", "+1-2"] {
            assert_eq!(Numbers::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn templates_are_written_as_bind_writes_them() {
        for (template, number, expected) in [
            ("a$b", 7, "a7b"),
            ("a$$ \\$", 7, "a$ \\$"),
            ("${1}${0,3}${0,3,d}", 7, "8007007"),
            ("${0,4,x} ${0,0,X} ${0,2,o}", 31, "001f 1F 37"),
            ("${0,3,n}", 1024, "0.0.4"),
            ("${0,4,n}.", 0, "0.0.."),
            ("${0,2,N}", 171, "B.A"),
            ("${-5}", 0, "-5"),
            ("${-5,3,x} ${-5,0,n}", 0, "fffffffb b.f.f.f.f.f.f.f"),
            ("\u{e9}\\", 1, "\u{e9}\\"),
        ] {
            assert_eq!(expand(template, number).as_deref(), Some(expected), "{template}");
        }
        for wrong in ["${", "${}", "${0,}", "${0,1,}", "${0,1,dd}", "${0,1,d,1}", "${2147483647}", "${0,256}"] {
            assert_eq!(expand(wrong, 1), None, "{wrong}");
        }
    }
}
