//! Mail is received by a provider whose servers the SPF record does not allow to send.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::evidence::{Evidence, SpfTree, Target};
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::Kind;
use crate::providers::{self, Provider, ProviderKind};
use crate::records::replaced;
use crate::records::spf::{Qualifier, Spf, TermKind};
use crate::rules::Rule;
use crate::rules::spf::fault;

pub static RULE: Rule = Rule {
    id: "spf-provider-not-included",
    severity: Severity::Warning,
    references: &["RFC 7208 section 5.2", "Microsoft: Set up SPF for your Microsoft 365 domain"],
    check,
    text: Text {
        en: Prose {
            title: "the SPF record of {domain} does not allow {provider} to send",
            here: "{include} is not included",
            why: "The MX record says that the mailboxes of {domain} are at {provider}. Mail sent from there fails SPF, because the record names only other senders.",
            fix: "Add `include:{include}` before `all`, unless all mail leaves through another server that the record names.",
        },
        es: Prose {
            title: "el registro SPF de {domain} no permite que {provider} envíe",
            here: "falta incluir {include}",
            why: "Según el registro MX, los buzones de {domain} están en {provider}. El correo que se envía desde allí no supera SPF, porque el registro solo incluye a otros remitentes.",
            fix: "Añada `include:{include}` delante de `all`, salvo que todo el correo salga por otro servidor que el registro ya incluya.",
        },
        ja: Prose {
            title: "{domain} のSPFレコードが {provider} からの送信を許可していません",
            here: "{include} がincludeされていません",
            why: "MXレコードによると {domain} のメールボックスは {provider} にあります。レコードには別の送信元しか書かれていないため、{provider} から送ったメールはSPFに失敗します。",
            fix: "すべてのメールがレコードに記載済みの別のサーバーから送信される場合を除き、`all` の前に `include:{include}` を追加してください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let tree = &evidence.spf;
    let Some(spf) = tree.own().only().filter(|spf| is_whole(tree) && !passes_all(spf)) else { return };
    // A faulty term may be the include that is looked for: another rule speaks of it.
    if !fault::faults(&spf.txt.value, &spf.terms).is_empty() {
        return;
    }
    let hosts = evidence.mx.found.iter().map(|host| providers::by_mx(&host.exchange));
    // Beside a host that nobody knows the mailboxes may be there.
    let Some(hosts) = hosts.collect::<Option<Vec<&Provider>>>() else { return };
    // A provider that filters or forwards tells nothing of who sends.
    let mut mailboxes = hosts.into_iter().filter(|provider| provider.kind.has_mailboxes());
    let Some(provider) = mailboxes.find(|it| it.include().is_some() && !may_allow(tree, it)) else { return };
    let Some(include) = provider.include() else { return };
    let end = spf.all().map_or(spf.txt.value.len()..spf.txt.value.len(), |all| all.range.clone());
    let finding = RULE.at(spf.txt.spans(end.clone())).with("domain", &evidence.domain);
    let value = replaced(&spf.txt.value, &(end.start..end.start), &inserted(spf, include));
    let finding = finding.with("provider", &provider.name).with("include", include);
    // Who may send is for the owner to say.
    findings.push(finding.publish(&evidence.domain, Kind::TXT, value).as_choice());
}

/// `+all` allows everyone, which is another rule's concern.
fn passes_all(spf: &Spf) -> bool {
    spf.all().is_some_and(|all| all.result() == Qualifier::Pass)
}

/// Was the whole tree seen, so that what is not in it is not there?
fn is_whole(tree: &SpfTree) -> bool {
    let seen = |target: &Target| match target {
        Target::Node(node) => tree.nodes.get(*node).is_some_and(|node| node.asked.only().is_some()),
        Target::Answers(_) => true,
        Target::Loop(_) | Target::Undecided | Target::Unread => false,
    };
    !tree.cut && tree.nodes.iter().flat_map(|node| &node.lookups).all(|lookup| seen(&lookup.target))
}

/// Is the provider included, or are its addresses written out, somewhere in the tree? Where these are not known, any
/// address and any host may be one of them; and hosts of a hosting provider may be those of its own mail servers.
fn may_allow(tree: &SpfTree, provider: &Provider) -> bool {
    let included = tree.nodes.iter().any(|node| provider.is_included_by(&node.name));
    let mut terms = tree.records().flat_map(|(_, spf)| spf.terms.iter());
    let may_be_its = |term: &TermKind| match term {
        TermKind::A(..) | TermKind::Mx(..) => provider.kind == ProviderKind::Hosting || provider.addresses().is_empty(),
        TermKind::Ip4(..) | TermKind::Ip6(..) if provider.addresses().is_empty() => true,
        _ => provider.addresses().iter().any(|own| overlaps(own, term)),
    };
    included || terms.any(|term| may_be_its(&term.kind))
}

fn overlaps(own: &IpNet, term: &TermKind) -> bool {
    let range = match term {
        TermKind::Ip4(address, length) => Ipv4Net::new(*address, *length).map(IpNet::from),
        TermKind::Ip6(address, length) => Ipv6Net::new(*address, *length).map(IpNet::from),
        _ => return false,
    };
    range.is_ok_and(|range| range.contains(own) || own.contains(&range))
}

fn inserted(spf: &Spf, include: &str) -> String {
    match spf.all() {
        Some(_) => format!("include:{include} "),
        None if spf.txt.value.ends_with(' ') => format!("include:{include}"),
        None => format!(" include:{include}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, findings, finds};

    const MX: &str = "@ MX 0 example-test.mail.protection.outlook.com.\n";

    #[test]
    fn the_own_server_only() {
        let zone = r#"
            @ MX  0 example-test.mail.protection.outlook.com.
            @ TXT "v=spf1 ip4:192.0.2.25 -all"
                                         ^^^^
            "#;
        finds(&RULE, zone);
        let value = &findings(&RULE, zone)[0].publish[0].value;
        assert_eq!(value, "v=spf1 ip4:192.0.2.25 include:spf.protection.outlook.com -all");
    }

    #[test]
    fn included_by_another_or_written_out() {
        let by_another = format!(
            "{MX}@ TXT \"v=spf1 include:reseller.test -all\"\nreseller.test. TXT \"v=spf1 include:spf.protection.outlook.com -all\"\nspf.protection.outlook.com. TXT \"v=spf1 -all\""
        );
        clean(&RULE, &by_another);
        clean(&RULE, &format!("{MX}@ TXT \"v=spf1 ip4:40.92.0.0/16 -all\""));
    }

    #[test]
    fn who_filters_or_forwards_need_not_send() {
        for host in ["mx01.hornetsecurity.com.", "mx1-us1.ppe-hosted.com.", "mx1.improvmx.com.", "d1.iphmx.com."] {
            clean(&RULE, &format!("@ MX 0 {host}\n@ TXT \"v=spf1 ip4:192.0.2.25 -all\""));
        }
    }

    #[test]
    fn servers_of_a_host_may_be_named_in_another_way() {
        let hosted = |terms| format!("@ MX 0 mx00.ionos.de.\n@ TXT \"v=spf1 {terms} -all\"");
        clean(&RULE, &hosted("mx"));
        clean(&RULE, &hosted("ip4:212.227.126.187"));
        assert_eq!(findings(&RULE, &hosted("ip4:192.0.2.25")).len(), 1);
        // Nothing is known of Tuta's addresses.
        clean(&RULE, "@ MX 0 mail.tutanota.de.\n@ TXT \"v=spf1 ip4:192.0.2.25 -all\"");
    }

    #[test]
    fn what_was_not_seen_may_hold_it() {
        clean(&RULE, &format!("{MX}@ TXT \"v=spf1 include:gone.test -all\""));
        clean(&RULE, &format!("{MX}@ TXT \"v=spf1 include:%{{i}}._spf.vendor.test -all\""));
        clean(&RULE, "@ MX 0 mail\n@ TXT \"v=spf1 ip4:192.0.2.25 -all\"");
        clean(&RULE, &format!("{MX}@ MX 10 mail\n@ TXT \"v=spf1 ip4:192.0.2.25 -all\""));
    }
}
