use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::session::Session;

use super::{Asked, print_json};
use crate::print::print;
use crate::{Stop, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let mut session = Session::new(arguments.asked.open()?);
    let report = watched(&mut session, Session::compare)?;
    if arguments.json {
        print_json(&report, out)?;
    } else {
        print(&report.clone().read(), out)?;
    }
    Ok(report.status)
}
