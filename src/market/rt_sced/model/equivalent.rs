//! An aggregator behind its critical lines: network equivalent, aggregated bid.
//!
//! A critical line l is split into two parallel lines, l' for what the aggregator sends over it and
//! l'' for everything else, `Eq. [zuo2022](11)`: P_l = P_l' + P_l''. Given what it is asked to
//! produce and what the others put on the line, the aggregator dispatches its DERs at least cost
//! without overloading it:
//!
//! ```text
//! C_a(P_a, P_l'') = min  Σ c_D,i P_D,i                                       (12)
//!                   s.t. −P_l^UB − P_l'' ≤ P_l' ≤ P_l^UB − P_l''             (13)
//!                        P_l' = Σ SF_li P_D,i                                (14)
//!                        P_a = Σ P_D,i                                       (15)
//!                        P_D,i^LB ≤ P_D,i ≤ P_D,i^UB                         (16)
//! ```
//!
//! With s_l = P_l' + P_l'' for the flow, (13) to (16) say that (P_a, P_l'') is a sum of bounded
//! steps, a block of DER i moving it along (1, −SF_li) and s_l along (0, 1): C_a is a
//! [`CostCurve`], convex and piecewise linear over a zonotope. In the plane of the aggregator's own
//! contribution φ_l = P_l' it is V_a(P_a, φ_a) with steps along (1, SF_li) and no line at all; the
//! flow is then that of the others plus Σ_a φ_a, so any number of aggregators share a line.
//!
//! | symbol | code | unit |
//! |---|---|---|
//! | P_a | coordinate 0 of either curve | MW |
//! | P_l'' | coordinates 1, 2, … of `bid`, one per critical line | MW, from → to |
//! | φ_l = P_l' | coordinates 1, 2, … of `contribution` | MW, from → to |
//! | C_a, V_a | `bid`, `contribution` | $/h |

use crate::market::Failure;
use crate::opt::union_jack::UnionJack;
use crate::opt::zonotope::{CostCurve, Facet, Generator, Listed, Piece, Place, REACH, Reached};
use crate::opt::{self, Constraint, Model, Var, simplex};

use super::system::{State, System};
use crate::market::rt_sced::params::{CriticalLines, Method, NetworkEquivalent, Rectangle, RtSced};
use crate::market::shared::offers::blocks_between;

/// A curve of so few choices of steps is asked faster by going through all of them than by a linear
/// program.
const FEW: usize = 2_000;

/// Choices of steps looked at to list a bid's pieces.
const PIECE_LIMIT: usize = 20_000;

/// One block of a member's offer.
pub struct MemberBlock {
    /// Index into [`System::ders`].
    pub der: usize,
    /// Output of the block, least and greatest, MW.
    pub lower: f64,
    pub upper: f64,
    pub usd_per_mwh: f64,
}

/// One aggregator with its critical lines.
pub struct Equivalent {
    /// Index into [`System::groups`].
    pub group: usize,
    /// Indices into [`System::limits`].
    pub lines: Vec<usize>,
    pub blocks: Vec<MemberBlock>,
    /// V_a(P_a, φ).
    pub contribution: CostCurve,
    /// V_a written out, where that is few cuts and facets.
    pub contribution_listed: Option<Listed>,
    /// C_a(P_a, P_l'').
    pub bid: CostCurve,
    /// C_a on a Union Jack triangulation, for the published method.
    pub jack: Option<Jack>,
}

/// A network equivalent in one interval.
#[derive(Clone, Debug)]
pub struct Answer {
    pub p_a_mw: f64,
    /// P_l'' by critical line, MW.
    pub other_mw: Vec<f64>,
    /// Its cost as the program had it, $/h.
    pub bid_usd_per_h: f64,
    /// Its cost after its own dispatch, `Eq. [zuo2022](12)`, $/h.
    pub cost_usd_per_h: f64,
    /// Output of its blocks, MW.
    pub blocks_mw: Vec<f64>,
}

/// The interpolated bid and the exact one that it interpolates.
pub struct Jack {
    pub grid: UnionJack,
    pub curve: Listed,
}

