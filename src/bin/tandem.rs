//! The same scenarios from a terminal.

use std::io::{Read, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tandem::case::Problem;
use tandem::report::{Cell, Level, Report, Status, half_up};
use tandem::scenario::{Scenario, gallery, link, path};
use tandem::{chart, run, sweep};

/// Electricity-market coordination between transmission and distribution.
///
/// Exit codes: 0 solved, 1 infeasible, 2 bad input.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the presets.
    List,
    /// Solve a preset, a scenario or case file (JSON or MATPOWER), a link, or `-` for standard input.
    Run {
        scenario: String,
        /// Change a field, e.g. --set case.branches.2-3.max_p_mw=10.5
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
        /// Print the whole report as JSON.
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// Print the table by interval as CSV.
        #[arg(long)]
        csv: bool,
    },
    /// Run a scenario over a range of one field and print its summary numbers as CSV.
    Sweep {
        scenario: String,
        #[arg(long, value_name = "PATH")]
        path: String,
        #[arg(long, allow_negative_numbers = true)]
        from: f64,
        #[arg(long, allow_negative_numbers = true)]
        to: f64,
        #[arg(long, default_value_t = 21)]
        points: usize,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
    },
    /// Print the linear program of one interval as an LP file with named rows.
    Lp {
        scenario: String,
        #[arg(long, default_value_t = 1)]
        interval: usize,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
    },
    /// Print a scenario as JSON, to be edited and run from a file.
    Show {
        scenario: String,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
        /// Print the link of the page instead.
        #[arg(long)]
        link: bool,
    },
    /// Draw a chart of a scenario as SVG.
    Chart {
        scenario: String,
        chart: String,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
    },
    /// Print the JSON Schema of a scenario.
    Schema,
}

/// Why the program ends without an answer.
enum Stop {
    Input(Vec<Problem>),
    Output(std::io::Error),
}

impl From<Vec<Problem>> for Stop {
    fn from(problems: Vec<Problem>) -> Stop {
        Stop::Input(problems)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Stop {
        Stop::Output(error)
    }
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    match execute(Arguments::parse().command, &mut out) {
        Ok(Status::Solved) => ExitCode::SUCCESS,
        Ok(Status::Infeasible) => ExitCode::from(1),
        // A closed pipe (`tandem list | head`) is the reader's choice.
        Err(Stop::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Stop::Output(error)) => {
            eprintln!("tandem: {error}");
            ExitCode::from(2)
        }
        Err(Stop::Input(problems)) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::from(2)
        }
    }
}

