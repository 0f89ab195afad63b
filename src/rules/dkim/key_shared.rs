//! One key under several domains of a zone.

use std::collections::BTreeMap;

use crate::dns::Record;
use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::name::{Kind, Name};
use crate::records::dkim::{DkimKey, public_key};
use crate::rules::Rule;

pub static RULE: Rule = Rule {
    id: "dkim-key-shared",
    severity: Severity::Advice,
    references: &["RFC 6376 section 3.1"],
    check,
    text: Text {
        en: Prose {
            title: "the same DKIM key is published for several domains: {domains}",
            here: "the same key",
            why: "Whoever gets hold of the private key can sign as all of them, and to withdraw it from one of them is to withdraw it from all. Nothing is broken by it.",
            fix: "Give each domain a key of its own, where the mail server can do that. If all of them sign on the same server, this may stay as it is.",
        },
        es: Prose {
            title: "la misma clave DKIM está publicada en varios dominios: {domains}",
            here: "la misma clave",
            why: "Quien se haga con la clave privada puede firmar en nombre de todos ellos, y retirarla de uno obliga a retirarla de todos. Por lo demás, no causa ningún fallo.",
            fix: "Asigne a cada dominio su propia clave, si el servidor de correo lo permite. Si el correo de todos se firma en el mismo servidor, puede dejarlo como está.",
        },
        ja: Prose {
            title: "同じDKIMの鍵が複数のドメインで公開されています: {domains}",
            here: "同じ鍵です",
            why: "秘密鍵が漏れると、これらすべてのドメインとして署名されてしまいます。1つのドメインで鍵を無効にするときも、すべてのドメインで差し替えが必要です。それ以外の支障はありません。",
            fix: "メールサーバーが対応していれば、ドメインごとに別の鍵を使ってください。すべて同じサーバーで署名している場合は、このままでもかまいません。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(zone) = &evidence.zone else { return };
    let mut shared: BTreeMap<Vec<u8>, Vec<(Name, &Record)>> = BTreeMap::new();
    for record in zone.records.iter().filter(|record| record.kind == Kind::TXT) {
        if let (Some(domain), Some(key)) = (domain(&record.owner), key(record)) {
            shared.entry(key).or_default().push((domain, record));
        }
    }
    for places in shared.into_values() {
        let mut domains: Vec<&str> = places.iter().map(|(domain, _)| domain.as_str()).collect();
        domains.sort_unstable();
        domains.dedup();
        if domains.len() > 1 {
            let finding = RULE.at(places.iter().map(|(_, record)| record.data_span()));
            findings.push(finding.with("domains", domains.join(", ")));
        }
    }
}

/// The domain that a selector belongs to.
fn domain(owner: &Name) -> Option<Name> {
    owner.as_str().split_once("._domainkey.").and_then(|(_, domain)| Name::parse(domain).ok())
}

/// The octets of a key that is good for signatures.
fn key(record: &Record) -> Option<Vec<u8>> {
    let key = DkimKey::read(record.txt()?);
    key.tags.value("p").filter(|_| key.is_usable()).and_then(public_key::decode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::dkim::test_keys::*;
    use crate::testing::{clean, finds};

    #[test]
    fn two_domains() {
        let front = ["s._domainkey TXT ", "s._domainkey.news TXT "];
        let data = [format!("\"p={RSA_1024}\""), format!("\"v=DKIM1; p={RSA_1024}\"")];
        let line = |n: usize| {
            format!("{}{}\n{}{}\n", front[n], data[n], " ".repeat(front[n].len()), "^".repeat(data[n].len()))
        };
        finds(&RULE, &(line(0) + &line(1)));
    }

    #[test]
    fn one_domain_and_other_keys() {
        clean(&RULE, &format!("a._domainkey TXT \"p={RSA_1024}\"\nb._domainkey TXT \"p={RSA_1024}\""));
        clean(&RULE, &format!("a._domainkey TXT \"p={RSA_1024}\"\na._domainkey.b TXT \"p={BARE_1024}\""));
        clean(&RULE, "a._domainkey TXT \"p=\"\na._domainkey.b TXT \"p=\"");
        clean(&RULE, "a._domainkey CNAME key.x.test.\na._domainkey.b CNAME key.x.test.");
    }
}
