//! What one more unit of a load or of a limit does to a dispatch.
//!
//! ```text
//! d(cost) = d·y,   dx_M = A_TM⁻¹ d_T        for limits b + ε d of the rows
//! ```
//!
//! Where bids rise along their blocks, as many more units move as share the next MWh at one price, and the price rises
//! with it: d(cost) = ε d·y + ½ ε² d·v ([`parametric::next`](crate::opt::parametric::next)).
//!
//! A Union Jack bid stays on the triangle that the dispatch found (`plane`).
//!
//! The program is the one that prices are taken from, with every limit that the dispatch meets as a row
//! (`pricing::opened`); the flows of all other lines are looked at beside it, how fast they near their limits with them.

use crate::opt::parametric::{Next, next};
use crate::opt::quadratic::solve;
use crate::opt::{Constraint, Model, Row};

use super::clearing::{Cleared, NoDispatch};
use super::horizon::{self, Interval};
use super::known::clear;
use super::lines::{Lines, side_of};
use super::lossy::{Bend, OfLosses, settled};
use super::plane::{Beside, Planes, Step};
use super::pricing::{Complete, on_triangles, opened};
use super::program::{Columns, Detail, Owner, program};
use super::request::Request;
use crate::market::rt_sced::model::system::{State, System};

/// A step of the proof, MW, where nothing changes before.
const STEP_MW: f64 = 0.1;

/// Amounts smaller than this are rounding, MW per MW.
const MOVES: f64 = 1e-9;

/// A unit or DC line that moves for one more or one less MWh.
pub struct Mover {
    pub id: String,
    pub is_dc_line: bool,
    /// The aggregator it belongs to.
    pub group: Option<String>,
    /// Price of the block that moves, where it stands, $/MWh.
    pub usd_per_mwh: f64,
    /// MW for each MW.
    pub by: f64,
}

/// A step taken by another solver.
pub struct Proof {
    pub step_mw: f64,
    /// What the price says of the cost of the step, and what it costs, $/h.
    pub predicted_usd_per_h: f64,
    pub solved_usd_per_h: f64,
}

/// What a change of limits or of loads does, for each MW of it.
pub struct Turn {
    /// Change of cost, $/MWh.
    pub usd_per_mwh: f64,
    /// What that rises by with each MW, $/MW²h; 0 where no bid rises.
    pub rise_usd_per_mw2h: f64,
    pub units: Vec<Mover>,
    /// What of it falls in the intervals looked ahead at, $/MWh.
    pub later_usd_per_mwh: f64,
    /// Limits whose flow moves, and by how much for each MW.
    pub flows: Vec<(usize, f64)>,
    /// MW until other units take over.
    pub reach_mw: f64,
    pub proof: Proof,
    /// What moves on the critical lines of Union Jack bids.
    pub beside: Vec<Beside>,
    /// What the step of the proof costs with their triangles chosen anew, $/h; `None` without such bids.
    pub anew_usd_per_h: Option<f64>,
}

/// The program of an interval at its optimum.
pub(super) struct Program<'a> {
    system: &'a System,
    pub(super) model: Model,
    pub(super) columns: Columns,
    pub(super) x: Vec<f64>,
    lines: Lines<'a>,
    later: Vec<Interval<'a>>,
    /// Flow that the program expects on every branch, MW.
    flows: Vec<f64>,
    usd_per_h: f64,
    /// What was asked, where losses are, and what they bend: its program holds about one dispatch alone.
    lossy: Option<(Request<'a>, Bend)>,
    planes: Planes,
}

