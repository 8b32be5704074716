use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::report::Status;
use tandem::{chart, run};

use crate::{Stop, open, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    scenario: String,
    chart: String,
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let scenario = open(&arguments.scenario, &arguments.set)?;
    let report = watched(&scenario, || run::run(&scenario))?;
    let drawing = chart::draw(&report, &arguments.chart, &chart::View::default())
        .map_err(|why| vec![Problem::error("chart", why)])?;
    writeln!(out, "{}", drawing.svg)?;
    Ok(report.status)
}
