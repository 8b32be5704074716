//! Schedules, imbalances and bids of a balancing market: those of a grid from its least-cost dispatch.

use serde_json::json;

use super::attach::loads_mw;
use crate::case::balancing::{Balancing, Bid, Injection, Segment};
use crate::case::{Block, Case};
use crate::market::{Mechanism, View, With};
use crate::report::{Report, Status};

/// Steps that a price which rises is cut into, where a market takes none.
const STEPS: usize = 5;

/// Share of the load that is missing, at the buses where the most is taken.
pub(super) const MISSING: f64 = 0.01;
const MISSING_AT: usize = 3;

/// Share of the load of a feeder that is missing, where most of it is taken.
pub(super) const MISSING_BELOW: f64 = 0.1;

/// Share of a load on a feeder that may be taken less or more, and how far from its LMP that is offered, as a share.
pub(super) const FLEXIBLE: f64 = 0.1;
pub(super) const APART: f64 = 0.1;

/// Cost of what nothing serves.
const PRICE_CAP_USD_PER_MWH: f64 = 3000.0;

/// Less is nothing to bid, MW.
const LEAST_MW: f64 = 1e-3;

/// A block at one price, or in steps at the price of their middle.
pub(super) fn in_steps(block: &Block) -> Vec<Block> {
    if block.slope() == 0.0 {
        return vec![block.clone()];
    }
    let width = block.p_mw / STEPS as f64;
    let middle = |k: usize| block.usd_per_mwh + block.slope() * width * (k as f64 + 0.5);
    (0..STEPS).map(|k| Block::flat(width, middle(k))).collect()
}

/// The least-cost dispatch of a grid.
pub(super) struct Dispatched(Report);

impl Dispatched {
    /// The value of a series in the first interval.
    pub(super) fn first(&self, key: &str) -> Option<f64> {
        self.0.series(key)?.values.first().copied()
    }
}

/// The least-cost dispatch of a grid.
///
/// # Errors
/// There is none, and why.
pub(super) fn dispatch(grid: &Case) -> Result<Dispatched, String> {
    let asked = json!({"method": "optimal", "intervals": 1});
    let mechanism = Mechanism::of_kind("rt_sced", asked).ok_or("This build has no dispatch.")?;
    let mechanism = mechanism.map_err(|problem| problem.message)?;
    let outcome = mechanism.solve(grid, With::default());
    let outcome = outcome.map_err(|why| why.to_string())?;
    let report = mechanism.report(grid, &outcome, &View::default());
    match report.status {
        Status::Solved => Ok(Dispatched(report)),
        Status::Infeasible => Err(format!("The grid has no dispatch. {}", report.headline)),
    }
}

/// Schedules, imbalances and bids: those of the grid from its dispatch, those of the feeder as they are in the preset, with
/// prices around the LMP where it hangs.
pub(super) fn balance(
    case: &mut Case,
    donor: &Case,
    (at, lmp): (&str, f64),
    grid: &Dispatched,
    move_here: impl Fn(&mut String),
) {
    let Some(mut balancing) = donor.balancing.clone() else {
        return;
    };
    let above = |bus: &String| donor.buses.iter().any(|known| known.id == *bus);
    // What the feeder takes by its schedule is part of the load that is there.
    let schedule = balancing.schedule.iter().filter(|it| above(&it.bus));
    let taken: f64 = schedule.filter_map(|it| it.p_mw.first()).sum();
    if let Some(load) = case.loads.iter_mut().find(|load| load.bus == *at) {
        load.p_mw -= taken;
    }
    let asked = balancing.bids.iter().filter(|bid| above(&bid.bus));
    let middle = middle_usd_per_mwh(asked).unwrap_or(lmp);
    balancing.schedule.retain(|it| !above(&it.bus));
    balancing.bids.retain(|bid| !above(&bid.bus));
    for bid in &mut balancing.bids {
        move_here(&mut bid.bus);
        let segments = bid.offers.iter_mut().flat_map(|offer| &mut offer.segments);
        segments.for_each(|segment| segment.usd_per_mwh *= lmp / middle);
    }
    let schedule = balancing.schedule.iter_mut();
    schedule
        .chain(&mut balancing.imbalances)
        .for_each(|it| move_here(&mut it.bus));
    of_grid(&mut balancing, case, case, grid);
    case.balancing = Some(balancing);
}

