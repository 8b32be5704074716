//! What the loss of each branch does to the flows on all others.

use super::dc::Network;

/// What the loss of a branch does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After {
    pub branch: usize,
    /// It splits the network, or leaves its flows undetermined.
    pub splits: bool,
    /// The branch that is then loaded most against its rating; `None` where the network is split or no other branch has
    /// one.
    pub worst: Option<Loaded>,
}

/// A branch and its flow in one of several steps, from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loaded {
    pub branch: usize,
    pub flow_mw: f64,
    pub step: usize,
}

impl Network {
    /// What the loss of each branch in service does to flows by step, injections as they are, against ratings by branch
    /// (`None`: not looked at); one solve for each.
    ///
    /// > flow_m + LODF_mk · flow_k
    pub fn after_each(&self, ratings_mw: &[Option<f64>], flows_mw: &[&[f64]]) -> Vec<After> {
        let bridges = self.bridges();
        let in_service = (0..self.branches()).filter(|&k| self.arcs[k].b_mw_per_rad != 0.0);
        let mut after: Vec<After> = in_service
            .map(|branch| After {
                branch,
                splits: bridges[branch],
                worst: None,
            })
            .collect();
        for one in after.iter_mut().filter(|one| !one.splits) {
            let column = self.lodf_column(one.branch);
            one.splits = column.iter().any(|share| share.is_nan());
            let rated = ratings_mw.iter().enumerate();
            let rated = rated.filter_map(|(m, rating)| Some((m, (*rating)?, column[m])));
            one.worst = most_loaded(one.branch, rated, flows_mw);
        }
        after
    }
}

/// The branch that is loaded most against its rating once what is at place `lost` of the flows by step is gone; branches
/// come with their ratings and with the share of it that they take up.
pub fn most_loaded(
    lost: usize,
    rated: impl Iterator<Item = (usize, f64, f64)>,
    flows_mw: &[&[f64]],
) -> Option<Loaded> {
    let (mut most, mut worst) = (f64::NEG_INFINITY, None);
    for (branch, rating, share) in rated.filter(|(m, ..)| *m != lost) {
        for (step, flows) in flows_mw.iter().enumerate() {
            let flow_mw = flows[branch] + share * flows[lost];
            let loading = flow_mw.abs() / rating.max(1e-9);
            if loading > most {
                most = loading;
                worst = Some(Loaded {
                    branch,
                    flow_mw,
                    step,
                });
            }
        }
    }
    worst
}
