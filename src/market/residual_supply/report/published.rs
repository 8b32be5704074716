//! What the paper prints for its four instances, beside ours: row by row for its data, and only in shape for
//! synthetic data of the same size.
//!
//! Tables III to VI of `[mezghani2023]`, as in section 2.9 of the model notes. An instance is known by the
//! counts of Table III. Nothing here is judged: no row says that it agrees.

use std::collections::HashMap;

use crate::case::Case;
use crate::report::{Cell, Table, columns, number, table, text};

use super::super::model::system::{Kind, System};
use super::super::outcome::{Compared, Comparison};
use super::super::params::Scheme;
use super::run::Run;

/// What Tables IV and V say of one scheme: $, MWh of slack, $ of lost opportunity.
type Scored = [f64; 3];

/// One published instance.
pub struct Instance {
    pub name: &'static str,
    /// Periods, transmission buses and lines, feeders, their buses and lines, segments of bids.
    pub sizes: [usize; 7],
    /// Table IV: cost of the relaxation and by functions, gap between the two, lost opportunity, $.
    pub relaxation: f64,
    pub cost: f64,
    pub gap: f64,
    pub lost: f64,
    /// Table V: without distribution bids, by functions, without the feeders' networks.
    pub schemes: [Scored; 3],
}

pub const INSTANCES: [Instance; 4] = [
    Instance {
        name: "MediumIt",
        sizes: [4, 27, 28, 4, 175, 171, 1667],
        relaxation: -7872.0,
        cost: -7855.0,
        gap: 8.09,
        lost: 20.27,
        schemes: [
            [-7730.0, 0.0, 11_550.0],
            [-7855.0, 0.0, 20.27],
            [-8360.0, 9.93, 176.09],
        ],
    },
    Instance {
        name: "Italy1",
        sizes: [3, 4236, 4818, 50, 1822, 1772, 12_318],
        relaxation: 1644.0,
        cost: 1781.0,
        gap: 136.52,
        lost: 86.37,
        schemes: [
            [2646.0, 0.0, 969.84],
            [1787.0, 0.0, 90.79],
            [7908.0, 56.66, 3190.0],
        ],
    },
    Instance {
        name: "Italy2",
        sizes: [3, 4236, 4818, 50, 1822, 1772, 26_578],
        relaxation: 7998.0,
        cost: 8147.0,
        gap: 149.22,
        lost: 166.01,
        schemes: [
            [13_606.0, 0.0, 5614.0],
            [8142.0, 0.0, 159.28],
            [10_939.0, 2.26, 3038.0],
        ],
    },
    Instance {
        name: "Denmark",
        sizes: [4, 209, 263, 73, 2981, 2908, 25_923],
        relaxation: -10_230.0,
        cost: -9518.0,
        gap: 707.97,
        lost: 592.57,
        schemes: [
            [-9347.0, 0.0, 937.49],
            [-10_073.0, 0.11, 265.96],
            [-9443.0, 16.55, 1209.0],
        ],
    },
];

const SIZES: [&str; 7] = [
    "periods",
    "transmission buses",
    "transmission lines",
    "feeders",
    "buses of the feeders",
    "lines of the feeders",
    "segments of bids",
];

/// Table VI, the Danish cash flows: who, where, $.
const CASH: [(&str, f64); 6] = [
    ("providers at transmission", 11_371.0),
    ("balance responsible parties at transmission", -803_062.0),
    ("TSO", 794_751.0),
    ("operators of the feeders", 2022.0),
    ("providers at the feeders", 568.0),
    ("balance responsible parties at the feeders", -5651.0),
];

/// Schemes of Table V, in its order.
const SCHEMES: [(Scheme, &str); 3] = [
    (Scheme::NoDsoBids, "No-DSO-Bids"),
    (Scheme::Rsf, "RSF"),
    (Scheme::CentralisedAs, "No-DSO-Network"),
];

