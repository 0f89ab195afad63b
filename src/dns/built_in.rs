//! What the names of providers answered on the day they were read: for zone files that are checked where nobody is to be
//! asked.

use crate::dns::{Answer, Dns, Failure, Outcome, Record};
use crate::name::{Kind, Name, Question};
use crate::providers::{self, KnownAnswer};
use crate::source::{Source, SourceKind};
use crate::zone::{master, write};

/// Answers questions for the SPF records of providers (see [`providers::answer`]), and no others.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn;

impl Dns for BuiltIn {
    async fn ask(&self, question: &Question) -> Answer {
        let known = providers::answer(question.name.as_str()).filter(|_| question.kind == Kind::TXT);
        match known.and_then(|known| Some((known, record(known)?))) {
            Some((known, record)) => {
                Answer { as_of: Some(&known.read), ..Answer::new(question.clone(), Outcome::Records([record].into())) }
            }
            None => Answer::failed(question, Failure::NotAsked),
        }
    }
}

/// As the zone line that it would be.
fn record(known: &KnownAnswer) -> Option<Record> {
    let name = format!("{} TXT, as of {}", known.name, known.read);
    let line = format!("{}. 0 IN TXT {}\n", known.name, write::txt_value(&known.text));
    let zone = master::read(&Source::new(name, line, SourceKind::Answer), Some(&Name::root()), None);
    zone.records.into_iter().next()
}

/// The same without built-in answers: what was asked today, or stands in the files at hand.
#[derive(Clone, Copy, Debug)]
pub struct WithoutBuiltIn<D>(pub D);

impl<D: Dns> Dns for WithoutBuiltIn<D> {
    async fn ask(&self, question: &Question) -> Answer {
        let answer = self.0.ask(question).await;
        match answer.as_of {
            Some(_) => Answer { outcome: Outcome::Failed(Failure::NotAsked), as_of: None, ..answer },
            None => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask<D: Dns>(dns: D, name: &str, kind: Kind) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(dns.ask(&Question::new(&Name::parse(name).expect("a name"), kind)))
    }

    #[test]
    fn only_what_was_read() {
        let answer = ask(BuiltIn, "spf.protection.outlook.com", Kind::TXT);
        assert!(answer.records()[0].txt().is_some_and(|txt| txt.value.starts_with("v=spf1 ip4:")));
        assert!(answer.as_of.is_some());
        assert_eq!(ask(BuiltIn, "spf.protection.outlook.com", Kind::MX).failure(), Some(Failure::NotAsked));
        assert_eq!(ask(BuiltIn, "nobody.test", Kind::TXT).failure(), Some(Failure::NotAsked));
        let without = ask(WithoutBuiltIn(BuiltIn), "spf.protection.outlook.com", Kind::TXT);
        assert_eq!((without.failure(), without.as_of), (Some(Failure::NotAsked), None));
    }
}
