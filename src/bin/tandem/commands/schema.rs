use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::schema;

use super::print_json;
use crate::Stop;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Print that of what the page gets instead: documents, reports, drawings.
    #[arg(long)]
    page: bool,
    /// Print that of a report instead, as `run --json` and `export` write it.
    #[arg(long, conflicts_with = "page")]
    report: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    match (arguments.page, arguments.report) {
        (true, _) => print_json(&schema::page(), out)?,
        (_, true) => print_json(&schema::report(), out)?,
        _ => print_json(&schema::schema(), out)?,
    }
    Ok(Status::Solved)
}