/// Schedules, imbalances and bids of a grid of which parts are feeders: all from its dispatch, before it was split. What is
/// taken on a feeder may be taken less and more at prices about its LMP.
pub(super) fn split(case: &mut Case, whole: &Case, grid: &Dispatched) {
    let mut balancing = Balancing {
        periods: 1,
        minutes_per_period: 60.0,
        price_cap_usd_per_mwh: PRICE_CAP_USD_PER_MWH,
        ..Balancing::default()
    };
    for bus in case.feeders.iter().flat_map(|feeder| &feeder.buses) {
        if bus.p_load_mw * FLEXIBLE <= LEAST_MW {
            continue;
        }
        let lmp = grid
            .first(&format!("lmp:{}", bus.id))
            .filter(|lmp| lmp.is_finite());
        let lmp = lmp.unwrap_or(0.0);
        let (p_mw, apart) = (FLEXIBLE * bus.p_load_mw, APART * lmp.abs().max(1.0));
        let segment = |min_p_mw: f64, max_p_mw: f64, usd_per_mwh: f64| Segment {
            min_p_mw,
            max_p_mw,
            usd_per_mwh,
            ..Segment::default()
        };
        let segments = vec![
            segment(0.0, p_mw, lmp + apart),
            segment(-p_mw, 0.0, lmp - apart),
        ];
        balancing.bids.push(Bid::of_one_period(
            format!("flex {}", bus.id),
            bus.id.clone(),
            segments,
        ));
    }
    for feeder in &case.feeders {
        let total: f64 = feeder.buses.iter().map(|bus| bus.p_load_mw).sum();
        let most = feeder
            .buses
            .iter()
            .max_by(|a, b| a.p_load_mw.total_cmp(&b.p_load_mw));
        if let Some(bus) = most {
            let missing_mw = MISSING_BELOW * total;
            balancing
                .imbalances
                .push(injection(format!("off {}", bus.id), &bus.id, -missing_mw));
        }
    }
    of_grid(&mut balancing, case, whole, grid);
    case.balancing = Some(balancing);
}

/// What is missing where the most is taken, and what every unit of the `whole` is scheduled for and bids.
fn of_grid(balancing: &mut Balancing, case: &Case, whole: &Case, grid: &Dispatched) {
    let total: f64 = case.loads.iter().map(|load| load.p_mw).sum();
    let largest: Vec<(String, f64)> = loads_mw(case).into_iter().take(MISSING_AT).collect();
    let there: f64 = largest.iter().map(|(_, p_mw)| p_mw).sum();
    for (bus, p_mw) in largest {
        let missing_mw = MISSING * total * p_mw / there;
        let imbalance = injection(format!("off {bus}"), &bus, -missing_mw);
        balancing.imbalances.push(imbalance);
    }
    let generators = whole.generators.iter().map(|g| Unit {
        id: &g.id,
        bus: &g.bus,
        range_mw: (g.min_p_mw, g.max_p_mw),
        offer: &g.offer,
    });
    let ders = whole.ders.iter().map(|d| Unit {
        id: &d.id,
        bus: &d.bus,
        range_mw: (d.min_p_mw, d.max_p_mw),
        offer: &d.offer,
    });
    for unit in generators.chain(ders) {
        let p_mw = grid.first(&format!("p:{}", unit.id)).unwrap_or(0.0);
        let plan = injection(format!("plan {}", unit.id), unit.bus, p_mw);
        balancing.schedule.push(plan);
        balancing.bids.extend(unit.bid(p_mw));
    }
}

fn injection(id: String, bus: &str, p_mw: f64) -> Injection {
    Injection {
        id,
        bus: bus.into(),
        p_mw: vec![p_mw],
        ..Injection::default()
    }
}

/// The mean of what is asked for upwards and offered for downwards, $/MWh.
fn middle_usd_per_mwh<'a>(bids: impl Iterator<Item = &'a Bid>) -> Option<f64> {
    let segments = bids
        .flat_map(|bid| &bid.offers)
        .flat_map(|offer| &offer.segments);
    let prices: Vec<f64> = segments.map(|segment| segment.usd_per_mwh).collect();
    let count = prices.len();
    (count > 0).then(|| prices.iter().sum::<f64>() / count as f64)
}

/// A generator or a DER.
struct Unit<'a> {
    id: &'a str,
    bus: &'a str,
    range_mw: (f64, f64),
    offer: &'a [Block],
}

impl Unit<'_> {
    /// What it may give more, or less, than its output, at the prices of its offer.
    fn bid(&self, p_mw: f64) -> Option<Bid> {
        let mut segments = Vec::new();
        let mut start = 0.0;
        for block in self.offer.iter().flat_map(in_steps) {
            let end = (start + block.p_mw).min(self.range_mw.1);
            let low = start.max(self.range_mw.0);
            let (up, down) = (end - low.max(p_mw), end.min(p_mw) - low);
            let ends = [(up > LEAST_MW, 0.0, up), (down > LEAST_MW, -down, 0.0)];
            segments.extend(
                ends.into_iter()
                    .filter(|end| end.0)
                    .map(|(_, low, high)| Segment {
                        min_p_mw: low,
                        max_p_mw: high,
                        usd_per_mwh: block.usd_per_mwh,
                        ..Segment::default()
                    }),
            );
            start = end;
        }
        (!segments.is_empty())
            .then(|| Bid::of_one_period(format!("bid {}", self.id), self.bus.into(), segments))
    }
}
