//! `mailvet explain`.

use anyhow::anyhow;
use mailvet::report::{self, Format};
use mailvet::rules;

use crate::args::Explain;
use crate::exit::End;
use crate::output;

/// Prints the page of a rule, or the list of all.
pub fn run(args: &Explain) -> anyhow::Result<End> {
    let style = output::style(Format::Text, args.lang);
    let text = match &args.id {
        None => report::rule_list(style),
        Some(id) => {
            let rule = rules::by_id(id)
                .ok_or_else(|| anyhow!("there is no rule “{id}”; `mailvet explain` without an id lists all rules"))?;
            report::explain(rule, style)
        }
    };
    output::print(&text)?;
    Ok(End::Fine)
}
