//! Questions that can be answered from the evidence alone.

pub mod dkim;
pub mod dmarc;
pub mod pass;
pub mod spf;
