use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use tandem::case::Problem;
use tandem::chart;
use tandem::map;
use tandem::report::Status;
use tandem::report::map::{Asked as Question, Axis};
use tandem::session::Session;

use super::{Asked, print_json};
use crate::Stop;
use crate::print::{print, print_table};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The input along the horizontal axis, e.g. `--x case.branches.2-3.max_p_mw 5 20`.
    #[arg(long, num_args = 3, value_names = ["PATH", "FROM", "TO"], required = true, allow_negative_numbers = true)]
    x: Vec<String>,
    /// The input along the vertical axis.
    #[arg(long, num_args = 3, value_names = ["PATH", "FROM", "TO"], required = true, allow_negative_numbers = true)]
    y: Vec<String>,
    /// The bus whose LMP is shown; without it the one whose LMP moves most.
    #[arg(long, value_name = "ID", default_value = "")]
    bus: String,
    #[arg(long, default_value_t = 1)]
    interval: usize,
    /// Say what holds at one point.
    #[arg(long, num_args = 2, value_names = ["X", "Y"], allow_negative_numbers = true)]
    at: Vec<f64>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// Draw the map into a file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = Session::new(arguments.asked.open()?);
    let asked = Question {
        x: axis("--x", &arguments.x)?,
        y: axis("--y", &arguments.y)?,
        bus: arguments.bus.clone(),
        step: arguments.interval,
    };
    let map = map::map(&session, &asked)?;
    let report = map.report.clone().read();
    if let Some(file) = &arguments.svg {
        let drawing = chart::draw(&report, "map", &chart::View::default());
        let drawing = drawing.map_err(|why| vec![Problem::error("map", why)])?;
        std::fs::write(file, drawing.svg)?;
    }
    if let [x, y] = arguments.at[..] {
        let probe = map.probe((x, y));
        writeln!(out, "{}", probe.sentence)?;
        if !probe.table.rows.is_empty() {
            writeln!(out)?;
            print_table(&report, &probe.table, out)?;
        }
        return Ok(match probe.inside {
            true => Status::Solved,
            false => Status::Infeasible,
        });
    }
    match arguments.json {
        true => print_json(&map.report, out)?,
        false => print(&report, out)?,
    }
    Ok(Status::Solved)
}

fn axis(option: &str, words: &[String]) -> Result<Axis, Vec<Problem>> {
    let number = |k: usize| {
        let text = words.get(k).map_or("", String::as_str);
        let problem = |_| vec![Problem::error(option, format!("`{text}` is no number"))];
        text.parse::<f64>().map_err(problem)
    };
    Ok(Axis {
        field: words.first().cloned().unwrap_or_default(),
        from: number(1)?,
        to: number(2)?,
    })
}
