use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::chart;
use tandem::report::Status;

use super::Asked;
use crate::{Stop, solved};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    chart: String,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let report = solved(&arguments.asked)?.report()?.read();
    let drawing = chart::draw(&report, &arguments.chart, &chart::View::default())
        .map_err(|why| vec![Problem::error("chart", why)])?;
    writeln!(out, "{}", drawing.svg)?;
    Ok(report.status)
}
