use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::report::{Report, Status, Table};

use super::{Asked, print_json};
use crate::print::{print, print_csv, print_table};
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
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let report = solved(&arguments.asked)?.report()?;
    if !arguments.table.is_empty() {
        let report = report.clone().read();
        for id in &arguments.table {
            print_table(&report, table(&report, id)?, out)?;
        }
    } else if arguments.json {
        print_json(&report, out)?;
    } else if arguments.csv {
        print_csv(&report, out)?;
    } else {
        print(&report.clone().read(), out)?;
    }
    Ok(report.status)
}

fn table<'a>(report: &'a Report, id: &str) -> Result<&'a Table, Vec<Problem>> {
    report.tables.iter().find(|t| t.id == *id).ok_or_else(|| {
        let ids: Vec<&str> = report.tables.iter().map(|t| t.id.as_str()).collect();
        let message = format!("no table `{id}`; there are: {}", ids.join(", "));
        vec![Problem::error("table", message)]
    })
}
