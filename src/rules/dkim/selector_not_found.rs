//! No DKIM key was found, which is not to say that there is none.

use crate::dns::Outcome;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::rules::Rule;
use crate::rules::dkim::no_selector_found;

pub static RULE: Rule = Rule {
    id: "dkim-selector-not-found",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "no DKIM key for {domain} was found at the selectors tried: {tried}",
            here: "{node}",
            why: "DNS cannot list the selectors of a domain: without the selector, the key cannot be found. So mail may be signed, or it may not; without DKIM, forwarded mail fails DMARC, and Gmail and Yahoo refuse bulk mail.",
            fix: "Open a message that you sent, look for the header `DKIM-Signature` with `d={domain}`, and read the selector after `s=`. Then check again with that selector. If there is no such header, turn DKIM on at the service that sends your mail.",
        },
        es: Prose {
            title: "no se encontró ninguna clave DKIM de {domain} en los selectores probados: {tried}",
            here: "{node}",
            why: "El DNS no puede enumerar los selectores de un dominio: sin conocer el selector no se encuentra la clave. Por tanto, el correo puede estar firmado o no estarlo; sin DKIM, el correo reenviado no supera DMARC, y Gmail y Yahoo rechazan los envíos masivos.",
            fix: "Abra un mensaje que haya enviado, busque la cabecera `DKIM-Signature` con `d={domain}` y lea el selector detrás de `s=`. Repita después la comprobación con ese selector. Si no existe esa cabecera, active DKIM en el servicio que envía su correo.",
        },
        ja: Prose {
            title: "{domain} のDKIMの鍵は、調べたセレクター({tried})では見つかりませんでした",
            here: "{node}",
            why: "DNSではドメインのセレクターを一覧できないため、セレクターがわからないと鍵を見つけられません。署名している可能性も、していない可能性もあります。DKIMがないと、転送されたメールはDMARCに失敗し、GmailとYahooは大量送信メールを拒否します。",
            fix: "送信済みのメールを開き、`d={domain}` を含むヘッダー `DKIM-Signature` の `s=` に書かれたセレクターを確認して、そのセレクターを指定してもう一度検査してください。このヘッダーがない場合は、メールを送信しているサービスでDKIMを有効にしてください。",
        },
    },
};

const NONE_TRIED: Words = Words { en: "none is known", es: "no se conoce ninguno", ja: "既知のものなし" };

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !no_selector_found(evidence) {
        return;
    }
    let tried: Vec<&str> = evidence.dkim.selectors.iter().map(|selector| selector.name.as_str()).collect();
    let answers = evidence.dkim.selectors.iter().map(|selector| selector.asked.answer.question_span());
    let finding = RULE.at(std::iter::once(evidence.dkim.node.question_span()).chain(answers));
    let finding = finding.with("domain", &evidence.domain).with_words("node", node(&evidence.dkim.node.outcome));
    findings.push(match tried.as_slice() {
        [] => finding.with_words("tried", NONE_TRIED),
        tried => finding.with("tried", tried.join(", ")),
    });
}

fn node(outcome: &Outcome) -> Words {
    match outcome {
        // RFC 8020 section 2: nothing exists below a name that does not exist. Not all servers keep to it.
        Outcome::NxDomain => Words {
            en: "this name does not exist, so most likely none below it does",
            es: "este nombre no existe, así que probablemente tampoco los que cuelgan de él",
            ja: "この名前は存在しないため、その下にもおそらく何もありません",
        },
        _ => Words {
            en: "none found here", es: "aquí no se encontró ninguna", ja: "ここでは見つかりません"
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Value;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn a_guess_that_failed() {
        let zone = "@ MX 0 smtp.google.com.\n_report._domainkey TXT r=x\n?";
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].values[2], ("tried", Value::Plain("google".to_owned())));
        finds(&RULE, "@ MX 0 mail\n_report._domainkey TXT r=x\n?");
    }

    #[test]
    fn found_or_not_needed_or_not_known() {
        clean(&RULE, "@ MX 0 smtp.google.com.\nmy._domainkey TXT \"v=DKIM1; p=MIG\"");
        clean(&RULE, "@ MX 0 .\n@ TXT \"v=spf1 a -all\"");
        clean(&RULE, "@ TXT \"v=spf1 -all\"");
        clean(&RULE, "@ MX 0 mail");
        clean(&RULE, "@ MX 0 smtp.google.com.\n_domainkey NS ns.vendor.test.");
        clean(&RULE, "@ MX 0 smtp.google.com.\ngoogle._domainkey CNAME key.vendor.test.");
        clean(&RULE, "@ MX 0 example-test.mail.protection.outlook.com.");
    }
}
