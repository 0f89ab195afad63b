//! The signatures of a zone do not hold: whoever validates DNSSEC gets no answer.

use crate::dns::Answer;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text, Words};
use crate::name::Name;
use crate::rules::Rule;
use crate::rules::dns::questions::{is_bogus, is_validation_error, unanswered};

pub static RULE: Rule = Rule {
    id: "dnssec-bogus",
    severity: Severity::Error,
    references: &["RFC 4035 section 4.3", "RFC 8914 section 4.7", "RFC 7672 section 2.1.2"],
    check,
    text: Text {
        en: Prose {
            title: "DNSSEC validation fails for {domain}: {reason}",
            here: "no answer where DNSSEC is validated",
            why: "Every server that validates DNSSEC takes the records of {domain} for forged and gives no answer. Mail to the domain waits at such senders and then bounces; mail from it is deferred or counts as not authenticated at such receivers.",
            fix: "{remedy}",
        },
        es: Prose {
            title: "la validación DNSSEC falla para {domain}: {reason}",
            here: "sin respuesta donde se valida DNSSEC",
            why: "Todo servidor que valida DNSSEC considera falsificados los registros de {domain} y no da respuesta. El correo dirigido al dominio se queda en la cola de esos remitentes y al final se devuelve; el que sale de él se aplaza o cuenta como no autenticado en esos receptores.",
            fix: "{remedy}",
        },
        ja: Prose {
            title: "{domain} のDNSSEC検証に失敗します: {reason}",
            here: "DNSSECを検証すると応答が得られません",
            why: "DNSSECを検証するサーバーは {domain} のレコードを偽造とみなし、応答を返しません。そのようなサーバーを使う送信側からこのドメイン宛てのメールは滞留した後に不達となり、受信側では、このドメインからのメールが一時拒否されるか、認証なしとして扱われます。",
            fix: "{remedy}",
        },
    },
};

/// More questions than these are not listed.
const MAX_QUESTIONS: usize = 8;

const SIGN: Words = Words {
    en: "Have the zone signed again at the DNS provider, and see to it that this is done regularly.",
    es: "Haga que el proveedor de DNS vuelva a firmar la zona y asegúrese de que se haga con regularidad.",
    ja: "DNSサービスでゾーンを署名し直し、定期的に再署名されるようにしてください。",
};
const CLOCK: Words = Words {
    en: "Set the clock of the server that signs the zone, and have the zone signed again.",
    es: "Ponga en hora el servidor que firma la zona y vuelva a firmarla.",
    ja: "ゾーンに署名するサーバーの時計を合わせ、署名し直してください。",
};
const EITHER: Words = Words {
    en: "Compare the DS record at the registrar with the zone's DNSKEY records: if none fits, correct the DS record, or delete it where the zone is not signed. If one fits, have the zone signed again.",
    es: "Compare el registro DS del registrador con los registros DNSKEY de la zona: si ninguno coincide, corrija el registro DS o elimínelo si la zona no está firmada. Si alguno coincide, vuelva a firmar la zona.",
    ja: "レジストラのDSレコードとゾーンのDNSKEYレコードを比べてください。対応するものがなければDSレコードを修正し、ゾーンに署名していない場合は削除してください。対応していれば、ゾーンを署名し直してください。",
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let bogus: Vec<&Answer> = unanswered(evidence).into_iter().filter(|answer| is_bogus(evidence, answer)).collect();
    let mut domains: Vec<Name> = bogus.iter().map(|answer| answer.final_name().registered_domain()).collect();
    domains.sort();
    domains.dedup();
    for domain in domains {
        let of_domain = |answer: &&&Answer| answer.final_name().registered_domain() == domain;
        let answers: Vec<&&Answer> = bogus.iter().filter(of_domain).collect();
        let codes = answers.iter().filter_map(|answer| answer.extended_error.filter(|code| is_validation_error(*code)));
        // Code 6 is the one that says the least.
        let (reason, remedy) = words(codes.filter(|code| *code != 6).min());
        let finding = RULE.at(answers.iter().take(MAX_QUESTIONS).map(|answer| answer.question_span()));
        let finding = finding.with("domain", &domain).with_words("reason", reason);
        findings.push(finding.with_words("remedy", remedy));
    }
}

/// What an extended error says (RFC 8914 section 4), and what to do.
fn words(code: Option<u16>) -> (Words, Words) {
    let (en, es, ja, remedy) = match code {
        Some(7) => ("its signatures have expired", "sus firmas han caducado", "署名の有効期限が切れています", SIGN),
        Some(8) => (
            "its signatures are not valid yet",
            "sus firmas aún no son válidas",
            "署名がまだ有効期間に入っていません",
            CLOCK,
        ),
        // Unbound says 9 where the DS record fits no key, and where the signature of the keys has expired.
        Some(9) => (
            "none of its keys can be verified",
            "ninguna de sus claves se puede verificar",
            "検証できる鍵がありません",
            EITHER,
        ),
        Some(10) => ("signatures are missing", "faltan firmas", "署名がありません", EITHER),
        _ => ("its signatures are not valid", "sus firmas no son válidas", "署名を検証できません", EITHER),
    };
    (Words { en, es, ja }, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Failure;
    use crate::rules::{dns, run};
    use crate::testing::{Resolver, clean};

    const WORLD: &str = "$TTL 60\n@ MX 0 mail\nmail A 192.0.2.1\n";

    fn resolver<'t>(failing: &'t [(&'t str, Failure)]) -> Resolver<'t> {
        Resolver { failing, ..Resolver::new(WORLD, &[]) }
    }

    fn finds(failing: &[(&str, Failure)]) -> Vec<String> {
        resolver(failing).findings(&RULE)
    }

    #[test]
    fn one_finding_for_a_domain() {
        let failing = [("example.test MX", Failure::Bogus), ("_dmarc.example.test TXT", Failure::Bogus)];
        assert_eq!(finds(&failing), ["example.test. MX | _dmarc.example.test. TXT"]);
        let ids: Vec<&str> = run(&resolver(&failing).evidence()).iter().map(|finding| finding.id).collect();
        assert!(!ids.contains(&"dns-no-answer") && !ids.contains(&"mx-missing"), "{ids:?}");
    }

    #[test]
    fn other_failures_and_resolvers_that_do_not_validate() {
        clean(&RULE, "@ MX 0 mail\nmail A 192.0.2.1");
        assert!(finds(&[("example.test MX", Failure::ServFail)]).is_empty());
        let failing = [("example.test MX", Failure::Bogus)];
        let unsure = Resolver { validates: false, ..resolver(&failing) };
        assert!(unsure.findings(&RULE).is_empty());
        let told: Vec<&str> = run(&unsure.evidence()).iter().map(|finding| finding.id).collect();
        assert!(told.contains(&"dns-no-answer"), "{told:?}");
        assert!(dns::questions::is_validation_error(12) && !dns::questions::is_validation_error(22));
    }
}
