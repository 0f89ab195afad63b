//! Asks each question once in a run, also when many ask it at the same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::dns::{Answer, Dns};
use crate::name::Question;

/// Remembers every answer of the one behind it, failures too, for as long as it lives.
#[derive(Debug)]
pub struct Cache<D> {
    dns: D,
    answers: Mutex<HashMap<Question, Arc<OnceCell<Answer>>>>,
}

impl<D: Dns> Cache<D> {
    /// A cache before this one.
    pub fn new(dns: D) -> Cache<D> {
        Cache { dns, answers: Mutex::new(HashMap::new()) }
    }
}

impl<D: Dns> Dns for Cache<D> {
    async fn ask(&self, question: &Question) -> Answer {
        let cell = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(question.clone()).or_default())
        };
        cell.get_or_init(|| self.dns.ask(question)).await.clone()
    }

    async fn ask_once(&self, question: &Question) -> Answer {
        self.dns.ask_once(question).await
    }

    async fn ask_server(&self, server: IpAddr, question: &Question) -> Answer {
        self.dns.ask_server(server, question).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::dns::Failure;
    use crate::name::{Kind, Name};

    struct Counting(AtomicUsize);

    impl Dns for Counting {
        async fn ask(&self, question: &Question) -> Answer {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Answer::failed(question, Failure::Timeout)
        }
    }

    #[tokio::test]
    async fn a_guess_is_not_remembered() {
        let cache = Cache::new(Counting(AtomicUsize::new(0)));
        cache.ask_once(&Question::new(&Name::root(), Kind::NS)).await;
        assert!(cache.answers.lock().expect("a lock").is_empty());
    }

    #[tokio::test]
    async fn each_question_is_asked_once() {
        let counting = Counting(AtomicUsize::new(0));
        let cache = Cache::new(&counting);
        let question = Question::new(&Name::root(), Kind::NS);
        tokio::join!(cache.ask(&question), cache.ask(&question));
        cache.ask(&question).await;
        assert_eq!(counting.0.load(Ordering::Relaxed), 1);
    }
}
