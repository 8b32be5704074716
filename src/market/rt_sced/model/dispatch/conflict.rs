//! Why an interval has no dispatch: its program with every limit a row.

use std::collections::{BTreeMap, HashSet};

use crate::opt::infeasible::{
    Explanation, Limit as Held, least_move, linear, relax_among, relax_lazily, relaxed_lazily,
    relaxed_point,
};
use crate::opt::{Constraint, Model, Row, Var};

use super::lines::{FLOW_TOLERANCE_MW, Lines};
use super::program::{Columns, Detail, Owner, program};
use super::request::Request;
use crate::market::rt_sced::model::limit::Limit;
use crate::market::rt_sced::model::screening::Found;
use crate::market::rt_sced::model::system::{System, Unit};
use crate::market::rt_sced::model::tried::Tried;

/// Why nothing could be dispatched.
pub struct Conflict {
    /// Aggregators on a Union Jack, where the program without the grid has a dispatch: no triangle
    /// of the grid holds one.
    pub off_grid: Vec<usize>,
    /// The dispatch exists, but no redispatch of it that actual operation may choose.
    pub in_operation: bool,
    /// What gives way for the least total change, each with its part, MW.
    pub relaxed: Vec<(Cause, f64)>,
    /// Everything in conflict, as a limit of `model`.
    pub limits: BTreeMap<Cause, Vec<Held>>,
    /// Flow on every branch where that has given way, MW; where outages are held alone.
    pub flows_mw: Option<Vec<f64>>,
    /// Limits after losses that are near there and none of the system yet.
    pub found: Found,
    /// The program whose limits these are.
    model: Model,
}

impl Conflict {
    /// That there is one, without what it is.
    pub(super) fn untold(given_way: Option<GivenWay>) -> Conflict {
        let (flows_mw, found) = match given_way {
            Some(given) => (Some(given.flows_mw), given.found),
            None => (None, Found::default()),
        };
        Conflict {
            off_grid: Vec::new(),
            in_operation: false,
            relaxed: Vec::new(),
            limits: BTreeMap::new(),
            flows_mw,
            found,
            model: Model::new(""),
        }
    }

    /// How far this alone has to give way for this interval to clear as it stands, MW; `None` where
    /// no change of it is enough.
    pub fn least_mw(&self, cause: Cause) -> Option<f64> {
        least_move(&self.model, linear, self.limits.get(&cause)?)
    }
}

/// What a limit of the program stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    Line(usize),
    /// The ramp of a generator keeps it from rising further.
    RampUp(usize),
    /// The ramp of a generator keeps it from falling further.
    RampDown(usize),
    Maximum(Unit),
    Minimum(Unit),
    /// A load is more than can be served.
    TooMuchLoad(usize),
    /// A load is less than has to be produced.
    TooLittleLoad(usize),
    /// The same of all loads together, in a system of very many.
    TooMuchLoadInAll,
    TooLittleLoadInAll,
}

impl Cause {
    pub fn is_too_much_load(self) -> bool {
        matches!(self, Cause::TooMuchLoad(_) | Cause::TooMuchLoadInAll)
    }

    pub fn is_too_little_load(self) -> bool {
        matches!(self, Cause::TooLittleLoad(_) | Cause::TooLittleLoadInAll)
    }
}

/// Explains an infeasible interval by the limits a user can change: lines, loads, ramps and the
/// ranges of resources. That neither an output nor a load becomes negative is not up for change.
///
/// Limits that nothing comes near are left out where there are too many to write them all.
pub(super) fn conflict(system: &System, request: &Request) -> Conflict {
    if system.security.is_some() {
        let begun = match &system.gave_way_mw {
            Some(flows_mw) => Some(at_limits(system, flows_mw)),
            None => given_way(system, request).map(|given| given.sides),
        };
        let told = begun.and_then(|sides| secured(system, request, sides));
        if let Some(told) = told {
            return told;
        }
    }
    let open = written(system, request);
    let explanation = relax_among(&open.model, linear, |limit| open.may_change(limit));
    open.conflict(&explanation)
}

