//! The least-cost point of an interval with losses: programs about one dispatch after another.
//!
//! Each program holds the rows of [`losses`](crate::market::rt_sced::model::losses) about the dispatch before it, and,
//! from the fifth on, what their bend makes of the cost of moving away from there,
//!
//! ```text
//! ½ Δxᵀ H Δx,   H = Σ_l 2 ρ_l m_l df_l df_lᵀ,   m_l = ½ (LMP_from + LMP_to)
//! ```
//!
//! over the columns that have moved so far (Newton's method on the conditions of the optimum; a vertex needs none of
//! it). Where the dispatch stays where it was, rows and flows are those of the network as it is.

use std::collections::BTreeSet;
use std::rc::Rc;

use nalgebra::{DMatrix, DVector};

use crate::opt::quadratic::{solve_lazy, solve_lazy_near};
use crate::opt::{DualFace, Duals, Failure, Model, Row, Var};

use super::bids::OnJacks;
use super::clearing::{Cleared, NoDispatch};
use super::conflict::{Conflict, conflict, given_injection_mw};
use super::lines::Lines;
use super::program::{Columns, Detail, program};
use super::request::Request;
use crate::market::rt_sced::model::losses::Losses;
use crate::market::rt_sced::model::system::{System, Told};

/// Programs after which a dispatch is given up.
const ROUNDS: usize = 60;

/// The first program that knows how losses bend; or that of all columns, where so many have moved that the optimum is
/// hardly a vertex.
const BENT: usize = 4;
const MANY: usize = 100;

/// More columns than this are not told apart by losses in a time that anyone waits.
const MOST: usize = 700;

/// Programs without a dispatch, each about where the least gave way in the one before, after which there is none; or where
/// that stays by so much, MW in a case of ordinary size.
const CONTRADICTED: usize = 8;
const FEW: usize = 2;
const GIVEN_MW: f64 = 1e-4;

/// A dispatch that moves by less than this stays, MW in a case of ordinary size.
const STAYS_MW: f64 = 1e-9;

/// More load than any, MW: its column has bounds, as a linear program asks for.
const ANY_MW: f64 = 1e9;

/// The least-cost point with losses.
///
/// # Errors
/// There is none about the last dispatch, or the programs do not come to rest.
pub(super) fn settled<'a>(
    system: &'a System,
    request: &Request<'a>,
) -> Result<Cleared<'a>, NoDispatch> {
    let mut losses: Option<Rc<Losses>> = None;
    let mut tried: Vec<(usize, bool)> = request.warm_limits.to_vec();
    let mut before: Option<Vec<f64>> = None;
    let (mut bend, mut last_step) = (Bend::default(), f64::INFINITY);
    let (mut contradicted, mut given): (usize, Vec<f64>) = (0, Vec::new());
    let most = match system.told {
        Told::Why => CONTRADICTED,
        // A cure that is tried is near.
        _ => FEW,
    };
    for round in 0..ROUNDS {
        let about = Request {
            losses: losses.clone(),
            ahead: &[],
            ..request.clone()
        };
        let (mut model, columns, balance, lines) = written(system, &about, &tried);
        let bent = round >= BENT || bend.moving.len() > MANY;
        if let Some(x) = before.as_ref().filter(|_| bent) {
            bend.add(system, &mut model, (&columns, &lines), x, None)?;
        }
        let exceeded = |x: &[f64]| lines.exceeded(&columns, x, &mut tried);
        let near = before.as_deref();
        let solution = match solve_lazy_near(&mut model, near, exceeded) {
            Ok(solution) => solution,
            Err(Failure::Infeasible) => {
                contradicted += 1;
                let found = given_injection_mw(system, &about);
                let near = system.tolerance_mw(GIVEN_MW);
                let other = |injection: &Vec<f64>| {
                    let mut pairs = injection.iter().zip(&given);
                    given.is_empty() || pairs.any(|(a, b)| (a - b).abs() > near)
                };
                let found = found.filter(|found| contradicted <= most && other(found));
                let Some(found) = found else {
                    return Err(contradiction(system, &about, &tried));
                };
                // What gives way may be another load each time: the mean of all comes to rest.
                let share = 1.0 / contradicted as f64;
                given = match given.is_empty() {
                    true => found,
                    false => (given.iter().zip(&found))
                        .map(|(mean, new)| mean + share * (new - mean))
                        .collect(),
                };
                losses = Some(losses_about(system, given.clone())?);
                before = None;
                continue;
            }
            Err(why) => return Err(why.into()),
        };
        if let Some(x) = &before {
            let steps = x.iter().zip(&solution.x).map(|(a, b)| (a - b).abs());
            let steps: Vec<f64> = steps.collect();
            let largest = steps.iter().fold(0.0, |most: f64, step| most.max(*step));
            let stays = system.tolerance_mw(STAYS_MW);
            // Rounding may keep the last digits moving.
            let rests = largest <= stays || (largest <= 100.0 * stays && largest >= last_step);
            if rests && losses.is_some() {
                return Ok(cleared(written(system, &about, &tried), solution.x));
            }
            last_step = largest;
            bend.follow(&steps, stays)?;
        }
        let duals = solution.duals.as_ref();
        bend.worth = duals.map(|duals| worth_of(system, &lines, &model, balance, duals));
        let injection = lines.injection_under(request.loads_mw, &solution.x);
        losses = Some(losses_about(system, injection)?);
        before = Some(solution.x);
    }
    let why = format!("the dispatch with losses does not come to rest in {ROUNDS} programs");
    Err(Failure::Stopped(why).into())
}

