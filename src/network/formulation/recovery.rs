//! From an optimum of the branch-flow cone back to an AC power flow.
//!
//! The cone asks ℓ w_i ≥ P² + Q² of the line into bus j from bus i. Where it is not tight the
//! program burns power in a current that does not flow. With f = (P² + Q²) / w_i, what it burns is
//!
//! ```text
//! excess = |r + jx| · (ℓ − f)      MVA
//! ```
//!
//! f is convex, so its linearisation at the last iterate lies below it, and
//!
//! ```text
//! |z| ℓ ≤ |z| (2 P₀/w₀ P + 2 Q₀/w₀ Q − (P₀² + Q₀²)/w₀² w_i) + slack,    cost τ · slack
//! ```
//!
//! pushes the current down on the AC power flow: a point without slack has no excess. Repeated
//! from the new iterate with a growing τ this is the convex–concave procedure. It leads to a point near
//! where it began, so it begins twice: at the relaxation, and at the AC power flow of the relaxation's
//! activations, which stands at once where it keeps its limits. What comes out is then checked by a power
//! flow that knows nothing of the program: [`Part::check`].

use super::Injected;
use super::feeder::FeederFlow;
use crate::case::Feeder;
use crate::network::{Radial, SweepFlow, sweep};
use crate::opt::Failure;
use crate::opt::{Affine, Model, Solution, Var, conic};

/// Excess below which a line counts as exact, MVA: one watt.
pub const EXACT_MVA: f64 = 1e-6;

/// Convex–concave steps after which the best point so far is returned.
pub const STEPS: usize = 10;

/// Saving below which a further step from an exact point is the last, as a share of the cost.
const STILL: f64 = 1e-7;

/// Prices below this share of the largest cost are none.
const FREE: f64 = 1e-5;

/// Growth of τ from step to step.
const GROWTH: f64 = 3.0;

/// One feeder in one period as written into a model by [`feeder::add`](super::feeder::add).
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub feeder: &'a Feeder,
    pub tree: &'a Radial,
    pub flow: &'a FeederFlow,
    pub injected: &'a [Injected],
}

/// A point of the model after the convex–concave steps.
#[cfg_attr(
    not(test),
    allow(
        dead_code,
        reason = "tests hold every part of it against other programs"
    )
)]
#[derive(Clone, Debug)]
pub struct Recovered {
    /// One value per variable of the model.
    pub x: Vec<f64>,
    /// Cost of the model at `x`; the slack is not in it.
    pub objective: f64,
    /// Largest excess of a line in the relaxation and at `x`, MVA.
    pub excess_before_mva: f64,
    pub excess_mva: f64,
    pub steps: usize,
    /// The program of the step that led to `x`, which begins with the model's own variables and
    /// rows, and its solution: its multipliers are the prices of the power flow at `x`.
    pub step: Option<(Model, Solution)>,
}

impl Recovered {
    /// Whether every line is exact.
    pub fn is_exact(&self) -> bool {
        self.excess_mva <= EXACT_MVA
    }

    /// Among exact points the cheaper one, else the one that burns less.
    fn better_than(&self, other: &Recovered) -> bool {
        match (self.is_exact(), other.is_exact()) {
            (true, true) => self.objective < other.objective,
            (false, true) => false,
            _ => self.excess_mva < other.excess_mva,
        }
    }
}

/// A dispatch beside the AC power flow that follows from it.
#[cfg_attr(
    not(test),
    allow(
        dead_code,
        reason = "tests hold every part of it against other programs"
    )
)]
#[derive(Clone, Debug)]
pub struct AcCheck {
    pub flow: SweepFlow,
    /// Largest difference of a voltage magnitude that the program models, p.u.
    pub voltage_difference_pu: f64,
    /// Largest difference of the power entering a line, MVA (MW where there is no Q).
    pub flow_difference_mva: f64,
    /// What the power flow takes from above less what the program takes, MW.
    pub import_difference_mw: f64,
    /// How far the power flow is outside a voltage limit, p.u.; 0 where it is not.
    pub voltage_violation_pu: f64,
    /// How far either end of a line is above its limit of apparent power, MVA.
    pub flow_violation_mva: f64,
}

