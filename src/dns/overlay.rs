//! One source of answers first, and another where the first knows nothing.

use crate::dns::{Answer, Dns, Failure, MAX_ALIASES, Outcome};
use crate::name::Question;

/// Asks the first; where that was not asked (see [`Failure::NotAsked`]) asks the second. Follows aliases that lead
/// from the one to the other.
#[derive(Debug)]
pub struct Overlay<A, B>(pub A, pub B);

impl<A: Dns, B: Dns> Overlay<A, B> {
    /// Without aliases that lead from the one to the other.
    async fn step(&self, question: &Question, once: bool) -> Answer {
        let answer = self.0.ask(question).await;
        match answer.failure() {
            Some(Failure::NotAsked) if !answer.aliases.is_empty() => answer,
            Some(Failure::NotAsked) if once => self.1.ask_once(question).await,
            Some(Failure::NotAsked) => self.1.ask(question).await,
            _ => answer,
        }
    }

    async fn follow(&self, question: &Question, once: bool) -> Answer {
        let mut answer = self.step(question, once).await;
        while answer.failure() == Some(Failure::NotAsked) && !answer.aliases.is_empty() {
            let target = answer.final_name().clone();
            let next = self.step(&Question::new(&target, question.kind), once).await;
            if matches!(next.outcome, Outcome::Failed(Failure::NotAsked)) && next.aliases.is_empty() {
                break;
            }
            answer.aliases.extend(next.aliases);
            answer.outcome = next.outcome;
            answer.as_of = next.as_of.or(answer.as_of);
            if answer.aliases.len() > MAX_ALIASES {
                answer.outcome = Outcome::Failed(Failure::AliasLoop);
            }
        }
        answer
    }
}

impl<A: Dns, B: Dns> Dns for Overlay<A, B> {
    async fn ask(&self, question: &Question) -> Answer {
        self.follow(question, false).await
    }

    async fn ask_once(&self, question: &Question) -> Answer {
        self.follow(question, true).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dns::zone::ZoneData;
    use crate::name::{Kind, Name};
    use crate::source::{Source, SourceKind};
    use crate::zone::master;

    fn zone(origin: &str, text: &str) -> ZoneData {
        let source = Source::new(origin, format!("$TTL 60\n$ORIGIN {origin}.\n{text}\n"), SourceKind::File);
        let mut data = ZoneData::new();
        data.add(&Arc::new(master::read(&source, None, None)));
        data
    }

    #[tokio::test]
    async fn aliases_lead_from_one_to_the_other_and_back() {
        let first = zone("a.test", "x CNAME y.b.test.\nz TXT here\nloop CNAME loop.b.test.");
        let second = zone("b.test", "y CNAME z.a.test.\nloop CNAME loop.a.test.\nt TXT there");
        let both = Overlay(first, second);
        let ask = async |name: &str| both.ask(&Question::new(&Name::parse(name).expect("name"), Kind::TXT)).await;
        let answer = ask("x.a.test").await;
        assert_eq!((answer.aliases.len(), answer.records().len()), (2, 1));
        assert_eq!(ask("loop.a.test").await.failure(), Some(Failure::AliasLoop));
        assert_eq!(ask("t.b.test").await.records().len(), 1);
        assert_eq!(ask("c.test").await.failure(), Some(Failure::NotAsked));
    }
}
