use std::io::Write;

use tandem::report::Status;
use tandem::scenario::Scenario;

use super::print_json;
use crate::Stop;

pub(super) fn execute(out: &mut impl Write) -> Result<Status, Stop> {
    print_json(&schemars::schema_for!(Scenario), out)?;
    Ok(Status::Solved)
}
