//! One aggregator behind one line, on the plane of what it produces and what the others put on the
//! line: its feasible region, the pieces of its bid, the grid of the published method, what
//! distribution factors allow, and the operating points of the intervals.

use crate::market::Failure;
use crate::network::combined;
use crate::opt::Limit as ModelLimit;
use crate::opt::projection;

use super::critical::Standing;
use super::equivalent::{Bid, Equivalent, Offer, Program};
use super::process::{Interval, Roll, initial_state};
use super::system::System;
use crate::market::rt_sced::params::RtSced;

/// More pieces than this are a picture of nothing.
const PIECES_SHOWN: usize = 150;

/// Levels of P_a in the table of the aggregated bid.
const LEVELS: usize = 9;

/// The region of one aggregator behind one line.
pub struct Region {
    /// Index into [`System::groups`].
    pub group: usize,
    /// Index into [`System::limits`].
    pub limit: usize,
    pub equivalent: Equivalent,
    pub bid: Bid,
}

/// A region with everything that is shown of it beside a run.
pub struct RegionOfRun {
    pub region: Region,
    pub pieces: Vec<Piece>,
    pub edges: Vec<Edge>,
    /// By interval.
    pub points: Vec<OperatingPoint>,
    /// The aggregated bid at the last interval's P_l'': Algorithm 1.
    pub offers: Vec<Offer>,
}

/// One linear piece of the cost: per_p_a · P_a + per_other · P_l'' + constant.
pub struct Piece {
    pub usd_per_mwh_of_p_a: f64,
    pub usd_per_mwh_of_other: f64,
    pub constant_usd_per_h: f64,
    /// P_a and P_l'' (MW) and cost ($/h) around the piece.
    pub corners: Vec<(f64, f64, f64)>,
    /// DERs that move for the next MW.
    pub ders: Vec<usize>,
    pub line_full: bool,
}

/// One edge of the region with the limits whose sum it is.
#[derive(Default)]
pub struct Edge {
    pub from: (f64, f64),
    pub to: (f64, f64),
    /// The line's limit, as often as it takes part: in reverse?
    pub line_reversed: Vec<bool>,
    pub at_maximum: Vec<usize>,
    pub at_minimum: Vec<usize>,
}

/// Where an interval left the aggregator, and the greatest P_a at its P_l'': what distribution factors
/// allow against what is so, MW.
pub struct OperatingPoint {
    pub p_a_mw: f64,
    pub other_mw: f64,
    /// Least and greatest P_a of the region, with the split that the line allows.
    pub reach_mw: (f64, f64),
    /// Greatest P_a by the factors.
    pub by_factors_mw: f64,
    /// Greatest P_a as the aggregator splits it: by merit order.
    pub by_merit_mw: f64,
    /// Corners of all that the factors allow from the state measured before, (P_a, P_l'') in MW.
    pub promised: Vec<(f64, f64)>,
}

impl OperatingPoint {
    pub fn is_outside(&self) -> bool {
        let (low, high) = self.reach_mw;
        self.p_a_mw > high + 1e-6 || self.p_a_mw < low - 1e-6
    }

    /// Promised by the factors and not deliverable.
    pub fn beyond_mw(&self) -> f64 {
        (self.by_factors_mw - self.by_merit_mw).max(0.0)
    }

    /// Deliverable and not used.
    pub fn forgone_mw(&self) -> f64 {
        (self.by_merit_mw - self.by_factors_mw).max(0.0)
    }
}

/// Name of the plane of an aggregator and a line: what the page hands back to ask about a point.
pub fn key(system: &System, group: usize, limit: usize) -> String {
    let (group, limit) = (&system.groups[group], &system.limits[limit]);
    format!("{} behind {}", group.id, limit.id)
}

/// The aggregator and line that a key names.
pub fn of_key(system: &System, wanted: &str) -> Option<(usize, usize)> {
    let limits = system.line_limits().len();
    (0..system.groups.len() * limits)
        .map(|k| (k / limits, k % limits))
        .find(|&(group, limit)| key(system, group, limit) == wanted)
}

/// The region that a run is looked at through: that of the watched aggregator, or the first behind an
/// equivalent, and the first of its critical lines or the most telling one. `None` without one.
///
/// # Errors
/// A sentence: the region is too much to show.
pub fn of_run(
    system: &System,
    params: &RtSced,
    run: &Roll,
    watched: Option<usize>,
    standings: &[Standing],
) -> Option<Result<RegionOfRun, Failure>> {
    let equivalents = &run.process.equivalents;
    let group = watched.or(equivalents.first().map(|e| e.group))?;
    let limit = match equivalents.iter().find(|e| e.group == group) {
        Some(equivalent) => *equivalent.lines.first()?,
        None => standings.iter().find(|s| s.group == group)?.limit,
    };
    let region = Region::new(system, group, limit);
    Some(region.and_then(|region| region.beside(system, params, run)))
}

impl Region {
    /// # Errors
    /// Too many pieces to list, or DERs that cannot move.
    pub fn new(system: &System, group: usize, limit: usize) -> Result<Region, Failure> {
        let equivalent = Equivalent::new(system, group, &[limit])?;
        Ok(Region {
            group,
            limit,
            bid: equivalent.listed()?,
            equivalent,
        })
    }

