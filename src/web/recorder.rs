//! Keeps every page that passes, for a snapshot.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::web::{Page, Request, Url, Web};

/// Asks the one behind it, and keeps what comes back.
#[derive(Debug)]
pub struct Recorder<W> {
    web: W,
    pages: Mutex<BTreeMap<Url, Page>>,
}

impl<W: Web> Recorder<W> {
    /// A recorder before this one.
    pub fn new(web: W) -> Recorder<W> {
        Recorder { web, pages: Mutex::new(BTreeMap::new()) }
    }

    /// All pages so far, by URL.
    pub fn pages(&self) -> Vec<Page> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl<W: Web> Web for Recorder<W> {
    async fn fetch(&self, request: &Request) -> Page {
        let page = self.web.fetch(request).await;
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(request.url.clone(), page.clone());
        page
    }
}