impl Part<'_> {
    /// P, Q and squared voltage at the sending end of the line above bus `j`; `None` where the
    /// program has no current for it.
    fn sent(&self, x: &[f64], j: usize) -> Option<(f64, f64, f64)> {
        let (Some(p), Some(_), Some(above)) = (self.flow.p[j], self.flow.l[j], self.tree.above[j])
        else {
            return None;
        };
        let w = self.flow.w[above.upper].map_or(self.feeder.root_v_pu.powi(2), |w| x[w.0]);
        Some((x[p.0], self.flow.q[j].map_or(0.0, |q| x[q.0]), w))
    }

    /// Writes the AC power flow of the injections at `x` into `x`: P, Q, ℓ and w.
    fn sweep_into(&self, x: &mut [f64]) -> Result<(), Failure> {
        let per = self.flow.per_l();
        let ac = sweep(self.tree, self.feeder.root_v_pu, &self.injections(x))?;
        for &j in &self.tree.order {
            let mut put = |var: Option<Var>, value: f64| {
                if let Some(var) = var {
                    x[var.0] = value;
                }
            };
            let line = ac.lines[j];
            put(self.flow.p[j], line.p_sent_mw);
            put(self.flow.q[j], line.q_sent_mvar);
            put(self.flow.l[j], line.l_pu / per);
            put(self.flow.w[j], ac.v_pu[j].powi(2));
        }
        Ok(())
    }

    /// Excess of the line above each bus, MVA; 0 where there is no current in the program.
    pub fn excess_mva(&self, x: &[f64]) -> Vec<f64> {
        (0..self.tree.above.len())
            .map(|j| {
                let (Some((p, q, w)), Some(above)) = (self.sent(x, j), self.tree.above[j]) else {
                    return 0.0;
                };
                let l = self.flow.l_pu(x, j);
                libm::hypot(above.r_pu, above.x_pu) * (l - (p * p + q * q) / w)
            })
            .collect()
    }

    /// The largest of [`Part::excess_mva`].
    pub fn largest_excess_mva(&self, x: &[f64]) -> f64 {
        self.excess_mva(x).into_iter().fold(0.0, f64::max)
    }

    /// Adds |z| ℓ ≤ |z| · linearisation of (P² + Q²)/w_i at `x` + slack for every line.
    pub fn restrict(&self, model: &mut Model, x: &[f64], price: f64) {
        let per = self.flow.per_l();
        for &j in &self.tree.order {
            let (Some((p0, q0, w0)), Some(l), Some(p), Some(above)) = (
                self.sent(x, j),
                self.flow.l[j],
                self.flow.p[j],
                self.tree.above[j],
            ) else {
                continue;
            };
            let z = libm::hypot(above.r_pu, above.x_pu);
            let (a, b) = (p0 / w0, q0 / w0);
            let slack = model.var(format!("excess[{j}]"), 0.0, f64::INFINITY, price);
            let mut terms: Vec<(Var, f64)> = vec![(l, z * per), (p, -2.0 * z * a), (slack, -1.0)];
            terms.extend(self.flow.q[j].map(|q| (q, -2.0 * z * b)));
            let along = z * (a * a + b * b);
            let right = match self.flow.w[above.upper] {
                Some(w) => {
                    terms.push((w, along));
                    0.0
                }
                None => -along * self.feeder.root_v_pu.powi(2),
            };
            model.row(format!("exact[{j}]"), terms, f64::NEG_INFINITY, right);
        }
    }

    /// Injection of every bus at `x`, MW and Mvar.
    pub fn injections(&self, x: &[f64]) -> Vec<(f64, f64)> {
        let value = |terms: &[(Var, f64)], constant: f64| {
            let terms = terms.to_vec();
            Affine { terms, constant }.value(x)
        };
        self.injected
            .iter()
            .map(|at| (value(&at.p, at.p_mw), value(&at.q, at.q_mvar)))
            .collect()
    }

    /// The AC power flow of the injections at `x`, beside what the program says.
    ///
    /// # Errors
    /// The power flow does not settle.
    pub fn check(&self, x: &[f64]) -> Result<AcCheck, Failure> {
        let injections = self.injections(x);
        let ac = sweep(self.tree, self.feeder.root_v_pu, &injections)?;
        let mut check = AcCheck {
            voltage_difference_pu: 0.0,
            flow_difference_mva: 0.0,
            // The program balances the root: its own injection is what flows out of it.
            import_difference_mw: ac.import_p_mw,
            voltage_violation_pu: 0.0,
            flow_violation_mva: 0.0,
            flow: ac,
        };
        let ac = &check.flow;
        for &j in &self.tree.order {
            let (Some(p), Some(above)) = (self.flow.p[j], self.tree.above[j]) else {
                continue;
            };
            let (bus, line, at) = (&self.feeder.buses[j], ac.lines[j], ac.v_pu[j]);
            if self.flow.w[j].is_some() {
                let ours = self.flow.voltage_pu(self.feeder, self.tree, x, j);
                check.voltage_difference_pu = check.voltage_difference_pu.max((ours - at).abs());
            }
            let outside = (bus.min_v_pu - at).max(at - bus.max_v_pu);
            check.voltage_violation_pu = check.voltage_violation_pu.max(outside);
            let dq = self.flow.q[j].map_or(0.0, |q| x[q.0] - line.q_sent_mvar);
            let apart = libm::hypot(x[p.0] - line.p_sent_mw, dq);
            check.flow_difference_mva = check.flow_difference_mva.max(apart);
            if let Some(most) = self.feeder.lines[above.line].max_s_mva {
                let sent = libm::hypot(line.p_sent_mw, line.q_sent_mvar);
                let received = libm::hypot(line.p_received_mw, line.q_received_mvar);
                let over = sent.max(received) - most;
                check.flow_violation_mva = check.flow_violation_mva.max(over);
            }
        }
        Ok(check)
    }
}

