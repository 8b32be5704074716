//! A radial feeder: lossless, by LinDistFlow, or by the branch-flow second-order cone.
//!
//! For bus j fed from bus i by a line of r + jx p.u. (1 MVA base), with P, Q entering the line at
//! i, ℓ the squared current and w the squared voltage:
//!
//! ```text
//! P_j − r ℓ_j + p_j = Σ_{k below j} P_k                       ↔ λᵖ_j
//! Q_j − x ℓ_j + q_j = Σ_{k below j} Q_k                       ↔ λ^q_j
//! w_j = w_i − 2 (r P_j + x Q_j) + (r² + x²) ℓ_j
//! ‖(2 P_j, 2 Q_j, w_i − ℓ_j)‖ ≤ w_i + ℓ_j                      relaxes w_i ℓ_j = P² + Q²
//! ‖(P_j, Q_j)‖ ≤ S,   ‖(P_j − r ℓ_j, Q_j − x ℓ_j)‖ ≤ S
//! V_min² ≤ w_j ≤ V_max²,   w_root = V_root²
//! ```
//!
//! Eq. `[mezghani2023]`(2.2) D in the form of `[wang2017]`(1.2), which is the same set: c_ii = w_i,
//! and (c_ij, s_ij) follow from (w_i, P, Q). LinDistFlow is ℓ = 0; lossless drops Q and w, too, and
//! then S limits |P|. The substation supplies reactive power freely. A line without impedance has
//! no ℓ and passes voltage and power on. Where nothing makes reactive power there is no Q.
//!
//! With LinDistFlow the disc of S is its inscribed polygon with [`SIDES`] sides, two of whose
//! corners lie on the P axis: safe, exact for Q = 0, and at most 0.9 % short elsewhere.
//!
//! The variable for ℓ is ℓ / B², with B a power of a hundred no greater than what the feeder takes: a feeder of hundreds of
//! MW has currents of some 10⁵ p.u., beside which the cone would lose w.

use super::Injected;
use crate::case::Feeder;
use crate::network::Radial;
use crate::opt::{Limit, Model, Row, Var};
use serde::{Deserialize, Serialize};

/// Sides of the polygon that stands for a disc in a linear program.
pub const SIDES: usize = 24;

/// How a feeder is modelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Physics {
    /// Active power only: no losses, no voltages.
    Lossless,
    /// Linear voltages, no losses.
    LinDistFlow,
    /// The second-order cone relaxation of the AC power flow.
    #[default]
    BranchFlow,
}

impl Physics {
    /// What it has and leaves out, in a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Physics::Lossless => {
                "Feeders carry active power alone: no losses, no voltages, no reactive power."
            }
            Physics::LinDistFlow => "Feeders follow LinDistFlow: linear voltages, no losses.",
            Physics::BranchFlow => {
                "Feeders follow the branch-flow cone, with losses and voltages: a relaxation of the AC power flow."
            }
        }
    }
}

/// The variables and rows of one feeder in one period; entries follow `feeder.buses`, a line is
/// known by the bus below it.
#[derive(Clone, Debug, Default)]
pub struct FeederFlow {
    /// Active and reactive power entering the line above each bus, MW and Mvar, outwards.
    pub p: Vec<Option<Var>>,
    pub q: Vec<Option<Var>>,
    /// Squared current of the line above each bus, p.u. on [`base`](Self::base).
    pub l: Vec<Option<Var>>,
    /// The base of the currents, B: those of 1 MVA are B² as many.
    pub base: f64,
    /// Squared voltage, p.u.; `None` at the root and where voltages are not modelled.
    pub w: Vec<Option<Var>>,
    /// Balances; their multipliers are the prices of active and reactive power.
    pub balance_p: Vec<Row>,
    pub balance_q: Vec<Option<Row>>,
    /// Voltage drops of the line above each bus, where voltages are modelled.
    pub drop: Vec<Option<Row>>,
    /// What limits the feeder, with the limits of the program that say so.
    pub limits: Vec<(Limit, FeederLimit)>,
}

