//! One dispatch: the linear program of one interval, its limits and its prices.

use crate::opt::infeasible::{Explanation, Limit, explain_among, linear};
use crate::opt::{Certificate, Model, NewRow, Outcome, Row, Var, certify, simplex};

use super::prices::{Prices, prices};
use super::system::{State, System};

/// How the program sees aggregated DERs.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    /// Each DER at its own bus (elemental pricing nodes).
    Elemental,
    /// Each aggregator as one node; distribution factors by group and member.
    Factors(&'a [Vec<f64>]),
}

/// What one dispatch is asked for.
pub struct Request<'a> {
    pub name: String,
    pub sight: Sight<'a>,
    /// Latest state estimation; its flows are taken as measured.
    pub se: &'a State,
    /// Loads to be served, MW.
    pub loads_mw: &'a [f64],
    /// Least and greatest output of each generator, MW, ramps included.
    pub generator_range_mw: &'a [(f64, f64)],
    /// Limits that bound last time: tried first, as (limit, upper side).
    pub likely: &'a [(usize, bool)],
}

/// A cleared interval.
pub struct Dispatch {
    pub generators_mw: Vec<f64>,
    /// Output the program gives each DER; inside an aggregator only its total is an instruction.
    pub ders_mw: Vec<f64>,
    pub prices: Prices,
    pub certificate: Certificate,
    pub binding: Vec<(usize, bool)>,
}

/// Why nothing could be dispatched.
pub struct Conflict {
    pub explanation: Explanation,
    rows: Vec<Cause>,
    columns: Vec<Cause>,
}

impl Conflict {
    /// What a limit of the program stands for.
    pub fn cause(&self, limit: Limit) -> Option<Cause> {
        match limit {
            Limit::RowLower(row) | Limit::RowUpper(row) => self.rows.get(row.0).copied(),
            Limit::VarLower(var) | Limit::VarUpper(var) => self.columns.get(var.0).copied(),
            Limit::Cone(_) => None,
        }
    }
}

/// What a row or bound of the program stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Balance,
    Line(usize),
    Generator(usize),
    Der(usize),
}

/// Ways a dispatch can end without a schedule.
pub enum Failure {
    Infeasible(Box<Conflict>),
    Numerics(String),
}

/// Who owns a column of the program.
#[derive(Clone, Copy)]
enum Owner {
    Generator(usize),
    Der(usize),
}

struct Columns {
    owner: Vec<Owner>,
    var: Vec<Var>,
}

/// Blocks of an offer between `low` and `high`: (lower, upper, price) of each block's share.
///
/// Prices do not decrease, so filling the blocks below `low` first costs least.
fn blocks_between(
    offer: &[crate::case::Block],
    low: f64,
    high: f64,
) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
    let mut before = 0.0;
    offer.iter().map(move |block| {
        let width = block.p_mw;
        let lower = (low - before).clamp(0.0, width);
        let upper = (high - before).clamp(0.0, width);
        before += block.p_mw;
        (lower, upper, block.usd_per_mwh)
    })
}

/// `Eq. [zuo2022](5)`, `(6)`, `(7)`, `(8)`: offers in blocks, one balance row, bounds.
fn program(system: &System, request: &Request) -> (Model, Columns, Row) {
    let mut model = Model::new(request.name.clone());
    let mut columns = Columns {
        owner: Vec::new(),
        var: Vec::new(),
    };
    let generators = system.generators.iter().zip(request.generator_range_mw);
    for (g, (unit, &(low, high))) in generators.enumerate() {
        for (k, (lower, upper, price)) in blocks_between(&unit.offer, low, high).enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.owner.push(Owner::Generator(g));
            columns.var.push(var);
        }
    }
    for (d, unit) in system.ders.iter().enumerate() {
        let blocks = blocks_between(&unit.offer, unit.min_p_mw, unit.max_p_mw);
        for (k, (lower, upper, price)) in blocks.enumerate() {
            let var = model.var(format!("{}_{}", unit.id, k + 1), lower, upper, price);
            columns.owner.push(Owner::Der(d));
            columns.var.push(var);
        }
    }
    let load: f64 = request.loads_mw.iter().sum();
    let balance = model.row(
        "power_balance",
        columns.var.iter().map(|&v| (v, 1.0)),
        load,
        load,
    );
    (model, columns, balance)
}

/// The network as the program of one interval sees it: `Eq. [zuo2022](3)`, `(4)`, `(10)`.
struct Lines<'a> {
    system: &'a System,
    sight: Sight<'a>,
    loads_mw: &'a [f64],
    /// Measured flow minus the flow the program's own picture of the state would give, MW.
    correction_mw: Vec<f64>,
    /// Column's injection as (bus, share).
    spread: Vec<Vec<(usize, f64)>>,
}