/// What a table of synthetic data begins with.
const SHAPE: &str = "The data is synthetic, of the published size: this compares shapes and orders of magnitude, and no row is expected to agree. Drop the folder of the original files on the page, or name it to `tandem run`, and the table compares row by row.";

/// The counts of Table III in a system.
fn sizes(system: &System) -> [usize; 7] {
    let lines = |a: usize| system.areas[a].lines().len();
    let feeders = || {
        system
            .exporting()
            .filter(|&a| matches!(system.areas[a].kind, Kind::Feeder { .. }))
    };
    let offers = system.balancing.bids.iter().flat_map(|bid| &bid.offers);
    [
        system.periods,
        system.areas[0].buses.len(),
        lines(0),
        feeders().count(),
        feeders().map(|a| system.areas[a].buses.len()).sum(),
        feeders().map(lines).sum(),
        offers.map(|offer| offer.segments.len()).sum(),
    ]
}

/// The published instance of these counts, and whether its data is synthetic.
pub fn instance(case: &Case, system: &System) -> Option<(&'static Instance, bool)> {
    let sizes = sizes(system);
    let found = INSTANCES.iter().find(|instance| instance.sizes == sizes)?;
    Some((found, case.source.starts_with("Synthetic")))
}

pub fn share(part: f64, of: f64) -> f64 {
    100.0 * part / of.abs()
}

fn row(what: &str, unit: &str, printed: f64, ours: f64, source: &str) -> Vec<Cell> {
    let values = [text(what), text(unit), number(printed), number(ours)];
    values.into_iter().chain([text(source)]).collect()
}

fn finished(name: &str, synthetic: bool, rows: Vec<Vec<Cell>>, more: &str) -> Table {
    let title = match synthetic {
        true => format!("Printed for {name}, and ours with synthetic data of its size"),
        false => format!("Printed for {name}, and ours"),
    };
    let note = match synthetic {
        true => format!("{SHAPE} {more}"),
        false => more.to_string(),
    };
    let heads = columns(&[
        ("what", ""),
        ("unit", ""),
        ("printed", ""),
        ("ours", ""),
        ("where", ""),
    ]);
    table("published_instance", &title, heads, rows, note.trim())
}

/// Tables III, IV and VI beside a run by residual supply functions; `None` for a system of other counts.
pub fn of_run(case: &Case, run: &Run) -> Option<Table> {
    let (known, synthetic) = instance(case, run.system)?;
    if run.coordination.scheme != Scheme::Rsf {
        return None;
    }
    let ours = sizes(run.system);
    let mut rows: Vec<Vec<Cell>> = (0..SIZES.len())
        .map(|k| {
            row(
                SIZES[k],
                "",
                known.sizes[k] as f64,
                ours[k] as f64,
                "Table III",
            )
        })
        .collect();
    let market = &run.coordination.market;
    let (cost, lost) = (market.cost_usd(run.system), run.outcome.lost.total_usd());
    let error = market.error_usd(run.system);
    if !synthetic {
        rows.push(row("cost by functions", "$", known.cost, cost, "Table IV"));
        rows.push(row(
            "cost of the relaxation",
            "$",
            known.relaxation,
            market.bound_usd,
            "Table IV",
        ));
        rows.push(row(
            "gap to the relaxation",
            "$",
            known.gap,
            error,
            "Table IV",
        ));
        rows.push(row(
            "lost opportunity cost",
            "$",
            known.lost,
            lost,
            "Table IV",
        ));
    }
    let percent = "% of cost";
    rows.push(row(
        "gap to the relaxation",
        percent,
        share(known.gap, known.cost),
        share(error, cost),
        "Table IV",
    ));
    rows.push(row(
        "lost opportunity cost",
        percent,
        share(known.lost, known.cost),
        share(lost, cost),
        "Table IV",
    ));
    let slack = run.coordination.unserved_mwh;
    rows.push(row(
        "without an answer",
        "MWh",
        known.schemes[1][1],
        slack,
        "Table V",
    ));
    if known.name == "Denmark" {
        let flows = cash(run);
        rows.extend(
            CASH.iter()
                .zip(flows)
                .map(|((who, printed), ours)| row(who, "$", *printed, ours, "Table VI")),
        );
    }
    let note = "The relaxation of ours takes whole bids in part and bounds the common optimum from below. Money of the paper in euros is shown in dollars, number for number: nothing is converted.";
    Some(finished(known.name, synthetic, rows, note))
}

