//! The host for mail programs in place of the one for incoming mail.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Name;
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "mx-client-host",
    severity: Severity::Error,
    references: &[
        "Microsoft: External Domain Name System records for Microsoft 365",
        "Google: Set up MX records for Google Workspace",
    ],
    check,
    text: Text {
        en: Prose {
            title: "{host} is a host for mail programs and takes no mail for {domain}",
            here: "not for incoming mail",
            why: "At this host users log in to read and send. It demands a password of everybody, so other mail servers cannot deliver anything.",
            fix: "Write the MX host that the provider shows for your domain: in the Microsoft 365 admin center it ends in `mail.protection.outlook.com` or `mx.microsoft`, for Google Workspace it is `smtp.google.com`.",
        },
        es: Prose {
            title: "{host} es un servidor para programas de correo y no recibe correo para {domain}",
            here: "no es para correo entrante",
            why: "En este servidor los usuarios inician sesión para leer y enviar. Exige contraseña a todos, así que otros servidores de correo no pueden entregar nada.",
            fix: "Escriba el servidor MX que el proveedor indica para su dominio: en el Centro de administración de Microsoft 365 termina en `mail.protection.outlook.com` o `mx.microsoft`; en Google Workspace es `smtp.google.com`.",
        },
        ja: Prose {
            title: "{host} はメールソフト用のサーバーで、{domain} 宛てのメールを受け取りません",
            here: "受信用のホストではありません",
            why: "このホストは利用者がログインしてメールを送受信するためのものです。すべての接続に認証を求めるため、ほかのメールサーバーからは何も配送できません。",
            fix: "サービスが案内しているMXホストを書いてください。Microsoft 365管理センターでは末尾が `mail.protection.outlook.com` または `mx.microsoft`、Google Workspaceでは `smtp.google.com` です。",
        },
    },
};

/// Hosts of large providers at which users log in. `smtp.google.com` is not one of them: it takes mail.
const CLIENT_HOSTS: [&str; 14] = [
    "smtp.office365.com",
    "outlook.office365.com",
    "outlook.office.com",
    "smtp.office365.us",
    "outlook.office365.us",
    "smtp-mail.outlook.com",
    "imap-mail.outlook.com",
    "pop-mail.outlook.com",
    "smtp.gmail.com",
    "imap.gmail.com",
    "pop.gmail.com",
    "smtp.mail.yahoo.com",
    "imap.mail.yahoo.com",
    "pop.mail.yahoo.com",
];

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for host in evidence.mx.found.iter().filter(|host| is_client_host(&host.exchange)) {
        let finding = RULE.at([host.record.field_span(1)]);
        findings.push(finding.with("domain", &evidence.domain).with("host", &host.exchange));
    }
}

/// Is it a host at which users log in?
pub(super) fn is_client_host(host: &Name) -> bool {
    CLIENT_HOSTS.contains(&host.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    #[test]
    fn a_host_for_outlook() {
        finds(
            &RULE,
            r#"
            example.test. MX 10 SMTP.office365.com.
                                ^^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn hosts_that_take_mail() {
        clean(&RULE, "@ MX 0 example-test.mail.protection.outlook.com.\n@ MX 1 smtp.google.com.");
    }
}
