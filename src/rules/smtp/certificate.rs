//! What is wrong with the certificates of MX hosts, for the rules on them.

use crate::evaluate::exchange::Exchange;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::lang::Words;
use crate::rules::Rule;
use crate::rules::certificate::described;
use crate::rules::smtp::{at, hosts};
use crate::tls::CertificateFault;

const RENEW: Words = Words {
    en: "Renew the certificate on the mail server, and see to it that it is renewed by itself from now on; a server that runs must load it anew.",
    es: "Renueve el certificado en el servidor de correo y asegúrese de que en adelante se renueve automáticamente; un servidor en marcha debe volver a cargarlo.",
    ja: "メールサーバーの証明書を更新し、今後は自動で更新されるようにしてください。稼働中のサーバーには再読み込みが必要です。",
};
const CLOCK: Words = Words {
    en: "Install a certificate whose time has begun, or set the clock of the machine that issued it.",
    es: "Instale un certificado cuyo periodo de validez haya comenzado o ponga en hora el equipo que lo emitió.",
    ja: "有効期間に入っている証明書を設定するか、証明書を発行した機器の時計を合わせてください。",
};
const REISSUE: Words = Words {
    en: "Get a certificate that holds the name of the host as the MX record has it, and install it on the mail server.",
    es: "Obtenga un certificado que incluya el nombre del servidor tal como figura en el registro MX e instálelo en el servidor de correo.",
    ja: "MXレコードに書かれたホスト名を含む証明書を取得し、メールサーバーに設定してください。",
};
const CHAIN: Words = Words {
    en: "Install a certificate of a public authority (Let's Encrypt, say) on the mail server, together with its intermediate certificates.",
    es: "Instale en el servidor de correo un certificado de una autoridad pública (por ejemplo, Let's Encrypt) junto con sus certificados intermedios.",
    ja: "メールサーバーに、公的な認証局(Let's Encryptなど)の証明書を、中間証明書とともに設定してください。",
};

/// A finding for each certificate of these hosts that does not hold.
pub(super) fn faults(
    rule: &'static Rule,
    evidence: &Evidence,
    concerns: impl Fn(&Exchange) -> bool,
) -> impl Iterator<Item = Finding> {
    let faults = hosts(evidence).filter_map(|(host, probe)| Some((host, probe.fault()?)));
    faults.filter(move |(host, _)| concerns(host)).map(move |(host, fault)| {
        let (words, detail) = described(fault);
        let finding = at(rule, evidence, &host).with_words("fault", words).with("detail", detail);
        finding.with_words("remedy", remedy(fault))
    })
}

fn remedy(fault: &CertificateFault) -> Words {
    match fault {
        CertificateFault::Expired => RENEW,
        CertificateFault::NotYetValid => CLOCK,
        CertificateFault::WrongName(_) => REISSUE,
        CertificateFault::UnknownIssuer | CertificateFault::Other(_) => CHAIN,
    }
}