/// A limit of a feeder, by the bus that it is of or that is below its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeederLimit {
    /// Of the squared voltage, p.u.
    LeastVoltage(usize),
    MostVoltage(usize),
    /// Of active power, MW.
    Power(usize),
    /// Of apparent power, MVA.
    ApparentPower(usize),
}

/// Writes a feeder. `tag` ends the names of rows and variables.
///
/// Eq. `[mezghani2023]`(2.2) D.
pub fn add(
    model: &mut Model,
    feeder: &Feeder,
    tree: &Radial,
    physics: Physics,
    injected: &[Injected],
    tag: &str,
) -> FeederFlow {
    let n = feeder.buses.len();
    let impedance = |j: usize| tree.above[j].map_or((0.0, 0.0), |l| (l.r_pu, l.x_pu));
    let some = injected
        .iter()
        .any(|at| at.q_mvar != 0.0 || !at.q.is_empty());
    let reactive = has_reactive(tree, physics, some);
    let mut flow = FeederFlow {
        p: vec![None; n],
        q: vec![None; n],
        l: vec![None; n],
        w: vec![None; n],
        drop: vec![None; n],
        base: base(injected),
        ..FeederFlow::default()
    };
    for &j in &tree.order {
        let Some(above) = tree.above[j] else { continue };
        let line = &feeder.lines[above.line];
        let name = format!("{}{tag}", line.id);
        let (low, high) = directed(line.min_p_mw, line.max_p_mw, above.sign);
        let (low, high) = match line.max_s_mva {
            Some(most) if !reactive => (low.max(-most), high.min(most)),
            _ => (low, high),
        };
        let p = model.var(format!("P[{name}]"), low, high, 0.0);
        flow.p[j] = Some(p);
        for limit in [Limit::VarLower(p), Limit::VarUpper(p)] {
            flow.limits.push((limit, FeederLimit::Power(j)));
        }
        if reactive {
            let q = model.var(format!("Q[{name}]"), f64::NEG_INFINITY, f64::INFINITY, 0.0);
            flow.q[j] = Some(q);
        }
        if physics == Physics::BranchFlow && impedance(j) != (0.0, 0.0) {
            flow.l[j] = Some(model.var(format!("l[{name}]"), 0.0, f64::INFINITY, 0.0));
        }
        if physics != Physics::Lossless {
            let bus = &feeder.buses[j];
            let (low, high) = (bus.min_v_pu.powi(2), bus.max_v_pu.powi(2));
            let w = model.var(format!("voltage²[{}{tag}]", bus.id), low, high, 0.0);
            flow.w[j] = Some(w);
            flow.limits.extend([
                (Limit::VarLower(w), FeederLimit::LeastVoltage(j)),
                (Limit::VarUpper(w), FeederLimit::MostVoltage(j)),
            ]);
        }
    }
    for j in 0..n {
        balance(model, feeder, tree, injected, j, tag, &mut flow);
    }
    for &j in &tree.order {
        flow.drop[j] = voltage_drop(model, feeder, tree, j, tag, &flow);
        if physics == Physics::BranchFlow {
            current(model, feeder, tree, j, tag, &flow);
        }
        if reactive {
            apparent(model, feeder, tree, physics, j, tag, &mut flow);
        }
    }
    flow
}

/// The greatest power of a hundred no greater than what is given at the buses in all, 1 at least.
fn base(injected: &[Injected]) -> f64 {
    let total: f64 = injected.iter().map(|at| at.p_mw.abs()).sum();
    libm::pow(100.0, (libm::log10(total.max(1.0)) / 2.0).floor())
}

/// Whether reactive power is modelled: some is injected, or the lines themselves need it.
pub fn has_reactive(tree: &Radial, physics: Physics, injected: bool) -> bool {
    let needed = || tree.above.iter().flatten().any(|line| line.x_pu != 0.0);
    match physics {
        Physics::Lossless => false,
        Physics::LinDistFlow => injected,
        Physics::BranchFlow => injected || needed(),
    }
}

