//! Is a domain one that Microsoft gives to each organization, so that its zone is Microsoft's?

use crate::name::Name;

/// The domains below which Microsoft 365 names its organizations: worldwide, for the government of the United States,
/// and in China.
const ABOVE: [&str; 3] = ["onmicrosoft.com", "onmicrosoft.us", "partner.onmschina.cn"];

/// The one of these that a domain is below, such as `onmicrosoft.com` of `contoso.onmicrosoft.com`.
pub fn above(domain: &Name) -> Option<&'static str> {
    ABOVE.into_iter().find(|above| domain.as_str().strip_suffix(above).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below() {
        let above = |name: &str| above(&Name::parse(name).expect("a name"));
        assert_eq!(above("contoso.onmicrosoft.com"), Some("onmicrosoft.com"));
        assert_eq!(above("contoso.mail.OnMicrosoft.com"), Some("onmicrosoft.com"));
        assert_eq!(above("contoso.partner.onmschina.cn"), Some("partner.onmschina.cn"));
        for other in ["onmicrosoft.com", "notonmicrosoft.com", "contoso.onmicrosoft.com.test", "contoso.com"] {
            assert_eq!(above(other), None, "{other}");
        }
    }
}
