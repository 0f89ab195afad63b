use super::*;
use crate::name::{Kind, Question};
use crate::source::SourceKind;
use crate::zone::{ProblemKind, Record};

fn read_as(name: &str, text: &str, origin: Option<&str>) -> Result<Vec<Zone>, FormatError> {
    let origin = origin.map(|origin| Name::parse(origin).expect("a name"));
    read(&Source::new(name, text, SourceKind::File), None, origin.as_ref(), None)
}

fn only(name: &str, text: &str) -> Zone {
    let mut zones = read_as(name, text, None).expect(text);
    assert_eq!(zones.len(), 1);
    zones.remove(0)
}

fn lines(zone: &Zone) -> Vec<String> {
    zone.records.iter().map(Record::to_line).collect()
}

fn problems(zone: &Zone) -> Vec<(ProblemKind, &str)> {
    zone.problems.iter().map(|problem| (problem.kind.clone(), problem.at.text())).collect()
}

fn untold(zone: &Zone) -> Vec<String> {
    zone.untold.iter().map(Question::to_string).collect()
}

/// Where a part of the text of the n-th TXT record is written.
fn written(zone: &Zone, n: usize, part: &str) -> Vec<String> {
    let txt = zone.records.iter().filter_map(Record::txt).nth(n).expect("a text");
    let at = txt.value.find(part).unwrap_or_else(|| panic!("{part} in {}", txt.value));
    txt.spans(at..at + part.len()).iter().map(|span| span.text().to_owned()).collect()
}

#[test]
fn octodns_points_at_the_very_bytes() {
    let zone = only(
        "x/contoso.com.yaml",
        "---\n'':\n- type: TXT\n  values:\n  - v=spf1 mx +all\n  - \"v=DMARC1\\\\; p=none\"\n  - 'a\\; it''s'\n  - >-\n    v=spf1\n    \
         ipv4:192.0.2.1\n  - |-\n    line two\n  - \"\\\"one\\\" \\\"two\\\"\"\n- type: MX\n  value: {exchange: mx.contoso.com., \
         preference: 10}\nwww:\n  type: A\n  ttl: 60\n  values: [192.0.2.1, 192.0.2.2]\n",
    );
    assert_eq!(problems(&zone), []);
    assert_eq!(zone.origin.as_str(), "contoso.com");
    let expected = [
        (0, "+all", "+all"),
        (0, "v=spf1 mx", "v=spf1 mx"),
        (1, ";", "\\\\;"),
        (1, "p=none", "p=none"),
        (2, ";", "\\;"),
        (2, "'", "''"),
        (3, "ipv4:192.0.2.1", "ipv4:192.0.2.1"),
        (3, "1 i", "1\n    i"),
        (4, "two", "two"),
        (5, "one", "one"),
    ];
    for (n, part, place) in expected {
        assert_eq!(written(&zone, n, part).concat(), place, "{n} {part}");
    }
    assert_eq!(zone.records[5].txt().map(|txt| txt.value.as_str()), Some("onetwo"));
    let mx = &zone.records[6];
    assert_eq!((mx.to_line().as_str(), mx.field_span(0).text()), ("contoso.com. 3600 IN MX 10 mx.contoso.com.", "10"));
    assert_eq!((mx.field_span(1).text(), mx.owner_span().text()), ("mx.contoso.com.", "''"));
    assert_eq!(mx.span().text(), "{exchange: mx.contoso.com., preference: 10}");
    assert_eq!(lines(&zone)[7..], ["www.contoso.com. 60 IN A 192.0.2.1", "www.contoso.com. 60 IN A 192.0.2.2"]);
    assert_eq!(zone.records[8].data_span().text(), "192.0.2.2");
}

