//! An MX record that was there to show who owns the domain.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::providers;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-verification-left",
    severity: Severity::Advice,
    references: &[
        "RFC 5321 section 5.1",
        "Microsoft: Add a domain to Microsoft 365",
        "Google: Verify your domain with an MX record",
    ],
    check,
    text: Text {
        en: Prose {
            title: "the MX host {host} of {domain} only verifies who owns the domain",
            here: "takes no mail",
            why: "The host does not exist: it is in MX because Microsoft or Google asked for it once to see that the domain is yours. Senders come to it last and in vain, so it does no harm while it stands behind all others.",
            fix: "When the domain is verified, delete this MX record.",
        },
        es: Prose {
            title: "el servidor MX {host} de {domain} solo sirve para verificar de quién es el dominio",
            here: "no recibe correo",
            why: "Este servidor no existe: figura en el MX porque Microsoft o Google lo pidieron para comprobar que el dominio es suyo. Los servidores remitentes lo prueban en último lugar y en vano, así que no hace daño mientras esté detrás de todos los demás.",
            fix: "Cuando el dominio esté verificado, elimine este registro MX.",
        },
        ja: Prose {
            title: "{domain} のMXホスト {host} は、ドメインの所有確認のためだけのものです",
            here: "メールを受け取りません",
            why: "このホストは実在しません。ドメインの所有者を確認するために、MicrosoftまたはGoogleの指示で追加されたものです。優先度が最も低ければ、送信側は最後に試して失敗するだけなので、害はありません。",
            fix: "ドメインの確認が済んでいれば、このMXレコードを削除してください。",
        },
    },
};

/// Hosts that Microsoft and Google ask for; none of them exists.
const HOSTS: [&str; 3] = ["*.msv1.invalid", "*.msv1.invalid.outlook.com", "*.mx-verification.google.com"];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| is_verification(&host.exchange)) {
        let finding = RULE.at([host.record.field_span(1)]).with("domain", &evidence.domain);
        findings.push(finding.with("host", &host.exchange));
    }
}

/// Is it such a host?
pub(super) fn is_verification(host: &Name) -> bool {
    HOSTS.iter().any(|pattern| providers::matches(pattern, host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mx::target_missing;
    use crate::testing::{clean, finds};

    #[test]
    fn by_microsoft_and_by_google() {
        let zone = r#"
            example.test. MX 0     mail
            mail          A  192.0.2.1
            @             MX 32767 ms22563066.msv1.invalid.
                                   ^^^^^^^^^^^^^^^^^^^^^^^^
            @             MX 15    ti6uirsmcquvdy7j.mx-verification.google.com.
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            "#;
        finds(&RULE, zone);
        let lines: Vec<&str> = zone.lines().filter(|line| !line.contains("^^")).collect();
        clean(&target_missing::RULE, &lines.join("\n"));
    }

    #[test]
    fn hosts_that_take_mail() {
        clean(&RULE, "@ MX 0 example-test.mail.protection.outlook.com.\n@ MX 5 smtp.google.com.\n@ MX 9 msv1.invalid.");
    }
}
