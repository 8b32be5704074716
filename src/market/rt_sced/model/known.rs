//! What is known of the dispatches of a system: bases of one program, and the limits that are its rows.

use super::standing::Standing;
use crate::opt::parametric::{Atlas, Tally};

/// Bases kept: a basis of a program of 300 columns takes 1 kB.
pub const KEPT: usize = 256;

/// A side of a limit in an interval of the horizon, 0 for the one that binds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Met {
    pub interval: usize,
    pub limit: usize,
    pub upper: bool,
}

/// What is known of the dispatches of a system.
pub struct Known {
    pub atlas: Atlas,
    /// The rows behind balance and ramps, in the order in which they were first met.
    pub met: Vec<Met>,
    pub standing: Standing,
    /// Bases of the programs in which Union Jack bids are the convex functions under them.
    pub under_jacks: Atlas,
}

impl Default for Known {
    fn default() -> Known {
        Known {
            atlas: Atlas::new(KEPT),
            met: Vec::new(),
            standing: Standing::default(),
            under_jacks: Atlas::new(KEPT),
        }
    }
}

impl Known {
    /// What the answers so far came from.
    pub fn tally(&self) -> Tally {
        let tally = self.atlas.tally();
        Tally {
            known: tally.known + self.standing.answered,
            ..tally
        }
    }
}
