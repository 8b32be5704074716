//! What is wrong with the inputs of a rolling RT-SCED beyond their ranges, field by field.

use crate::case::import::counted;
use crate::case::{Case, Problem};

use crate::market::shared::offers::sloped;

use super::params::{CriticalLines, LossModel, Method, Rectangle, RtSced, Rule, Security};

/// Loads, in sum, for which outputs told apart to 1e-6 MW say what an aggregator does.
const WITH_AGGREGATORS_MW: std::ops::RangeInclusive<f64> = 1e-3..=1e6;

/// A case with aggregators whose loads are too small or too large.
fn size_with_aggregators(case: &Case) -> Option<Problem> {
    let load_mw: f64 = case.loads.iter().map(|load| load.p_mw.abs()).sum();
    let fits = load_mw == 0.0 || WITH_AGGREGATORS_MW.contains(&load_mw);
    (!case.aggregators.is_empty() && !fits).then(|| {
        let (least, most) = (WITH_AGGREGATORS_MW.start(), WITH_AGGREGATORS_MW.end());
        Problem::error(
            "case.loads",
            format!(
                "The loads add up to {load_mw} MW. What aggregators do is told apart to 1e-6 MW: give loads that add up to {least} to {most} MW."
            ),
        )
    })
}

/// Prices that rise along a block where the program takes blocks at one price alone: members of aggregators are split by
/// the merit order of their blocks, and the program of Union Jack bids is a linear one with integers.
fn rising_bids(case: &Case, params: &RtSced) -> Vec<Problem> {
    let on_grid = params.method == Method::UnionJack;
    let members = |id: &String| case.aggregators.iter().find(|a| a.ders.contains(id));
    let generators = case.generators.iter().filter(|_| on_grid).filter_map(|g| {
        let field = sloped(&format!("case.generators.{}", g.id), &g.offer)?;
        let message = "Beside Union Jack bids a block has one price. Leave the price at its end out, or choose exact curves.";
        Some(Problem::error(field, message))
    });
    let ders = case.ders.iter().filter_map(|d| {
        let field = sloped(&format!("case.ders.{}", d.id), &d.offer)?;
        let message = match members(&d.id) {
            Some(aggregator) => format!(
                "{} belongs to aggregator {}, which splits its instruction by blocks of one price. Leave the price at the end out, or take {} out of the aggregator.",
                d.id, aggregator.id, d.id
            ),
            None if on_grid => "Beside Union Jack bids a block has one price. Leave the price at its end out, or choose exact curves.".into(),
            None => return None,
        };
        Some(Problem::error(field, message))
    });
    generators.chain(ders).collect()
}

/// Loads at buses of feeders: the dispatch serves those of transmission buses alone.
fn feeder_loads(case: &Case) -> impl Iterator<Item = Problem> + '_ {
    case.feeders.iter().filter_map(|feeder| {
        let p_mw: f64 = feeder.buses.iter().map(|bus| bus.p_load_mw).sum();
        (p_mw != 0.0).then(|| {
            let mut boundaries = case.boundaries.iter();
            let at = boundaries.find(|boundary| boundary.feeder == feeder.id);
            let at = at.map_or("where it hangs", |boundary| &boundary.bus);
            Problem::warning(
                format!("case.feeders.{}", feeder.id),
                format!(
                    "Of a feeder the dispatch knows the DERs alone: the {} MW that its buses take are not served here. Unless the load of bus {at} holds them, add them there.",
                    (1e6 * p_mw).round() / 1e6
                ),
            )
        })
    })
}