impl Equivalent {
    /// The aggregator behind the given lines.
    ///
    /// # Errors
    /// A sentence, if an offer or shift factor is not a number.
    pub fn new(system: &System, group: usize, lines: &[usize]) -> Result<Equivalent, Failure> {
        let members = system.groups[group].members.iter();
        let blocks = members.flat_map(|&der| {
            let unit = &system.ders[der];
            let parts = blocks_between(&unit.offer, unit.min_p_mw, unit.max_p_mw);
            parts.map(move |part| MemberBlock {
                der,
                lower: part.lower,
                upper: part.upper,
                usd_per_mwh: part.usd_per_mwh,
            })
        });
        let blocks: Vec<MemberBlock> = blocks.filter(|block| block.upper > 0.0).collect();
        let steps = |sign: f64| -> Vec<Generator> {
            let step = |block: &MemberBlock| {
                let bus = system.ders[block.der].bus;
                let on = lines.iter().map(|&k| sign * system.ptdf(k)[bus]);
                Generator {
                    direction: std::iter::once(1.0).chain(on).collect(),
                    lower: block.lower,
                    upper: block.upper,
                    cost: block.usd_per_mwh,
                }
            };
            blocks.iter().map(step).collect()
        };
        let dimension = 1 + lines.len();
        let contribution = CostCurve::new(dimension, steps(1.0))?;
        let mut with_lines = steps(-1.0);
        for (n, &k) in lines.iter().enumerate() {
            let mut direction = vec![0.0; dimension];
            direction[1 + n] = 1.0;
            with_lines.push(Generator {
                direction,
                lower: -system.limits[k].max_p_mw,
                upper: system.limits[k].max_p_mw,
                cost: 0.0,
            });
        }
        Ok(Equivalent {
            group,
            lines: lines.to_vec(),
            contribution_listed: Listed::of(&contribution, FEW).ok(),
            contribution,
            bid: CostCurve::new(dimension, with_lines)?,
            blocks,
            jack: None,
        })
    }

    /// The same with its bid on a Union Jack triangulation.
    ///
    /// # Errors
    /// More than one critical line, or more pieces than a grid is laid over.
    fn with_jack(
        mut self,
        system: &System,
        settings: &NetworkEquivalent,
        start: &State,
    ) -> Result<Equivalent, Failure> {
        let id = &system.groups[self.group].id;
        let [k] = *self.lines.as_slice() else {
            return Err(format!(
                "the Union Jack plane of aggregator {id} is P_a by P_l'' of one critical line; {} are given. {}",
                self.lines.len(),
                settings.grid_over(self.lines.len())
            ).into());
        };
        let limit = system.limits[k].max_p_mw;
        let others =
            system.flows_mw(start)[system.limits[k].branch] - self.sent_mw(system, &start.ders)[0];
        let own = &settings.own;
        let (p_a, other) = (self.bid.range(0), self.bid.range(1));
        let (x, y) = match settings.rectangle {
            Rectangle::Natural if others < 0.0 => (p_a, (-limit, 0.0)),
            Rectangle::Natural => (p_a, (0.0, limit)),
            Rectangle::Tight => (p_a, other),
            Rectangle::Own => (
                (own.p_a_min_mw, own.p_a_max_mw),
                (own.p_other_min_mw, own.p_other_max_mw),
            ),
        };
        let curve = Listed::of(&self.bid, PIECE_LIMIT)?;
        let wide = |(low, high): (f64, f64)| low < high;
        let has_area = wide(x) && wide(y);
        // A rectangle without area has no triangle: no vertex of any other counts.
        let side = |of: (f64, f64)| if has_area { of } else { (0.0, 1.0) };
        let value = |p_a: f64, other: f64| {
            let inside = has_area.then_some(&curve)?;
            inside.value(&[p_a, other], ON_EDGE_MW)
        };
        let grid = UnionJack::new(settings.m, side(x), side(y), value)?;
        self.jack = Some(Jack { grid, curve });
        Ok(self)
    }

