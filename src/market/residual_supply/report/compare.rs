//! Every scheme on the same case, side by side, and what the functions' points buy.

use crate::case::Case;
use crate::report::plots::{axis, message, over, path, plot};
use crate::report::side_by_side::{Dots, Row, SideBySide, extremes};
use crate::report::{
    Badge, Cell, Filled, Level, Report, Role, Status, Table, Tone, amount, column, filled, number,
    plain, table, text,
};

use super::super::model::schemes::Coordination;
use super::super::model::settlement::{self, Item};
use super::super::model::system::System;
use super::super::outcome::{Compared, Comparison, Grids};
use super::super::params::Scheme;
use super::published;
use super::run::clock;

/// Parties that the table of money lists.
const MOST: usize = 200;

/// Writes the comparison.
pub fn report(case: &Case, found: &Comparison) -> Report {
    let failed = found.failed.iter();
    let failed =
        failed.map(|(scheme, why)| message(Level::Warning, format!("{}: {why}.", scheme.name())));
    let mut report = Report {
        status: Status::Solved,
        headline: headline(found),
        badges: vec![Badge::new(
            format!("{} schemes", found.schemes.len()),
            Tone::Neutral,
        )],
        clock: Some(clock(&found.system, 1)),
        messages: failed.collect(),
        tables: vec![costs(found), money(found)],
        ..Report::default()
    };
    report.tables.extend(published::of_schemes(case, found));
    charts(found, &mut report);
    if let Some(grids) = &found.grids {
        points(&found.system, grids, &mut report);
    }
    report
}

/// The scheme that has most of something.
fn most(found: &Comparison, of: impl Fn(&Coordination) -> f64) -> Option<&Coordination> {
    let all = found.schemes.iter().map(|c| &c.coordination);
    all.max_by(|a, b| of(a).total_cmp(&of(b)))
}

fn headline(found: &Comparison) -> String {
    let cost = |o: &Coordination| o.cost_after_usd(&found.system);
    let all = || found.schemes.iter().map(|c| &c.coordination);
    let common = all().find(|o| o.scheme == Scheme::Common).map(cost);
    let served =
        |o: &&Coordination| o.unserved_after_mwh() <= 1e-5 && o.last().power_flow.untight.is_none();
    let dear = all()
        .filter(served)
        .max_by(|a, b| cost(a).total_cmp(&cost(b)));
    let mut text = match common {
        Some(common) => format!("The common market costs {} $", amount(common, "")),
        None => "The common market could not be cleared".into(),
    };
    if let (Some(dear), Some(common)) = (dear, common)
        && cost(dear) > common + 0.005
    {
        text += &format!(
            "; {} costs {} $",
            dear.scheme.name(),
            amount(cost(dear), "")
        );
        if dear.after.is_some() {
            text += " after redispatch";
        }
    }
    let mut leaves = |worst: Option<&Coordination>, what: &dyn Fn(&Coordination) -> String| {
        if let Some(worst) = worst {
            text += &format!("; {} leaves {}", worst.scheme.name(), what(worst));
        }
    };
    let over = most(found, |o| o.overload_mwh).filter(|o| o.overload_mwh > 1e-5);
    leaves(over, &|o| {
        format!("{} MWh over limits", amount(o.overload_mwh, ""))
    });
    let outside = most(found, |o| o.realized.outside_pu());
    leaves(outside.filter(|o| o.realized.voltage.is_some()), &|o| {
        let outside = plain(o.realized.outside_pu(), 4);
        format!("a voltage {outside} p.u. outside its limits")
    });
    let lossy = most(found, |o| o.realized.losses_mwh);
    leaves(lossy.filter(|o| o.realized.losses_mwh > 1e-5), &|o| {
        let losses = amount(o.realized.losses_mwh, "");
        format!("{losses} MWh of losses that nobody bought")
    });
    text + "."
}

