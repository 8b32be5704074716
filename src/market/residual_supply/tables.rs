//! Tables of a run.

use crate::report::{Cell, Table, at, column, number, table, text};

use super::answer::Run;
use super::curve::Curve;
use super::settlement::operator;
use super::step_words::{limit_words, step_words};
use super::summary::price_range;
use super::system::Kind;

/// Rows of the tables of parties and lines of a large system: the rest is in the JSON report.
const MANY: usize = 400;

/// Areas that a table lists in their own order.
const FEW: usize = 20;

pub fn tables(run: &Run) -> Vec<Table> {
    let mut list = vec![areas(run), bids(run), buses(run), lines(run)];
    if let Some(curve) = run
        .shown
        .and_then(|a| run.outcome.market.curves.get(a)?.as_ref())
    {
        list.push(steps(run, curve));
        list.push(samples(run, curve));
    }
    if !run.theorems.is_empty() {
        list.push(theorems(run));
    }
    list
}

fn areas(run: &Run) -> Table {
    let system = run.system;
    let market = &run.outcome.market;
    let mut order: Vec<usize> = system.exporting().collect();
    if order.len() > FEW {
        // Where the trouble is comes first.
        let slack = &market.dispatch.slack_mwh;
        order.sort_by(|&a, &b| slack[b].total_cmp(&slack[a]));
    }
    let rows = order.into_iter().map(|a| {
        let area = &system.areas[a];
        let (cost, promised) = market
            .promised
            .get(a)
            .copied()
            .unwrap_or((f64::NAN, f64::NAN));
        let curve = market.curves.get(a).and_then(Option::as_ref);
        let bus = area
            .above
            .map_or(String::new(), |(up, i)| system.areas[up].buses[i].clone());
        vec![
            text(area.id.clone()),
            text(bus.clone()),
            at(format!("export:{}", area.boundary)),
            at(format!("lmp:{bus}")),
            number(cost),
            number(promised),
            number(curve.map_or(f64::NAN, |c| c.gap_usd)),
            number(curve.map_or(f64::NAN, |c| c.evaluations as f64)),
            number(market.dispatch.slack_mwh[a]),
            number(run.ledger.net_usd(&operator(system, a))),
        ]
    });
    table(
        "areas",
        "Areas and their interfaces",
        vec![
            column("area", ""),
            column("meets bus", ""),
            column("export", "MW"),
            column("interface price", "$/MWh"),
            column("cost of the area", "$"),
            column("promised", "$"),
            column("error of the function", "$"),
            column("problems solved", ""),
            column("without an answer", "MWh"),
            column("operator's surplus", "$"),
        ],
        rows.collect(),
        "Cost and promise are those of the cleared export; the error of a function is the largest distance of its chords and tangents, at equal exports in all periods. What the clearing as a whole can be off stands in the summary as the certified error.",
    )
}

fn bids(run: &Run) -> Table {
    let system = run.system;
    let market = &run.outcome.market;
    let rows = system
        .balancing
        .bids
        .iter()
        .enumerate()
        .take(MANY)
        .map(|(b, bid)| {
            let offered = bid.offers.iter().flat_map(|o| &o.segments);
            let (low, high) = offered.fold((0.0_f64, 0.0_f64), |(low, high), s| {
                (low + s.min_p_mw.min(0.0), high + s.max_p_mw.max(0.0))
            });
            let paid: f64 = run
                .ledger
                .entries
                .iter()
                .filter(|e| e.payee == bid.payee() && e.item == "activated energy")
                .map(|e| e.amount_usd)
                .sum();
            vec![
                text(bid.id.clone()),
                text(bid.bus.clone()),
                number(low),
                number(high),
                at(format!("p:{}", bid.id)),
                at(format!("lmp:{}", bid.bus)),
                number(market.dispatch.bid_costs_usd[b]),
                number(paid),
                number(run.lost.bids_usd[b]),
            ]
        });
    table(
        "bids",
        "Bids",
        vec![
            column("bid", ""),
            column("bus", ""),
            column("least", "MW"),
            column("most", "MW"),
            column("activated", "MW"),
            column("price", "$/MWh"),
            column("cost", "$"),
            column("paid to its party", "$"),
            column("lost opportunity", "$"),
        ],
        rows.collect(),
        if system.balancing.bids.len() > MANY {
            "The first 400 bids; all are in the report as JSON."
        } else {
            "A negative activation is downward; its cost at a positive price is a saving that the provider pays for."
        },
    )
}

fn buses(run: &Run) -> Table {
    let system = run.system;
    let mut rows = Vec::new();
    for (a, area) in system.areas.iter().enumerate() {
        for (i, bus) in area.buses.iter().enumerate() {
            let (low, high) = price_range(run, a, run.period, i);
            let unique = !low.is_finite() || high - low <= 1e-6 * (1.0 + high.abs());
            rows.push(vec![
                text(bus.clone()),
                text(area.id.clone()),
                at(format!("lmp:{bus}")),
                if unique { Cell::Empty } else { number(low) },
                if unique { Cell::Empty } else { number(high) },
                at(format!("v:{bus}")),
            ]);
        }
    }
    rows.truncate(MANY);
    // A cell of a series that does not exist would be an error.
    for row in &mut rows {
        if let Cell::At { series } = &row[5]
            && !voltage_known(run, series)
        {
            row[5] = Cell::Empty;
        }
    }
    table(
        "buses",
        "Prices and voltages",
        vec![
            column("bus", ""),
            column("area", ""),
            column("price", "$/MWh"),
            column("least", "$/MWh"),
            column("greatest", "$/MWh"),
            column("voltage", "p.u."),
        ],
        rows,
        "The price is the cost of one more MWh of load. Where optimal prices are not unique their interval stands beside it, and the price shown is that of the next MWh.",
    )
}