    /// What the aggregator sends over each of its critical lines, MW: `Eq. [zuo2022](14)`.
    pub fn sent_mw(&self, system: &System, ders: &[f64]) -> Vec<f64> {
        let members = &system.groups[self.group].members;
        let on = |&k: &usize| {
            let (ptdf, members) = (system.ptdf(k), members.iter());
            members.map(|&d| ptdf[system.ders[d].bus] * ders[d]).sum()
        };
        self.lines.iter().map(on).collect()
    }

    /// Price of one more MW of P_a with P_l'' as it is, $/MWh, and its least and greatest value;
    /// `None` where P_a can move neither way alone.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn price(&self, answer: &Answer) -> Result<Option<(f64, f64, f64)>, opt::Failure> {
        let point = [&[answer.p_a_mw], answer.other_mw.as_slice()].concat();
        let reached = reached(&self.bid, &point)?;
        let Ok((low, high)) = self.bid.slopes(&reached.x, 0) else {
            return Ok(None);
        };
        // The next MW, or the last where there is no next.
        let price = if high.is_finite() { high } else { low };
        Ok(price.is_finite().then_some((price, low, high)))
    }

    /// Position of limit `k` among the critical lines.
    pub fn line(&self, k: usize) -> Option<usize> {
        self.lines.iter().position(|&l| l == k)
    }

    /// The row of V_a that a point of the dispatch breaks, if it does.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn supporting_row(
        &self,
        over: &[Var],
        cost: Var,
        x: &[f64],
    ) -> Result<Option<Constraint>, opt::Failure> {
        match &self.contribution_listed {
            Some(listed) => Ok(listed.supporting_row(over, cost, x)),
            None => self.contribution.supporting_row(over, cost, x),
        }
    }

    /// Writes the outputs of the blocks into `ders`, MW.
    pub fn write(&self, blocks_mw: &[f64], ders: &mut [f64]) {
        for block in &self.blocks {
            ders[block.der] = 0.0;
        }
        for (block, p) in self.blocks.iter().zip(blocks_mw) {
            ders[block.der] += p;
        }
    }

    /// Output of every DER of the system where the blocks produce so much, MW.
    pub fn outputs_mw(&self, system: &System, blocks_mw: &[f64]) -> Vec<f64> {
        let mut ders = vec![0.0; system.ders.len()];
        self.write(blocks_mw, &mut ders);
        ders
    }

    /// Every piece and facet of the bid.
    ///
    /// # Errors
    /// Too many of them, or DERs that cannot move.
    pub fn listed(&self) -> Result<Bid, Failure> {
        Ok(Bid {
            pieces: self.bid.pieces(PIECE_LIMIT)?,
            region: self.bid.facets(PIECE_LIMIT)?,
        })
    }

    /// The aggregator's program as written, `Eq. [zuo2022](12)` to `(16)`, with P_a and P_l''
    /// between the given ends.
    pub fn program(&self, system: &System, p_a_mw: (f64, f64), other_mw: &[(f64, f64)]) -> Program {
        let mut model = Model::new(format!("aggregator {}", system.groups[self.group].id));
        let p_a = model.var("P_a", p_a_mw.0, p_a_mw.1, 0.0);
        let columns = self.blocks.iter().enumerate().map(|(j, b)| {
            let name = format!("{}_{}", system.ders[b.der].id, j + 1);
            model.var(name, b.lower, b.upper, b.usd_per_mwh)
        });
        let blocks: Vec<Var> = columns.collect();
        let total = blocks.iter().map(|&v| (v, 1.0)).chain([(p_a, -1.0)]);
        model.row("total", total, 0.0, 0.0);
        let mut other = Vec::new();
        let mut sent = Vec::new();
        for (&k, &(low, high)) in self.lines.iter().zip(other_mw) {
            let (id, most) = (&system.limits[k].id, system.limits[k].max_p_mw);
            let ptdf = system.ptdf(k);
            let l2 = model.var(format!("P_{id}''"), low, high, 0.0);
            let free = f64::INFINITY;
            let l1 = model.var(format!("P_{id}'"), -free, free, 0.0);
            let flows = self.blocks.iter().zip(&blocks);
            let flows = flows.map(|(b, &v)| (v, ptdf[system.ders[b.der].bus]));
            model.row(format!("sent_{id}"), flows.chain([(l1, -1.0)]), 0.0, 0.0);
            let both = [(l1, 1.0), (l2, 1.0)];
            model.row(format!("line_{id}"), both, -most, most);
            other.push(l2);
            sent.push(l1);
        }
        Program {
            model,
            p_a,
            other,
            sent,
            blocks,
        }
    }

    /// Algorithm 1 of `[zuo2022]`: the program (12) to (16) once for every pair of P_a and P_l'',
    /// with the flow it sends; `None` where no dispatch of the DERs is feasible. One critical line.
    ///
    /// # Errors
    /// The solver's.
    pub fn aggregated_bid(
        &self,
        system: &System,
        pairs: &[(f64, f64)],
    ) -> Result<Vec<Option<Offer>>, opt::Failure> {
        pairs
            .iter()
            .map(|&(p_a, other)| {
                let program = self.program(system, (p_a, p_a), &[(other, other)]);
                let solution = match simplex::solve(&program.model) {
                    Err(opt::Failure::Infeasible) => return Ok(None),
                    solved => solved?,
                };
                let x = |v: &Var| solution.x[v.0];
                let blocks: Vec<f64> = program.blocks.iter().map(x).collect();
                Ok(Some(Offer {
                    p_a_mw: p_a,
                    cost_usd_per_h: solution.objective,
                    sent_mw: program.sent.first().map_or(0.0, x),
                    ders_mw: self.outputs_mw(system, &blocks),
                }))
            })
            .collect()
    }
}

