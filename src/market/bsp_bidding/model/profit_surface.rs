//! The profit of an owner over two of its bids, all others held: where it jumps and where it is
//! linear.
//!
//! Between the prices at which the market changes, profit is linear in the bids; the plane is cut
//! there, and once more along the diagonal where the two bids meet.

use super::super::params::{Behaviour, BspBidding};
use super::clear::{Bids, Cleared, clear};
use super::day::{Day, admitted};
use super::second_market::Expected;
use super::strategy::room;
use super::system::{Hour, System};
use crate::market::Failure;

/// Corners of a part of the plane: two bids in $/MWh and the profit in $.
pub type Cell = Vec<(f64, f64, f64)>;

/// Profit over the plane of two bids in one period.
pub struct ProfitSurface {
    /// Resources across and upwards, and whether their bids are upwards.
    pub across: usize,
    pub along: usize,
    pub up: bool,
    pub cells: Vec<Cell>,
    /// Where a bid of the two meets another price.
    pub edges: Vec<Meeting>,
    /// Where the behaviours are: bids in $/MWh.
    pub points: Vec<(Behaviour, f64, f64)>,
}

/// What a bid of the two meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// The bid of another resource.
    Bid { of: usize, other: usize },
    /// The price of the TSO.
    Tso { of: usize },
    /// One another.
    Both,
}

/// A straight line of the plane along which a bid meets something.
pub struct Meeting {
    pub met: Met,
    /// Ends: two bids in $/MWh.
    pub from: (f64, f64),
    pub to: (f64, f64),
}

/// Of more prices than this, met across or along, there are no lines.
const MOST_OTHERS: usize = 12;

/// How far inside a cell its corners are looked at, $/MWh.
const INSIDE: f64 = 1e-6;

/// Prices at which the plane is cut in each direction, about.
const MOST_CUTS: usize = 14;

/// Prices closer than this are one cut, $/MWh.
const SAME_CUT: f64 = 1e-3;

/// Who bids what besides the two.
pub struct Plane<'a> {
    pub hour: &'a Hour,
    params: &'a BspBidding,
    bids: Bids,
    own: &'a [bool],
    /// The two resources, and whether their bids are upwards.
    pub pair: (usize, usize),
    pub up: bool,
    hours: f64,
    expected: Option<Expected>,
    /// With opportunity costs.
    costed: Hour,
}

impl<'a> Plane<'a> {
    /// The plane of period `t` among the bids of the others; `None` where the owner has no resource.
    pub fn new(
        system: &'a System,
        params: &'a BspBidding,
        others: &Bids,
        own: &'a [bool],
        t: usize,
    ) -> Option<Plane<'a>> {
        let hour = &system.hours[t];
        let mut bids = others.clone();
        for k in (0..hour.first_storage()).filter(|&k| own[k]) {
            (bids.up[k], bids.down[k]) = (hour.up_cost[k], hour.down_value[k]);
        }
        let expected = Expected::new(hour, params, own);
        let costed = expected.as_ref().map(|expected| expected.costed(hour));
        Some(Plane {
            costed: costed.unwrap_or_else(|| hour.clone()),
            expected,
            hour,
            params,
            bids,
            own,
            pair: pair(system, params, own)?,
            up: hour.imbalance_mw >= 0.0,
            hours: system.hours_per_period,
        })
    }

    /// All bids with the two.
    fn bids(&self, x: f64, y: f64) -> Bids {
        let mut bids = self.bids.clone();
        for (k, price) in [(self.pair.0, x), (self.pair.1, y)] {
            bids.side_mut(self.up)[k] = admitted(&self.costed, self.params, k, self.up, price);
        }
        bids
    }

    /// The market with the two bids; `None` where it fails.
    pub fn cleared(&self, x: f64, y: f64) -> Option<Cleared> {
        clear(self.hour, &self.bids(x, y)).ok()
    }

    /// What a bid of each of the two meets at which price, $/MWh: who else offers on their side, and the TSO.
    fn others(&self) -> Vec<(bool, Met, f64)> {
        let (bids, most_mw) = (self.bids.side(self.up), self.hour.max_mw(self.up));
        let (a, b) = self.pair;
        let others = (0..self.hour.first_storage()).filter(|&k| k != a && k != b);
        let others: Vec<usize> = others.filter(|&k| most_mw[k] > 0.0).collect();
        let tso = match self.up {
            true => self.hour.tso_up,
            false => self.hour.tso_down,
        };
        let of = |(across, of): (bool, usize)| {
            let bids = others
                .iter()
                .map(move |&k| (across, Met::Bid { of, other: k }, bids[k]));
            bids.chain([(across, Met::Tso { of }, tso)])
                .collect::<Vec<_>>()
        };
        [(true, a), (false, b)].into_iter().flat_map(of).collect()
    }

    /// What the two bids meet at a point.
    pub fn met(&self, x: f64, y: f64) -> Vec<Met> {
        let same = |p: f64, q: f64| (p - q).abs() < SAME_CUT;
        let others = self.others().into_iter();
        let met = others.filter(|&(across, _, price)| same(if across { x } else { y }, price));
        let both = same(x, y).then_some(Met::Both);
        met.map(|(_, met, _)| met).chain(both).collect()
    }

    /// The lines on which a bid of the two meets another price, within the ranges that are drawn.
    fn meetings(&self, (left, right): (f64, f64), (low, high): (f64, f64)) -> Vec<Meeting> {
        let others = self.others();
        if others.len() > MOST_OTHERS {
            return Vec::new();
        }
        let line = |met, from, to| Meeting { met, from, to };
        let straight = others
            .into_iter()
            .filter_map(|(across, met, p)| match across {
                true => (left <= p && p <= right).then(|| line(met, (p, low), (p, high))),
                false => (low <= p && p <= high).then(|| line(met, (left, p), (right, p))),
            });
        let (from, to) = (left.max(low), right.min(high));
        let both = (from < to).then(|| line(Met::Both, (from, from), (to, to)));
        straight.chain(both).collect()
    }

    /// Profit with the two bids, $; NaN where the market fails.
    pub fn profit(&self, x: f64, y: f64) -> f64 {
        let bids = self.bids(x, y);
        let pay_as_bid = self.params.pay_as_bid();
        let profit = || -> Result<f64, Failure> {
            let cleared = clear(self.hour, &bids)?;
            let expected = self.expected.as_ref();
            let next = expected.map_or(Ok(0.0), |expected| expected.after(self.hour, &cleared))?;
            Ok(cleared.profit_of(self.hour, &bids, pay_as_bid, self.own) + next)
        };
        profit().map_or(f64::NAN, |profit| profit * self.hours)
    }

    /// Profit with both at cost, $.
    pub fn profit_at_cost(&self) -> f64 {
        let cost = self.hour.own_price(self.up);
        self.profit(cost[self.pair.0], cost[self.pair.1])
    }

    /// Where a bid of resource `k` may pay, and a little beyond its cost.
    fn range(&self, k: usize) -> (f64, f64) {
        let (low, high) = room(&self.costed, self.params).side(self.up)[k];
        let (own, far) = (self.hour.own_price(self.up)[k], 0.1 * self.hour.day_ahead);
        match self.up {
            true => (low.max(own - far), high),
            false => (low, high.min(own + far)),
        }
    }

    /// Prices within a range at which the market may change; of many rivals' some stand for all.
    fn cuts(&self, (low, high): (f64, f64)) -> Vec<f64> {
        let prices = [self.hour.tso_up, self.hour.tso_down];
        let prices = prices.iter().chain(&self.bids.up).chain(&self.bids.down);
        let mut cuts = vec![low, high];
        cuts.extend(prices.filter(|p| **p > low && **p < high));
        apart(&mut cuts);
        let every = cuts.len() / MOST_CUTS + 1;
        let last = cuts.len() - 1;
        let kept = cuts.iter().enumerate();
        let kept = kept.filter(|(i, _)| i % every == 0 || *i == last);
        kept.map(|(_, p)| *p).collect()
    }

    /// Values at the corners as seen from inside.
    fn cell(&self, corners: &[(f64, f64)]) -> Cell {
        let n = corners.len() as f64;
        let middle = corners
            .iter()
            .fold((0.0, 0.0), |m, c| (m.0 + c.0 / n, m.1 + c.1 / n));
        let inside = |at: f64, to: f64| at + INSIDE * (to - at).signum();
        let value = |&(x, y): &(f64, f64)| {
            let profit = self.profit(inside(x, middle.0), inside(y, middle.1));
            (x, y, profit)
        };
        corners.iter().map(value).collect()
    }
}

