//! The ISO from some slot to the end of the day: generators and the DC network.
//!
//! ```text
//! minimise  Σ_n G_n(g_n(t))      G(g) = a g² + b g by pieces
//! Σ_n g_n(t) = Σ_n d_n(t)                                        ↔ λ(t)
//! −c_l ≤ f_l + Σ_n S_ln (g_n(t) − d_n(t)) ≤ c_l                  ↔ y_l(t)
//! ```
//!
//! The price at bus n is π_n = λ + Σ_l S_ln y_l, y ≤ 0 at an upper and ≥ 0 at a lower limit.
//! Eq. `[wang2017]`(1.2) I.
//!
//! In real time a generator below its plan ĝ is paid its lost opportunity, too:
//! G′(g) = G(g) + π̂ (ĝ − g) − G(ĝ) + G(g) for g < ĝ. With g = ĝ + u − w this is
//! [a u² + G_g(ĝ) u] + [2a w² − 2 G_g(ĝ) w + π̂ w], convex because π̂ ≥ G_g(ĝ) where ĝ > 0.
//! Eq. `[wang2017]`(1.3) b.

use crate::opt::{Model, Row, Var};

use super::relief::{GivingWay, Limited};
use super::system::{System, Unit};

/// What gives way by no more than this does not, MW.
const ROUNDING_MW: f64 = 1e-4;

/// Limits named at most.
const NAMED: usize = 3;

/// What the day before has fixed of the generators.
#[derive(Clone, Debug, Default)]
pub struct Reserved {
    /// ĝ by generator and slot of the day, MW.
    pub p_mw: Vec<Vec<f64>>,
    /// π̂ at the generator's bus by generator and slot of the day, $/MWh.
    pub usd_per_mwh: Vec<Vec<f64>>,
}

/// Power at a transmission bus: variables with their factors, and a fixed part.
#[derive(Clone, Debug)]
pub struct Power {
    pub bus: usize,
    pub terms: Vec<(Var, f64)>,
    pub fixed_mw: f64,
}

impl Power {
    pub fn of(bus: usize, terms: Vec<(Var, f64)>) -> Power {
        Power {
            bus,
            terms,
            fixed_mw: 0.0,
        }
    }

    pub fn fixed(bus: usize, fixed_mw: f64) -> Power {
        Power {
            bus,
            terms: Vec::new(),
            fixed_mw,
        }
    }

    /// Drawn instead of fed in.
    fn drawn(self) -> Power {
        Power {
            terms: self.terms.into_iter().map(|(v, a)| (v, -a)).collect(),
            fixed_mw: -self.fixed_mw,
            ..self
        }
    }
}

/// The variables of the ISO from some slot on; entries by slot start there.
pub struct IsoVars {
    /// By generator and slot.
    output: Vec<Vec<Power>>,
    balance: Vec<Row>,
    /// By slot and limited line.
    limits: Vec<Vec<Row>>,
    /// What may give way where no dispatch meets every limit, and by how many MW.
    reliefs: Vec<(GivingWay, Var)>,
}

/// Writes the ISO's block from slot `from` on. `drawn` gives, by slot of the day, what the DSOs draw.
/// `plan` is `None` on the day before.
/// With a price of `relief`, $/MWh, balances and line limits may give way at it.
///
/// Eq. `[wang2017]`(1.2) I.
pub fn add(
    model: &mut Model,
    system: &System,
    from: usize,
    plan: Option<&Reserved>,
    relief: Option<f64>,
    drawn: impl Fn(usize) -> Vec<Power>,
) -> IsoVars {
    let mut vars = IsoVars {
        output: vec![Vec::new(); system.units.len()],
        balance: Vec::new(),
        limits: Vec::new(),
        reliefs: Vec::new(),
    };
    let fixed: f64 = system.load_mw.iter().sum();
    for t in from..system.slots {
        let units = system.units.iter().enumerate().map(|(n, unit)| match plan {
            None => planned(model, system, unit, t),
            Some(plan) => moved(
                model,
                system,
                unit,
                t,
                (plan.p_mw[n][t], plan.usd_per_mwh[n][t]),
            ),
        });
        let mut injected: Vec<Power> = units.collect();
        for (all, output) in vars.output.iter_mut().zip(&injected) {
            all.push(output.clone());
        }
        injected.extend(drawn(t).into_iter().map(Power::drawn));
        let terms = injected.iter().flat_map(|own| own.terms.iter().copied());
        let mut sum: Vec<(Var, f64)> = terms.collect();
        let right = fixed - injected.iter().map(|own| own.fixed_mw).sum::<f64>();
        let mut gives = |model: &mut Model, limit: Limited, id: &str| -> Option<Var> {
            let name = format!("{limit:?}[{id},{}]", t + 1);
            let v = model.var(name, 0.0, f64::INFINITY, relief? * system.hours);
            vars.reliefs.push((GivingWay::new(limit, id, t), v));
            Some(v)
        };
        sum.extend(gives(model, Limited::Short, "").map(|v| (v, 1.0)));
        sum.extend(gives(model, Limited::Surplus, "").map(|v| (v, -1.0)));
        vars.balance
            .push(model.row(format!("balance[{}]", t + 1), sum, right, right));
        let mut rows = Vec::new();
        for line in &system.lines {
            let mut terms = Vec::new();
            let mut still = line.base_mw;
            for own in &injected {
                let s = line.shift[own.bus];
                still += s * own.fixed_mw;
                terms.extend(own.terms.iter().map(|&(v, a)| (v, s * a)));
            }
            let loads = line.shift.iter().zip(&system.load_mw);
            still -= loads.map(|(s, d)| s * d).sum::<f64>();
            for (limit, sign) in [(Limited::Line, -1.0), (Limited::Backwards, 1.0)] {
                terms.extend(gives(model, limit, &line.id).map(|v| (v, sign)));
            }
            let (name, most) = (format!("limit of {},{}", line.id, t + 1), line.max_p_mw);
            rows.push(model.row(name, terms, -most - still, most - still));
        }
        vars.limits.push(rows);
    }
    vars
}

