//! Reads the bounces of `testdata/bounces`, and what people paste.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use mailvet::bounce::{self, Bounce, Kind, Quoted, Refusal};
use mailvet::source::Span;

/// The kind of a mail, and a line for each recipient.
type Expected = (Kind, &'static [&'static str]);

/// What is read from each example: its kind, and for each recipient the server and the code that say most.
const EXAMPLES: [(&str, &[Expected]); 10] = [
    ("m365-classic.eml", &[(Kind::Failed, &["ben@gmail.com gmail-smtp-in.l.google.com 550 5.7.26"])]),
    ("m365-modern-es.eml", &[(Kind::Failed, &["carla@yahoo.com mta5.am0.yahoodns.net 554 5.7.9"])]),
    (
        "m365-modern-ja.eml",
        &[(Kind::Failed, &["daichi@fabrikam.com fabrikam-com.mail.protection.outlook.com 550 5.7.515"])],
    ),
    (
        "m365-html-only.eml",
        &[(Kind::Failed, &["erik@fabrikam.com fabrikam-com.mail.protection.outlook.com 550 5.7.64"])],
    ),
    ("postfix-yahoo.eml", &[(Kind::Failed, &[YAHOO])]),
    ("delay.eml", &[(Kind::Delayed, &[DEFERRED])]),
    ("qmail.eml", &[(Kind::Failed, &["frida@fabrikam.com 192.0.2.80 550 5.1.1", "gabriel@fabrikam.com - - 5.1.2"])]),
    ("pasted.txt", &[(Kind::Failed, &["ivo@aol.com - - -"])]),
    ("auto-reply.eml", &[(Kind::AutoReply, &[])]),
    ("three.mbox", &[(Kind::Failed, &[YAHOO]), (Kind::Delayed, &[DEFERRED]), (Kind::AutoReply, &[])]),
];
const YAHOO: &str = "carla@yahoo.com mta5.am0.yahoodns.net 554 5.7.9";
const DEFERRED: &str = "carla@yahoo.com mta5.am0.yahoodns.net 421 4.7.0";