#[test]
fn octodns_says_what_is_wrong_and_goes_on() {
    let text = "'': {type: ALIAS, value: web.example.net.}\na: {type: TXTT, value: x}\nb: [{value: x}, {type: A}, {type: MX, value: x}]\n\
                c: {type: A, values: [192.0.2.1, 192.0.2, {}]}\nd: !include other.yaml\ne: plain\n'a..b': {type: A, value: 192.0.2.1}\n\
                f: {type: Route53Provider/ALIAS, value: x}\ng: {type: MX, value: {preference: 0}}\nc: {type: A, value: 192.0.2.9}\n\
                h: {type: TXT, value: y, octodns: {ignored: true}}\ni: {type: CNAME, value: b\u{fc}cher.example.}\n";
    let zone = only("contoso.com.yaml", text);
    let expected = [
        (ProblemKind::DuplicateKey, "c"),
        (ProblemKind::NoType, "TXTT"),
        (ProblemKind::NoType, "{value: x}"),
        (ProblemKind::MissingField, "{type: A}"),
        (ProblemKind::WrongForm, "x"),
        (ProblemKind::IncludeOutside, "other.yaml"),
        (ProblemKind::WrongForm, "plain"),
        (ProblemKind::BadName(crate::name::NameError::EmptyLabel), "'a..b'"),
        (ProblemKind::MissingField, "{preference: 0}"),
    ];
    assert_eq!(problems(&zone), expected);
    let told = ["contoso.com A", "contoso.com AAAA", "f.contoso.com A", "f.contoso.com AAAA", "h.contoso.com TXT"];
    assert_eq!(untold(&zone), told);
    let alias = "i.contoso.com. 3600 IN CNAME xn--bcher-kva.example.";
    assert_eq!(lines(&zone)[1..], ["c.contoso.com. 3600 IN A 192.0.2.9", alias]);
    assert!(!zone.is_whole(), "a file was not read");
}

#[test]
fn a_broken_yaml_hides_nothing_before_it() {
    let zone = only("contoso.com.yaml", "a: {type: A, value: 192.0.2.1}\nb:\n  type: A\n  value: [192.0.2.2\nc: {}\n");
    assert_eq!(lines(&zone), ["a.contoso.com. 3600 IN A 192.0.2.1"]);
    assert_eq!(zone.problems.len(), 1);
    assert_eq!((zone.problems[0].kind.clone(), zone.is_whole()), (ProblemKind::BadSyntax, false));
}

