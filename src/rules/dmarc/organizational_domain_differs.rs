//! The tree walk and the public suffix list lead to different organizational domains.

use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::{Asked, Evidence};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Name;
use crate::records::dmarc::{Alignment, Psd};
use crate::rules::Rule;
use crate::rules::dmarc::record::Applied;

pub static RULE: Rule = Rule {
    id: "dmarc-organizational-domain-differs",
    severity: Severity::Advice,
    references: &["RFC 9989 section 4.10", "RFC 7489 section 3.2"],
    check,
    text: Text {
        en: Prose {
            title: "receivers disagree on the organizational domain of {domain}",
            here: "{new} today, {old} at older receivers",
            why: "Receivers that follow RFC 9989 look for DMARC records and arrive at {new}; those that follow RFC 7489 use the Public Suffix List and arrive at {old}. Where SPF or DKIM vouches for {shorter} or another name below it, mail from {domain} passes DMARC at the ones and fails at the others.",
            fix: "{change}: `{at}`.",
        },
        es: Prose {
            title: "los receptores no coinciden en el dominio organizativo de {domain}",
            here: "{new} hoy; {old} en receptores antiguos",
            why: "Los receptores que siguen la RFC 9989 buscan registros DMARC y llegan a {new}; los que siguen la RFC 7489 usan la lista de sufijos públicos y llegan a {old}. Si SPF o DKIM responden por {shorter} o por otro nombre por debajo de él, el correo de {domain} supera DMARC en unos y falla en los otros.",
            fix: "{change}: `{at}`.",
        },
        ja: Prose {
            title: "{domain} の組織ドメインが受信側によって異なります",
            here: "現在は {new}、古い受信側では {old}",
            why: "RFC 9989に従う受信側はDMARCレコードをたどって {new} を、RFC 7489に従う古い受信側はPublic Suffix Listから {old} を組織ドメインとします。SPFやDKIMが {shorter} やその下の別の名前で合格している場合、{domain} のメールは一方ではDMARCに合格し、他方では失敗します。",
            fix: "{change}: `{at}`",
        },
    },
};

const PUBLISH: Words = Words {
    en: "Publish a DMARC record at this name, too",
    es: "Publique también un registro DMARC en este nombre",
    ja: "次の名前でもDMARCレコードを公開してください",
};
const SAY_SO: Words = Words {
    en: "Add `psd=n` to the DMARC record at this name, so that both arrive there",
    es: "Añada `psd=n` al registro DMARC de este nombre, para que todos lleguen a él",
    ja: "どの受信側でも同じになるよう、次の名前のDMARCレコードに `psd=n` を追加してください",
};
const PUBLISH_AND_SAY_SO: Words = Words {
    en: "Publish a DMARC record with `psd=n` at this name, so that both arrive there",
    es: "Publique un registro DMARC con `psd=n` en este nombre, para que todos lleguen a él",
    ja: "どの受信側でも同じになるよう、次の名前で `psd=n` を含むDMARCレコードを公開してください",
};
const TAKE_OUT: Words = Words {
    en: "Send and sign mail under this very domain, or, if the separation is not meant, delete `psd=n` from the DMARC record at this name",
    es: "Envíe y firme el correo con este mismo dominio o, si la separación no es intencionada, elimine `psd=n` del registro DMARC de este nombre",
    ja: "送信と署名をこのドメイン自身で行うか、分離が意図したものでなければ、次の名前のDMARCレコードから `psd=n` を削除してください",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(applied) = Applied::of(evidence) else { return };
    let strict = ["adkim", "aspf"].iter().all(|tag| applied.dmarc.alignment(tag) == Alignment::Strict);
    let old = evidence.domain.registered_domain();
    // The names above a public suffix, and the suffix itself, are nobody's organization by the list.
    let listed = evidence.domain.public_suffix() != Some(evidence.domain.as_str());
    let Some(new) = dmarc::organizational_domain(&evidence.domain, &evidence.dmarc) else { return };
    if new == old || !listed || (strict && is_policy_the_same(evidence)) {
        return;
    }
    let (shorter, change, at) = match new.is_below(&old) {
        true if evidence.dmarc.iter().filter_map(Asked::only).any(|dmarc| dmarc.psd() == Psd::No) => {
            (&old, TAKE_OUT, &new)
        }
        true => (&old, PUBLISH, &old),
        false if has_record(evidence, &old) => (&new, SAY_SO, &old),
        false => (&new, PUBLISH_AND_SAY_SO, &old),
    };
    let finding =
        applied.at(&RULE, 0..applied.dmarc.txt.value.len()).with("shorter", shorter).with_words("change", change);
    findings.push(finding.with("at", format!("_dmarc.{at}")).with("new", &new).with("old", &old));
}

/// Was a record found that stands at this domain?
fn has_record(evidence: &Evidence, domain: &Name) -> bool {
    let mut found = evidence.dmarc.iter().filter(|asked| asked.only().is_some());
    found.any(|asked| asked.answer.question.name.parent().as_ref() == Some(domain))
}

/// Do receivers of both kinds act on the same policy?
fn is_policy_the_same(evidence: &Evidence) -> bool {
    let policy = |found| match found {
        PolicyFound::Record { policy, .. } => policy,
        _ => None,
    };
    policy(dmarc::policy(evidence)) == policy(dmarc::policy_by_list(evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::testing::{clean, findings, finds};

    #[test]
    fn no_record_at_the_registered_domain() {
        finds(
            &RULE,
            r#"
            _dmarc.sub TXT "v=DMARC1; p=reject"
                            ^^^^^^^^^^^^^^^^^^
            "#,
        );
    }

    #[test]
    fn psd_cuts_off_a_subdomain() {
        let zone = "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.sub TXT \"v=DMARC1; p=none; psd=n\"";
        let found = findings(&RULE, zone);
        assert_eq!(found.len(), 1);
        let change = found[0].values.iter().find(|(name, _)| *name == "at").map(|(_, at)| at.get(Lang::En));
        assert_eq!(change, Some("_dmarc.sub.example.test"));
    }

    #[test]
    fn a_registry_that_does_not_say_what_it_is() {
        let found = findings(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.test. TXT \"v=DMARC1; p=none\"");
        let value =
            |name| found[0].values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.get(Lang::En));
        assert_eq!((value("new"), value("at")), (Some("test"), Some("_dmarc.example.test")));
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.test. TXT \"v=DMARC1; p=none; psd=y\"");
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none; psd=n\"\n_dmarc.test. TXT \"v=DMARC1; p=none\"");
    }

    #[test]
    fn a_record_that_is_not_there_gets_no_tag() {
        let found = findings(&RULE, "@ MX 0 mail\n_dmarc.test. TXT \"v=DMARC1; p=none\"");
        let change = found[0].values.iter().find(|(name, _)| *name == "change").map(|(_, change)| change.get(Lang::En));
        assert_eq!(change, Some(PUBLISH_AND_SAY_SO.en));
    }

    #[test]
    fn both_arrive_at_the_same() {
        clean(&RULE, "_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.sub TXT \"v=DMARC1; p=none\"");
        clean(&RULE, "@ MX 0 mail\nsub MX 0 mail");
        clean(&RULE, "_dmarc.sub TXT \"v=DMARC1; p=none; adkim=s; aspf=s\"");
    }
}
