use super::*;
use crate::testing::txt;

fn read(value: &str) -> Spf {
    Spf::read(&txt(value)).expect("an SPF record")
}

/// The kind of the one term behind the version.
fn kind(term: &str) -> TermKind {
    match terms(&format!("v=spf1 {term}")).expect("an SPF record").as_slice() {
        [term] => term.kind.clone(),
        terms => panic!("{} terms in {term}", terms.len()),
    }
}

fn error(term: &str) -> TermError {
    match kind(term) {
        TermKind::Invalid(error) => error,
        kind => panic!("{term} is {kind:?}"),
    }
}

fn name(spec: Option<DomainSpec>) -> Option<String> {
    spec.and_then(|spec| spec.name).map(|name| name.to_string())
}

#[test]
fn version_is_exact_and_ends_at_a_blank() {
    for value in ["v=spf1", "v=spf1 ", "V=SPF1 -all", "v=spf1  a  "] {
        assert!(terms(value).is_some(), "{value}");
    }
    for value in ["", "v=spf", "v=spf10", "v=spf1\t-all", " v=spf1", "v=spf1\u{a0}a", "v=spf2 a", "spf2.0/pra a"] {
        assert!(terms(value).is_none(), "{value}");
    }
}

#[test]
fn terms_stand_between_blanks_and_have_places() {
    let spf = read("v=spf1   -a:x.test/24  redirect=y.test ");
    let parts: Vec<_> = spf.terms.iter().map(|t| (spf.text(t), spf.part(&t.name), t.argument.clone())).collect();
    assert_eq!(parts, [("-a:x.test/24", "a", Some(12..21)), ("redirect=y.test", "redirect", Some(32..38))]);
    assert_eq!(spf.terms[0].qualifier, Some(Qualifier::Fail));
    assert_eq!(spf.terms[1].result(), Qualifier::Pass);
}

#[test]
fn hosts_and_prefixes() {
    let both = |ip4, ip6| Prefixes { ip4, ip6 };
    let a = |text: &str| match kind(text) {
        TermKind::A(spec, prefixes) | TermKind::Mx(spec, prefixes) => (name(spec), prefixes),
        kind => panic!("{text} is {kind:?}"),
    };
    assert_eq!(a("a"), (None, both(32, 128)));
    assert_eq!(a("a/24"), (None, both(24, 128)));
    assert_eq!(a("a//64"), (None, both(32, 64)));
    assert_eq!(a("mx/0//0"), (None, both(0, 0)));
    assert_eq!(a("a:host.test/24//64"), (Some("host.test".into()), both(24, 64)));
    assert_eq!(a("A:HOST.TEST"), (Some("host.test".into()), both(32, 128)));
    assert_eq!(a("MX:host.test./32"), (Some("host.test".into()), both(32, 128)));
    // Legal by the grammar, whatever it may name.
    assert_eq!(a("a:foo:bar/baz.test"), (Some("foo:bar/baz.test".into()), both(32, 128)));
    assert_eq!(a("a:%{d}/24"), (None, both(24, 128)));
    assert_eq!(a("a:%{d2/}.test/24"), (None, both(24, 128)));
}

#[test]
fn bad_prefixes() {
    for term in ["a/33", "a/024", "a/", "a//129", "a/24/64", "a///64", "mx:x.test/x", "a:x.test/-1", "a/24//"] {
        assert_eq!(error(term), TermError::BadPrefix, "{term}");
    }
    for term in ["ip4:192.0.2.1/33", "ip4:192.0.2.1/", "ip4:192.0.2.1/08", "ip6:2001:db8::/129", "ip6:::1//64"] {
        assert_eq!(error(term), TermError::BadPrefix, "{term}");
    }
}

#[test]
fn addresses() {
    assert_eq!(kind("ip4:192.0.2.0/24"), TermKind::Ip4(Ipv4Addr::new(192, 0, 2, 0), 24));
    assert_eq!(kind("IP4:192.0.2.1"), TermKind::Ip4(Ipv4Addr::new(192, 0, 2, 1), 32));
    assert_eq!(kind("ip6:::1"), TermKind::Ip6(Ipv6Addr::LOCALHOST, 128));
    assert!(matches!(kind("ip6:::ffff:192.0.2.1/96"), TermKind::Ip6(_, 96)));
    for term in
        ["ip4:01.2.3.4", "ip4:1.2.3", "ip4:1.2.3.256", "ip4:1.2.3.4.", "ip4:::1", "ip4:x.test", "ip4:1.2.3.4:25"]
    {
        assert_eq!(error(term), TermError::BadAddress, "{term}");
    }
    for term in ["ip6:192.0.2.1", "ip6:2001:db8", "ip6:[::1]", "ip6:fe80::1%eth0"] {
        assert_eq!(error(term), TermError::BadAddress, "{term}");
    }
}

#[test]
fn arguments_that_are_missing_or_too_many() {
    for term in
        ["include", "include:", "exists", "ip4", "ip4:", "ip4/24", "ip6:", "redirect=", "exp=", "a:", "mx:/24", "ptr:"]
    {
        assert_eq!(error(term), TermError::MissingArgument, "{term}");
    }
    for term in ["all:x.test", "-all:", "all/8", "ptr/24"] {
        assert_eq!(error(term), TermError::UnexpectedArgument, "{term}");
    }
    assert_eq!(kind("-all"), TermKind::All);
    assert_eq!(kind("ptr"), TermKind::Ptr(None));
}