#[test]
fn route53_escapes_aliases_and_sets() {
    let text = r#"{"ResourceRecordSets": [
        {"Name": "contoso.com.", "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": "ns. host. 1 2 3 4 5"}]},
        {"Name": "\\052.contoso.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [
            {"Value": "\"v=spf1 \\\"a\\\\b \\101\" \"c\""}]},
        {"Name": "contoso.com.", "Type": "A", "AliasTarget": {"DNSName": "elb.", "HostedZoneId": "Z"}},
        {"Name": "w.contoso.com", "Type": "MX", "SetIdentifier": "one", "Weight": 1, "TTL": 5, "ResourceRecords": [{"Value": "10 mail"}]},
        {"Name": "w.contoso.com", "Type": "MX", "SetIdentifier": "two", "Weight": 1, "TTL": 5, "ResourceRecords": [{"Value": "10 x"}]},
        {"Name": "x.contoso.com.", "Type": "A", "ResourceRecords": [{"Value": "192.0.2"}]},
        {"Name": "fabrikam.com.", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]}]}"#;
    let zone = only("zone.json", text);
    assert_eq!(
        lines(&zone)[1..],
        [r#"*.contoso.com. 60 IN TXT "v=spf1 \"a\\b A" "c""#, "w.contoso.com. 5 IN MX 10 mail."]
    );
    let expected = [(ProblemKind::BadData(Kind::A), "192.0.2"), (ProblemKind::OutOfZone, "\"fabrikam.com.\"")];
    assert_eq!(problems(&zone), expected);
    assert_eq!(untold(&zone), ["contoso.com A"]);
    let page = text.replacen('{', "{\"NextToken\": \"x\", ", 1);
    assert!(zone.is_whole() && !only("page.json", &page).is_whole());
    let places = ["v=spf1", "\"", "\\", "A", "c"].map(|part| written(&zone, 0, part).concat());
    assert_eq!(places, ["v=spf1", r#"\\\""#, r"\\\\", r"\\101", "c"]);
}

#[test]
fn cloudflare_quotes_proxies_and_data() {
    let text = r#"{"success": true, "result": [
        {"zone_name": "contoso.com", "name": "contoso.com", "type": "TXT", "content": "\"v=spf1 \" \"-all\"", "ttl": 1, "proxied": false},
        {"zone_name": "contoso.com", "name": "_dmarc.contoso.com", "type": "TXT", "content": "v=DMARC1; p=none", "ttl": 60, "proxied": false},
        {"zone_name": "contoso.com", "name": "contoso.com", "type": "MX", "content": "mail.contoso.com", "priority": 10, "ttl": 1, "proxied": false},
        {"zone_name": "contoso.com", "name": "contoso.com", "type": "A", "content": "192.0.2.1", "ttl": 1, "proxied": true},
        {"zone_name": "contoso.com", "name": "contoso.com", "type": "CAA", "data": {"flags": 0, "tag": "issue", "value": "ca.example"}, "proxied": false},
        {"zone_name": "fabrikam.com", "name": "fabrikam.com", "type": "AAAA", "content": "2001:db8::1", "ttl": 1, "proxied": false}]}"#;
    let zones = read_as("records.json", text, None).expect("zones");
    let expected = [
        r#"contoso.com. 300 IN TXT "v=spf1 " "-all""#,
        r#"_dmarc.contoso.com. 60 IN TXT "v=DMARC1; p=none""#,
        "contoso.com. 300 IN MX 10 mail.contoso.com.",
        r#"contoso.com. 300 IN CAA 0 issue "ca.example""#,
    ];
    assert_eq!(lines(&zones[0]), expected);
    assert_eq!(lines(&zones[1]), ["fabrikam.com. 300 IN AAAA 2001:db8::1"]);
    assert_eq!(untold(&zones[0]), ["contoso.com A", "contoso.com AAAA"]);
    assert_eq!(written(&zones[0], 0, " -").join("|"), " |-");
    assert_eq!(zones[0].records[1].data_span().text(), "\"v=DMARC1; p=none\"");
    let page = text.replacen("\"success\"", "\"result_info\": {\"total_count\": 7}, \"success\"", 1);
    assert!(zones[0].is_whole() && !read_as("page.json", &page, None).expect("a page")[0].is_whole());
}

#[test]
fn dnscontrol_names_and_own_types() {
    let text = r#"{"registrars": [], "dns_providers": [], "domains": [{"name": "contoso.com!in", "registrar": "none", "records": [
        {"type": "MX", "name": "@", "ttl": 300, "mxpreference": 5, "target": "mail"},
        {"type": "CNAME", "name": "a.b", "target": "c.example.net."},
        {"type": "TXT", "name": "t", "target": "say \"hi\"; a\\b"},
        {"type": "TXT", "name": "old", "txtstrings": ["v=spf1 ", "-all"]},
        {"type": "CLOUDFLAREAPI_SINGLE_REDIRECT", "name": "@", "target": "x"},
        {"type": "ALIAS", "name": "@", "target": "x.example.net."},
        {"type": "A", "name": "d\u00fcsseldorf", "target": "192.0.2.1"}]},
        {"name": "fabrikam.com", "keepunknown": true, "records": []}]}"#;
    let zones = read_as("ir.json", text, None).expect("zones");
    let expected = [
        "contoso.com. 300 IN MX 5 mail.contoso.com.",
        "a.b.contoso.com. 300 IN CNAME c.example.net.",
        r#"t.contoso.com. 300 IN TXT "say \"hi\"; a\\b""#,
        r#"old.contoso.com. 300 IN TXT "v=spf1 -all""#,
        "xn--dsseldorf-q9a.contoso.com. 300 IN A 192.0.2.1",
    ];
    assert_eq!((lines(&zones[0]), problems(&zones[0])), (expected.map(str::to_owned).to_vec(), vec![]));
    assert_eq!(written(&zones[0], 0, "\"").concat(), "\\\"");
    assert_eq!((zones[0].is_whole(), zones[1].is_whole()), (true, false));
    assert_eq!(untold(&zones[0]), ["contoso.com A", "contoso.com AAAA"]);
}

