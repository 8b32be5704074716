use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::run;

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
    let scenario = open(&arguments.scenario, &arguments.set)?;
    write!(out, "{}", run::lp_file(&scenario, arguments.interval)?)?;
    Ok(Status::Solved)
}