    fn beside(self, system: &System, params: &RtSced, run: &Roll) -> Result<RegionOfRun, Failure> {
        let pieces = self.bid.pieces.len();
        if pieces > PIECES_SHOWN {
            return Err(format!(
                "the bid of {} behind line {} has {pieces} pieces, more than the {PIECES_SHOWN} a picture can show",
                system.groups[self.group].id, system.limits[self.limit].id
            ).into());
        }
        let edges = self.edges(system)?;
        let start = initial_state(system, params).ders;
        let intervals = run.intervals.iter();
        let before = std::iter::once(&start).chain(intervals.clone().map(|i| &i.actual.ders));
        let points: Vec<_> = intervals
            .zip(before)
            .map(|(now, before)| self.point(system, before, now))
            .collect();
        let last = points.last().map_or(0.0, |p| p.other_mw);
        Ok(RegionOfRun {
            pieces: self.pieces(),
            offers: self.offers(system, last)?,
            edges,
            points,
            region: self,
        })
    }

    fn limit_mw(&self, system: &System) -> f64 {
        system.limits[self.limit].max_p_mw
    }

    /// P_l' of a split, MW.
    pub fn sent_mw(&self, system: &System, ders: &[f64]) -> f64 {
        self.equivalent.sent_mw(system, ders)[0]
    }

    /// Where an interval was measured, and what its factors allow against the truth:
    /// `Eq. [zuo2022](10)` solved for the greatest P_a, everything else as it was dispatched. `before` are
    /// the DERs' outputs measured before it.
    fn point(&self, system: &System, before: &[f64], now: &Interval) -> OperatingPoint {
        let ders = &now.actual.ders;
        let flow = now.flows_mw[system.limits[self.limit].branch];
        let other_mw = flow - self.sent_mw(system, ders);
        let per_mw = self.per_mw(system, &now.factors[self.group]);
        let (least, greatest) = self.equivalent.bid.range(0);
        let most = if per_mw == 0.0 {
            greatest
        } else {
            let limit = self.limit_mw(system) * per_mw.signum();
            let room = limit - other_mw - self.sent_mw(system, before);
            system.group_output_mw(self.group, before) + room / per_mw
        };
        // P_l' that the factors expect at P_a.
        let (p_before, sent_before) = (
            system.group_output_mw(self.group, before),
            self.sent_mw(system, before),
        );
        let expected = |p_a: f64| sent_before + per_mw * (p_a - p_before);
        let limit = self.limit_mw(system);
        let corners = [
            (least, -limit),
            (greatest, -limit),
            (greatest, limit),
            (least, limit),
        ];
        OperatingPoint {
            promised: corners.map(|(p, end)| (p, end - expected(p))).to_vec(),
            p_a_mw: system.group_output_mw(self.group, ders),
            other_mw,
            reach_mw: self.slice(other_mw),
            by_factors_mw: most.clamp(least, greatest),
            by_merit_mw: self.greatest_by_merit(system, other_mw),
        }
    }

    /// Least and greatest P_a of the region at P_l''.
    pub fn slice(&self, other_mw: f64) -> (f64, f64) {
        self.along(0, other_mw)
    }

    /// Least and greatest P_l'' of the region at P_a.
    pub fn column(&self, p_a_mw: f64) -> (f64, f64) {
        self.along(1, p_a_mw)
    }

    /// Ends of the region along an axis (0: P_a, 1: P_l'') at a value of the other.
    fn along(&self, axis: usize, other: f64) -> (f64, f64) {
        let (mut low, mut high) = self.equivalent.bid.range(axis);
        for facet in &self.bid.region {
            let [x, y] = *facet.normal.as_slice() else {
                continue;
            };
            let (along, across) = if axis == 0 { (x, y) } else { (y, x) };
            let room = facet.upper - across * other;
            if along > 1e-12 {
                high = high.min(room / along);
            } else if along < -1e-12 {
                low = low.max(room / along);
            }
        }
        (low, high)
    }

    /// Σ SF_li DF_ia: what factors say one MW of P_a puts on the line.
    fn per_mw(&self, system: &System, factors: &[f64]) -> f64 {
        let members = system.groups[self.group].members.iter().zip(factors);
        let spread: Vec<(usize, f64)> = members
            .map(|(&d, &factor)| (system.ders[d].bus, factor))
            .collect();
        combined(system.ptdf(self.limit), &spread)
    }