#[test]
fn terraform_takes_what_will_be_there() {
    let text = r#"{"format_version": "1.2", "resource_changes": [
        {"address": "aws_route53_zone.main", "mode": "managed", "type": "aws_route53_zone",
         "change": {"actions": ["create"], "after": {"name": "contoso.com."}, "after_unknown": {"zone_id": true}}},
        {"address": "module.mail[0].aws_route53_record.mx[\"a.b\"]", "mode": "managed", "type": "aws_route53_record",
         "change": {"actions": ["create"], "after": {"name": "", "type": "MX", "ttl": 60, "records": ["10 mail.contoso.com"]}, "after_unknown": {"zone_id": true}}},
        {"address": "aws_route53_record.spf", "mode": "managed", "type": "aws_route53_record",
         "change": {"actions": ["update"], "after": {"name": "contoso.com", "type": "TXT", "records": ["v=spf1 \"\"-all"]}, "after_unknown": {}}},
        {"address": "aws_route53_record.old", "mode": "managed", "type": "aws_route53_record",
         "change": {"actions": ["delete"], "before": {"name": "contoso.com", "type": "TXT", "records": ["v=spf1 mx"]}, "after": null}},
        {"address": "aws_route53_record.key", "mode": "managed", "type": "aws_route53_record",
         "change": {"actions": ["create"], "after": {"name": "s._domainkey.contoso.com", "type": "TXT"}, "after_unknown": {"records": true}}},
        {"address": "azurerm_dns_mx_record.x", "mode": "managed", "type": "azurerm_dns_mx_record",
         "change": {"actions": ["create"], "after": {"name": "@", "zone_name": "fabrikam.com", "ttl": 60,
            "record": [{"exchange": "mx.fabrikam.com", "preference": "10"}]}}},
        {"address": "azurerm_dns_cname_record.x", "mode": "managed", "type": "azurerm_dns_cname_record",
         "change": {"actions": ["create"], "after": {"name": "www", "zone_name": "fabrikam.com", "ttl": 60, "record": "web.example.net"}}}],
      "configuration": {"root_module": {"resources": [], "module_calls": {"mail": {"module": {"resources": [
        {"address": "aws_route53_record.mx", "expressions": {"zone_id": {"references": ["aws_route53_zone.main.zone_id", "aws_route53_zone.main"]}}}]}}}}}}"#;
    let text = text.replace("\"aws_route53_zone.main.zone_id\", \"aws_route53_zone.main\"", "\"var.zone_id\"");
    let zones = read_as("plan.json", &text, Some("contoso.com")).expect("zones");
    let expected = ["contoso.com. 60 IN MX 10 mail.contoso.com.", r#"contoso.com. 300 IN TXT "v=spf1 " "-all""#];
    assert_eq!((lines(&zones[0]), problems(&zones[0])), (expected.map(str::to_owned).to_vec(), vec![]));
    assert_eq!(untold(&zones[0]), ["s._domainkey.contoso.com TXT"]);
    assert_eq!(written(&zones[0], 0, "-all"), ["-all"]);
    let expected = ["fabrikam.com. 60 IN MX 10 mx.fabrikam.com.", "www.fabrikam.com. 60 IN CNAME web.example.net."];
    assert_eq!(lines(&zones[1]), expected);
    assert_eq!((zones[0].is_whole(), zones[1].is_whole()), (true, false), "only one zone is a resource");
}

