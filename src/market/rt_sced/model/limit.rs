//! What is bounded: the flow on a line, as it is or after a loss.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::outages::Loss;

/// One limited line: as it is, after a loss, or after a loss and what can be done about it.
pub struct Limit {
    pub branch: usize,
    /// Its name: the id of the line, and of what is lost.
    pub id: String,
    pub max_p_mw: f64,
    pub outage: Option<Outage>,
    /// Where units move after the loss: what the best of their moves leaves. It has an upper side alone.
    pub cut: Option<Rc<Cut>>,
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

/// What corrections after the loss of a line have to hold, of the outputs before it: see `correction`.
///
/// ```text
/// Σ_m w_m (P_m + LODF_mk P_k) + Σ_g o_g P_g + constant ≤ Σ_m |w_m| ρ P_m^UB
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The branch that is lost.
    pub lost: usize,
    /// The lines it is about; the first has a weight of 1, or −1 where its flow is negative.
    pub lines: Vec<Weighed>,
    /// Units that a correction takes to an end of their range, each with what one MW of its output puts on it beside what
    /// its bus does.
    pub units: Vec<(usize, f64)>,
    /// What moves by whole ramps and to ends of ranges put on it, MW.
    pub constant_mw: f64,
    pub max_p_mw: f64,
    /// Where outputs stand among flows.
    pub outputs_at: usize,
}

/// A line of a [`Cut`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    pub branch: usize,
    pub weight: f64,
    /// Of the flow of what is lost.
    pub share: f64,
}

/// Numbers of two cuts closer than this are the same.
const SAME: f64 = 1e-8;

impl Cut {
    /// Whether another says the same but for rounding.
    pub fn is_same(&self, other: &Cut) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= SAME * (1.0 + a.abs().max(b.abs()));
        let lines = self.lines.iter().zip(&other.lines);
        let units = self.units.iter().zip(&other.units);
        self.lost == other.lost
            && self.lines.len() == other.lines.len()
            && self.units.len() == other.units.len()
            && near(self.constant_mw, other.constant_mw)
            && lines
                .into_iter()
                .all(|(a, b)| a.branch == b.branch && near(a.weight, b.weight))
            && units.into_iter().all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
    }

    /// What flows put on it, without its constant, MW.
    fn part_mw(&self, flows_mw: &[f64]) -> f64 {
        let gone = flows_mw[self.lost];
        let lines = self.lines.iter();
        let lines = lines.map(|m| m.weight * (flows_mw[m.branch] + m.share * gone));
        // Flows of a part, as of phase shifters alone, come without outputs.
        let output = |g: usize| flows_mw.get(self.outputs_at + g).copied();
        let units = self.units.iter();
        let units = units.map(|&(g, own)| own * output(g).unwrap_or_default());
        lines.chain(units).sum()
    }
}

impl Limit {
    /// What it bounds of the flows on all branches: see `System::flow_on`.
    pub fn flow_mw(&self, flows_mw: &[f64]) -> f64 {
        self.part_mw(flows_mw) + self.cut.as_ref().map_or(0.0, |cut| cut.constant_mw)
    }

    /// The same of a part of the flows: of what is added to them.
    pub fn part_mw(&self, flows_mw: &[f64]) -> f64 {
        if let Some(cut) = &self.cut {
            return cut.part_mw(flows_mw);
        }
        match self.outage {
            None => flows_mw[self.branch],
            Some(Outage { share, place, .. }) => {
                let gone = flows_mw.get(place).copied().unwrap_or_default();
                flows_mw[self.branch] + share * gone
            }
        }
    }

    /// What of a flow counts against it, MW.
    pub fn loaded_mw(&self, flow_mw: f64) -> f64 {
        match self.cut {
            None => flow_mw.abs(),
            Some(_) => flow_mw,
        }
    }

    /// Whether it has this side.
    pub fn has(&self, upper: bool) -> bool {
        upper || self.cut.is_none()
    }

    /// The side that a flow is on.
    pub fn side_of(&self, flow_mw: f64) -> bool {
        flow_mw > 0.0 || self.cut.is_some()
    }

    /// Both sides, MW.
    pub fn ends_mw(&self) -> (f64, f64) {
        match self.has(false) {
            true => (-self.max_p_mw, self.max_p_mw),
            false => (f64::NEG_INFINITY, self.max_p_mw),
        }
    }

    /// What one MW of generator `g` puts on it beside what its bus does: its loss takes that away again, or a correction
    /// ends at its range.
    pub fn share_of(&self, g: usize) -> f64 {
        if let Some(cut) = &self.cut {
            let own = cut.units.iter().find(|(unit, _)| *unit == g);
            return own.map_or(0.0, |(_, own)| *own);
        }
        match self.outage {
            Some(Outage { lost, share, .. }) if lost == Loss::Unit(g) => share,
            _ => 0.0,
        }
    }

    /// The most that any output puts on it beside what its bus does, of one MW.
    pub fn most_own(&self) -> f64 {
        match &self.cut {
            None => self.outage.map_or(0.0, |outage| outage.share.abs()),
            Some(cut) => cut
                .units
                .iter()
                .fold(0.0, |most, (_, own)| most.max(own.abs())),
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
            cut: None,
            row_names: rows,
            ptdf: OnceCell::new(),
        }
    }

    /// This limit after the loss of a line and the correction, with the names of all lines that it is about, the n-th of
    /// them from 1.
    pub fn corrected(
        &self,
        cut: &Rc<Cut>,
        outage: Outage,
        (lines, lost): (&str, &str),
        n: usize,
    ) -> Limit {
        let after = self.after(outage, lost, cut.max_p_mw);
        let number = if n > 1 {
            format!(" {n}")
        } else {
            String::new()
        };
        let row: Arc<str> = format!("flow_{}_after_{lost}_corrected_{n}", self.id).into();
        Limit {
            id: format!("{lines} after the loss of {lost} and correction{number}"),
            cut: Some(Rc::clone(cut)),
            row_names: [Arc::clone(&row), row],
            ..after
        }
    }
}
