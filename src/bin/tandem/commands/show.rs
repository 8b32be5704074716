use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::scenario::link;

use super::print_json;
use crate::{Stop, open};

#[derive(Args)]
pub(crate) struct Arguments {
    scenario: String,
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Print the link of the page instead.
    #[arg(long)]
    link: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let scenario = open(&arguments.scenario, &arguments.set)?;
    if arguments.link {
        writeln!(out, "#{}", link::encode(&scenario).fragment)?;
    } else {
        print_json(&scenario, out)?;
    }
    Ok(Status::Solved)
}
