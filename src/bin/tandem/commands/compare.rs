use std::io::Write;

use clap::Args;
use tandem::case::Problem;
use tandem::chart;
use tandem::report::{Report, Status};
use tandem::session::Session;

use super::{Asked, print_json};
use crate::print::print;
use crate::{Stop, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// Draw one of its charts as SVG, by its id.
    #[arg(long, conflicts_with = "json")]
    chart: Option<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let mut session = Session::new(arguments.asked.open()?);
    let report = watched(&mut session, Session::compare)?;
    let read = report.clone().read();
    if arguments.json {
        print_json(&report, out)?;
    } else if let Some(id) = &arguments.chart {
        let drawing = chart::draw(&read, id, &chart::View::default())
            .map_err(|why| vec![Problem::error("chart", why)])?;
        writeln!(out, "{}", drawing.svg)?;
    } else {
        print(&read, out)?;
        print_choices(&report, out)?;
    }
    Ok(report.status)
}

/// What makes each of them the scenario, as `tandem run` takes it.
fn print_choices(report: &Report, out: &mut impl Write) -> Result<(), Stop> {
    if report.alternatives.is_empty() {
        return Ok(());
    }
    writeln!(out, "To choose one")?;
    for one in &report.alternatives {
        let set = |(path, value): &(String, serde_json::Value)| match value {
            serde_json::Value::String(text) => format!("--set {path}={text}"),
            other => format!("--set {path}={other}"),
        };
        let words: Vec<String> = one.changes.iter().map(set).collect();
        let now = if one.now { " (the scenario)" } else { "" };
        let refused = match one.refused.as_str() {
            "" => String::new(),
            why => format!(" (no answer: {why})"),
        };
        writeln!(out, "  {}{now}{refused}: {}", one.name, words.join(" "))?;
    }
    Ok(())
}
