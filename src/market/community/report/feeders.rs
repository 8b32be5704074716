//! Several feeders, and who delivers to whom.

use crate::report::SubjectKind::{Boundary, Party};
use crate::report::plots::{Numbers, by_clock};
use crate::report::words::counted;
use crate::report::{Badge, Filled, Series, Table, Tone, column, filled, number, table, text};

use super::{DRAWN, Run, STEP};
use crate::market::community::model::network::Flows;
use crate::market::community::outcome::Days;
use crate::market::community::params::Comparator;

/// What the LSE keeps on a feeder, because its communities pay another price than the substation's, $.
fn rent_usd(days: &Days, f: usize) -> f64 {
    let market = days.trace(Comparator::Transactive);
    let mut sum = 0.0;
    for (t, root) in market.root_price.iter().enumerate() {
        for (j, kw) in market.delivered_kw(t).into_iter().enumerate() {
            if days.names.of_member[j] == f {
                sum += (market.price[j][t] - root) * kw;
            }
        }
    }
    sum * days.system.hours
}

/// Mean price of a feeder's communities in every interval, by what they take or feed in, $/kWh.
fn price(days: &Days, f: usize) -> Vec<f64> {
    let market = days.trace(Comparator::Transactive);
    let own = (0..days.system.members.len()).filter(|j| days.names.of_member[*j] == f);
    let own: Vec<usize> = own.collect();
    let one = |t: usize| {
        let weights = own.iter().map(|&j| market.cleared_kw[j][t].abs());
        let weight: f64 = weights.clone().sum();
        let sum: f64 = own
            .iter()
            .zip(weights)
            .map(|(&j, w)| w * market.price[j][t])
            .sum();
        match weight > 0.0 {
            true => sum / weight,
            false => own.iter().map(|&j| market.price[j][t]).sum::<f64>() / own.len() as f64,
        }
    };
    (0..days.system.intervals).map(one).collect()
}

/// In how many intervals the AC power flow of what was metered passes a limit.
pub fn passed(flows: &Flows) -> Badge {
    let text = match flows.beyond {
        0 => "the metered flow stays within all limits".into(),
        n => format!("the metered flow passes a limit in {}", counted(n, STEP)),
    };
    Badge::judged(flows.beyond == 0, text)
}

/// In how many intervals the clearing reaches a limit of a feeder.
pub fn reached(days: &Days) -> Badge {
    let text = match days.trace(Comparator::Transactive).congested.len() {
        0 => "the clearing reaches no limit".into(),
        n => format!("the clearing reaches a limit in {}", counted(n, STEP)),
    };
    Badge::new(text, Tone::Neutral)
}

/// How a limit that the clearing keeps is passed all the same; nothing where none is.
pub fn explained(days: &Days, flows: &Flows) -> Option<String> {
    let reached = days.trace(Comparator::Transactive).congested.len();
    (flows.beyond > 0).then(|| {
        format!(
            "The clearing counts load and PV as last metered; on these it keeps the limits of the feeder, and reaches one in {}. The flow is the AC power flow of what load and PV then are, and passes a limit in {}.",
            counted(reached, STEP),
            counted(flows.beyond, STEP),
        )
    })
}

fn several(days: &Days) -> bool {
    days.names.feeders.len() > 1
}

pub fn series(days: &Days) -> Vec<Series> {
    if !several(days) {
        return Vec::new();
    }
    let each = days
        .names
        .feeders
        .iter()
        .zip(&days.names.boundaries)
        .enumerate();
    each.map(|(f, (id, boundary))| {
        let cents = price(days, f).iter().map(|p| 100.0 * p).collect();
        Series {
            subject: boundary.as_ref().and_then(|b| Boundary.of(b)),
            ..by_clock(
                format!("feeder_price:{id}"),
                format!("price on {id}"),
                "¢/kWh",
                cents,
            )
        }
    })
    .collect()
}