/// A generator on the day before: 0 ≤ x_k ≤ width of each piece, cost a x² + b x.
fn planned(model: &mut Model, system: &System, unit: &Unit, t: usize) -> Power {
    if unit.fast_start {
        return Power::fixed(unit.bus, 0.0);
    }
    let hours = system.hours;
    let least = unit.filled(unit.min_p_mw);
    let parts = unit.pieces.iter().zip(least).enumerate();
    let vars = parts.map(|(k, (piece, least))| {
        let name = format!("g[{},{},{}]", unit.id, k + 1, t + 1);
        let x = model.var(name, least, piece.width_mw, piece.b * hours);
        model.quadratic(x, x, piece.a * hours);
        (x, 1.0)
    });
    Power::of(unit.bus, vars.collect())
}

/// A generator in real time: g = ĝ + u − w with the lost opportunity in the cost of w. The cost is
/// counted from that of the plan.
fn moved(model: &mut Model, system: &System, unit: &Unit, t: usize, plan: (f64, f64)) -> Power {
    let hours = system.hours;
    let (plan_mw, price) = plan;
    let filled = unit.filled(plan_mw);
    let least = unit.filled(unit.min_p_mw);
    let mut vars = Vec::new();
    for (k, piece) in unit.pieces.iter().enumerate() {
        let (y, name) = (filled[k], format!("{},{},{}", unit.id, k + 1, t + 1));
        let slope = piece.marginal_usd_per_mwh(y);
        let up = piece.width_mw - y;
        if up > 0.0 {
            let u = model.var(format!("up[{name}]"), 0.0, up, slope * hours);
            model.quadratic(u, u, piece.a * hours);
            vars.push((u, 1.0));
        }
        let down = y - least[k];
        if down > 0.0 {
            // π̂ ≥ slope at an optimum; rounding must not make both directions pay at once.
            let cost = (price.max(slope) - 2.0 * slope) * hours;
            let w = model.var(format!("down[{name}]"), 0.0, down, cost);
            model.quadratic(w, w, 2.0 * piece.a * hours);
            vars.push((w, -1.0));
        }
    }
    Power {
        bus: unit.bus,
        terms: vars,
        fixed_mw: filled.iter().sum(),
    }
}

/// LOC(g): what a generator below its plan loses, $ of an hour; 0 at or above it.
///
/// π̂ (ĝ − g) − G(ĝ) + G(g). Eq. `[wang2017]`(1.3) b.
pub fn lost_opportunity_usd(unit: &Unit, p_mw: f64, plan_mw: f64, plan_usd_per_mwh: f64) -> f64 {
    if p_mw >= plan_mw {
        return 0.0;
    }
    plan_usd_per_mwh * (plan_mw - p_mw) - unit.cost_usd(plan_mw) + unit.cost_usd(p_mw)
}

impl IsoVars {
    /// What gives way at a solution by more than rounding, the most first.
    pub fn giving_way(&self, x: &[f64]) -> Vec<GivingWay> {
        let all = self.reliefs.iter().map(|(what, v)| {
            let amount = x[v.0];
            GivingWay {
                amount,
                ..what.clone()
            }
        });
        let mut list: Vec<GivingWay> = all.filter(|own| own.amount > ROUNDING_MW).collect();
        crate::sort::by(&mut list, |a, b| b.amount.total_cmp(&a.amount));
        list.truncate(NAMED);
        list
    }

    /// Output of each generator, by generator and slot, MW.
    pub fn output_mw(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let value =
            |own: &Power| own.fixed_mw + own.terms.iter().map(|(v, a)| a * x[v.0]).sum::<f64>();
        let unit = |own: &Vec<Power>| own.iter().map(value).collect();
        self.output.iter().map(unit).collect()
    }

    /// Price at every bus, by slot, $/MWh: the cost of one more MWh of load there.
    ///
    /// π_n = λ + Σ_l S_ln y_l. Eq. `[wang2017]`(1.2) LMP.
    pub fn lmp(&self, system: &System, rows: &[f64]) -> Vec<Vec<f64>> {
        let slots = self.balance.iter().zip(&self.limits);
        let prices = slots.map(|(balance, limits)| {
            let price = |n: usize| {
                let lines = system.lines.iter().zip(limits);
                let congestion = lines.map(|(line, row)| line.shift[n] * rows[row.0]);
                (rows[balance.0] + congestion.sum::<f64>()) / system.hours
            };
            (0..system.buses.len()).map(price).collect()
        });
        prices.collect()
    }
}
