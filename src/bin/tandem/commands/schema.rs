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
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    match arguments.page {
        true => print_json(&schema::page(), out)?,
        false => print_json(&schema::schema(), out)?,
    }
    Ok(Status::Solved)
}
