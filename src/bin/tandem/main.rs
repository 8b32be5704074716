//! The same scenarios from a terminal.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use tandem::case::Problem;
use tandem::case::text::{csv_field, nearest, visible_line};
use tandem::report::Status;
use tandem::scenario::{Document, gallery, import_series, link, set};
use tandem::session::Session;
use tandem::{chart, sweep};

mod folder;
mod print;

use print::{number, print, print_csv, print_table};

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
    /// Solve a preset, a scenario or case file (JSON or MATPOWER), a folder of CSV files, a link, or `-`
    /// for standard input.
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
        /// Print this table of the report (repeatable), e.g. edges, pieces, bid, promises, critical.
        #[arg(long, value_name = "ID", conflicts_with_all = ["json", "csv"])]
        table: Vec<String>,
    },
    /// Run every method on the same case and print them side by side.
    Compare {
        scenario: String,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
        /// Print the whole report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask about a point of a chart with a plane, e.g. `probe zuo-4node-exact 4 8`: cost and split there.
    Probe {
        scenario: String,
        #[arg(allow_negative_numbers = true)]
        x: f64,
        #[arg(allow_negative_numbers = true)]
        y: f64,
        #[arg(long, default_value = "region")]
        chart: String,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
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
    /// Print the case of a scenario, or a built-in case by its id, as JSON.
    Case {
        case: String,
        /// Write it into this folder as CSV files instead.
        #[arg(long, value_name = "DIR")]
        csv: Option<PathBuf>,
    },
    /// Put the series of a CSV file (time, load_kw, pv_kw, price_usd_per_kwh, …) into a community market
    /// and print the scenario, to be run from a file or through `tandem run -`.
    Import {
        file: PathBuf,
        #[arg(long, default_value = "theisen-week")]
        into: String,
        /// The community whose load and PV they are; the first where not given.
        #[arg(long, default_value = "")]
        community: String,
        /// Offset from UTC of times that state none, e.g. +01:00.
        #[arg(long, default_value = "", allow_hyphen_values = true)]
        offset: String,
        #[arg(long, value_name = "PATH=VALUE")]
        set: Vec<String>,
    },
    /// Print the JSON Schema of a scenario.
    Schema {
        /// Print that of everything the page gets instead: scripts/types.js makes its types from it.
        #[arg(long)]
        page: bool,
    },
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
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let done = execute(Arguments::parse().command, &mut out);
    match done.and_then(|status| Ok(out.flush().map(|()| status)?)) {
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
            table,
        } => {
            let report = solved(&scenario, &set)?.report()?;
            if !table.is_empty() {
                for id in &table {
                    let known = report.tables.iter().find(|t| t.id == *id);
                    let known = known.ok_or_else(|| {
                        let ids: Vec<&str> = report.tables.iter().map(|t| t.id.as_str()).collect();
                        let message = format!("no table `{id}`; there are: {}", ids.join(", "));
                        vec![Problem::error("table", message)]
                    })?;
                    print_table(&report, known, out)?;
                }
            } else if json {
                let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::other)?;
                writeln!(out, "{text}")?;
            } else if csv {
                print_csv(&report, out)?;
            } else {
                print(&report, out)?;
            }
            Ok(report.status)
        }
        Command::Compare {
            scenario,
            set,
            json,
        } => {
            let mut session = Session::new(open(&scenario, &set)?);
            let report = watched(&mut session, Session::compare)?;
            if json {
                let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::other)?;
                writeln!(out, "{text}")?;
            } else {
                print(&report, out)?;
            }
            Ok(report.status)
        }
        Command::Probe {
            scenario,
            x,
            y,
            chart,
            set,
        } => {
            let session = solved(&scenario, &set)?;
            let report = session.report()?;
            let key = report.chart(&chart).and_then(|c| c.probe.clone());
            let key = key.ok_or_else(|| {
                let message = format!("chart `{chart}` is no plane to ask about");
                vec![Problem::error("chart", message)]
            })?;
            let probe = session.probe(&key, x, y)?;
            writeln!(out, "{}\n", probe.sentence)?;
            if !probe.table.rows.is_empty() {
                print_table(&report, &probe.table, out)?;
            }
            Ok(match probe.inside {
                true => Status::Solved,
                false => Status::Infeasible,
            })
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
            let document = open(&scenario, &set)?;
            let mut session = Session::new(document.clone());
            let mut first = None;
            let values = sweep::values(from, to, points);
            let swept: Vec<sweep::Point> = watched(&mut session, |session| {
                let mut point = |value| {
                    let summary = sweep::point(session, &document, &path, value)
                        .map_err(|why| first.get_or_insert(why).clone())
                        .ok();
                    sweep::Point { value, summary }
                };
                values.into_iter().map(&mut point).collect()
            });
            if swept.iter().all(|p| p.summary.is_none()) {
                return Err(first.unwrap_or_default().into());
            }
            let report = sweep::report(&session, &path, &swept);
            let names: Vec<String> = report
                .series
                .iter()
                .map(|s| csv_field(&format!("{} ({})", s.id, s.unit)))
                .collect();
            writeln!(out, "{},{}", csv_field(&path), names.join(","))?;
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
            let session = Session::new(open(&scenario, &set)?);
            write!(out, "{}", session.lp_file(interval)?)?;
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
            let report = solved(&scenario, &set)?.report()?;
            let drawing = chart::draw(&report, &chart, &chart::View::default())
                .map_err(|why| vec![Problem::error("chart", why)])?;
            writeln!(out, "{}", drawing.svg)?;
            Ok(report.status)
        }
        Command::Import {
            file,
            into,
            community,
            offset,
            set,
        } => {
            let text = folder::text(&file)?;
            let scenario = open(&into, &set)?;
            let (scenario, import) = import_series(&scenario, &text, &community, &offset)?;
            eprintln!("{import}");
            let text = serde_json::to_string(&scenario).map_err(std::io::Error::other)?;
            writeln!(out, "{text}")?;
            Ok(Status::Solved)
        }
        Command::Case { case, csv } => {
            let case = folder::case(&case, |name| Ok(open(name, &[])?.into_scenario()))?;
            match csv {
                Some(csv) => folder::write(&case, &csv)?,
                None => writeln!(out, "{}", case.to_json())?,
            }
            Ok(Status::Solved)
        }
        Command::Schema { page } => {
            let schema = match page {
                true => tandem::schema::page(),
                false => tandem::schema::schema().to_value(),
            };
            let text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::other)?;
            writeln!(out, "{text}")?;
            Ok(Status::Solved)
        }
    }
}

