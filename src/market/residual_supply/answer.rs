//! From a case and inputs to the report.

use crate::case::Case;
use crate::report::{
    Badge, Clock, Index, Level, Message, Quantity, Report, Series, Status, Tone, plain,
};

use super::clear::{self, Cleared};
use super::curve::Curve;
use super::lost::{self, Lost};
use super::params::{ResidualSupply, Scheme};
use super::schemes::{self, Outcome};
use super::settlement::{self, operator};
use super::system::{Kind, System};
use super::theorems::{self, Theorem};
use super::{charts, tables};

/// Buses times periods up to which the benchmark, the lost opportunity costs of networks and the
/// live theorems are computed with every run.
pub const BESIDE_UP_TO: usize = 1_200;

/// Everything of one run, for its tables and charts.
pub struct Run<'a> {
    pub system: &'a System,
    pub outcome: &'a Outcome,
    /// The common optimum in one program.
    pub central: Option<&'a Cleared>,
    pub lost: &'a Lost,
    pub ledger: &'a crate::report::Ledger,
    pub theorems: &'a [Theorem],
    /// The feeder and period that charts of one feeder show.
    pub shown: Option<usize>,
    pub period: usize,
}

/// Clears the case by the chosen scheme.
///
/// # Errors
/// A sentence when a program of the scheme cannot be solved.
pub fn run(case: &Case, params: &ResidualSupply) -> Result<Report, String> {
    run_with(case, params, Vec::new())
}

/// The same with residual supply functions already made.
///
/// # Errors
/// As [`run`].
pub fn run_with(case: &Case, params: &ResidualSupply, made: Vec<Curve>) -> Result<Report, String> {
    let system = System::new(case)?;
    let outcome = schemes::run(&system, params, params.scheme, made)?;
    let buses: usize = system.areas.iter().map(|a| a.buses.len()).sum();
    let beside = buses * system.periods <= BESIDE_UP_TO;
    let central = if params.scheme == Scheme::Common {
        None
    } else if beside {
        let admitted = schemes::admitted(&system, Scheme::Common);
        clear::in_one(&system, clear::common(params, &[], &admitted)).ok()
    } else {
        None
    };
    let benchmark = match params.scheme {
        Scheme::Common => Some(&outcome.market),
        _ => central.as_ref(),
    };
    let lost = lost::lost(&system, params, &outcome.market, &outcome.admitted, beside);
    let ledger = settlement::settle(&system, &outcome.market, params.settlement);
    let theorems = if beside && params.scheme == Scheme::Rsf {
        theorems::check(&system, params, &outcome, benchmark, &ledger)
    } else {
        Vec::new()
    };
    let run = Run {
        system: &system,
        outcome: &outcome,
        central: benchmark,
        lost: &lost,
        ledger: &ledger,
        theorems: &theorems,
        shown: shown(&system, params),
        period: params.show_period.clamp(1, system.periods) - 1,
    };
    let mut report = write(&run);
    report.ledger = ledger;
    Ok(report)
}

/// The area that charts of one feeder show: the chosen one, else the first.
fn shown(system: &System, params: &ResidualSupply) -> Option<usize> {
    let chosen = params.show_feeder.as_deref().and_then(|id| system.area(id));
    chosen.filter(|&a| a > 0).or_else(|| {
        let feeder = |&a: &usize| matches!(system.areas[a].kind, Kind::Feeder { .. });
        system
            .exporting()
            .find(feeder)
            .or_else(|| system.exporting().next())
    })
}

