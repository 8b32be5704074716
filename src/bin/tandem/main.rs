//! The same scenarios from a terminal.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::Parser;
use tandem::case::Problem;
use tandem::case::text::{nearest, visible_line};
use tandem::report::Status;
use tandem::scenario::{Document, gallery, link, set};
use tandem::session::Session;

mod commands;
mod export;
mod folder;
mod formats;
mod print;
mod spaces;

use commands::{Asked, Command};

/// Electricity-market coordination between transmission and distribution.
///
/// Reads scenarios and cases (JSON), MATPOWER case files (.m), networks of pandapower and PowerModels (JSON), PSS/E files
/// (RAW, RAWX), CIM models (CGMES), folders of CSV files, PyPSA's among them, and ZIP archives of these.
///
/// Exit codes: 0 solved, 1 infeasible, 2 bad input, 3 a certificate that does not hold.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Why the program ends without an answer.
pub(crate) enum Stop {
    Input(Vec<Problem>),
    Output(std::io::Error),
    /// A certificate that does not hold; what of it is said.
    Unlike,
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
    let done = commands::execute(Arguments::parse().command, &mut out);
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
        Err(Stop::Unlike) => ExitCode::from(3),
        Err(Stop::Input(problems)) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            ExitCode::from(2)
        }
    }
}

/// A session of a scenario with its changes, solved.
fn solved(asked: &Asked) -> Result<Session, Vec<Problem>> {
    let mut session = Session::new(asked.open()?);
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
        formats::file("standard input", bytes)?
    } else if Path::new(name).is_dir() {
        formats::folder(Path::new(name))?
    } else if Path::new(name).exists() {
        let bytes = std::fs::read(name).map_err(|e| vec![Problem::error(name, e.to_string())])?;
        formats::file(name, bytes)?
    } else if ["p=", "z=", "p%", "z%"]
        .iter()
        .any(|key| name.contains(key))
        || name.starts_with(['#', '?'])
        || name.starts_with("http")
    {
        link::decode(name)?
    } else {
        let file = name.contains(['/', '\\', '.']);
        let message = match nearest(name, gallery::ids()) {
            _ if file => "There is no such file or folder. Check its name and folder.".to_string(),
            Some(near) => format!(
                "There is no such preset, file or folder. Did you mean {near}? `tandem list` names the presets."
            ),
            None => "There is no such preset, file or folder. `tandem list` names the presets."
                .to_string(),
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
