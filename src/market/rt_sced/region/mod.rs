//! One aggregator behind one line, on the plane of what it produces and what the others put on the
//! line: its feasible region, the pieces of its bid, the grid of the published method, what
//! distribution factors believe of it, and the operating point walking through the intervals.

use crate::net::combined;
use crate::opt::Limit as ModelLimit;
use crate::opt::projection;
use crate::opt::zonotope::{Cut, Place};
use crate::report::{Cell, Column, Probe, SurfaceCell, Table};

mod picture;
mod tables;

pub(super) use picture::picture;

use super::Run;
use super::critical::standings;
use super::equivalent::{Bid, Equivalent, Program};
use super::narrative::{mw, plain};
use super::params::RtSced;
use super::roll::{Interval, initial_state};
use super::system::System;

/// The region of one aggregator behind one line.
pub struct Region<'a> {
    system: &'a System,
    equivalent: Equivalent,
    bid: Bid,
}

/// One edge of the region with the limits that make it.
struct NamedEdge {
    from: (f64, f64),
    to: (f64, f64),
    label: String,
}

/// Greatest P_a in one interval at its P_l'', MW: what distribution factors allow against what is so.
pub struct Promise {
    pub by_factors_mw: f64,
    /// As the aggregator splits it: by merit order.
    pub by_merit_mw: f64,
    /// With the split that the line allows.
    pub of_region_mw: f64,
}

impl Promise {
    /// Promised by the factors and not deliverable.
    pub fn beyond_mw(&self) -> f64 {
        (self.by_factors_mw - self.by_merit_mw).max(0.0)
    }

    /// Deliverable and not used.
    pub fn forgone_mw(&self) -> f64 {
        (self.by_merit_mw - self.by_factors_mw).max(0.0)
    }
}

