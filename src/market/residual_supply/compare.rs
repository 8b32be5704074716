//! Every scheme on the same case, side by side, and what the curves' points buy.

use crate::case::Case;
use crate::report::{
    Axis, Badge, Cell, Chart, Clock, Index, Level, Mark, Message, Report, Role, Series, Status,
    Table, Tone, column, number, plain, text,
};

use super::build;
use super::clear;
use super::lost;
use super::params::{Grid, ResidualSupply, Scheme};
use super::schemes::{self, Outcome};
use super::settlement::{self, operator};
use super::system::System;

/// Points of the uniform grids compared.
const GRIDS: [u32; 7] = [5, 9, 17, 33, 65, 129, 257];

/// Runs every scheme and writes the comparison.
///
/// # Errors
/// A sentence when the case cannot be read.
pub fn compare(case: &Case, params: &ResidualSupply) -> Result<Report, String> {
    let system = System::new(case)?;
    let mut messages = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for scheme in Scheme::ALL {
        match schemes::run(&system, params, scheme, Vec::new()) {
            Ok(outcome) => outcomes.push(outcome),
            Err(why) => messages.push(Message {
                level: Level::Warning,
                text: format!("{}: {why}.", scheme.name()),
                field: None,
                cures: Vec::new(),
            }),
        }
    }
    let common = outcomes
        .iter()
        .find(|o| o.scheme == Scheme::Common)
        .map(|o| o.cost_after_usd(&system));
    let mut report = Report {
        status: Status::Solved,
        headline: headline(&system, &outcomes, common),
        badges: vec![Badge {
            text: format!("{} schemes", outcomes.len()),
            tone: Tone::Neutral,
        }],
        clock: Some(Clock {
            name: "period".into(),
            steps: 1,
            minutes_per_step: system.balancing.minutes_per_period,
        }),
        messages,
        ..Report::default()
    };
    report.tables.push(costs(&system, params, &outcomes));
    report.tables.push(money(&system, params, &outcomes));
    charts(&outcomes, &mut report);
    if !system.is_large() && system.areas.len() > 1 {
        grids(&system, params, &mut report)?;
    }
    Ok(report)
}

fn headline(system: &System, outcomes: &[Outcome], common: Option<f64>) -> String {
    let clean =
        |o: &&Outcome| o.unserved_after_mwh() <= 1e-5 && o.last().power_flow.untight.is_none();
    let cost = |o: &Outcome| o.cost_after_usd(system);
    let over = outcomes
        .iter()
        .max_by(|a, b| a.overload_mwh.total_cmp(&b.overload_mwh));
    let dear = outcomes
        .iter()
        .filter(clean)
        .max_by(|a, b| cost(a).total_cmp(&cost(b)));
    let mut text = match common {
        Some(common) => format!("The common market costs {} $", plain(common, 2)),
        None => "The common market could not be cleared".into(),
    };
    if let (Some(dear), Some(common)) = (dear, common)
        && cost(dear) > common + 0.005
    {
        text += &format!("; {} costs {} $", dear.scheme.name(), plain(cost(dear), 2));
        if dear.after.is_some() {
            text += " after redispatch";
        }
    }
    if let Some(over) = over.filter(|o| o.overload_mwh > 1e-5) {
        text += &format!(
            "; {} leaves {} MWh over limits",
            over.scheme.name(),
            plain(over.overload_mwh, 3)
        );
    }
    let outside = outcomes
        .iter()
        .max_by(|a, b| a.run.outside_pu().total_cmp(&b.run.outside_pu()));
    if let Some(outside) = outside.filter(|o| o.run.voltage.is_some()) {
        text += &format!(
            "; {} leaves a voltage {} p.u. outside its limits",
            outside.scheme.name(),
            plain(outside.run.outside_pu(), 4)
        );
    }
    let lossy = outcomes
        .iter()
        .max_by(|a, b| a.run.losses_mwh.total_cmp(&b.run.losses_mwh));
    if let Some(lossy) = lossy.filter(|o| o.run.losses_mwh > 1e-5) {
        text += &format!(
            "; {} leaves {} MWh of losses that nobody bought",
            lossy.scheme.name(),
            plain(lossy.run.losses_mwh, 3)
        );
    }
    text + "."
}

