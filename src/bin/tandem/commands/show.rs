use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::scenario::link;

use super::{Asked, print_json};
use crate::Stop;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Print the link of the page instead.
    #[arg(long)]
    link: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let scenario = arguments.asked.open()?;
    if arguments.link {
        writeln!(out, "#{}", link::encode(&scenario).fragment)?;
    } else {
        print_json(&scenario, out)?;
    }
    Ok(Status::Solved)
}
