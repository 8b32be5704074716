use std::io::Write;

use tandem::report::Status;
use tandem::scenario::gallery;

use crate::Stop;

pub(super) fn execute(out: &mut impl Write) -> Result<Status, Stop> {
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
