use std::io::Write;

use clap::Args;
use tandem::between;
use tandem::case::Problem;
use tandem::chart;
use tandem::report::Status;

use super::print_json;
use crate::Stop;
use crate::print::print;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The one scenario: what `run` takes.
    a: String,
    /// The other.
    b: String,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// Draw one of its charts as SVG, by its id: `turn:NUMBER` or `share:NUMBER`.
    #[arg(long, conflicts_with = "json")]
    chart: Option<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let [a, b] = [&arguments.a, &arguments.b].map(|name| crate::open(name, &[]));
    let report = between::between(&a?, &b?)?;
    let read = report.clone().read();
    if arguments.json {
        print_json(&report, out)?;
    } else if let Some(id) = &arguments.chart {
        let drawing = chart::draw(&read, id, &chart::View::default())
            .map_err(|why| vec![Problem::error("chart", why)])?;
        writeln!(out, "{}", drawing.svg)?;
    } else {
        print(&read, out)?;
    }
    Ok(report.status)
}