#[test]
fn terraform_finds_the_zone_by_its_reference() {
    let text = r#"{"format_version": "1.2", "resource_changes": [
        {"address": "module.dns.aws_route53_zone.main", "mode": "managed", "type": "aws_route53_zone",
         "change": {"actions": ["create"], "after": {"name": "internal"}, "after_unknown": {"zone_id": true}}},
        {"address": "module.dns.aws_route53_record.mx[0]", "mode": "managed", "type": "aws_route53_record",
         "change": {"actions": ["create"], "after": {"name": "www", "type": "A", "records": ["192.0.2.1"]}, "after_unknown": {"zone_id": true}}}],
      "configuration": {"root_module": {"module_calls": {"dns": {"module": {"resources": [
        {"address": "aws_route53_record.mx", "expressions": {"zone_id": {"references": ["aws_route53_zone.main.zone_id", "aws_route53_zone.main"]}}}]}}}}}}"#;
    let zone = only("plan.json", text);
    assert_eq!(lines(&zone), ["www.internal. 300 IN A 192.0.2.1"]);
}

#[test]
fn exports_and_their_oddities() {
    let cloudflare = ";;\n;; Domain:     contoso.com.\n;; Exported:   2025-03-25 02:20:34\n;;\n;; SOA Record\n\
        contoso.com\t3600\tIN\tSOA\ta.ns.cloudflare.com. dns.cloudflare.com. 1 2 3 4 5\n\n;; A Records\n\
        www.contoso.com.\t1\tIN\tA\t192.0.2.1 ; cf_tags=cf-proxied:true\ncontoso.com.\t1\tIN\tMX\t10 mail.contoso.com.\n";
    let zone = only("a.txt", cloudflare);
    assert_eq!((zone.origin.as_str(), problems(&zone), zone.records.len()), ("contoso.com", vec![], 2));
    assert_eq!(untold(&zone), ["www.contoso.com A", "www.contoso.com AAAA"]);
    let old = ";; Domain:     contoso.com\n;; Exported:   2016-02-15 16:53:14\n$ORIGIN .\n@\t3600\tIN\tSOA\tcontoso.com.\troot.contoso.com.\t(\n1 2 3 4 5)\n\
        contoso.com.\t300\tIN\tNS\tREPLACE&ME$WITH^YOUR@NAMESERVER.\ncontoso.com.\t1\tIN\tTXT\t\"v=spf1 mx -all\"\n";
    let zone = only("a.txt", old);
    assert_eq!(
        (zone.origin.as_str(), lines(&zone)),
        ("contoso.com", vec!["contoso.com. 1 IN TXT \"v=spf1 mx -all\"".to_owned()])
    );
    let azure = ";   Exported zone file from Azure DNS\n;      Zone name: contoso.com\n$TTL 3600\n$ORIGIN contoso.com\n\
        @ 3600 IN SOA ns1-03.azure-dns.com. azuredns-hostmaster.microsoft.com (\n1\n2\n3\n4\n5\n)\n  60 IN MX 10 mail.contoso.com.\nwww IN CNAME mail\n";
    let zone = only("a.txt", azure);
    assert_eq!((zone.origin.as_str(), problems(&zone)), ("contoso.com", vec![]));
    assert_eq!(
        lines(&zone)[1..],
        ["contoso.com. 60 IN MX 10 mail.contoso.com.", "www.contoso.com. 3600 IN CNAME mail.contoso.com."]
    );
    let godaddy = "; Domain: contoso.com\n; Exported (y-m-d hh:mm:ss): 2021-03-12 05:36:44\n\n@\t600\t IN \tA\tParked\n\
        www\t3600\t IN \tCNAME\t@\n@\t3600\t IN \tMX\t1\taspmx.l.google.com\nx\t3600\t IN \tA\t192.0.2\n";
    let zone = only("a.txt", godaddy);
    assert_eq!(
        (untold(&zone), problems(&zone)),
        (vec!["contoso.com A".to_owned()], vec![(ProblemKind::BadData(Kind::A), "192.0.2")])
    );
    assert_eq!(
        lines(&zone),
        ["www.contoso.com. 3600 IN CNAME contoso.com.", "contoso.com. 3600 IN MX 1 aspmx.l.google.com."]
    );
}