/// The same from sides of limits that are likely to matter, others as a point exceeds them.
fn secured(system: &System, request: &Request, sides: Vec<(usize, bool)>) -> Option<Conflict> {
    let mut open = OpenProgram::new(system, request);
    open.add(sides);
    let mut seen = Vec::new();
    let mut model = open.model.clone();
    let may_change = |limit| open.may_change(limit);
    let (explanation, entered) = relax_lazily(&mut model, may_change, ENTERING, |point| {
        let flows = open.flows_mw(point);
        let over = flows.map_or(Vec::new(), |flows| open.lines.over(&flows));
        let is_new = |side: &(usize, bool)| !open.sides.contains(side) && !seen.contains(side);
        let over: Vec<(usize, bool)> = over.into_iter().filter(is_new).collect();
        seen.extend(&over);
        over.iter().map(|&(k, up)| open.row(k, up)).collect()
    })?;
    open.sides.extend(entered.into_iter().map(|n| seen[n]));
    open.model = model;
    Some(open.conflict(&explanation))
}

/// Distance from a limit, relative, from which on a flow is at it.
const AT: f64 = 1e-6;

/// Sides of limits of the system that flows are at or beyond.
fn at_limits(system: &System, flows_mw: &[f64]) -> Vec<(usize, bool)> {
    let limits = system.limits.iter().enumerate();
    let loaded = limits.map(|(k, limit)| (k, limit, system.flow_on(k, flows_mw)));
    let at = loaded.filter(|(_, limit, flow)| {
        let most = limit.max_p_mw;
        limit.loaded_mw(*flow) >= most - AT * (1.0 + most)
    });
    at.map(|(k, limit, flow)| (k, limit.side_of(flow)))
        .collect()
}

/// Where the least gives way.
pub struct GivenWay {
    /// Flow on every branch, MW.
    pub flows_mw: Vec<f64>,
    /// Sides of limits of the system that are near.
    sides: Vec<(usize, bool)>,
    /// Limits after losses that are near, and none of the system yet.
    pub found: Found,
}

/// Where the least gives way, with every limit as it is and after every loss; `None` where it cannot be told.
pub(super) fn given_way(system: &System, request: &Request) -> Option<GivenWay> {
    let open = OpenProgram::new(system, request);
    let mut sides: Vec<(usize, bool)> = Vec::new();
    let mut tried = Tried::new(system);
    let may_change = |limit| open.may_change(limit);
    let point = relaxed_lazily(&open.model, may_change, ENTERING, |point| {
        let Some(flows) = open.flows_mw(point) else {
            return Vec::new();
        };
        let over = open.lines.over(&flows).into_iter();
        let over: Vec<(usize, bool)> = over.filter(|side| !sides.contains(side)).collect();
        let mut rows: Vec<Constraint> = over.iter().map(|&(k, up)| open.row(k, up)).collect();
        sides.extend(over);
        if rows.is_empty() {
            tried.exceeded(system, &[flows], |_, limit, upper| {
                rows.push(open.row_of(limit, upper));
            });
        }
        rows
    })?;
    let flows_mw = open.flows_mw(&point)?;
    Some(GivenWay {
        found: tried.near(Some(std::slice::from_ref(&flows_mw))),
        flows_mw,
        sides,
    })
}

/// The program of a conflict with the limits that it meets.
fn written<'a>(system: &'a System, request: &'a Request<'a>) -> OpenProgram<'a> {
    let sides = (0..system.limits.len()).flat_map(|k| [(k, true), (k, false)]);
    let sides = sides.filter(|&(k, upper)| system.limits[k].has(upper));
    let all = sides.clone().count() * (1 + system.load_mw.len()) <= WRITTEN_OUT;
    let mut open = OpenProgram::new(system, request);
    if all {
        open.add(sides);
        return open;
    }
    loop {
        let point = relaxed_point(&open.model, linear, |limit| open.may_change(limit));
        let missing = open.exceeded(&point);
        if missing.is_empty() {
            return open;
        }
        open.add(missing);
    }
}

