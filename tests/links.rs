//! The links from a rule by what receivers do about it to the reply that one sees, and back: what a receiver sends
//! because of a finding, its table of replies explains by that finding.

use mailvet::bounce::{self, Cause, families, meanings};
use mailvet::receivers::{self, Receiver, Reply};

/// Findings that a reply is not explained by, and why.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

#[test]
fn what_a_receiver_replies_is_explained_by_what_it_objects_to() {
    let mut broken = Vec::new();
    for receiver in receivers::all() {
        for reply in &receiver.reply {
            let Some(cause) = cause(receiver, reply) else {
                broken.push(format!("{} {}: nothing explains {}", receiver.id, reply.id, reply.text));
                continue;
            };
            let sent = receiver.when.iter().filter(|when| when.reply.as_deref() == Some(reply.id.as_str()));
            let unexplained = sent.filter(|when| {
                let is_exception = EXCEPTIONS.iter().any(|(of, id, _)| *of == receiver.id && *id == when.finding);
                !cause.meaning.names(&when.finding) && !is_exception
            });
            broken.extend(unexplained.map(|when| {
                format!(
                    "{} {}: {} ({}) does not name {}",
                    receiver.id, reply.id, cause.id, cause.meaning.id, when.finding
                )
            }));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// The cause in the receiver's own table; in the one of all receivers where it has no table.
fn cause(receiver: &Receiver, reply: &Reply) -> Option<&'static Cause> {
    let mailboxes = receiver.mailboxes.first().and_then(|boxes| boxes.domains.first());
    let address = format!("someone@{}", mailboxes.map_or("contoso.com", String::as_str));
    let text = reply.text.replace("[address]", &address).replace("[domain]", "contoso.com");
    let found = bounce::read("reply", text.as_bytes());
    let refusal = found[0].recipients.first()?;
    let family = families().iter().find(|family| family.id == receiver.id);
    let cause = bounce::cause(family, refusal.replies.first()?)?;
    let is_own = family.is_none_or(|family| cause.id.starts_with(&format!("{}-", family.id)));
    is_own.then_some(cause)
}

/// The check of a sender's records says nothing about the recipient's.
#[test]
fn only_the_senders_side_is_explained_by_its_records() {
    let of_recipients = ["recipient-", "mx-is-", "mail-loop", "connection-refused", "relay-", "user-", "mailbox-"];
    for meaning in meanings().iter().filter(|own| of_recipients.iter().any(|start| own.id.starts_with(start))) {
        assert!(meaning.rules.is_empty(), "{}: {:?}", meaning.id, meaning.rules);
    }
}

/// A policy of DMARC refuses what does not pass: neither a missing record nor an MX can be the reason.
#[test]
fn a_finding_that_cannot_be_the_reason_is_not_named() {
    for (id, findings) in [
        ("dmarc-reject", ["dmarc-missing", "mx-missing", "host-ptr-missing", "spf-plus-all"]),
        ("yahoo-policy", ["dmarc-missing", "mx-missing", "host-ptr-missing", "auth-onmicrosoft-sender"]),
        ("spf-fail", ["spf-plus-all", "spf-range-wide", "dkim-key-missing", "dmarc-missing"]),
        ("dkim-fail", ["spf-missing", "dmarc-missing", "mx-missing", "host-ptr-missing"]),
        ("ptr-missing", ["spf-missing", "dkim-key-missing", "dmarc-missing", "host-mx-ptr-unconfirmed"]),
    ] {
        let meaning = meanings().iter().find(|own| own.id == id).expect(id);
        let named: Vec<&str> = findings.into_iter().filter(|finding| meaning.names(finding)).collect();
        assert_eq!(named, Vec::<&str>::new(), "{id}");
    }
}
