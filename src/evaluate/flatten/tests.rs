use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use super::*;
use crate::collect::spf_tree;
use crate::dns::zone::ZoneData;
use crate::evaluate::check_host::{Request, SpfResult, check_host};
use crate::source::{Source, SourceKind};
use crate::testing::zone_data;
use crate::zone::{Zone, master, write};

/// The record of `example.test` in a world of these lines, flattened.
fn flattened(record: &str, world: &str) -> Flattened {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let domain = Name::parse("example.test").expect("a name");
    flatten(&runtime.block_on(spf_tree(&zone_data(&zone(record, world)), &domain)))
}

fn zone(record: &str, world: &str) -> String {
    format!("$TTL 60\n@ TXT {}\n{world}\n", write::txt_value(record))
}

/// The one record that comes of it.
fn value(record: &str, world: &str) -> String {
    let flattened = flattened(record, world);
    assert_eq!(flattened.records.len(), 1, "{flattened:?}");
    flattened.records[0].value.clone()
}

fn kept(record: &str, world: &str) -> Vec<(String, KeptReason)> {
    flattened(record, world).kept.into_iter().map(|kept| (kept.term, kept.why)).collect()
}

#[test]
fn names_become_addresses() {
    let world = "@ 300 A 192.0.2.9\n@ 30 AAAA 2001:db8::9\n@ MX 0 m1.other.\n@ MX 5 m2.other.\nm1.other. A 192.0.2.16\n\
                 m2.other. 20 A 192.0.2.32\nx.other. TXT \"v=spf1 ip4:198.51.100.0/24 -all\"";
    let record = "v=spf1 ip4:203.0.113.1 a//64 ~mx/28 include:x.other ?all";
    let flattened = flattened(record, world);
    assert_eq!(
        flattened.records[0].value,
        "v=spf1 ip4:192.0.2.9 ip4:203.0.113.1 ip6:2001:db8::/64 ~ip4:192.0.2.16/28 ~ip4:192.0.2.32/28 \
         ip4:198.51.100.0/24 ?all"
    );
    let stale: Vec<&str> = flattened.stale.iter().map(Name::as_str).collect();
    assert_eq!(stale, ["example.test", "m1.other", "m2.other", "x.other"]);
    assert_eq!((flattened.lookups, flattened.ttl, flattened.kept.len()), (0, Some(20), 0));
}

#[test]
fn ranges_are_put_together() {
    let neighbours = "v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.200 ip4:192.0.2.128/25 ip4:192.0.2.7 -all";
    assert_eq!(value(neighbours, ""), "v=spf1 ip4:192.0.2.0/24 -all");
    let decided = "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.7 -ip4:192.0.3.7 ip4:192.0.2.0/23 ~all";
    assert_eq!(value(decided, ""), "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.3.7 ip4:192.0.2.0/23 ~all");
    assert_eq!(value("v=spf1 -ip4:192.0.2.7 -all", ""), "v=spf1 -all");
    assert_eq!(value("v=spf1 a:none.other", ""), "v=spf1");
}

#[test]
fn only_what_passes_is_included() {
    let world = "x.other. TXT \"v=spf1 -ip4:192.0.2.0/26 ip4:192.0.2.0/24 ~include:y.other ip4:198.51.100.0/30 ?all\"\n\
                 y.other. TXT \"v=spf1 ip4:198.51.100.2 -all\"";
    assert_eq!(
        value("v=spf1 ?include:x.other -all", world),
        "v=spf1 ?ip4:192.0.2.64/26 ?ip4:192.0.2.128/25 ?ip4:198.51.100.0/31 ?ip4:198.51.100.3 -all"
    );
    let all = "x.other. TXT \"v=spf1 -ip4:128.0.0.0/1 +all\"";
    assert_eq!(
        value("v=spf1 include:x.other ip4:192.0.2.1 -all", all),
        "v=spf1 ip4:0.0.0.0/1 ip4:192.0.2.1 ip6:::/0 -all"
    );
}

#[test]
fn redirect_goes_on_with_the_end_of_the_other() {
    let world = "x.other. TXT \"v=spf1 -ip4:192.0.2.1 a ~all foo=bar\"\nx.other. A 192.0.2.2";
    let flattened = flattened("v=spf1 ip4:192.0.2.9 redirect=x.other baz=%{i}", world);
    assert_eq!(flattened.records[0].value, "v=spf1 ip4:192.0.2.9 -ip4:192.0.2.1 ip4:192.0.2.2 ~all");
    assert_eq!(flattened.dropped, ["foo=bar", "baz=%{i}"]);
}

