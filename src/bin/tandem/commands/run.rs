use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::report::{ChartLayer, Report, Status, Table};

use super::{Asked, print_json};
use crate::print::{print, print_csv, print_table};
use crate::spaces::Plain;
use crate::{Stop, solved};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Print the whole report as JSON.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print the table by interval as CSV.
    #[arg(long)]
    csv: bool,
    /// Print this table of the report (repeatable), e.g. edges, pieces, bid, promises, critical.
    #[arg(long, value_name = "ID", conflicts_with_all = ["json", "csv"])]
    table: Vec<String>,
    /// Print what each layer of a plane says, e.g. of the region of an aggregator: what factors promise and forgo.
    #[arg(long, conflicts_with_all = ["json", "csv", "table"])]
    layers: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let report = solved(&arguments.asked)?.report()?;
    if !arguments.table.is_empty() {
        let report = report.clone().read();
        for id in &arguments.table {
            print_table(&report, table(&report, id)?, out)?;
        }
    } else if arguments.layers {
        print_layers(&report.clone().read(), out)?;
    } else if arguments.json {
        print_json(&report, out)?;
    } else if arguments.csv {
        print_csv(&report, out)?;
    } else {
        print(&report.clone().read(), out)?;
    }
    Ok(report.status)
}

/// Each layer with its sentence, by interval where it has one for each.
fn print_layers(report: &Report, out: &mut impl Write) -> Result<(), Stop> {
    let out = &mut Plain(out);
    let planes = report.charts.iter().filter(|c| !c.layers.is_empty());
    let planes: Vec<_> = planes.collect();
    if planes.is_empty() {
        let message = "no chart of this scenario has layers";
        return Err(vec![Problem::error("layers", message)].into());
    }
    let clock = report.clock.as_ref();
    let step = clock.map_or("step", |clock| clock.name.as_str());
    for chart in planes {
        writeln!(out, "{}\n{}", chart.title, chart.summary)?;
        for ChartLayer { name, says, .. } in &chart.layers {
            writeln!(out, "\n{name}")?;
            for (t, said) in says.iter().enumerate() {
                match says.len() {
                    1 => writeln!(out, "  {said}")?,
                    _ => writeln!(out, "  {step} {}: {said}", t + 1)?,
                }
            }
        }
    }
    Ok(())
}

fn table<'a>(report: &'a Report, id: &str) -> Result<&'a Table, Vec<Problem>> {
    report.tables.iter().find(|t| t.id == *id).ok_or_else(|| {
        let ids: Vec<&str> = report.tables.iter().map(|t| t.id.as_str()).collect();
        let message = format!("no table `{id}`; there are: {}", ids.join(", "));
        vec![Problem::error("table", message)]
    })
}
