//! Small worlds of SPF records, made at random from a seed: names, records, and requests about them.

use std::fmt::Write as _;
use std::net::IpAddr;

use mailvet::evaluate::check_host::Request;

/// SplitMix64: small, and the same on every machine.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("a small number")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// One of them, and nothing in the other cases.
    fn maybe<'a>(&mut self, percent: usize, all: &[&'a str]) -> &'a str {
        if self.chance(percent) { self.pick(all) } else { "" }
    }
}

/// A record: owner, type, and data; the data of TXT are the text itself.
pub struct Entry {
    pub name: String,
    pub kind: &'static str,
    pub data: String,
}

/// What exists in `invalid`; all else there does not, and what is in `test` times out.
pub struct World {
    pub entries: Vec<Entry>,
    pub requests: Vec<Request>,
}

const ADDRESSES: &[&str] =
    &["192.0.2.1", "192.0.2.130", "198.51.100.7", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::cb01"];

const OWNERS: &[&str] = &["s0.invalid", "s1.invalid", "s2.invalid", "s3.invalid", "s4.invalid", "s5.invalid"];

/// Where `a`, `mx`, `ptr` and `exists` may point.
const HOSTS: &[&str] = &[
    "h0.invalid",
    "h1.invalid",
    "H2.Invalid",
    "h3.invalid.",
    "m0.invalid",
    "m1.invalid",
    "m2.invalid",
    "m3.invalid",
    "m4.invalid",
    "void.invalid",
    "txt.invalid",
    "slow.test",
    "%{d}",
    "%{o}",
    "h%{d1r}.invalid",
    "%{h}",
    "invalid.%{d}",
];

/// Where `include` and `redirect` may point.
const RECORDS: &[&str] = &[
    "s1.invalid",
    "S2.invalid",
    "s3.invalid.",
    "s4.invalid",
    "s5.invalid",
    "s1.invalid",
    "s2.invalid",
    "s3.invalid",
    "s4.invalid",
    "s5.invalid",
    "x%{d}",
    "x%{o}",
    "s%{d1r}.invalid",
    "s0.invalid",
    "void.invalid",
    "txt.invalid",
    "two.invalid",
    "slow.test",
];

const EXPLANATIONS: &[&str] =
    &["e0.invalid", "e1.invalid", "e2.invalid", "e3.invalid", "e4.invalid", "e%{v}.invalid", "void.invalid"];

/// Terms that RFC 7208 section 12 does not know.
pub const BROKEN: &[&str] = &[
    "ip4:192.0.2",
    "ip4:192.0.2.1.1",
    "ip4:192.0.2.256",
    "ip4:192.0.2.01",
    "ip4:192.0.2.1/33",
    "ip4:192.0.2.1/",
    "ip4:192.0.2.1/08",
    "ip4:192.0.2.1//24",
    "ip4",
    "ip4:",
    "ip4=192.0.2.1/%",
    "ip4:2001:db8::1",
    "ip6:192.0.2.1",
    "ip6",
    "ip6:",
    "ip6:2001:db8::1::1",
    "ip6:2001:db8::1/129",
    "ip6:2001:db8:::1",
    "ip6:2001:db8::1/",
    "ip6:20011:db8::1",
    "ip6:::g",
    "192.0.2.1",
    "all:h0.invalid",
    "all/8",
    "a:",
    "a/33",
    "a//129",
    "a/",
    "a//",
    "a/24/64",
    "a:h0.invalid/",
    "a:h0.invalid/33",
    "a:h0",
    "a:192.0.2.1",
    "a:h0.invalid/-1",
    "a:h0.invalid/24//129",
    "a/024",
    "mx:",
    "mx/33",
    "mx//129",
    "mx:h0",
    "mx:h0.invalid:25",
    "ptr:",
    "PTR:Invalid",
    "ptr/24",
    "ptr:h0.invalid/24",
    "ptr:h0",
    "exists",
    "exists:",
    "exists:h0.invalid/24",
    "exists:h0",
    "include",
    "include:",
    "include:s1",
    "include:s1.invalid/24",
    "include=%",
    "redirect=",
    "redirect=s1",
    "redirect:s1.invalid",
    "redirect=s1.invalid/24",
    "redirect",
    "exp=",
    "exp",
    "exp:e0.invalid",
    "-redirect=s1.invalid",
    "+exp=e0.invalid",
    "-foo=bar",
    "--all",
    "+-all",
    "-",
    "+",
    "foo",
    "foo:bar",
    "foo/24",
    "a-b",
    "=x",
    ":x",
    "/24",
    "_a=b",
    "1a=b",
    "a:%{z}.invalid",
    "a:%{d0}.invalid",
    "a:%{d",
    "a:%{}.invalid",
    "a:%{d!}.invalid",
    "a:%.invalid",
    "a:%{d}x",
    "a:h0.invalid%",
    "foo=%",
    "foo=%{z}",
    "foo=%{c}",
    "exp=%{r}.invalid",
    "exp=%{t}.invalid",
    "all,",
    "a;",
    "a:h0.invalid;",
    "ip4:192.0.2.1,192.0.2.2",
    "ip4: 192.0.2.1",
    "include: s1.invalid",
    "mx :h0.invalid",
    "a:h0.-x",
    "a:h0.x-",
    "a:h0.1",
    "a:h_0.in_valid",
    "v=%",
    "a\u{e4}",
    "foo=\u{e4}",
    "a\u{a0}",
];

/// Terms that look odd and are right by RFC 7208 section 12.
pub const ODD: &[&str] = &[
    "ip4:0.0.0.0/0",
    "ip6:::/0",
    "ip6:::1",
    "ip6:2001:DB8::1",
    "ip6:2001:db8::192.0.2.1/127",
    "ip6:2001:db8:0:0:0:0:0:1/64",
    "a/0",
    "a//0",
    "a/0//0",
    "mx/0//0",
    "a:h0.invalid//64",
    "a:h0.invalid/24//64",
    "a:h0.invalid./24",
    "mx:m0.invalid//64",
    "a:%{d}/24",
    "a:%{d}//64",
    "a:%%.invalid",
    "a:%_.invalid",
    "exists:%-.invalid",
    "a:h/0.invalid",
    "a:h0.inval1d",
    "a:h0.1a",
    "a:h0.a-1",
    "exists:%{l}.wild.invalid",
    "exists:_x.wild.invalid",
    "exists:a=b.wild.invalid",
    "exists:a:b.wild.invalid",
    "foo=",
    "foo=bar",
    "foo=a/b",
    "foo=a:b=c",
    "f-o_o.1=%{d}",
    "foo=%%%_%-",
    "a=h0.invalid",
    "all=x",
    "mx=m0.invalid",
    "include=s1.invalid",
    "ip4=192.0.2.1",
    "ip6=x",
    "ptr=x",
    "exists=h0.invalid",
    "v=spf1",
    "match_subdomains=yes",
    "op=auth",
    "ra=postmaster",
    "rp=100",
    "rr=e",
    "exists:%{d99}.wild.invalid",
    "exists:%{S}.wild.invalid",
    "exists:%{l1r-+}.wild.invalid",
    "exists:%{ir,}.wild.invalid",
    "exists:%{d000001}.wild.invalid",
    "exists:%{DR}.wild.invalid",
    "ptr:h0.invalid",
    "ptr:invalid.invalid",
];

pub fn world(random: &mut Random) -> World {
    let mut entries = Vec::new();
    for owner in OWNERS {
        push(&mut entries, owner, "TXT", record(random));
        if random.chance(30) {
            push(&mut entries, &format!("x{owner}"), "TXT", record(random));
        }
        if random.chance(30) {
            push(
                &mut entries,
                owner,
                "TXT",
                random.pick(&["other", "v=spf10 -all", "v=spf1-all", " v=spf1 +all", "v=spf2.0/pra"]).into(),
            );
        }
        if random.chance(60) {
            address(random, &mut entries, owner);
        }
        if random.chance(40) {
            mail_exchanges(random, &mut entries, owner, 1);
        }
    }
    hosts(random, &mut entries);
    explanations(&mut entries);
    let requests = (0..8).map(|_| request(random)).collect();
    World { entries, requests }
}

fn push(entries: &mut Vec<Entry>, name: &str, kind: &'static str, data: String) {
    entries.push(Entry { name: name.to_ascii_lowercase(), kind, data });
}

fn address(random: &mut Random, entries: &mut Vec<Entry>, name: &str) {
    for _ in 0..=random.below(2) {
        let address = random.pick(ADDRESSES);
        push(entries, name, if address.contains(':') { "AAAA" } else { "A" }, address.to_owned());
    }
}

fn mail_exchanges(random: &mut Random, entries: &mut Vec<Entry>, name: &str, count: usize) {
    for preference in 0..count {
        let host =
            random.pick(&["h0.invalid", "h1.invalid", "h2.invalid", "h3.invalid", "void.invalid", "txt.invalid"]);
        push(entries, name, "MX", format!("{preference} {host}"));
    }
}

fn hosts(random: &mut Random, entries: &mut Vec<Entry>) {
    for host in ["h0.invalid", "h1.invalid", "h2.invalid", "h3.invalid"] {
        address(random, entries, host);
    }
    for (name, count) in [("m0.invalid", 1), ("m1.invalid", 3), ("m2.invalid", 10), ("m3.invalid", 11)] {
        mail_exchanges(random, entries, name, count);
    }
    push(entries, "m4.invalid", "MX", "0 .".to_owned());
    push(entries, "txt.invalid", "TXT", "no SPF".to_owned());
    push(entries, "two.invalid", "TXT", "v=spf1 -all".to_owned());
    push(entries, "two.invalid", "TXT", "V=SPF1 +all".to_owned());
    for address in ADDRESSES {
        for _ in 0..random.below(3) {
            let name =
                random.pick(&["h0.invalid", "h1.invalid", "h2.invalid", "s0.invalid", "void.invalid", "slow.test"]);
            push(entries, address, "PTR", name.to_owned());
        }
    }
}

fn explanations(entries: &mut Vec<Entry>) {
    let texts = [
        ("e0.invalid", "not from here"),
        ("e1.invalid", "%{i} (%{c}) may not send as %{s}, %{L}, %{o}, %{h} by %{d}%% %{dr-}%_%-%{v} to %{r}"),
        ("e2.invalid", "one"),
        ("e2.invalid", "two"),
        ("e3.invalid", "bad %{z}"),
        ("e4.invalid", "nicht erw\u{fc}nscht"),
        ("ein-addr.invalid", "IPv4 %{ir}"),
    ];
    for (name, text) in texts {
        push(entries, name, "TXT", text.to_owned());
    }
}

fn record(random: &mut Random) -> String {
    let mut record = random.pick(&["v=spf1", "v=spf1", "v=spf1", "V=spf1", "v=SPF1"]).to_owned();
    for _ in 0..random.below(6) {
        record.push_str(random.pick(&[" ", " ", " ", "  "]));
        let term = term(random);
        record.push_str(&term);
    }
    // Near the limit of ten look-ups, and without a void one.
    if random.chance(10) {
        let term = random.pick(&[" mx:m0.invalid", " mx:m1.invalid", " mx:m2.invalid"]);
        record.push_str(&term.repeat(7 + random.below(5)));
    }
    if random.chance(70) {
        let _ =
            write!(record, " {}{}", random.pick(&["-", "~", "?", "+", "", "-"]), random.pick(&["all", "all", "ALL"]));
    }
    record.push_str(random.maybe(5, &[" ", "  "]));
    record
}

fn term(random: &mut Random) -> String {
    match random.below(200) {
        0..2 => return random.pick(BROKEN).to_owned(),
        2..20 => return random.pick(ODD).to_owned(),
        20..32 => return format!("{}={}", random.pick(&["redirect", "redirect", "Redirect"]), random.pick(RECORDS)),
        32..44 => return format!("{}={}", random.pick(&["exp", "exp", "EXP"]), random.pick(EXPLANATIONS)),
        _ => {}
    }
    let mechanism = mechanism(random);
    let mechanism =
        if random.chance(4) { mechanism.replacen(|_| true, &mechanism[..1].to_uppercase(), 1) } else { mechanism };
    format!("{}{mechanism}", random.pick(&["", "", "", "+", "-", "~", "?"]))
}

fn mechanism(random: &mut Random) -> String {
    let ip4 = random.maybe(40, &["/32", "/25", "/24", "/8", "/31", "/0"]);
    let ip6 = random.maybe(40, &["/128", "/64", "/48", "/127", "/0"]);
    let dual =
        format!("{}{}", random.maybe(25, &["/32", "/25", "/24", "/8"]), random.maybe(25, &["//128", "//64", "//48"]));
    match random.below(14) {
        0..2 => format!("ip4:{}{ip4}", random.pick(&ADDRESSES[..3])),
        2..4 => format!("ip6:{}{ip6}", random.pick(&ADDRESSES[3..])),
        4 => format!("a{dual}"),
        5 => format!("a:{}{dual}", random.pick(HOSTS)),
        6 => format!("mx{dual}"),
        7 => format!("mx:{}{dual}", random.pick(HOSTS)),
        8 if random.chance(50) => "ptr".to_owned(),
        8 => format!("ptr:{}", random.pick(HOSTS)),
        9 => format!("exists:{}", random.pick(HOSTS)),
        10 => format!("exists:{}.wild.invalid", macros(random)),
        _ => format!("include:{}", random.pick(RECORDS)),
    }
}

fn macros(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(2) {
        let letter = random.pick(&["s", "l", "o", "d", "i", "v", "h", "L", "O", "D", "I", "p", "S"]);
        let digits = random.maybe(40, &["1", "2", "3", "10", "128"]);
        let delimiters = random.maybe(30, &["-", "+", "-+.", "_", "/", ",=", "."]);
        let _ = write!(
            text,
            "%{{{letter}{digits}{}{delimiters}}}{}",
            random.maybe(40, &["r", "R"]),
            random.pick(&[".", "-", "._x.", "x."])
        );
    }
    text + "x"
}

fn request(random: &mut Random) -> Request {
    let sender = match random.below(20) {
        0 => "",
        1 => "s0.invalid",
        2 => "@s0.invalid",
        3 => "User.Name+tag-x@S0.Invalid",
        4 => "a_b=c/d@s1.invalid",
        5 => "user@s3.invalid",
        6 => random.pick(&[
            "user@invalid",
            "user@[192.0.2.1]",
            "user@void.invalid",
            "user@slow.test",
            "user@two.invalid",
            "user@a..invalid",
        ]),
        7 => "100%{d}%%@s0.invalid",
        _ => random.pick(&["user@s0.invalid", "user@s1.invalid", "user@s2.invalid", "first.last@s0.invalid"]),
    };
    let helo = random.pick(&["h0.invalid", "h1.invalid", "s0.invalid", "S1.Invalid", "no-host.invalid", "h0.invalid."]);
    let ip: IpAddr = random.pick(ADDRESSES).parse().expect("an address");
    Request { ip, helo: helo.to_owned(), sender: sender.to_owned(), receiver: "mx.receiver.invalid".to_owned(), now: 0 }
}
