//! Tables of a run.

use crate::report::SubjectKind::{Branch, Bus, Party};
use crate::report::{Cell, Table, at, columns, number, plain, table, text};

use super::super::model::bids::offered;
use super::super::model::curve::Curve;
use super::super::model::settlement::{Item, operator};
use super::run::Run;
use super::series::{has_voltage, interface, line_id};
use super::theorems::theorems;
use super::words::{ended_by, limit_words, resource};

/// Rows of the tables of parties and lines of a large system: the rest is in the JSON report.
const MANY: usize = 400;

/// Areas that a table lists in their own order.
const FEW: usize = 20;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![areas(run), bids(run), buses(run), lines(run)];
    if let Some(curve) = run.curve() {
        list.push(steps(run, curve));
        list.push(samples(run, curve));
    }
    if !run.outcome.theorems.is_empty() {
        list.push(theorems(run));
    }
    list
}

fn areas(run: &Run) -> Table {
    let system = run.system;
    let market = &run.coordination.market;
    let slack = &market.dispatch.slack_mwh;
    let mut order: Vec<usize> = system.exporting().collect();
    if order.len() > FEW {
        // Where the trouble is comes first.
        crate::sort::by(&mut order, |&a, &b| slack[b].total_cmp(&slack[a]));
    }
    let interfaces = order.iter().map(|a| interface(&system.areas[*a]));
    let interfaces: Vec<_> = interfaces.collect();
    let rows = order.into_iter().map(|a| {
        let area = &system.areas[a];
        let promised = market.promised.get(a).copied();
        let (cost, promised) = promised.unwrap_or((f64::NAN, f64::NAN));
        let curve = run.outcome.curve(a);
        let bus = area
            .above
            .map_or("", |(up, i)| system.areas[up].buses[i].as_str());
        vec![
            text(area.id.clone()),
            text(bus),
            at(format!("export:{}", area.boundary)),
            at(format!("lmp:{bus}")),
            number(cost),
            number(promised),
            number(curve.map_or(f64::NAN, |c| c.gap_usd)),
            number(curve.map_or(f64::NAN, |c| c.evaluations as f64)),
            number(slack[a]),
            number(run.outcome.payments.net_usd(&operator(system, a))),
        ]
    });
    table(
        "areas",
        "Areas and their interfaces",
        columns(&[
            ("area", ""),
            ("meets bus", ""),
            ("export", "MW"),
            ("interface price", "$/MWh"),
            ("cost of the area", "$"),
            ("promised", "$"),
            ("error of the function", "$"),
            ("problems solved", ""),
            ("without an answer", "MWh"),
            ("operator's surplus", "$"),
        ]),
        rows.collect(),
        "Cost and promise are those of the cleared export; the error of a function is the largest distance of its chords and tangents, at equal exports in all periods. What the clearing as a whole can be off stands in the summary as the certified error.",
    )
    .of(interfaces)
}

fn bids(run: &Run) -> Table {
    let bids = &run.system.balancing.bids;
    let rows = bids.iter().enumerate().take(MANY).map(|(b, bid)| {
        let (low, high) = offered(&bid.offers);
        let paid = run.outcome.payments.entries.iter();
        let paid = paid.filter(|e| e.payee == bid.payee() && e.item == Item::ActivatedEnergy);
        vec![
            text(bid.id.clone()),
            text(bid.bus.clone()),
            number(low),
            number(high),
            at(format!("p:{}", bid.id)),
            at(format!("lmp:{}", bid.bus)),
            number(run.coordination.market.dispatch.bid_costs_usd[b]),
            number(paid.map(|e| e.amount_usd).sum()),
            number(run.outcome.lost.bids_usd[b]),
        ]
    });
    table(
        "bids",
        "Bids",
        columns(&[
            ("bid", ""),
            ("bus", ""),
            ("least", "MW"),
            ("most", "MW"),
            ("activated", "MW"),
            ("price", "$/MWh"),
            ("cost", "$"),
            ("paid to its party", "$"),
            ("lost opportunity", "$"),
        ]),
        rows.collect(),
        if bids.len() > MANY {
            "The first 400 bids; all are in the report as JSON."
        } else {
            "A negative activation is downward; its cost at a positive price is a saving that the provider pays for."
        },
    )
    .of(bids.iter().map(|bid| Party.of(&bid.id)))
}