#[test]
fn examples_are_read() {
    for (file, expected) in EXAMPLES {
        let found: Vec<(Kind, Vec<String>)> = read(file).iter().map(|bounce| (bounce.kind, brief(bounce))).collect();
        let expected: Vec<(Kind, Vec<String>)> =
            expected.iter().map(|(kind, lines)| (*kind, lines.iter().map(ToString::to_string).collect())).collect();
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn line_ends_and_blanks_change_nothing() {
    for (file, _) in EXAMPLES {
        let text = fs::read_to_string(example(file)).expect("a text");
        let lines: Vec<Vec<String>> = bounce::read(file, text.as_bytes()).iter().map(brief).collect();
        for (ends, what) in [("\r\n", "CRLF"), ("\r", "CR")] {
            let found = bounce::read(file, text.replace('\n', ends).as_bytes());
            assert_eq!(found.iter().map(brief).collect::<Vec<_>>(), lines, "{file} with {what}");
        }
    }
}

#[test]
fn places_are_lines_of_the_file() {
    let bounces = read("three.mbox");
    let file = fs::read_to_string(example("three.mbox")).expect("a text");
    let line = |span: &Span| file.lines().nth(span.position().line - 1).expect("a line").to_owned();
    let refusal = &bounces[1].recipients[0];
    let recipient = refusal.recipient.as_ref().expect("a recipient");
    assert_eq!(recipient.span.source.name, "three.mbox");
    assert_eq!(line(&recipient.span), "Final-Recipient: rfc822; carla@yahoo.com");
    assert!(line(&refusal.replies[0].span).starts_with("Diagnostic-Code: smtp; 421 4.7.0"), "{:?}", refusal.replies[0]);
    // A part that was encoded has a text of its own.
    let decoded = &read("m365-html-only.eml")[0].recipients[0].replies[0].span;
    assert_eq!(decoded.source.name, "m365-html-only.eml (part 1, HTML)");
    assert!(decoded.text().starts_with("550 5.7.64"), "{decoded:?}");
}

#[test]
fn the_mail_that_came_back_is_read() {
    let original = &read("postfix-yahoo.eml")[0].original;
    assert_eq!(quoted(&original.from), "anna@contoso.com");
    assert_eq!(quoted(&original.mail_from), "anna@contoso.com");
    assert_eq!(quoted(&original.sending_ip), "203.0.113.7");
    let [(domain, selector)] = &original.signatures[..] else { panic!("{:?}", original.signatures) };
    assert_eq!((domain.text.as_str(), selector.text.as_str()), ("contoso.com", "mail"));
    let original = &read("m365-classic.eml")[0].original;
    assert_eq!(quoted(&original.sending_ip), "192.0.2.25", "the one that the reply names");
    assert!(original.authentication_results[0].text.starts_with("dkim=none (message not signed)"));
    assert_eq!(quoted(&original.date), "Mon, 12 Jan 2026 09:01:58 +0000");
}

#[test]
fn lines_that_are_pasted() {
    for (text, kind, code, words) in [
        (
            "554 5.7.9 Message not accepted for policy reasons",
            Kind::Failed,
            "554 5.7.9",
            "554 5.7.9 Message not accepted for policy reasons",
        ),
        (
            "421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred",
            Kind::Delayed,
            "421 4.7.0",
            "421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred",
        ),
        (
            "Remote Server returned '550 5.7.515 Access denied'",
            Kind::Failed,
            "550 5.7.515",
            "550 5.7.515 Access denied",
        ),
        (
            "550 5.0.350 Remote server returned an error -> 550 5.7.26 This mail is unauthenticated",
            Kind::Failed,
            "550 5.7.26",
            "550 5.7.26 This mail is unauthenticated",
        ),
        (
            "550 4.4.7 QUEUE.Expired; message expired -> 421 4.7.0 [TSS04] deferred",
            Kind::Failed,
            "421 4.7.0",
            "421 4.7.0 [TSS04] deferred",
        ),
        (
            "The server or service did not respond in time.",
            Kind::Failed,
            "- -",
            "The server or service did not respond in time.",
        ),
        (
            "Jan 12 10:00:03 mx postfix/smtp[7]: 4ABC: to=<a@yahoo.com>, relay=mta5.am0.yahoodns.net[192.0.2.200]:25, dsn=5.7.9, status=bounced (host mta5.am0.yahoodns.net[192.0.2.200] said: 554 5.7.9 Not accepted (in reply to end of DATA command))",
            Kind::Failed,
            "554 5.7.9",
            "554 5.7.9 Not accepted",
        ),
    ] {
        let found = bounce::read("-", text.as_bytes());
        let [Bounce { recipients, kind: got, .. }] = &found[..] else { panic!("{found:?}") };
        let brief = brief(&found[0]);
        assert!(brief[0].ends_with(code), "{text}: {brief:?}");
        assert_eq!(recipients[0].replies[0].text, words, "{text}");
        assert_eq!(*got, kind, "{text}");
    }
}

/// What an administrator pastes, and what is read: recipient, server and codes; then the cause.
const PASTED: [(&str, &str, &str); 20] = [
    (
        "Your message to carla@yahoo.com couldn't be delivered.\n\nanna\tOffice 365\tyahoo.com\n\nMore Info for Email Admins\nStatus code: 550 5.7.350\n\nOriginal Message Details\nCreated Date:\t1/12/2026 9:01:58 AM\nSender Address:\tanna@contoso.com\nRecipient Address:\tcarla@yahoo.com\n\nError Details\nReported error:\t550 5.7.350 Remote server returned message detected as spam -> 554 5.7.9 Message not accepted for policy reasons.\nDSN generated by:\tAM9PR04MB0002.eurprd04.prod.outlook.com\nRemote server:\tmta5.am0.yahoodns.net",
        "carla@yahoo.com mta5.am0.yahoodns.net 554 5.7.9",
        "yahoo-5.7.9",
    ),
    (
        "Su mensaje a ben@fabrikam.com no se pudo entregar.\n\nDirección del remitente:\tanna@contoso.com\nDirección del destinatario:\tben@fabrikam.com\n\nError notificado:\t550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ben@fabrikam.com not found by SMTP address lookup\nDSN generado por:\tAM9PR04MB0002.eurprd04.prod.outlook.com",
        "ben@fabrikam.com - 550 5.1.10",
        "microsoft365-5.1.10",
    ),
    (
        "daichi@fabrikam.com へのメッセージを配信できませんでした。\n\n送信者のアドレス:\tanna@contoso.com\n受信者のアドレス:\tdaichi@fabrikam.com\n\n報告されたエラー:\t550 5.7.515 Access denied, sending domain contoso.com does not meet the required authentication level.\nDSN の生成元:\tTYAPR01MB0002.jpnprd01.prod.outlook.com",
        "daichi@fabrikam.com - 550 5.7.515",
        "outlook-5.7.515",
    ),
    (
        "Votre message à erik@fabrikam.com n'a pas pu être remis.\n\nAdresse de l'expéditeur :\tanna@contoso.com\nAdresse du destinataire :\terik@fabrikam.com\n\nErreur signalée :\t550 5.7.23 The message was rejected because of Sender Policy Framework violation\nDSN généré par :\tPR3P193MB0002.EURP193.PROD.OUTLOOK.COM",
        "erik@fabrikam.com - 550 5.7.23",
        "microsoft365-5.7.23",
    ),
    // Nobody is named but the sender's own server and the recipient: it is Yahoo that "Remote Server" stands for.
    (
        "次の受信者またはグループへの配信に失敗しました:\n\ncarla@aol.com\n\n管理者向けの診断情報:\n\n生成サーバー: TYAPR01MB0002.jpnprd01.prod.outlook.com\n\ncarla@aol.com\nRemote Server returned '451 4.3.2 Internal server error'",
        "carla@aol.com - 451 4.3.2",
        "yahoo-4.3.2",
    ),
    // The server that wrote the report says of itself, too, what it returned.
    (
        "Delivery has failed to these recipients or groups:\n\nivo@aol.com\n\nGenerating server: AM9PR04MB0002.eurprd04.prod.outlook.com\nReceiving server: AM9PR04MB0002.eurprd04.prod.outlook.com\nivo@aol.com\n1/12/2026 9:01:58 AM - Server at AM9PR04MB0002.eurprd04.prod.outlook.com returned '550 5.4.316 Message expired, connection refused(Socket error code 10061)'\n1/12/2026 8:51:58 AM - Server at mta5.am0.yahoodns.net (192.0.2.200) returned '450 4.4.316 Connection refused [Message=Socket error code 10061]'",
        "ivo@aol.com mta5.am0.yahoodns.net 450 4.4.316",
        "generic-refused-connection",
    ),
    (
        "Delivery is delayed to these recipients or groups:\n\nivo@aol.com\n\nGenerating server: AM9PR04MB0002.eurprd04.prod.outlook.com\nTotal retry attempts: 5\n\nivo@aol.com\nServer at mta5.am0.yahoodns.net (192.0.2.200) returned '421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred'",
        "ivo@aol.com mta5.am0.yahoodns.net 421 4.7.0",
        "yahoo-4.7.0-tss04",
    ),
    (
        "Reason: [{LED=421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred};{MSG=};{FQDN=mta5.am0.yahoodns.net};{IP=192.0.2.200};{LRT=1/12/2026 9:01:58 AM}]. OutboundProxyTargetIP: 192.0.2.200",
        "- mta5.am0.yahoodns.net 421 4.7.0",
        "yahoo-4.7.0-tss04",
    ),
    (
        "[{LED=450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=mx.fabrikam.com] [LastAttemptedIP=192.0.2.80:25]};{MSG=Socket error code 10061};{FQDN=mx.fabrikam.com}]",
        "- mx.fabrikam.com 450 4.4.316",
        "microsoft365-4.4.316",
    ),
    ("Remote Server returned '550 5.4.300 Message expired'", "- - 550 5.4.300", "microsoft365-5.4.300"),
    ("550 5.7.515", "- - 550 5.7.515", "outlook-5.7.515"),
    ("550 5.7.509 Access denied", "- - 550 5.7.509", "microsoft365-5.7.509"),
    (
        "Jan 12 10:00:03 mx postfix/smtp[7]: 4ABC: to=<a@fabrikam.com>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.fabrikam.com[192.0.2.1]:25: Connection timed out)",
        "a@fabrikam.com mx.fabrikam.com - 4.4.1",
        "generic-unreachable",
    ),
    (
        "Jan 12 10:00:03 mx postfix/smtp[7]: 4ABC: to=<a@fabrikam.example>, relay=none, delay=30, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=fabrikam.example type=AAAA: Host not found)",
        "a@fabrikam.example - - 5.4.4",
        "generic-recipient-domain",
    ),
    (
        "2026-01-12 10:00:03 1abcDE-0001xy-7Z ** a@yahoo.com R=dnslookup T=remote_smtp H=mta5.am0.yahoodns.net [192.0.2.200] X=TLS1.3:ECDHE_X25519:256 CV=yes: SMTP error from remote mail server after end of data: 554 5.7.9 Message not accepted for policy reasons.",
        "a@yahoo.com mta5.am0.yahoodns.net 554 5.7.9",
        "yahoo-5.7.9",
    ),
    (
        "2026-01-12 10:00:03 1abcDE-0001xy-7Z == a@hotmail.com R=dnslookup T=remote_smtp defer (-44) H=hotmail-com.olc.protection.outlook.com [192.0.2.201]: SMTP error from remote mail server after RCPT TO:<a@hotmail.com>: 451 4.7.650 The mail server [192.0.2.25] has been temporarily rate limited due to IP reputation.",
        "a@hotmail.com hotmail-com.olc.protection.outlook.com 451 4.7.650",
        "outlook-4.7.650",
    ),
    (
        "2026-01-12 10:00:03 1abcDE-0001xy-7Z ** a@fabrikam.example R=dnslookup: Unrouteable address",
        "a@fabrikam.example - - -",
        "generic-recipient-domain",
    ),
    (
        "Jan 12 10:00:03 mx sendmail[123]: 0AC9: to=<carla@yahoo.com>, mailer=esmtp, relay=mta5.am0.yahoodns.net. [192.0.2.200], dsn=5.7.9, stat=Service unavailable: 554 5.7.9 Message not accepted for policy reasons.",
        "carla@yahoo.com - 554 5.7.9",
        "yahoo-5.7.9",
    ),
    (
        "550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n550-5.7.26\n550-5.7.26  SPF [contoso.com] with ip: [192.0.2.25] = did not pass\n550 5.7.26  See https://support.google.com/mail - gsmtp",
        "- - 550 5.7.26",
        "gmail-5.7.26",
    ),
    (
        "MAIL FROM:<a@contoso.com>\n250 2.1.0 OK\nRCPT TO:<ben@fabrikam.com>\n550 5.7.1 Unable to relay",
        "ben@fabrikam.com - 550 5.7.1",
        "generic-relay",
    ),
];

#[test]
fn what_administrators_paste() {
    for (text, expected, cause) in PASTED {
        let found = bounce::read("-", text.as_bytes());
        assert_eq!(brief(&found[0]), [expected], "{text}");
        let refusal = &found[0].recipients[0];
        assert_eq!(refusal.cause.map(|cause| cause.id.as_str()), Some(cause), "{text}");
        assert!(refusal.replies.iter().all(|reply| !reply.text.contains("Generating server")), "{:?}", refusal.replies);
    }
}

/// Nobody replied, and no recipient is named.
#[test]
fn a_server_that_cannot_be_reached() {
    let unreachable = "connect to mx.fabrikam.com[192.0.2.1]:25: Connection timed out";
    let lookup = "Host or domain name not found. Name service error for name=fabrikam.example type=MX: Host not found";
    for (text, kind, expected, cause) in [
        (unreachable.to_owned(), Kind::Delayed, "- mx.fabrikam.com - -", "generic-unreachable"),
        (format!("({unreachable})\n"), Kind::Delayed, "- mx.fabrikam.com - -", "generic-unreachable"),
        (
            format!("We see:\n\n  Jan 12 10:00:03 mx postfix/smtp[7]: {unreachable}"),
            Kind::Delayed,
            "- mx.fabrikam.com - -",
            "generic-unreachable",
        ),
        (
            format!("<a@fabrikam.com>: {unreachable}"),
            Kind::Delayed,
            "a@fabrikam.com mx.fabrikam.com - -",
            "generic-unreachable",
        ),
        (
            "connect to mx.fabrikam.com[2001:db8::1]:25: Connection refused".to_owned(),
            Kind::Delayed,
            "- mx.fabrikam.com - -",
            "generic-refused-connection",
        ),
        (lookup.to_owned(), Kind::Failed, "- - - -", "generic-recipient-domain"),
        (format!("{lookup}, try again"), Kind::Delayed, "- - - -", "generic-dns-failed"),
    ] {
        let found = bounce::read("-", text.as_bytes()).swap_remove(0);
        assert_eq!((found.kind, brief(&found)), (kind, vec![expected.to_owned()]), "{text}");
        let refusal = &found.recipients[0];
        assert_eq!(refusal.cause.map(|cause| cause.id.as_str()), Some(cause), "{text}");
        assert!(text.contains(&refusal.replies[0].text), "{:?}", refusal.replies);
        assert_places(&found);
    }
}

/// Behind other words, what is known as a reply is still one.
#[test]
fn replies_in_a_text_are_found() {
    let mut missed = Vec::new();
    let examples: Vec<&str> =
        bounce::families().iter().flat_map(|it| &it.causes).map(|it| it.example.as_str()).collect();
    for example in &examples {
        let alone = bounce::read("-", example.as_bytes())[0].kind.is_bounce();
        let text = format!("Hello,\n\nwhat does this mean?\n\n{example}\n\nBob\n");
        if alone && !bounce::read("-", text.as_bytes())[0].kind.is_bounce() {
            missed.push(example);
        }
    }
    assert!(missed.len() * 100 <= examples.len(), "{} of {}: {missed:#?}", missed.len(), examples.len());
}

#[test]
fn a_log_tells_each_recipient_and_whether_the_mail_came_back() {
    let line = |to, fate| format!("mx postfix/smtp[7]: 4ABC: to=<{to}>, relay=none, dsn=4.4.1, status={fate}\n");
    let late = line("a@fabrikam.com", "deferred (connect to mx.fabrikam.com[192.0.2.1]:25: Connection timed out)");
    let sent = line("b@fabrikam.com", "sent (250 ok)");
    let back = line("c@fabrikam.com", "bounced (mail for fabrikam.com loops back to myself)");
    let read = |text: &str| {
        let found = bounce::read("-", text.as_bytes());
        (found[0].kind, brief(&found[0]).len())
    };
    assert_eq!(read(&format!("{late}{sent}")), (Kind::Delayed, 1));
    assert_eq!(read(&format!("{late}{sent}{back}")), (Kind::Failed, 2));
    assert_eq!(read(&sent), (Kind::Other, 0));
}

#[test]
fn what_is_no_bounce() {
    for text in [
        "",
        "\n\n",
        "Hello, 500 people came.",
        "From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nSee you at 4.5.2026 in room 550.\n",
        "From: postmaster@contoso.com\nTo: c@d.example\nSubject: Welcome\n\nWrite to info@contoso.com with questions.\n",
        "Dear Ann,\n\n550 5.1.1 euros are due.\n\nBob\n",
        "Rooms:\n450\n512 with a view\n",
        "From: Postmaster <a@b.example>\nTo: c@d.example\nSubject: Bill\n\nDear Ann,\n550 euros are due.\n",
        "ssh: connect to host contoso.com port 22: Connection timed out",
        "From: a@b.example\nTo: c@d.example\nSubject: Letter\n\nYour parcel could not be delivered to me@b.example.\n",
    ] {
        let found = bounce::read("-", text.as_bytes());
        assert_eq!((found[0].kind, found[0].recipients.len()), (Kind::Other, 0), "{text:?}");
    }
}

#[test]
fn broken_mails_are_read() {
    let mut random = Random(0x6d61_696c_7665_7421);
    for (file, _) in EXAMPLES {
        let bytes = fs::read(example(file)).expect("an example");
        for run in 0..200 {
            let broken = broken(&bytes, &mut random);
            let found = catch_unwind(AssertUnwindSafe(|| bounce::read(file, &broken)));
            let Ok(found) = found else {
                panic!("{file}, broken in the way {run}:\n{}", String::from_utf8_lossy(&broken))
            };
            found.iter().for_each(assert_places);
        }
    }
}

#[test]
fn endless_mails_are_bounded() {
    let head = "From: MAILER-DAEMON@contoso.com\nTo: a@contoso.com\nSubject: Undelivered\n";
    let nested = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let digests = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(20_000);
    let recipients: String = (0..5000).map(|n| format!("<a{n}@b.example>: 550 5.1.1 no\n\n")).collect();
    let replies = format!("\n<a@b.example>: {}", "550 5.1.1 no; ".repeat(50_000));
    let marks = format!("\n<a@b.example>: {}", "'[(<\"550-".repeat(50_000));
    let html = format!("Content-Type: text/html\n\n{}", "<style><p>&#".repeat(50_000));
    let header = format!("X: {}\n\n", "a\n ".repeat(200_000));
    let at_signs = format!("\n{}", "a@".repeat(200_000));
    for body in [nested, digests, recipients, replies, marks, html, header, at_signs] {
        let found = bounce::read("endless.eml", format!("{head}{body}").as_bytes());
        assert!(found.iter().all(|bounce| bounce.recipients.len() <= 1100), "too many recipients");
        found.iter().for_each(assert_places);
    }
}

/// A bounce of a large mailing is read, and one that is too large says so.
#[test]
fn what_is_not_read_is_said() {
    let head = "From: MAILER-DAEMON@b.example\nTo: a@contoso.com\nSubject: Undelivered\nContent-Type: ";
    let refused = |n: usize| {
        format!(
            "Final-Recipient: rfc822; a{n}@b.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.b.example\n\
             X-A: 1\nX-B: 2\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        )
    };
    let report = |count| format!("{head}message/delivery-status\n\n{}", (0..count).map(refused).collect::<String>());
    let log = |count| "mx postfix/smtp[7]: 4ABC: to=<a@b.example>, status=bounced (no)\n".repeat(count);
    let text =
        |count| format!("Undeliverable\n{}", (0..count).map(|n| format!("<a{n}@b.example>: no\n")).collect::<String>());
    let read = |mail: String| {
        let found = bounce::read("many.eml", mail.as_bytes()).swap_remove(0);
        (found.recipients.len().min(1000), found.is_cut)
    };
    for write in [&report as &dyn Fn(usize) -> String, &log, &text] {
        assert_eq!(read(write(900)), (900, false));
        assert_eq!(read(write(1000)), (1000, false));
        assert_eq!(read(write(1200)), (1000, true));
    }
}

/// Every place lies inside its text.
fn assert_places(bounce: &Bounce) {
    let original = &bounce.original;
    let mut quoted: Vec<&Quoted> =
        [&original.from, &original.mail_from, &original.sending_ip, &original.date].into_iter().flatten().collect();
    quoted.extend(
        original
            .authentication_results
            .iter()
            .chain(original.signatures.iter().flat_map(|(domain, selector)| [domain, selector])),
    );
    let mut spans: Vec<&Span> = Vec::new();
    for refusal in &bounce.recipients {
        quoted.extend(
            [&refusal.recipient, &refusal.remote, &refusal.generator, &refusal.status, &refusal.retry_until]
                .into_iter()
                .flatten(),
        );
        spans.extend(refusal.replies.iter().map(|reply| &reply.span));
    }
    for span in spans.into_iter().chain(quoted.into_iter().map(|quoted| &quoted.span)) {
        assert!(span.source.text.get(span.bytes.clone()).is_some(), "{span:?}");
    }
}

/// Some octets changed, dropped, doubled, moved, or replaced by what means something to a reader.
fn broken(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    const PIECES: [&str; 22] = [
        "\0",
        "\x1b[2J",
        "\r",
        "\n",
        "\n\n",
        " ",
        "\t",
        ":",
        ";",
        "'",
        "\"",
        "(",
        "[",
        "<",
        "@",
        "=?",
        "550-",
        "550 5.7.1 ",
        "->",
        "日本",
        "\u{202e}",
        "--report\n",
    ];
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let from = random.below(out.len() + 1);
        let to = (from + random.below(60)).min(out.len());
        match random.below(6) {
            0 if from < out.len() => out[from] ^= 1 << random.below(8),
            1 => drop(out.drain(from..to)),
            2 if random.below(4) == 0 => out.truncate(from),
            3 => {
                let piece = out[from..to].to_vec();
                out.splice(from..from, piece);
            }
            4 if from < out.len() => out[from] = u8::try_from(random.below(256)).expect("an octet"),
            _ => drop(out.splice(from..from, PIECES[random.below(PIECES.len())].bytes())),
        }
    }
    out
}

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).expect("less than a usize")
    }
}