#[test]
fn what_stays_and_why() {
    use KeptReason::{
        Exists, Explanation, Inseparable, Invalid, Loop, Macro, NoRecord, Ptr, SeveralRecords, TooManyHosts,
    };
    let hosts: String = (0..11).map(|n| format!("many.other. MX {n} h.other.\n")).collect();
    let world = format!(
        "{hosts}ptr.other. TXT \"v=spf1 ptr a:%{{o}} -all\"\nbad.other. TXT \"v=spf1 ipv4:192.0.2.1\"\n\
         two.other. TXT \"v=spf1\"\ntwo.other. TXT \"v=spf1 a\"\nd.other. TXT \"v=spf1 exists:%{{d}}.other\"\n\
         not.other. TXT \"v=spf1 -exists:%{{i}}.other ip4:192.0.2.1\"\nmine.other. TXT \"v=spf1 include:example.test\""
    );
    let expected = [
        ("a:%{h}/24", "a:%{h}/24", Macro),
        ("-exists:%{i}.other", "-exists:%{i}.other", Exists),
        ("include:none.other", "include:none.other", NoRecord),
        ("include:two.other", "include:two.other", SeveralRecords),
        ("?include:bad.other", "?include:bad.other", Invalid),
        ("include:example.test", "include:example.test", Loop),
        ("mx:many.other", "mx:many.other", TooManyHosts),
        ("include:d.other", "include:d.other", Inseparable),
        ("include:not.other", "include:not.other", Inseparable),
        ("~include:mine.other", "~include:example.test", Loop),
        ("redirect=%{d}.other", "redirect=%{d}.other", Macro),
        ("exp=why.other", "exp=why.other", Explanation),
        ("ptr", "ptr", Ptr),
    ];
    for (term, stays, why) in expected {
        let record = format!("v=spf1 {term}");
        assert_eq!(kept(&record, &world), [(stays.to_owned(), why)]);
        assert_eq!(value(&record, &world), format!("v=spf1 {stays}"));
    }
    let moved = [("~ptr:ptr.other".to_owned(), Ptr), ("~a:%{o}".to_owned(), Macro)];
    assert_eq!(kept("v=spf1 ~include:ptr.other -all", &world), moved);
    assert_eq!(flattened("v=spf1 include:ptr.other include:not.other", &world).lookups, 4);
}

#[test]
fn nobody_knows() {
    let evidence = &crate::testing::offline_evidence("$TTL 60\n@ MX 0 m.other.\n@ TXT \"v=spf1 mx a:h.other -all\"")[0];
    let flattened = flatten(&evidence.spf);
    let reasons: Vec<KeptReason> = flattened.kept.iter().map(|kept| kept.why).collect();
    assert_eq!(reasons, [KeptReason::Failed(Failure::NotAsked); 2]);
    assert_eq!((flattened.records[0].value.as_str(), flattened.lookups), ("v=spf1 mx a:h.other -all", 2));
    for record in ["v=spf1 ipv4:192.0.2.1", "v=spf2"] {
        assert_eq!(super::tests::flattened(record, ""), Flattened::default(), "{record}");
    }
}

#[test]
fn explanations_stay_with_their_record() {
    let world =
        "x.other. TXT \"v=spf1 -all exp=x.other\"\ny.other. TXT \"v=spf1 -all\"\nz.other. TXT \"v=spf1 ~all exp=z\"";
    assert_eq!(value("v=spf1 -ip4:192.0.2.1 redirect=x.other", world), "v=spf1 -ip4:192.0.2.1 redirect=x.other");
    assert_eq!(value("v=spf1 ip4:192.0.2.1 redirect=y.other exp=a.other", world), "v=spf1 ip4:192.0.2.1 -all");
    assert_eq!(
        kept("v=spf1 -ip4:192.0.2.1 redirect=y.other exp=a.other", world),
        [("redirect=y.other".to_owned(), KeptReason::Explanation), ("exp=a.other".to_owned(), KeptReason::Explanation)]
    );
}

/// So many addresses, none of which can be put together.
fn many(count: u8) -> String {
    (0..count).fold(String::new(), |terms, n| format!("{terms}ip4:192.0.{n}.100 "))
}

