//! What units do after the loss of a line, and what that asks of their outputs before it.
//!
//! ```text
//! min   t
//! s.t.  −ρ P_m^UB − t ≤ P_m + LODF_mk P_k + Σ_g (SF_mg + LODF_mk SF_kg) ΔP_g ≤ ρ P_m^UB + t     every line m    ↔ w_m
//!       Σ_g ΔP_g = 0                                                                                          ↔ ν
//!       max(−R_g T, P_g^LB − P_g) ≤ ΔP_g ≤ min(R_g T, P_g^UB − P_g)                              every unit g
//! ```
//!
//! with k the line that is lost, R_g the ramp and T the minutes there are. Where t is above 0 the outputs P cannot be
//! mended. Whatever w and ν are, no ΔP within its ends has
//!
//! ```text
//! Σ_m w_m (P_m + LODF_mk P_k) + Σ_g c_g ΔP_g,      c_g = Σ_m w_m (SF_mg + LODF_mk SF_kg) − ν
//! ```
//!
//! below the value with every ΔP_g at the end that c_g names, and each of the two parts of that end alone bounds it from
//! below: a row of P that every secure dispatch holds ([`Cut`]), and that these outputs do not.
//!
//! Source: Monticelli, Pereira and Granville, Security-constrained optimal power flow with post-contingency corrective
//! rescheduling, IEEE Trans. Power Systems 2 (1987) 175–180; the rows: Benders, Numerische Mathematik 4 (1962) 238–252.

use std::borrow::Cow;

use super::limit::{Cut, Weighed};
use super::outages::{Corrective, Security};
use super::system::System;
use crate::opt::{Constraint, DualFace, Duals, Model, Row, Tag, Var, simplex};

/// Sides of lines that become rows at a time.
const AT_ONCE: usize = 10;

/// Weights and coefficients, relative, that are none.
const NOTHING: f64 = 1e-12;

/// Distance from a rating, relative, at which a flow may count as meeting it.
const MET: f64 = 1e-6;

/// Room left above the excess where the least moves are looked for, MW.
const ROOM_MW: f64 = 1e-9;

/// The loss of a line, with what it puts on every line with a limit.
#[derive(Clone, Copy)]
pub struct Lost<'a> {
    pub branch: usize,
    pub shares: &'a [f64],
}

/// What can be done after it.
pub struct Correction {
    /// Largest excess over a rating that is left, or over a ramp or range, MW; below 0 where all are within.
    pub excess_mw: f64,
    /// Where the outputs before it miss something, a row that says so; where they just meet it, all that were found.
    pub cuts: Vec<Cut>,
}

/// The correction that leaves the least excess; `None` where it cannot be worked out.
pub fn least_excess(system: &System, lost: Lost, flows_mw: &[f64]) -> Option<Correction> {
    let mut program = Program::new(system, lost, flows_mw)?;
    let unit = system.tolerance_mw(1.0);
    let excess = program.model.var("excess", -unit, f64::INFINITY, 1.0);
    program.excess = Some(excess);
    for (g, &(low, high)) in program.ranges_mw.iter().enumerate() {
        if low < high {
            let v = program.model.var("", low, high, 0.0);
            program.moves.push((g, v, 1.0));
        }
    }
    let x = program.solve(0.0)?;
    let moves_mw = program.moves_mw(&x);
    let excess_mw = program.excess_mw(&moves_mw);
    let tolerance = system.tolerance_mw(super::dispatch::FLOW_TOLERANCE_MW);
    let cuts = match x[excess.0] {
        t if t > tolerance => program.cut(&x).into_iter().collect(),
        t if t >= -MET * unit => program.all_cuts(&x),
        _ => Vec::new(),
    };
    Some(Correction { excess_mw, cuts })
}