/// Limits on the power that enters from above, from those written for `from` → `to`.
fn directed(min: Option<f64>, max: Option<f64>, sign: f64) -> (f64, f64) {
    let low = min.unwrap_or(f64::NEG_INFINITY);
    let high = max.unwrap_or(f64::INFINITY);
    if sign > 0.0 {
        (low, high)
    } else {
        (-high, -low)
    }
}

/// P_j − r ℓ_j + p_j = Σ_{k below j} P_k, and the same for Q where it is modelled.
fn balance(
    model: &mut Model,
    feeder: &Feeder,
    tree: &Radial,
    injected: &[Injected],
    j: usize,
    tag: &str,
    flow: &mut FeederFlow,
) {
    let bus = &feeder.buses[j].id;
    let at = &injected[j];
    let (r, x) = tree.above[j].map_or((0.0, 0.0), |l| (l.r_pu, l.x_pu));
    let side = |own: &[Option<Var>], loss: f64, terms: &[(Var, f64)]| {
        let mut row: Vec<(Var, f64)> = terms.to_vec();
        row.extend(own[j].map(|p| (p, 1.0)));
        row.extend(flow.l[j].map(|l| (l, -loss * flow.per_l())));
        row.extend(tree.below[j].iter().filter_map(|&k| Some((own[k]?, -1.0))));
        row
    };
    let p = side(&flow.p, r, &at.p);
    let q = side(&flow.q, x, &at.q);
    flow.balance_p
        .push(model.row(format!("balance[{bus}{tag}]"), p, -at.p_mw, -at.p_mw));
    // The substation supplies reactive power freely.
    let modelled = flow.q[j].is_some();
    flow.balance_q.push(modelled.then(|| {
        model.row(
            format!("reactive balance[{bus}{tag}]"),
            q,
            -at.q_mvar,
            -at.q_mvar,
        )
    }));
}

/// w_j = w_i − 2 (r P_j + x Q_j) + (r² + x²) ℓ_j.
fn voltage_drop(
    model: &mut Model,
    feeder: &Feeder,
    tree: &Radial,
    j: usize,
    tag: &str,
    flow: &FeederFlow,
) -> Option<Row> {
    let (Some(w), Some(above), Some(p)) = (flow.w[j], tree.above[j], flow.p[j]) else {
        return None;
    };
    let (r, x) = (above.r_pu, above.x_pu);
    let mut row = vec![(w, 1.0), (p, 2.0 * r)];
    row.extend(flow.q[j].map(|q| (q, 2.0 * x)));
    let far = (r * r + x * x) * flow.per_l();
    row.extend(flow.l[j].map(|l| (l, -far)));
    let right = match flow.w[above.upper] {
        Some(upper) => {
            row.push((upper, -1.0));
            0.0
        }
        None => feeder.root_v_pu.powi(2),
    };
    let name = format!("voltage drop[{}{tag}]", feeder.lines[above.line].id);
    Some(model.row(name, row, right, right))
}

/// ‖(2 P_j, 2 Q_j, w_i − ℓ_j)‖ ≤ w_i + ℓ_j, with P, Q and ℓ on the base of the feeder.
fn current(
    model: &mut Model,
    feeder: &Feeder,
    tree: &Radial,
    j: usize,
    tag: &str,
    flow: &FeederFlow,
) {
    let (Some(l), Some(p), Some(above)) = (flow.l[j], flow.p[j], tree.above[j]) else {
        return;
    };
    let upper = |sign: f64| match flow.w[above.upper] {
        Some(w) => (vec![(w, 1.0), (l, sign)], 0.0),
        None => (vec![(l, sign)], feeder.root_v_pu.powi(2)),
    };
    let mut rows = vec![upper(1.0), (vec![(p, 2.0 / flow.base)], 0.0)];
    rows.extend(flow.q[j].map(|q| (vec![(q, 2.0 / flow.base)], 0.0)));
    rows.push(upper(-1.0));
    model.cone(
        format!("current[{}{tag}]", feeder.lines[above.line].id),
        rows,
    );
}

