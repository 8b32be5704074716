//! What each market needs of a grid, and where it comes from.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::{Document, SCENARIO_VERSION, gallery};
use super::Look;
use super::attach::{Attached, attach, loads_mw};
use crate::case::balancing::{Bid, Injection, PeriodOffer, Segment};
use crate::case::import::plain;
use crate::case::{Aggregator, Block, Case, Der, Generator, Problem};
use crate::market::{Mechanism, View, With};
use crate::report::{Report, Status};

/// Presets whose feeders, with what is on them, are hung on a grid.
const SCHEMES: &str = "baran-wu-33";
const DAY: &str = "wang-day";
const BIDS: &str = "khojasteh-k33";
const COMMUNITIES: &str = "theisen-feeder-limit";

/// Generators that become DERs: one of so many, at most so many and two at least.
const MOST_DERS: usize = 8;
const ONE_OF: usize = 4;

/// Steps that a price which rises is cut into, where a market takes none.
const STEPS: usize = 5;

/// Share of the load that is missing, at the buses where the most is taken.
const MISSING: f64 = 0.01;
const MISSING_AT: usize = 3;

/// What has to be taken where the feeder of the schemes hangs, as it becomes a part of that: its schedule, rounded up, MW.
const LEAST_LOAD_MW: f64 = 4.0;

/// Less is nothing to bid, MW.
const LEAST_MW: f64 = 1e-3;

/// A grid with what a market needs, but for what depends on prices.
pub(super) struct Plan {
    attached: Attached,
    mechanism: Value,
    pub adds: Vec<String>,
}

/// The grid of a case for a market.
///
/// # Errors
/// Why it cannot be looked at so.
pub(super) fn plan(case: &Case, look: Look) -> Result<Plan, String> {
    if case.generators.is_empty() || case.loads.is_empty() {
        return Err("It has no generators or no loads.".into());
    }
    let grid = bare(case);
    match look {
        Look::Prices => {
            let mechanism = json!({"kind": "rt_sced", "method": "optimal", "intervals": 1});
            Ok(alone(grid, mechanism, Vec::new()))
        }
        Look::Aggregators => {
            let (case, adds) = with_aggregators(grid)?;
            let mechanism = json!({
                "kind": "rt_sced",
                "method": "distribution_factors",
                "df": {"rule": "latest_se"},
                "intervals": 12,
            });
            Ok(alone(case, mechanism, adds))
        }
        Look::Schemes => {
            let plan = below(&grid, SCHEMES)?;
            let largest_mw = loads_mw(&grid).first().map_or(0.0, |(_, p_mw)| *p_mw);
            match largest_mw < LEAST_LOAD_MW {
                true => Err(format!(
                    "Its feeder takes up to {} MW, more than is taken at any bus of the grid.",
                    plain(LEAST_LOAD_MW)
                )),
                false => Ok(plan),
            }
        }
        Look::Day if grid.generators.iter().any(|g| g.no_load_usd_per_h != 0.0) => Err(
            "It has costs at no output, and this market has none: it starts and stops generators."
                .into(),
        ),
        Look::Day => below(&grid, DAY),
        Look::Bids => below(&grid, BIDS),
        Look::Communities => below(&grid, COMMUNITIES),
    }
}

/// The transmission network with what is connected to it; what belongs to another market is left behind.
fn bare(case: &Case) -> Case {
    Case {
        balancing: None,
        day: None,
        local_market: None,
        communities: None,
        ..case.clone()
    }
}

fn alone(case: Case, mechanism: Value, adds: Vec<String>) -> Plan {
    let attached = Attached {
        case,
        at: Vec::new(),
        called: HashMap::new(),
        adds: Vec::new(),
    };
    Plan {
        attached,
        mechanism,
        adds,
    }
}

fn below(grid: &Case, preset: &str) -> Result<Plan, String> {
    if !grid.dc_lines.is_empty() {
        return Err("It has DC lines, and this market has none.".into());
    }
    let first = |problems: Vec<Problem>| problems.into_iter().map(|p| p.message).next();
    let donor = gallery::scenario(preset).map_err(|p| first(p).unwrap_or_default())?;
    let attached = attach(grid, &donor.case)?;
    let mut adds = attached.adds.clone();
    adds.push(format!(
        "What is on it comes from the preset {preset}, \"{}\".",
        donor.title
    ));
    Ok(Plan {
        attached,
        mechanism: serde_json::to_value(&donor.mechanism).unwrap_or(Value::Null),
        adds,
    })
}

