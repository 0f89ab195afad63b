//! The recipients that were named, in arguments and files, and who judges then.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use mailvet::Judges;
use mailvet::collect::recipients;
use mailvet::dns::Dns;
use mailvet::name::Name;
use mailvet::receivers::{Receiver, Recipient, receivers_of};
use mailvet::zone::folder::read_file;

use crate::args::{self, Judging, Receiving};
use crate::files::{ask, called, is_standard_input};
use crate::output::say;

/// More domains than this are refused: each is looked up.
const MAX_DOMAINS: usize = 10_000;

/// Larger files are refused: no list of recipients is.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// So many lines of a file that cannot be read are named.
const MAX_NAMED: usize = 10;

/// The domains of all recipients, each once: those of the arguments, then those of the files.
pub fn domains(args: &Receiving) -> anyhow::Result<Vec<Name>> {
    let mut seen = HashSet::new();
    let mut domains: Vec<Name> = args.to.iter().filter(|domain| seen.insert((*domain).clone())).cloned().collect();
    for path in &args.to_file {
        let name = called(path);
        let file = read(&text_of(path).with_context(|| format!("cannot read {name}"))?);
        tell(&name, &file.unread);
        if file.domains.is_empty() {
            bail!("{name}: no mail address and no domain in it: write one a line, such as friend@sky.com");
        }
        domains.extend(file.domains.into_iter().filter(|domain| seen.insert(domain.clone())));
    }
    match domains.len() {
        ..=MAX_DOMAINS => Ok(domains),
        many => bail!("{many} domains of recipients, and at most {MAX_DOMAINS} are looked up: split the list"),
    }
}

/// Who judges: the receivers that were named and those of the recipients; where there are neither, the usual ones.
pub async fn judges<D: Dns>(dns: &D, domains: &[Name], judging: &Judging) -> Judges {
    let seen = recipients::recipients(dns, domains).await;
    let recipients: Vec<Recipient> = seen.into_iter().map(Recipient::new).collect();
    let receivers = if recipients.is_empty() { judging.receivers() } else { union(judging, &recipients) };
    Judges {
        senders: judging.senders(),
        recipients: recipients.into(),
        policy: Arc::clone(&judging.policy),
        ..Judges::of(receivers)
    }
}

fn union(judging: &Judging, recipients: &[Recipient]) -> Vec<&'static Receiver> {
    let mut all: Vec<&'static Receiver> = judging.receivers.iter().copied().flatten().collect();
    for receiver in receivers_of(recipients) {
        if !all.contains(&receiver) {
            all.push(receiver);
        }
    }
    all
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    if is_standard_input(path) {
        return read_stdin();
    }
    check_length(path.metadata()?.len())?;
    Ok(read_file(path)?.text.clone())
}

fn read_stdin() -> anyhow::Result<String> {
    ask("write the recipients, one a line");
    let mut bytes = Vec::new();
    check_length(std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn check_length(bytes: u64) -> anyhow::Result<()> {
    if bytes > MAX_BYTES {
        bail!("a list of recipients may have {} MiB: split it", MAX_BYTES / 1024 / 1024);
    }
    Ok(())
}

/// What a file holds.
#[derive(Debug, Default)]
struct File {
    domains: Vec<Name>,
    /// The numbers of lines in which nothing could be read, each with what to do.
    unread: Vec<(usize, String)>,
}

fn read(text: &str) -> File {
    let mut file = File::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let words: Vec<&str> = words(line).collect();
        match domains_in(&words) {
            _ if words.is_empty() => continue,
            Ok(domains) => file.domains.extend(domains),
            Err(why) => {
                let nothing = || "no mail address and no domain, such as friend@sky.com: passed over".to_owned();
                file.unread.push((index + 1, why.unwrap_or_else(nothing)));
            }
        }
    }
    file
}

/// The words of a line in front of a comment, without the quotation marks of CSV.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|word| !word.is_empty());
    words.take_while(|word| !word.starts_with('#')).map(|word| {
        let unquoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        unquoted.unwrap_or(word)
    })
}

/// The domains of the addresses of a line; where there is none, the words with a dot, each of which may be a domain.
///
/// # Errors
/// Where none can be read: what is wrong with the first word that looks like one, if there is such a word.
fn domains_in(words: &[&str]) -> Result<Vec<Name>, Option<String>> {
    let with = |sign: char| words.iter().filter(move |word| word.contains(sign)).collect::<Vec<_>>();
    let likely = if with('@').is_empty() { with('.') } else { with('@') };
    let mut wrong = None;
    let mut domains = Vec::new();
    for word in likely {
        match args::recipient(word) {
            Ok(domain) => domains.push(domain),
            Err(why) => wrong = wrong.or_else(|| Some(format!("“{word}”: {why}"))),
        }
    }
    if domains.is_empty() { Err(wrong) } else { Ok(domains) }
}

/// Lines that are passed over are named on standard error.
fn tell(name: &str, unread: &[(usize, String)]) {
    for (line, why) in unread.iter().take(MAX_NAMED) {
        say(&format!("{name}:{line}: {why}"));
    }
    if unread.len() > MAX_NAMED {
        let more = unread.len() - MAX_NAMED;
        say(&format!("{name}: and in {more} more lines nothing could be read"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Vec<String>, Vec<usize>) {
        let file = read(text);
        let lines = file.unread.iter().map(|(line, _)| *line).collect();
        (file.domains.iter().map(Name::to_string).collect(), lines)
    }

    #[test]
    fn lists_and_tables() {
        let text = "\u{feff}# friends\n\nfriend@sky.com\nAOL.com # all of them\n<bob@x.test>; \"eve@y.test\"\r\n";
        assert_eq!(of(text), (["sky.com", "aol.com", "x.test", "y.test"].map(str::to_owned).to_vec(), vec![]));
        let table = "E-Mail;Name\n\"J.R. Doe\",\"jr@x.test\",v1.2\nann@y.test;Ann E.\n";
        assert_eq!(of(table), (vec!["x.test".to_owned(), "y.test".to_owned()], vec![1]), "the head is passed over");
    }

    #[test]
    fn lines_without_anything_are_named() {
        assert_eq!(
            of("a@x.test\nfriend\nb@\n192.0.2.1\n c@y.test\n"),
            (vec!["x.test".into(), "y.test".into()], vec![2, 3, 4])
        );
        assert!(read("b@[192.0.2.1]\n").unread[0].1.contains("IP address"));
    }
}
