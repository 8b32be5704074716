//! The commands, one file each: what can be said after their name, and what they print.

mod between;
mod case;
mod certify;
mod chart;
mod compare;
mod embed;
mod explain;
mod export;
mod factors;
mod flow;
mod import;
mod lesson;
mod list;
mod look;
mod lp;
mod map;
mod outages;
mod paper;
mod probe;
mod questions;
mod run;
mod schema;
mod scorm;
mod show;
mod sweep;

use std::io::Write;

use clap::{Args, Subcommand};
use serde::Serialize;
use tandem::case::Problem;
use tandem::report::Status;
use tandem::scenario::Document;

use crate::Stop;

/// The scenario that is asked about.
#[derive(Args)]
pub(crate) struct Asked {
    pub scenario: String,
    /// Change a field, e.g. --set case.branches.2-3.max_p_mw=10.5
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
}

impl Asked {
    pub(crate) fn open(&self) -> Result<Document, Vec<Problem>> {
        crate::open(&self.scenario, &self.set)
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the presets.
    List,
    /// Solve a preset, a scenario or case file (JSON or MATPOWER), a folder of CSV files, a link, or `-`
    /// for standard input.
    Run(run::Arguments),
    /// Run the AC power flow of the feeders of a case: voltages, line flows, losses.
    Flow(flow::Arguments),
    /// Run every method on the same case and print them side by side.
    Compare(compare::Arguments),
    /// Say what lies between two scenarios: inputs and outputs that differ, and what each change makes of every number, in
    /// turn and as its fair share, e.g. `between zuo-4node zuo-4node-exact`.
    Between(between::Arguments),
    /// Ask about a point of a chart with a plane, e.g. `probe zuo-4node-exact 4 8`: cost and split there.
    Probe(probe::Arguments),
    /// Say why a price is what it is: its parts, who serves the next MWh, and a proof, e.g.
    /// `explain zuo-30bus bus 24 --interval 3`.
    #[command(after_long_help = explain::BY_MECHANISM)]
    Explain(explain::Arguments),
    /// Print the shift factors (PTDF) and outage factors (LODF) of the transmission network, or one of them as CSV.
    Factors(factors::Arguments),
    /// Print what the loss of each line would do to the flows of one interval: the line that is then loaded most.
    Outages(outages::Arguments),
    /// Run a scenario over a range of one field and print its summary numbers as CSV.
    Sweep(sweep::Arguments),
    /// Draw the exact map of one dispatch over two fields: every region with its marginal units, full lines and
    /// prices, e.g. `map zuo-4node-optimal --x case.loads.L4.p_mw 0 20 --y case.branches.2-3.max_p_mw 5 20`.
    Map(map::Arguments),
    /// Tell the lesson of a preset, or of a lesson file, and check it: every number it names, the one right choice.
    Lesson(lesson::Arguments),
    /// Write the lesson of a scenario as a package for learning platforms (SCORM 1.2), with the program in it or shown from
    /// an address, e.g. `scorm triangle --site dist --out triangle.zip`.
    Scorm(scorm::Arguments),
    /// Print the linear program of one interval as an LP file with named rows.
    Lp(lp::Arguments),
    /// List the markets that the grid of a scenario can be looked at in, or print it in one of them as JSON, e.g.
    /// `look case118.m --as schemes > schemes.json`.
    Look(look::Arguments),
    /// Write questions for a course out of a scenario, with seeded inputs, for Moodle or another platform, e.g.
    /// `questions triangle --count 50 --out triangle.xml`.
    Questions(questions::Arguments),
    /// Print a scenario as JSON, to be edited and run from a file.
    Show(show::Arguments),
    /// Write a certificate of an answer: a page that computes it again in any browser without a network, and JSON, e.g.
    /// `certify zuo-4node --site dist --html zuo.html`; or say whether one holds: `certify --check zuo.html`.
    Certify(certify::Arguments),
    /// Print an embedded view of a scenario as HTML to paste into a page or course, e.g.
    /// `embed triangle --page https://host/ --view lmp_by_bus --input case.branches.1-3.max_p_mw:20:120`.
    Embed(embed::Arguments),
    /// Write a chart or a table as a file for papers and slides, or all of them with scenario, report and citations as ZIP, e.g.
    /// `export zuo-30bus lmp --out lmp.pdf`.
    Export(export::Arguments),
    /// Draw a chart of a scenario as SVG.
    Chart(chart::Arguments),
    /// Print the case of a scenario, or a built-in case by its id, as JSON.
    Case(case::Arguments),
    /// Put the series of a CSV file (time, load_kw, pv_kw, price_usd_per_kwh, …) into a community market
    /// and print the scenario, to be run from a file or through `tandem run -`.
    Import(import::Arguments),
    /// Print what a paper claims, with the verdicts held, refuted and not comparable, and the numbers they rest on.
    Paper(paper::Arguments),
    /// Print the JSON Schema of a scenario.
    Schema(schema::Arguments),
}

pub(crate) fn execute(command: Command, out: &mut impl Write) -> Result<Status, Stop> {
    match command {
        Command::List => list::execute(out),
        Command::Run(arguments) => run::execute(&arguments, out),
        Command::Flow(arguments) => flow::execute(&arguments, out),
        Command::Compare(arguments) => compare::execute(&arguments, out),
        Command::Between(arguments) => between::execute(&arguments, out),
        Command::Probe(arguments) => probe::execute(&arguments, out),
        Command::Explain(arguments) => explain::execute(&arguments, out),
        Command::Factors(arguments) => factors::execute(&arguments, out),
        Command::Outages(arguments) => outages::execute(&arguments, out),
        Command::Sweep(arguments) => sweep::execute(&arguments, out),
        Command::Map(arguments) => map::execute(&arguments, out),
        Command::Lesson(arguments) => lesson::execute(&arguments, out),
        Command::Scorm(arguments) => scorm::execute(&arguments, out),
        Command::Lp(arguments) => lp::execute(&arguments, out),
        Command::Look(arguments) => look::execute(&arguments, out),
        Command::Questions(arguments) => questions::execute(&arguments, out),
        Command::Show(arguments) => show::execute(&arguments, out),
        Command::Certify(arguments) => certify::execute(&arguments, out),
        Command::Embed(arguments) => embed::execute(&arguments, out),
        Command::Export(arguments) => export::execute(&arguments, out),
        Command::Chart(arguments) => chart::execute(&arguments, out),
        Command::Case(arguments) => case::execute(&arguments, out),
        Command::Import(arguments) => import::execute(&arguments, out),
        Command::Paper(arguments) => paper::execute(&arguments, out),
        Command::Schema(arguments) => schema::execute(&arguments, out),
    }
}

/// A value as indented JSON.
fn print_json(value: &impl Serialize, out: &mut impl Write) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::other)?;
    Ok(writeln!(out, "{text}")?)
}

/// A part of a query, with the signs in it that people read.
fn spelled(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*,:".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
