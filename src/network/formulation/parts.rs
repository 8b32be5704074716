//! Why the price at a bus of a feeder differs from that at its root.
//!
//! At an optimum the multipliers of everything that holds P_j, the power into the line above bus j, add up to nothing, and
//! so do those of w_j. With λ the balances, ν the voltage drops, z the bounds and μ the limits of a line,
//!
//! ```text
//! λ_j − λ_i = −(z + μ)(P_j) − κ(P_j) − 2 r_j ν_j        i above j
//! −ν_j = Σ_m (z + κ)(w_m)                                m at or below j
//! ```
//!
//! where κ is what the equation of the current gives. Along the way from the root to b these are
//!
//! ```text
//! λ_b − λ_root = Σ_j limit of line j + losses + Σ_m 2 R_bm z(w_m)       R_bm = Σ r_j above both b and m
//! ```
//!
//! 2 R_bm is what a MW at b raises w_m by.

use super::feeder::{FeederFlow, FeederLimit};
use crate::network::Radial;
use crate::opt::{Duals, Limit, Model, Var};

/// What lines and voltages add to the price along a feeder in one period, in the cost of the model per MW; entries
/// follow the buses, a line is known by the bus below it.
#[derive(Clone, Debug, Default)]
pub struct FeederParts {
    /// The price at the root.
    root: f64,
    /// Of the line's own limits.
    limit: Vec<f64>,
    /// Of the current in the line.
    losses: Vec<f64>,
    /// Per p.u. of the squared voltage: of its limits, and of the currents it drives.
    voltage: Vec<f64>,
    currents: Vec<f64>,
}

/// The parts of the price at one bus, in the cost of the model per MW.
#[derive(Clone, Debug, Default)]
pub struct BusParts {
    pub root: f64,
    pub losses: f64,
    /// (bus, part) of voltage limits, none that are nothing.
    pub voltages: Vec<(usize, f64)>,
    /// (bus below, part) of limits of lines, none that are nothing.
    pub lines: Vec<(usize, f64)>,
}

impl BusParts {
    /// Their sum: the price.
    pub fn sum(&self) -> f64 {
        let parts = self.voltages.iter().chain(&self.lines);
        self.root + self.losses + parts.map(|(_, part)| part).sum::<f64>()
    }
}

/// Σ_i a_ij y_i + Σ_k (F_kᵀ u_k)_j of every variable.
pub fn pulls(model: &Model, duals: &Duals) -> Vec<f64> {
    let mut pulls = vec![0.0; model.vars().len()];
    for (row, y) in model.rows().iter().zip(&duals.rows) {
        for &(v, a) in &row.terms {
            pulls[v.0] += a * y;
        }
    }
    for (cone, u) in model.cones().iter().zip(&duals.cones) {
        for (row, u) in cone.rows.iter().zip(u) {
            for &(v, a) in &row.terms {
                pulls[v.0] += a * u;
            }
        }
    }
    pulls
}

impl FeederParts {
    /// Reads them from the multipliers of a solved model; `pulls` are those of [`pulls`].
    pub fn new(
        model: &Model,
        duals: &Duals,
        pulls: &[f64],
        (tree, flow): (&Radial, &FeederFlow),
    ) -> FeederParts {
        let n = tree.above.len();
        let at = |j: usize| duals.rows[flow.balance_p[j].0];
        let mut parts = FeederParts {
            root: at(tree.root),
            limit: vec![0.0; n],
            losses: vec![0.0; n],
            voltage: vec![0.0; n],
            currents: vec![0.0; n],
        };
        let (own, of_voltage) = pulled_by_limits(model, duals, flow);
        let nu = |j: usize| flow.drop[j].map_or(0.0, |row| duals.rows[row.0]);
        for &j in &tree.order {
            let (Some(p), Some(above)) = (flow.p[j], tree.above[j]) else {
                continue;
            };
            let column = &model.vars()[p.0];
            let bound = column.lower.is_finite() || column.upper.is_finite();
            let z = if bound { -pulls[p.0] } else { 0.0 };
            let known = at(j) - at(above.upper) + 2.0 * above.r_pu * nu(j) + own[j];
            parts.limit[j] = -z - own[j];
            // Without a current there is nothing else.
            if flow.l[j].is_some() {
                parts.losses[j] = known - pulls[p.0];
            }
            if let Some(w) = flow.w[j] {
                let below: f64 = tree.below[j].iter().map(|&k| nu(k)).sum();
                parts.voltage[j] = of_voltage[j] - pulls[w.0];
                if tree.below[j].iter().any(|&k| flow.l[k].is_some()) {
                    parts.currents[j] = pulls[w.0] - (nu(j) - below) - of_voltage[j];
                }
            }
        }
        parts
    }

    /// The parts of the price at bus `b`; those smaller than `least` are none.
    pub fn at(&self, tree: &Radial, b: usize, least: f64) -> BusParts {
        let mut parts = BusParts {
            root: self.root,
            ..BusParts::default()
        };
        let mut on_path = vec![false; self.limit.len()];
        let mut j = b;
        while let Some(above) = tree.above[j] {
            on_path[j] = true;
            parts.losses += self.losses[j];
            if self.limit[j].abs() > least {
                parts.lines.push((j, self.limit[j]));
            }
            j = above.upper;
        }
        // R_bm, from the root outwards.
        let mut common = vec![0.0; self.limit.len()];
        for &m in &tree.order {
            let Some(above) = tree.above[m] else { continue };
            common[m] = common[above.upper];
            if on_path[m] {
                common[m] += above.r_pu;
            }
            let voltage = 2.0 * common[m] * self.voltage[m];
            if voltage.abs() > least {
                parts.voltages.push((m, voltage));
            }
            parts.losses += 2.0 * common[m] * self.currents[m];
        }
        parts.lines.reverse();
        parts
    }
}

/// What the limits that are rows or cones give to the power of the line above each bus, and to its squared voltage.
fn pulled_by_limits(model: &Model, duals: &Duals, flow: &FeederFlow) -> (Vec<f64>, Vec<f64>) {
    let mut pulled = (vec![0.0; flow.p.len()], vec![0.0; flow.p.len()]);
    for &(limit, of) in &flow.limits {
        let (own, sum) = match of {
            FeederLimit::Power(j) | FeederLimit::ApparentPower(j) => (flow.p[j], &mut pulled.0[j]),
            FeederLimit::LeastVoltage(j) | FeederLimit::MostVoltage(j) => {
                (flow.w[j], &mut pulled.1[j])
            }
        };
        let of_terms = |terms: &[(Var, f64)]| -> f64 {
            let own = terms.iter().filter(|(v, _)| Some(*v) == own);
            own.map(|(_, a)| a).sum()
        };
        *sum += match limit {
            Limit::RowLower(row) | Limit::RowUpper(row) => {
                of_terms(&model.rows()[row.0].terms) * duals.rows[row.0]
            }
            Limit::Cone(k) => {
                let rows = model.cones().get(k).map_or(&[][..], |cone| &cone.rows);
                let pairs = rows.iter().zip(duals.cones.get(k).into_iter().flatten());
                pairs.map(|(row, u)| of_terms(&row.terms) * u).sum()
            }
            Limit::VarLower(_) | Limit::VarUpper(_) => 0.0,
        };
    }
    pulled
}
