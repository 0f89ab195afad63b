//! For the tests of these rules: `example.test` with one MX host, a right record, and what its web server serves.

use crate::collect::{Known, Wanted, collect};
use crate::finding::Finding;
use crate::name::Name;
use crate::rules::Rule;
use crate::testing::{groups, zone_data};
use crate::web::{Document, Failure, Page, Request, Web};

const ZONE: &str = "$TTL 60\n@ MX 0 mail\nmail A 192.0.2.1\n_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 192.0.2.2\n";

/// What the web server serves.
pub(super) enum Served {
    /// This type and text.
    Document(Option<String>, String),
    /// Nothing.
    Failed(Failure),
}

impl From<&str> for Served {
    fn from(text: &str) -> Served {
        Served::Document(Some("text/plain".to_owned()), text.to_owned())
    }
}

impl From<Failure> for Served {
    fn from(failure: Failure) -> Served {
        Served::Failed(failure)
    }
}

impl Web for Served {
    async fn fetch(&self, request: &Request) -> Page {
        let mut page = Page::failed(&request.url, Failure::NotAsked);
        page.outcome = match self {
            Served::Document(content_type, text) => {
                Ok(Document::new(&request.url, content_type.clone(), text.clone().into_bytes()))
            }
            Served::Failed(failure) => Err(failure.clone()),
        };
        page
    }
}

/// The findings of one rule.
pub(super) fn findings(rule: &'static Rule, served: impl Into<Served>) -> Vec<Finding> {
    findings_in(rule, ZONE, served)
}

/// The same in a zone of one's own.
pub(super) fn findings_in(rule: &'static Rule, zone: &str, served: impl Into<Served>) -> Vec<Finding> {
    let wanted = Wanted::domain(&Name::parse("example.test").expect("a name"), &Known::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let evidence = runtime.block_on(collect(&zone_data(zone), &served.into(), &wanted));
    let mut found = Vec::new();
    (rule.check)(&evidence, &mut found);
    found
}

/// The carets under the lines of the text mark all places in it that the findings point to, and no others. Where there
/// are none, the first place is the URL.
pub(super) fn finds(rule: &'static Rule, served: impl Into<Served>) {
    let mut served = served.into();
    let mut marked = Vec::new();
    if let Served::Document(_, text) = &mut served {
        (*text, marked) = without_carets(text);
    }
    let found = findings(rule, served);
    assert!(!found.is_empty(), "{} finds nothing", rule.id);
    let url = "https://mta-sts.example.test/.well-known/mta-sts.txt";
    let spans = || found.iter().flat_map(|finding| &finding.spans);
    if marked.is_empty() {
        assert_eq!(spans().next().map(|span| span.text()), Some(url), "{}", rule.id);
        return;
    }
    let in_text = spans().filter(|span| span.source.name == url && span.text() != url);
    let mut got: Vec<(usize, usize)> = in_text.map(|span| (span.bytes.start, span.bytes.end)).collect();
    got.sort_unstable();
    assert_eq!(got, marked, "{}: {found:#?}", rule.id);
}

/// The rule finds nothing.
pub(super) fn clean(rule: &'static Rule, served: impl Into<Served>) {
    let found = findings(rule, served);
    assert!(found.is_empty(), "{} finds {found:#?}", rule.id);
}

fn without_carets(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut out, mut marked, mut line_start) = (String::new(), Vec::new(), 0);
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().next().map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    for line in lines().map(|line| line.get(indent..).unwrap_or_default()) {
        if line.chars().all(|c| c == '^' || c == ' ') {
            marked.extend(groups(line, line_start, &out));
        } else {
            line_start = out.len();
            out.push_str(line);
            out.push('\n');
        }
    }
    marked.sort_unstable();
    (out, marked)
}