/// Net receipts in the order of [`CASH`].
fn cash(run: &Run) -> [f64; 6] {
    let (payments, balancing) = (&run.outcome.payments, &run.system.balancing);
    let top = |bus: &String| run.system.place.get(bus).is_some_and(|&(a, _)| a == 0);
    let bids = balancing.bids.iter();
    let mut places: HashMap<&str, usize> = bids
        .map(|bid| (bid.payee(), if top(&bid.bus) { 0 } else { 4 }))
        .collect();
    let imbalances = balancing.imbalances.iter();
    places.extend(imbalances.map(|i| (i.id.as_str(), if top(&i.bus) { 1 } else { 5 })));
    let mut sums = [0.0; 6];
    for entry in &payments.entries {
        for (party, amount) in [
            (&entry.payee, entry.amount_usd),
            (&entry.payer, -entry.amount_usd),
        ] {
            if let Some(&place) = places.get(party.as_str()) {
                sums[place] += amount;
            }
        }
    }
    sums[2] = payments.net_usd("TSO");
    sums[3] = payments.operators_usd(run.system);
    sums
}

/// Table V beside a comparison of schemes; `None` for a system of other counts.
pub fn of_schemes(case: &Case, found: &Comparison) -> Option<Table> {
    let (known, synthetic) = instance(case, &found.system)?;
    let ours = |scheme: Scheme| {
        found
            .schemes
            .iter()
            .find(|c| c.coordination.scheme == scheme)
    };
    let cost = |c: &Compared| c.coordination.cost_after_usd(&found.system);
    let slack = |c: &Compared| c.coordination.unserved_mwh + c.coordination.overload_mwh;
    let lost = |c: &Compared| {
        c.lost
            .bids_usd
            .iter()
            .filter(|v| v.is_finite())
            .sum::<f64>()
    };
    let value = |scheme: Scheme, of: &dyn Fn(&Compared) -> f64| ours(scheme).map_or(f64::NAN, of);
    let base = (known.schemes[1][0], value(Scheme::Rsf, &cost));
    let mut rows = Vec::new();
    for (k, (scheme, name)) in SCHEMES.into_iter().enumerate() {
        let [printed, missing, forgone] = known.schemes[k];
        if !synthetic {
            rows.push(row(
                &format!("{name}: cost"),
                "$",
                printed,
                value(scheme, &cost),
                "Table V",
            ));
        }
        if scheme != Scheme::Rsf {
            let beyond = |cost: f64, base: f64| share(cost - base, base);
            let mine = beyond(value(scheme, &cost), base.1);
            rows.push(row(
                &format!("{name}: cost beyond RSF"),
                "%",
                beyond(printed, base.0),
                mine,
                "Table V",
            ));
        }
        rows.push(row(
            &format!("{name}: over limits or without an answer"),
            "MWh",
            missing,
            value(scheme, &slack),
            "Table V",
        ));
        let mine = share(value(scheme, &lost), base.1);
        rows.push(row(
            &format!("{name}: lost opportunity"),
            "% of RSF's cost",
            share(forgone, base.0),
            mine,
            "Table V",
        ));
    }
    Some(finished(
        known.name,
        synthetic,
        rows,
        "Costs are those after redispatch; the paper leaves what its markets do not see as slack.",
    ))
}