impl<'a> Lines<'a> {
    fn new(system: &'a System, request: &Request<'a>, columns: &Columns) -> Lines<'a> {
        let spread = columns
            .owner
            .iter()
            .map(|owner| match *owner {
                Owner::Generator(g) => vec![(system.generators[g].bus, 1.0)],
                Owner::Der(d) => spread_of_der(system, request.sight, d),
            })
            .collect();
        let mut lines = Lines {
            system,
            sight: request.sight,
            loads_mw: request.loads_mw,
            correction_mw: Vec::new(),
            spread,
        };
        lines.correction_mw = match request.sight {
            Sight::Elemental => vec![0.0; system.branch_ids.len()],
            Sight::Factors(_) => {
                let measured = system.flows_mw(request.se);
                let pictured = system
                    .network
                    .flows_mw(&lines.pictured_injection(request.se));
                measured.iter().zip(&pictured).map(|(m, p)| m - p).collect()
            }
        };
        lines
    }

    /// Injections of a state as the program pictures them: aggregates spread by their factors.
    fn pictured_injection(&self, state: &State) -> Vec<f64> {
        let system = self.system;
        let mut injection = vec![0.0; system.bus_ids.len()];
        for (g, p) in system.generators.iter().zip(&state.generators) {
            injection[g.bus] += p;
        }
        for (bus, p) in system.load_bus.iter().zip(&state.loads) {
            injection[*bus] -= p;
        }
        for (d, &p) in state.ders.iter().enumerate() {
            for (bus, share) in spread_of_der(system, self.sight, d) {
                injection[bus] += share * p;
            }
        }
        injection
    }

    /// Flow the program expects on every branch for a point of the program, MW.
    fn expected_flows(&self, x: &[f64]) -> Vec<f64> {
        let system = self.system;
        let mut injection = vec![0.0; system.bus_ids.len()];
        for (bus, p) in system.load_bus.iter().zip(self.loads_mw) {
            injection[*bus] -= p;
        }
        for (spread, p) in self.spread.iter().zip(x) {
            for (bus, share) in spread {
                injection[*bus] += share * p;
            }
        }
        let mut flows = system.network.flows_mw(&injection);
        for (flow, correction) in flows.iter_mut().zip(&self.correction_mw) {
            *flow += correction;
        }
        flows
    }

    /// Row of limit `k`: Σ coefficient · column ≤ right-hand side on the upper side, ≥ on the lower.
    fn row(&self, columns: &Columns, k: usize, upper: bool) -> NewRow {
        let system = self.system;
        let limit = &system.limits[k];
        let shift_factors = system.shift_factors(k);
        let on_line = |spread: &Vec<(usize, f64)>| {
            spread
                .iter()
                .map(|(b, s)| shift_factors[*b] * s)
                .sum::<f64>()
        };
        let terms = columns
            .var
            .iter()
            .zip(&self.spread)
            .map(|(&v, spread)| (v, on_line(spread)))
            .filter(|(_, coefficient)| *coefficient != 0.0)
            .collect();
        let from_loads: f64 = system
            .load_bus
            .iter()
            .zip(self.loads_mw)
            .map(|(bus, p)| -shift_factors[*bus] * p)
            .sum();
        let constant =
            from_loads + self.correction_mw[limit.branch] + system.shifter_flow_mw(limit.branch);
        NewRow {
            name: row_name(system, k, upper),
            terms,
            lower: if upper {
                f64::NEG_INFINITY
            } else {
                -limit.max_p_mw - constant
            },
            upper: if upper {
                limit.max_p_mw - constant
            } else {
                f64::INFINITY
            },
        }
    }
}

fn row_name(system: &System, k: usize, upper: bool) -> String {
    let side = if upper { "max" } else { "min" };
    format!("flow_{}_{side}", system.limits[k].id)
}

fn spread_of_der(system: &System, sight: Sight, d: usize) -> Vec<(usize, f64)> {
    match (sight, system.group_of[d]) {
        (Sight::Factors(factors), Some(a)) => system.groups[a]
            .members
            .iter()
            .zip(&factors[a])
            .map(|(&m, &share)| (system.ders[m].bus, share))
            .collect(),
        _ => vec![(system.ders[d].bus, 1.0)],
    }
}

/// Largest excess of an expected flow over its limit that counts as satisfied, MW.
pub const FLOW_TOLERANCE_MW: f64 = 1e-7;

/// The least-cost point of one interval, before prices.
struct Cleared<'a> {
    model: Model,
    x: Vec<f64>,
    balance: Row,
    /// Rows of limits: row, limit, upper side.
    rows: Vec<(Row, usize, bool)>,
    columns: Columns,
    lines: Lines<'a>,
}