/// That there is no dispatch, where there is none either that may burn power, which makes the program a convex one;
/// otherwise that none is found.
fn contradiction(system: &System, about: &Request, tried: &[(usize, bool)]) -> NoDispatch {
    let (mut model, columns, balance, lines) = written(system, about, tried);
    let needed = model.rows()[balance.0].lower;
    model.set_limits(balance, needed, f64::INFINITY);
    let mut tried = tried.to_vec();
    let exceeded = |x: &[f64]| lines.exceeded(&columns, x, &mut tried);
    if solve_lazy(&mut model, exceeded).is_ok() {
        let why = "no dispatch with losses is found; there is one that burns power, so that none is proven not to be there. Leave losses out, or widen limits where prices are below 0";
        return Failure::Stopped(why.into()).into();
    }
    let conflict = match system.told {
        Told::Why => conflict(system, about),
        _ => Conflict::untold(None),
    };
    NoDispatch::Infeasible(Box::new(conflict))
}

/// What is handed on to prices: without what losses bend, which is nothing where the dispatch stays.
fn cleared<'a>(
    (model, columns, balance, lines): (Model, Columns, Row, Lines<'a>),
    x: Vec<f64>,
) -> Cleared<'a> {
    Cleared {
        flows: lines.expected_flows(&columns, &x),
        model,
        x,
        balance,
        jacks: OnJacks::default(),
        columns,
        detail: Detail::Open,
        lines,
        answers: Vec::new(),
        later: Vec::new(),
    }
}

/// The program about a dispatch, with the sides of limits that were tried.
fn written<'a>(
    system: &'a System,
    about: &Request<'a>,
    tried: &[(usize, bool)],
) -> (Model, Columns, Row, Lines<'a>) {
    let (mut model, columns, balance) = program(system, about, Detail::Open);
    let lines = Lines::new(system, about, &columns, Detail::Open);
    for &(k, upper) in tried {
        model.push(lines.row(&columns, k, upper));
    }
    (model, columns, balance, lines)
}

fn losses_about(system: &System, injection_mw: Vec<f64>) -> Result<Rc<Losses>, Failure> {
    let why = "flows with losses are not found: lines would lose more than they bring. Check their resistances (per unit, not ohm), or leave losses out";
    let found = Losses::about(system, injection_mw).map(Rc::new);
    found.ok_or_else(|| Failure::Stopped(why.into()))
}

/// Price of losing one more MWh on every branch, $/MWh, not below 0.
fn worth_of(
    system: &System,
    lines: &Lines,
    model: &Model,
    balance: Row,
    duals: &Duals,
) -> Vec<f64> {
    let duals = &duals.rows;
    let brings = |bus: usize| lines.losses.as_ref().map_or(1.0, |l| l.brings(bus));
    let mut lmp: Vec<f64> = (0..system.bus_ids.len())
        .map(|bus| brings(bus) * duals[balance.0])
        .collect();
    for (row, y) in model.rows().iter().zip(duals).filter(|(_, y)| **y != 0.0) {
        if let Some(k) = super::lines::limit_of(row.tag) {
            let row = lines.ptdf(k).iter();
            lmp.iter_mut().zip(row).for_each(|(lmp, sf)| *lmp += y * sf);
        }
    }
    let ends = (0..system.branch_ids.len()).map(|k| system.network.ends(k));
    let worth = ends.map(|ends| ends.map_or(0.0, |(i, j)| (0.5 * (lmp[i] + lmp[j])).max(0.0)));
    worth.collect()
}