impl<'a> Region<'a> {
    /// # Errors
    /// Too many pieces to list, or DERs that cannot move.
    pub fn new(system: &'a System, group: usize, limit: usize) -> Result<Region<'a>, String> {
        let equivalent = Equivalent::new(system, group, &[limit])?;
        let bid = equivalent.listed()?;
        Ok(Region {
            system,
            equivalent,
            bid,
        })
    }

    /// The aggregator and line a run is looked at through: the watched DER's aggregator, and the
    /// first of its critical lines or the most telling one.
    pub(super) fn choose(run: &Run) -> Option<(usize, usize)> {
        let watched = run.stability.as_ref().map(|s| s.watch.group);
        let equivalents = &run.roll.process.equivalents;
        let group = match (watched, equivalents.first()) {
            (Some(group), _) => group,
            (None, Some(first)) => first.group,
            (None, None) => return None,
        };
        if let Some(equivalent) = equivalents.iter().find(|e| e.group == group) {
            return Some((group, *equivalent.lines.first()?));
        }
        let all = standings(run.system, &run.roll.intervals);
        let mine = all.into_iter().find(|s| s.group == group)?;
        Some((group, mine.limit))
    }

    /// What the page hands back to ask about a point.
    pub fn key(&self) -> String {
        format!("{} behind {}", self.group_id(), self.line_id())
    }

    /// The region that a key names.
    pub fn of_key(system: &'a System, key: &str) -> Option<Result<Region<'a>, String>> {
        let pairs = (0..system.groups.len())
            .flat_map(|group| (0..system.limits.len()).map(move |limit| (group, limit)));
        let mut named = pairs.filter(|&(group, limit)| {
            key == format!(
                "{} behind {}",
                system.groups[group].id, system.limits[limit].id
            )
        });
        let (group, limit) = named.next()?;
        Some(Region::new(system, group, limit))
    }

    /// The aggregator's bid on the scenario's grid, where it has one on this line.
    ///
    /// # Errors
    /// The grid cannot be laid.
    pub fn with_jack(&self, params: &RtSced) -> Result<Option<Equivalent>, String> {
        let group = self.equivalent.group;
        let start = initial_state(self.system, params);
        let on = [(group, self.limit())];
        let mut all = super::equivalent::equivalents(self.system, params, &on, &start)?;
        Ok(all.pop())
    }

    fn group_id(&self) -> &str {
        &self.system.groups[self.equivalent.group].id
    }

    fn limit(&self) -> usize {
        self.equivalent.lines[0]
    }

    fn line_id(&self) -> &str {
        &self.system.limits[self.limit()].id
    }

    /// (P_a, P_l'') as measured in an interval, MW.
    pub fn point(&self, interval: &Interval) -> (f64, f64) {
        let ders = &interval.actual.ders;
        let p_a = self.system.group_output_mw(self.equivalent.group, ders);
        let flow = interval.flows_mw[self.system.limits[self.limit()].branch];
        (p_a, flow - self.equivalent.sent_mw(self.system, ders)[0])
    }

    /// Least and greatest P_a of the region at P_l''.
    pub fn slice(&self, other_mw: f64) -> (f64, f64) {
        let (mut low, mut high) = self.equivalent.bid.range(0);
        for facet in &self.bid.region {
            let [along, across] = *facet.normal.as_slice() else {
                continue;
            };
            let room = facet.upper - across * other_mw;
            if along > 1e-12 {
                high = high.min(room / along);
            } else if along < -1e-12 {
                low = low.max(room / along);
            }
        }
        (low, high)
    }

    /// What the factors of interval `now` allow against the truth: `Eq. [zuo2022](10)` solved for
    /// the greatest P_a, everything else as it was dispatched. `before` are the DERs' outputs measured
    /// before it.
    pub fn promise(&self, before: &[f64], now: &Interval) -> Option<Promise> {
        let group = self.equivalent.group;
        let (_, other) = self.point(now);
        let factors = now.factors.get(group)?;
        let shift_factors = self.system.shift_factors(self.limit());
        let members = &self.system.groups[group].members;
        let spread: Vec<(usize, f64)> = members
            .iter()
            .zip(factors)
            .map(|(&d, &factor)| (self.system.ders[d].bus, factor))
            .collect();
        let per_mw = combined(shift_factors, &spread);
        let measured_p_a = self.system.group_output_mw(group, before);
        let sent = self.equivalent.sent_mw(self.system, before)[0];
        let limit = self.system.limits[self.limit()].max_p_mw;
        let (least, greatest) = self.equivalent.bid.range(0);
        let most = if per_mw == 0.0 {
            greatest
        } else {
            measured_p_a + (limit * per_mw.signum() - other - sent) / per_mw
        };
        Some(Promise {
            by_factors_mw: most.clamp(least, greatest),
            by_merit_mw: self.greatest_by_merit(other),
            of_region_mw: self.slice(other).1,
        })
    }

    /// [`Region::promise`] in every interval of a run, with its index.
    fn promises(&self, run: &Run) -> Vec<(usize, Promise)> {
        let start = initial_state(self.system, run.params).ders;
        let intervals = &run.roll.intervals;
        let measured = std::iter::once(&start).chain(intervals.iter().map(|i| &i.actual.ders));
        let pairs = intervals.iter().zip(measured).enumerate();
        pairs
            .filter_map(|(t, (now, before))| Some((t, self.promise(before, now)?)))
            .collect()
    }

    /// Greatest P_a up to which the split by merit order keeps the line within its limit.
    ///
    /// The flow is linear between the outputs at which a block of the merit order ends.
    fn greatest_by_merit(&self, other_mw: f64) -> f64 {
        let mut blocks: Vec<_> = self.equivalent.blocks.iter().collect();
        blocks.sort_by(|a, b| a.usd_per_mwh.total_cmp(&b.usd_per_mwh));
        let mut p = self.equivalent.bid.range(0).0;
        let mut ends = vec![p];
        for block in blocks {
            p += block.upper - block.lower;
            ends.push(p);
        }
        let limit = self.system.limits[self.limit()].max_p_mw;
        let mut ders = vec![0.0; self.system.ders.len()];
        let mut over = |p: f64| {
            let group = self.equivalent.group;
            self.system.split_group(group, p, &mut ders);
            let flow = other_mw + self.equivalent.sent_mw(self.system, &ders)[0];
            flow.abs() - limit
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
    /// `(16)`, each named by the limits it comes from.
    fn edges(&self) -> Result<Vec<NamedEdge>, String> {
        // P_a and P_l'' themselves are free: their ranges follow from the other limits.
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let program = self.equivalent.program(self.system, free, &[free]);
        let keep = [program.p_a, program.other[0]];
        let shadow = projection::project(&program.model, &keep, projection::ROW_LIMIT)
            .map_err(|failure| failure.to_string())?;
        let corners = projection::corners_2d(&shadow)?;
        // Face k leads from corner k to the next.
        let next = corners.iter().cycle().skip(1);
        let sides = corners.iter().zip(next).zip(&shadow.faces);
        Ok(sides
            .map(|((from, to), face)| NamedEdge {
                from: from.point,
                to: to.point,
                label: self.limits_of(&program, face),
            })
            .collect())
    }

    /// The limits a face comes from, in words: line first, then DERs at an end.
    fn limits_of(&self, program: &Program, face: &projection::Face) -> String {
        let system = self.system;
        let mut lines = Vec::new();
        let mut ends: Vec<(usize, bool)> = Vec::new();
        for (limit, multiplier) in &face.sources {
            if multiplier.abs() < 1e-9 {
                continue;
            }
            match *limit {
                ModelLimit::RowUpper(row) | ModelLimit::RowLower(row) => {
                    let rows = program.model.rows();
                    let bounded = rows.get(row.0).is_some_and(|r| r.lower < r.upper);
                    if bounded {
                        let way = match limit {
                            ModelLimit::RowUpper(_) => "",
                            _ => ", reverse",
                        };
                        lines.push(format!("line {} full{way}", self.line_id()));
                    }
                }
                ModelLimit::VarUpper(var) | ModelLimit::VarLower(var) => {
                    let block = program.blocks.iter().position(|v| *v == var);
                    if let Some(block) = block {
                        let der = self.equivalent.blocks[block].der;
                        let upper = matches!(limit, ModelLimit::VarUpper(_));
                        if !ends.contains(&(der, upper)) {
                            ends.push((der, upper));
                        }
                    }
                }
                ModelLimit::Cone(_) => {}
            }
        }
        ends.sort_unstable();
        let of = |upper: bool| -> Vec<&str> {
            let mine = ends.iter().filter(|e| e.1 == upper);
            mine.map(|e| system.ders[e.0].id.as_str()).collect()
        };
        let (least, most) = (of(false), of(true));
        let together = |ids: &[&str]| match ids.len() {
            0..=3 => ids.join(", "),
            n => format!("{} and {} more", ids[..2].join(", "), n - 2),
        };
        if !most.is_empty() {
            lines.push(format!("{} at maximum", together(&most)));
        }
        if !least.is_empty() {
            lines.push(format!("{} at minimum", together(&least)));
        }
        lines.join("; ")
    }

    /// C = a P_a + b P_l'' + c in words.
    fn formula(&self, cut: &Cut) -> String {
        let [a, b] = *cut.gradient.as_slice() else {
            return String::new();
        };
        let mut text = format!("{} P_a", plain(a, 2));
        for (value, what) in [(b, " P_l''"), (cut.constant, "")] {
            if value.abs() >= 5e-3 {
                let sign = if value < 0.0 { "−" } else { "+" };
                text.push_str(&format!(" {sign} {}{what}", plain(value.abs(), 2)));
            }
        }
        text
    }

    /// Who moves for the next MW on a piece.
    fn movers(&self, free: &[usize]) -> String {
        let blocks = &self.equivalent.blocks;
        let mut ders: Vec<&str> = Vec::new();
        for block in free.iter().filter_map(|&j| blocks.get(j)) {
            let id = self.system.ders[block.der].id.as_str();
            if !ders.contains(&id) {
                ders.push(id);
            }
        }
        let line_moves = free.iter().any(|&j| j >= blocks.len());
        match line_moves {
            true => format!("{}, line with room", ders.join(", ")),
            false => format!("{}, line full", ders.join(" against ")),
        }
    }

    /// What the factors believe: 0 ≤ P_a ≤ P_a^UB and −P_l^UB ≤ P_l'' + Σ SF DF P_a ≤ P_l^UB.
    fn believed(&self) -> Vec<(f64, f64)> {
        let group = self.equivalent.group;
        let shift_factors = self.system.shift_factors(self.limit());
        let shares = self.system.capacity_shares(group);
        let members = self.system.groups[group].members.iter();
        let per_mw: f64 = members
            .zip(shares)
            .map(|(&d, share)| shift_factors[self.system.ders[d].bus] * share)
            .sum();
        let (low, high) = self.equivalent.bid.range(0);
        let limit = self.system.limits[self.limit()].max_p_mw;
        vec![
            (low, -limit - per_mw * low),
            (high, -limit - per_mw * high),
            (high, limit - per_mw * high),
            (low, limit - per_mw * low),
        ]
    }

    fn cells(&self) -> Vec<SurfaceCell> {
        let pieces = self.bid.pieces.iter();
        pieces
            .map(|piece| {
                let corners = self.equivalent.bid.corners(&piece.free, &piece.offset);
                SurfaceCell {
                    label: self.formula(&piece.cut),
                    corners: corners
                        .into_iter()
                        .map(|(x, y)| (x, y, piece.cut.value(&[x, y])))
                        .collect(),
                }
            })
            .collect()
    }

    /// What holds at a point of the plane.
    ///
    /// # Errors
    /// The linear program failed.
    pub fn probe(&self, run: Option<&Equivalent>, x: f64, y: f64) -> Result<Probe, String> {
        let line = self.line_id();
        let place = self.equivalent.bid.at(&[x, y])?;
        let mut table = Table {
            id: "probe".into(),
            title: format!("Dispatch of {} at this point", self.group_id()),
            columns: ["DER", "output", "maximum", "price", "cost"]
                .into_iter()
                .zip(["", "MW", "MW", "$/MWh", "$/h"])
                .map(|(name, unit)| column(name, unit))
                .collect(),
            rows: Vec::new(),
            note: String::new(),
            by_clock: false,
        };
        let reached = match place {
            Place::Inside(reached) => reached,
            Place::Outside { .. } => {
                let (low, high) = self.slice(y);
                let (least, most) = self.equivalent.bid.range(1);
                let why = if low > high {
                    format!(
                        "with {} of the others on line {line} no output of {} is feasible; they may put {} to {} on it",
                        mw(y),
                        self.group_id(),
                        mw(least),
                        mw(most)
                    )
                } else {
                    format!(
                        "with {} of the others on line {line}, {} can produce {} to {}",
                        mw(y),
                        self.group_id(),
                        mw(low),
                        mw(high)
                    )
                };
                return Ok(Probe {
                    inside: false,
                    sentence: format!("P_a = {} is outside the region: {why}.", mw(x)),
                    table,
                    offer: None,
                });
            }
        };
        let mut ders = vec![0.0; self.system.ders.len()];
        self.equivalent
            .write(&reached.x[..self.equivalent.blocks.len()], &mut ders);
        for &d in &self.system.groups[self.equivalent.group].members {
            let unit = &self.system.ders[d];
            let cost = crate::market::shared::offers::cost_usd_per_h(&unit.offer, ders[d]);
            let price = if ders[d] > 1e-9 {
                cost / ders[d]
            } else {
                f64::NAN
            };
            let price = if price.is_nan() {
                Cell::Empty
            } else {
                Cell::Number(price)
            };
            table.rows.push(vec![
                Cell::Text(unit.id.clone()),
                Cell::Number(ders[d]),
                Cell::Number(unit.max_p_mw),
                price,
                Cell::Number(cost),
            ]);
        }
        table.note = "Price: mean over the output.".into();
        let sent = self.equivalent.sent_mw(self.system, &ders)[0];
        let limit = self.system.limits[self.limit()].max_p_mw;
        let (low, high) = self.equivalent.bid.slopes(&reached.x, 0)?;
        let next = match (low.is_finite(), high.is_finite()) {
            (_, true) => format!("the next MW costs {} $/MWh", plain(high, 2)),
            (true, false) => format!("there is no next MW; the last cost {} $/MWh", plain(low, 2)),
            (false, false) => "the output cannot move alone".into(),
        };
        let interpolated = run
            .and_then(|e| e.jack.as_ref())
            .map(|jack| match jack.grid.at(x, y) {
                Some(value) => format!(
                    " Union Jack bids {} $/h here, {} above.",
                    plain(value, 2),
                    plain(value - reached.cost, 2)
                ),
                None => " The grid has no feasible triangle here.".into(),
            })
            .unwrap_or_default();
        Ok(Probe {
            inside: true,
            sentence: format!(
                "{} at {} with {} of the others on line {line}: {} $/h, and {next}; the line carries {} of {}.{interpolated}",
                self.group_id(),
                mw(x),
                mw(y),
                plain(reached.cost, 2),
                mw(y + sent),
                mw(limit)
            ),
            table,
            offer: None,
        })
    }
}

fn column(name: &str, unit: &str) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
    }
}
