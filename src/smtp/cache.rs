//! Looks at each host once in a run: many domains share their MX hosts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::name::Name;
use crate::smtp::{Probe, Smtp};

/// Remembers every probe of the one behind it, failures too, for as long as it lives.
#[derive(Debug)]
pub struct Cache<S> {
    smtp: S,
    probes: Mutex<HashMap<(Name, IpAddr), Cell>>,
}

type Cell = Arc<OnceCell<Probe>>;

impl<S: Smtp> Cache<S> {
    /// A cache before this one.
    pub fn new(smtp: S) -> Cache<S> {
        Cache { smtp, probes: Mutex::new(HashMap::new()) }
    }
}

impl<S: Smtp> Smtp for Cache<S> {
    async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
        let cell = {
            let mut probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(probes.entry((host.clone(), address)).or_default())
        };
        cell.get_or_init(|| self.smtp.probe(host, address)).await.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::smtp::Failure;

    struct Counting(Arc<AtomicUsize>);

    impl Smtp for Counting {
        async fn probe(&self, host: &Name, address: IpAddr) -> Probe {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Probe::failed(host, address, Failure::Unreachable)
        }
    }

    #[tokio::test]
    async fn each_host_is_asked_once() {
        let count = Arc::new(AtomicUsize::new(0));
        let cache = Cache::new(Counting(Arc::clone(&count)));
        let (host, address) = (Name::root(), Ipv4Addr::LOCALHOST.into());
        tokio::join!(cache.probe(&host, address), cache.probe(&host, address));
        cache.probe(&host, address).await;
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }
}
