//! What theory promises, in words.

use crate::report::words::listed;
use crate::report::{Table, columns, plain, table, text};

use super::super::model::theorems::{NotConvex, Promise, Theorem, Unmet};
use super::super::params::Variant;
use super::run::Run;

/// Number, words and figures of a promise.
fn words(promise: &Promise) -> (&'static str, &'static str, String) {
    let against = |a: f64, b: f64, digits: u8| {
        format!("{} $ against {} $", plain(a, digits), plain(b, digits))
    };
    let off =
        |off: f64, digits: u8, unit: &str| format!("off by at most {} {unit}", plain(off, digits));
    let unjudged = || "not judged here".to_string();
    match promise {
        Promise::Optimum {
            cost_usd,
            common_usd,
        } => (
            "T1",
            "Clearing with the residual supply functions reaches the common optimum.",
            against(*cost_usd, *common_usd, 4),
        ),
        Promise::InterfacePrice { off_usd_per_mwh } => (
            "T2",
            "The price at the interface is a slope of the area's cost.",
            off(*off_usd_per_mwh, 6, "$/MWh"),
        ),
        Promise::Bracket {
            lower_usd,
            common_usd,
            upper_usd,
        } => (
            "T3",
            "Tangents bound the common optimum from below, what the functions lead to from above.",
            [lower_usd, common_usd, upper_usd]
                .map(|v| plain(*v, 4))
                .join(" ≤ ")
                + " $",
        ),
        Promise::FurtherExchange { after_usd } => (
            "T4",
            "A further exchange at the cleared exports does not raise the cost.",
            after_usd.map_or_else(unjudged, |c| format!("{} $ after it", plain(c, 4))),
        ),
        Promise::Ascent { fall_usd_per_mwh } => (
            "T5",
            "Residual supply functions ascend.",
            format!("largest fall {} $/MWh", plain(*fall_usd_per_mwh, 6)),
        ),
        Promise::Delivery { off_usd } => (
            "T6",
            "Each area can deliver what it sold at the cost its function promised.",
            off(*off_usd, 4, "$"),
        ),
        Promise::ZeroSum {
            sum_usd,
            tso_usd,
            operators_usd,
        } => {
            let nets = operators_usd.iter();
            let nets = nets.map(|(name, usd)| format!("{name} {} $", plain(*usd, 2)));
            let nets = nets.collect::<Vec<_>>().join(", ");
            let (sum, tso) = (plain(*sum_usd, 6), plain(*tso_usd, 2));
            (
                "T7",
                "All payments add up to zero, and without a schedule to cure the TSO keeps a surplus.",
                format!("sum {sum} $, TSO {tso} $, {nets}"),
            )
        }
        Promise::AreaByArea {
            apart_usd,
            cost_usd,
        } => (
            "T8",
            "Balancing every area by itself costs no less.",
            apart_usd.map_or_else(unjudged, |c| against(c, *cost_usd, 2)),
        ),
        Promise::Twins { two_and_one_usd } => (
            "T9",
            "Two equal feeders at one bus clear as one whose function is added to itself.",
            two_and_one_usd.map_or_else(unjudged, |(two, one)| against(two, one, 4)),
        ),
        Promise::ZoneOfFeeders { off_usd } => (
            "T10",
            "A zone sees its feeders' functions as it would see the feeders themselves.",
            off_usd.map_or("no zone with feeders here".into(), |usd| off(usd, 4, "$")),
        ),
    }
}

/// What is not convex in the offers: `1 bid all or nothing and 2 exclusive groups`.
fn not_convex(found: &NotConvex) -> String {
    let counts = [
        (found.indivisible, "bid", "bids", " all or nothing"),
        (
            found.least_quantity,
            "bid",
            "bids",
            " with a least quantity",
        ),
        (found.start_stop, "bid", "bids", " that start and stop"),
        (
            found.minimum_duration,
            "bid",
            "bids",
            " with a minimum duration",
        ),
        (found.groups, "exclusive group", "exclusive groups", ""),
    ];
    let words = counts.iter().filter(|(count, ..)| *count > 0);
    let words = words.map(|(count, one, many, what)| match count {
        1 => format!("1 {one}{what}"),
        _ => format!("{count} {many}{what}"),
    });
    listed(&words.collect::<Vec<_>>())
}

fn unmet(found: &Unmet) -> String {
    let words = match found {
        Unmet::Offers(offers) => return not_convex(offers),
        Unmet::EvenGrid(Variant::ConvexHull) => "convex hulls over an even grid",
        Unmet::EvenGrid(Variant::FixAndPrice) => "slopes with whole bids held, on an even grid",
        Unmet::EvenGrid(_) => "chords above what was achieved, on an even grid",
        Unmet::EqualExports => "functions of equal exports in all periods",
        Unmet::RightEnd => "steps priced at their right end",
        Unmet::ConesNotTight => "cones that are not tight",
        Unmet::EnergyAtCap => "energy at the price cap, where functions end",
    };
    words.into()
}

pub fn theorems(run: &Run) -> Table {
    let rows = run.outcome.theorems.iter().map(|theorem: &Theorem| {
        let holds = match theorem.holds {
            Some(true) => "holds",
            Some(false) if theorem.promised => "fails",
            Some(false) => "not promised here",
            None => "not judged",
        };
        let (id, says, figures) = words(&theorem.promise);
        vec![text(id), text(says), text(holds), text(figures)]
    });
    let lacks: Vec<String> = run.outcome.unmet.iter().map(unmet).collect();
    let note = match lacks.is_empty() {
        true => "All bids can be taken in part, so every promise must hold.".to_string(),
        false => format!(
            "The promises are those of convex offers and of functions that know the exports asked for, which is not so here: {}. The sum of payments must be zero and bounds must hold here, too.",
            listed(&lacks)
        ),
    };
    table(
        "theorems",
        "What theory promises, checked here",
        columns(&[("", ""), ("promise", ""), ("", ""), ("figures", "")]),
        rows.collect(),
        &note,
    )
}
