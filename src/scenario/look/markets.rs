//! What each market needs of a grid, and where it comes from.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::{Document, SCENARIO_VERSION, gallery};
use super::Look;
use super::attach::{Attached, attach, loads_mw};
use super::bids::{self, Dispatched, dispatch, in_steps};
use super::parts::{Part, split};
use crate::case::import::plain;
use crate::case::{Aggregator, Case, Der, Generator, Problem};

/// Presets whose feeders, with what is on them, are hung on a grid.
const SCHEMES: &str = "baran-wu-33";
const DAY: &str = "wang-day";
const BIDS: &str = "khojasteh-k33";
const COMMUNITIES: &str = "theisen-feeder-limit";

/// Generators that become DERs: one of so many, at most so many and two at least.
const MOST_DERS: usize = 8;
const ONE_OF: usize = 4;

/// What has to be taken where the feeder of the schemes hangs, as it becomes a part of that: its schedule, rounded up, MW.
const LEAST_LOAD_MW: f64 = 4.0;

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
pub(super) fn plan(case: &Case, look: Look, parts: &[Part]) -> Result<Plan, String> {
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
        Look::Split => apart(&grid, parts),
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

/// Why no feeders can be given to a grid.
fn takes_feeders(grid: &Case) -> Result<(), String> {
    match (grid.dc_lines.is_empty(), grid.feeders.is_empty()) {
        (false, _) => Err("It has DC lines, and this market has none.".into()),
        (_, false) => {
            Err("It has feeders of its own, which do not have what this market needs.".into())
        }
        _ => Ok(()),
    }
}

/// The grid with radial parts as feeders.
fn apart(grid: &Case, parts: &[Part]) -> Result<Plan, String> {
    takes_feeders(grid)?;
    let attached = split(grid, parts);
    // Without resistance nothing holds the current of the cone down.
    let mut lines = attached
        .case
        .feeders
        .iter()
        .flat_map(|feeder| &feeder.lines);
    let lossy = lines.all(|line| line.r_ohm > 0.0 || line.x_ohm == 0.0);
    let (physics, voltages) = match lossy {
        true => ("branch_flow", "with losses"),
        false => (
            "lin_dist_flow",
            "without losses, as lines have no resistance",
        ),
    };
    let percent = |share: f64| plain(100.0 * share);
    let modelled = format!(
        "The parts on one bus are a feeder. Its voltages are modelled {voltages}: 1\u{a0}p.u. at the head, 0.9 to 1.1\u{a0}p.u. elsewhere; turns ratios count as 1."
    );
    let bid = format!(
        "Every unit bids its offer about its least-cost output; {}\u{a0}% of a load on a feeder may be taken less or more, {}\u{a0}% above or below its LMP.",
        percent(bids::FLEXIBLE),
        percent(bids::APART),
    );
    let missing = format!(
        "Missing are {}\u{a0}% of the load of transmission and {}\u{a0}% of that of a feeder, where the most is taken.",
        percent(bids::MISSING),
        percent(bids::MISSING_BELOW),
    );
    let mut adds = vec![modelled, bid, missing];
    adds.extend(attached.adds.iter().cloned());
    Ok(Plan {
        attached,
        mechanism: json!({"kind": "residual_supply", "physics": physics}),
        adds,
    })
}

fn below(grid: &Case, preset: &str) -> Result<Plan, String> {
    takes_feeders(grid)?;
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
            let whole = &document.scenario.case;
            peopled(attached, look, (&at, lmp), (whole, &grid))?
        }
    };
    // Schemes are there to be compared.
    let view = match look {
        Look::Schemes | Look::Split => json!({"drawer": "compare"}),
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
    (whole, grid): (&Case, &Dispatched),
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
        Look::Split => bids::split(&mut case, whole, grid),
        Look::Schemes => bids::balance(&mut case, &donor(SCHEMES)?, (at, lmp), grid, move_here),
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