fn voltage_known(run: &Run, series: &str) -> bool {
    let Some(bus) = series.strip_prefix("v:") else {
        return false;
    };
    let Some(&(a, i)) = run.system.place.get(bus) else {
        return false;
    };
    let voltages = &run.outcome.market.dispatch.voltage_pu[a];
    matches!(run.system.areas[a].kind, Kind::Feeder { .. })
        && voltages.iter().any(|period| period[i].is_finite())
}

fn lines(run: &Run) -> Table {
    let system = run.system;
    let dispatch = &run.outcome.market.dispatch;
    let overloads = dispatch.overloads(system);
    let mut rows = Vec::new();
    for (a, area) in system.areas.iter().enumerate() {
        let mut add = |id: &str, k: usize, series: String, limit: String| {
            let over = overloads.iter().filter(|o| o.area == a && o.line == id);
            let over = over.map(|o| o.over_mw).fold(0.0, f64::max);
            rows.push((
                over,
                vec![
                    text(id),
                    text(area.id.clone()),
                    at(series),
                    number(dispatch.loading_mva[a][run.period][k]),
                    text(limit),
                    if over > 0.0 {
                        number(over)
                    } else {
                        Cell::Empty
                    },
                ],
            ));
        };
        match &area.kind {
            Kind::Dc { branches } => {
                for (k, b) in branches.iter().enumerate() {
                    add(
                        &b.name,
                        k,
                        format!("flow:{}", b.name),
                        range(b.max_p_mw, None, None),
                    );
                }
            }
            Kind::Zone { zone } => {
                for (k, l) in zone.limits.iter().enumerate() {
                    add(
                        &l.id,
                        k,
                        format!("flow:{}/{}", area.id, l.id),
                        range(Some(l.max_p_mw), None, None),
                    );
                }
            }
            Kind::Feeder { feeder, .. } => {
                for (k, l) in feeder.lines.iter().enumerate() {
                    let limit = range(l.max_s_mva, l.min_p_mw, l.max_p_mw);
                    add(&l.id, k, format!("flow:{}/{}", area.id, l.id), limit);
                }
            }
        }
    }
    let many = rows.len() > MANY;
    if many {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        rows.truncate(MANY);
    }
    table(
        "lines",
        "Lines",
        vec![
            column("line", ""),
            column("area", ""),
            column("flow", "MW"),
            column("apparent power in the period shown", "MVA"),
            column("limit", "MW or MVA"),
            column("over", "MW"),
        ],
        rows.into_iter().map(|(_, row)| row).collect(),
        if many {
            "Lines over their limits first, 400 in all; every line is in the report as JSON."
        } else {
            "Flows are positive from the first bus of a line to the second."
        },
    )
}

/// A limit in words.
fn range(most: Option<f64>, low: Option<f64>, high: Option<f64>) -> String {
    let plain = |v: f64| crate::report::plain(v, 3);
    match (most, low, high) {
        (Some(s), None, None) => format!("±{}", plain(s)),
        (_, Some(low), Some(high)) => format!("{} to {}", plain(low), plain(high)),
        (_, Some(low), None) => format!("at least {}", plain(low)),
        (_, None, Some(high)) => format!("at most {}", plain(high)),
        (None, None, None) => "none".into(),
    }
}

fn steps(run: &Run, curve: &Curve) -> Table {
    let rows = step_words(run, curve, run.period).into_iter().map(|step| {
        vec![
            number(step.from_mw),
            number(step.to_mw),
            number(step.usd_per_mwh),
            text(step.resource),
            if step.ended_by.is_empty() {
                Cell::Empty
            } else {
                text(step.ended_by)
            },
        ]
    });
    let id = &run.system.areas[curve.area].id;
    table(
        "steps",
        &format!("Residual supply function of {id}, step by step"),
        vec![
            column("export from", "MW"),
            column("to", "MW"),
            column("price", "$/MWh"),
            column("marginal resource", ""),
            column("what ends the step", ""),
        ],
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
        vec![
            column("export", "MW"),
            column("least cost", "$"),
            column("price below", "$/MWh"),
            column("price above", "$/MWh"),
            column("without an answer", "MWh"),
            column("full", ""),
        ],
        rows.take(MANY).collect(),
        "",
    )
}

fn theorems(run: &Run) -> Table {
    let rows = run.theorems.iter().map(|t| {
        let holds = match t.holds {
            Some(true) => "holds",
            Some(false) if t.promised => "fails",
            Some(false) => "not promised here",
            None => "not judged",
        };
        vec![
            text(t.id),
            text(t.says),
            text(holds),
            text(t.figures.clone()),
        ]
    });
    let unmet = &run.unmet;
    let note = if unmet.is_empty() {
        "All bids can be taken in part, so every promise must hold.".to_string()
    } else {
        format!(
            "The promises are those of convex offers and of functions that know the exports asked for, which is not so here: {unmet}. The sum of payments must be zero and bounds must hold here, too."
        )
    };
    table(
        "theorems",
        "What theory promises, checked here",
        vec![
            column("", ""),
            column("promise", ""),
            column("", ""),
            column("figures", ""),
        ],
        rows.collect(),
        &note,
    )
}
