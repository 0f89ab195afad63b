//! The page of a provider: what it asks a customer to publish, as the fields of a DNS panel and as zone lines.

use std::fmt::Write as _;

use owo_colors::Style as Colour;

use crate::finding::Publish;
use crate::name::{Kind, Name};
use crate::providers::{self, Provider, ReturnPath};
use crate::report::text::{paint, wrap};
use crate::report::{Style, words};

/// Records to publish for a domain, and what else is known of the provider.
pub fn explain_provider(provider: &Provider, domain: &Name, style: Style) -> String {
    let lang = style.lang;
    let title = words::PROVIDER_TITLE.get(lang).replace("{provider}", &provider.name);
    let title = title.replace("{domain}", domain.as_str());
    let mut out = format!("{}\n\n", paint(&title, Colour::new().bold(), style));
    let records = records(provider, domain);
    for record in &records {
        write_record(&mut out, provider, record, style);
    }
    let mut say = |text: &str| {
        let _ = writeln!(out, "{}", wrap(text, style, ""));
    };
    if records.is_empty() {
        say(words::PROVIDER_NO_RECORDS.get(lang));
    }
    if records.iter().any(|record| record.value.contains('<') || record.owner.as_str().contains('<')) {
        say(words::PROVIDER_PLACEHOLDERS.get(lang));
    }
    if let Some(include) = provider.include() {
        say(&words::PROVIDER_ONE_SPF.get(lang).replace("{include}", include));
    }
    if let Some(path) = provider.return_path {
        say(return_path(path).get(lang));
    }
    let sources: Vec<String> =
        provider.source.iter().map(|source| format!("{} ({})", source.title, source.read)).collect();
    let _ = writeln!(out, "\n{}", wrap(&format!("{}: {}", words::REFERENCES.get(lang), sources.join("; ")), style, ""));
    out
}

/// All providers, a line each.
pub fn provider_list() -> String {
    let longest = providers::all().iter().map(|provider| provider.id.len()).max().unwrap_or(0);
    providers::all().iter().map(|provider| format!("{:longest$}  {}\n", provider.id, provider.name)).collect()
}

/// The records, with the domain filled in; what only the provider knows stands in angle brackets.
fn records(provider: &Provider, domain: &Name) -> Vec<Publish> {
    let filled = |line: &String| {
        let line = providers::filled(line, domain);
        let mut words = line.splitn(3, ' ');
        let (owner, kind, value) = (words.next()?, words.next()?, words.next()?);
        Some(Publish { owner: Name::parse(owner).ok()?, kind: kind.parse().ok()?, value: value.to_owned() })
    };
    provider.publish.iter().filter_map(filled).collect()
}

fn write_record(out: &mut String, provider: &Provider, record: &Publish, style: Style) {
    let lang = style.lang;
    let head = format!("{} {}", record.kind, record.owner);
    let _ = writeln!(out, "{}", paint(&head, Colour::new().bold(), style));
    let mut field = |name: words::Words, value: &str, note: &str| {
        let value = paint(value, Colour::new().green(), style);
        let _ = writeln!(out, "  {}: {value}{note}", name.get(lang));
    };
    field(words::HOST_FIELD, &record.host(), &format!("  ({})", words::PANEL_ADDS.get(lang)));
    field(words::HOST_FIELD, record.owner.as_str(), &format!("  ({})", words::PANEL_WHOLE.get(lang)));
    match record.value.split_once(' ').filter(|_| record.kind == Kind::MX) {
        Some((preference, host)) => {
            field(words::PRIORITY_FIELD, preference, "");
            field(words::VALUE_FIELD, host, "");
        }
        None => field(words::VALUE_FIELD, &record.value, ""),
    }
    for other in other_forms(provider, record) {
        field(words::OR_FIELD, &other, "");
    }
    if !record.value.contains('<') {
        field(words::ZONE_LINE, &record.line(), "");
    }
    out.push('\n');
}

/// The other forms that the target of a CNAME or an MX host has at this provider, differing for each customer.
fn other_forms(provider: &Provider, record: &Publish) -> Vec<String> {
    let selector = || provider.selector.iter().find(|selector| selector.name == record.owner.first_label());
    let patterns: Vec<&String> = match record.kind {
        Kind::CNAME => selector().iter().flat_map(|selector| &selector.target).collect(),
        Kind::MX => provider.mx.iter().filter(|pattern| pattern.contains('*')).collect(),
        _ => Vec::new(),
    };
    providers::other_forms(patterns.into_iter(), record.value.rsplit(' ').next().unwrap_or_default())
}

fn return_path(path: ReturnPath) -> words::Words {
    match path {
        ReturnPath::Own => words::RETURN_PATH_OWN,
        ReturnPath::Provider => words::RETURN_PATH_PROVIDER,
        ReturnPath::Either => words::RETURN_PATH_EITHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::Format;

    fn page(id: &str, lang: Lang) -> String {
        let provider = providers::by_name(id).expect("a provider");
        let domain = Name::parse("contoso.com").expect("a name");
        explain_provider(
            provider,
            &domain,
            Style { format: Format::Text, lang, colour: false, width: 120, fails: None, show_ignored: false },
        )
    }

    #[test]
    fn by_the_habit_of_the_panel() {
        let page = page("microsoft365", Lang::En);
        for line in [
            "CNAME selector1._domainkey.contoso.com\n",
            "  host: selector1._domainkey  (",
            "  host: selector1._domainkey.contoso.com  (",
            "  value: selector1-contoso-com._domainkey.<tenant>.onmicrosoft.com\n",
            "  or: selector1-<…>._domainkey.<…>.dkim.mail.microsoft\n",
            "  host: @  (",
            "  zone line: contoso.com. IN MX 0 contoso-com.mail.protection.outlook.com.\n",
        ] {
            assert!(page.contains(line), "{line:?} is not in\n{page}");
        }
    }

    #[test]
    fn every_line_of_every_provider_is_a_record() {
        let domain = Name::parse("contoso.com").expect("a name");
        for provider in providers::all() {
            assert_eq!(records(provider, &domain).len(), provider.publish.len(), "{}", provider.id);
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for lang in Lang::ALL {
            for provider in providers::all() {
                assert!(!page(&provider.id, lang).contains(['{', '}']), "{}", provider.id);
            }
        }
    }
}