/// Shares by bus.
type Spread = Vec<(usize, f64)>;

/// What losses bend: the columns whose moves do, and what a MWh lost on every branch is worth, $/MWh.
#[derive(Default)]
pub(super) struct Bend {
    moving: BTreeSet<usize>,
    worth: Option<Vec<f64>>,
    /// A column whose part is that of a twin, tied to it by a row: its own cost and limits may be moved.
    apart: Option<usize>,
}

impl Bend {
    /// Takes in the columns that moved; all of them where many did.
    ///
    /// # Errors
    /// There are too many.
    fn follow(&mut self, steps: &[f64], stays: f64) -> Result<(), Failure> {
        let moved = (0..steps.len()).filter(|&j| steps[j] > stays);
        self.moving.extend(moved);
        if self.moving.len() > MANY && steps.len() <= MOST {
            self.moving.extend(0..steps.len());
        }
        match self.moving.len() {
            0..=MOST => Ok(()),
            count => Err(Failure::Stopped(format!(
                "{count} offers share prices that losses set; with losses at most {MOST} can. Give units prices of their own, or leave losses out"
            ))),
        }
    }

    /// The same, with a column that does not move yet, apart.
    pub(super) fn with(&self, column: usize) -> Bend {
        let mut moving = self.moving.clone();
        moving.insert(column);
        Bend {
            moving,
            worth: self.worth.clone(),
            apart: Some(column),
        }
    }

    /// At a dispatch, of the columns between their bounds.
    ///
    /// # Errors
    /// The dispatch has no prices.
    pub(super) fn of(system: &System, cleared: &Cleared) -> Result<Bend, Failure> {
        let Cleared {
            model,
            columns,
            balance,
            lines,
            x,
            ..
        } = cleared;
        let duals = DualFace::new(model, x)?.duals(&[(*balance, 1.0)])?;
        let near = system.tolerance_mw(STAYS_MW);
        let between = |j: &usize| {
            let column = &model.vars()[*j];
            x[*j] > column.lower + near && x[*j] < column.upper - near
        };
        Ok(Bend {
            moving: (0..columns.var.len()).filter(between).collect(),
            worth: Some(worth_of(system, lines, model, *balance, &duals)),
            apart: None,
        })
    }

    /// Adds ½ Δxᵀ H Δx over the columns that move; with `more`, shares of load by bus, a column of
    /// load that moves with them, whose row is returned: it is 0 there.
    ///
    /// # Errors
    /// Flows cannot be followed.
    pub(super) fn add(
        &self,
        system: &System,
        model: &mut Model,
        (columns, lines): (&Columns, &Lines),
        x: &[f64],
        more: Option<&[(usize, f64)]>,
    ) -> Result<Option<Row>, Failure> {
        let both = lines.losses.as_ref().zip(system.rho_per_mw.as_ref());
        let Some((losses, rho)) = both else {
            return Ok(None);
        };
        // Columns at one bus move flows alike.
        let mut alike: Vec<(Spread, Vec<(Var, f64)>)> = Vec::new();
        let mut enter = |spread: &[(usize, f64)], var: Var, at: f64| {
            let mut known = alike.iter_mut();
            match known.find(|(other, _)| other.as_slice() == spread) {
                Some((_, columns)) => columns.push((var, at)),
                None => alike.push((spread.to_vec(), vec![(var, at)])),
            }
        };
        for &j in &self.moving {
            let mut var = columns.var[j];
            if self.apart == Some(j) {
                let twin = model.var("twin", f64::NEG_INFINITY, f64::INFINITY, 0.0);
                model.row("twin", [(var, 1.0), (twin, -1.0)], 0.0, 0.0);
                var = twin;
            }
            enter(&lines.spread[j], var, x[j]);
        }
        let row = more.map(|at| {
            let load = model.var("more_load", -ANY_MW, ANY_MW, 0.0);
            let taken: Spread = at.iter().map(|&(bus, w)| (bus, -w)).collect();
            enter(&taken, load, 0.0);
            model.row("more_load", [(load, 1.0)], 0.0, 0.0)
        });
        let usual = usual_usd_per_mwh(model, x, &self.moving);
        let worth = self.worth.as_ref();
        let weight = |l: usize| 2.0 * rho[l] * worth.map_or(usual, |worth| worth[l]);
        let (spreads, columns): (Vec<Spread>, Vec<Vec<(Var, f64)>>) = alike.into_iter().unzip();
        let lost = || Failure::Numerics("flows with losses are not followed".into());
        let moves = losses.moved_by_each(system, &spreads).ok_or_else(lost)?;
        let bending: Vec<(usize, f64)> = (0..rho.len())
            .map(|l| (l, weight(l).sqrt()))
            .filter(|(_, size)| *size > 0.0)
            .collect();
        let sized = DMatrix::from_fn(bending.len(), moves.len(), |n, i| {
            let (l, size) = bending[n];
            size * moves[i][l]
        });
        let h = sized.transpose() * &sized;
        add_bend(model, &columns, &h);
        Ok(row)
    }
}

