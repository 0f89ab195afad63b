//! An address for reports in a CAA record that no authority can use.

use crate::evidence::Evidence;
use crate::finding::{Finding, Severity};
use crate::lang::{Prose, Text};
use crate::rules::Rule;
use crate::rules::caa::all;

pub static RULE: Rule = Rule {
    id: "caa-report-address-not-a-uri",
    severity: Severity::Advice,
    references: &["RFC 8659 section 4.4"],
    check,
    text: Text {
        en: Prose {
            title: "a CAA record of {owner} asks for reports at `{value}`, which is not a URL",
            here: "needs `mailto:` or `https:`",
            why: "Certificate authorities report refused requests only to an address that begins with `mailto:`, `http:` or `https:`. Certificates are issued all the same.",
            fix: "Write `mailto:` in front of a mail address, as `0 iodef \"mailto:security@example.com\"`.",
        },
        es: Prose {
            title: "un registro CAA de {owner} pide que los informes se envíen a `{value}`, que no es una URL",
            here: "falta `mailto:` o `https:`",
            why: "Las autoridades de certificación solo comunican las solicitudes rechazadas a una dirección que empiece por `mailto:`, `http:` o `https:`. Los certificados se emiten igualmente.",
            fix: "Escriba `mailto:` delante de una dirección de correo, como `0 iodef \"mailto:security@example.com\"`.",
        },
        ja: Prose {
            title: "{owner} のCAAレコードにある報告先 `{value}` はURLではありません",
            here: "`mailto:` か `https:` が必要です",
            why: "認証局が拒否した申請を報告するのは、`mailto:`、`http:`、`https:` で始まる宛先だけです。証明書の発行には影響しません。",
            fix: "`0 iodef \"mailto:security@example.com\"` のように、メールアドレスの前に `mailto:` を付けてください。",
        },
    },
};

fn check(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for property in all(evidence).iter().filter(|property| property.is("iodef")) {
        let value = &property.value.value;
        if !is_url(value) {
            let finding = RULE.at(property.value.spans(0..value.len())).with("owner", &property.record.owner);
            findings.push(finding.with("value", value));
        }
    }
}

/// Of the kinds that RFC 8659 section 4.4 knows.
fn is_url(value: &str) -> bool {
    let value = value.trim_start().to_ascii_lowercase();
    ["mailto:", "http:", "https:"].iter().any(|scheme| value.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{clean, finds};

    const STS: &str = "@ MX 10 mx.other.\n_mta-sts TXT \"v=STSv1; id=1\"\n";

    #[test]
    fn a_bare_mail_address() {
        finds(&RULE, &format!("{STS}@ CAA 0 iodef \"a@example.test\"\n               ^^^^^^^^^^^^^^"));
    }

    #[test]
    fn urls() {
        clean(&RULE, &format!("{STS}@ CAA 0 iodef \"mailto:a@example.test\"\n@ CAA 0 iodef \"HTTPS://a.test/\""));
        clean(&RULE, "@ MX 10 mx\n@ CAA 0 iodef \"a@example.test\"");
    }
}
