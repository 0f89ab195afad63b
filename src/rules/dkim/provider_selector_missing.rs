//! A provider signs under fixed selectors, and there is nothing at them.

use crate::evidence::{Evidence, Selector};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Kind;
use crate::providers::Provider;
use crate::rules::Rule;
use crate::rules::dkim::{microsoft, missing_fixed_unexplained};

pub static RULE: Rule = Rule {
    id: "dkim-provider-selector-missing",
    severity: Severity::Warning,
    references: &["RFC 6376 section 3.6.2.1", "Microsoft: Set up DKIM to sign mail from your cloud domain"],
    check,
    text: Text {
        en: Prose {
            title: "there is no DKIM record for {provider} at {missing}",
            here: "nothing here",
            why: "{provider} signs under these names and no others. Without them it cannot sign as your domain: its signature, if any, is for another domain and does not count for DMARC, and forwarded mail fails DMARC.",
            fix: "Publish a CNAME record for each of {missing}. The target for `{selector}` has this form: {forms}. {copy}",
        },
        es: Prose {
            title: "no hay registro DKIM de {provider} en {missing}",
            here: "aquí no hay nada",
            why: "{provider} firma con estos nombres y con ningún otro. Sin ellos no puede firmar como su dominio: su firma, si la hay, es de otro dominio y no cuenta para DMARC, y el correo reenviado no supera DMARC.",
            fix: "Publique un registro CNAME para cada uno de estos nombres: {missing}. El destino de `{selector}` tiene esta forma: {forms}. {copy}",
        },
        ja: Prose {
            title: "{provider} のDKIMレコードが {missing} にありません",
            here: "ここにレコードがありません",
            why: "{provider} はこれらの名前でしか署名しません。レコードがないとお使いのドメインとして署名できず、署名があっても別のドメインのものなのでDMARCでは認められません。転送されたメールはDMARCに失敗します。",
            fix: "{missing} のそれぞれにCNAMEレコードを公開してください。`{selector}` の値は次の形です: {forms}。{copy}",
        },
    },
};

const AS_BELOW: Words = Words {
    en: "The records below can be copied as they stand.",
    es: "Los registros de abajo pueden copiarse tal cual.",
    ja: "下のレコードをそのままコピーできます。",
};

const COPY: Words = Words {
    en: "Copy the exact targets from the panel of the provider.",
    es: "Copie los destinos exactos del panel del proveedor.",
    ja: "正確な値をプロバイダーの管理画面からコピーしてください。",
};

const COPY_MICROSOFT: Words = Words {
    en: "Copy the exact targets from the Defender portal (Email authentication settings, DKIM), and turn signing on there.",
    es: "Copie los destinos exactos del portal de Defender («Configuración de autenticación de correo electrónico», DKIM) y active allí la firma.",
    ja: "正確な値をDefenderポータル(「メールの認証の設定」のDKIM)からコピーし、そこで署名を有効にしてください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let missing = missing_fixed_unexplained(evidence).into_iter();
    let whole = missing.filter(|(provider, missing)| missing.len() == fixed(provider));
    findings.extend(whole.map(|(provider, missing)| finding(&RULE, evidence, provider, &missing)));
}

/// How many selectors the provider signs under.
pub(super) fn fixed(provider: &Provider) -> usize {
    provider.selector.iter().filter(|selector| selector.fixed).count()
}

/// The finding that these selectors of a provider are missing.
pub(super) fn finding(
    rule: &'static Rule,
    evidence: &Evidence,
    provider: &'static Provider,
    missing: &[&Selector],
) -> Finding {
    let names: Vec<&str> = missing.iter().map(|selector| selector.asked.answer.question.name.as_str()).collect();
    let finding = rule.at(missing.iter().map(|selector| selector.asked.answer.question_span()));
    let finding = finding.with("provider", &provider.name).with("missing", names.join(", "));
    let finding = finding.with("selector", &missing[0].name).with("forms", forms(provider, missing[0], evidence));
    let finding = finding.with_words("copy", copy(provider, missing[0], evidence));
    missing.iter().fold(finding, |finding, selector| publish(finding, evidence, provider, selector))
}

/// Where the targets are found.
fn copy(provider: &Provider, selector: &Selector, evidence: &Evidence) -> Words {
    match provider.target(&selector.name, &evidence.domain) {
        Some(_) => AS_BELOW,
        None if microsoft::is(provider) => COPY_MICROSOFT,
        None => COPY,
    }
}

/// What can be said of the target of a selector.
fn forms(provider: &Provider, selector: &Selector, evidence: &Evidence) -> String {
    let forms = provider.target_forms(&selector.name, &evidence.domain);
    forms.iter().map(|form| format!("`{form}`")).collect::<Vec<_>>().join(" / ")
}

