//! A policy in force that senders forget within a day.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::records::mta_sts::Mode;
use crate::rules::Rule;
use crate::rules::mta_sts::policy;

pub static RULE: Rule = Rule {
    id: "mta-sts-policy-max-age-short",
    severity: Severity::Warning,
    references: &["RFC 8461 section 3.2", "RFC 8461 section 10.2"],
    check,
    text: Text {
        en: Prose {
            title: "senders may keep the MTA-STS policy of {domain} for {seconds} seconds only",
            here: "less than a day",
            why: "MTA-STS protects only while a sender remembers the policy. Within a day it is forgotten at most of them, and who can tamper with DNS or the web server's connections may keep them from fetching it again.",
            fix: "Write `max_age: 604800` (a week) or more, and a new `id` in the record at `_mta-sts`.",
        },
        es: Prose {
            title: "los servidores remitentes solo pueden conservar la política MTA-STS de {domain} durante {seconds} segundos",
            here: "menos de un día",
            why: "MTA-STS solo protege mientras el servidor remitente recuerda la política. En menos de un día la mayoría la ha olvidado, y quien pueda manipular el DNS o las conexiones con el servidor web puede impedir que la descarguen de nuevo.",
            fix: "Escriba `max_age: 604800` (una semana) o más y un `id` nuevo en el registro de `_mta-sts`.",
        },
        ja: Prose {
            title: "{domain} のMTA-STSポリシーの保持期間が {seconds} 秒しかありません",
            here: "1日未満です",
            why: "MTA-STSが効くのは、送信側がポリシーを保存している間だけです。1日未満ではほとんどの送信側で期限が切れてしまい、DNSやWebサーバーとの通信を妨害できる攻撃者に再取得を阻まれるおそれがあります。",
            fix: "`max_age: 604800`(1週間)以上にし、`_mta-sts` のレコードの `id` を新しくしてください。",
        },
    },
};

/// A day, in seconds.
///
/// RFC 8461 section 3.2: "it is expected that this value typically be in the range of weeks or greater".
const DAY: u64 = 86_400;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some((document, policy)) = policy(evidence).filter(|(_, policy)| policy.mode() == Some(Mode::Enforce)) else {
        return;
    };
    if let (Some(field), Some(seconds)) = (policy.find("max_age"), policy.max_age().filter(|age| *age < DAY)) {
        let finding = RULE.at([document.span(field.value.clone())]).with("domain", &evidence.domain);
        findings.push(finding.with("seconds", seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::mta_sts::tests::{clean, finds};

    #[test]
    fn less_than_a_day() {
        finds(
            &RULE,
            "
            version: STSv1
            mode: enforce
            max_age: 86399
                     ^^^^^
            ",
        );
    }

    #[test]
    fn a_day_and_trials() {
        clean(&RULE, "version: STSv1\nmode: enforce\nmax_age: 86400\n");
        clean(&RULE, "version: STSv1\nmode: testing\nmax_age: 3600\n");
        clean(&RULE, "version: STSv1\nmode: none\nmax_age: 60\n");
    }
}
