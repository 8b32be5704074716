//! Which losses a secure dispatch holds, and what each puts on every line with a limit.

use std::cell::OnceCell;

use crate::case::Case;
use crate::market::rt_sced::params::{self, RtSced};
use crate::network::Network;

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A branch, by index.
    Line(usize),
}

/// Shares that are kept, at most: 64 MB. Where there are more they are worked out each time they are looked at.
const KEPT: usize = 8_000_000;

/// The losses that are held.
pub struct Security {
    /// ρ.
    pub rating: f64,
    /// Of the branches whose loss leaves the network in one piece.
    pub losses: Vec<Loss>,
    /// Branches whose loss splits it, or leaves its flows undetermined: not held.
    pub splits: Vec<usize>,
    /// Branches with a limit.
    rated: Vec<usize>,
    /// What each loss puts on each of these, MW for each MW that is lost, loss by loss.
    shares: OnceCell<Option<Vec<f64>>>,
}

impl Security {
    pub fn new(case: &Case, params: &RtSced, network: &Network) -> Option<Security> {
        (params.security == params::Security::Lines)
            .then(|| Security::of(case, network, params.rating_after_outage))
    }

    /// All losses of a case.
    pub fn of(case: &Case, network: &Network, rating: f64) -> Security {
        let bridges = network.bridges();
        let in_service = case.branches.iter().enumerate();
        let in_service = in_service.filter(|(_, b)| b.in_service);
        let rated = in_service.clone().filter(|(_, b)| b.max_p_mw.is_some());
        let rated = rated.map(|(l, _)| l).collect();
        let in_service = in_service.map(|(l, _)| l);
        let (splits, held): (Vec<usize>, Vec<usize>) = in_service.partition(|&l| bridges[l]);
        Security {
            rating,
            losses: held.into_iter().map(Loss::Line).collect(),
            splits,
            rated,
            shares: OnceCell::new(),
        }
    }

    /// What a loss puts on each branch with a limit, in the order of the case, MW for each MW that is lost.
    fn put(&self, network: &Network, loss: Loss, shares: &mut Vec<f64>) {
        let Loss::Line(branch) = loss;
        let column = network.lodf_column(branch);
        shares.extend(self.rated.iter().map(|&l| column[l]));
    }

    /// Shows every loss with what it puts on each branch with a limit.
    pub fn each(&self, network: &Network, mut see: impl FnMut(Loss, &[f64])) {
        let width = self.rated.len();
        let kept = self.shares.get_or_init(|| {
            let count = self.losses.len() * width;
            (count <= KEPT).then(|| {
                let mut shares = Vec::with_capacity(count);
                for &loss in &self.losses {
                    self.put(network, loss, &mut shares);
                }
                shares
            })
        });
        let mut own = Vec::new();
        for (n, &loss) in self.losses.iter().enumerate() {
            match kept {
                Some(kept) => see(loss, &kept[n * width..(n + 1) * width]),
                None => {
                    own.clear();
                    self.put(network, loss, &mut own);
                    see(loss, &own);
                }
            }
        }
    }
}
