//! The inputs of a rolling RT-SCED.

use std::collections::HashMap;

use super::params::{CriticalLines, LossModel, Method, Rectangle, RtSced, Rule, Security};
use crate::case::{Branch, Case, SubjectKind};
use crate::inputs::{Field, Fields, ItemFields, Kind, Section, section, system};

/// The least of what has to be above 0.
const LEAST: f64 = 1e-9;

pub fn inputs(fields: &Fields, case: &Case, params: &RtSced) -> Vec<Section> {
    let mut sections = vec![method(fields, case, params), levers(fields, case)];
    sections.extend(system::offers(fields, case));
    sections.extend(system::loads(fields, case));
    let losses = params.losses != LossModel::None;
    sections.extend(system::lines_with(fields, case, losses));
    sections.push(process(fields, case));
    sections.push(other_factors(fields, case, params));
    sections
}

fn method(fields: &Fields, case: &Case, params: &RtSced) -> Section {
    let mut list = Vec::new();
    if !case.aggregators.is_empty() {
        list.push(
            fields
                .field("mechanism.method", "Dispatch sees", "")
                .choices([
                    ("distribution_factors", "aggregators, by distribution factors"),
                    ("union_jack", "aggregators, by network equivalent (Union Jack)"),
                    ("exact_curve", "aggregators, by their exact cost curves"),
                    ("optimal", "every DER at its own bus"),
                ])
                .help("A commercial pricing node is one aggregate; an elemental pricing node is one bus. A network equivalent bids through its critical lines."),
        );
        if params.method.is_equivalent() {
            list.extend(equivalent(fields, case, params));
        }
        if params.method != Method::Optimal {
            list.extend(rule(fields, case, params));
        }
    }
    list.push(fields.field("mechanism.intervals", "Intervals", "").range(
        1.0,
        RtSced::MAX_INTERVALS as f64,
        1.0,
    ));
    if !params.method.is_equivalent() {
        list.push(
            fields
                .field("mechanism.look_ahead_intervals", "Intervals cleared together", "")
                .range(1.0, RtSced::MAX_HORIZON as f64, 1.0)
                .help("1: each interval on its own. More: the dispatch looks ahead over this horizon in one program, with ramps between its intervals and the factors of now in all of them; only the first interval binds, then it rolls on. Without ramp limits it changes nothing."),
        );
    }
    list.push(
        fields
            .field("mechanism.losses", "Losses", "")
            .choices([
                ("none", "none"),
                ("marginal", "marginal losses in dispatch and prices"),
            ])
            .help("A line that carries p loses r p² / base, half of it drawn at either end (every voltage at 1 p.u.). An LMP then has three parts: energy, losses, congestion."),
    );
    list.push(
        fields
            .field("mechanism.security", "Secure against the loss of", "")
            .choices([
                ("none", "nothing"),
                ("lines", "any one line"),
                ("lines_and_units", "any one line or unit"),
            ])
            .help("The dispatch holds every line to its rating also after the loss of any one line (N-1), with all outputs as they are. A loss that splits the network is told apart and not held. What a lost unit gave is taken up by all others in proportion to their greatest output; whether they have room for it is not asked."),
    );
    list.push(
        fields
            .field("mechanism.rating_after_outage", "Rating after a loss", "")
            .range(1.0, 2.0, 0.05)
            .allowed(LEAST, RtSced::MAX_RATING_AFTER_OUTAGE)
            .only_if(params.security != Security::None)
            .help("As a share of the rating: lines bear more for the minutes until the dispatch is another."),
    );
    list.push(
        fields
            .field("mechanism.corrective_minutes", "Units move after the loss of a line for", "min")
            .range(0.0, 60.0, 1.0)
            .allowed(0.0, RtSced::MAX_CORRECTIVE_MINUTES)
            .only_if(params.security != Security::None)
            .help("0: nothing moves (preventive). Above: ratings hold once every generator has moved by its ramp times these minutes at most, within its limits, loads and total output as they are (corrective). A generator without a ramp limit moves anywhere within its limits; DERs, aggregators and DC lines do not move. Before the movement no rating holds. After the loss of a unit nothing moves beyond what takes up its output."),
    );
    if !case.aggregators.is_empty() {
        list.push(
            fields
                .field("mechanism.rules_beside", "Every rule in one figure", "")
                .switch()
                .help("The watched DER under fixed factors, state estimation, the mean of the last factors, network equivalents on a Union Jack and the optimum: Fig. 8 of the paper. Five runs more."),
        );
    }
    section("Method", true, list)
}

/// Most aggregators with a field of their own for their critical line.
const LINE_FIELDS: usize = 8;