/// Recipient, server, code and enhanced code of each refusal.
fn brief(bounce: &Bounce) -> Vec<String> {
    let line = |refusal: &Refusal| {
        let smtp = refusal.smtp().map_or("-".to_owned(), |code| code.to_string());
        let enhanced = refusal.enhanced().map_or("-".to_owned(), |code| code.to_string());
        format!("{} {} {smtp} {enhanced}", quoted(&refusal.recipient), quoted(&refusal.remote))
    };
    bounce.recipients.iter().map(line).collect()
}

fn quoted(quoted: &Option<Quoted>) -> &str {
    quoted.as_ref().map_or("-", |quoted| &quoted.text)
}

fn read(file: &str) -> Vec<Bounce> {
    bounce::read(file, &fs::read(example(file)).expect("an example"))
}

fn example(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/bounces").join(file)
}

/// A line alone names no server: code and words together tell whose it is, where only one receiver says so.
#[test]
fn the_words_of_one_receiver_alone_tell_whose_they_are() {
    let whose = |line: &str| {
        let bounces = bounce::read("line", line.as_bytes());
        let refusal = bounces.first().and_then(|bounce| bounce.recipients.first()).expect("a refusal");
        refusal.family.map(|family| family.id.as_str())
    };
    let gmail = "550 5.2.1 The user you are trying to contact is receiving email at a rate that prevents additional";
    assert_eq!(whose(&format!("{gmail} messages from being delivered.")), Some("gmail"));
    assert_eq!(whose("550 5.2.1 The mailbox is closed"), None, "anybody's words");
    assert_eq!(whose("550 5.1.1 user unknown"), None);
}

#[test]
fn what_windows_saves_as_unicode_is_read() {
    let line = "550 5.1.1 no existe el buzón";
    let little: Vec<u8> = [0xFEFF].into_iter().chain(line.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xFEFF].into_iter().chain(line.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let bounces = bounce::read("line", &bytes);
        assert_eq!(bounces[0].recipients[0].replies[0].text, line);
    }
}