/// The least moves, in sum, that leave no more than this excess: of every unit that moves, MW.
pub fn least_moves(
    system: &System,
    lost: Lost,
    flows_mw: &[f64],
    excess_mw: f64,
) -> Option<Vec<(usize, f64)>> {
    let mut program = Program::new(system, lost, flows_mw)?;
    for (g, &(low, high)) in program.ranges_mw.iter().enumerate() {
        for (sign, most) in [(1.0, high), (-1.0, -low)] {
            if most > 0.0 {
                let v = program.model.var("", 0.0, most, 1.0);
                program.moves.push((g, v, sign));
            }
        }
    }
    let room = excess_mw.max(0.0) + system.tolerance_mw(ROOM_MW);
    let x = program.solve(room)?;
    let moves = program.moves_mw(&x).into_iter().enumerate();
    let shown = system.tolerance_mw(1e-6);
    Some(moves.filter(|(_, p)| p.abs() > shown).collect())
}

struct Program<'a> {
    system: &'a System,
    security: &'a Security,
    corrective: &'a Corrective,
    lost: Lost<'a>,
    /// Shift factors of what is lost.
    row: Cow<'a, [f64]>,
    outputs_mw: &'a [f64],
    /// Flow of every line with a limit after the loss, before anything moves, MW.
    after_mw: Vec<f64>,
    /// How far every generator may move, MW.
    ranges_mw: Vec<(f64, f64)>,
    model: Model,
    /// Generators with the variables of their moves.
    moves: Vec<(usize, Var, f64)>,
    excess: Option<Var>,
}

