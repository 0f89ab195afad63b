//! Notifications of Amazon SES: JSON in the text of a mail.
//! <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>

use serde::Deserialize;

use crate::bounce::passage::{Joined, Passage};
use crate::bounce::{Bounce, Kind, Original, Quoted, Refusal, reply, status};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(alias = "eventType")]
    notification_type: String,
    #[serde(default)]
    mail: Mail,
    #[serde(default)]
    bounce: BounceObject,
}

#[derive(Default, Deserialize)]
struct Mail {
    #[serde(default)]
    source: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BounceObject {
    bounced_recipients: Vec<Recipient>,
    #[serde(rename = "reportingMTA")]
    reporting_mta: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    diagnostic_code: String,
}

/// Reads the notification in a text, if there is one.
pub(super) fn read(passage: &Passage) -> Option<Bounce> {
    let text = passage.text();
    let start = text.find('{')?;
    let end = text.rfind('}').filter(|end| *end > start)? + 1;
    if !text[start..end].contains("notificationType") && !text[start..end].contains("eventType") {
        return None;
    }
    // Mail servers cut lines that are too long, and go on with a blank.
    let json = text[start..end].replace("\r\n", "\n").replace("\n ", "").replace('\n', "");
    let notification: Notification = serde_json::from_str(&json).ok()?;
    let kind = match notification.notification_type.as_str() {
        "Bounce" => Kind::Failed,
        "Complaint" => Kind::Feedback,
        "Delivery" => Kind::Delivered,
        _ => return None,
    };
    let place = passage.part(start..end);
    let bounced = &notification.bounce.bounced_recipients;
    let (recipients, is_cut) = (bounced.iter().take(status::MOST), bounced.len() > status::MOST);
    let generator = quote(&place, notification.bounce.reporting_mta.trim_start_matches("dsn;").trim());
    let recipients = recipients.map(|recipient| refusal(&place, recipient, generator.clone())).collect();
    let original = Original { mail_from: quote(&place, &notification.mail.source), ..Original::default() };
    Some(Bounce { kind, recipients, is_cut, original })
}

fn refusal(place: &Passage, recipient: &Recipient, generator: Option<Quoted>) -> Refusal {
    let mut words = Joined::default();
    let said = quote(place, &recipient.diagnostic_code);
    words.push(0, recipient.diagnostic_code.trim_start_matches("smtp;"));
    let mut replies = reply::find(&words, place);
    for reply in &mut replies {
        // Positions in the decoded text are none in the file: the whole notification stands for them.
        let whole = place.span(0..place.text().len());
        reply.span = said.as_ref().map_or(whole, |said| said.span.clone());
    }
    let (recipient, status) = (quote(place, &recipient.email_address), quote(place, &recipient.status));
    Refusal { recipient, generator, status, replies, ..Refusal::default() }
}

/// Words and their place; the whole notification where they are written with escapes, or cut by a line.
fn quote(place: &Passage, words: &str) -> Option<Quoted> {
    if words.is_empty() {
        return None;
    }
    let range = place.text().find(words).map_or(0..place.text().len(), |at| at..at + words.len());
    Some(Quoted { text: words.to_owned(), span: place.span(range) })
}