impl<'a> Program<'a> {
    /// The program of a request; a horizon without a dispatch ends early, as it does in the dispatch.
    ///
    /// # Errors
    /// A program without a dispatch.
    pub(super) fn new(
        system: &'a System,
        request: &Request<'a>,
    ) -> Result<Program<'a>, NoDispatch> {
        let cleared = clear(system, request)?;
        if !cleared.jacks.others.is_empty() {
            return Ok(Program::on_planes(system, cleared));
        }
        let request = Request {
            losses: cleared.lines.losses.clone(),
            ahead: &request.ahead[..cleared.later.len()],
            ..request.clone()
        };
        let Complete { model, x, .. } = opened(system, &request, &cleared);
        let lossy = match system.rho_per_mw {
            None => None,
            Some(_) => Some((request.clone(), Bend::of(system, &cleared)?)),
        };
        let (mut own, columns, _) = program(system, &request, Detail::Open);
        let lines = Lines::new(system, &request, &columns, Detail::Open);
        let later = horizon::append(system, &request, &mut own, &columns);
        Ok(Program {
            flows: lines.expected_flows(&columns, &x),
            usd_per_h: model.objective(&x),
            system,
            model,
            columns,
            x,
            lines,
            later,
            lossy,
            planes: Planes::none(),
        })
    }

    /// The program on the triangles of Union Jack bids.
    fn on_planes(system: &'a System, mut cleared: Cleared<'a>) -> Program<'a> {
        let Complete { mut model, x, .. } = on_triangles(system, &cleared);
        // They add up to 1; what moves is followed between bounds.
        for weight in cleared.jacks.weights.iter().flatten() {
            model.set_bounds(*weight, 0.0, 1.0);
        }
        let planes = Planes::new(&mut cleared);
        Program {
            flows: cleared.flows,
            usd_per_h: model.objective(&x),
            system,
            model,
            columns: cleared.columns,
            x,
            lines: cleared.lines,
            later: Vec::new(),
            lossy: None,
            planes,
        }
    }

    /// Groups whose bids see limit `k` by what the others put on it.
    pub(super) fn bids_on(&self, k: usize) -> Vec<usize> {
        self.planes.on(k).map(|plane| plane.group).collect()
    }

    /// Groups that are held to a triangle of their bid.
    pub(super) fn held(&self) -> Vec<usize> {
        self.planes.all.iter().map(|plane| plane.group).collect()
    }

    /// Shift factors of limit `k`, by bus.
    pub(super) fn ptdf(&self, k: usize) -> &[f64] {
        self.lines.ptdf(k)
    }

    /// What the losses part of a price at `at` (bus, share) is made of, where they are asked for.
    pub(super) fn losses(&self, at: &[(usize, f64)], energy: f64) -> Option<OfLosses> {
        OfLosses::new(
            self.system,
            self.lines.losses.as_deref()?,
            &self.flows,
            (at, energy),
        )
    }

    /// Flow that the program expects on limit `k`, MW; of the others, where a Union Jack bid sees the line.
    pub(super) fn flow_mw(&self, k: usize) -> f64 {
        match self.planes.on(k).next() {
            Some(plane) => self.x[plane.other.0],
            None => self.system.flow_on(k, &self.flows),
        }
    }

    /// What one MW more of limit `k` does, or one less: of what the others put on it, where a Union Jack bid sees the line.
    pub(super) fn limit(&self, k: usize, way: f64) -> Result<Option<Turn>, NoDispatch> {
        if self.planes.on(k).next().is_some() {
            let less = if self.flow_mw(k) < 0.0 { way } else { -way };
            let of = |limit: usize| if limit == k { less } else { 0.0 };
            let model = (self.model.clone(), None);
            return self.turn(model, 0.0, |_, _| 0.0, |_| 0.0, of);
        }
        let (mut model, _) = self.bent(None)?;
        let limit = &self.system.limits[k];
        for upper in [true, false].into_iter().filter(|&upper| limit.has(upper)) {
            if !has(&model, &self.lines.row(&self.columns, k, upper)) {
                model.push(self.lines.row(&self.columns, k, upper));
            }
        }
        let moves = |limit: usize, upper: bool| match (limit == k, upper) {
            (false, _) => 0.0,
            (true, true) => way,
            (true, false) => -way,
        };
        self.turn((model, None), 0.0, moves, |_| 0.0, |_| 0.0)
    }

    /// What one MWh more of load spread over buses as `at` does, or one less.
    pub(super) fn load(&self, at: &[(usize, f64)], way: f64) -> Result<Option<Turn>, NoDispatch> {
        let takes = |k: usize| -> f64 {
            let ptdf = self.lines.ptdf(k);
            let on = at.iter().map(|&(bus, share)| ptdf[bus] * share);
            way * on.sum::<f64>()
        };
        let brings = |bus: usize| self.lines.losses.as_ref().map_or(1.0, |l| l.brings(bus));
        let all: f64 = at.iter().map(|&(bus, share)| share * brings(bus)).sum();
        let others = |k: usize| -takes(k);
        let (model, more) = self.bent(Some(at))?;
        let more = more.map(|row| (row, way));
        let turn = self.turn((model, more), way * all, |k, _| takes(k), takes, others)?;
        turn.map(|turn| self.with_losses(turn, at, way)).transpose()
    }

    /// The program with what losses bend, where they are asked for; with load more at `at`, its row.
    fn bent(&self, at: Option<&[(usize, f64)]>) -> Result<(Model, Option<Row>), NoDispatch> {
        let mut model = self.model.clone();
        let row = match &self.lossy {
            None => None,
            Some((_, bend)) => bend.add(
                self.system,
                &mut model,
                (&self.columns, &self.lines),
                &self.x,
                at,
            )?,
        };
        Ok((model, row))
    }

    /// The same, where a column moves that does not yet.
    pub(super) fn bent_with(&self, column: usize) -> Result<Model, NoDispatch> {
        let mut model = self.model.clone();
        if let Some((_, bend)) = &self.lossy {
            let seen = (&self.columns, &self.lines);
            bend.with(column)
                .add(self.system, &mut model, seen, &self.x, None)?;
        }
        Ok(model)
    }

    /// A turn whose proof clears anew, losses and all.
    fn with_losses(
        &self,
        mut turn: Turn,
        at: &[(usize, f64)],
        way: f64,
    ) -> Result<Turn, NoDispatch> {
        if let Some((request, _)) = &self.lossy {
            let step = way * turn.proof.step_mw;
            let more: Vec<(usize, f64)> = at.iter().map(|&(bus, w)| (bus, step * w)).collect();
            let further = Request {
                more_mw: &more,
                ..request.clone()
            };
            let cleared = settled(self.system, &further)?;
            let usd = |state: &State| self.system.cost_usd_per_h(state);
            let now = usd(&cleared.outputs(self.system));
            let before = usd(&settled(self.system, request)?.outputs(self.system));
            turn.proof.solved_usd_per_h = now - before;
        }
        Ok(turn)
    }

    /// What a change does: of `load` in the balance, of `moves` in the sides of limits, of `others` in what the others put
    /// on critical lines; `takes` is what it takes off the flow of a limit by itself.
    fn turn(
        &self,
        (mut model, more): (Model, Option<(Row, f64)>),
        load: f64,
        moves: impl Fn(usize, bool) -> f64,
        takes: impl Fn(usize) -> f64,
        others: impl Fn(usize) -> f64,
    ) -> Result<Option<Turn>, NoDispatch> {
        let (system, columns) = (self.system, &self.columns);
        let limits = || (0..system.limits.len()).flat_map(|k| [(k, true), (k, false)]);
        let (direction, found) = loop {
            let rows = limits().filter_map(|(k, upper)| {
                let row = place(&model, side_of(k, upper))?;
                Some((row, moves(k, upper)))
            });
            let others = self.planes.definitions(&others);
            let rows = std::iter::once((Row(0), load))
                .chain(more)
                .chain(others)
                .chain(rows);
            let direction: Vec<(Row, f64)> = rows.collect();
            let Some(found) = next(&model, &direction)? else {
                return Ok(None);
            };
            // Where several dispatches cost the least, this one may pass limits that the first does not meet.
            if !self.hold(&mut model, &found.at) {
                break (direction, found);
            }
        };
        let (speeds, reach) = self.speeds(&found, &moves, &takes);
        let found = Next {
            reach: found.reach.min(reach),
            ..found
        };
        let first = columns.var.len();
        let later = found.moves.iter();
        let later = later.filter(|(v, _)| v.0 >= first && !self.later.is_empty());
        let flows = speeds.into_iter().enumerate();
        let bids = model.gradient(&found.at);
        let proof = proof(&model, &direction, self.usd_per_h, &found)?;
        let step = Step {
            direction: &direction,
            moves: &moves,
        };
        let seen = (&self.lines, columns);
        let anew = self
            .planes
            .chosen_anew(system, seen, &model, (&step, proof.step_mw))?;
        Ok(Some(Turn {
            beside: self.planes.beside(&found.moves),
            anew_usd_per_h: anew.map(|usd| usd - self.usd_per_h),
            usd_per_mwh: found.price,
            rise_usd_per_mw2h: found.bend,
            units: movers(system, columns, &model, &found, &self.planes),
            later_usd_per_mwh: later.map(|&(v, by)| bids[v.0] * by).sum(),
            flows: flows.filter(|(_, by)| by.abs() > MOVES).collect(),
            reach_mw: found.reach,
            proof,
        }))
    }

    /// Writes the limits that a point of the program passes and that are no rows yet; whether there were any.
    pub(super) fn hold(&self, model: &mut Model, at: &[f64]) -> bool {
        let passed: Vec<Constraint> = self.passed(at);
        let before = model.rows().len();
        for row in passed {
            if !has(model, &row) {
                model.push(row);
            }
        }
        model.rows().len() > before
    }

    /// Rows of the limits that a point of the program passes.
    fn passed(&self, at: &[f64]) -> Vec<Constraint> {
        let flows = self.lines.expected_flows(&self.columns, at);
        let here = self.lines.over(&flows).into_iter();
        let here = here.map(|(k, upper)| self.lines.row(&self.columns, k, upper));
        let later = self.later.iter().flat_map(|interval| {
            let over = interval.over(at).into_iter();
            over.map(|(k, upper)| interval.row(k, upper))
        });
        here.chain(later).collect()
    }

    /// How the flow of every limit moves, and how far it is to the first that is passed and is no row.
    fn speeds(
        &self,
        found: &Next,
        moves: impl Fn(usize, bool) -> f64,
        takes: impl Fn(usize) -> f64,
    ) -> (Vec<f64>, f64) {
        let limits = || self.system.limits.iter().enumerate();
        let mut moved = found.at.clone();
        for &(v, by) in &found.moves {
            moved[v.0] += by;
        }
        let before = self.lines.expected_flows(&self.columns, &found.at);
        let behind = self.lines.expected_flows(&self.columns, &moved);
        let mut reach = f64::INFINITY;
        let mut see = |flow: f64, speed: f64, most: f64| {
            // What is at its limit is a row, and holds it.
            if speed > MOVES && most - flow > MET_MW * (1.0 + most) {
                reach = reach.min((most - flow) / speed);
            }
        };
        let mut speeds = Vec::with_capacity(self.system.limits.len());
        for (k, limit) in limits() {
            if self.lines.covered(k) {
                // Its bid holds the line.
                speeds.push(0.0);
                continue;
            }
            let flow = self.system.flow_on(k, &before);
            let units = self.system.flow_on(k, &behind) - flow;
            let speed = units - takes(k);
            speeds.push(speed);
            // The limit itself may move.
            let own = |upper| moves(k, upper) - takes(k);
            see(flow, speed - own(true), limit.max_p_mw);
            if limit.has(false) {
                see(-flow, -speed + own(false), limit.max_p_mw);
            }
        }
        for interval in &self.later {
            let (before, behind) = (interval.flows(&found.at), interval.flows(&moved));
            for (k, limit) in limits() {
                let on = |flows: &[f64]| self.system.flow_on(k, flows);
                let (flow, then) = (on(&before), on(&behind));
                see(flow, then - flow, limit.max_p_mw);
                if limit.has(false) {
                    see(-flow, flow - then, limit.max_p_mw);
                }
            }
        }
        (speeds, reach)
    }
}