/// Net injection by bus where the least gives way, MW.
pub(super) fn given_injection_mw(system: &System, request: &Request) -> Option<Vec<f64>> {
    let open = written(system, request);
    let point = relaxed_point(&open.model, linear, |limit| open.may_change(limit));
    let loads_mw = open.loads_mw(&point)?;
    Some(open.lines.injection_under(&loads_mw, &point))
}

/// Why a dispatch that exists cannot be operated: no outputs of all resources, each at its own bus,
/// are within every limit.
pub fn conflict_in_operation(system: &System, request: &Request) -> Conflict {
    Conflict {
        in_operation: true,
        ..conflict(system, request)
    }
}

/// Rows of limits times loads up to which every row of a conflict is written out; rows added at a
/// time where they are not.
const WRITTEN_OUT: usize = 50_000;
const AT_A_TIME: usize = 100;

/// Rows that enter one program of what gives way, at most.
const ENTERING: usize = 2000;

/// Loads up to which each has a column of its own; more are scaled together.
pub(super) const LOADS_APART: usize = 200;

/// The program of one interval with its loads as columns, so that less load is less at its bus: what
/// gives way does not depend on the reference, to which an amount missing from the balance would be
/// sent.
struct OpenProgram<'a> {
    request: &'a Request<'a>,
    lines: Lines<'a>,
    columns: Columns,
    model: Model,
    /// Columns of loads: the loads that make up each, with their shares.
    loads: Vec<(Var, Vec<(usize, f64)>)>,
    /// What the upper and the lower end of every column stand for.
    ends: Vec<(Option<Cause>, Option<Cause>)>,
    /// The sides of limits that the last rows are, and how many rows come before them.
    sides: Vec<(usize, bool)>,
    before: usize,
}

