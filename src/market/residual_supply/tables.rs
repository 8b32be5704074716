//! Tables of a run.

use crate::report::{Cell, Column, Table};

use super::answer::Run;
use super::curve::Curve;
use super::settlement::operator;
use super::system::Kind;

/// Rows of the tables of parties and lines of a large system: the rest is in the JSON report.
const MANY: usize = 400;

pub fn column(name: impl Into<String>, unit: &str) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
    }
}

pub fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

pub fn number(value: f64) -> Cell {
    if value.is_finite() {
        Cell::Number(value + 0.0)
    } else {
        Cell::Empty
    }
}

fn at(series: String) -> Cell {
    Cell::At { series }
}

fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, note: &str) -> Table {
    Table {
        id: id.into(),
        title: title.into(),
        columns,
        rows,
        note: note.into(),
        by_clock: false,
    }
}

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
    let rows = system.exporting().map(|a| {
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
            column("certified error", "$"),
            column("problems solved", ""),
            column("without an answer", "MWh"),
            column("operator's surplus", "$"),
        ],
        rows.collect(),
        "Cost and promise are those of the cleared export; the certified error is the largest distance of chord and tangents of the residual supply function.",
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
    let prices = &run.outcome.market.prices;
    let mut rows = Vec::new();
    for (a, area) in system.areas.iter().enumerate() {
        for (i, bus) in area.buses.iter().enumerate() {
            let (low, high) = prices.interval[a][run.period][i];
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

/// What each step of a curve is made of: the bids that move along it and the limit that ends it.
pub struct StepWords {
    pub from_mw: f64,
    pub to_mw: f64,
    pub usd_per_mwh: f64,
    pub resource: String,
    pub ended_by: String,
}

/// The steps between neighbouring samples in one period, in words.
pub fn step_words(run: &Run, curve: &Curve, t: usize) -> Vec<StepWords> {
    let system = run.system;
    let admitted = &run.outcome.admitted;
    let bids: Vec<usize> = system.areas[curve.area]
        .bids
        .iter()
        .map(|&(b, _)| b)
        .filter(|&b| admitted[b])
        .collect();
    let mut words = Vec::new();
    for pair in curve.samples.windows(2) {
        let (from, to) = (pair[0].export_mw[t], pair[1].export_mw[t]);
        if to - from <= 1e-9 {
            continue;
        }
        let small = 0.02 * (to - from);
        let mut moving = Vec::new();
        let mut ended = Vec::new();
        for (k, &b) in bids.iter().enumerate() {
            let (Some(p), Some(q)) = (pair[0].p_mw.get(k), pair[1].p_mw.get(k)) else {
                continue;
            };
            let change = q[t] - p[t];
            if change.abs() <= small {
                continue;
            }
            let bid = &system.balancing.bids[b];
            moving.push((change.abs(), bid.id.clone()));
            let offers = bid.offers.iter().filter(|o| o.period == t + 1);
            let (low, high) = offers
                .flat_map(|o| &o.segments)
                .fold((0.0, 0.0), |(l, h), s| {
                    (l + s.min_p_mw.min(0.0), h + s.max_p_mw.max(0.0))
                });
            if (q[t] - high).abs() <= 1e-5 * (1.0 + f64::abs(high)) {
                ended.push(format!("{} is fully used", bid.id));
            } else if (q[t] - low).abs() <= 1e-5 * (1.0 + f64::abs(low)) {
                ended.push(format!("{} is fully used downwards", bid.id));
            } else if q[t].abs() <= 1e-6 {
                ended.push(format!("{} is back at zero", bid.id));
            }
        }
        moving.sort_by(|a, b| b.0.total_cmp(&a.0));
        for limit in &pair[1].limits {
            if !pair[0].limits.contains(limit) {
                ended.push(format!("{limit} is full"));
            }
        }
        let resource: Vec<String> = moving.iter().take(3).map(|m| m.1.clone()).collect();
        let more = moving.len().saturating_sub(3);
        let resource = match (resource.is_empty(), more) {
            (true, _) => "losses".to_string(),
            (_, 0) => resource.join(" and "),
            (_, more) => format!("{} and {more} more", resource.join(", ")),
        };
        let hours = system.hours * (to - from);
        let price = if curve.start_mw.len() == 1 {
            (pair[1].cost_usd - pair[0].cost_usd) / hours
        } else {
            0.5 * (pair[0].above_usd_per_mwh[t] + pair[1].below_usd_per_mwh[t])
        };
        words.push(StepWords {
            from_mw: from,
            to_mw: to,
            usd_per_mwh: price,
            resource,
            ended_by: ended.join(", "),
        });
    }
    merged(words)
}

/// Neighbouring steps of one price and one resource are one step.
fn merged(words: Vec<StepWords>) -> Vec<StepWords> {
    let mut list: Vec<StepWords> = Vec::new();
    for step in words {
        if let Some(last) = list.last_mut()
            && (last.usd_per_mwh - step.usd_per_mwh).abs() <= 1e-6 * (1.0 + step.usd_per_mwh.abs())
            && last.resource == step.resource
        {
            last.to_mw = step.to_mw;
            last.ended_by = step.ended_by;
        } else {
            list.push(step);
        }
    }
    list
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
            text(s.limits.join(", ")),
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
            Some(false) => "fails",
            None => "not judged",
        };
        vec![
            text(t.id),
            text(t.says),
            text(holds),
            text(t.figures.clone()),
        ]
    });
    let whole = run
        .system
        .balancing
        .bids
        .iter()
        .flat_map(|b| &b.offers)
        .any(|o| o.start_stop || o.segments.iter().any(|s| s.indivisible))
        || !run.system.balancing.exclusive.is_empty();
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
        if whole {
            "The promises are those of the convex case; some bids here are whole, which is what breaks a promise that fails."
        } else {
            "All bids can be taken in part, so every promise must hold."
        },
    )
}