fn write(run: &Run) -> Report {
    let market = &run.outcome.market;
    let mut report = Report {
        status: Status::Solved,
        headline: headline(run),
        badges: badges(run),
        summary: summary(run),
        clock: Some(Clock {
            name: "period".into(),
            steps: run.system.periods,
            minutes_per_step: run.system.balancing.minutes_per_period,
        }),
        series: series(run),
        certificates: market
            .certificates
            .iter()
            .map(|c| crate::report::Certificate {
                solve: c.solve.clone(),
                primal_residual: c.primal_residual,
                dual_residual: c.dual_residual,
                gap: c.gap,
                largest_violation: c.largest_violation,
                certified: c.certified,
            })
            .collect(),
        messages: messages(run),
        ..Report::default()
    };
    report.tables = tables::tables(run);
    charts::add(run, &mut report);
    report
}

fn usd(value: f64) -> String {
    format!("{} $", plain(value, 2))
}

/// The sentence with the numbers that matter.
fn headline(run: &Run) -> String {
    let system = run.system;
    let market = &run.outcome.market;
    let name = run.outcome.scheme.name();
    let mut name = name.to_string();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut text = format!("{name}: {}", usd(market.cost_usd(system)));
    let over = run.outcome.overload_mwh;
    let unserved = run.outcome.unserved_mwh;
    if unserved > 1e-5 {
        text += &format!(
            ", but {} MWh have no answer at any price",
            plain(unserved, 3)
        );
    } else if over > 1e-5 {
        let overloads = market.dispatch.overloads(system);
        let worst = overloads
            .iter()
            .max_by(|a, b| a.over_mw.total_cmp(&b.over_mw));
        let at = worst.map_or(String::new(), |w| format!(" (line {})", w.line));
        text += &format!(", with {} MWh over limits{at}", plain(over, 3));
        if let Some(central) = run.central {
            let redispatch = central.cost_usd(system) - market.cost_usd(system);
            text += &format!("; curing it costs another {}", usd(redispatch));
        }
    } else if let Some(central) = run.central
        && run.outcome.scheme != Scheme::Common
    {
        let more = market.cost_usd(system) - central.cost_usd(system);
        if more.abs() <= 0.005 + 1e-6 * central.cost_usd(system).abs() {
            text += ", the common optimum";
        } else {
            text += &format!(", {} more than the common optimum", usd(more));
        }
    }
    if let Some(a) = run.shown {
        let export = market.dispatch.export_mw[a][run.period];
        let price = market.prices.interface(system, a, run.period);
        let way = if export < 0.0 { "draws" } else { "delivers" };
        text += &format!(
            ". {} {way} {} MW at {} $/MWh",
            system.areas[a].id,
            plain(export.abs(), 3),
            plain(price, 2)
        );
    }
    text + "."
}

fn badges(run: &Run) -> Vec<Badge> {
    let certified = run.outcome.market.certificates.iter().all(|c| c.certified);
    let badge = |text: String, good: bool| Badge {
        text,
        tone: if good { Tone::Good } else { Tone::Bad },
    };
    let mut badges = vec![badge(
        if certified {
            "certified"
        } else {
            "not certified"
        }
        .into(),
        certified,
    )];
    let over = run.outcome.overload_mwh;
    badges.push(if over > 1e-5 {
        badge(format!("{} MWh over limits", plain(over, 3)), false)
    } else {
        badge("no overload".into(), true)
    });
    if run.outcome.unserved_mwh > 1e-5 {
        let text = format!(
            "{} MWh without an answer",
            plain(run.outcome.unserved_mwh, 3)
        );
        badges.push(badge(text, false));
    }
    let holds = run
        .theorems
        .iter()
        .filter(|t| t.holds == Some(true))
        .count();
    let judged = run.theorems.iter().filter(|t| t.holds.is_some()).count();
    if judged > 0 {
        badges.push(badge(
            format!("{holds} of {judged} theorems hold"),
            holds == judged,
        ));
    }
    badges
}