impl<'a> Program<'a> {
    fn new(system: &'a System, lost: Lost<'a>, flows_mw: &'a [f64]) -> Option<Program<'a>> {
        let security = system.security.as_ref()?;
        let corrective = security.corrective.as_ref()?;
        let outputs_mw = flows_mw.get(system.branch_ids.len()..)?;
        let gone = flows_mw[lost.branch];
        let lines = system.limits[system.line_limits()].iter();
        let after_mw = lines
            .zip(lost.shares)
            .map(|(l, s)| flows_mw[l.branch] + s * gone);
        let units = corrective.units.iter().zip(outputs_mw);
        let ranges_mw = units.map(|(unit, p)| {
            let (low, high) = (unit.min_p_mw - p, unit.max_p_mw - p);
            (low.max(-unit.reach_mw), high.min(unit.reach_mw))
        });
        let mut model = Model::new("correction");
        model.set_unit(system.tolerance_mw(1.0));
        Some(Program {
            system,
            security,
            corrective,
            lost,
            row: system.row_of(lost.branch),
            outputs_mw,
            after_mw: after_mw.collect(),
            ranges_mw: ranges_mw.collect(),
            model,
            moves: Vec::new(),
            excess: None,
        })
    }

    fn rating_mw(&self, k: usize) -> f64 {
        self.security.rating * self.system.limits[k].max_p_mw
    }

    /// What one MW of a generator puts on a line with a limit after the loss.
    fn factor(&self, k: usize, g: usize) -> f64 {
        let bus = self.corrective.units[g].bus;
        self.system.ptdf(k)[bus] + self.lost.shares[k] * self.row[bus]
    }

    /// The row of one side of a line, with `room` beside its rating.
    fn side(&self, k: usize, upper: bool, room: f64) -> Constraint {
        let sign = if upper { 1.0 } else { -1.0 };
        let moves = self.moves.iter();
        let moves = moves.map(|&(g, v, way)| (v, sign * way * self.factor(k, g)));
        let excess = self.excess.map(|t| (t, -1.0));
        Constraint {
            terms: moves.chain(excess).filter(|(_, a)| *a != 0.0).collect(),
            lower: f64::NEG_INFINITY,
            upper: self.rating_mw(k) + room - sign * self.after_mw[k],
            tag: Tag::Own(2 * k + usize::from(upper)),
            ..Constraint::default()
        }
    }

    /// Flow of every line with a limit after the loss and moves, MW.
    fn flows_mw(&self, moves_mw: &[f64]) -> Vec<f64> {
        let mut injection_mw = vec![0.0; self.system.bus_ids.len()];
        for (unit, p) in self.corrective.units.iter().zip(moves_mw) {
            injection_mw[unit.bus] += p;
        }
        let added = self.system.network.added_flows_mw(injection_mw);
        let gone = added[self.lost.branch];
        let lines = self.system.limits[self.system.line_limits()].iter();
        let on = lines.zip(self.lost.shares).zip(&self.after_mw);
        on.map(|((l, share), after)| after + added[l.branch] + share * gone)
            .collect()
    }

    fn moves_mw(&self, x: &[f64]) -> Vec<f64> {
        let mut moves = vec![0.0; self.ranges_mw.len()];
        for &(g, v, way) in &self.moves {
            moves[g] += way * x[v.0];
        }
        moves
    }

    /// Sides of lines that flows exceed by more than `most`, the worst first.
    fn over(&self, flows_mw: &[f64], most: f64) -> Vec<(usize, bool)> {
        let limits = &self.system.limits;
        let lines = flows_mw.iter().enumerate();
        let lines = lines.filter(|&(k, _)| limits[k].branch != self.lost.branch);
        let over = lines.map(|(k, flow)| (flow.abs() - self.rating_mw(k), (k, *flow > 0.0)));
        let mut over: Vec<_> = over.filter(|(excess, _)| *excess > most).collect();
        crate::sort::by(&mut over, |a, b| b.0.total_cmp(&a.0));
        over.truncate(AT_ONCE);
        over.into_iter().map(|(_, side)| side).collect()
    }

    /// Solves it, lines entering as they are exceeded.
    fn solve(&mut self, room: f64) -> Option<Vec<f64>> {
        let balance: Vec<_> = self.moves.iter().map(|&(_, v, way)| (v, way)).collect();
        self.model.row("balance", balance, 0.0, 0.0);
        let tolerance = self.system.tolerance_mw(super::dispatch::FLOW_TOLERANCE_MW);
        for (k, upper) in self.over(&self.after_mw, room - tolerance) {
            let side = self.side(k, upper, room);
            self.model.push(side);
        }
        let mut model = std::mem::take(&mut self.model);
        let solution = simplex::solve_lazy(&mut model, |x| {
            let excess = self.excess.map_or(room, |t| x[t.0]);
            let flows = self.flows_mw(&self.moves_mw(x));
            let over = self.over(&flows, excess + 0.1 * tolerance).into_iter();
            over.map(|(k, upper)| self.side(k, upper, room)).collect()
        });
        self.model = model;
        Some(solution.ok()?.x)
    }

    /// The largest excess over a rating, a ramp or a range once units have moved, MW.
    fn excess_mw(&self, moves_mw: &[f64]) -> f64 {
        let limits = &self.system.limits;
        let flows = self.flows_mw(moves_mw).into_iter().enumerate();
        let flows = flows.filter(|&(k, _)| limits[k].branch != self.lost.branch);
        let excess = flows.map(|(k, flow)| flow.abs() - self.rating_mw(k));
        let most = excess.fold(f64::NEG_INFINITY, f64::max);
        let rounding = self.system.tolerance_mw(ROOM_MW);
        let beyond = moves_mw.iter().zip(&self.ranges_mw);
        let beyond = beyond.map(|(p, (low, high))| (low - p).max(p - high));
        let unbalanced = moves_mw.iter().sum::<f64>().abs();
        let beyond = beyond.fold(unbalanced, f64::max);
        if beyond > rounding {
            most.max(beyond)
        } else {
            most
        }
    }

    /// A row of outputs that multipliers of its optimum say.
    fn cut(&self, x: &[f64]) -> Option<Cut> {
        let duals = DualFace::new(&self.model, x).ok()?.duals(&[]).ok()?;
        self.cut_of(&duals, true)
    }

    /// All that are found of the rows that the outputs just meet: lines that are just full count, every multiplier is taken
    /// as great and as small as it may be, and where a ramp ends at a range, both say so.
    fn all_cuts(&mut self, x: &[f64]) -> Vec<Cut> {
        let excess = self.excess.map_or(0.0, |t| x[t.0]);
        let flows = self.flows_mw(&self.moves_mw(x));
        for (k, flow) in flows.iter().enumerate() {
            let rating = self.rating_mw(k);
            let is_met = flow.abs() - rating >= excess - MET * (1.0 + rating);
            let side = self.side(k, *flow > 0.0, 0.0);
            let mut rows = self.model.rows().iter();
            let is_other = self.system.limits[k].branch != self.lost.branch;
            if is_met && is_other && rows.all(|row| row.tag != side.tag) {
                self.model.push(side);
            }
        }
        let Ok(face) = DualFace::new(&self.model, x) else {
            return self.cut(x).into_iter().collect();
        };
        let rows = 0..self.model.rows().len();
        let ways = rows.flat_map(|row| [1.0, -1.0].map(|way| vec![(Row(row), way)]));
        let ways = ways.filter(|_| !face.is_point());
        let mut cuts: Vec<Cut> = Vec::new();
        for way in std::iter::once(Vec::new()).chain(ways) {
            let Ok(duals) = face.duals(&way) else {
                continue;
            };
            for by_ramp in [true, false] {
                let cut = self.cut_of(&duals, by_ramp);
                cuts.extend(cut.filter(|cut| cuts.iter().all(|own| !own.is_same(cut))));
            }
        }
        cuts
    }

    /// The row that multipliers say; where a ramp ends at a range, by the one or the other.
    fn cut_of(&self, duals: &Duals, by_ramp: bool) -> Option<Cut> {
        let near = self.system.tolerance_mw(MET);
        let rows = self.model.rows().iter().zip(&duals.rows);
        let sides = rows.filter_map(|(row, y)| match row.tag {
            Tag::Own(side) if -y > NOTHING => Some((side / 2, if side % 2 == 1 { -y } else { *y })),
            _ => None,
        });
        let mut sides: Vec<(usize, f64)> = sides.collect();
        crate::sort::by(&mut sides, |a, b| b.1.abs().total_cmp(&a.1.abs()));
        let first = sides.first()?.1.abs();
        sides.retain(|(_, w)| w.abs() > 1e-9 * first);
        let lines: Vec<Weighed> = (sides.iter())
            .map(|&(k, w)| Weighed {
                branch: self.system.limits[k].branch,
                weight: w / first,
                share: self.lost.shares[k],
            })
            .collect();
        let level = duals.rows[0] / first;
        let (mut units, mut constant_mw) = (Vec::new(), 0.0);
        for &(g, _, _) in &self.moves {
            let unit = &self.corrective.units[g];
            let of = |&(k, w): &(usize, f64)| w / first * self.factor(k, g);
            let c = sides.iter().map(of).sum::<f64>() - level;
            if c.abs() <= NOTHING {
                continue;
            }
            let end_mw = if c > 0.0 {
                unit.min_p_mw
            } else {
                unit.max_p_mw
            };
            let room_mw = (end_mw - self.outputs_mw[g]).abs();
            let room_mw = if by_ramp {
                room_mw + near
            } else {
                room_mw - near
            };
            if unit.reach_mw <= room_mw {
                constant_mw -= c.abs() * unit.reach_mw;
            } else {
                constant_mw += c * end_mw;
                units.push((g, -c));
            }
        }
        Some(Cut {
            lost: self.lost.branch,
            lines,
            units,
            constant_mw,
            max_p_mw: sides
                .iter()
                .map(|&(k, w)| w.abs() / first * self.rating_mw(k))
                .sum(),
            outputs_at: self.system.branch_ids.len(),
        })
    }
}