#[test]
fn each_kind_is_recognised_and_nothing_else() {
    for (text, format) in [
        ("$ORIGIN contoso.com.\n", Some(Format::Bind)),
        ("; a comment\ncontoso.com. IN A 192.0.2.1\n", Some(Format::Bind)),
        ("www 300 A 192.0.2.1\n", Some(Format::Bind)),
        ("# Read me\n\nA TXT record is a text.\n", None),
        ("MIT License\n\nCopyright (c) 2024 A\n", None),
        ("---\n# comment\nwww:\n  type: A\n  value: 192.0.2.1\n", Some(Format::Octodns)),
        ("'': # apex\n- type: A\n", Some(Format::Octodns)),
        ("providers:\n  config:\n    class: octodns.provider.yaml.YamlProvider\n", None),
        ("{\"a\": 1}", None),
        ("{\"ResourceRecordSets\": []}", Some(Format::Route53)),
        ("{\"registrars\": [], \"domains\": []}", Some(Format::Dnscontrol)),
        ("{\"format_version\": \"1.2\", \"values\": {}}", Some(Format::Terraform)),
        (
            "[{\"name\": \"a.b\", \"type\": \"A\", \"content\": \"192.0.2.1\", \"proxied\": false}]",
            Some(Format::Cloudflare),
        ),
        ("{\"compilerOptions\": {}}", None),
        ("", None),
    ] {
        assert_eq!(Format::recognise(text), format, "{text}");
    }
}

#[test]
fn master_files_are_named_after_their_zone() {
    let text = "@ IN SOA ns1 hostmaster 1 2 3 4 5\n@ IN MX 10 mail\n";
    for file in
        ["/etc/bind/db.contoso.com", "zones/contoso.com.zone", "contoso.com.db", "Contoso.com.dns", "contoso.com"]
    {
        let zone = only(file, text);
        assert_eq!((zone.origin.as_str(), lines(&zone).len(), zone.problems.len()), ("contoso.com", 2, 0), "{file}");
        assert_eq!(zone.records[1].target().map(Name::as_str), Some("mail.contoso.com"));
    }
    assert_eq!(only("db.contoso.com", &format!("$ORIGIN fabrikam.com.\n{text}")).origin.as_str(), "fabrikam.com");
    for file in ["db.contoso", "contoso.zone", "com.zone", "db.192.0.2", "backup.tmp", "zone"] {
        assert_eq!(read_as(file, text, None).err(), Some(FormatError::NoOrigin(Format::Bind)), "{file}");
    }
    assert!(read_as("README.md", "# mailvet\n\nA text.\n", None).is_err());
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let error = |name: &str, text: &str| read_as(name, text, None).expect_err(text);
    let cut = error("a.json", "{\"ResourceRecordSets\": [\n  {\"Name\": \"a.b");
    assert_eq!(cut.position(), Some(Position { line: 2, column: 16 }));
    assert!(cut.to_string().contains("cut off"), "{cut}");
    assert!(error("zone.yaml", "www: {type: A, value: 192.0.2.1}\n").to_string().contains("--origin"));
    assert!(error("zone.yaml", "www: {type: A, value: 192.0.2.1}\n").to_string().contains("contoso.com.yaml"));
    assert_eq!(error("a.yaml", "---\na: b\n"), FormatError::NotAZone(None));
    assert_eq!(error("a.zone", "www A 192.0.2.1\n"), FormatError::NoOrigin(Format::Bind));
    assert_eq!(error("a.json", "{\"ResourceRecordSets\": []}"), FormatError::NoOrigin(Format::Route53));
    assert!(read_as("zone.yaml", "www: {type: A, value: 192.0.2.1}\n", Some("contoso.com")).is_ok());
}
