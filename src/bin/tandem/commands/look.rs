use std::io::Write;

use clap::Args;
use tandem::report::Status;
use tandem::scenario::look::{look_as, ways};

use super::{Asked, print_json};
use crate::Stop;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The way to look at it, by its id; without it the ways are listed.
    #[arg(long = "as", value_name = "ID")]
    way: Option<String>,
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let document = arguments.asked.open()?;
    if let Some(way) = &arguments.way {
        print_json(&look_as(&document, way)?, out)?;
        return Ok(Status::Solved);
    }
    for way in ways(&document) {
        writeln!(out, "{:12} {}", way.id, way.name)?;
        let lacks = Some(way.lacks).filter(|lacks| !lacks.is_empty());
        for sentence in way.adds.into_iter().chain(lacks) {
            writeln!(out, "             {sentence}")?;
        }
    }
    Ok(Status::Solved)
}
