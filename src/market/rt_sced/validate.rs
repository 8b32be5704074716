//! What is wrong with the inputs of a rolling RT-SCED, field by field.

use crate::case::{Case, Problem};

use super::params::{CriticalLines, Method, Rectangle, RtSced, Rule};

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

/// Every problem of the parameters against a case; paths start at `mechanism`.
pub fn check(case: &Case, params: &RtSced) -> Vec<Problem> {
    let mut problems = Vec::from_iter(size_with_aggregators(case));
    let mut error = |field: &str, message: String| {
        problems.push(Problem::error(format!("mechanism.{field}"), message))
    };

    if params.intervals == 0 || params.intervals > RtSced::MAX_INTERVALS {
        error(
            "intervals",
            format!(
                "{} intervals. Choose 1 to {}.",
                params.intervals,
                RtSced::MAX_INTERVALS
            ),
        );
    }
    if !(params.interval_minutes > 0.0 && params.interval_minutes <= 1440.0) {
        error(
            "interval_minutes",
            format!(
                "{} minutes. Choose a length above 0, up to 1440.",
                params.interval_minutes
            ),
        );
    }
    if params.load_profile.len() > RtSced::MAX_INTERVALS {
        error(
            "load_profile",
            format!(
                "{} values. Give at most {}.",
                params.load_profile.len(),
                RtSced::MAX_INTERVALS
            ),
        );
    }
    for (t, multiplier) in params.load_profile.iter().enumerate() {
        if !(multiplier.is_finite() && (0.0..=100.0).contains(multiplier)) {
            error(
                &format!("load_profile.{t}"),
                format!("{multiplier} is not a load multiplier. Choose 0 to 100."),
            );
        }
    }
    if params.df.rule == Rule::MovingAverage
        && !(1..=RtSced::MAX_INTERVALS).contains(&params.df.window)
    {
        error(
            "df.window",
            format!(
                "A window of {}. Choose 1 to {}.",
                params.df.window,
                RtSced::MAX_INTERVALS
            ),
        );
    }
    if params.df.rule == Rule::Smoothing && !(params.df.alpha > 0.0 && params.df.alpha <= 1.0) {
        error(
            "df.alpha",
            format!(
                "A weight of {}. Choose a value above 0, up to 1.",
                params.df.alpha
            ),
        );
    }
    if !params.reference.is_empty() && case.transmission_bus_of(&params.reference).is_none() {
        error(
            "reference",
            format!(
                "Bus `{}` is not in the case. Name one of its buses or leave the field empty.",
                params.reference
            ),
        );
    }
    if !params.watch.is_empty() {
        match case.ders.iter().find(|d| d.id == params.watch) {
            None => error(
                "watch",
                format!(
                    "DER `{}` is not in the case. Name one of its DERs or leave the field empty.",
                    params.watch
                ),
            ),
            Some(_)
                if !case
                    .aggregators
                    .iter()
                    .any(|a| a.ders.contains(&params.watch)) =>
            {
                error(
                    "watch",
                    format!(
                        "DER `{}` belongs to no aggregator. Watch one that does.",
                        params.watch
                    ),
                );
            }
            Some(_) => {}
        }
    }
    for (id, p_mw) in &params.initial.generators {
        match case.generators.iter().any(|g| g.id == *id) {
            false => error(
                &format!("initial.generators.{id}"),
                "No such generator. Remove the entry or correct its id.".into(),
            ),
            true if !p_mw.is_finite() => error(
                &format!("initial.generators.{id}"),
                format!("{p_mw} is not an output in MW."),
            ),
            true => {}
        }
    }
    for (id, p_mw) in &params.initial.ders {
        match case.ders.iter().find(|d| d.id == *id) {
            None => error(
                &format!("initial.ders.{id}"),
                "No such DER. Remove the entry or correct its id.".into(),
            ),
            Some(d) if !(p_mw.is_finite() && *p_mw >= d.min_p_mw && *p_mw <= d.max_p_mw) => error(
                &format!("initial.ders.{id}"),
                format!(
                    "{p_mw} MW is outside {} to {} MW. Choose a value in this range.",
                    d.min_p_mw, d.max_p_mw
                ),
            ),
            Some(_) => {}
        }
    }
    given_factors(case, params, &mut error);
    if params.method.is_equivalent() {
        equivalent(case, params, &mut error);
    }
    problems
}

fn equivalent(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    let settings = &params.equivalent;
    if params.method == Method::UnionJack {
        if !(1..=RtSced::MAX_M).contains(&settings.m) {
            let message = format!("M = {}. Choose 1 to {}.", settings.m, RtSced::MAX_M);
            error("equivalent.m", message);
        }
        let own = &settings.own;
        for (field, low, high) in [
            ("equivalent.own.p_a_max_mw", own.p_a_min_mw, own.p_a_max_mw),
            (
                "equivalent.own.p_other_max_mw",
                own.p_other_min_mw,
                own.p_other_max_mw,
            ),
        ] {
            if settings.rectangle == Rectangle::Own && !(low < high && high.is_finite()) {
                error(
                    field,
                    format!(
                        "The rectangle from {low} to {high} MW is empty. Give an end above its start."
                    ),
                );
            }
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
        let field = format!("equivalent.critical_lines.{aggregator}");
        if !case.aggregators.iter().any(|a| a.id == *aggregator) {
            error(
                &field,
                "No such aggregator. Remove the entry or correct its id.".into(),
            );
        }
        for (n, id) in lines.ids().iter().enumerate() {
            let known = case.branches.iter().find(|b| b.id == *id);
            let problem = match known {
                None => Some("is not in the case. Name one of its lines."),
                Some(b) if b.max_p_mw.is_none() || !b.in_service => {
                    Some("has no limit or is out of service. Name a limited line.")
                }
                Some(_) if lines.ids()[..n].contains(id) => Some("is named twice. Name it once."),
                Some(_) => None,
            };
            if let Some(problem) = problem {
                error(&field, format!("Line `{id}` {problem}"));
            }
        }
        if params.method == Method::UnionJack && lines.ids().len() > 1 {
            error(
                &field,
                format!(
                    "{} critical lines. A Union Jack plane takes one line; name one, or choose the exact curve.",
                    lines.ids().len()
                ),
            );
        }
    }
}

fn given_factors(case: &Case, params: &RtSced, error: &mut impl FnMut(&str, String)) {
    for (id, factor) in &params.df.given {
        let field = format!("df.given.{id}");
        if !case.ders.iter().any(|d| d.id == *id) {
            error(
                &field,
                "No such DER. Remove the entry or correct its id.".into(),
            );
        } else if !(factor.is_finite() && (0.0..=1.0).contains(factor)) {
            error(&field, format!("A factor of {factor}. Choose 0 to 1."));
        }
    }
    if params.df.rule != Rule::Given {
        return;
    }
    for aggregator in &case.aggregators {
        let listed: Vec<f64> = aggregator
            .ders
            .iter()
            .filter_map(|d| params.df.given.get(d).copied())
            .collect();
        let sum: f64 = listed.iter().sum();
        let complete = listed.len() == aggregator.ders.len();
        if sum > 1.0 + 1e-9 || complete && (sum - 1.0).abs() > 1e-9 {
            error(
                "df.given",
                format!(
                    "The factors of aggregator {} sum to {sum}. Make them sum to 1, or leave one DER out to take the rest.",
                    aggregator.id
                ),
            );
        }
    }
}