/// Moves an optimum `relaxed` of `model` to a point whose currents flow in every one of `parts`,
/// by at most [`STEPS`] convex–concave steps from each of the two beginnings. The cheapest exact point found
/// is returned, without one that of least excess.
///
/// τ starts at twice the largest price of power in the relaxation (of cost in the model where it
/// has no duals): more than what a burnt megawatt can save at those prices.
///
/// # Errors
/// No step could be solved.
pub fn recover(model: &Model, parts: &[Part], relaxed: &Solution) -> Result<Recovered, Failure> {
    let excess_mva = largest_excess(parts, &relaxed.x);
    let best = Recovered {
        x: relaxed.x.clone(),
        objective: relaxed.objective,
        excess_before_mva: excess_mva,
        excess_mva,
        steps: 0,
        step: None,
    };
    if best.is_exact() {
        return Ok(best);
    }
    let price = 2.0 * largest_price(model, parts, relaxed);
    let own = steps(model, parts, &best, &relaxed.x, price);
    let mut swept = relaxed.x.clone();
    let flows = parts
        .iter()
        .try_for_each(|part| part.sweep_into(&mut swept));
    let held = flows.and_then(|()| steps(model, parts, &best, &swept, price));
    match (own, held) {
        (Ok(own), Ok(held)) => Ok(if held.better_than(&own) { held } else { own }),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (Err(why), Err(_)) => Err(why),
    }
}

fn largest_excess(parts: &[Part], x: &[f64]) -> f64 {
    let excess = parts.iter().map(|part| part.largest_excess_mva(x));
    excess.fold(0.0, f64::max)
}

/// The steps from `start`, of whose P, Q and w alone they know; `relaxed` is what they have to better.
fn steps(
    model: &Model,
    parts: &[Part],
    relaxed: &Recovered,
    start: &[f64],
    mut price: f64,
) -> Result<Recovered, Failure> {
    let mut best = relaxed.clone();
    let mut at = start.to_vec();
    let mut failed = None;
    for step in 1..=STEPS {
        let mut restricted = model.clone();
        for part in parts {
            part.restrict(&mut restricted, &at, price);
        }
        match conic::solve(&restricted) {
            Ok(solution) => {
                at.clone_from(&solution.x);
                at.truncate(model.vars().len());
                let found = Recovered {
                    x: at.clone(),
                    objective: model.objective(&at),
                    excess_before_mva: relaxed.excess_before_mva,
                    excess_mva: largest_excess(parts, &at),
                    steps: step,
                    step: Some((restricted, solution)),
                };
                let saved = best.objective - found.objective;
                let still = best.is_exact() && saved <= STILL * (1.0 + found.objective.abs());
                if found.better_than(&best) {
                    best = found;
                }
                best.steps = step;
                failed = None;
                if still {
                    break;
                }
            }
            Err(why) => failed = Some(why),
        }
        if !best.is_exact() {
            price *= GROWTH;
        }
    }
    match failed {
        Some(why) if best.steps == 0 => Err(why),
        _ => Ok(best),
    }
}

fn largest_price(model: &Model, parts: &[Part], relaxed: &Solution) -> f64 {
    let size = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0_f64, |s, v| s.max(v.abs()));
    // A cone that burns freely leaves prices of zero: what the model's costs are is then the size.
    let costs = size(&mut model.vars().iter().map(|c| c.cost));
    let largest = match &relaxed.duals {
        Some(duals) => {
            let prices = size(&mut parts.iter().flat_map(|part| {
                let q = part.flow.balance_q.iter().flatten();
                let rows = part.flow.balance_p.iter().chain(q);
                rows.map(|row| duals.rows[row.0])
            }));
            if prices > FREE * costs { prices } else { costs }
        }
        None => costs,
    };
    if largest > 0.0 { largest } else { 1.0 }
}
