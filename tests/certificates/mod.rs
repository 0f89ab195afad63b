//! Certificates of our own, and servers that show them.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// A certificate of its own authority.
pub struct Certificate {
    pub root: Vec<u8>,
    pub chain: Vec<u8>,
    pub key: Vec<u8>,
}

pub fn certificate(host: &str, change: impl Fn(&mut CertificateParams)) -> Certificate {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, format!("authority of {host}"));
    let authority_key = KeyPair::generate().expect("a key");
    let root = authority.self_signed(&authority_key).expect("a certificate").der().to_vec();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
    change(&mut params);
    let chain = params.signed_by(&key, &issuer).expect("a certificate").der().to_vec();
    Certificate { root, chain, key: key.serialize_der() }
}

/// One that signs itself.
pub fn self_signed(host: &str, is_ca: IsCa) -> Certificate {
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
    params.is_ca = is_ca;
    let key = KeyPair::generate().expect("a key");
    let chain = params.self_signed(&key).expect("a certificate").der().to_vec();
    Certificate { root: chain.clone(), chain, key: key.serialize_der() }
}

impl Certificate {
    /// The side of the server.
    pub fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![self.chain.clone().into()], key));
        TlsAcceptor::from(Arc::new(config.expect("a configuration")))
    }
}
