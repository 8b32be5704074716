//! The coordination schemes of all five papers on one case: each mechanism clears the same bids for the same needs with its
//! own program, and one yardstick judges what comes out.
//!
//! A balancing case of one hour is what all of them can be asked about: bids for more energy on transmission and on one
//! feeder, and needs on both. What a mechanism takes in other words is written out in [`scenarios`]; what its answer
//! dispatches and who pays is read off its report. [`system`] has the yardstick: the cost at the prices of the bids, the energy
//! over the limits of lines by the flows of the whole network, and the gain of either side against each for itself.

mod known;
mod report;
mod run;
mod scenarios;
mod system;

use crate::case::Case;
use crate::market::Mechanism;
use crate::report::Report;

use run::Ran;
use system::System;

/// Runs every mechanism that applies.
///
/// # Errors
/// Why the case cannot be compared across mechanisms, in a sentence.
pub fn compare(case: &Case, mechanism: &Mechanism) -> Result<Report, String> {
    let system = System::new(case, mechanism)?;
    let all: Vec<Ran> = scenarios::all(case, &system, mechanism)
        .into_iter()
        .map(|asked| run::run(asked, &system))
        .collect();
    report::report(&system, &all)
}