fn costs(system: &System, params: &ResidualSupply, outcomes: &[Outcome]) -> Table {
    let rows = outcomes.iter().map(|o| {
        let cost = o.market.cost_usd(system);
        let lost = lost::lost(system, params, &o.market, &o.admitted, false);
        let ledger = settlement::settle(system, &o.market, params.settlement);
        let ads: f64 = system
            .exporting()
            .map(|a| ledger.net_usd(&operator(system, a)))
            .sum();
        vec![
            text(o.scheme.name()),
            number(cost),
            number(o.overload_mwh),
            number(o.unserved_mwh),
            number(o.redispatch_usd(system) + 0.0),
            number(o.cost_after_usd(system)),
            number(ledger.net_usd("TSO")),
            number(ads),
            number(lost.bids_usd.iter().filter(|v| v.is_finite()).sum()),
            number(o.run.losses_mwh),
            number(o.run.outside_pu()),
            number(o.unserved_after_mwh()),
        ]
    });
    Table {
        id: "schemes".into(),
        title: "Schemes side by side".into(),
        columns: vec![
            column("scheme", ""),
            column("market cost", "$"),
            column("over limits", "MWh"),
            column("without an answer", "MWh"),
            column("redispatch", "$"),
            column("cost after redispatch", "$"),
            column("TSO surplus", "$"),
            column("ADS surplus", "$"),
            column("lost opportunity of bids", "$"),
            column("losses not bought", "MWh"),
            column("voltage outside limits", "p.u."),
            column("unserved after redispatch", "MWh"),
        ],
        rows: rows.collect(),
        note: "Over limits, losses not bought and voltage outside limits are those of the market's dispatch, run through the feeders. Redispatch is the scheme's last market cleared again with every network written in, less the market's cost: bids are moved at their own prices, those that the scheme leaves out stay out. Energy without an answer is charged at the price cap.".into(),
        by_clock: false,
    }
}

/// Net receipts of every party by scheme.
fn money(system: &System, params: &ResidualSupply, outcomes: &[Outcome]) -> Table {
    let ledgers: Vec<_> = outcomes
        .iter()
        .map(|o| settlement::settle(system, &o.market, params.settlement))
        .collect();
    let mut parties: Vec<String> = Vec::new();
    for party in ledgers.iter().flat_map(|l| l.parties()) {
        if !parties.iter().any(|p| p == party) {
            parties.push(party.to_string());
        }
    }
    let mut columns = vec![column("party", "")];
    columns.extend(outcomes.iter().map(|o| column(o.scheme.name(), "$")));
    let rows = parties.iter().take(200).map(|party| {
        let mut row: Vec<Cell> = vec![text(party.clone())];
        row.extend(ledgers.iter().map(|l| number(l.net_usd(party))));
        row
    });
    Table {
        id: "money".into(),
        title: "Net receipts by party and scheme".into(),
        columns,
        rows: rows.collect(),
        note: "Receipts less payments; each column adds up to zero.".into(),
        by_clock: false,
    }
}

fn charts(outcomes: &[Outcome], report: &mut Report) {
    let mut bars = |id: &str,
                    title: &str,
                    label: &str,
                    unit: &str,
                    role: Role,
                    of: &dyn Fn(&Outcome) -> f64| {
        let mut labels = Vec::new();
        let mut series = Vec::new();
        for outcome in outcomes {
            let key = format!("{id}:{}", outcome.scheme.id());
            report.series.push(Series {
                id: key.clone(),
                name: outcome.scheme.name().into(),
                unit: unit.into(),
                index: Index::Clock,
                values: vec![of(outcome)],
            });
            labels.push(short(outcome.scheme).to_string());
            series.push(key);
        }
        let summary = outcomes
            .iter()
            .map(|o| format!("{} {}", short(o.scheme), plain(of(o), 2)))
            .collect::<Vec<_>>()
            .join(", ");
        report.charts.push(Chart {
            id: id.into(),
            title: title.into(),
            x: Axis {
                label: String::new(),
                unit: String::new(),
                zero: false,
            },
            y: Axis {
                label: label.into(),
                unit: unit.into(),
                zero: true,
            },
            marks: vec![Mark::Bars {
                labels,
                series,
                role,
            }],
            summary: format!("{title}: {summary}."),
            square: false,
            probe: None,
        });
    };
    // Slack at the cap would dwarf every other bar: bid costs here, energy without an answer beside.
    bars(
        "bid_cost",
        "Cost of the activated bids",
        "cost",
        "$",
        Role::Generator,
        &|o| o.market.dispatch.bid_cost_usd() + 0.0,
    );
    bars(
        "overload",
        "Energy over limits or without an answer",
        "energy",
        "MWh",
        Role::Line,
        &|o| o.overload_mwh + o.unserved_mwh + 0.0,
    );
}

