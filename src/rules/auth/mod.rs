//! Authentication as a whole, across SPF, DKIM and DMARC.

mod dmarc_cannot_pass;
mod dmarc_cannot_pass_none;
mod dmarc_cannot_pass_quarantine;
mod dmarc_unseen;
mod neither_spf_nor_dkim;
mod no_dkim;
mod no_mail_incomplete;
mod no_spf;
mod onmicrosoft_sender;
mod provider_cannot_sign;
mod sender_ptr_unconfirmed;
mod sender_without_ptr;
mod uncovered;
mod unsigned;

use crate::rules::Rule;

pub(super) static RULES: &[&Rule] = &[
    &neither_spf_nor_dkim::RULE,
    &dmarc_cannot_pass::RULE,
    &dmarc_cannot_pass_quarantine::RULE,
    &dmarc_cannot_pass_none::RULE,
    &dmarc_unseen::RULE,
    &no_spf::RULE,
    &no_dkim::RULE,
    &unsigned::RULE,
    &provider_cannot_sign::RULE,
    &sender_without_ptr::RULE,
    &sender_ptr_unconfirmed::RULE,
    &onmicrosoft_sender::RULE,
    &no_mail_incomplete::RULE,
];

#[cfg(test)]
mod tests {
    use crate::collect::Known;
    use crate::evidence::{Evidence, Who};
    use crate::testing::live_evidence_of;

    /// The evidence of `example.test` where the user says that its mail comes from this address.
    pub fn sent_from(address: &str, world: &str) -> Evidence {
        let via = vec![Who::read(address).expect("an address")];
        live_evidence_of("example.test", &format!("$TTL 60\n{world}\n"), &Known { via, ..Known::default() })
    }
}
