//! What is bounded: the flow on a line, as it is or after a loss.

use std::cell::OnceCell;
use std::sync::Arc;

use super::outages::Loss;

/// One limited line: as it is, or after a loss.
pub struct Limit {
    pub branch: usize,
    /// Its name: the id of the line, and of what is lost.
    pub id: String,
    pub max_p_mw: f64,
    pub outage: Option<Outage>,
    /// Names of its rows in a program, the lower side first.
    pub row_names: [Arc<str>; 2],
    pub ptdf: OnceCell<Vec<f64>>,
}

/// What is lost, and what that puts on the limited line, MW for each MW that it carried or gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    pub lost: Loss,
    pub share: f64,
    /// Where what it carried or gave stands among flows: see `System::flows_mw`.
    pub place: usize,
}

impl Limit {
    /// What it bounds of the flows on all branches: see `System::flow_on`.
    pub fn flow_mw(&self, flows_mw: &[f64]) -> f64 {
        match self.outage {
            None => flows_mw[self.branch],
            Some(Outage { share, place, .. }) => {
                // Flows of a part, as of phase shifters alone, come without outputs.
                let gone = flows_mw.get(place).copied().unwrap_or_default();
                flows_mw[self.branch] + share * gone
            }
        }
    }

    /// What one MW of generator `g` puts on it beside what its bus does: its loss takes that away again.
    pub fn share_of(&self, g: usize) -> f64 {
        match self.outage {
            Some(Outage { lost, share, .. }) if lost == Loss::Unit(g) => share,
            _ => 0.0,
        }
    }

    /// This limit after the loss of something, MW.
    pub fn after(&self, outage: Outage, lost: &str, max_p_mw: f64) -> Limit {
        let id = &self.id;
        let named = lost.replace(' ', "_");
        let rows = ["min", "max"].map(|side| format!("flow_{id}_after_{named}_{side}").into());
        Limit {
            branch: self.branch,
            id: format!("{id} after the loss of {lost}"),
            max_p_mw,
            outage: Some(outage),
            row_names: rows,
            ptdf: OnceCell::new(),
        }
    }
}
