//! Trust in certificates: to which authorities it goes, and what is wrong with a certificate that does not have it.

use serde::{Deserialize, Serialize};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{self, CertificateError, RootCertStore};

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateFault {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is for other names: these.
    WrongName(Vec<String>),
    /// Nobody who is trusted issued it; it may have issued itself.
    UnknownIssuer,
    /// Anything else; the text says what, in the words of the protocol.
    Other(String),
}

/// The authorities that browsers trust, and these, as DER.
///
/// # Errors
/// Where one of these is no certificate.
pub fn roots(extra: &[Vec<u8>]) -> Result<RootCertStore, rustls::Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra {
        roots.add(CertificateDer::from(root.clone()))?;
    }
    Ok(roots)
}

impl CertificateFault {
    /// The fault in the terms of the protocol.
    pub fn comment(&self) -> String {
        match self {
            CertificateFault::Expired => "expired".to_owned(),
            CertificateFault::NotYetValid => "not yet valid".to_owned(),
            CertificateFault::WrongName(names) => format!("for {}", names.join(", ")),
            CertificateFault::UnknownIssuer => "unknown issuer".to_owned(),
            CertificateFault::Other(why) => why.clone(),
        }
    }
}

impl From<&CertificateError> for CertificateFault {
    fn from(error: &CertificateError) -> CertificateFault {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertificateFault::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                CertificateFault::NotYetValid
            }
            CertificateError::NotValidForNameContext { presented, .. } => {
                CertificateFault::WrongName(presented.iter().map(|name| plain_name(name)).collect())
            }
            CertificateError::NotValidForName => CertificateFault::WrongName(Vec::new()),
            CertificateError::UnknownIssuer => CertificateFault::UnknownIssuer,
            // An authority's certificate in the place of a server's: what tools make that sign certificates by
            // themselves.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                CertificateFault::UnknownIssuer
            }
            other => CertificateFault::Other(other.to_string()),
        }
    }
}

/// The library writes `DnsName("example.com")`.
fn plain_name(presented: &str) -> String {
    presented.split('"').nth(1).unwrap_or(presented).to_owned()
}