    /// Greatest P_a up to which the split by merit order keeps the line within its limit.
    ///
    /// The flow is linear between the outputs at which a block of the merit order ends.
    fn greatest_by_merit(&self, system: &System, other_mw: f64) -> f64 {
        let mut blocks: Vec<_> = self.equivalent.blocks.iter().collect();
        crate::sort::by(&mut blocks, |a, b| a.usd_per_mwh.total_cmp(&b.usd_per_mwh));
        let mut p = self.equivalent.bid.range(0).0;
        let mut ends = vec![p];
        for block in blocks {
            p += block.upper - block.lower;
            ends.push(p);
        }
        let limit = self.limit_mw(system);
        let mut ders = vec![0.0; system.ders.len()];
        let mut over = |p: f64| {
            system.split_group(self.group, p, &mut ders);
            (other_mw + self.sent_mw(system, &ders)).abs() - limit
        };
        let mut last: Option<(f64, f64)> = None;
        for end in ends {
            let excess = over(end);
            match last {
                Some((from, room)) if excess > 1e-9 => {
                    return from + (end - from) * room / (room + excess);
                }
                _ if excess <= 1e-9 => last = Some((end, (-excess).max(0.0))),
                _ => {}
            }
        }
        last.map_or_else(|| self.slice(other_mw).0, |(end, _)| end)
    }

    /// The region's edges by Gaussian and Fourier-Motzkin elimination of `Eq. [zuo2022](13)` to
    /// `(16)`, each with the limits it comes from.
    fn edges(&self, system: &System) -> Result<Vec<Edge>, Failure> {
        // P_a and P_l'' themselves are free: their ranges follow from the other limits.
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let program = self.equivalent.program(system, free, &[free]);
        let keep = [program.p_a, program.other[0]];
        let shadow = projection::project(&program.model, &keep, projection::ROW_LIMIT)
            .map_err(|failure| failure.to_string())?;
        let corners = projection::corners_2d(&shadow)?;
        // Face k leads from corner k to the next.
        let next = corners.iter().cycle().skip(1);
        let sides = corners.iter().zip(next).zip(&shadow.faces);
        Ok(sides
            .map(|((from, to), face)| Edge {
                from: from.point,
                to: to.point,
                ..self.limits_of(&program, face)
            })
            .collect())
    }

    /// The limits a face comes from.
    fn limits_of(&self, program: &Program, face: &projection::Face) -> Edge {
        let mut edge = Edge::default();
        let mine = face.sources.iter().filter(|(_, m)| m.abs() >= 1e-9);
        for (limit, _) in mine {
            match *limit {
                ModelLimit::RowUpper(row) | ModelLimit::RowLower(row) => {
                    let row = program.model.rows().get(row.0);
                    if row.is_some_and(|r| r.lower < r.upper) {
                        let reversed = matches!(limit, ModelLimit::RowLower(_));
                        edge.line_reversed.push(reversed);
                    }
                }
                ModelLimit::VarUpper(var) | ModelLimit::VarLower(var) => {
                    let ends = match limit {
                        ModelLimit::VarUpper(_) => &mut edge.at_maximum,
                        _ => &mut edge.at_minimum,
                    };
                    let block = program.blocks.iter().position(|v| *v == var);
                    ends.extend(block.map(|block| self.equivalent.blocks[block].der));
                }
                ModelLimit::Cone(_) => {}
            }
        }
        for ends in [&mut edge.at_maximum, &mut edge.at_minimum] {
            crate::sort::by(ends, Ord::cmp);
            ends.dedup();
        }
        edge
    }

    fn pieces(&self) -> Vec<Piece> {
        let blocks = &self.equivalent.blocks;
        let piece = |piece: &crate::opt::zonotope::Piece| {
            let [per_p_a, per_other] = *piece.cut.gradient.as_slice() else {
                return None;
            };
            let corners = self.equivalent.bid.corners(&piece.free, &piece.offset);
            let mut ders = Vec::new();
            for block in piece.free.iter().filter_map(|&j| blocks.get(j)) {
                if !ders.contains(&block.der) {
                    ders.push(block.der);
                }
            }
            Some(Piece {
                usd_per_mwh_of_p_a: per_p_a,
                usd_per_mwh_of_other: per_other,
                constant_usd_per_h: piece.cut.constant,
                corners: corners
                    .into_iter()
                    .map(|(x, y)| (x, y, piece.cut.value(&[x, y])))
                    .collect(),
                ders,
                line_full: piece.free.iter().all(|&j| j < blocks.len()),
            })
        };
        self.bid.pieces.iter().filter_map(piece).collect()
    }

    /// The bid at P_l'' = `other_mw` as Algorithm 1 finds it.
    fn offers(&self, system: &System, other_mw: f64) -> Result<Vec<Offer>, Failure> {
        let (low, high) = self.slice(other_mw);
        let pairs: Vec<(f64, f64)> = (0..LEVELS)
            .map(|k| low + (high - low) * k as f64 / (LEVELS - 1) as f64)
            .map(|p_a| (p_a, other_mw))
            .collect();
        let offers = self.equivalent.aggregated_bid(system, &pairs)?;
        Ok(offers.into_iter().flatten().collect())
    }
}

impl Edge {
    /// Whether a point lies on it, as near as a point can be placed.
    pub fn holds(&self, (x, y): (f64, f64)) -> bool {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = libm::hypot(dx, dy);
        let (u, v) = (x - self.from.0, y - self.from.1);
        let along = (u * dx + v * dy) / length;
        let off = (u * dy - v * dx).abs() / length;
        let slack = 1e-6 * (1.0 + length);
        off <= slack && along >= -slack && along <= length + slack
    }
}
