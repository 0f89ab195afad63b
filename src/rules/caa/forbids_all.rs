//! Nobody may issue a certificate for a host that MTA-STS needs one for.

use crate::evidence::Caa;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::caa::{is_forbidden, properties};

pub static RULE: Rule = Rule {
    id: "caa-forbids-all",
    severity: Severity::Warning,
    references: &["RFC 8659 section 4.2", "RFC 8461 section 4.2"],
    check,
    text: Text {
        en: Prose {
            title: "CAA records at {owner} forbid every certificate authority to issue a certificate for {hosts}",
            here: "allows nobody",
            why: "MTA-STS needs a valid certificate there. None can be issued or renewed: once the present one has expired, senders that have stored the policy do not deliver to a mail server without a valid one, and no sender can read the policy any more.",
            fix: "Name the authority whose certificates you use: `0 issue \"letsencrypt.org\"`, for example.",
        },
        es: Prose {
            title: "los registros CAA de {owner} prohíben a todas las autoridades de certificación emitir certificados para {hosts}",
            here: "no autoriza a nadie",
            why: "MTA-STS necesita ahí un certificado válido. No se puede emitir ni renovar ninguno: cuando caduque el actual, los servidores remitentes que hayan guardado la política no entregarán el correo a un servidor sin certificado válido, y ninguno podrá ya leer la política.",
            fix: "Indique la autoridad cuyos certificados usa; por ejemplo, `0 issue \"letsencrypt.org\"`.",
        },
        ja: Prose {
            title: "{owner} のCAAレコードにより、どの認証局も {hosts} の証明書を発行できません",
            here: "認証局が指定されていません",
            why: "MTA-STSにはこのホストの有効な証明書が必要ですが、発行も更新もできません。現在の証明書の期限が切れると、ポリシーを保存している送信側は有効な証明書のないメールサーバーに配送しなくなり、どの送信側もポリシーを取得できなくなります。",
            fix: "使用する認証局を指定してください。例: `0 issue \"letsencrypt.org\"`",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let mut rest: Vec<&Caa> = evidence.caa.iter().filter(|caa| is_forbidden(caa)).collect();
    while let Some(answer) = rest.first().and_then(|caa| caa.own.as_ref()) {
        let is_same = |caa: &&Caa| caa.own.as_ref().is_some_and(|own| own.question == answer.question);
        let (same, others): (Vec<&Caa>, Vec<&Caa>) = rest.iter().partition(|caa| is_same(caa));
        let hosts: Vec<&str> = same.iter().map(|caa| caa.host.as_str()).collect();
        let issues = properties(answer).filter(|property| property.is("issue"));
        let finding = RULE.at(issues.map(|property| property.record.data_span()));
        findings.push(finding.with("owner", answer.final_name()).with("hosts", hosts.join(", ")));
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const STS: &str = "@ MX 10 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n";

    fn zone(records: &str) -> String {
        format!("{STS}{records}")
    }

    #[test]
    fn no_authority() {
        finds(&RULE, &zone("@ CAA 0 issue \";\"\n      ^^^^^^^^^^^\n@ CAA 0 iodef \"mailto:a@example.test\""));
        finds(&RULE, &zone("@ CAA 0 issue \"https://a.org\"\n      ^^^^^^^^^^^^^^^^^^^^^^^"));
    }

    #[test]
    fn own_mail_servers_too() {
        let zone = "@ MX 10 mx\n@ MX 20 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n@ CAA 0 issue \";\"";
        let found = crate::testing::findings(&RULE, zone);
        let hosts = found[0].values.iter().find(|(name, _)| *name == "hosts").map(|(_, value)| value.clone());
        let expected = crate::lang::Value::Plain("mta-sts.example.test, mx.example.test".to_owned());
        assert_eq!((found.len(), hosts), (1, Some(expected)));
    }

    #[test]
    fn somebody_may() {
        clean(&RULE, "@ MX 10 mx\n@ CAA 0 issue \";\"");
        clean(&RULE, "@ MX 0 .\n_mta-sts TXT \"v=STSv1; id=1\"\n@ CAA 0 issue \";\"");
        clean(&RULE, &zone("@ CAA 0 issue \";\"\n@ CAA 0 issue \"ca.example\""));
        clean(&RULE, &zone("@ CAA 0 issuewild \";\""));
        clean(&RULE, &zone("@ CAA 0 issue \";\"\n@ CAA 0 issuewild \"ca.example\""));
        clean(&RULE, &zone("@ CAA 0 issue \";\"\nmta-sts CAA 0 issue \"ca.example\""));
        clean(&RULE, &zone("mta-sts CAA 0 issue \";\""));
        clean(&RULE, &zone("www CAA 0 issue \";\""));
    }
}