#[test]
fn domains() {
    for (term, expected) in [
        ("include:x.test.", "x.test"),
        ("include:_spf.x.test", "_spf.x.test"),
        ("exists:x.xn--p1ai", "x.xn--p1ai"),
        ("redirect=x.a1", "x.a1"),
        ("include:a@b.test", "a@b.test"),
    ] {
        let terms = terms(&format!("v=spf1 {term}")).expect("a record");
        assert_eq!(name(terms[0].domain().cloned()).as_deref(), Some(expected), "{term}");
    }
    for term in [
        "include:localhost",
        "a:museum.",
        "a:192.0.2.1",
        "mx:x.123",
        "a:x.test:25",
        "include:x.-test",
        "include:x.test-",
        "include:x.test/24",
        "redirect=x",
        "include:.",
    ] {
        assert_eq!(error(term), TermError::BadDomain, "{term}");
    }
    // Legal syntax, but no name: the label is empty, or too long.
    for term in ["include:x..test".to_owned(), format!("include:{}.test", "x".repeat(64))] {
        assert!(matches!(kind(&term), TermKind::Include(DomainSpec { name: None, .. })), "{term}");
    }
}

#[test]
fn macros_are_read_and_judged() {
    for term in [
        "exists:%{i}._spf.%{d}",
        "include:%{ir}.%{v}._x.%{d2}",
        "a:%{L1r+-/}.x.test",
        "exists:x%%%_%-y.test",
        "exists:x.%%",
    ] {
        let terms = terms(&format!("v=spf1 {term}")).expect("a record");
        assert!(terms[0].domain().is_some_and(|domain| domain.name.is_none()), "{term}: {:?}", terms[0].kind);
    }
    for term in [
        "include:%s.x.test",
        "include:x.test%",
        "a:%{x}.test",
        "a:%{d0}",
        "a:%{d",
        "a:%{}",
        "exists:%{c}.x.test",
        "x=%{c}",
        "a:%{dx}.test",
        "redirect=%(d)",
    ] {
        assert_eq!(error(term), TermError::BadMacro, "{term}");
    }
    // `%%` and then a hyphen is not the macro `%-`.
    assert_eq!(error("a:x%%-"), TermError::BadDomain);
    assert_eq!(error("a:%{d}x"), TermError::BadDomain);
    assert_eq!(error("a:x}"), TermError::BadDomain);
}

#[test]
fn modifiers() {
    for term in ["foo=", "foo=bar", "ra=postmaster", "include=x.test", "a-b_C1.d=%{d}", "v=spf1", "all=x/24"] {
        assert_eq!(kind(term), TermKind::UnknownModifier, "{term}");
    }
    assert_eq!(error("foo=%{z}"), TermError::BadMacro);
    for term in ["-redirect=x.test", "+foo=bar", "?exp=x.test", "-allv=DMARC1;"] {
        assert_eq!(error(term), TermError::QualifiedModifier, "{term}");
    }
    let spf = read("v=spf1 redirect=x.test foo=1 foo=2 REDIRECT=x.test exp=x.test");
    let invalid: Vec<_> = spf.invalid().map(|(term, error)| (term.range.start, error)).collect();
    assert_eq!(invalid, [(35, TermError::RepeatedModifier)]);
}

#[test]
fn what_is_no_term() {
    for term in
        ["all.", "inlcude:x.test", "redirect:x.test", "x.test", "-all;", "mx~all", "ip4;192.0.2.1", "_a", "all\""]
    {
        let expected = if term == "_a" { TermError::NoName } else { TermError::UnknownMechanism };
        assert_eq!(error(term), expected, "{term}");
    }
    for term in ["192.0.2.1", "-", ":x.test", "%{d}", "--all", "2001:db8::1", "="] {
        assert_eq!(error(term), TermError::NoName, "{term}");
    }
    for term in ["\u{2013}all", "a\t-all", "-all\u{7f}", "include:x\u{a0}.test", "foo=\u{e9}"] {
        assert_eq!(error(term), TermError::BadCharacter, "{term}");
    }
}

#[test]
fn what_is_evaluated() {
    let effective = |value: &str| -> Vec<usize> { read(value).effective().map(|(index, _)| index).collect() };
    assert_eq!(effective("v=spf1 redirect=x.test a exp=y.test mx"), [1, 3, 0]);
    assert_eq!(effective("v=spf1 redirect=x.test a -all mx"), [1, 2]);
    assert_eq!(effective("v=spf1"), [0usize; 0]);
}

#[test]
fn texts_that_were_meant_as_records() {
    use LookalikeKind::{Before, Glued, Version};
    for (value, kind, at, rest) in [
        ("v=spf include:x.test -all", Version, 0..5, 5),
        ("v=spf1.0 a -all", Version, 0..8, 8),
        ("v=spf10 -all", Version, 0..7, 7),
        ("spf1 mx -all", Version, 0..4, 4),
        ("include:x.test -all", Version, 0..0, 0),
        (" v=spf1 -all", Before, 0..1, 7),
        ("\u{feff}v=spf1 -all", Before, 0..3, 9),
        ("v=spf1include:x.test -all", Glued, 6..6, 6),
        ("v=spf1-all", Glued, 6..6, 6),
        ("v=spf1mx-all", Glued, 6..6, 6),
        ("v=spf1,include:x.test,-all", Glued, 6..7, 7),
        ("v=spf1\u{a0}a -all", Glued, 6..8, 8),
        ("v=spf1&nbsp;a -all", Glued, 6..12, 12),
    ] {
        assert_eq!(lookalike(value), Some(Lookalike { kind, at, rest }), "{value}");
    }
    for value in [
        "v=spf1 -all",
        "spf2.0/pra a -all",
        "v=DMARC1; p=none",
        "MS=ms1",
        "v=DKIM1; p=",
        "v=STSv1; id=1",
        "all my mail",
        "",
    ] {
        assert_eq!(lookalike(value), None, "{value}");
    }
}