/// A name that fits below a bar.
fn short(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Rsf => "RSF",
        Scheme::Common => "common",
        Scheme::CentralisedAs => "no limits",
        Scheme::LocalAs => "local",
        Scheme::SequentialFiltered => "filtered",
        Scheme::SharedBalancing => "shared",
        Scheme::NoDsoBids => "no bids",
        Scheme::Integrated => "integrated",
    }
}

/// Error of the curves against the number of points: uniform as published, adaptive.
fn grids(system: &System, params: &ResidualSupply, report: &mut Report) -> Result<(), String> {
    let admitted = schemes::admitted(system, Scheme::Rsf);
    let lowest = clear::levels(system).into_iter().next().unwrap_or_default();
    let Some(&a) = lowest.first() else {
        return Ok(());
    };
    let view = clear::common(params, &[], &admitted);
    let mut uniform: Vec<(f64, f64)> = Vec::new();
    for points in GRIDS {
        let mut rsf = params.rsf.clone();
        rsf.variant = super::params::Variant::Relaxed;
        rsf.grid = Grid::Uniform;
        rsf.points = points;
        let curve = build::curve(system, a, view, &rsf)?;
        uniform.push((f64::from(points), curve.gap_usd));
    }
    let mut adaptive: Vec<(f64, f64)> = Vec::new();
    for most in [2, 3, 4, 6, 9, 13, 20, 30] {
        let mut rsf = params.rsf.clone();
        rsf.variant = super::params::Variant::Relaxed;
        rsf.grid = Grid::Adaptive;
        rsf.gap_usd = 1e-9;
        rsf.max_points = most;
        let curve = build::curve(system, a, view, &rsf)?;
        let used = curve.samples.len() as f64;
        if adaptive.last().is_none_or(|&(points, _)| used > points) {
            adaptive.push((used, curve.gap_usd));
        }
    }
    let mut marks = Vec::new();
    for (id, name, role, points) in [
        ("uniform", "uniform grid", Role::Reference, &uniform),
        ("adaptive", "adaptive points", Role::Aggregator, &adaptive),
    ] {
        report.series.push(Series {
            id: format!("gap:{id}"),
            name: name.into(),
            unit: "$".into(),
            index: Index::Numbers {
                name: "points".into(),
                unit: String::new(),
                at: points.iter().map(|p| p.0).collect(),
            },
            values: points.iter().map(|p| p.1).collect(),
        });
        marks.push(Mark::Line {
            series: format!("gap:{id}"),
            role,
            step: false,
            points: true,
            dashed: false,
            shown: true,
        });
    }
    let area = &system.areas[a].id;
    let last = adaptive.last().copied().unwrap_or_default();
    let grid = uniform.last().copied().unwrap_or_default();
    report.charts.push(Chart {
        id: "points".into(),
        title: format!("Certified error of the curve of {area} by number of points"),
        x: Axis {
            label: "points".into(),
            unit: String::new(),
            zero: true,
        },
        y: Axis {
            label: "largest distance of chord and tangents".into(),
            unit: "$".into(),
            zero: true,
        },
        marks,
        summary: format!(
            "{} adaptive points leave {} $; {} points of the uniform grid leave {} $.",
            plain(last.0, 0),
            plain(last.1, 4),
            plain(grid.0, 0),
            plain(grid.1, 4)
        ),
        square: false,
        probe: None,
    });
    Ok(())
}
