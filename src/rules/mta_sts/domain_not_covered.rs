//! A domain without an MX record, to whose own address mail goes, which the policy does not name.

use crate::evaluate::exchange::implicit;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-domain-not-covered",
    severity: Severity::Error,
    references: &["RFC 5321 section 5.1", "RFC 8461 section 5"],
    check,
    text: Text {
        en: Prose {
            title: "{domain} has no MX record, and its MTA-STS policy does not name {domain} itself",
            here: "no MX record here",
            why: "Without an MX record mail goes to the address of {domain} itself. Senders that honour MTA-STS, such as Gmail, Outlook.com and Exchange Online, deliver only to hosts that the policy names: their mail waits and then comes back.",
            fix: "Publish MX records for the hosts that the policy names. If {domain} itself is to take its mail, add `mx: {domain}` to the policy instead, and write a new `id` into the record at `_mta-sts`.",
        },
        es: Prose {
            title: "{domain} no tiene registro MX y su política MTA-STS no nombra el propio {domain}",
            here: "aquí no hay ningún registro MX",
            why: "Sin registro MX, el correo va a la dirección del propio {domain}. Los servidores que respetan MTA-STS, como Gmail, Outlook.com y Exchange Online, solo entregan a los servidores que la política nombra: su correo espera y acaba devuelto.",
            fix: "Publique registros MX para los servidores que la política nombra. Si es el propio {domain} el que debe recibir su correo, añada en su lugar `mx: {domain}` a la política y escriba un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} にはMXレコードがなく、MTA-STSポリシーにも {domain} 自身が書かれていません",
            here: "MXレコードがありません",
            why: "MXレコードがない場合、メールは {domain} 自身のアドレスに送られます。Gmail、Outlook.com、Exchange OnlineなどMTA-STSに従う送信側は、ポリシーに書かれたホストにしか配送しないため、メールは滞留したのち差出人に戻ります。",
            fix: "ポリシーに書かれたホストをMXレコードとして公開してください。{domain} 自身がメールを受け取る場合は、代わりにポリシーに `mx: {domain}` を追加し、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::Enforce)) else {
        return;
    };
    let Some(host) = implicit(evidence).filter(|host| !policy.covers(host.name)) else { return };
    // A policy without any host is another rule's.
    if policy.mx().next().is_some() {
        let finding = RULE.at([host.span]).and_at(policy.mx().map(|field| document.span(field.value.clone())));
        findings.push(finding.with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::findings_in;

    const ZONE: &str = "$TTL 60\n@ A 192.0.2.1\n_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 192.0.2.2\n";

    fn finds(zone: &str, policy: &str) -> Vec<String> {
        let found = findings_in(&RULE, zone, policy);
        found.iter().flat_map(|finding| &finding.spans).map(|span| span.text().to_owned()).collect()
    }

    fn clean(zone: &str, policy: &str) {
        assert_eq!(finds(zone, policy), [""; 0], "{policy}");
    }

    #[test]
    fn another_host() {
        let places = ["example.test. MX", "mail.example.test", "*.example.test"];
        assert_eq!(finds(ZONE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmx: *.example.test\n"), places);
    }

    #[test]
    fn named_or_not_enforced_or_with_another_exchange() {
        clean(ZONE, "version: STSv1\nmode: enforce\nmx: Example.TEST\n");
        clean(ZONE, "version: STSv1\nmode: testing\nmx: mail.example.test\n");
        clean(ZONE, "version: STSv1\nmode: enforce\n");
        clean(&format!("{ZONE}@ MX 0 mail\n"), "version: STSv1\nmode: enforce\nmx: mx.example.test\n");
        clean(&ZONE.replace("@ A", "www A"), "version: STSv1\nmode: enforce\nmx: mx.example.test\n");
    }
}
