use std::io::Write;

use clap::{Args, ValueEnum};
use tandem::report::{Report, Status};
use tandem::session::Session;

use super::{Asked, print_json};
use crate::Stop;
use crate::print::print_table;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// What has the price.
    subject: Subject,
    id: String,
    #[arg(long, default_value_t = 1)]
    interval: usize,
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    Bus,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = Session::new(arguments.asked.open()?);
    let explained = match arguments.subject {
        Subject::Bus => session.explain(&arguments.id, arguments.interval)?,
    };
    if arguments.json {
        print_json(&explained, out)?;
        return Ok(Status::Solved);
    }
    for sentence in &explained.sentences {
        writeln!(out, "{sentence}")?;
    }
    for table in &explained.tables {
        writeln!(out)?;
        print_table(&Report::default(), table, out)?;
    }
    Ok(Status::Solved)
}
