//! The host of the policy has only addresses that cannot be reached from outside.

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-private-address",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.3", "RFC 6890 section 2.2"],
    check,
    text: Text {
        en: Prose {
            title: "{host} has only addresses that cannot be reached from the Internet",
            here: "not public",
            why: "As seen from here, {host} is in a private network. If the rest of the world is given the same answer, senders cannot fetch the policy, and deliver to {domain} without MTA-STS.",
            fix: "Give {host} the public address of a web server. If only your internal DNS answers so, repeat the check with `--resolver` and a public DNS server, or with `--allow-private`.",
        },
        es: Prose {
            title: "{host} solo tiene direcciones inalcanzables desde Internet",
            here: "no es pública",
            why: "Visto desde aquí, {host} está en una red privada. Si el resto del mundo recibe la misma respuesta, los servidores remitentes no pueden descargar la política y entregan el correo a {domain} sin MTA-STS.",
            fix: "Asigne a {host} la dirección pública de un servidor web. Si solo su DNS interno responde así, repita la comprobación con `--resolver` y un servidor DNS público, o con `--allow-private`.",
        },
        ja: Prose {
            title: "{host} には、インターネットから到達できないアドレスしかありません",
            here: "グローバルアドレスではありません",
            why: "ここから見ると {host} はプライベートネットワークにあります。外部にも同じ応答が返っている場合、送信側はポリシーを取得できず、{domain} へMTA-STSなしで配送します。",
            fix: "{host} にWebサーバーのグローバルアドレスを設定してください。組織内のDNSだけがこのように応答している場合は、`--resolver` でパブリックDNSサーバーを指定するか、`--allow-private` を付けてもう一度検査してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((page, Failure::PrivateAddress)) = failed(evidence) else { return };
    let addresses = evidence.mta_sts.host.iter().flat_map(|answer| answer.records()).map(Record::data_span);
    let finding = RULE.at([page.url_span()]).and_at(addresses);
    findings.push(finding.with("domain", &evidence.domain).with("host", page.url.host()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn only_private_ones() {
        finds(&RULE, Failure::PrivateAddress);
        clean(&RULE, Failure::NoAddress);
        clean(&RULE, "version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n");
    }
}
