use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::session::Session;

use super::print_json;
use crate::print::print;
use crate::{Stop, open, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    scenario: String,
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let mut session = Session::new(open(&arguments.scenario, &arguments.set)?);
    let report = watched(&mut session, Session::compare)?;
    if arguments.json {
        print_json(&report, out)?;
    } else {
        print(&report, out)?;
    }
    Ok(report.status)
}
