//! Tables of a run.

use crate::report::SubjectKind::{Branch, Bus, Party};
use crate::report::{Cell, Filled, Table, at, columns, filled, number, plain, table, text};

use super::super::model::bids::offered;
use super::super::model::curve::{Curve, Sample};
use super::super::model::marginal::MarginalStep;
use super::super::model::nested::Exchange;
use super::super::model::settlement::{Item, operator};
use super::bounds::proven;
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
    if !run.coordination.market.exchanges.is_empty() {
        list.push(exchanges(run));
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
    let interfaces: Vec<_> = order.iter().map(|a| interface(&system.areas[*a])).collect();
    let area = |a: usize| &system.areas[a];
    let bus = |a: usize| {
        let above = area(a).above;
        above.map_or("", |(up, i)| system.areas[up].buses[i].as_str())
    };
    let (cost, promised): (Vec<f64>, Vec<f64>) = (0..system.areas.len())
        .map(|a| {
            market
                .promised
                .get(a)
                .copied()
                .unwrap_or((f64::NAN, f64::NAN))
        })
        .unzip();
    let curve = |a: usize, of: fn(&Curve) -> f64| number(run.outcome.curve(a).map_or(f64::NAN, of));
    let surplus = |a: usize| number(run.outcome.payments.net_usd(&operator(system, a)));
    let columns: [Filled; 10] = [
        ("area", "", &|a| text(&area(a).id)),
        ("meets bus", "", &|a| text(bus(a))),
        ("export", "MW", &|a| {
            at(format!("export:{}", area(a).boundary))
        }),
        ("interface price", "$/MWh", &|a| {
            at(format!("lmp:{}", bus(a)))
        }),
        ("cost of the area", "$", &|a| number(cost[a])),
        ("promised", "$", &|a| number(promised[a])),
        ("error of the function", "$", &|a| curve(a, |c| c.gap_usd)),
        ("problems solved", "", &|a| {
            curve(a, |c| c.evaluations as f64)
        }),
        ("without an answer", "MWh", &|a| number(slack[a])),
        ("operator's surplus", "$", &surplus),
    ];
    filled(
        "areas",
        "Areas and their interfaces",
        order,
        &columns,
        "Cost and promise are those of the cleared export; the error of a function is the largest distance of its chords and tangents, at equal exports in all periods. What the clearing as a whole can be off stands in the summary as the certified error.",
    )
    .of(interfaces)
}

fn bids(run: &Run) -> Table {
    let bids = &run.system.balancing.bids;
    let (dispatch, lost) = (&run.coordination.market.dispatch, &run.outcome.lost);
    let end = |b: usize| offered(&bids[b].offers);
    let paid = |b: usize| {
        let paid = run.outcome.payments.entries.iter();
        let paid = paid.filter(|e| e.payee == bids[b].payee() && e.item == Item::ActivatedEnergy);
        number(paid.map(|e| e.amount_usd).sum())
    };
    let columns: [Filled; 9] = [
        ("bid", "", &|b| text(&bids[b].id)),
        ("bus", "", &|b| text(&bids[b].bus)),
        ("least", "MW", &|b| number(end(b).0)),
        ("most", "MW", &|b| number(end(b).1)),
        ("activated", "MW", &|b| at(format!("p:{}", bids[b].id))),
        ("price", "$/MWh", &|b| at(format!("lmp:{}", bids[b].bus))),
        ("cost", "$", &|b| number(dispatch.bid_costs_usd[b])),
        ("paid to its party", "$", &paid),
        ("lost opportunity", "$", &|b| number(lost.bids_usd[b])),
    ];
    filled(
        "bids",
        "Bids",
        0..bids.len().min(MANY),
        &columns,
        if bids.len() > MANY {
            "The first 400 bids; all are in the report as JSON."
        } else {
            "A negative activation is downward; its cost at a positive price is a saving that the provider pays for. Where any price is right there is none, and nothing is paid."
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
    let steps = run.outcome.steps(curve, run.period);
    let ended = |step: &MarginalStep| match ended_by(&step.ended_by, "") {
        ends if ends.is_empty() => Cell::Empty,
        ends => text(ends),
    };
    let columns: [Filled<&MarginalStep>; 5] = [
        ("export from", "MW", &|s| number(s.from_mw)),
        ("to", "MW", &|s| number(s.to_mw)),
        ("price", "$/MWh", &|s| number(s.usd_per_mwh)),
        ("marginal resource", "", &|s| text(resource(&s.moving))),
        ("what ends the step", "", &ended),
    ];
    let id = &run.system.areas[curve.area].id;
    filled(
        "steps",
        &format!("Residual supply function of {id}, step by step"),
        &steps,
        &columns,
        "Below the first step the area would pay the price cap to be rid of energy, beyond the last it would ask the cap.",
    )
}

fn exchanges(run: &Run) -> Table {
    type Numbered<'a> = (usize, f64, f64, &'a Exchange);
    let numbered: Vec<Numbered> = proven(run).collect();
    let of = |e: &Exchange| if e.whole { "whole" } else { "taken in part" };
    let columns: [Filled<&Numbered>; 6] = [
        ("exchange", "", &|(k, ..)| number(*k as f64)),
        ("bids", "", &|(.., e)| text(of(e))),
        ("lower bound", "$", &|(_, lower, ..)| number(*lower)),
        ("best exports known", "$", &|(_, _, upper, _)| {
            number(*upper)
        }),
        ("off by at most", "$", &|(_, lower, upper, _)| {
            number(upper - lower)
        }),
        ("new cuts", "", &|(.., e)| number(e.cuts as f64)),
    ];
    filled(
        "exchanges",
        "Exchanges of cuts",
        &numbered,
        &columns,
        "Every exchange asks the areas for the exports that the clearing wants, period by period, or for those half-way to the best known; each answers with a cut. Once the bounds meet, the clearing keeps whole bids whole and its exports are asked for, too. The last row is what the clearing then costs and its lower bound.",
    )
}

fn samples(run: &Run, curve: &Curve) -> Table {
    let t = run.period;
    let columns: [Filled<&Sample>; 6] = [
        ("export", "MW", &|s| number(s.export_mw[t])),
        ("least cost", "$", &|s| number(s.cost_usd)),
        ("price below", "$/MWh", &|s| number(s.below_usd_per_mwh[t])),
        ("price above", "$/MWh", &|s| number(s.above_usd_per_mwh[t])),
        ("without an answer", "MWh", &|s| number(s.slack_mwh)),
        ("full", "", &|s| text(limit_words(&s.limits).join(", "))),
    ];
    let title = format!("Samples of the cost of {}", run.system.areas[curve.area].id);
    let samples = curve.samples.iter().take(MANY);
    filled("samples", &title, samples, &columns, "")
}