/// Solves the program; limits enter only when they are violated.
fn clear<'a>(system: &'a System, request: &Request<'a>) -> Result<Cleared<'a>, Failure> {
    let (mut model, columns, balance) = program(system, request);
    let lines = Lines::new(system, request, &columns);
    for &(k, upper) in request.likely {
        model.push(lines.row(&columns, k, upper));
    }
    let mut tried: Vec<(usize, bool)> = request.likely.to_vec();
    let outcome = simplex::solve_lazy(&mut model, |x| {
        let flows = lines.expected_flows(x);
        let mut cuts = Vec::new();
        for (k, limit) in system.limits.iter().enumerate() {
            let flow = flows[limit.branch];
            for upper in [true, false] {
                let excess = if upper { flow } else { -flow } - limit.max_p_mw;
                if excess > FLOW_TOLERANCE_MW && !tried.contains(&(k, upper)) {
                    tried.push((k, upper));
                    cuts.push(lines.row(&columns, k, upper));
                }
            }
        }
        cuts
    });
    let x = match outcome {
        Outcome::Optimal(solution) => solution.x,
        Outcome::Infeasible => {
            return Err(Failure::Infeasible(Box::new(conflict(system, request))));
        }
        Outcome::Unbounded => return Err(Failure::Numerics("the dispatch is unbounded".into())),
        Outcome::Failed(why) => return Err(Failure::Numerics(why)),
    };
    // By name: the solver leaves out a row that the point already meets.
    let named = |name: &str| {
        let mut tried = tried.iter();
        tried.find(|(k, upper)| row_name(system, *k, *upper) == name)
    };
    let limits = model.rows().iter().enumerate().skip(1);
    let rows = limits
        .filter_map(|(i, row)| named(&row.name).map(|&(k, upper)| (Row(i), k, upper)))
        .collect();
    Ok(Cleared {
        model,
        x,
        balance,
        rows,
        columns,
        lines,
    })
}

impl Cleared<'_> {
    /// Output of generators and DERs, MW.
    fn outputs_mw(&self, system: &System) -> (Vec<f64>, Vec<f64>) {
        let mut generators = vec![0.0; system.generators.len()];
        let mut ders = vec![0.0; system.ders.len()];
        for (owner, p) in self.columns.owner.iter().zip(&self.x) {
            match *owner {
                Owner::Generator(g) => generators[g] += p,
                Owner::Der(d) => ders[d] += p,
            }
        }
        (generators, ders)
    }
}

/// The schedule of one interval alone: what every generator and DER is to produce.
///
/// # Errors
/// As [`dispatch`].
pub fn schedule(system: &System, request: &Request) -> Result<State, Failure> {
    let (generators, ders) = clear(system, request)?.outputs_mw(system);
    let loads = request.loads_mw.to_vec();
    Ok(State {
        generators,
        ders,
        loads,
    })
}

/// Clears one interval: least cost within the limits as the program sees them, with prices.
///
/// The certificate covers every limit, also those that never became a row.
///
/// # Errors
/// [`Failure::Infeasible`] names the limits in conflict.
pub fn dispatch(system: &System, request: &Request) -> Result<Dispatch, Failure> {
    let cleared = clear(system, request)?;
    let Cleared {
        model,
        x,
        balance,
        rows,
        ..
    } = &cleared;
    let (prices, duals) =
        prices(system, request.sight, model, x, *balance, rows).map_err(Failure::Numerics)?;
    let mut certificate = certify(request.name.clone(), model, x, Some(&duals));
    let worst = system
        .overloads_mw(&cleared.lines.expected_flows(x))
        .into_iter()
        .fold(0.0, f64::max);
    certificate.largest_violation = certificate.largest_violation.max(worst);
    certificate.certified &= worst <= FLOW_TOLERANCE_MW;
    let binding = rows
        .iter()
        .filter(|(row, _, _)| duals.rows[row.0] != 0.0)
        .map(|&(_, k, upper)| (k, upper))
        .collect();
    let (generators_mw, ders_mw) = cleared.outputs_mw(system);
    Ok(Dispatch {
        generators_mw,
        ders_mw,
        prices,
        certificate,
        binding,
    })
}

/// The whole program with every limit written out, and what its rows and columns stand for.
fn full_program(system: &System, request: &Request) -> (Model, Vec<Cause>, Vec<Cause>) {
    let (mut model, columns, _) = program(system, request);
    let lines = Lines::new(system, request, &columns);
    let mut rows = vec![Cause::Balance];
    for k in 0..system.limits.len() {
        for upper in [true, false] {
            model.push(lines.row(&columns, k, upper));
            rows.push(Cause::Line(k));
        }
    }
    let cause = |owner: &Owner| match *owner {
        Owner::Generator(g) => Cause::Generator(g),
        Owner::Der(d) => Cause::Der(d),
    };
    (model, rows, columns.owner.iter().map(cause).collect())
}

/// The program of one interval as text, every limit a named row.
pub fn lp_file(system: &System, request: &Request) -> String {
    crate::opt::lp_file::write(&full_program(system, request).0)
}

/// Explains an infeasible interval by the limits a user can change: lines, load, and the ranges
/// of resources. That no output is negative is not up for change.
fn conflict(system: &System, request: &Request) -> Conflict {
    let (model, rows, columns) = full_program(system, request);
    let lower = |var: Var| model.vars().get(var.0).map_or(0.0, |column| column.lower);
    let explanation = explain_among(&model, linear, |limit| match limit {
        Limit::VarLower(var) => lower(var) > 0.0,
        _ => true,
    });
    Conflict {
        explanation,
        rows,
        columns,
    }
}