fn summary(run: &Run) -> Vec<Quantity> {
    let system = run.system;
    let market = &run.outcome.market;
    let mut list = Vec::new();
    let mut add = |id: &str, name: &str, value: f64, unit: &str, note: &str| {
        list.push(Quantity {
            id: id.into(),
            name: name.into(),
            value: value.is_finite().then_some(value),
            unit: unit.into(),
            note: note.into(),
        });
    };
    add(
        "cost",
        "cost",
        market.cost_usd(system),
        "$",
        "activated bids and slack at the price cap",
    );
    add(
        "overload",
        "over limits",
        run.outcome.overload_mwh,
        "MWh",
        "summed over lines and periods",
    );
    add(
        "unserved",
        "without an answer",
        run.outcome.unserved_mwh,
        "MWh",
        "slack at the price cap",
    );
    if let Some(central) = run.central {
        let common = central.cost_usd(system);
        add(
            "common_cost",
            "common optimum",
            common,
            "$",
            "one program over all networks",
        );
        add(
            "redispatch",
            "to the common optimum",
            common - market.cost_usd(system),
            "$",
            "what redispatch costs where the market overloads lines",
        );
    }
    add(
        "lost_opportunity",
        "lost opportunity cost",
        run.lost.total_usd(),
        "$",
        "of bids and networks at the prices",
    );
    let ads: f64 = system
        .exporting()
        .map(|a| run.ledger.net_usd(&operator(system, a)))
        .sum();
    add("ads", "surplus of the distribution operators", ads, "$", "");
    add(
        "tso",
        "surplus of the TSO",
        run.ledger.net_usd("TSO"),
        "$",
        "",
    );
    let curves: Vec<&Curve> = market.curves.iter().flatten().collect();
    if !curves.is_empty() && run.outcome.scheme == Scheme::Rsf {
        let gap: f64 = curves.iter().map(|c| c.gap_usd).sum();
        add(
            "gap",
            "certified error of the curves",
            gap,
            "$",
            "sum over areas of the largest distance of chord and tangents",
        );
        let evaluations: usize = curves.iter().map(|c| c.evaluations).sum();
        add(
            "evaluations",
            "area problems solved",
            evaluations as f64,
            "",
            "for the residual supply functions",
        );
    }
    add(
        "cone_gap",
        "cone gap",
        market.dispatch.cone_gap,
        "p.u.",
        "0: the relaxed flow is an exact power flow",
    );
    if let Some(a) = run.shown {
        let price = market.prices.interface(system, a, run.period);
        add(
            "interface_price",
            "interface price",
            price,
            "$/MWh",
            &format!("of {}", system.areas[a].id),
        );
    }
    let parties = run.ledger.parties();
    if parties.len() <= 40 {
        for party in parties {
            let name = format!("net of {party}");
            add(
                &format!("net:{party}"),
                &name,
                run.ledger.net_usd(party),
                "$",
                "receipts less payments",
            );
        }
    }
    let losers = run.system.balancing.bids.iter().zip(&run.lost.bids_usd);
    if losers.len() <= 40 {
        for (bid, &lost) in losers {
            let name = format!("lost opportunity of {}", bid.id);
            add(&format!("loc:{}", bid.id), &name, lost + 0.0, "$", "");
        }
    }
    list
}

