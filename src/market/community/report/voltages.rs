//! What communities do about their voltages, and what it costs them.

use crate::report::SubjectKind::Party;
use crate::report::plots::{Numbers, about, axis, chart, line};
use crate::report::words::{counted, usd};
use crate::report::{Filled, Mark, Report, Role, Series, Table, filled, number, text};

use super::DRAWN;
use super::Run;
use super::STEP;
use crate::market::community::model::network::Flows;
use crate::market::community::model::trace::Trace;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;

/// A way to buy with the reaction and without it.
struct Both<'a> {
    way: Comparator,
    with: (&'a Trace, &'a Flows),
    without: (&'a Trace, &'a Flows),
    hours: f64,
}

impl Both<'_> {
    fn curtailed_kwh(&self, j: usize) -> f64 {
        self.with.0.curtailed_kw[j].iter().sum::<f64>() * self.hours
    }

    /// What the battery does less than it would.
    fn held_kwh(&self, j: usize) -> f64 {
        let trace = self.with.0;
        let both = trace.wanted_kw[j].iter().zip(&trace.battery_kw[j]);
        both.map(|(wanted, kw)| (wanted - kw).abs()).sum::<f64>() * self.hours
    }

    fn kvarh(&self, j: usize) -> f64 {
        self.with.0.kvar[j].iter().map(|q| q.abs()).sum::<f64>() * self.hours
    }

    fn cost_usd(&self, j: usize) -> f64 {
        self.with.0.bills[j].total_usd() - self.without.0.bills[j].total_usd()
    }

    fn sum(&self, of: fn(&Self, usize) -> f64) -> f64 {
        (0..self.with.0.bills.len()).map(|j| of(self, j)).sum()
    }
}

fn both(days: &Days, way: Comparator) -> Option<Both<'_>> {
    let at = Comparator::ALL.iter().position(|c| *c == way)?;
    let (trace, flows) = days.unreacted.get(at)?;
    Some(Both {
        way,
        with: (days.trace(way), days.flows(way)?),
        without: (trace, flows),
        hours: days.system.hours,
    })
}

/// Least and greatest of a member's voltages, or of everyone's.
fn ends(flows: &Flows, member: Option<usize>) -> (f64, f64) {
    let lists = flows.member_v_pu.iter().enumerate();
    let own = lists.filter(|(j, _)| member.is_none_or(|m| m == *j));
    own.flat_map(|(_, v)| v)
        .fold((f64::INFINITY, 0.0), |(low, high), v| {
            (v.min(low), v.max(high))
        })
}

/// The end of the headline: what the reaction does.
pub fn sentence(run: &Run) -> Option<String> {
    let both = both(run.days?, run.way)?;
    let cost = both.sum(Both::cost_usd);
    Some(format!(
        "their voltages leave the band in {} instead of {}, and reacting costs them {}",
        counted(both.with.1.any_outside, "interval"),
        both.without.1.any_outside,
        usd(cost),
    ))
}

pub fn numbers(days: &Days, list: &mut Numbers) {
    for both in Comparator::ALL.into_iter().filter_map(|c| both(days, c)) {
        let (id, name) = (both.way.id(), both.way.name());
        let at = "at the communities' points of connection";
        let out = |flows: &Flows| flows.any_outside as f64;
        for (kind, called, value, unit, note) in [
            (
                "outside",
                "Intervals beyond the band",
                out(both.with.1),
                "",
                at,
            ),
            (
                "outside_without",
                "Intervals beyond the band without reaction",
                out(both.without.1),
                "",
                at,
            ),
            (
                "curtailed",
                "PV curtailed",
                both.sum(Both::curtailed_kwh),
                "kWh",
                "",
            ),
            (
                "held_back",
                "Held back by batteries",
                both.sum(Both::held_kwh),
                "kWh",
                "",
            ),
            (
                "reaction_cost",
                "Cost of reacting to voltages",
                both.sum(Both::cost_usd),
                "$",
                "against the same days without reaction",
            ),
        ] {
            list.add(
                format!("{kind}:{id}"),
                format!("{called}, {name}"),
                value,
                unit,
            )
            .noted(note);
        }
    }
}

