use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use tandem::report::Status;

use crate::{Stop, folder, open};

#[derive(Args)]
pub(crate) struct Arguments {
    case: String,
    /// Write it into this folder as CSV files instead.
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    /// Write it as a MATPOWER case file instead: what such a file can hold.
    #[arg(long, conflicts_with = "csv")]
    matpower: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let case = folder::case(&arguments.case, |name| Ok(open(name, &[])?.into_scenario()))?;
    match &arguments.csv {
        Some(csv) => folder::write(&case, csv)?,
        None if arguments.matpower => write!(out, "{}", tandem::case::matpower::write(&case))?,
        None => writeln!(out, "{}", case.to_json())?,
    }
    Ok(Status::Solved)
}