pub fn numbers(days: &Days, list: &mut Numbers) {
    if !several(days) {
        return;
    }
    for (f, id) in days.names.feeders.iter().enumerate() {
        list.add(
            format!("rent:{id}"),
            format!("Rent of the LSE on {id}"),
            rent_usd(days, f),
            "$",
        )
        .noted("prices there less the substation's");
    }
    let (own, across) = delivered(days);
    list.add(
        "within_feeders",
        "Delivered to neighbours on the same feeder",
        own,
        "MWh",
    );
    list.add(
        "across_feeders",
        "Delivered across the substation",
        across,
        "MWh",
    );
}

/// What communities deliver to each other on one feeder and across the substation, MWh.
fn delivered(days: &Days) -> (f64, f64) {
    let of = &days.names.of_member;
    let (mut own, mut across) = (0.0, 0.0);
    for (i, row) in days.exchange.kwh.iter().enumerate().take(of.len()) {
        for (j, kwh) in row.iter().enumerate() {
            match of[i] == of[j] {
                true => own += kwh / 1e3,
                false => across += kwh / 1e3,
            }
        }
    }
    (own, across)
}

/// Feeders side by side.
pub fn feeders(run: &Run, days: &Days) -> Option<Table> {
    let flows = days.flows(run.way).filter(|_| several(days))?;
    let market = days.trace(Comparator::Transactive);
    let sum = |of: &[f64]| of.iter().sum::<f64>();
    let parted = |f: usize| {
        let both = price(days, f).into_iter().zip(market.root_price.clone());
        both.filter(|(p, root)| (p - root).abs() > 1e-7).count() as f64
    };
    let columns: [Filled; 6] = [
        ("feeder", "", &|f| text(&days.names.feeders[f])),
        ("greatest import", "MW", &|f| {
            number(
                flows.by_feeder_mw[f]
                    .iter()
                    .copied()
                    .fold(f64::MIN, f64::max),
            )
        }),
        ("least import", "MW", &|f| {
            number(
                flows.by_feeder_mw[f]
                    .iter()
                    .copied()
                    .fold(f64::MAX, f64::min),
            )
        }),
        ("mean price", "¢/kWh", &|f| {
            number(100.0 * sum(&price(days, f)) / days.system.intervals as f64)
        }),
        ("intervals at another price than the substation", "", &|f| {
            number(parted(f))
        }),
        ("rent of the LSE", "$", &|f| number(rent_usd(days, f))),
    ];
    let n = days.names.feeders.len();
    let subjects = days.names.boundaries.iter();
    Some(
        filled(
            "feeders",
            "The feeders of the substation",
            0..n,
            &columns,
            "Imports by AC power flow of the way to buy shown; prices and rents are those of the market. The rent is what communities pay more, or receive less, than the price at the substation.",
        )
        .of(subjects.map(|b| b.as_ref().and_then(|b| Boundary.of(b)))),
    )
}

/// Who delivers to whom.
pub fn exchange(days: &Days) -> Option<Table> {
    let members = &days.system.members;
    if members.len() > DRAWN || members.len() < 2 {
        return None;
    }
    let mut columns = vec![column("delivers", "")];
    columns.extend(
        members
            .iter()
            .map(|m| column(format!("to {}", m.id), "kWh").of(Party.of(&m.id))),
    );
    let names = members.iter().map(|m| m.id.as_str()).chain(["LSE"]);
    let rows = names.zip(&days.exchange.kwh).map(|(name, kwh)| {
        let cells = kwh.iter().map(|kwh| number(*kwh));
        std::iter::once(text(name)).chain(cells).collect()
    });
    let subjects = members.iter().map(|m| Party.of(&m.id)).chain([None]);
    let table = table(
        "exchange",
        "Who delivers to whom",
        columns,
        rows.collect(),
        "As cleared in the market. What is fed in is first taken by others below the same bus, in proportion to what they take, then further up, then across the substation: an account by place, as energy has no name.",
    );
    Some(table.of(subjects))
}
