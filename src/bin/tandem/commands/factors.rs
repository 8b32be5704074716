use std::io::Write;

use clap::{Args, ValueEnum};
use tandem::factors;
use tandem::report::{Report, Status};

use super::{Asked, print_json};
use crate::Stop;
use crate::print::{print_csv, print_table};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The bus where what is put in is taken out again; without it, where the load is.
    #[arg(long, value_name = "BUS")]
    reference: Option<String>,
    /// One of them as CSV.
    #[arg(long, value_enum, value_name = "WHICH")]
    csv: Option<Which>,
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    Ptdf,
    Lodf,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let document = arguments.asked.open()?;
    let [ptdf, lodf] = factors::tables(&document.case, arguments.reference.as_deref())?;
    match arguments.csv {
        Some(which) => {
            let table = match which {
                Which::Ptdf => ptdf,
                Which::Lodf => lodf,
            };
            let report = Report {
                tables: vec![table],
                ..Report::default()
            };
            print_csv(&report, out)?;
        }
        None if arguments.json => print_json(&[ptdf, lodf], out)?,
        None => {
            print_table(&Report::default(), &ptdf, out)?;
            writeln!(out)?;
            print_table(&Report::default(), &lodf, out)?;
        }
    }
    Ok(Status::Solved)
}
