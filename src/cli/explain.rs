//! `mailvet explain`.

use anyhow::{Context as _, bail};
use mailvet::name::Name;
use mailvet::near;
use mailvet::providers;
use mailvet::report::{self, Format, Style};
use mailvet::rules;

use crate::args::Explain;
use crate::exit::End;
use crate::output;

/// The domain that is filled in where none is named.
const EXAMPLE: &str = "example.com";

/// Prints the page of a rule or of a provider, or the list of all.
pub fn run(args: &Explain) -> anyhow::Result<End> {
    let style = output::style(Format::Text, args.lang);
    let text = match args.id.as_deref() {
        None => report::rule_list(style),
        Some("providers") => report::provider_list(),
        Some(id) => page(id, args.domain.as_ref(), style)?,
    };
    output::print(&text)?;
    Ok(End::Fine)
}

fn page(id: &str, domain: Option<&Name>, style: Style) -> anyhow::Result<String> {
    if let Some(rule) = rules::by_id(id) {
        return Ok(report::explain(rule, style));
    }
    let Some(provider) = providers::by_name(id) else {
        let known = rules::all().map(|rule| rule.id).chain(providers::all().iter().map(|it| it.id.as_str()));
        let meant = near::nearest(id, known).map(|id| format!(" (did you mean {id}?)")).unwrap_or_default();
        bail!(
            "there is no rule and no provider “{id}”{meant}; `mailvet explain` lists all rules, \
             `mailvet explain providers` all providers"
        );
    };
    let example = Name::parse(EXAMPLE).context("an example")?;
    Ok(report::explain_provider(provider, domain.unwrap_or(&example), style))
}