/// Adds the record of a selector where it is the same for all customers.
fn publish(finding: Finding, evidence: &Evidence, provider: &Provider, selector: &Selector) -> Finding {
    match provider.target(&selector.name, &evidence.domain) {
        Some(target) => finding.publish(&selector.asked.answer.question.name, Kind::CNAME, target),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, fill};
    use crate::providers;
    use crate::records::dkim::test_keys::RSA_1024;
    use crate::rules::dkim::no_selector_found;
    use crate::testing::{clean, findings, finds, live_evidence};

    const MX: &str = "@ MX 0 example-test.mail.protection.outlook.com.";

    #[test]
    fn both() {
        finds(&RULE, &format!("{MX}\n?"));
        assert_eq!(findings(&RULE, MX)[0].spans.len(), 2);
        clean(&RULE, &format!("{MX}\nselector2._domainkey CNAME selector2-example-test._domainkey.x.onmicrosoft.com."));
    }

    #[test]
    fn records_that_are_the_same_for_all_customers() {
        let mx = "@ MX 10 aspmx1.migadu.com.";
        let found = findings(&RULE, mx);
        let values: Vec<&str> = found[0].publish.iter().map(|record| record.value.as_str()).collect();
        assert_eq!(values, [1, 2, 3].map(|n| format!("key{n}.example.test._domainkey.migadu.com")));
        assert!(findings(&RULE, MX)[0].publish.is_empty(), "the tenant is not known");
        clean(&RULE, &format!("{mx}\nkey1._domainkey TXT \"v=DKIM1; p=AAAA\""));
    }

    #[test]
    fn what_to_copy_and_from_where() {
        let fix = |mx: &str| {
            let finding = findings(&RULE, mx).remove(0);
            fill(finding.text.en.fix, &finding.values, Lang::En)
        };
        let (microsoft, gcc_high) = (fix(MX), fix("@ MX 0 example-test.mail.protection.office365.us."));
        let form = "`selector1-example-test._domainkey.<tenant>.onmicrosoft.com` / `selector1-<…>._domainkey.<…>.dkim.mail.microsoft`";
        assert!(microsoft.contains(form) && microsoft.contains("Defender"), "{microsoft}");
        assert!(gcc_high.contains(".onmicrosoft.us`.") && gcc_high.contains("Defender"), "{gcc_high}");
        let proton = fix("@ MX 10 mail.protonmail.ch.");
        assert!(proton.contains("`protonmail.domainkey.<token>.domains.proton.ch`. Copy"), "{proton}");
        assert!(fix("@ MX 10 aspmx1.migadu.com.").contains(AS_BELOW.en));
        assert!(!proton.contains("Microsoft") && !proton.contains("Defender"), "{proton}");
    }

    #[test]
    fn a_filter_that_sends_may_sign() {
        let zone = "@ MX 0 eu-smtp-inbound-1.mimecast.com.\n@ TXT \"v=spf1 include:eu._netblocks.mimecast.com \
                    include:spf.protection.outlook.com -all\"\neu._netblocks.mimecast.com. TXT \"v=spf1 -all\"\n\
                    spf.protection.outlook.com. TXT \"v=spf1 -all\"\n";
        finds(&RULE, &format!("{zone}?"));
        clean(&RULE, &format!("{zone}mimecast2026._domainkey TXT \"v=DKIM1; p={RSA_1024}\""));
        let unknown = live_evidence(&format!("$TTL 60\n{zone}x.y._domainkey TXT x\n"), &[]);
        assert!(missing_fixed_unexplained(&unknown).is_empty() && no_selector_found(&unknown));
    }

    #[test]
    fn fixed_selectors_are_aliases() {
        let fixed = providers::all().iter().flat_map(|provider| &provider.selector).filter(|selector| selector.fixed);
        fixed.for_each(|selector| assert!(!selector.target.is_empty(), "{}", selector.name));
    }

    #[test]
    fn both_there_elsewhere_or_at_a_wrong_name() {
        let alias = |owner: &str, n| format!("{owner} CNAME selector{n}-example-test._domainkey.x.onmicrosoft.com.");
        let both = |one, two| format!("{MX}\n{}\n{}", alias(one, 1), alias(two, 2));
        clean(&RULE, &both("selector1._domainkey", "selector2._domainkey"));
        clean(&RULE, &both("selector1._domainkey.example.test", "selector2._domainkey"));
        clean(&RULE, &both("selector1", "selector2"));
        let swapped = "selector2-example-test._domainkey.x.onmicrosoft.com CNAME selector2._domainkey";
        clean(&RULE, &format!("{MX}\n{}\n{swapped}", alias("selector1._domainkey", 1)));
        clean(&RULE, &format!("{MX}\n_domainkey NS ns.vendor.test."));
        clean(&RULE, &format!("{MX}\nselector1._domainkey A 192.0.2.1\n{}", alias("selector2._domainkey", 2)));
        clean(&RULE, "@ MX 0 smtp.google.com.");
    }
}
