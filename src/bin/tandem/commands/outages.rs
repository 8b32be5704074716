use std::io::Write;

use clap::Args;
use tandem::report::{Report, Status};
use tandem::run;

use super::{Asked, print_json};
use crate::print::{print_csv, print_table};
use crate::{Stop, solved};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Step of the clock, from 1.
    #[arg(long, default_value_t = 1)]
    interval: usize,
    #[arg(long)]
    csv: bool,
    #[arg(long, conflicts_with = "csv")]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = solved(&arguments.asked)?;
    let table = run::outages(&session, arguments.interval)?;
    if arguments.json {
        print_json(&table, out)?;
    } else if arguments.csv {
        let report = Report {
            tables: vec![table],
            ..Report::default()
        };
        print_csv(&report, out)?;
    } else {
        print_table(&Report::default(), &table, out)?;
    }
    Ok(session.report()?.status)
}