/// Adds ½ Δxᵀ H Δx, where the columns (with what they are at) of each entry of H move alike.
fn add_bend(model: &mut Model, alike: &[Vec<(Var, f64)>], h: &DMatrix<f64>) {
    let at = |columns: &[(Var, f64)]| -> f64 { columns.iter().map(|(_, at)| at).sum() };
    let at = DVector::from_iterator(alike.len(), alike.iter().map(|columns| at(columns)));
    let slope = h * &at;
    model.set_constant(model.constant() + 0.5 * slope.dot(&at));
    let columns = alike.iter().enumerate();
    let columns = columns.flat_map(|(i, columns)| columns.iter().map(move |&(var, _)| (i, var)));
    let columns: Vec<(usize, Var)> = columns.collect();
    for (n, &(i, var)) in columns.iter().enumerate() {
        model.set_cost(var, model.vars()[var.0].cost - slope[i]);
        model.quadratic(var, var, 0.5 * h[(i, i)]);
        for &(j, other) in &columns[..n] {
            model.quadratic(var, other, h[(i, j)]);
        }
    }
}

/// What a losses part is made of.
pub struct OfLosses {
    /// Marginal loss factor: MW lost more for each MW put in there.
    pub factor: f64,
    /// −λ LF, $/MWh.
    pub usd_per_mwh: f64,
    /// Lines on which more or less is lost, in the order of the case.
    pub lines: Vec<LostOn>,
}

/// What a line loses more for each MW put in.
pub struct LostOn {
    pub branch: usize,
    pub flow_mw: f64,
    /// MW more on it for each MW.
    pub moved: f64,
    /// 2 ρ f · moved, MW for each MW.
    pub more: f64,
}

impl OfLosses {
    /// At `at` (bus, share) about a dispatch with its flows, MW; `None` where what moves cannot be followed.
    pub(super) fn new(
        system: &System,
        losses: &Losses,
        flows_mw: &[f64],
        (at, energy): (&[(usize, f64)], f64),
    ) -> Option<OfLosses> {
        let factor = at
            .iter()
            .map(|&(bus, share)| share * losses.factors[bus])
            .sum();
        let (rho, moved) = (system.rho_per_mw.as_ref()?, losses.moved_mw(system, at)?);
        let lines = rho.iter().zip(flows_mw).zip(&moved).enumerate();
        let lines = lines.map(|(branch, ((rho, flow), moved))| LostOn {
            branch,
            flow_mw: *flow,
            moved: *moved,
            more: 2.0 * rho * flow * moved,
        });
        Some(OfLosses {
            factor,
            usd_per_mwh: 0.0 - energy * factor,
            lines: lines.filter(|line| line.more != 0.0).collect(),
        })
    }
}

/// The mean of what moving columns bid, $/MWh: what a MWh is worth while there are no multipliers.
fn usual_usd_per_mwh(model: &Model, x: &[f64], moving: &BTreeSet<usize>) -> f64 {
    let bids = model.gradient(x);
    let sum: f64 = moving.iter().map(|&j| bids[j].max(0.0)).sum();
    sum / moving.len().max(1) as f64
}