fn costs(found: &Comparison) -> Table {
    let system = &found.system;
    let lost = |c: &Compared| number(c.lost.bids_usd.iter().filter(|v| v.is_finite()).sum());
    let columns: [Filled<&Compared>; 12] = [
        ("scheme", "", &|c| text(c.coordination.scheme.name())),
        ("market cost", "$", &|c| {
            number(c.coordination.market.cost_usd(system))
        }),
        ("over limits", "MWh", &|c| {
            number(c.coordination.overload_mwh)
        }),
        ("without an answer", "MWh", &|c| {
            number(c.coordination.unserved_mwh)
        }),
        ("redispatch", "$", &|c| {
            number(c.coordination.redispatch_usd(system))
        }),
        ("cost after redispatch", "$", &|c| {
            number(c.coordination.cost_after_usd(system))
        }),
        ("TSO surplus", "$", &|c| number(c.payments.net_usd("TSO"))),
        ("DSO surplus", "$", &|c| {
            number(c.payments.operators_usd(system))
        }),
        ("lost opportunity of bids", "$", &lost),
        ("losses not bought", "MWh", &|c| {
            number(c.coordination.realized.losses_mwh)
        }),
        ("voltage outside limits", "p.u.", &|c| {
            number(c.coordination.realized.outside_pu())
        }),
        ("unserved after redispatch", "MWh", &|c| {
            number(c.coordination.unserved_after_mwh())
        }),
    ];
    filled(
        "schemes",
        "Schemes side by side",
        &found.schemes,
        &columns,
        "Over limits, losses not bought and voltage outside limits are those of the market's dispatch, run through the feeders. Redispatch is the scheme's last market cleared again with every network written in, less the market's cost: bids are moved at their own prices, those that the scheme leaves out stay out. Energy without an answer is charged at the price cap.",
    )
}

/// Net receipts of every party by scheme.
fn money(found: &Comparison) -> Table {
    let mut parties: Vec<&str> = Vec::new();
    for party in found.schemes.iter().flat_map(|c| c.payments.parties()) {
        if !parties.contains(&party) {
            parties.push(party);
        }
    }
    let mut columns = vec![column("party", "")];
    let schemes = found.schemes.iter().map(|c| c.coordination.scheme);
    columns.extend(schemes.map(|scheme| column(scheme.name(), "$")));
    let rows = parties.into_iter().take(MOST).map(|party| {
        let nets = found.schemes.iter().map(|c| c.payments.net_usd(party));
        let row: Vec<Cell> = std::iter::once(text(party))
            .chain(nets.map(number))
            .collect();
        row
    });
    table(
        "money",
        "Net receipts by party and scheme",
        columns,
        rows.collect(),
        "Receipts less payments; each column adds up to zero.",
    )
}

fn charts(found: &Comparison, report: &mut Report) {
    let side = SideBySide {
        one: "scheme",
        rows: found.schemes.iter().map(row).collect(),
    };
    let system = &found.system;
    let of = |value: &dyn Fn(&Coordination) -> f64| -> Vec<f64> {
        let all = found.schemes.iter();
        all.map(|c| value(&c.coordination) + 0.0).collect()
    };
    // What a scheme costs that changes nothing afterwards is its last word.
    let before = of(&|o| match o.after {
        Some(_) => o.market.cost_usd(system),
        None => f64::NAN,
    });
    let after = of(&|o| o.cost_after_usd(system));
    let named = found.schemes.iter().zip(&after);
    let named: Vec<(String, f64)> = named
        .map(|(c, cost)| (c.coordination.scheme.name().into(), *cost))
        .collect();
    let summary = format!(
        "Cost at the end: {}. Hatched: over limits before redispatch. Energy without an answer is charged at the price cap.",
        extremes(&named, "$")
    );
    let dots = vec![
        Dots::new(
            "cost_before".into(),
            "before redispatch",
            Role::Reference,
            before,
        )
        .hollow(),
        Dots::new("cost_after".into(), "at the end", Role::Generator, after),
    ];
    let title = "What each scheme costs".to_string();
    side.add(
        side.chart(("scheme_costs", title), ("cost", "$"), dots, summary),
        report,
    );
    let parties = Parties::new(found);
    let dots = parties.names().into_iter().map(|(name, role)| {
        let nets = found.schemes.iter().map(|c| parties.net_usd(c, &name));
        Dots::new(format!("net:{name}"), name.clone(), role, nets.collect())
    });
    let dots: Vec<Dots> = dots.collect();
    if !dots.is_empty() {
        let plain = SideBySide {
            one: side.one,
            rows: found
                .schemes
                .iter()
                .map(|c| Row {
                    over: String::new(),
                    ..row(c)
                })
                .collect(),
        };
        let title = "Who gains and who pays".to_string();
        let summary = "Receipts less payments of each party under each scheme; those of one scheme add up to zero.";
        side.add(
            plain.chart(
                ("scheme_nets", title),
                ("net receipts", "$"),
                dots,
                summary.into(),
            ),
            report,
        );
    }
}