impl<'a> OpenProgram<'a> {
    fn new(system: &'a System, request: &'a Request<'a>) -> OpenProgram<'a> {
        let (mut model, columns, _) = program(system, request, Detail::Open);
        let lines = Lines::new(system, request, &columns, Detail::Open);
        let mut ends = range_causes(system, request, &columns);
        let balance = model.rows().first().map(|row| row.terms.clone());
        model.truncate_rows(0);
        let mut loads = Vec::new();
        let each = request.loads_mw.iter().enumerate();
        if each.len() <= LOADS_APART {
            for (l, &p) in each {
                let load = model.var(system.load_ids[l].clone(), p, p, 0.0);
                loads.push((load, vec![(l, 1.0)]));
                ends.push((Some(Cause::TooLittleLoad(l)), Some(Cause::TooMuchLoad(l))));
            }
        } else {
            let total: f64 = request.loads_mw.iter().sum();
            let shares = each.map(|(l, p)| (l, if total == 0.0 { 0.0 } else { p / total }));
            loads.push((model.var("load", total, total, 0.0), shares.collect()));
            ends.push((
                Some(Cause::TooLittleLoadInAll),
                Some(Cause::TooMuchLoadInAll),
            ));
        }
        let brings = |l: usize| {
            let losses = request.losses.as_ref();
            losses.map_or(1.0, |losses| losses.brings(system.load_bus[l]))
        };
        let served = loads.iter().map(|(load, parts)| {
            let brought = parts.iter().map(|&(l, share)| share * brings(l));
            (*load, -brought.sum::<f64>())
        });
        let balance = balance.unwrap_or_default().into_iter().chain(served);
        let needed = request.losses.as_ref().map_or(0.0, |l| l.needed_mw());
        model.row("power_balance", balance, needed, needed);
        let positive = |j: &usize| model.vars()[*j].lower > 0.0;
        let positive: Vec<usize> = (0..model.vars().len()).filter(positive).collect();
        for j in positive {
            model.row("", [(Var(j), 1.0)], 0.0, f64::INFINITY);
        }
        OpenProgram {
            request,
            lines,
            columns,
            before: model.rows().len(),
            model,
            loads,
            ends,
            sides: Vec::new(),
        }
    }

    /// Writes sides of limits as rows.
    fn add(&mut self, sides: impl IntoIterator<Item = (usize, bool)>) {
        for (k, upper) in sides {
            let row = self.row(k, upper);
            self.model.push(row);
            self.sides.push((k, upper));
        }
    }

    /// The row of a limit with the loads as columns, −SF each.
    fn row(&self, k: usize, upper: bool) -> Constraint {
        let row = self.lines.row(&self.columns, k, upper);
        self.with_loads(row, self.lines.ptdf(k))
    }

    /// The same of a limit that need not be one of the system.
    fn row_of(&self, limit: &Limit, upper: bool) -> Constraint {
        let row = self.lines.row_of(&self.columns, limit, upper);
        self.with_loads(row, self.lines.system.ptdf_of(limit))
    }

    fn with_loads(&self, mut row: Constraint, factors: &[f64]) -> Constraint {
        for (load, parts) in &self.loads {
            let on_line =
                |&(l, share): &(usize, f64)| share * factors[self.lines.system.load_bus[l]];
            let factor: f64 = parts.iter().map(on_line).sum();
            let p_mw = self.model.vars()[load.0].lower;
            row.terms.push((*load, -factor));
            row.lower -= factor * p_mw;
            row.upper -= factor * p_mw;
        }
        row
    }

    /// Sides of limits that are no rows yet and that a point exceeds most.
    fn exceeded(&self, point: &[f64]) -> Vec<(usize, bool)> {
        let flows = (!point.is_empty()).then(|| self.flows_mw(point)).flatten();
        let Some(flows) = flows else {
            return Vec::new();
        };
        let held: HashSet<&(usize, bool)> = self.sides.iter().collect();
        let mut over: Vec<(f64, (usize, bool))> = Vec::new();
        for (k, limit) in self.lines.system.limits.iter().enumerate() {
            let flow = self.lines.system.flow_on(k, &flows);
            for (upper, flow) in [(true, flow), (false, -flow)] {
                let excess = flow - limit.max_p_mw;
                let is_new = limit.has(upper) && !held.contains(&(k, upper));
                if excess > FLOW_TOLERANCE_MW && is_new {
                    over.push((excess, (k, upper)));
                }
            }
        }
        crate::sort::by(&mut over, |a, b| b.0.total_cmp(&a.0));
        over.into_iter()
            .take(AT_A_TIME)
            .map(|(_, side)| side)
            .collect()
    }

    /// What a limit stands for; the balance, and that nothing is negative, hold in any case.
    fn cause(&self, limit: Held) -> Option<Cause> {
        match limit {
            Held::RowLower(row) | Held::RowUpper(row) => {
                let (k, _) = self.sides.get(row.0.checked_sub(self.before)?)?;
                Some(Cause::Line(*k))
            }
            Held::VarUpper(var) => self.ends.get(var.0)?.0,
            Held::VarLower(var) => self.ends.get(var.0)?.1,
            Held::Cone(_) => None,
        }
    }

    fn may_change(&self, limit: Held) -> bool {
        let above_zero = match limit {
            Held::VarLower(var) => self.model.vars()[var.0].lower > 0.0,
            _ => true,
        };
        above_zero && self.cause(limit).is_some()
    }

    /// Flow on every branch at a point, with the loads that it serves, MW.
    fn flows_mw(&self, point: &[f64]) -> Option<Vec<f64>> {
        let loads_mw = self.loads_mw(point)?;
        Some(self.lines.flows_under(&loads_mw, &self.columns, point))
    }

    /// The loads that a point serves, MW.
    fn loads_mw(&self, point: &[f64]) -> Option<Vec<f64>> {
        let mut loads_mw = self.request.loads_mw.to_vec();
        for (load, parts) in &self.loads {
            for &(l, share) in parts {
                loads_mw[l] = share * point.get(load.0)?;
            }
        }
        Some(loads_mw)
    }

    fn conflict(self, explanation: &Explanation) -> Conflict {
        let mut relaxed: Vec<(Cause, f64)> = Vec::new();
        for part in &explanation.relaxations {
            let Some(cause) = self.cause(part.limit) else {
                continue;
            };
            match relaxed.iter_mut().find(|(other, _)| *other == cause) {
                Some((_, amount)) => *amount += part.amount,
                None => relaxed.push((cause, part.amount)),
            }
        }
        let weighted = explanation.weights.iter();
        let mut limits: BTreeMap<Cause, Vec<Held>> = weighted
            .filter_map(|&(limit, _)| Some((self.cause(limit)?, Vec::new())))
            .collect();
        // A range of a unit is held by all its blocks together.
        let ends = |(lower, upper): (f64, f64), low: Held, high: Held| {
            let low = lower.is_finite().then_some(low);
            low.into_iter().chain(upper.is_finite().then_some(high))
        };
        let columns = self.model.vars().iter().enumerate();
        let columns = columns.flat_map(|(j, v)| {
            let of = Var(j);
            ends((v.lower, v.upper), Held::VarLower(of), Held::VarUpper(of))
        });
        let rows = self.model.rows().iter().enumerate();
        let rows = rows.flat_map(|(i, r)| {
            let of = Row(i);
            ends((r.lower, r.upper), Held::RowLower(of), Held::RowUpper(of))
        });
        for limit in columns.chain(rows).filter(|&limit| self.may_change(limit)) {
            let cause = self.cause(limit);
            if let Some(held) = cause.and_then(|cause| limits.get_mut(&cause)) {
                held.push(limit);
            }
        }
        let equivalents = self.request.equivalents().iter();
        let on_grid = equivalents.filter(|e| e.jack.is_some()).map(|e| e.group);
        Conflict {
            off_grid: match relaxed.is_empty() && explanation.total == 0.0 {
                true => on_grid.collect(),
                false => Vec::new(),
            },
            in_operation: false,
            relaxed,
            limits,
            flows_mw: match self.lines.system.security {
                Some(_) => self.flows_mw(&explanation.point),
                None => None,
            },
            found: Found::default(),
            model: self.model,
        }
    }
}

/// What the upper and the lower end of every column stand for: the ramp where it is what keeps a
/// generator, else its maximum or minimum.
fn range_causes(
    system: &System,
    request: &Request,
    columns: &Columns,
) -> Vec<(Option<Cause>, Option<Cause>)> {
    let of = |owner: &Owner| {
        let unit = match *owner {
            Owner::Generator(g) => Unit::Generator(g),
            Owner::Der(d) => Unit::Der(d),
            _ => return (None, None),
        };
        let (above, below) = ends(system, request, unit);
        (Some(above), Some(below))
    };
    columns.owner.iter().map(of).collect()
}

/// What the greatest and the least output of a unit stand for.
pub(super) fn ends(system: &System, request: &Request, unit: Unit) -> (Cause, Cause) {
    let Unit::Generator(g) = unit else {
        return (Cause::Maximum(unit), Cause::Minimum(unit));
    };
    let (low, high) = request.generator_range_mw[g];
    let above = match high < system.generators[g].max_p_mw {
        true => Cause::RampUp(g),
        false => Cause::Maximum(unit),
    };
    let below = match low > system.generators[g].min_p_mw {
        true => Cause::RampDown(g),
        false => Cause::Minimum(unit),
    };
    (above, below)
}