fn execute(command: Command, out: &mut impl Write) -> Result<Status, Stop> {
    match command {
        Command::List => {
            let entries = gallery::entries()?;
            let width = entries.iter().map(|e| e.id.len()).max().unwrap_or(0);
            let mut group = "";
            for entry in &entries {
                if entry.group != group {
                    group = &entry.group;
                    writeln!(out, "{group}")?;
                }
                writeln!(out, "  {:width$}  {}", entry.id, entry.question)?;
            }
            Ok(Status::Solved)
        }
        Command::Run {
            scenario,
            set,
            json,
            csv,
        } => {
            let report = run::run(&open(&scenario, &set)?)?;
            if json {
                let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::other)?;
                writeln!(out, "{text}")?;
            } else if csv {
                print_csv(&report, out)?;
            } else {
                print(&report, out)?;
            }
            Ok(report.status)
        }
        Command::Sweep {
            scenario,
            path,
            from,
            to,
            points,
            set,
        } => {
            if !(2..=10_000).contains(&points) || !from.is_finite() || !to.is_finite() {
                return Err(vec![Problem::error(
                    "sweep",
                    "choose finite ends and 2 to 10000 points",
                )]
                .into());
            }
            let scenario = open(&scenario, &set)?;
            let mut first = None;
            let swept: Vec<sweep::Point> = sweep::values(from, to, points)
                .into_iter()
                .map(|value| {
                    let summary = sweep::point(&scenario, &path, value)
                        .map_err(|why| first.get_or_insert(why).clone())
                        .ok();
                    sweep::Point { value, summary }
                })
                .collect();
            if swept.iter().all(|p| p.summary.is_none()) {
                return Err(first.unwrap_or_default().into());
            }
            let report = sweep::report(&scenario, &path, &swept);
            let names: Vec<String> = report
                .series
                .iter()
                .map(|s| format!("{} ({})", s.id, s.unit))
                .collect();
            writeln!(out, "{path},{}", names.join(","))?;
            for (k, point) in swept.iter().enumerate() {
                let cells: Vec<String> =
                    report.series.iter().map(|s| number(s.values[k])).collect();
                writeln!(out, "{},{}", point.value, cells.join(","))?;
            }
            Ok(Status::Solved)
        }
        Command::Lp {
            scenario,
            interval,
            set,
        } => {
            write!(out, "{}", run::lp_file(&open(&scenario, &set)?, interval)?)?;
            Ok(Status::Solved)
        }
        Command::Show {
            scenario,
            set,
            link,
        } => {
            let scenario = open(&scenario, &set)?;
            if link {
                writeln!(out, "#{}", link::encode(&scenario).fragment)?;
            } else {
                let text =
                    serde_json::to_string_pretty(&scenario).map_err(std::io::Error::other)?;
                writeln!(out, "{text}")?;
            }
            Ok(Status::Solved)
        }
        Command::Chart {
            scenario,
            chart,
            set,
        } => {
            let report = run::run(&open(&scenario, &set)?)?;
            let drawing = chart::draw(&report, &chart, &chart::View::default())
                .map_err(|why| vec![Problem::error("chart", why)])?;
            writeln!(out, "{}", drawing.svg)?;
            Ok(report.status)
        }
        Command::Schema => {
            let schema = schemars::schema_for!(Scenario);
            let text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::other)?;
            writeln!(out, "{text}")?;
            Ok(Status::Solved)
        }
    }
}

/// Opens a preset, a link, a file or standard input, and applies the changes.
fn open(name: &str, changes: &[String]) -> Result<Scenario, Vec<Problem>> {
    let scenario = if gallery::ids().any(|id| id == name) {
        Scenario::clone(&*gallery::scenario(name)?)
    } else if name == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|e| vec![Problem::error("standard input", e.to_string())])?;
        Scenario::open(&text)?
    } else if name.contains("p=") || name.contains("z=") {
        Scenario::open(name)?
    } else if std::path::Path::new(name).exists() {
        let text =
            std::fs::read_to_string(name).map_err(|e| vec![Problem::error(name, e.to_string())])?;
        Scenario::open(&text)?
    } else {
        let list: Vec<&str> = gallery::ids().collect();
        let message = format!(
            "neither a preset nor a file; the presets are: {}",
            list.join(", ")
        );
        return Err(vec![Problem::error(name, message)]);
    };
    if changes.is_empty() {
        return Ok(scenario);
    }
    let mut value = scenario.to_value();
    for change in changes {
        let (field, text) = change
            .split_once('=')
            .ok_or_else(|| vec![Problem::error(change, "not of the form PATH=VALUE")])?;
        path::set(&mut value, field, text).map_err(|p| vec![p])?;
    }
    Scenario::from_value(value)
}

fn number(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        String::new()
    }
}

/// A number for reading: four decimals at most.
fn short(value: f64) -> String {
    half_up(value, 4).to_string()
}

fn cell(report: &Report, cell: &Cell, write: fn(f64) -> String) -> String {
    match cell {
        Cell::Number(value) => write(*value),
        Cell::Text(text) => text.clone(),
        Cell::At { series } => report
            .series(series)
            .and_then(|s| s.values.last())
            .map_or(String::new(), |v| write(*v)),
        Cell::Empty => String::new(),
    }
}

