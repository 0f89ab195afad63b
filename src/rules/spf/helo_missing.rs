//! A host that the SPF record names as a sender has no SPF record for its own name.

use crate::dns::Outcome;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "spf-helo-missing",
    severity: Severity::Advice,
    references: &["RFC 7208 section 2.3", "RFC 7208 section 2.4"],
    check,
    text: Text {
        en: Prose {
            title: "the sending host {host} has no SPF record of its own",
            here: "no SPF record for this name",
            why: "Bounces have no sender address, so receivers check SPF for the name with which the server greets (HELO). If this server greets as {host}, its bounces have no SPF result.",
            fix: "Publish this record at {host}, if the server greets with that name.",
        },
        es: Prose {
            title: "el servidor de envío {host} no tiene registro SPF propio",
            here: "sin registro SPF para este nombre",
            why: "Los avisos de devolución no llevan remitente, por lo que los receptores comprueban SPF para el nombre con el que se presenta el servidor (HELO). Si este servidor se presenta como {host}, sus avisos no obtienen resultado SPF.",
            fix: "Publique este registro en {host} si el servidor se presenta con ese nombre.",
        },
        ja: Prose {
            title: "送信ホスト {host} 自身のSPFレコードがありません",
            here: "この名前のSPFレコードがありません",
            why: "不達通知には差出人アドレスがないため、受信側はサーバーが名乗る名前(HELO)でSPFを調べます。このサーバーが {host} と名乗っている場合、不達通知にはSPFの結果が付きません。",
            fix: "サーバーがこの名前を名乗っている場合は、{host} に次のレコードを公開してください。",
        },
    },
};

/// RFC 7208 section 2.4: "When the reverse-path is null, this document defines the "MAIL FROM" identity to be the mailbox
/// composed of the local-part "postmaster" and the "HELO" identity".
fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in &evidence.sending_hosts {
        // A host that does not exist is another rule's concern.
        if host.is_missing() && matches!(host.answer.outcome, Outcome::Records(_) | Outcome::NoData) {
            let name = &host.answer.question.name;
            let finding = RULE.at([host.answer.question_span()]).with("host", name);
            findings.push(finding.publish(name, Kind::TXT, "v=spf1 a -all"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn named_by_a_or_mx() {
        finds(
            &RULE,
            r#"
            @    MX  10 mail
            @    TXT "v=spf1 mx a:out.example.test -all"
            ?
            ?
            mail A   192.0.2.1
            out  A   192.0.2.2
            "#,
        );
    }

    #[test]
    fn hosts_with_a_record_and_hosts_of_others() {
        clean(
            &RULE,
            r#"
            @    MX  10 mail
            @    MX  20 mail.other.
            @    TXT "v=spf1 mx a a:gone.example.test ?a:web.example.test -all"
            mail A   192.0.2.1
            mail TXT "v=spf1 a -all"
            web  A   192.0.2.3
            mail.other. A 192.0.2.2
            "#,
        );
    }
}
