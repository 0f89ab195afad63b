//! How many requests `check_host()` judges in a second, with all records in memory.
//!
//! `cargo bench --bench spf` measures a small population of its own. With a zone file and a list of domains as
//! arguments, it measures those, and prints one line `mailvet<TAB>N evaluations/s`, to be set beside other evaluators:
//! `cargo bench --bench spf -- ZONE LIST`.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use mailvet::dns::{Answer, Dns, Outcome, Record};
use mailvet::evaluate::check_host::{Request, check_host, check_host_untraced};
use mailvet::name::{Kind, Name, Question};
use mailvet::records::spf::Spf;
use mailvet::source::{Source, SourceKind};
use mailvet::zone::master;

/// The records of common providers in 2026, shortened.
const POPULATION: &str = r#"
one.test. 60 TXT "v=spf1 include:spf.protection.outlook.com -all"
two.test. 60 TXT "v=spf1 include:_spf.google.com include:sendgrid.net ~all"
three.test. 60 TXT "v=spf1 a mx ip4:192.0.2.0/24 include:spf.protection.outlook.com include:sendgrid.net -all"
three.test. 60 A 192.0.2.1
three.test. 60 MX 10 mail.three.test.
mail.three.test. 60 A 192.0.2.2
four.test. 60 TXT "v=spf1 redirect=_spf.google.com"
spf.protection.outlook.com. 60 TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/15 ip4:52.102.0.0/16 ip4:52.103.0.0/17 ip4:104.47.0.0/17 ip6:2a01:111:f400::/48 ip6:2a01:111:f403::/49 -all"
_spf.google.com. 60 TXT "v=spf1 ip4:74.125.0.0/16 ip4:209.85.128.0/17 ip6:2001:4860:4864::/56 ip6:2404:6800:4864::/56 ~all"
sendgrid.net. 60 TXT "v=spf1 ip4:167.89.0.0/17 ip4:208.117.48.0/20 ip4:50.31.32.0/19 include:ab.sendgrid.net ~all"
ab.sendgrid.net. 60 TXT "v=spf1 ip4:223.165.113.0/24 ip4:223.165.115.0/24 ~all"
"#;

/// An address that nothing matches, so that the whole tree is walked.
const CLIENT: &str = "100.64.0.1";

struct Memory(HashMap<Question, Answer>);

impl Memory {
    fn new(text: String) -> Memory {
        let zone = master::read(&Source::new("population", text, SourceKind::File), Some(&Name::root()), None);
        let mut sets: HashMap<Question, Vec<Record>> = HashMap::new();
        for record in zone.records {
            sets.entry(record.record_set()).or_default().push(record);
        }
        Memory(
            sets.into_iter()
                .map(|(question, records)| (question.clone(), Answer::new(question, Outcome::Records(records.into()))))
                .collect(),
        )
    }

    /// These domains, as far as they have an SPF record.
    fn requests<'a>(&self, domains: impl Iterator<Item = &'a str>) -> Vec<Request> {
        let with_record = domains.filter(|domain| {
            let question = Name::parse(domain).map(|name| Question { name, kind: Kind::TXT });
            let answer = question.ok().and_then(|question| self.0.get(&question));
            answer.is_some_and(|answer| {
                answer.records().iter().filter_map(Record::txt).any(|txt| Spf::read(txt).is_some())
            })
        });
        with_record.map(request).collect()
    }
}

impl Dns for Memory {
    async fn ask(&self, question: &Question) -> Answer {
        self.0.get(question).cloned().unwrap_or_else(|| Answer::new(question.clone(), Outcome::NxDomain))
    }
}

fn request(domain: &str) -> Request {
    let sender = format!("postmaster@{domain}");
    Request {
        ip: CLIENT.parse().expect("an address"),
        helo: domain.to_owned(),
        sender,
        receiver: String::new(),
        now: 0,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    match arguments.as_slice() {
        [zone, list] => compare(zone, list),
        _ => divan::main(),
    }
}

/// Two seconds of rounds over all domains.
fn compare(zone: &str, list: &str) {
    let memory = Memory::new(std::fs::read_to_string(zone).expect("a zone file"));
    let list = std::fs::read_to_string(list).expect("a list of domains");
    let requests = memory.requests(list.lines());
    runtime().block_on(async {
        let mut evaluations = 0;
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(2) {
            for request in &requests {
                black_box(check_host_untraced(&memory, request).await);
                evaluations += 1;
            }
        }
        println!("mailvet\t{:.0} evaluations/s", f64::from(evaluations) / start.elapsed().as_secs_f64());
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

fn population() -> (Memory, Vec<Request>) {
    let memory = Memory::new(POPULATION.to_owned());
    let requests = memory.requests(["one.test", "two.test", "three.test", "four.test"].into_iter());
    (memory, requests)
}

#[divan::bench]
fn verdict(bencher: divan::Bencher<'_, '_>) {
    let ((memory, requests), runtime) = (population(), runtime());
    bencher.counter(requests.len()).bench_local(|| {
        for request in &requests {
            black_box(runtime.block_on(check_host_untraced(&memory, request)));
        }
    });
}

#[divan::bench]
fn verdict_with_trace(bencher: divan::Bencher<'_, '_>) {
    let ((memory, requests), runtime) = (population(), runtime());
    bencher.counter(requests.len()).bench_local(|| {
        for request in &requests {
            black_box(runtime.block_on(check_host(&memory, request)));
        }
    });
}

/// Records that nobody has read before.
#[divan::bench]
fn read_record(bencher: divan::Bencher<'_, '_>) {
    let count = population().0.0.values().flat_map(Answer::records).filter_map(Record::txt).count();
    bencher.counter(count).with_inputs(|| population().0).bench_local_refs(|memory| {
        for txt in memory.0.values().flat_map(Answer::records).filter_map(Record::txt) {
            black_box(Spf::read(txt));
        }
    });
}