fn row(own: &Compared) -> Row {
    let scheme = own.coordination.scheme;
    let changes = vec![("mechanism.scheme".into(), scheme.id().into())];
    Row::new(scheme.id(), scheme.name(), changes).over(beyond(&own.coordination))
}

/// What the market's dispatch does beyond limits, or leaves without an answer.
fn beyond(own: &Coordination) -> String {
    let parts = [
        (own.overload_mwh, "over limits"),
        (own.unserved_mwh, "without an answer"),
    ];
    let parts = parts.into_iter().filter(|(mwh, _)| *mwh > 1e-5);
    let words = parts.map(|(mwh, what)| format!("{}\u{a0}MWh {what}", amount(mwh, "")));
    words.collect::<Vec<_>>().join(", ")
}

/// The parties that a picture of money shows: each where they are few, else what they are together.
struct Parties<'c> {
    operators: Vec<String>,
    all: Vec<&'c str>,
    providers: Vec<&'c str>,
}

/// Parties up to which each has a dot of its own.
const FEW: usize = 6;

impl<'c> Parties<'c> {
    fn new(found: &'c Comparison) -> Self {
        let mut all: Vec<&str> = Vec::new();
        let mut providers: Vec<&str> = Vec::new();
        for own in &found.schemes {
            for party in own.payments.parties() {
                if !all.contains(&party) {
                    all.push(party);
                }
            }
            let paid = own.payments.entries.iter();
            let paid = paid.filter(|e| e.item == Item::ActivatedEnergy);
            for entry in paid {
                if !providers.contains(&entry.payee.as_str()) {
                    providers.push(&entry.payee);
                }
            }
        }
        let system = &found.system;
        let operators = (0..system.areas.len()).map(|a| settlement::operator(system, a));
        Self {
            operators: operators.collect(),
            all,
            providers,
        }
    }

    /// Which of the picture's names a party stands under.
    fn called(&self, party: &str) -> String {
        let is_operator = self.operators.iter().any(|o| o == party);
        match party {
            _ if self.all.len() <= FEW => party.to_string(),
            _ if party.starts_with("TSO") => "TSO".into(),
            _ if is_operator => "DSOs".into(),
            _ if self.providers.contains(&party) => "providers of bids".into(),
            _ => "those out of balance".into(),
        }
    }

    /// Names of the picture, each with its colour.
    fn names(&self) -> Vec<(String, Role)> {
        let mut names: Vec<(String, Role)> = Vec::new();
        for party in &self.all {
            let name = self.called(party);
            let role = match *party {
                _ if party.starts_with("TSO") => Role::Line,
                _ if self.operators.iter().any(|o| o == party) => Role::Aggregator,
                _ if self.providers.contains(party) => Role::Der,
                _ => Role::Load,
            };
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name, role));
            }
        }
        names
    }

    fn net_usd(&self, own: &Compared, name: &str) -> f64 {
        let under = self.all.iter().filter(|party| self.called(party) == name);
        under.map(|party| own.payments.net_usd(party)).sum()
    }
}

/// Error of the function against the number of points: uniform as published, adaptive.
fn points(system: &System, grids: &Grids, report: &mut Report) {
    let lines = [
        (
            "gap:uniform",
            "uniform grid",
            Role::Reference,
            &grids.uniform,
        ),
        (
            "gap:adaptive",
            "adaptive points",
            Role::Aggregator,
            &grids.adaptive,
        ),
    ];
    let marks = lines
        .iter()
        .map(|(id, _, role, _)| path(id, *role, true, false));
    let marks = marks.collect();
    let series = lines.iter();
    let series = series.map(|(id, name, _, points)| over(id, *name, "$", ("points", ""), points));
    report.series.extend(series);
    let last = |points: &[(f64, f64)]| {
        let (points, gap) = points.last().copied().unwrap_or_default();
        (plain(points, 0), amount(gap, ""))
    };
    let (adaptive, uniform) = (last(&grids.adaptive), last(&grids.uniform));
    let area = &system.areas[grids.area].id;
    report.charts.push(plot(
        "points",
        format!("Certified error of the curve of {area} by number of points"),
        (
            axis("points", "", true),
            axis("largest distance of chord and tangents", "$", true),
        ),
        marks,
        format!(
            "{} adaptive points leave {} $; {} points of the uniform grid leave {} $.",
            adaptive.0, adaptive.1, uniform.0, uniform.1
        ),
    ));
}
