//! The web server of the policy cannot be reached from here.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::mta_sts::failed;
use crate::web::Failure;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-unreachable",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.3"],
    check,
    text: Text {
        en: Prose {
            title: "the MTA-STS policy of {domain} could not be fetched: {fault}{detail}",
            here: "could not be fetched",
            why: "If senders fare no better, they deliver to {domain} without MTA-STS, and nothing forces TLS. It may also be that only the way from here is blocked.",
            fix: "See that `{url}` opens in a browser outside of your network: {host} must answer HTTPS on port 443 for everyone.",
        },
        es: Prose {
            title: "no se pudo descargar la política MTA-STS de {domain}: {fault}{detail}",
            here: "no se pudo descargar",
            why: "Si a los servidores remitentes les ocurre lo mismo, entregan el correo a {domain} sin MTA-STS y nada obliga a usar TLS. También puede ser que solo esté bloqueado el camino desde aquí.",
            fix: "Compruebe que `{url}` se abre en un navegador fuera de su red: {host} debe responder por HTTPS en el puerto 443 a cualquiera.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーを取得できませんでした: {fault}{detail}",
            here: "取得できませんでした",
            why: "送信側からも取得できない場合、{domain} へMTA-STSなしで配送され、TLSは強制されません。ここからの経路だけが遮断されている可能性もあります。",
            fix: "組織外のネットワークから、ブラウザーで `{url}` が開けるか確認してください。{host} はどこからでも443番ポートのHTTPSに応答する必要があります。",
        },
    },
};

const TIMEOUT: Words =
    Words { en: "no answer in time", es: "sin respuesta a tiempo", ja: "時間内に応答がありません" };
const NO_CONNECTION: Words = Words {
    en: "no connection to port 443",
    es: "no hay conexión con el puerto 443",
    ja: "443番ポートに接続できません",
};
const NO_TLS: Words =
    Words {
        en: "the TLS handshake fails", es: "falla la negociación TLS", ja: "TLSのハンドシェイクに失敗します"
    };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((page, failure)) = failed(evidence) else { return };
    let (words, detail) = match failure {
        Failure::Timeout => (TIMEOUT, String::new()),
        Failure::Unreachable => (NO_CONNECTION, String::new()),
        Failure::Tls(why) => (NO_TLS, format!(" ({why})")),
        _ => return,
    };
    let finding = RULE.at([page.url_span()]).with("domain", &evidence.domain).with("url", &page.url);
    findings.push(finding.with("host", page.url.host()).with_words("fault", words).with("detail", detail));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn each_way() {
        finds(&RULE, Failure::Timeout);
        finds(&RULE, Failure::Unreachable);
        finds(&RULE, Failure::Tls("received fatal alert: UnrecognizedName".to_owned()));
    }

    #[test]
    fn what_nobody_knows_and_what_others_say() {
        for failure in [Failure::NotAsked, Failure::NotResolved, Failure::NoAddress, Failure::Status(404)] {
            clean(&RULE, failure);
        }
    }
}