fn equivalent(fields: &Fields, case: &Case, params: &RtSced) -> Vec<Field> {
    let mut list = Vec::new();
    if params.method == Method::UnionJack {
        list.push(
            fields
                .field("mechanism.equivalent.m", "M", "")
                .range(1.0, f64::from(RtSced::MAX_M), 1.0)
                .slider()
                .help(
                    "The grid has 2^M cells along each axis; one aggregator takes 2M + 1 binaries.",
                ),
        );
        list.push(
            fields
                .field(
                    "mechanism.equivalent.rectangle",
                    "Rectangle of the grid",
                    "",
                )
                .choices([
                    ("natural", "natural: flow of the others from 0 to the limit"),
                    ("tight", "tight: the least around the region"),
                    ("own", "own"),
                ])
                .help("The published results depend on it; the paper does not print it."),
        );
        if params.equivalent.rectangle == Rectangle::Own {
            for (side, label) in [
                ("p_a_min_mw", "Output from"),
                ("p_a_max_mw", "Output to"),
                ("p_other_min_mw", "Flow of the others from"),
                ("p_other_max_mw", "Flow of the others to"),
            ] {
                list.push(fields.field(format!("mechanism.equivalent.own.{side}"), label, "MW"));
            }
        }
    }
    list.push(
        fields
            .field("mechanism.equivalent.lines", "Critical lines", "")
            .choices([
                ("proposed", "proposed: binding or nearly so"),
                ("given", "as given"),
            ])
            .help("A critical line is seen through the network equivalent, all others through the factors."),
    );
    if params.equivalent.lines == CriticalLines::Given {
        for aggregator in case.aggregators.iter().take(LINE_FIELDS) {
            let given = params.equivalent.critical_lines.get(&aggregator.id);
            let several = given.map(|lines| lines.ids()).filter(|ids| ids.len() > 1);
            let several = several.map(|ids| ids.join(","));
            let limited = case.branches.iter().filter(|b| b.max_p_mw.is_some());
            let options = std::iter::once(("", "none: by factors"))
                .chain(several.iter().map(|ids| (ids.as_str(), ids.as_str())))
                .chain(limited.map(|b| (b.id.as_str(), b.id.as_str())));
            let path = format!("mechanism.equivalent.critical_lines.{}", aggregator.id);
            let label = format!("Critical line of {}", aggregator.id);
            let mut field = fields.field(path, label, "").choices(options);
            // An aggregator without a line has no entry.
            field.value = several
                .unwrap_or_else(|| {
                    given
                        .and_then(|lines| lines.ids().first())
                        .cloned()
                        .unwrap_or_default()
                })
                .into();
            list.push(field);
        }
    }
    list
}

fn rule(fields: &Fields, case: &Case, params: &RtSced) -> Vec<Field> {
    let mut rules = vec![
        ("capacity", "share of capacity, eq. (1)"),
        ("latest_se", "latest state estimation, eq. (2)"),
        ("unscheduled", "share of unscheduled capacity"),
        ("moving_average", "mean of the last factors"),
        ("mean_of_all", "mean of all factors"),
        ("smoothing", "exponential smoothing"),
        ("weighted", "weighted mean of the last factors"),
        ("merit_order", "next bid block in merit order"),
        ("given", "as given"),
    ];
    rules.insert(
        8,
        match params.method.is_equivalent() {
            false => ("block", "none: shift factors by bid block"),
            true => ("block", "share of capacity (no bid blocks here)"),
        },
    );
    let label = match params.method.is_equivalent() {
        true => "Factors on other lines",
        false => "Distribution factors",
    };
    let mut list = vec![
        fields
            .field("mechanism.df.rule", label, "")
            .choices(rules)
            .help("A distribution factor is the share of an aggregate's output that the ISO expects from one DER."),
    ];
    match params.df.rule {
        Rule::MovingAverage => list.push(
            fields
                .field("mechanism.df.window", "Factors averaged", "")
                .range(1.0, 24.0, 1.0)
                .allowed(1.0, RtSced::MAX_INTERVALS as f64)
                .slider(),
        ),
        Rule::Smoothing => list.push(
            fields
                .field("mechanism.df.alpha", "Weight of the newest", "")
                .range(0.05, 1.0, 0.05)
                .allowed(LEAST, 1.0)
                .slider(),
        ),
        Rule::Weighted => list.push(
            fields
                .field("mechanism.df.weights", "Weights, newest first", "1")
                .kind(Kind::List)
                .allowed(0.0, 1e6)
                .help("Each is divided by their sum; until as many factors have been seen as there are weights, by the sum of those in use."),
        ),
        Rule::Given => list.extend(offered_factors(case).map(|(aggregator, der)| {
            let rest = format!("Members of {aggregator} without a factor share the rest by capacity.");
            factor(fields, der).slider().optional().help(&rest)
        })),
        _ => {}
    }
    list
}

fn factor(fields: &Fields, der: &str) -> Field {
    let path = format!("mechanism.df.given.{der}");
    let field = fields.field(path, format!("DF of {der}"), "");
    field.range(0.0, 1.0, 0.01)
}

/// Aggregators and their members but the last, which takes what the others leave.
fn offered_factors(case: &Case) -> impl Iterator<Item = (&str, &str)> {
    case.aggregators.iter().flat_map(|aggregator| {
        let listed = aggregator.ders.len().saturating_sub(1);
        let ders = aggregator.ders.iter().take(listed);
        ders.map(|der| (aggregator.id.as_str(), der.as_str()))
    })
}

