//! MATPOWER case files (`.m`, format versions 1 and 2).
//!
//! [`read`] takes the matrices and the few statements that published case files hold: scalars,
//! `idx_bus` and its like, and scaling of columns (kW to MW, Ω to per unit). What it does not know
//! it refuses with the line; what it changed and left out it says in the case's `import`.
//! [`write()`] is the way back.
//!
//! Written here because no crate fits: `caseformat` reads a CSV and JSON dialect, not `.m` text, and
//! brings its own wasm-bindgen; `powerio` reads `.m` but comes with many other formats, too much for the
//! module that a browser loads first. Those other formats become `.m` text in the crate `tandem-formats`.

mod angle;
mod convert;
mod cost;
mod dc_lines;
mod expression;
mod islands;
mod merge;
mod program;
mod reader;
mod tally;
mod text;
mod write;

pub use cost::CURVE_BLOCKS;
pub use write::write;

use super::{Case, Problem};

/// Most problems reported of one file.
const MOST_PROBLEMS: usize = 50;

/// Reads a MATPOWER case.
///
/// Buses keep their numbers as ids; generators are `G<bus>`, loads `L<bus>`, branches `<from>-<to>`,
/// with `-2`, `-3` … added from the second at one place on.
///
/// # Errors
/// Every problem found, at `line <n>` of the file; or, when the file can be read but is no usable
/// case, what [`Case::validate`] says.
pub fn read(text: &str) -> Result<Case, Vec<Problem>> {
    let program = program::run(text).map_err(|problem| vec![problem])?;
    let case = convert::case(program).map_err(|mut problems| {
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        problems.truncate(MOST_PROBLEMS);
        if more > 0 {
            problems.push(Problem::error(
                "file",
                format!("There are {more} more problems."),
            ));
        }
        problems
    })?;
    case.checked().map_err(|invalid| invalid.0)
}

/// A problem at a line of the file.
fn at(line: usize, message: impl Into<String>) -> Problem {
    Problem::error(format!("line {line}"), message)
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::angle::*;
    pub use super::cost::*;
    pub use super::expression::*;
    pub use super::text::*;
}
