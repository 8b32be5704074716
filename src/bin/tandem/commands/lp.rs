use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::session::Session;

use super::Asked;
use crate::Stop;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    #[arg(long, default_value_t = 1)]
    interval: usize,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = Session::new(arguments.asked.open()?);
    write!(out, "{}", session.lp_file(arguments.interval)?)?;
    Ok(Status::Solved)
}
