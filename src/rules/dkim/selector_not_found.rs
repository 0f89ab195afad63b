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
            title: "no DKIM key for {domain} was found; selectors tried: {count} ({tried})",
            here: "{node}",
            why: "DNS cannot list the selectors of a domain: without the selector, the key cannot be found. So mail may be signed, or it may not; without DKIM, forwarded mail fails DMARC, and Gmail and Yahoo refuse bulk mail.",
            fix: "Open a message of yours that has arrived in another mailbox, and show its headers: in Gmail by “Show original”, in Outlook under File > Properties > “Internet headers”. In the header `DKIM-Signature` with `d={domain}` the selector stands after `s=`. Check again with it: `--selector NAME`.{more} If there is no such header, turn DKIM on at the service that sends your mail.",
        },
        es: Prose {
            title: "no se encontró ninguna clave DKIM de {domain}; selectores probados: {count} ({tried})",
            here: "{node}",
            why: "El DNS no puede enumerar los selectores de un dominio: sin conocer el selector no se encuentra la clave. Por tanto, el correo puede estar firmado o no estarlo; sin DKIM, el correo reenviado no supera DMARC, y Gmail y Yahoo rechazan los envíos masivos.",
            fix: "Abra un mensaje suyo que haya llegado a otro buzón y muestre sus encabezados: en Gmail con «Mostrar original», en Outlook en Archivo > Propiedades > «Encabezados de Internet». En el encabezado `DKIM-Signature` con `d={domain}`, el selector está detrás de `s=`. Repita la comprobación con él: `--selector NOMBRE`.{more} Si no existe ese encabezado, active DKIM en el servicio que envía su correo.",
        },
        ja: Prose {
            title: "{domain} のDKIMの鍵は見つかりませんでした。調べたセレクター: {count}個({tried})",
            here: "{node}",
            why: "DNSではドメインのセレクターの一覧を取得できないため、セレクターが分からないと鍵を見つけられません。署名している可能性も、していない可能性もあります。DKIMがないと、転送されたメールはDMARCに失敗し、GmailとYahooは大量送信メールを拒否します。",
            fix: "送信したメールを別のメールボックスで受け取り、ヘッダーを表示してください(Gmailは「メッセージのソースを表示」、Outlookは「ファイル」>「プロパティ」の「インターネット ヘッダー」)。`d={domain}` を含むヘッダー `DKIM-Signature` の `s=` に続くのがセレクターです。`--selector セレクター名` を付けてもう一度検査してください。{more}このヘッダーがない場合は、メールを送信しているサービスでDKIMを有効にしてください。",
        },
    },
};

const NONE_TRIED: Words = Words { en: "none is known", es: "no se conoce ninguno", ja: "既知のものなし" };

const MORE: Words = Words {
    en: " If you cannot, `--selectors all` tries thousands of names.",
    es: " Si no puede, `--selectors all` prueba miles de nombres.",
    ja: "確認できない場合は、`--selectors all` で数千の名前を試せます。",
};

const NO_MORE: Words = Words { en: "", es: "", ja: "" };

/// More names than these are not listed.
const MAX_NAMES: usize = 6;

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    if !no_selector_found(evidence) {
        return;
    }
    let dkim = &evidence.dkim;
    let named = dkim.selectors.iter().map(|selector| selector.name.as_str());
    let tried: Vec<&str> = named.chain(dkim.guesses.absent.iter().copied()).collect();
    let answers = dkim.selectors.iter().map(|selector| selector.asked.answer.question_span());
    let finding = RULE.at(std::iter::once(dkim.node.question_span()).chain(answers));
    let finding = finding.with("domain", &evidence.domain).with_words("node", node(&dkim.node.outcome));
    let more = dkim.guesses.more && !dkim.guesses.stopped;
    let finding = finding.with("count", tried.len()).with_words("more", if more { MORE } else { NO_MORE });
    findings.push(match tried.as_slice() {
        [] => finding.with_words("tried", NONE_TRIED),
        few if few.len() <= MAX_NAMES => finding.with("tried", few.join(", ")),
        many => finding.with("tried", format!("{}, …", many[..MAX_NAMES].join(", "))),
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
    use crate::collect::Discovery;
    use crate::lang::{Lang, Value};
    use crate::testing::{clean, findings, finds, guessed_evidence};

    #[test]
    fn a_guess_that_failed() {
        let zone = "@ MX 0 smtp.google.com.\n_report._domainkey TXT r=x\n?";
        finds(&RULE, zone);
        assert_eq!(findings(&RULE, zone)[0].values[4], ("tried", Value::Plain("google".to_owned())));
        finds(&RULE, "@ MX 0 mail\n_report._domainkey TXT r=x\n?");
    }

    /// What was tried, and the advice to try more.
    fn told(records: &str, discovery: Discovery) -> String {
        let mut found = Vec::new();
        check(&guessed_evidence(&format!("$TTL 60\n@ MX 0 mail\n{records}\n"), discovery), &mut found);
        let words: Vec<&str> =
            found.iter().flat_map(|it| &it.values[2..]).map(|(_, value)| value.get(Lang::En).trim()).collect();
        words.join(" | ")
    }

    #[test]
    fn what_was_guessed() {
        let other = "_report._domainkey TXT r=x";
        assert_eq!(
            told(other, Discovery::Known),
            "0 | If you cannot, `--selectors all` tries thousands of names. | none is known"
        );
        let common = told(other, Discovery::Common);
        assert!(common.starts_with("46 | If you cannot, ") && common.contains(" | default, dkim, mail, "), "{common}");
        assert!(told(other, Discovery::All).contains(" |  | default, dkim, mail, "));
        assert_eq!(told("dkim._domainkey TXT \"v=DKIM1; p=\"", Discovery::Common), "");
        assert_eq!(told("*._domainkey TXT \"v=DKIM1; p=\"", Discovery::Common), "", "a rule of its own");
        assert_eq!(told("_domainkey.other.test. TXT x", Discovery::Common), "", "certainly none");
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