/// The limit of apparent power at both ends: cones, or the inscribed polygon in a linear program.
fn apparent(
    model: &mut Model,
    feeder: &Feeder,
    tree: &Radial,
    physics: Physics,
    j: usize,
    tag: &str,
    flow: &mut FeederFlow,
) {
    let (Some(p), Some(q), Some(above)) = (flow.p[j], flow.q[j], tree.above[j]) else {
        return;
    };
    let line = &feeder.lines[above.line];
    let Some(most) = line.max_s_mva else { return };
    let per = flow.per_l();
    let mut limited = |limit: Limit| flow.limits.push((limit, FeederLimit::ApparentPower(j)));
    if physics == Physics::BranchFlow {
        let mut cone = |name: String, p: Vec<(Var, f64)>, q: Vec<(Var, f64)>| {
            limited(Limit::Cone(model.cones().len()));
            model.cone(name, vec![(Vec::new(), most), (p, 0.0), (q, 0.0)]);
        };
        let name = format!("limit of {}{tag}", line.id);
        cone(name.clone(), vec![(p, 1.0)], vec![(q, 1.0)]);
        if let Some(l) = flow.l[j] {
            let (r, x) = (above.r_pu * per, above.x_pu * per);
            let far = (vec![(p, 1.0), (l, -r)], vec![(q, 1.0), (l, -x)]);
            cone(format!("{name}, far end"), far.0, far.1);
        }
        return;
    }
    for (side, (a, b, right)) in polygon(most).enumerate() {
        let name = format!("limit of {}{tag}, side {}", line.id, side + 1);
        let row = model.row(name, [(p, a), (q, b)], f64::NEG_INFINITY, right);
        limited(Limit::RowUpper(row));
    }
}

/// The sides a·P + b·Q ≤ c of the polygon inscribed in the disc of radius `most`, corners on the
/// P axis.
pub fn polygon(most: f64) -> impl Iterator<Item = (f64, f64, f64)> {
    let step = std::f64::consts::TAU / SIDES as f64;
    (0..SIDES).map(move |k| {
        let angle = step * (k as f64 + 0.5);
        (
            libm::cos(angle),
            libm::sin(angle),
            most * libm::cos(step / 2.0),
        )
    })
}

impl FeederFlow {
    /// Voltage magnitude at bus `j`, p.u.; NaN where it is not modelled.
    pub fn voltage_pu(&self, feeder: &Feeder, tree: &Radial, x: &[f64], j: usize) -> f64 {
        match self.w[j] {
            Some(w) => x[w.0].max(0.0).sqrt(),
            None if j == tree.root => feeder.root_v_pu,
            None => f64::NAN,
        }
    }

    /// Squared current that 1 of a variable ℓ stands for, p.u. on 1 MVA.
    pub fn per_l(&self) -> f64 {
        self.base * self.base
    }

    /// Squared current of the line above bus `j` at a point, p.u. on 1 MVA; 0 where it is not modelled.
    pub fn l_pu(&self, x: &[f64], j: usize) -> f64 {
        self.l[j].map_or(0.0, |l| x[l.0] * self.per_l())
    }

    /// Slack of the cone of the line above bus `j`: w_i ℓ_j − P² − Q², p.u.; 0 where it is tight or
    /// there is none.
    pub fn cone_gap(&self, feeder: &Feeder, tree: &Radial, x: &[f64], j: usize) -> f64 {
        let (Some(_), Some(p), Some(above)) = (self.l[j], self.p[j], tree.above[j]) else {
            return 0.0;
        };
        let w = self.w[above.upper].map_or(feeder.root_v_pu.powi(2), |w| x[w.0]);
        let q = self.q[j].map_or(0.0, |q| x[q.0]);
        w * self.l_pu(x, j) - x[p.0].powi(2) - q * q
    }
}
