use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::scenario::look::{look_as, ways};

use super::{Asked, print_json};
use crate::Stop;

/// Parts of a grid that are listed, those that take the most.
const MOST_PARTS: usize = 40;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The way to look at it, by its id; without it the ways are listed.
    #[arg(long = "as", value_name = "ID")]
    way: Option<String>,
    /// With `--as split`: the branch that a radial part hangs on which becomes a feeder; once for each part. Without it
    /// what is proposed.
    #[arg(long = "part", value_name = "BRANCH")]
    parts: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let document = arguments.asked.open()?;
    if let Some(way) = &arguments.way {
        print_json(&look_as(&document, way, &arguments.parts)?, out)?;
        return Ok(Status::Solved);
    }
    for way in ways(&document) {
        writeln!(out, "{:12} {}", way.id, way.name)?;
        let lacks = Some(way.lacks).filter(|lacks| !lacks.is_empty());
        for sentence in way.adds.into_iter().chain(lacks) {
            writeln!(out, "             {sentence}")?;
        }
        for part in way.parts.iter().take(MOST_PARTS) {
            let mark = if part.proposed { "[x]" } else { "[ ]" };
            writeln!(out, "             {mark} --part {}: {}", part.id, part.text)?;
        }
        if let more @ 1.. = way.parts.len().saturating_sub(MOST_PARTS) {
            writeln!(out, "             and {more} parts that take less")?;
        }
    }
    Ok(Status::Solved)
}