/// DERs in two aggregators: those of the case, or its smallest generators.
fn with_aggregators(mut case: Case) -> Result<(Case, Vec<String>), String> {
    let mut adds = Vec::new();
    if case.ders.len() < 2 {
        let size = |g: &Generator| g.max_p_mw;
        let count = (case.generators.len() / ONE_OF).clamp(2, MOST_DERS);
        let mut sizes: Vec<(f64, String)> = (case.generators.iter())
            .filter(|g| size(g) > 0.0)
            .map(|g| (size(g), g.id.clone()))
            .collect();
        crate::sort::by(&mut sizes, |a, b| a.0.total_cmp(&b.0));
        sizes.truncate(count);
        if sizes.len() < 2 || case.generators.len() < 2 * sizes.len() {
            return Err(
                "It has fewer than two DERs and too few generators to take some for DERs.".into(),
            );
        }
        let small = |g: &Generator| sizes.iter().any(|(_, id)| *id == g.id);
        let (ders, generators): (Vec<Generator>, Vec<Generator>) =
            case.generators.drain(..).partition(small);
        let ids: Vec<&str> = ders.iter().map(|g| g.id.as_str()).collect();
        let total: f64 = ders.iter().map(size).sum();
        adds.push(format!(
            "Its smallest generators, {}, stand for DERs of {} MW in all.",
            ids.join(", "),
            plain(total)
        ));
        case.ders.extend(ders.iter().map(as_der));
        case.generators = generators;
    }
    if case.aggregators.is_empty() {
        // In turn, so that each stands on both sides of the lines between.
        let count = if case.ders.len() < 4 { 1 } else { 2 };
        for (first, id) in ["A1", "A2"].into_iter().enumerate().take(count) {
            let ids = case.ders.iter().skip(first).step_by(count);
            let ders: Vec<String> = ids.map(|der| der.id.clone()).collect();
            adds.push(format!("Aggregator {id} bids {} as one.", ders.join(", ")));
            case.aggregators.push(Aggregator {
                id: id.into(),
                ders,
            });
        }
    }
    Ok((case, adds))
}

fn as_der(unit: &Generator) -> Der {
    Der {
        id: unit.id.clone(),
        bus: unit.bus.clone(),
        min_p_mw: unit.min_p_mw,
        max_p_mw: unit.max_p_mw,
        offer: unit.offer.iter().flat_map(in_steps).collect(),
    }
}

/// A block at one price, or in steps at the price of their middle.
fn in_steps(block: &Block) -> Vec<Block> {
    if block.slope() == 0.0 {
        return vec![block.clone()];
    }
    let width = block.p_mw / STEPS as f64;
    let middle = |k: usize| block.usd_per_mwh + block.slope() * width * (k as f64 + 0.5);
    (0..STEPS).map(|k| Block::flat(width, middle(k))).collect()
}

/// The document of a plan, with what depends on the prices of the grid.
///
/// # Errors
/// The grid has no dispatch, or the market refuses it.
pub(super) fn made(document: &Document, look: Look, plan: Plan) -> Result<Document, Vec<Problem>> {
    let refused = |why: String| vec![Problem::error("case", why)];
    let Plan {
        attached,
        mechanism,
        ..
    } = plan;
    let title = format!("{}: {}", attached.case.name, look.name());
    let case = match attached.at.first().cloned() {
        None => attached.case,
        Some(at) => {
            let grid = dispatch(&bare(&document.scenario.case)).map_err(refused)?;
            let lmp = grid
                .first(&format!("lmp:{at}"))
                .filter(|lmp| lmp.is_finite());
            let lmp = lmp.ok_or_else(|| refused(format!("Bus {at} has no price.")))?;
            peopled(attached, look, (&at, lmp), &grid)?
        }
    };
    // Schemes are there to be compared.
    let view = match look {
        Look::Schemes => json!({"drawer": "compare"}),
        _ => json!({}),
    };
    Document::from_value(json!({
        "version": SCENARIO_VERSION,
        "title": title,
        "case": case,
        "mechanism": mechanism,
        "view": view,
    }))
}

