//! The live DNS client against servers on loopback.

mod server;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::rdata::{NULL, TXT};
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use mailvet::dns::live::{Live, Settings};
use mailvet::dns::{Answer, Data, Dns, Failure, Outcome, Security};
use mailvet::name::{Name, Question};
use server::{Exchange, Server};

const TIMEOUT: Duration = Duration::from_millis(500);

fn question(text: &str) -> Question {
    let (name, kind) = text.split_once(' ').expect("name and type");
    Question::new(&Name::parse(name).expect("a name"), kind.parse().expect("a type"))
}

fn live(servers: &[SocketAddr], attempts: u8) -> Live {
    Live::new(Settings { servers: servers.to_vec(), timeout: TIMEOUT, attempts }).expect("servers are given")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn ask_any(servers: &[SocketAddr], text: &str) -> Answer {
    let start = Instant::now();
    let answer = runtime().block_on(live(servers, 1).ask(&question(text)));
    assert!(start.elapsed() < TIMEOUT + Duration::from_secs(2), "{text} took {:?}", start.elapsed());
    answer
}

fn ask(server: &Server, text: &str) -> Answer {
    ask_any(&[server.address], text)
}

fn aliases(answer: &Answer) -> Vec<String> {
    answer.aliases.iter().map(|alias| format!("{} {}", alias.owner, alias.target().expect("an alias"))).collect()
}

#[test]
fn records_of_each_type() {
    let server = Server::with_zone(
        r#"
        example.com.            IN SOA ns1.example.com. host\.master.example.com. 2026112101 7200 3600 1209600 300
        example.com.            IN MX 10 mx.example.com.
        example.com.            IN TXT "v=spf1 -all"
        mx.example.com.         IN A 192.0.2.1
        mx.example.com.         IN AAAA 2001:db8::1
        _25._tcp.mx.example.com. IN TLSA 3 1 1 00ab
        example.com.            IN CAA 128 issue "ca.example; a=b"
        www.example.com.        IN CNAME Mx.Example.com.
        1.2.0.192.in-addr.arpa. IN PTR mx.example.com.
        example.org.            IN SOA ns.example.org. hostmaster.example.org. 1 7200 3600 1209600 300
        example.org.            IN NS ns.example.org.
        "#,
    );
    let data = |text| match &ask(&server, text).records()[0].data {
        Data::A(address) => address.to_string(),
        Data::Aaaa(address) => address.to_string(),
        Data::Cname(name) | Data::Ns(name) | Data::Ptr(name) => name.to_string(),
        Data::Mx { preference, exchange } => format!("{preference} {exchange}"),
        Data::Soa(soa) => format!("{} {} {}", soa.primary, soa.mailbox, soa.serial),
        Data::Txt(txt) => txt.value.clone(),
        Data::Tlsa(tlsa) => format!("{} {} {} {:?}", tlsa.usage, tlsa.selector, tlsa.matching, tlsa.data),
        Data::Caa(caa) => format!("{} {} {}", caa.flags, caa.tag, caa.value.value),
        Data::Other => "other".to_owned(),
    };
    assert_eq!(data("mx.example.com A"), "192.0.2.1");
    assert_eq!(data("mx.example.com AAAA"), "2001:db8::1");
    assert_eq!(data("www.example.com CNAME"), "mx.example.com");
    assert_eq!(data("example.org NS"), "ns.example.org");
    assert_eq!(data("1.2.0.192.in-addr.arpa PTR"), "mx.example.com");
    assert_eq!(data("example.com MX"), "10 mx.example.com");
    assert_eq!(data("example.com SOA"), r"ns1.example.com host\.master.example.com 2026112101");
    assert_eq!(data("example.com TXT"), "v=spf1 -all");
    assert_eq!(data("_25._tcp.mx.example.com TLSA"), "3 1 1 [0, 171]");
    assert_eq!(data("example.com CAA"), "128 issue ca.example; a=b");
}

#[test]
fn an_answer_is_zone_lines() {
    let server = Server::with_zone("a.example. 604800 IN MX 10 mx.example.\nb.example. 60 IN CNAME a.example.");
    let answer = ask(&server, "b.example MX");
    let record = &answer.records()[0];
    assert_eq!(record.ttl, 604_800);
    assert_eq!(record.line.source.name, "b.example MX");
    assert_eq!(record.line.source.text, "b.example. 60 IN CNAME a.example.\na.example. 604800 IN MX 10 mx.example.\n");
    assert_eq!(record.span().text(), "a.example. 604800 IN MX 10 mx.example.");
    assert_eq!(record.data_span().text(), "10 mx.example.");
    assert_eq!(answer.aliases[0].span().position().line, 1);
    assert_eq!(answer.server, Some(server.address.to_string()));
}

#[test]
fn character_strings_and_their_octets_are_kept() {
    fn odd(mut exchange: Exchange) -> Vec<Vec<u8>> {
        let owner = exchange.query.queries[0].name().clone();
        let data = match exchange.query.queries[0].query_type() {
            RecordType::TXT => RData::TXT(TXT::from_bytes(vec![b"a\"b\\;", b"", b"\xff\x00\xe3\x81\x82"])),
            code => RData::Unknown { code, rdata: NULL::with(b"\x06v=spf1\x05 -all".to_vec()) },
        };
        exchange.answer.answers = vec![Record::from_rdata(owner, 60, data)];
        server::code(exchange, ResponseCode::NoError)
    }
    let server = Server::with_rules("", &[("example.com", odd)]);
    let strings = |text| ask(&server, text).records()[0].txt().expect("a TXT record").character_strings();
    assert_eq!(strings("example.com TXT"), [&b"a\"b\\;"[..], b"", b"\xff\x00\xe3\x81\x82"]);
    assert_eq!(strings("example.com SPF"), [&b"v=spf1"[..], b" -all"]);
    assert_eq!(
        ask(&server, "example.com TYPE65280").records()[0].data_span().text(),
        r"\# 13 06763D7370663105202D616C6C"
    );
}

#[test]
fn what_is_not_there_and_what_is_not_known_stay_apart() {
    let rules: &[(&str, server::Rule)] = &[
        ("servfail.example", server::servfail),
        ("refused.example", server::refused),
        ("silent.example", server::silent),
        ("garbage.example", server::garbage),
        ("forged.example", server::wrong_id),
        ("bogus.example", server::bogus),
    ];
    let server = Server::with_rules("a.example. IN A 192.0.2.1\nempty.sub.example. IN A 192.0.2.1", rules);
    let outcome = |text| ask(&server, text).outcome.comment();
    assert_eq!(outcome("a.example A"), "NOERROR");
    assert_eq!(outcome("a.example TXT"), "NODATA");
    assert_eq!(outcome("sub.example TXT"), "NODATA");
    assert_eq!(outcome("b.example A"), "NXDOMAIN");
    assert_eq!(outcome("servfail.example A"), "SERVFAIL");
    assert_eq!(outcome("refused.example A"), "REFUSED");
    assert_eq!(outcome("silent.example A"), "TIMEOUT");
    assert_eq!(outcome("garbage.example A"), "UNREACHABLE");
    assert_eq!(outcome("forged.example A"), "TIMEOUT");
    assert_eq!(outcome("bogus.example A"), "BOGUS");
}

#[test]
fn names_for_special_use_are_asked_for_like_any_other() {
    let server = Server::with_zone("x.invalid. IN TXT \"i\"\nlocalhost. IN TXT \"l\"\nx.onion. IN TXT \"o\"");
    for text in ["x.invalid TXT", "localhost TXT", "x.onion TXT"] {
        assert_eq!(ask(&server, text).records().len(), 1, "{text}");
    }
    assert_eq!(ask(&server, "x TXT").outcome.comment(), "NXDOMAIN");
    assert_eq!(server.seen().last().map(String::as_str), Some("x. TXT udp"));
}

#[test]
fn what_is_too_long_for_udp_is_asked_for_by_tcp() {
    let strings = format!("\"{}\" ", "x".repeat(250)).repeat(12);
    let server = Server::with_zone(&format!("long.example. IN TXT {strings}\nshort.example. IN TXT \"x\""));
    assert_eq!(ask(&server, "long.example TXT").records()[0].txt().expect("a TXT record").octets(), 3_000);
    assert_eq!(ask(&server, "short.example TXT").records().len(), 1);
    assert_eq!(server.seen(), ["long.example. TXT udp", "long.example. TXT tcp", "short.example. TXT udp"]);
}

#[test]
fn a_chain_of_aliases_within_one_answer() {
    let server = Server::with_zone("a.test. IN CNAME b.test.\nb.test. IN CNAME c.test.\nc.test. IN A 192.0.2.1");
    let answer = ask(&server, "a.test A");
    assert_eq!(aliases(&answer), ["a.test b.test", "b.test c.test"]);
    assert_eq!(answer.records()[0].owner, question("c.test A").name);
    assert_eq!(server.seen(), ["a.test. A udp"]);
}

const TWO_ZONES: &str = "
    one.test.     IN SOA ns.one.test. h.one.test. 1 7200 3600 1209600 300
    a.one.test.   IN CNAME a.two.test.
    b.one.test.   IN CNAME b.two.test.
    gone.one.test. IN CNAME gone.two.test.
    loop.one.test. IN CNAME loop.two.test.
    here.one.test. IN CNAME a.one.test.
    two.test.     IN SOA ns.two.test. h.two.test. 1 7200 3600 1209600 300
    a.two.test.   IN A 192.0.2.1
    b.two.test.   IN CNAME a.two.test.
    loop.two.test. IN CNAME loop.one.test.
";

#[test]
fn an_alias_that_the_server_does_not_follow_is_followed() {
    let server = Server::with_zone(TWO_ZONES);
    let answer = ask(&server, "b.one.test A");
    assert_eq!(aliases(&answer), ["b.one.test b.two.test", "b.two.test a.two.test"]);
    assert_eq!(answer.records().len(), 1);
    assert_eq!(server.seen(), ["b.one.test. A udp", "b.two.test. A udp"]);
    assert_eq!(aliases(&ask(&server, "here.one.test TXT")), ["here.one.test a.one.test", "a.one.test a.two.test"]);
    assert_eq!(ask(&server, "a.one.test TXT").outcome.comment(), "NODATA");
}

#[test]
fn the_alias_before_a_name_that_does_not_exist_is_kept() {
    let rules: &[(&str, server::Rule)] = &[("told.test", server::no_such_target)];
    let server = Server::with_rules(&format!("{TWO_ZONES}\n    told.test. IN CNAME gone.test."), rules);
    let asked_on = ask(&server, "gone.one.test A");
    assert_eq!((aliases(&asked_on).len(), asked_on.outcome.comment()), (1, "NXDOMAIN"));
    assert_eq!(asked_on.final_name(), &question("gone.two.test A").name);
    let told = ask(&server, "told.test A");
    assert_eq!((aliases(&told), told.outcome.comment()), (vec!["told.test gone.test".to_owned()], "NXDOMAIN"));
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn aliases_in_a_circle_and_without_end() {
    let rules: &[(&str, server::Rule)] = &[("long.test", server::ever_longer)];
    let zone = format!(
        "{TWO_ZONES}
    self.test. IN CNAME self.test.
    x.test. IN CNAME y.test.
    y.test. IN CNAME x.test."
    );
    let server = Server::with_rules(&zone, rules);
    let count = |text| {
        let answer = ask(&server, text);
        assert_eq!(answer.failure(), Some(Failure::AliasLoop), "{text}");
        answer.aliases.len()
    };
    assert_eq!(count("self.test A"), 1);
    assert_eq!(count("x.test A"), 2);
    assert_eq!(count("loop.one.test A"), 2);
    assert_eq!(count("long.test A"), mailvet::dns::MAX_ALIASES);
}

#[test]
fn a_referral_is_not_an_absence() {
    let server = Server::with_zone("com. IN SOA a. b. 1 7200 3600 1209600 300\nexample.com. IN NS ns.example.com.");
    assert_eq!(ask(&server, "www.example.com A").failure(), Some(Failure::Refused));
}

#[test]
fn the_next_server_takes_over() {
    let silent = Server::with_rules("", &[("example", server::silent)]);
    let failing = Server::with_rules("", &[("example", server::servfail)]);
    let good = Server::with_zone("a.example. IN A 192.0.2.1");
    for bad in [&silent, &failing] {
        let answer = ask_any(&[bad.address, good.address], "a.example A");
        assert_eq!(answer.server, Some(good.address.to_string()));
        assert_eq!(answer.records().len(), 1);
    }
    let failure = |servers: &[&Server]| {
        let servers: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
        ask_any(&servers, "a.example A").failure()
    };
    assert_eq!(failure(&[&silent, &failing]), Some(Failure::ServFail));
    assert_eq!(failure(&[&failing, &silent]), Some(Failure::ServFail));
}

#[test]
fn a_silent_server_is_waited_for_once_only() {
    let silent = Server::with_rules("", &[("example", server::silent)]);
    let good = Server::with_zone("a.example. IN A 192.0.2.1");
    let live = live(&[silent.address, good.address], 1);
    runtime().block_on(async {
        for _ in 0..3 {
            assert_eq!(live.ask(&question("a.example A")).await.records().len(), 1);
        }
    });
    assert_eq!(silent.seen().len(), 1);
}

#[test]
fn a_silent_server_is_asked_again() {
    let silent = Server::with_rules("", &[("example", server::silent)]);
    let answer = runtime().block_on(live(&[silent.address], 3).ask(&question("a.example A")));
    assert_eq!(answer.failure(), Some(Failure::Timeout));
    assert_eq!(silent.seen().len(), 3);
}

#[test]
fn validation_that_failed_is_not_hidden_by_another_server() {
    let bogus = Server::with_rules("", &[("example", server::bogus)]);
    let good = Server::with_zone("a.example. IN A 192.0.2.1");
    assert_eq!(ask_any(&[bogus.address, good.address], "a.example A").failure(), Some(Failure::Bogus));
}

#[test]
fn a_failure_that_only_validation_explains() {
    let rules: &[(&str, server::Rule)] = &[("a.example", server::checked_fails), ("b.example", server::servfail)];
    let server = Server::with_rules("a.example. IN A 192.0.2.1\nb.example. IN A 192.0.2.1", rules);
    let patient = Settings { servers: vec![server.address], timeout: Duration::from_secs(5), attempts: 1 };
    let live = Live::new(patient).expect("a server is given");
    let failure = |text| runtime().block_on(live.ask(&question(text))).failure();
    assert_eq!(failure("a.example A"), Some(Failure::Bogus));
    assert_eq!(failure("b.example A"), Some(Failure::ServFail));
    assert_eq!(server.seen().len(), 5, "without CD, with it, and without again; the other one is not waited for");
}

#[test]
fn a_failure_that_passes_is_not_of_validation() {
    let server = Server::with_rules("a.example. IN A 192.0.2.1", &[("a.example", server::fails_at_first)]);
    let patient = Settings { servers: vec![server.address], timeout: Duration::from_secs(5), attempts: 1 };
    let answer = runtime().block_on(Live::new(patient).expect("a server is given").ask(&question("a.example A")));
    assert_eq!(answer.failure(), Some(Failure::ServFail));
}

#[test]
fn another_reason_is_not_looked_into() {
    let server = Server::with_rules("", &[("a.example", server::unreachable_authority)]);
    let answer = ask(&server, "a.example A");
    assert_eq!((answer.failure(), answer.extended_error), (Some(Failure::ServFail), Some(22)));
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn nobody_listens() {
    let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    assert!(matches!(ask_any(&[nobody], "a.example A").failure(), Some(Failure::Timeout | Failure::Unreachable)));
}

#[test]
fn forgeries_are_passed_over() {
    let server = Server::with_rules("a.example. IN A 192.0.2.1", &[("a.example", server::forged_first)]);
    assert_eq!(ask(&server, "a.example A").records().len(), 1);
}

#[test]
fn an_answer_by_tcp_must_be_whole_and_belong_to_the_question() {
    let rules: &[(&str, server::Rule)] = &[("a.example", server::lies_by_tcp), ("b.example", server::always_too_long)];
    let server = Server::with_rules("a.example. IN A 192.0.2.1\nb.example. IN A 192.0.2.1", rules);
    assert_eq!(ask(&server, "a.example A").failure(), Some(Failure::Unreachable));
    assert_eq!(ask(&server, "b.example A").failure(), Some(Failure::Unreachable));
}

#[test]
fn a_server_without_edns_is_asked_without() {
    let server = Server::with_rules("a.example. IN A 192.0.2.1", &[("example", server::without_edns)]);
    assert_eq!(ask(&server, "a.example A").records().len(), 1);
    assert_eq!(server.seen(), ["a.example. A udp", "a.example. A udp plain"]);
}

#[test]
fn the_ad_bit_is_asked_for_and_told() {
    let zone = "a.example. IN A 192.0.2.1\nb.example. IN A 192.0.2.1";
    let server = Server::with_rules(zone, &[("a.example", server::vouched)]);
    assert_eq!(ask(&server, "a.example A").security, Security::Secure);
    assert_eq!(ask(&server, "b.example A").security, Security::Insecure);
}

#[test]
fn many_questions_at_once() {
    let server = Server::with_zone("*.example. IN A 192.0.2.1");
    let live = live(&[server.address], 1);
    let questions: Vec<Question> = (0..300).map(|number| question(&format!("n{number}.example A"))).collect();
    let answers = runtime().block_on(join_all(questions.iter().map(|question| live.ask(question))));
    for (answer, question) in answers.iter().zip(&questions) {
        assert_eq!(&answer.question, question);
        assert!(matches!(&answer.outcome, Outcome::Records(records) if records[0].owner == question.name));
    }
}
