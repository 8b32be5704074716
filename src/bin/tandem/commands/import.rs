use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use tandem::report::Status;
use tandem::scenario::import_series;

use crate::{Stop, folder, open};

#[derive(Args)]
pub(crate) struct Arguments {
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
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let Arguments {
        file,
        into,
        community,
        offset,
        set,
    } = arguments;
    let text = folder::text(file)?;
    let scenario = open(into, set)?;
    let (scenario, import) = import_series(&scenario, &text, community, offset)?;
    eprintln!("{import}");
    let text = serde_json::to_string(&scenario).map_err(std::io::Error::other)?;
    writeln!(out, "{text}")?;
    Ok(Status::Solved)
}
