//! Mail comes from the domain that Microsoft 365 gives to each organization.

use crate::evaluate::initial_domain;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "auth-onmicrosoft-sender",
    severity: Severity::Warning,
    references: &[
        "Techzine: limit on mail from onmicrosoft.com (not Microsoft's own page)",
        "Microsoft: Set up DKIM to sign mail from your cloud domain",
    ],
    check,
    text: Text {
        en: Prose {
            title: "{domain} is not a domain to send from: it is Microsoft's",
            here: "its zone is Microsoft's",
            why: "Microsoft 365 gives every organization a name below {above} to begin with. The zone stays Microsoft's: you cannot change SPF, DKIM or MX there. {effect}",
            fix: "Add a domain of your own in Microsoft 365, make it the default domain, and give every mailbox its main address there, so that it stands in the From field. Until then the only record that you can add for {domain} is the one for DMARC, in the Microsoft 365 admin center; you need not follow other advice on its records.",
        },
        es: Prose {
            title: "{domain} no es un dominio desde el que enviar: pertenece a Microsoft",
            here: "la zona es de Microsoft",
            why: "Microsoft 365 asigna al principio a cada organización un nombre bajo {above}. La zona sigue siendo de Microsoft: usted no puede cambiar allí SPF, DKIM ni MX. {effect}",
            fix: "Agregue en Microsoft 365 un dominio propio, establézcalo como predeterminado y dé a cada buzón su dirección principal en él, de modo que figure en el campo De (From). Mientras tanto, el único registro que puede agregar para {domain} es el de DMARC, en el Centro de administración de Microsoft 365; no hace falta que siga otros consejos sobre sus registros.",
        },
        ja: Prose {
            title: "{domain} はMicrosoftのドメインであり、送信には適しません",
            here: "Microsoftが管理するゾーンです",
            why: "Microsoft 365は、利用開始時にすべての組織へ {above} の下のドメイン名を割り当てます。そのゾーンはMicrosoftが管理しているため、SPF、DKIM、MXを自社で変更することはできません。{effect}",
            fix: "Microsoft 365に自社のドメインを追加して既定のドメインにし、すべてのメールボックスのプライマリアドレスをそのドメインに変更して、差出人(From)に使われるようにしてください。それまで {domain} に追加できるのは、Microsoft 365管理センターで設定するDMARCレコードだけです。このドメインのレコードに関するほかの助言に従う必要はありません。",
        },
    },
};

// Known of the worldwide cloud alone.
const LIMIT: Words = Words {
    en: "From such addresses an organization reaches no more than 100 external recipients in 24 hours; Microsoft 365 returns the rest (5.7.236).",
    es: "Desde esas direcciones, una organización llega como máximo a 100 destinatarios externos en 24 horas; Microsoft 365 devuelve el resto (5.7.236).",
    ja: "このアドレスから送れる外部の宛先は、組織全体で24時間に100件までです。超えた分はMicrosoft 365が不達として返します(5.7.236)。",
};
const NOT_OWN: Words = Words {
    en: "Nor do receivers see your own name in it.",
    es: "Además, los receptores no ven en él el nombre de su propio dominio.",
    ja: "また、受信側には自社のドメインからのメールに見えません。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(above) = initial_domain::above(&evidence.domain).filter(|_| evidence.named) else { return };
    let effect = if above == "onmicrosoft.com" { LIMIT } else { NOT_OWN };
    let finding = RULE.at([evidence.mx.answer.question_span()]).with("domain", &evidence.domain);
    findings.push(finding.with("above", above).with_words("effect", effect));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Known;
    use crate::lang::{Lang, fill};
    use crate::rules::dns::tests::{clean, finds, found};
    use crate::testing::live_evidence_of;

    fn evidence(domain: &str) -> Evidence {
        let mx = format!("{domain}. MX 0 contoso.mail.protection.outlook.com.\n");
        let spf = format!("{domain}. TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n");
        let mx = format!("{mx}contoso.mail.protection.outlook.com. A 52.101.1.1\n");
        let provider = "spf.protection.outlook.com. TXT \"v=spf1 ip4:40.92.0.0/15 -all\"\n";
        live_evidence_of(domain, &format!("$TTL 60\n{mx}{spf}{provider}"), &Known::default())
    }

    #[test]
    fn a_domain_of_microsoft() {
        let title = "contoso.onmicrosoft.com is not a domain to send from: it is Microsoft's";
        finds(&RULE, &evidence("contoso.onmicrosoft.com"), &[title]);
        let why = |domain: &str| {
            let finding = found(&RULE, &evidence(domain)).remove(0);
            fill(finding.text.en.why, &finding.values, Lang::En)
        };
        assert!(why("contoso.onmicrosoft.com").contains("100 external recipients"));
        assert!(!why("contoso.onmicrosoft.us").contains("100"), "of other clouds nothing is known");
    }

    #[test]
    fn a_domain_of_ones_own() {
        clean(&RULE, &evidence("contoso.com"));
        clean(&RULE, &evidence("contoso.onmicrosoft.com.example.test"));
    }

    #[test]
    fn what_microsoft_sets_up_itself_is_not_missing() {
        let ids: Vec<&str> =
            crate::rules::run(&evidence("contoso.onmicrosoft.com")).iter().map(|finding| finding.id).collect();
        assert_eq!(ids, ["dmarc-missing", RULE.id, "dkim-selector-not-found"]);
    }
}
