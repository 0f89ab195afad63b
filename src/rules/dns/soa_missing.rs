//! The domain has records, and DNS denies that it exists when asked for its start of authority.

use crate::dns::{Answer, Outcome};
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dns-soa-missing",
    severity: Severity::Warning,
    references: &["RFC 8020 section 2", "RFC 2308 section 2.2", "Yahoo: SMTP Error Codes"],
    check,
    text: Text {
        en: Prose {
            title: "DNS denies that {domain} exists when asked for its SOA",
            here: "denied here, though the name has records",
            why: "{domain} has records of other types, so the name server must not answer NXDOMAIN for this one. Yahoo asks for the SOA to see whether the domains in MAIL FROM and in the From field exist, and refuses the mail (554) if the answer is no; other resolvers may take the denial for the whole name.",
            fix: "Have the name server repaired: for a type that a name does not have, it must answer NOERROR with the SOA of the zone. Until then, records of its own for {domain} in place of a wildcard may help.",
        },
        es: Prose {
            title: "el DNS niega que {domain} exista cuando se le pide su SOA",
            here: "aquí se niega, aunque el nombre tiene registros",
            why: "{domain} tiene registros de otros tipos, así que el servidor de nombres no debe responder NXDOMAIN a este. Yahoo consulta el SOA para saber si existen los dominios de MAIL FROM y del campo De (From), y rechaza el correo (554) si la respuesta es negativa; otros servidores DNS pueden extender la negación a todo el nombre.",
            fix: "Pida que se corrija el servidor de nombres: si un nombre no tiene registros del tipo consultado, debe responder NOERROR con el SOA de la zona. Mientras tanto, puede ayudar publicar registros propios de {domain} en lugar de un comodín.",
        },
        ja: Prose {
            title: "SOAを問い合わせると、DNSは {domain} が存在しないと応答します",
            here: "レコードがある名前なのに否定されています",
            why: "{domain} にはほかの種類のレコードがあるため、ネームサーバーがNXDOMAINと応答するのは誤りです。YahooはMAIL FROMと差出人(From)のドメインが存在するかどうかをSOAで確認し、存在しなければメールを拒否します(554)。リゾルバーによっては、名前全体が存在しないものとして扱うこともあります。",
            fix: "ネームサーバーの修正が必要です。名前にその種類のレコードがない場合は、NOERRORとゾーンのSOAを返さなければなりません。修正されるまでは、ワイルドカードの代わりに {domain} 専用のレコードを公開すると改善することがあります。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    // RFC 8020 section 2: "an NXDOMAIN response for a domain name means that no child domains underneath the queried
    // name exist either", nor any record at it. That a zone above answers for the name is NODATA, and right.
    let soa = &evidence.soa;
    let denied = soa.aliases.is_empty() && matches!(soa.outcome, Outcome::NxDomain);
    let own = [&evidence.mx.answer, &evidence.spf.own().answer];
    let has_records = |answer: &&Answer| answer.aliases.is_empty() && !answer.records().is_empty();
    let Some(there) = own.into_iter().chain(&evidence.addresses).find(has_records) else { return };
    if denied && evidence.named && evidence.zone.is_none() {
        let finding = RULE.at([soa.question_span()]).and_at(there.spans());
        findings.push(finding.with("domain", &evidence.domain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::{Known, Wanted, collect};
    use crate::dns::{Dns, Failure};
    use crate::name::{Kind, Name, Question};
    use crate::rules::dns::tests::{clean, finds, found};
    use crate::testing::{live_evidence, zone_data};
    use crate::web::Nobody;

    /// Answers all but SOA, to which it always says this.
    struct Broken(&'static str, Outcome);

    impl Dns for Broken {
        async fn ask(&self, question: &Question) -> Answer {
            match question.kind {
                Kind::SOA => Answer::new(question.clone(), self.1.clone()),
                _ => zone_data(self.0).answer(question),
            }
        }
    }

    fn evidence(text: &'static str, soa: Outcome) -> Evidence {
        let domain = Name::parse("example.test").expect("a name");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let dns = Broken(text, soa);
        runtime.block_on(collect(&dns, &Nobody, &Wanted::domain(&domain, &Known::default())))
    }

    fn ids(text: &'static str, soa: Outcome) -> Vec<&'static str> {
        let evidence = evidence(text, soa);
        crate::rules::run(&evidence).iter().map(|finding| finding.id).filter(|id| id.starts_with("dns-")).collect()
    }

    #[test]
    fn finds_a_denial_beside_records() {
        let mail = evidence("$TTL 60\n@ MX 0 mail", Outcome::NxDomain);
        finds(&RULE, &mail, &["DNS denies that example.test exists when asked for its SOA"]);
        assert_eq!(found(&RULE, &mail)[0].spans.len(), 2);
        assert_eq!(ids("$TTL 60\n@ A 192.0.2.1", Outcome::NxDomain), ["dns-soa-missing"]);
    }

    #[test]
    fn who_does_not_answer_may_have_one() {
        assert_eq!(ids("$TTL 60\n@ MX 0 mail", Outcome::Failed(Failure::ServFail)), ["dns-no-answer"]);
        assert!(ids("$TTL 60\n@ MX 0 mail", Outcome::Failed(Failure::NotAsked)).is_empty());
    }

    #[test]
    fn the_zone_above_answers_for_a_sub_domain() {
        assert!(ids("$TTL 60\n@ MX 0 mail", Outcome::NoData).is_empty());
        clean(&RULE, &live_evidence("$TTL 60\nother.test. A 192.0.2.1", &[]));
    }
}
