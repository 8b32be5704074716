//! Which losses of a line a secure dispatch holds, and which split the network.

use crate::case::Case;
use crate::market::rt_sced::params::{self, RtSced};
use crate::network::Network;

/// The outages that are held.
pub struct Security {
    /// ρ.
    pub rating: f64,
    /// Branches whose loss leaves the network in one piece.
    pub outages: Vec<usize>,
    /// Those whose loss splits it, or leaves its flows undetermined: not held.
    pub splits: Vec<usize>,
}

impl Security {
    pub fn new(case: &Case, params: &RtSced, network: &Network) -> Option<Security> {
        (params.security == params::Security::Lines)
            .then(|| Security::of(case, network, params.rating_after_outage))
    }

    /// All outages of a case.
    pub fn of(case: &Case, network: &Network, rating: f64) -> Security {
        let bridges = network.bridges();
        let in_service = case.branches.iter().enumerate();
        let in_service = in_service.filter(|(_, b)| b.in_service).map(|(l, _)| l);
        let (splits, outages) = in_service.partition(|&l| bridges[l]);
        Security {
            rating,
            outages,
            splits,
        }
    }
}
