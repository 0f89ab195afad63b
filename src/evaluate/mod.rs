//! Questions that can be answered from the evidence alone.

pub mod answers;
pub mod authority;
pub mod check_host;
pub mod dane;
pub mod dkim;
pub mod dmarc;
pub mod dmarc_plan;
pub mod exchange;
pub mod flatten;
pub mod initial_domain;
pub mod macros;
pub mod no_mail;
pub mod pass;
pub mod ranges;
pub mod seen;
pub mod senders;
pub mod size;
pub mod spf;
pub mod ttl;
