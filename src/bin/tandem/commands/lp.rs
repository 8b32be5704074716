use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::session::Session;

use crate::{Stop, open};

#[derive(Args)]
pub(crate) struct Arguments {
    scenario: String,
    #[arg(long, default_value_t = 1)]
    interval: usize,
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = Session::new(open(&arguments.scenario, &arguments.set)?);
    write!(out, "{}", session.lp_file(arguments.interval)?)?;
    Ok(Status::Solved)
}