#[test]
fn long_records_are_split() {
    let world = format!("x.other. TXT {}", write::txt_value(&format!("v=spf1 {}-all", many(60))));
    let flattened = flattened("v=spf1 -ip4:192.0.2.0/28 include:x.other ~ptr exp=why.other -all", &world);
    let own = "v=spf1 -ip4:192.0.2.0/28 include:_spf1.example.test include:_spf2.example.test include:_spf3.example.test \
               ~ptr -all exp=why.other";
    assert_eq!(flattened.records[0].value, own);
    assert_eq!(flattened.records.len(), 4);
    for record in &flattened.records {
        assert!(record.owner.as_str().len() + record.value.len() < 450, "{record:?}");
    }
    assert_eq!((flattened.lookups, flattened.exceeds_limit), (4, false));
}

#[test]
fn what_was_split_comes_out_the_same() {
    let first = flattened(&format!("v=spf1 {}-all", many(60)), "");
    let helpers: Vec<String> = first.records[1..]
        .iter()
        .map(|record| format!("{} TXT {}", record.owner.absolute(), write::txt_value(&record.value)))
        .collect();
    let again = flattened(&first.records[0].value, &helpers.join("\n"));
    assert_eq!(again.records, first.records);
    assert_eq!(again.stale, []);
}

#[test]
fn names_of_terms_that_stay_are_not_taken() {
    let world = "_spf1 TXT \"v=spf1 -ptr a -all\"\n_spf3 TXT \"v=spf1 ip4:192.0.2.1\"";
    let flattened =
        flattened(&format!("v=spf1 include:_spf1.example.test include:_spf3.example.test {}", many(40)), world);
    let owners: Vec<&str> = flattened.records.iter().map(|record| record.owner.as_str()).collect();
    assert_eq!(owners, ["example.test", "_spf2.example.test", "_spf3.example.test"]);
    assert_eq!(flattened.lookups, 5);
}

#[test]
fn too_much_for_ten_look_ups() {
    let flattened = flattened(&format!("v=spf1 {}-all", many(250)), "");
    assert!(flattened.exceeds_limit);
    assert_eq!(flattened.lookups, flattened.records.len() - 1);
    let world: String = (0..2)
        .map(|n| format!("x{n}.other. TXT {}\n", write::txt_value(&format!("v=spf1 {}", many(250)))))
        .collect::<String>()
        + "y.other. TXT \"v=spf1 include:x0.other a:h.other include:x1.other\"\nh.other. A 198.51.100.1";
    assert_eq!(kept("v=spf1 include:y.other", &world), [("include:y.other".to_owned(), KeptReason::TooManyRanges)]);
}

/// Trees that are tried.
const TREES: usize = 2500;

/// Addresses that are tried of each.
const ADDRESSES: usize = 24;

#[test]
fn the_new_records_mean_the_same() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut random = Random(0x6d61_696c_7665_7421);
    let (mut compared, mut seen) = (0, Vec::new());
    for _ in 0..TREES {
        let mut maker = Maker { random: &mut random, below: 0 };
        let (record, world) = (maker.record(true), maker.world());
        let addresses = maker.addresses();
        let flattened = flattened(&record, &world);
        let published = world_of(&flattened, &world);
        let (old, new) = (data(&zone(&record, &world)), data(&published));
        for ip in addresses {
            let expected = runtime.block_on(check_host(&old, &request(ip)));
            if matches!(expected.result, SpfResult::PermError | SpfResult::TempError) {
                continue;
            }
            let got = runtime.block_on(check_host(&new, &request(ip)));
            let same = (got.result, &got.explanation) == (expected.result, &expected.explanation);
            let what = (ip, expected.result, expected.explanation, got.result, got.explanation, got.error);
            assert!(same && got.lookups <= expected.lookups + 2, "{what:?}\n{record}\n{world}\n=>\n{published}");
            compared += 1;
            seen.push(got.result);
        }
    }
    assert!(compared > TREES * ADDRESSES / 2, "only {compared} addresses have a result");
    for result in [SpfResult::Pass, SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral] {
        assert!(seen.iter().filter(|seen| **seen == result).count() > compared / 40, "hardly any {result:?}");
    }
}

/// The old world with the new records in place of the old one.
fn world_of(flattened: &Flattened, world: &str) -> String {
    let records = flattened.records.iter();
    records.fold(format!("$TTL 60\n{world}"), |zone, record| {
        format!("{zone}{} TXT {}\n", record.owner.absolute(), write::txt_value(&record.value))
    })
}

fn data(text: &str) -> ZoneData {
    let origin = Name::parse("example.test").expect("a name");
    let zone = master::read(&Source::new("test.zone", text, SourceKind::File), Some(&origin), None);
    assert!(zone.problems.is_empty(), "{text}");
    let mut data = ZoneData::new();
    data.add(&Arc::new(Zone { origin: Name::root(), ..zone }));
    data
}