/// The aggregator's program and its variables.
pub struct Program {
    pub model: Model,
    pub p_a: Var,
    /// P_l'' by critical line.
    pub other: Vec<Var>,
    /// P_l' by critical line.
    pub sent: Vec<Var>,
    pub blocks: Vec<Var>,
}

/// One point of the aggregated bid.
pub struct Offer {
    pub p_a_mw: f64,
    pub cost_usd_per_h: f64,
    /// P_l', MW.
    pub sent_mw: f64,
    /// Output of every DER of the system, MW.
    pub ders_mw: Vec<f64>,
}

/// A bid written out.
pub struct Bid {
    pub pieces: Vec<Piece>,
    pub region: Vec<Facet>,
}

/// Distance to the region's edge within which a vertex of the grid counts as on it, MW.
const ON_EDGE_MW: f64 = 1e-9;

/// The equivalents a run uses; none unless its method is one with network equivalents.
///
/// # Errors
/// A sentence naming the aggregator whose equivalent cannot be built.
pub fn equivalents(
    system: &System,
    params: &RtSced,
    critical: &[(usize, usize)],
    start: &State,
) -> Result<Vec<Equivalent>, Failure> {
    if !params.method.is_equivalent() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for group in 0..system.groups.len() {
        let mine = critical.iter().filter(|(a, _)| *a == group);
        let mut lines: Vec<usize> = mine.map(|(_, k)| *k).collect();
        if params.method == Method::UnionJack && params.equivalent.lines == CriticalLines::Proposed
        {
            // Proposed lines come most telling first; the plane has room for one.
            lines.truncate(1);
        }
        if lines.is_empty() {
            continue;
        }
        let equivalent = Equivalent::new(system, group, &lines)?;
        all.push(match params.method {
            Method::UnionJack => equivalent.with_jack(system, &params.equivalent, start)?,
            _ => equivalent,
        });
    }
    Ok(all)
}

/// The place of a point, in words for the user when there is none.
pub fn reached(curve: &CostCurve, point: &[f64]) -> Result<Reached, opt::Failure> {
    match curve.at(point)? {
        Place::Inside(reached) => Ok(reached),
        Place::Outside { excess, .. } => Err(opt::Failure::Numerics(format!(
            "the aggregator cannot follow: its instruction lies {excess:.1e} MW outside its region (tolerance {REACH:.0e} MW)"
        ))),
    }
}
