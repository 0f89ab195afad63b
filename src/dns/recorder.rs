//! Keeps every answer that passes, for a snapshot.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::dns::{Answer, Dns};
use crate::name::Question;

/// Asks the one behind it, and keeps what it answers.
#[derive(Debug)]
pub struct Recorder<D> {
    dns: D,
    answers: Mutex<BTreeMap<Question, Answer>>,
}

impl<D: Dns> Recorder<D> {
    /// A recorder before this one.
    pub fn new(dns: D) -> Recorder<D> {
        Recorder { dns, answers: Mutex::new(BTreeMap::new()) }
    }

    /// All answers so far, by question.
    pub fn answers(&self) -> Vec<Answer> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl<D: Dns> Dns for Recorder<D> {
    async fn ask(&self, question: &Question) -> Answer {
        let answer = self.dns.ask(question).await;
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(question.clone(), answer.clone());
        answer
    }
}
