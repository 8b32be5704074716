use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::report::Status;

use super::Asked;
use crate::print::print_table;
use crate::{Stop, solved};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    #[arg(allow_negative_numbers = true)]
    x: f64,
    #[arg(allow_negative_numbers = true)]
    y: f64,
    #[arg(long, default_value = "region")]
    chart: String,
    /// Another number to ask about, as the chart's layers name it, e.g. `m=4` for the grid of the Union Jack method
    #[arg(long, value_name = "NAME=NUMBER")]
    with: Option<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let chart = &arguments.chart;
    let session = solved(&arguments.asked)?;
    let report = session.report()?;
    let key = report.chart(chart).and_then(|c| c.probe.clone());
    let key = key.ok_or_else(|| {
        let message = format!("chart `{chart}` is no plane to ask about");
        vec![Problem::error("chart", message)]
    })?;
    let key = match &arguments.with {
        Some(with) => format!("{key}:{with}"),
        None => key,
    };
    let probe = session.probe(&key, arguments.x, arguments.y)?;
    writeln!(out, "{}\n", probe.sentence)?;
    if let Some(net) = &probe.net {
        writeln!(out, "{}\n", net.says)?;
    }
    if !probe.table.rows.is_empty() {
        print_table(&report, &probe.table, out)?;
    }
    Ok(match probe.inside {
        true => Status::Solved,
        false => Status::Infeasible,
    })
}
