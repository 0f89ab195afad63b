//! Both keys in Microsoft 365 are there; whether it signs with them is not in DNS.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Name;
use crate::records::dkim::DkimKey;
use crate::rules::Rule;
use crate::rules::dkim::microsoft::{self, MicrosoftAlias};

pub static RULE: Rule = Rule {
    id: "dkim-signing-unseen",
    severity: Severity::Advice,
    references: &["Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "the DKIM keys of {domain} are published; DNS does not show whether Microsoft 365 signs with them",
            here: "the key is there",
            why: "Microsoft 365 signs as {domain} only once signing has been turned on for this domain. Until then it signs as `{initial}`: DKIM passes, but it does not count for DMARC.",
            fix: "Send a message to a mailbox elsewhere and look at its headers: one `DKIM-Signature` must contain `d={domain}`. Or look in the Defender portal, under Email authentication settings, DKIM: the status of {domain} must be `Signing DKIM signatures for this domain`; if it is `Not signing DKIM signatures for this domain`, turn signing on.{reseller}",
        },
        es: Prose {
            title: "las claves DKIM de {domain} están publicadas; el DNS no muestra si Microsoft 365 firma con ellas",
            here: "la clave existe",
            why: "Microsoft 365 solo firma en nombre de {domain} cuando se ha activado la firma para este dominio. Hasta entonces firma en nombre de `{initial}`: el correo supera DKIM, pero eso no cuenta para DMARC.",
            fix: "Envíe un mensaje a un buzón externo y mire sus encabezados: uno llamado `DKIM-Signature` debe contener `d={domain}`. O mire en el portal de Defender, en «Configuración de autenticación de correo electrónico», DKIM: el estado de {domain} debe ser `Signing DKIM signatures for this domain`; si es `Not signing DKIM signatures for this domain`, active la firma.{reseller}",
        },
        ja: Prose {
            title: "{domain} のDKIMの鍵は公開済みですが、Microsoft 365が署名しているかどうかはDNSでは分かりません",
            here: "鍵があります",
            why: "Microsoft 365が {domain} として署名するのは、このドメインで署名を有効にした後だけです。それまでは `{initial}` として署名するため、DKIMには合格してもDMARCでは認められません。",
            fix: "外部のメールボックスに1通送り、ヘッダーの `DKIM-Signature` に `d={domain}` があることを確認してください。Defenderポータルの「メールの認証の設定」のDKIMでも確認できます。{domain} の状態は、英語表示で `Signing DKIM signatures for this domain` でなければなりません。`Not signing DKIM signatures for this domain` の場合は署名を有効にしてください。{reseller}",
        },
    },
};

const NO_RESELLER: Words = Words { en: "", es: "", ja: "" };

const GODADDY: Words = Words {
    en: " With Microsoft 365 from GoDaddy the switch is in the Defender portal, too: sign in there as an administrator.",
    es: " Con Microsoft 365 de GoDaddy el interruptor también está en el portal de Defender: inicie sesión allí como administrador.",
    ja: "GoDaddyのMicrosoft 365でも、設定はDefenderポータルにあります。管理者としてサインインしてください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let aliases = microsoft::aliases(evidence);
    let [first, second] = aliases.as_slice() else { return };
    let is_used = evidence.providers.iter().any(|provider| provider.id.starts_with("microsoft365"));
    let right = aliases.iter().all(|alias| alias.selector.asked.found.iter().any(DkimKey::is_usable));
    if !is_used || !right || first.tenant != second.tenant || first.token != second.token {
        return;
    }
    let finding = RULE.at(aliases.iter().map(|alias| alias.record.data_span())).with("domain", &evidence.domain);
    let reseller = if is_from_godaddy(evidence, first) { GODADDY } else { NO_RESELLER };
    findings.push(finding.with("initial", initial(first)).with_words("reseller", reseller));
}

/// The domain that every tenant begins with, and signs as.
fn initial(alias: &MicrosoftAlias<'_>) -> String {
    let suffixes = ["onmicrosoft.us", "partner.onmschina.cn"];
    let suffix = suffixes.into_iter().find(|suffix| alias.target.as_str().ends_with(suffix));
    format!("{}.{}", alias.tenant, suffix.unwrap_or("onmicrosoft.com"))
}

/// GoDaddy names the tenants of its customers `NETORG` and a number, and lets them include its own domain in SPF.
fn is_from_godaddy(evidence: &Evidence, alias: &MicrosoftAlias<'_>) -> bool {
    let included = |name: &Name| name.as_str() == "secureserver.net" || name.as_str().ends_with(".secureserver.net");
    let number = alias.tenant.strip_prefix("netorg");
    number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || evidence.spf.nodes.iter().skip(1).any(|node| included(&node.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::records::dkim::test_keys::RSA_1024;
    use crate::testing::{clean, findings, finds};

    fn zone(mx: &str, tenant: &str) -> String {
        let target = |n| format!("selector{n}-example-test._domainkey.{tenant}.onmicrosoft.com.");
        let alias = |n| format!("selector{n}._domainkey CNAME {}\n", target(n));
        let key = |n| format!("{} TXT \"v=DKIM1; p={RSA_1024}\"\n", target(n));
        format!("@ MX 0 {mx}\n{}{}{}{}", alias(1), alias(2), key(1), key(2))
    }

    const MX: &str = "example-test.mail.protection.outlook.com.";

    #[test]
    fn both_keys_are_there() {
        let carets = format!("{}{}\n", " ".repeat(27), "^".repeat(58));
        let text: String = zone(MX, "example")
            .lines()
            .map(|line| match line.contains("CNAME") {
                true => format!("{line}\n{carets}"),
                false => format!("{line}\n"),
            })
            .collect();
        finds(&RULE, &text);
        let reseller =
            |tenant| findings(&RULE, &zone(MX, tenant))[0].values.last().map(|(_, value)| value.get(Lang::En).len());
        assert_eq!(reseller("example"), Some(0));
        assert!(reseller("netorg1234567") > Some(0));
    }

    #[test]
    fn a_fault_or_another_provider() {
        clean(&RULE, &zone("smtp.google.com.", "example"));
        clean(&RULE, &zone(MX, "example").replace("DKIM1; p=MIG", "DKIM1; p=; n="));
        clean(&RULE, &zone(MX, "example").replace("selector2._domainkey CNAME", "x._domainkey CNAME"));
    }
}