fn request(ip: IpAddr) -> Request {
    let (helo, sender) = ("helo.test".to_owned(), "b@example.test".to_owned());
    Request { ip, helo, sender, receiver: String::new(), now: 0 }
}

/// Makes records about few names and few addresses, so that much of it overlaps.
struct Maker<'a> {
    random: &'a mut Random,
    /// Records lead to those of this number and higher ones: mostly not in a circle.
    below: usize,
}

impl Maker<'_> {
    fn record(&mut self, is_own: bool) -> String {
        let mut record = "v=spf1".to_owned();
        for _ in 0..self.random.below(if is_own { 8 } else { 5 }) {
            record = format!("{record} {}{}", self.one_of(&["", "", "", "-", "~", "?", "+"]), self.mechanism());
        }
        if is_own && self.random.below(12) == 0 {
            record = (0..40).fold(record, |record, _| format!("{record} {}", self.ip4()));
        }
        let redirect = format!(" redirect={}", self.target());
        record += self.one_of(&[" -all", " ~all", " ?all", "", &redirect, &redirect, " redirect=%{o}.other"]);
        record + self.one_of(&["", "", " exp=why.other", " exp=%{d}.why.other", " foo=bar"])
    }

    fn mechanism(&mut self) -> String {
        let name = self.random.below(5);
        let prefixes = self.one_of(&["", "", "/28", "//126", "/27//124"]);
        match self.random.below(13) {
            0..=3 => self.ip4(),
            4 => format!("ip6:2001:db8::{:x}/{}", self.random.below(32), 122 + self.random.below(7)),
            5 => format!("a:h{name}.other{prefixes}"),
            6 => format!("a{prefixes}"),
            7 => format!("mx:h{name}.other{prefixes}"),
            8 => self.one_of(&["exists:%{i}.e.other", "exists:%{i}.%{d}", "ptr", "a:%{o}", "mx:%{d}/30"]).to_owned(),
            _ => format!("include:{}", self.target()),
        }
    }

    /// The last name has no record.
    fn target(&mut self) -> String {
        let from = if self.random.below(40) == 0 { 0 } else { self.below.min(5) };
        format!("n{}.other", from + self.random.below(if self.below > 5 { 2 } else { 6 - from }))
    }

    fn ip4(&mut self) -> String {
        format!("ip4:192.0.2.{}/{}", self.random.below(64), 26 + self.random.below(7))
    }

    /// Hosts with addresses and exchanges, names with records, and what the macros ask for.
    fn world(&mut self) -> String {
        let mut world =
            "why.other. TXT \"no: %{i} %{d}\"\nexample.test.why.other. TXT own\nn1.other.why.other. TXT n1\n"
                .to_owned();
        for host in ["example.test", "n0.other", "n1.other", "h0.other", "h1.other", "h2.other", "h3.other"] {
            world += &format!("{host}. A 192.0.2.{}\n", self.random.below(64));
            world += &format!("{host}. AAAA 2001:db8::{:x}\n", self.random.below(32));
            world += &format!("{host}. MX 0 h{}.other.\n", self.random.below(5));
        }
        for _ in 0..12 {
            let (address, name) = (self.random.below(64), self.one_of(&["e.other", "example.test", "n1.other"]));
            world += &format!("192.0.2.{address}.{name}. A 127.0.0.2\n");
            world += &format!(
                "{address}.2.0.192.in-addr.arpa. PTR {}.\n",
                self.one_of(&["n1.other", "h1.other", "example.test"])
            );
        }
        for name in 0..6 {
            self.below = name + 1;
            let record = self.record(false);
            world += &format!("n{name}.other. TXT {}\n", write::txt_value(&record));
        }
        world
    }

    /// Around 192.0.2.0/26 and 2001:db8::/122 lie all borders of all ranges.
    fn addresses(&mut self) -> Vec<IpAddr> {
        (0..ADDRESSES)
            .map(|n| match n % 3 {
                0 => IpAddr::V6(Ipv6Addr::from_bits(0x2001_0db8 << 96 | (self.random.below(68) as u128))),
                _ => {
                    IpAddr::V4(Ipv4Addr::from_bits(0xc000_01ff + u32::try_from(self.random.below(67)).expect("small")))
                }
            })
            .collect()
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.random.below(of.len())]
    }
}

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).expect("less than a usize")
    }
}