pub fn tables(run: &Run, days: &Days) -> Vec<Table> {
    let all: Vec<Both> = Comparator::ALL
        .into_iter()
        .filter_map(|c| both(days, c))
        .collect();
    let Some(own) = all.iter().find(|b| b.way == run.way) else {
        return Vec::new();
    };
    let columns: [Filled<&Both>; 10] = [
        ("way to buy", "", &|b| text(b.way.name())),
        ("least voltage", "p.u.", &|b| number(ends(b.with.1, None).0)),
        ("least voltage without reaction", "p.u.", &|b| {
            number(ends(b.without.1, None).0)
        }),
        ("greatest voltage", "p.u.", &|b| {
            number(ends(b.with.1, None).1)
        }),
        ("greatest voltage without reaction", "p.u.", &|b| {
            number(ends(b.without.1, None).1)
        }),
        ("intervals beyond the band", "", &|b| {
            number(b.with.1.any_outside as f64)
        }),
        ("intervals beyond the band without reaction", "", &|b| {
            number(b.without.1.any_outside as f64)
        }),
        ("PV curtailed", "kWh", &|b| {
            number(b.sum(Both::curtailed_kwh))
        }),
        ("held back by batteries", "kWh", &|b| {
            number(b.sum(Both::held_kwh))
        }),
        ("reacting costs", "$", &|b| number(b.sum(Both::cost_usd))),
    ];
    let note = "Voltages at the communities' points of connection by AC power flow; the band is that of the bus. In every interval the reaction is iterated to its fixed point. The clearing knows nothing of it: what is done otherwise than cleared is settled as imbalance, or met by the schedules that follow.";
    let ways = filled(
        "voltages",
        "Voltages with and without reaction",
        &all,
        &columns,
        note,
    );
    let columns: [Filled; 11] = [
        ("community", "", &|j| text(&days.system.members[j].id)),
        ("least voltage", "p.u.", &|j| {
            number(ends(own.with.1, Some(j)).0)
        }),
        ("least voltage without reaction", "p.u.", &|j| {
            number(ends(own.without.1, Some(j)).0)
        }),
        ("greatest voltage", "p.u.", &|j| {
            number(ends(own.with.1, Some(j)).1)
        }),
        ("greatest voltage without reaction", "p.u.", &|j| {
            number(ends(own.without.1, Some(j)).1)
        }),
        ("intervals beyond the band", "", &|j| {
            number(own.with.1.outside[j] as f64)
        }),
        ("intervals beyond the band without reaction", "", &|j| {
            number(own.without.1.outside[j] as f64)
        }),
        ("PV curtailed", "kWh", &|j| number(own.curtailed_kwh(j))),
        ("held back by the battery", "kWh", &|j| {
            number(own.held_kwh(j))
        }),
        ("reactive energy", "kvarh", &|j| number(own.kvarh(j))),
        ("reacting costs", "$", &|j| number(own.cost_usd(j))),
    ];
    let title = format!("What reacting to voltages costs each: {}", run.way.name());
    let members = &days.system.members;
    let costs = filled("reaction", &title, 0..members.len().min(200), &columns, "")
        .of(members.iter().map(|m| Party.of(&m.id)));
    vec![ways, costs]
}

pub fn series(run: &Run, days: &Days) -> Vec<Series> {
    let Some(own) = both(days, run.way) else {
        return Vec::new();
    };
    let way = run.way.name();
    let trace = own.with.0;
    let mut rows = Vec::new();
    for (j, member) in days.system.members.iter().enumerate().take(DRAWN) {
        let id = &member.id;
        let mut add = |kind: &str, name: String, unit: &str, values: Vec<f64>| {
            rows.push(about(kind, Party.of(id), name, unit, values));
        };
        let held = trace.wanted_kw[j].iter().zip(&trace.battery_kw[j]);
        let (with, without) = (&own.with.1.member_v_pu[j], &own.without.1.member_v_pu[j]);
        add("u", format!("voltage at {id}, {way}"), "p.u.", with.clone());
        add(
            "u0",
            format!("voltage at {id} without reaction"),
            "p.u.",
            without.clone(),
        );
        add(
            "kvar",
            format!("injected by {id}"),
            "kvar",
            trace.kvar[j].clone(),
        );
        add(
            "curtailed",
            format!("PV curtailed at {id}"),
            "kW",
            trace.curtailed_kw[j].clone(),
        );
        add(
            "held",
            format!("battery of {id} less than wanted"),
            "kW",
            held.map(|(a, b)| a - b).collect(),
        );
    }
    rows
}

pub fn charts(run: &Run, days: &Days, report: &mut Report) {
    let Some(own) = both(days, run.way) else {
        return;
    };
    let members = || days.system.members.iter().take(DRAWN).enumerate();
    let each = |kind: &str, role: Role, dashed: bool, shown: &dyn Fn(usize) -> bool| -> Vec<Mark> {
        let mark = |(j, id): (usize, &str)| line(format!("{kind}:{id}"), role, dashed, shown(j));
        members().map(|(j, m)| mark((j, &m.id))).collect()
    };
    let all = |_| true;
    // Where the band would be left, or everywhere where it never is.
    let left = |j: usize| own.without.1.any_outside == 0 || own.without.1.outside[j] > 0;
    let mut voltages = each("u", Role::Aggregator, false, &left);
    voltages.extend(each("u0", Role::Reference, true, &left));
    let mut bands: Vec<f64> = days.bands.iter().flat_map(|b| [b.0, b.1]).collect();
    bands.sort_by(f64::total_cmp);
    bands.dedup();
    voltages.extend(
        bands
            .into_iter()
            .filter(|v| v.is_finite())
            .map(|value| Mark::Rule {
                value,
                // The axis tells their values; a name would stand on the lines.
                label: String::new(),
            }),
    );
    let mut power = each("curtailed", Role::Der, false, &all);
    power.extend(each("held", Role::Aggregator, true, &all));
    for (id, title, y, marks, summary) in [
        (
            "member_voltage",
            "Voltage where communities are connected",
            axis("voltage", "p.u.", false),
            voltages,
            "With the reaction, and dashed without it, of the communities whose voltage would leave the band between the level lines; the others are among the series.",
        ),
        (
            "reaction_kvar",
            "Reactive power of the inverters",
            axis("injected", "kvar", true),
            each("kvar", Role::Aggregator, false, &all),
            "Where the voltage is low they inject, where it is high they absorb.",
        ),
        (
            "reaction_kw",
            "PV curtailed, batteries held back",
            axis("power", "kW", true),
            power,
            "Charging less where the voltage is low, feeding in less where it is high.",
        ),
    ] {
        report
            .charts
            .push(chart(STEP, id, title, y, marks, summary));
    }
}
