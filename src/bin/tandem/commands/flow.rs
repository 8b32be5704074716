use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::session::Session;

use super::{Asked, print_json};
use crate::Stop;
use crate::print::print;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The feeder printed; the first where it is left out. All are solved.
    #[arg(long, value_name = "ID")]
    feeder: Option<String>,
    /// What all loads are multiplied by.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    load_factor: Option<f64>,
    /// Generation at a bus, MW, at unity power factor (repeatable), e.g. --generation 18=0.5
    #[arg(long, value_name = "BUS=MW")]
    generation: Vec<String>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let mut session = Session::new(arguments.asked.open()?.power_flow()?);
    if let Some(feeder) = &arguments.feeder {
        session.set("view.feeder", feeder)?;
    }
    if let Some(factor) = arguments.load_factor {
        session.set("mechanism.load_factor", &factor.to_string())?;
    }
    for one in &arguments.generation {
        let (bus, mw) = one.split_once('=').unwrap_or((one, ""));
        session.set(&format!("mechanism.generation_mw.{bus}"), mw)?;
    }
    session.solve()?;
    let report = session.report()?;
    match arguments.json {
        true => print_json(&report, out)?,
        false => print(&report.clone().read(), out)?,
    }
    Ok(report.status)
}