/// Every problem of the parameters against a case; paths start at `mechanism`.
pub fn check(case: &Case, params: &RtSced) -> Vec<Problem> {
    let mut problems = Vec::from_iter(size_with_aggregators(case));
    problems.extend(rising_bids(case, params));
    problems.extend(feeder_loads(case));
    if case.is_feeders_alone() {
        problems.push(Problem::error(
            "case.generators",
            "There is neither a generator nor a DER: nobody can be dispatched. Add one, or ask for the feeders' power flow ({\"kind\": \"power_flow\"}).",
        ));
    }
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message))
    };
    let (given, most) = (params.load_profile.len(), RtSced::MAX_INTERVALS);
    if given > most {
        error(
            "load_profile",
            format!("{given} values. Give at most {most}."),
        );
    }
    if params.losses != LossModel::None {
        beside_losses(case, params, &mut error);
    }
    names(case, params, &mut error);
    initial(case, params, &mut error);
    given_factors(case, params, &mut error);
    weights(params, &mut error);
    if params.security != Security::None {
        secure(params, &mut error);
    }
    if params.method.is_equivalent() {
        equivalent(case, params, &mut error);
    }
    if params.losses != LossModel::None {
        problems.extend(resistances(case));
    }
    problems
}

/// What losses are not had beside.
fn beside_losses(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    if !case.aggregators.is_empty() && params.method != Method::Optimal {
        let message = "Losses are not in the factors and bids by which aggregators are seen. Dispatch every DER at its own bus, or leave losses out.";
        error("losses", message.into());
    }
    if params.security != Security::None {
        let message =
            "Flows after an outage are told without losses. Hold no outage, or leave losses out.";
        error("security", message.into());
    }
    if params.horizon() > 1 {
        let message = "Losses are found for one interval at a time. Clear each interval on its own (1), or leave losses out.";
        error("look_ahead_intervals", message.into());
    }
    if params.rules_beside {
        let message = "The rules of the figure know no losses. Leave the figure out, or losses.";
        error("rules_beside", message.into());
    }
}

/// Resistances that are not there, or below 0.
fn resistances(case: &Case) -> Option<Problem> {
    let running = || case.branches.iter().filter(|b| b.in_service);
    let mut gains = running().filter(|b| b.r_pu < 0.0);
    if let Some(first) = gains.next() {
        let message = format!(
            "{} below 0 (first: {} p.u. of {}), as the branches of a transformer with three windings may: counted as 0, so that nothing is gained on the way.",
            counted(1 + gains.count(), "resistance is", "resistances are"),
            first.r_pu,
            first.id
        );
        return Some(Problem::warning("mechanism.losses", message));
    }
    running().all(|b| b.r_pu == 0.0).then(|| {
        let message = "No line has a resistance, so that nothing is lost. Give the lines one (r_pu), or leave losses out.";
        Problem::warning("mechanism.losses", message)
    })
}

/// What outages are not held beside.
fn secure(params: &RtSced, error: &mut impl FnMut(&str, String)) {
    if params.method.is_equivalent() {
        let message = "The bid of a network equivalent does not know the flows after an outage. Let the dispatch see aggregators by distribution factors or every DER at its own bus, or hold no outage.";
        error("security", message.into());
    }
    if params.rules_beside {
        let message = "The figure of every rule has network equivalents in it, whose bids do not know the flows after an outage. Leave it out, or hold no outage.";
        error("rules_beside", message.into());
    }
}

/// The reference and the DER that is watched.
fn names(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let (bus, der) = (&params.reference, &params.watch);
    if !bus.is_empty() && case.transmission_bus_of(bus).is_none() {
        let message = format!(
            "Bus `{bus}` is not in the case. Name one of its buses or leave the field empty."
        );
        error("reference", message);
    }
    if der.is_empty() {
    } else if !case.ders.iter().any(|d| d.id == *der) {
        let message = format!(
            "DER `{der}` is not in the case. Name one of its DERs or leave the field empty."
        );
        error("watch", message);
    } else if !case.aggregators.iter().any(|a| a.ders.contains(der)) {
        let message = format!("DER `{der}` belongs to no aggregator. Watch one that does.");
        error("watch", message);
    }
}

