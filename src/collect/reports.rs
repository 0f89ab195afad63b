//! Where DMARC reports go: can mail be delivered there, and does the receiver of the reports consent?

use futures_util::future::join_all;

use crate::collect::{Wanted, ask, hosts, texts};
use crate::dns::Dns;
use crate::evaluate::dmarc::{self, PolicyFound};
use crate::evidence::{Asked, ReportDestination, ReportDomain};
use crate::name::{Kind, Name};
use crate::records::dmarc::{Dmarc, ReportUriKind};

/// More destinations than this are not looked at: nobody needs them, and a hostile record could hold hundreds.
const MAX_DESTINATIONS: usize = 10;

/// The domains of all report addresses of the record that applies, each once: of the domain's own record, and for a
/// domain that somebody named also of the one above.
pub(super) async fn destinations<D: Dns>(dns: &D, wanted: &Wanted, walk: &[Asked<Dmarc>]) -> Vec<ReportDestination> {
    let PolicyFound::Record { dmarc, answer, own, .. } = dmarc::policy_for(&wanted.domain, walk, true) else {
        return Vec::new();
    };
    let Some(holder) = answer.question.name.parent().filter(|_| !wanted.only_spf && (own || wanted.named)) else {
        return Vec::new();
    };
    let mut domains: Vec<Name> = Vec::new();
    for uri in ["rua", "ruf"].iter().flat_map(|tag| dmarc.report_uris(tag)) {
        let ReportUriKind::Mail { domain, .. } = uri.kind else { continue };
        domains.extend(Name::parse(&domain).ok().filter(|domain| !domains.contains(domain)));
    }
    domains.truncate(MAX_DESTINATIONS);
    join_all(domains.into_iter().map(|domain| destination(dns, domain, &holder))).await
}

async fn destination<D: Dns>(dns: &D, domain: Name, holder: &Name) -> ReportDestination {
    let authorization = authorization(dns, &domain, holder);
    let (at, authorization) = tokio::join!(report_domain(dns, domain.clone(), true), authorization);
    ReportDestination { at, authorization }
}

/// The domain of a report address, or the host of a URL to which reports go.
pub(super) async fn report_domain<D: Dns>(dns: &D, name: Name, by_mail: bool) -> ReportDomain {
    let mx = async { if by_mail { Some(ask(dns, &name, Kind::MX).await) } else { None } };
    let (mx, addresses) = tokio::join!(mx, hosts::addresses(dns, &name));
    ReportDomain { name, mx, addresses }
}

/// RFC 9990 section 4: reports leave the organization only with the consent of who gets them: a TXT record at
/// `<domain of the record>._report._dmarc.<domain of the address>` that begins with `v=DMARC1`.
async fn authorization<D: Dns>(dns: &D, domain: &Name, holder: &Name) -> Option<Asked<Dmarc>> {
    if domain.registered_domain() == holder.registered_domain() {
        return None;
    }
    let name = domain.prefixed(&format!("{holder}._report._dmarc")).ok()?;
    Some(texts(ask(dns, &name, Kind::TXT).await, Dmarc::read))
}

#[cfg(test)]
mod tests {
    use crate::testing::{evidence, live_evidence};

    #[test]
    fn each_domain_once_and_no_more_than_ten() {
        let hosts: String = (0..30).map(|n| format!(",mailto:a@n{}.test", n / 2)).collect();
        let all =
            live_evidence(&format!("_dmarc 60 TXT \"v=DMARC1;p=none;rua=mailto:a@example.test\" \"{hosts}\""), &[]);
        assert_eq!(all.report_destinations.len(), 10);
        assert!(all.report_destinations[0].authorization.is_none(), "the same organization");
        let name =
            all.report_destinations[1].authorization.as_ref().map(|asked| asked.answer.question.name.to_string());
        assert_eq!(name.as_deref(), Some("example.test._report._dmarc.n0.test"));
    }

    #[test]
    fn those_of_a_record_above_are_asked_for_once() {
        let zone = "@ 60 MX 0 mail\nsub 60 MX 0 mail\n_dmarc 60 TXT \"v=DMARC1;p=none;rua=mailto:a@b.test\"\n";
        let counts: Vec<usize> = evidence(zone).iter().map(|evidence| evidence.report_destinations.len()).collect();
        assert_eq!(counts, [1, 0]);
    }
}
