//! Who sees what, and in which order: five ways to cover the feeder's imbalance and the TSO's own
//! need with the same bids, everyone at cost.
//!
//! | scheme | who clears what |
//! |---|---|
//! | TSO only | the TSO's bids alone |
//! | unfiltered | the DSO its imbalance, then the TSO its need with all that is left |
//! | sequential | the same, with what is left cut to a safe box |
//! | common | both needs and all bids in one market with the feeder's limits |
//! | residual supply function | common, the feeder standing in the market as a function |

use super::clear::{Bids, Cleared, clear, merit_order};
use super::forwarding::Forwarded;
use super::system::{Hour, System};
use crate::market::Failure;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    TsoOnly,
    Unfiltered,
    Sequential,
    Common,
}

impl Scheme {
    pub const ALL: [Scheme; 4] = [
        Scheme::TsoOnly,
        Scheme::Unfiltered,
        Scheme::Sequential,
        Scheme::Common,
    ];

    /// As in ids of series.
    pub fn id(self) -> &'static str {
        match self {
            Scheme::TsoOnly => "tso_only",
            Scheme::Unfiltered => "unfiltered",
            Scheme::Sequential => "sequential",
            Scheme::Common => "common",
        }
    }

    /// In a word, for charts, and in full.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Scheme::TsoOnly => ("TSO only", "TSO only"),
            Scheme::Unfiltered => ("unfiltered", "DSO first, the rest unfiltered"),
            Scheme::Sequential => ("filtered", "DSO first, the rest filtered"),
            Scheme::Common => ("common", "common market"),
        }
    }
}

/// What a scheme does in one period, $ and MW per hour.
#[derive(Clone, Debug)]
pub struct Covered {
    pub cost: f64,
    pub payment: f64,
    pub overload_mw: f64,
    /// Of resources, both stages.
    pub net_mw: Vec<f64>,
}

/// The TSO's need of a period with what is left of the resources and its own bids.
pub fn tso_stage(hour: &Hour, bids: &Bids, left: (&[f64], &[f64])) -> (Hour, Cleared) {
    let market = Hour {
        imbalance_mw: hour.tso_need_mw,
        max_up_mw: left.0.to_vec(),
        max_down_mw: left.1.to_vec(),
        ..hour.unlimited()
    };
    // What nobody needs stays where it is.
    let cleared = merit_order(&market, bids);
    (market, cleared)
}

/// Paid at prices, $ per hour.
fn paid(hour: &Hour, cleared: &Cleared) -> f64 {
    let net = cleared.net_mw();
    let resources: f64 = net.iter().zip(&cleared.dlmp).map(|(a, p)| a * p).sum();
    resources + hour.tso_up * cleared.tso_up_mw - hour.tso_down * cleared.tso_down_mw
}

/// One scheme in period `t`, after a market of the DSO in which everyone bids at cost and its second stage.
///
/// # Errors
/// A sentence when a program fails.
pub fn cover(
    system: &System,
    t: usize,
    scheme: Scheme,
    (first, forwarded): (&Cleared, &Forwarded),
) -> Result<Covered, Failure> {
    let hour = &system.hours[t];
    let bids = Bids::truthful(hour);
    let two = |first: &Cleared, left: (&[f64], &[f64])| {
        let (market, second) = tso_stage(hour, &bids, left);
        let both = first.net_mw().into_iter().zip(second.net_mw());
        let net_mw: Vec<f64> = both.map(|(a, b)| a + b).collect();
        Covered {
            cost: first.cost(hour) + second.cost(&market),
            payment: paid(hour, first) + paid(&market, &second),
            overload_mw: hour.overload_mw(&net_mw),
            net_mw,
        }
    };
    Ok(match scheme {
        Scheme::TsoOnly => {
            let none = vec![0.0; bids.up.len()];
            let idle = Hour {
                max_up_mw: none.clone(),
                max_down_mw: none.clone(),
                ..hour.unlimited()
            };
            two(&merit_order(&idle, &bids), (&none, &none))
        }
        Scheme::Unfiltered => two(first, (&forwarded.left_up_mw, &forwarded.left_down_mw)),
        Scheme::Sequential => two(first, (&forwarded.up_mw, &forwarded.down_mw)),
        Scheme::Common => {
            let both = Hour {
                imbalance_mw: hour.imbalance_mw + hour.tso_need_mw,
                ..hour.clone()
            };
            let cleared = clear(&both, &bids)?;
            let net_mw = cleared.net_mw();
            Covered {
                cost: cleared.cost(&both),
                payment: paid(&both, &cleared),
                overload_mw: hour.overload_mw(&net_mw),
                net_mw,
            }
        }
    })
}