/// The two resources that are shown: those named, else the owner's first two.
fn pair(system: &System, params: &BspBidding, own: &[bool]) -> Option<(usize, usize)> {
    let index = |id: &str| system.resources.iter().position(|r| r == id);
    let named = params.resources.as_ref();
    let named = named.and_then(|(a, b)| Some((index(a)?, index(b)?)));
    let resources = own.len() - system.storage.len();
    let mut mine = (0..resources).filter(|&k| own[k]);
    named.or_else(|| {
        let first = mine.next()?;
        Some((first, mine.next().unwrap_or(first)))
    })
}

fn apart(cuts: &mut Vec<f64>) {
    cuts.sort_by(f64::total_cmp);
    cuts.dedup_by(|x, y| (*x - *y).abs() < SAME_CUT);
}

/// The surface over a plane in period `t`; `None` for an owner with one resource.
pub fn profit_surface(plane: &Plane, days: &[Day], t: usize) -> Option<ProfitSurface> {
    let (a, b) = plane.pair;
    if a == b {
        return None;
    }
    let (mut xs, mut ys) = (plane.cuts(plane.range(a)), plane.cuts(plane.range(b)));
    // The same cuts both ways, so that the diagonal runs from corner to corner.
    let both: Vec<f64> = xs.iter().chain(&ys).copied().collect();
    for own in [&mut xs, &mut ys] {
        let (low, high) = (own[0], own[own.len() - 1]);
        own.extend(both.iter().filter(|p| **p > low && **p < high));
        apart(own);
    }
    let same = |x: f64, y: f64| (x - y).abs() < SAME_CUT;
    let mut cells = Vec::new();
    for x in xs.windows(2) {
        for y in ys.windows(2) {
            let corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])];
            if same(x[0], y[0]) && same(x[1], y[1]) {
                cells.push(plane.cell(&corners[..3]));
                cells.push(plane.cell(&[corners[0], corners[2], corners[3]]));
            } else {
                cells.push(plane.cell(&corners));
            }
        }
    }
    // The first is where a point that is asked about begins.
    let marked = [Behaviour::Own, Behaviour::Truthful, Behaviour::Strategic];
    let points = marked.into_iter().filter_map(|behaviour| {
        let day = days.iter().find(|day| day.behaviour == behaviour)?;
        let bids = day.periods.get(t)?.bids.side(plane.up);
        Some((behaviour, bids[a], bids[b]))
    });
    Some(ProfitSurface {
        across: a,
        along: b,
        up: plane.up,
        cells,
        edges: plane.meetings((xs[0], xs[xs.len() - 1]), (ys[0], ys[ys.len() - 1])),
        points: points.collect(),
    })
}