fn buses(run: &Run) -> Table {
    let areas = run.system.areas.iter().enumerate();
    let all = areas.flat_map(|(a, area)| area.buses.iter().enumerate().map(move |bus| (a, bus)));
    let all_buses = all.clone().map(|(_, (_, bus))| Bus.of(bus));
    let rows = all.take(MANY).map(|(a, (i, bus))| {
        let (low, high) = run.outcome.price_range(a, run.period, i);
        let unique = !low.is_finite() || high - low <= 1e-6 * (1.0 + high.abs());
        let end = |price: f64| number(if unique { f64::NAN } else { price });
        vec![
            text(bus.clone()),
            text(run.system.areas[a].id.clone()),
            at(format!("lmp:{bus}")),
            end(low),
            end(high),
            // A cell of a series that does not exist would be an error.
            match has_voltage(run, a, i) {
                true => at(format!("v:{bus}")),
                false => Cell::Empty,
            },
        ]
    });
    table(
        "buses",
        "Prices and voltages",
        columns(&[
            ("bus", ""),
            ("area", ""),
            ("price", "$/MWh"),
            ("least", "$/MWh"),
            ("greatest", "$/MWh"),
            ("voltage", "p.u."),
        ]),
        rows.collect(),
        "The price is the cost of one more MWh of load. Where optimal prices are not unique their interval stands beside it, and the price shown is that of the next MWh.",
    )
    .of(all_buses)
}

fn lines(run: &Run) -> Table {
    let dispatch = &run.coordination.market.dispatch;
    let mut rows = Vec::new();
    for (a, area) in run.system.areas.iter().enumerate() {
        for (k, line) in area.lines().into_iter().enumerate() {
            let over = run.outcome.overloads.iter();
            let over = over.filter(|o| o.area == a && o.line == line.id);
            let over = over.map(|o| o.over_mw).fold(0.0, f64::max);
            let whole = line_id(area, line.id);
            let row = vec![
                text(line.id),
                text(area.id.clone()),
                at(format!("flow:{whole}")),
                number(dispatch.loading_mva[a][run.period][k]),
                text(range(line.limits)),
                number(if over > 0.0 { over } else { f64::NAN }),
            ];
            rows.push((over, row, Branch.of(whole)));
        }
    }
    let many = rows.len() > MANY;
    if many {
        crate::sort::by(&mut rows, |a, b| b.0.total_cmp(&a.0));
        rows.truncate(MANY);
    }
    let lines: Vec<_> = rows.iter().map(|(.., line)| line.clone()).collect();
    table(
        "lines",
        "Lines",
        columns(&[
            ("line", ""),
            ("area", ""),
            ("flow", "MW"),
            ("apparent power in the period shown", "MVA"),
            ("limit", "MW or MVA"),
            ("over", "MW"),
        ]),
        rows.into_iter().map(|(_, row, _)| row).collect(),
        if many {
            "Lines over their limits first, 400 in all; every line is in the report as JSON."
        } else {
            "Flows are positive from the first bus of a line to the second."
        },
    )
    .of(lines)
}

/// A limit in words.
fn range(limits: [Option<f64>; 3]) -> String {
    match limits.map(|limit| limit.map(|v| plain(v, 3))) {
        [Some(most), None, None] => format!("±{most}"),
        [_, Some(low), Some(high)] => format!("{low} to {high}"),
        [_, Some(low), None] => format!("at least {low}"),
        [_, None, Some(high)] => format!("at most {high}"),
        [None, None, None] => "none".into(),
    }
}

fn steps(run: &Run, curve: &Curve) -> Table {
    let rows = run.outcome.steps(curve, run.period).into_iter().map(|step| {
        let ends = ended_by(&step.ended_by, "");
        vec![
            number(step.from_mw),
            number(step.to_mw),
            number(step.usd_per_mwh),
            text(resource(&step.moving)),
            match ends.is_empty() {
                true => Cell::Empty,
                false => text(ends),
            },
        ]
    });
    let id = &run.system.areas[curve.area].id;
    table(
        "steps",
        &format!("Residual supply function of {id}, step by step"),
        columns(&[
            ("export from", "MW"),
            ("to", "MW"),
            ("price", "$/MWh"),
            ("marginal resource", ""),
            ("what ends the step", ""),
        ]),
        rows.collect(),
        "Below the first step the area would pay the price cap to be rid of energy, beyond the last it would ask the cap.",
    )
}

fn samples(run: &Run, curve: &Curve) -> Table {
    let t = run.period;
    let rows = curve.samples.iter().map(|s| {
        vec![
            number(s.export_mw[t]),
            number(s.cost_usd),
            number(s.below_usd_per_mwh[t]),
            number(s.above_usd_per_mwh[t]),
            number(s.slack_mwh),
            text(limit_words(&s.limits).join(", ")),
        ]
    });
    table(
        "samples",
        &format!("Samples of the cost of {}", run.system.areas[curve.area].id),
        columns(&[
            ("export", "MW"),
            ("least cost", "$"),
            ("price below", "$/MWh"),
            ("price above", "$/MWh"),
            ("without an answer", "MWh"),
            ("full", ""),
        ]),
        rows.take(MANY).collect(),
        "",
    )
}
