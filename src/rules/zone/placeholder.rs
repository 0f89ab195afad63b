//! Names that instructions write for the reader's own.

use crate::name::Name;

/// RFC 2606 section 3: reserved for documentation, so that nobody has them.
const RESERVED: [&str; 3] = ["example.com", "example.net", "example.org"];

/// RFC 2606 section 2: top-level domains of documents and trials, where anything may be meant.
const TRIALS: [&str; 4] = ["example", "invalid", "localhost", "test"];

/// Labels that stand for the reader's own. Real names that look alike (`your-server.de`, `mydomain.com`, `domain.com`)
/// are not among them.
const SAMPLES: [&str; 21] = [
    "companydomain",
    "dominio-ejemplo",
    "ihre-domain",
    "ihredomain",
    "midominio",
    "su-dominio",
    "sudominio",
    "tu-dominio",
    "tudominio",
    "votre-domaine",
    "votredomaine",
    "your-company",
    "your-domain",
    "your-provider",
    "your-tenant",
    "your_domain",
    "yourcompany",
    "yourdomain",
    "yourdomainname",
    "yourprovider",
    "yourtenant",
];

/// Was a name copied out of instructions and not filled in? Not where the domain itself is of that kind.
pub(in crate::rules) fn is_in(name: &Name, domain: &Name) -> bool {
    let is_sample = |name: &Name| name.labels().any(|label| SAMPLES.contains(&label));
    is_template(name)
        || (is_reserved(name) && !is_reserved(domain) && !ends_in(domain, &TRIALS))
        || (is_sample(name) && !is_sample(domain))
        || name.labels().next_back() == Some("tld")
}

/// Brackets and the like, which no host name has. An address may stand in square brackets.
fn is_template(name: &Name) -> bool {
    let text = name.as_str();
    let squares = text.contains(['[', ']']) && text.bytes().any(|byte| byte.is_ascii_lowercase());
    text.contains(['<', '>', '{', '}', '%']) || (squares && !text.contains(':'))
}

fn is_reserved(name: &Name) -> bool {
    ends_in(name, &RESERVED)
}

fn ends_in(name: &Name, suffixes: &[&str]) -> bool {
    suffixes.iter().any(|suffix| Name::parse(suffix).is_ok_and(|suffix| name.is_within(&suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str, domain: &str) -> bool {
        is_in(&Name::parse(text).expect(text), &Name::parse(domain).expect(domain))
    }

    #[test]
    fn names_of_instructions() {
        let samples = [
            "mail.yourdomain.com",
            "example.com",
            "mx.example.net",
            "your-domain.de",
            "<domain>.com",
            "[domain].com",
            "%domain%",
            "mail.domain.tld",
        ];
        for text in samples {
            assert!(is(text, "contoso.com"), "{text}");
        }
    }

    #[test]
    fn names_in_use() {
        let real = ["www4.your-server.de", "mail.mydomain.com", "domain.com", "myexample.com", "[192.0.2.1]", "a.test"];
        for text in real {
            assert!(!is(text, "contoso.com"), "{text}");
        }
        assert!(!is("mail.example.net", "example.com") && !is("mail.example.com", "example.test"));
        assert!(!is("mail.yourdomain.com", "yourdomain.com"));
    }
}
