//! Questions for a course, as a file for its learning platform.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tandem::case::Problem;
use tandem::questions::{self, Ask, Bank};
use tandem::report::Status;
use tandem::session::Session;

use super::Asked;
use crate::{Stop, watched};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    #[arg(long, value_enum, default_value_t = Format::Moodle)]
    format: Format,
    /// How many; fewer where the scenario has no more that differ.
    #[arg(long, default_value_t = 20)]
    count: usize,
    /// Another seed, another bank; the same seed, the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Answers by a number, by a choice where there are three wrong ones, or now this, now that.
    #[arg(long, value_enum, default_value_t = Style::Mixed)]
    style: Style,
    /// Address of Tandem's page, for links in the questions.
    #[arg(long, value_name = "URL", default_value = "")]
    page: String,
    /// Where to write; a QTI package needs it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Moodle XML.
    Moodle,
    /// IMS QTI 2.1, a zip package.
    Qti,
    /// GIFT, plain text.
    Gift,
}

#[derive(Clone, Copy, ValueEnum)]
enum Style {
    Mixed,
    Number,
    Choice,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let format = match arguments.format {
        Format::Moodle => questions::Format::Moodle,
        Format::Qti => questions::Format::Qti,
        Format::Gift => questions::Format::Gift,
    };
    if arguments.out.is_none() && format == questions::Format::Qti {
        let why = "A QTI package is a zip file. Say where it goes, e.g. --out questions.zip.";
        return Err(Stop::Input(vec![Problem::error("--out", why)]));
    }
    let ask = Ask {
        count: arguments.count,
        seed: arguments.seed,
        style: match arguments.style {
            Style::Mixed => questions::Style::Mixed,
            Style::Number => questions::Style::Number,
            Style::Choice => questions::Style::Choice,
        },
        page: arguments.page.clone(),
    };
    let mut session = Session::new(arguments.asked.open()?);
    let made = |session: &mut Session| questions::bank(session.document(), &ask);
    let bank: Bank = watched(&mut session, made)?;
    let (_, bytes) = bank.packed(format);
    match &arguments.out {
        Some(path) => std::fs::write(path, bytes)?,
        None => out.write_all(&bytes)?,
    }
    eprintln!("{}", bank.said());
    Ok(Status::Solved)
}