/// Every quantity by period.
fn series(run: &Run) -> Vec<Series> {
    let system = run.system;
    let market = &run.outcome.market;
    let periods = system.periods;
    let mut list = Vec::new();
    let mut add = |id: String, name: String, unit: &str, values: Vec<f64>| {
        list.push(Series {
            id,
            name,
            unit: unit.into(),
            index: Index::Clock,
            values,
        });
    };
    let by = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..periods).map(of).collect() };
    for (b, bid) in system.balancing.bids.iter().enumerate() {
        let values = market.dispatch.p_mw[b].iter().map(|p| p + 0.0).collect();
        add(format!("p:{}", bid.id), bid.id.clone(), "MW", values);
    }
    for injection in &system.balancing.imbalances {
        let values = by(&|t| injection.p(t));
        add(
            format!("imbalance:{}", injection.id),
            injection.id.clone(),
            "MW",
            values,
        );
    }
    for (a, area) in system.areas.iter().enumerate() {
        if area.above.is_some() {
            let name = format!("export of {}", area.id);
            let values = by(&|t| market.dispatch.export_mw[a][t]);
            add(format!("export:{}", area.boundary), name, "MW", values);
        }
        for (i, bus) in area.buses.iter().enumerate() {
            let values = by(&|t| market.prices.lmp[a][t][i]);
            add(
                format!("lmp:{bus}"),
                format!("price at {bus}"),
                "$/MWh",
                values,
            );
        }
        let flow = |k: usize| by(&|t| market.dispatch.flow_mw[a][t][k]);
        match &area.kind {
            Kind::Dc { branches } => {
                for (k, branch) in branches.iter().enumerate() {
                    add(
                        format!("flow:{}", branch.name),
                        branch.name.clone(),
                        "MW",
                        flow(k),
                    );
                }
            }
            Kind::Zone { zone } => {
                for (k, limit) in zone.limits.iter().enumerate() {
                    add(
                        format!("flow:{}/{}", area.id, limit.id),
                        limit.id.clone(),
                        "MW",
                        flow(k),
                    );
                }
            }
            Kind::Feeder { feeder, .. } => {
                for (k, line) in feeder.lines.iter().enumerate() {
                    add(
                        format!("flow:{}/{}", area.id, line.id),
                        line.id.clone(),
                        "MW",
                        flow(k),
                    );
                    if let Some(most) = line.max_s_mva.filter(|s| *s > 0.0) {
                        let values = by(&|t| market.dispatch.loading_mva[a][t][k] / most);
                        let name = format!("loading of {}", line.id);
                        add(
                            format!("loading:{}/{}", area.id, line.id),
                            name,
                            "1",
                            values,
                        );
                    }
                }
                for (i, bus) in area.buses.iter().enumerate() {
                    let values = by(&|t| market.dispatch.voltage_pu[a][t][i]);
                    if values.iter().any(|v| v.is_finite()) {
                        add(
                            format!("v:{bus}"),
                            format!("voltage at {bus}"),
                            "p.u.",
                            values,
                        );
                    }
                }
            }
        }
    }
    list
}

fn messages(run: &Run) -> Vec<Message> {
    let note = |level: Level, text: String| Message {
        level,
        text,
        field: None,
        cures: Vec::new(),
    };
    let mut list = Vec::new();
    let system = run.system;
    let market = &run.outcome.market;
    for (a, &slack) in market.dispatch.slack_mwh.iter().enumerate() {
        if slack > 1e-5 {
            let limits = market.curves.get(a).and_then(Option::as_ref);
            let held = limits
                .and_then(|c| c.samples.first())
                .map(|s| s.limits.join(", "));
            let held = held
                .filter(|h| !h.is_empty())
                .map_or(String::new(), |h| format!(" Limits in conflict: {h}."));
            let id = &system.areas[a].id;
            list.push(note(
                Level::Warning,
                format!(
                    "{id}: {} MWh can be neither served nor taken; they cost the price cap.{held}",
                    plain(slack, 3)
                ),
            ));
        }
    }
    if market.dispatch.cone_gap > 1e-4 {
        list.push(note(
            Level::Warning,
            format!("The cone relaxation is not tight (largest gap {} p.u.): the flow shown is a relaxation there, not a power flow.", plain(market.dispatch.cone_gap, 5)),
        ));
    }
    if run.outcome.scheme == Scheme::Integrated
        && !system.balancing.bids.iter().any(|b| b.commercial)
    {
        list.push(note(
            Level::Info,
            "The case has no commercial bids, so the integrated flexibility market is the common market.".into(),
        ));
    }
    if run.central.is_none() {
        list.push(note(
            Level::Info,
            "The system is large: the common optimum in one program is not computed beside this run. Choose that scheme to see it.".into(),
        ));
    }
    list
}