/// A grid with feeders, and on them what is on those of the preset.
fn peopled(
    attached: Attached,
    look: Look,
    (at, lmp): (&str, f64),
    grid: &Dispatched,
) -> Result<Case, Vec<Problem>> {
    let mut case = attached.case;
    let donor = |preset: &str| gallery::scenario(preset).map(|scenario| scenario.case);
    let move_here = |bus: &mut String| {
        if let Some(here) = attached.called.get(bus) {
            bus.clone_from(here);
        }
    };
    match look {
        Look::Prices | Look::Aggregators => {}
        Look::Schemes => balance(&mut case, &donor(SCHEMES)?, (at, lmp), grid, move_here),
        Look::Day => {
            case.day = donor(DAY)?.day.map(|mut day| {
                day.costs.clear();
                day.renewables
                    .iter_mut()
                    .for_each(|it| move_here(&mut it.bus));
                day.adjustable
                    .iter_mut()
                    .for_each(|it| move_here(&mut it.bus));
                day.deferrable
                    .iter_mut()
                    .for_each(|it| move_here(&mut it.bus));
                day.storage.iter_mut().for_each(|it| move_here(&mut it.bus));
                day
            });
        }
        Look::Bids => {
            case.local_market = donor(BIDS)?.local_market.map(|mut market| {
                market
                    .resources
                    .iter_mut()
                    .for_each(|it| move_here(&mut it.bus));
                market
                    .storage
                    .iter_mut()
                    .for_each(|it| move_here(&mut it.bus));
                to_mean(&mut market.day_ahead_usd_per_mwh, lmp);
                market
            });
        }
        Look::Communities => {
            case.communities = donor(COMMUNITIES)?.communities.map(|mut all| {
                all.members.iter_mut().for_each(|it| move_here(&mut it.bus));
                to_mean(&mut all.lse_usd_per_kwh, lmp / 1000.0);
                to_mean(&mut all.forecast_usd_per_kwh, lmp / 1000.0);
                all
            });
        }
    }
    Ok(case)
}

/// Scales a series so that its mean is a price.
fn to_mean(series: &mut [f64], price: f64) {
    let mean = series.iter().sum::<f64>() / series.len().max(1) as f64;
    if mean != 0.0 {
        series.iter_mut().for_each(|value| *value *= price / mean);
    }
}

/// The least-cost dispatch of a grid.
struct Dispatched(Report);

impl Dispatched {
    fn first(&self, key: &str) -> Option<f64> {
        self.0.series(key)?.values.first().copied()
    }
}

fn dispatch(grid: &Case) -> Result<Dispatched, String> {
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
fn balance(
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
    let total: f64 = case.loads.iter().map(|load| load.p_mw).sum();
    let largest: Vec<(String, f64)> = loads_mw(case).into_iter().take(MISSING_AT).collect();
    let there: f64 = largest.iter().map(|(_, p_mw)| p_mw).sum();
    let injection = |id: String, bus: String, p_mw: f64| Injection {
        id,
        bus,
        p_mw: vec![p_mw],
        ..Injection::default()
    };
    for (bus, p_mw) in largest {
        let missing_mw = MISSING * total * p_mw / there;
        let imbalance = injection(format!("off {bus}"), bus, -missing_mw);
        balancing.imbalances.push(imbalance);
    }
    for unit in &case.generators {
        let p_mw = grid.first(&format!("p:{}", unit.id)).unwrap_or(0.0);
        let plan = injection(format!("plan {}", unit.id), unit.bus.clone(), p_mw);
        balancing.schedule.push(plan);
        balancing.bids.extend(bid(unit, p_mw));
    }
    case.balancing = Some(balancing);
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

/// What a generator may give more, or less, than its output, at the prices of its offer.
fn bid(unit: &Generator, p_mw: f64) -> Option<Bid> {
    let mut segments = Vec::new();
    let mut start = 0.0;
    for block in unit.offer.iter().flat_map(in_steps) {
        let end = (start + block.p_mw).min(unit.max_p_mw);
        let low = start.max(unit.min_p_mw);
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
    (!segments.is_empty()).then(|| Bid {
        id: format!("bid {}", unit.id),
        bus: unit.bus.clone(),
        offers: vec![PeriodOffer {
            period: 1,
            segments,
            ..PeriodOffer::default()
        }],
        ..Bid::default()
    })
}