/// Factors that are given and not offered: checked all the same.
fn other_factors(fields: &Fields, case: &Case, params: &RtSced) -> Section {
    let shown = params.method != Method::Optimal && params.df.rule == Rule::Given;
    let offered = |id: &str| shown && offered_factors(case).any(|(_, der)| der == id);
    let given = params.df.given.keys().filter(|id| !offered(id));
    let known = given.filter(|id| case.ders.iter().any(|d| d.id == **id));
    let list = known.map(|id| factor(fields, id).only_if(false));
    section("Distribution factors", false, list.collect())
}

/// Sliders for what teaches most: the tightest limit, and the loads where they are few.
fn levers(fields: &Fields, case: &Case) -> Section {
    if !fields.has_case() {
        return section("Try it", true, Vec::new());
    }
    let limited = case.branches.iter().filter_map(|b| Some((b, b.max_p_mw?)));
    // By the values the scenario was opened with: a slider stays while its line is changed.
    let preset = fields.preset_case();
    let branches = preset
        .into_iter()
        .flat_map(|case| case.branches.iter().rev());
    let branches: HashMap<&str, &Branch> = branches.map(|b| (b.id.as_str(), b)).collect();
    let opened = |(branch, max): &(&Branch, f64)| {
        let before = branches.get(branch.id.as_str());
        before.and_then(|b| b.max_p_mw).unwrap_or(*max)
    };
    let tightest = limited.min_by(|a, b| opened(a).total_cmp(&opened(b)));
    let lines = tightest.map(|(branch, max)| {
        let (id, initial) = (&branch.id, branches.get(branch.id.as_str()).copied());
        let of = ItemFields::new(format!("case.branches.{id}"), branch, initial);
        let field = of.field("max_p_mw", format!("Limit of line {id}"), "MW");
        lever(field, max).of(SubjectKind::Branch.of(id))
    });
    let few = if case.loads.len() <= 2 {
        &case.loads[..]
    } else {
        &[]
    };
    let loads = few.iter().map(|load| {
        let path = format!("case.loads.{}.p_mw", load.id);
        lever(
            fields.field(path, format!("Load {}", load.id), "MW"),
            load.p_mw,
        )
        .of(SubjectKind::Party.of(&load.id))
    });
    section("Try it", true, lines.into_iter().chain(loads).collect())
}

/// A slider from zero to about twice the value the scenario was opened with: it does not move with
/// what is typed.
fn lever(field: Field, now: f64) -> Field {
    let opened = field.initial.as_ref().and_then(serde_json::Value::as_f64);
    let base = opened.unwrap_or(now);
    field
        .range(0.0, nice_top(2.0 * base), nice_step(base))
        .slider()
        .lever()
}

/// A round number at or above `x`.
fn nice_top(x: f64) -> f64 {
    let magnitude = libm::pow(10.0, libm::log10(x.max(1e-3)).floor());
    (x / magnitude).ceil() * magnitude
}

/// About a two-hundredth of `x`, 1, 2 or 5 times a power of ten.
fn nice_step(x: f64) -> f64 {
    let raw = x.max(1e-3) / 200.0;
    let magnitude = libm::pow(10.0, libm::log10(raw).floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|m| m * magnitude >= raw * 0.999)
        .unwrap_or(10.0);
    step * magnitude
}

fn process(fields: &Fields, case: &Case) -> Section {
    let mut list = vec![
        fields.field("mechanism.load_profile", "Load by interval", "1").kind(Kind::List).allowed(0.0, 100.0).help("Multipliers of every load, one per interval; the last one holds on. Empty: 1 throughout."),
        fields
            .field("mechanism.operation", "An overloading instruction is", "")
            .choices([("as_instructed", "carried out"), ("curtailed", "curtailed first")])
            .help("Curtailed first: the smallest redispatch in MW that clears the overload comes before state estimation."),
        fields.field("mechanism.interval_minutes", "Length of an interval", "min").range(1.0, 60.0, 1.0).allowed(LEAST, 1440.0),
    ];
    let buses = case.buses.iter().map(|b| (b.id.as_str(), b.id.as_str()));
    list.push(
        fields
            .field("mechanism.reference", "Reference bus", "")
            .choices_unless(
                fields.knows(|case| &case.buses),
                [("", "distributed as the load")].into_iter().chain(buses),
            )
            .help(
                "Splits the LMP into energy, losses and congestion; LMP and dispatch do not depend on it.",
            ),
    );
    let members = case
        .aggregators
        .iter()
        .flat_map(|a| &a.ders)
        .map(|d| (d.as_str(), d.as_str()));
    if !case.aggregators.is_empty() {
        list.push(
            fields
                .field("mechanism.watch", "DER watched", "")
                .choices([("", "the one that moves most")].into_iter().chain(members)),
        );
    }
    for unit in case.generators.iter().take(12) {
        list.push(
            fields
                .field(
                    format!("mechanism.initial.generators.{}", unit.id),
                    format!("{} before the first interval", unit.id),
                    "MW",
                )
                .optional(),
        );
    }
    section("Process", false, list)
}