/// A session of a scenario with its changes, solved.
fn solved(name: &str, changes: &[String]) -> Result<Session, Vec<Problem>> {
    let mut session = Session::new(open(name, changes)?);
    watched(&mut session, Session::solve)?;
    Ok(session)
}

/// Time after which, and again after which, long work gives a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Does the work, and says on standard error that it goes on and what it is about.
fn watched<T>(session: &mut Session, work: impl FnOnce(&mut Session) -> T) -> T {
    let what = session.pieces().map_or(String::new(), |pieces| {
        format!(" with {} {}", pieces.count, pieces.name)
    });
    let title = visible_line(&session.scenario().title).into_owned();
    let (done, over) = mpsc::channel::<()>();
    let start = Instant::now();
    let signs = std::thread::spawn(move || {
        while over.recv_timeout(SIGN_OF_LIFE) == Err(mpsc::RecvTimeoutError::Timeout) {
            let seconds = start.elapsed().as_secs();
            eprintln!("solving \"{title}\"{what}: {seconds} s so far");
        }
    });
    let result = work(session);
    drop(done);
    // It only writes lines: nothing is lost if that failed.
    let _ = signs.join();
    result
}

/// Opens a preset, a link, a file or standard input, applies the changes, and checks what they give; says what an
/// import did.
fn open(name: &str, changes: &[String]) -> Result<Document, Vec<Problem>> {
    let document = if gallery::ids().any(|id| id == name) {
        gallery::document(name)?
    } else if name == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|e| vec![Problem::error("standard input", e.to_string())])?;
        Document::read_file(&bytes)?
    } else if Path::new(name).is_dir() {
        Document::open_folder(&folder::files(Path::new(name))?)?
    } else if Path::new(name).exists() {
        let bytes = std::fs::read(name).map_err(|e| vec![Problem::error(name, e.to_string())])?;
        Document::read_file(&bytes)?
    } else if ["p=", "z=", "p%", "z%"]
        .iter()
        .any(|key| name.contains(key))
        || name.starts_with(['#', '?'])
        || name.starts_with("http")
    {
        link::decode(name)?
    } else {
        let list: Vec<&str> = gallery::ids().collect();
        let file = name.contains(['/', '\\', '.']);
        let message = match nearest(name, gallery::ids()) {
            _ if file => "There is no such file or folder. Check its name and folder.".to_string(),
            Some(near) => format!(
                "There is no such preset, file or folder. Did you mean {near}? `tandem list` names the presets."
            ),
            None => format!(
                "There is no such preset, file or folder. The presets are: {}.",
                list.join(", ")
            ),
        };
        return Err(vec![Problem::error(name, message)]);
    };
    if let Some(import) = &document.scenario.case.import {
        eprintln!("{import}");
    }
    if changes.is_empty() {
        return document.checked();
    }
    let mut value = document.to_value();
    for change in changes {
        let (field, text) = change
            .split_once('=')
            .ok_or_else(|| vec![Problem::error(change, "not of the form PATH=VALUE")])?;
        set(&mut value, field, text).map_err(|p| vec![p])?;
    }
    Document::from_value(value)
}
