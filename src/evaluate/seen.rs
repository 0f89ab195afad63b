//! Of what anything is to be seen: no finding about the rest does not mean that all is well there.

use crate::evaluate::senders::{Tristate, coverage, others};
use crate::evidence::Evidence;
use crate::finding::Aspect;

/// The aspects that the evidence says anything about.
pub fn aspects(evidence: &Evidence) -> Vec<Aspect> {
    Aspect::ALL.into_iter().filter(|aspect| is_seen(evidence, *aspect)).collect()
}

fn is_seen(evidence: &Evidence, aspect: Aspect) -> bool {
    match aspect {
        Aspect::Spf => evidence.spf.own().failure().is_none(),
        Aspect::Dkim => evidence.dkim.selectors.iter().any(|selector| !selector.asked.found.is_empty()),
        // The walk ends at a record: what is above it need not be known.
        Aspect::Dmarc => evidence.own_dmarc().is_some() || evidence.dmarc.iter().all(|asked| asked.failure().is_none()),
        // A sender that may fail is not fine, even where no rule speaks of it; nor is one of whom nothing is known.
        Aspect::Alignment => {
            let senders = coverage(evidence);
            let all_pass = senders.iter().all(|sender| sender.dmarc == Tristate::Yes);
            !senders.is_empty() && all_pass && others(evidence).is_empty()
        }
        Aspect::Ptr => evidence.sending_addresses.iter().any(|address| address.ptr.failure().is_none()),
        Aspect::Dns => evidence.soa.failure().is_none(),
    }
}