/// Outputs before the first interval.
fn initial(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let missing = |what: &str| format!("No such {what}. Remove the entry or correct its id.");
    for (id, p_mw) in &params.initial.generators {
        let field = format!("initial.generators.{id}");
        if !case.generators.iter().any(|g| g.id == *id) {
            error(&field, missing("generator"));
        } else if !p_mw.is_finite() {
            error(&field, format!("{p_mw} is not an output in MW."));
        }
    }
    for (id, p_mw) in &params.initial.ders {
        let field = format!("initial.ders.{id}");
        let Some(der) = case.ders.iter().find(|d| d.id == *id) else {
            error(&field, missing("DER"));
            continue;
        };
        let (low, high) = (der.min_p_mw, der.max_p_mw);
        if !(low..=high).contains(p_mw) {
            let range = format!("{p_mw} MW is outside {low} to {high} MW.");
            error(&field, format!("{range} Choose a value in this range."));
        }
    }
}

fn equivalent(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let settings = &params.equivalent;
    let on_grid = params.method == Method::UnionJack;
    let own = &settings.own;
    for (field, low, high) in [
        ("p_a_max_mw", own.p_a_min_mw, own.p_a_max_mw),
        ("p_other_max_mw", own.p_other_min_mw, own.p_other_max_mw),
    ] {
        let drawn = on_grid && settings.rectangle == Rectangle::Own;
        if drawn && !(low < high && high.is_finite()) {
            let message = format!(
                "The rectangle from {low} to {high} MW is empty. Give an end above its start."
            );
            error(&format!("equivalent.own.{field}"), message);
        }
    }
    if settings.lines == CriticalLines::Proposed {
        return;
    }
    if settings.critical_lines.is_empty() {
        let message =
            "No critical line is given. Name one for an aggregator, or let the lines be proposed.";
        error("equivalent.critical_lines", message.into());
    }
    for (aggregator, lines) in &settings.critical_lines {
        let mut error = |message: String| {
            error(&format!("equivalent.critical_lines.{aggregator}"), message);
        };
        if !case.aggregators.iter().any(|a| a.id == *aggregator) {
            error("No such aggregator. Remove the entry or correct its id.".into());
        }
        let ids = lines.ids();
        for (n, id) in ids.iter().enumerate() {
            let problem = match case.branches.iter().find(|b| b.id == *id) {
                None => "is not in the case. Name one of its lines.",
                Some(b) if b.max_p_mw.is_none() || !b.in_service => {
                    "has no limit or is out of service. Name a limited line."
                }
                Some(_) if ids[..n].contains(id) => "is named twice. Name it once.",
                Some(_) => continue,
            };
            error(format!("Line `{id}` {problem}"));
        }
        if on_grid && ids.len() > 1 {
            error(format!(
                "{} critical lines. {}.",
                ids.len(),
                settings.grid_over(ids.len())
            ));
        }
    }
}

/// Weights of past factors.
fn weights(params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let (weights, most) = (&params.df.weights, RtSced::MAX_INTERVALS);
    let sum: f64 = weights.iter().sum();
    let message = match weights.len() {
        _ if params.df.rule != Rule::Weighted => return,
        0 => "No weights. Give at least one, the newest first, such as 0.5, 0.3, 0.2.".into(),
        n if n > most => format!("{n} weights. Give at most {most}."),
        _ if sum > 0.0 => return,
        _ => format!("The weights sum to {sum}. Give at least one above 0."),
    };
    error("df.weights", message);
}

fn given_factors(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let given = &params.df.given;
    for id in given.keys() {
        if !case.ders.iter().any(|d| d.id == *id) {
            let message = "No such DER. Remove the entry or correct its id.";
            error(&format!("df.given.{id}"), message.into());
        }
    }
    let needed = case.aggregators.iter();
    for aggregator in needed.filter(|_| params.df.rule == Rule::Given) {
        let listed = aggregator.ders.iter().filter_map(|d| given.get(d));
        let complete = listed.clone().count() == aggregator.ders.len();
        let sum: f64 = listed.sum();
        if sum > 1.0 + 1e-9 || complete && (sum - 1.0).abs() > 1e-9 {
            let message = format!(
                "The factors of aggregator {} sum to {sum}. Make them sum to 1, or leave one DER out to take the rest.",
                aggregator.id
            );
            error("df.given", message);
        }
    }
}