fn print(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}\n{}\n", report.title, report.headline)?;
    for table in report.tables.iter().take(if report.published.is_empty() {
        usize::MAX
    } else {
        1
    }) {
        writeln!(out, "{}", table.title)?;
        let header = table.columns.iter().map(|c| match c.unit.as_str() {
            "" | "1" => c.name.clone(),
            unit => format!("{}, {unit}", c.name),
        });
        let mut rows = vec![header.collect::<Vec<_>>()];
        rows.extend(
            table
                .rows
                .iter()
                .map(|row| row.iter().map(|c| cell(report, c, short)).collect()),
        );
        columns(&rows, out)?;
        writeln!(out)?;
    }
    if !report.published.is_empty() {
        writeln!(out, "Printed beside ours")?;
        let header = [
            "item",
            "unit",
            "printed",
            "ours",
            "difference",
            "",
            "source",
        ];
        let mut rows = vec![header.map(String::from).to_vec()];
        rows.extend(report.published.iter().map(|p| {
            let optional = |v: Option<f64>| v.map_or("-".into(), short);
            let note = if p.note.is_empty() {
                String::new()
            } else {
                format!(" ({})", p.note)
            };
            vec![
                p.item.clone(),
                p.unit.clone(),
                format!("{:.*}", usize::from(p.digits), p.printed),
                optional(p.ours),
                optional(p.difference),
                if p.agrees { "agrees" } else { "differs" }.into(),
                format!("{}{note}", p.source),
            ]
        }));
        columns(&rows, out)?;
        let agree = report.published.iter().filter(|p| p.agrees).count();
        writeln!(
            out,
            "{agree} of {} agree when rounded half up as printed.\n",
            report.published.len()
        )?;
    }
    for quantity in &report.summary {
        let value = quantity.value.map_or("-".into(), short);
        let unit = if quantity.unit == "1" {
            ""
        } else {
            &quantity.unit
        };
        writeln!(out, "{}: {value} {unit}", quantity.name)?;
    }
    let certified = report.certificates.iter().filter(|c| c.certified).count();
    let worst = report
        .certificates
        .iter()
        .map(|c| c.gap.abs())
        .fold(0.0, f64::max);
    writeln!(
        out,
        "certified: {certified} of {} solves, largest gap {worst:.1e}",
        report.certificates.len()
    )?;
    for message in &report.messages {
        let level = match message.level {
            Level::Info => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let field = message
            .field
            .as_ref()
            .map_or(String::new(), |f| format!(" {f}:"));
        writeln!(out, "{level}:{field} {}", message.text)?;
        for cure in &message.cures {
            writeln!(
                out,
                "  would help: {} (--set {}={})",
                cure.label, cure.path, cure.value
            )?;
        }
    }
    Ok(())
}

/// Writes rows with their columns aligned: text left, numbers right.
fn columns(rows: &[Vec<String>], out: &mut impl Write) -> std::io::Result<()> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |k: usize| {
        rows.iter()
            .filter_map(|r| r.get(k))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let numeric = |k: usize| {
        rows.iter()
            .skip(1)
            .filter_map(|r| r.get(k))
            .all(|c| c.is_empty() || c == "-" || c.parse::<f64>().is_ok())
    };
    let widths: Vec<(usize, bool)> = (0..count).map(|k| (width(k), numeric(k))).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(text, &(width, right))| {
            if right {
                format!("{text:>width$}")
            } else {
                format!("{text:<width$}")
            }
        });
        writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn print_csv(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    let Some(table) = report.tables.first() else {
        return Ok(());
    };
    let quoted = |text: String| match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    };
    let header = table.columns.iter().map(|c| {
        quoted(if c.unit.is_empty() {
            c.name.clone()
        } else {
            format!("{} ({})", c.name, c.unit)
        })
    });
    writeln!(out, "{}", header.collect::<Vec<_>>().join(","))?;
    for row in &table.rows {
        let cells = row.iter().map(|c| quoted(cell(report, c, number)));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join(","))?;
    }
    Ok(())
}