/// A flow this near its limit, relative, is at it.
const MET_MW: f64 = 1e-7;

fn place(model: &Model, tag: crate::opt::Tag) -> Option<Row> {
    model.rows().iter().position(|row| row.tag == tag).map(Row)
}

fn has(model: &Model, row: &Constraint) -> bool {
    place(model, row.tag).is_some()
}

/// The units that move, those of one block price together; an aggregator on its triangle as one.
fn movers(
    system: &System,
    columns: &Columns,
    model: &Model,
    found: &Next,
    planes: &Planes,
) -> Vec<Mover> {
    let bids = model.gradient(&found.at);
    let owner = |v| columns.var.iter().position(|&var| var == v);
    let moves = found.moves.iter().filter_map(|&(v, by)| {
        if let Some(plane) = planes.all.iter().find(|plane| plane.p_a == v) {
            return Some(Mover {
                id: system.groups[plane.group].id.clone(),
                is_dc_line: false,
                group: None,
                usd_per_mwh: plane.slopes.0,
                by,
            });
        }
        let owner = columns.owner[owner(v)?];
        let back = matches!(owner, Owner::DcLine { forward: false, .. });
        let (id, group) = match owner {
            Owner::Generator(g) => (&system.generators[g].id, None),
            Owner::Der(d) => {
                let group = system.group_of[d].map(|a| system.groups[a].id.clone());
                (&system.ders[d].id, group)
            }
            Owner::DcLine { line, .. } => (&system.dc_lines[line].id, None),
            _ => return None,
        };
        Some(Mover {
            id: id.clone(),
            is_dc_line: matches!(owner, Owner::DcLine { .. }),
            group,
            usd_per_mwh: bids[v.0],
            by: if back { -by } else { by },
        })
    });
    moves.collect()
}

/// Clears again a step further, within what the price holds for.
pub(super) fn proof(
    model: &Model,
    direction: &[(Row, f64)],
    cost: f64,
    found: &Next,
) -> Result<Proof, NoDispatch> {
    let step_mw = STEP_MW.min(found.reach);
    let mut further = model.clone();
    for &(row, by) in direction {
        let (lower, upper) = {
            let row = &model.rows()[row.0];
            (row.lower, row.upper)
        };
        further.set_limits(row, lower + step_mw * by, upper + step_mw * by);
    }
    Ok(Proof {
        step_mw,
        predicted_usd_per_h: step_mw * (found.price + 0.5 * step_mw * found.bend),
        solved_usd_per_h: solve(&further)?.objective - cost,
    })
}
