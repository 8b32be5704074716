//! Why the price at a community is what it is, in words, in kW and ¢/kWh.

use crate::market::Failure;
use crate::report::{
    Addend, Explained, Proof, SubjectKind, Table, amount, column, number, table, text,
};

use super::super::explain::{By, Found};
use super::super::model::clearing::Kind;
use super::super::model::limited::Within;
use super::super::model::marginal::{Mover, Side, Who};
use super::super::outcome::{Days, Shown};
use super::super::params::CommunityMarket;
use super::settlement::settlement;

/// Prices closer than this are one, $/kWh, and parts smaller than this are none.
const SAME_USD_PER_KWH: f64 = 1e-9;

/// The explanation of interval `step` (from 1): the price, and what is paid at it.
///
/// # Errors
/// As the two ways to make a price.
pub fn explained(
    params: &CommunityMarket,
    days: Option<&Days>,
    found: &Found,
    step: usize,
) -> Result<Explained, Failure> {
    let asked = Asked {
        shown: &found.shown,
        days,
        j: found.j,
        step,
    };
    let mut explained = match &found.by {
        By::All(sides) => one_price(&asked, sides)?,
        By::Limits(within) => limits(&asked, within)?,
    };
    let (said, table) = settlement(params, (days, &found.shown), (found.j, step - 1));
    explained.sentences.extend(said);
    explained.tables.push(table);
    Ok(explained)
}

/// The price of community `j` in one interval.
struct Asked<'a> {
    shown: &'a Shown,
    days: Option<&'a Days>,
    j: usize,
    /// From 1.
    step: usize,
}

fn cents(usd_per_kwh: f64) -> String {
    amount(100.0 * usd_per_kwh, "¢/kWh")
}

fn kw(value: f64) -> String {
    amount(value, "kW")
}

fn addend(name: impl Into<String>, usd_per_kwh: f64) -> Addend {
    Addend {
        name: name.into(),
        value: 100.0 * usd_per_kwh,
        subject: None,
    }
}

/// The price that all communities have where no limit of a feeder parts them.
///
/// # Errors
/// A price that is neither that of the next kWh nor of the last, nor their mean.
fn one_price(asked: &Asked, sides: &[Option<Side>; 2]) -> Result<Explained, Failure> {
    let price = asked.shown.price[asked.j];
    let [next, last] = sides;
    let (next, last) = (next.as_ref(), last.as_ref());
    let same = |a: f64, b: f64| (a - b).abs() <= SAME_USD_PER_KWH * (1.0 + b.abs());
    let is = |side: Option<&Side>| side.is_some_and(|side| same(side.usd_per_kwh, price));
    let mean = match (next, last) {
        (Some(next), Some(last)) => same(0.5 * (next.usd_per_kwh + last.usd_per_kwh), price),
        _ => false,
    };
    let parts = match (is(next), is(last), mean) {
        (true, ..) => parts(asked, next, 1.0),
        (_, true, _) => parts(asked, last, 1.0),
        (.., true) => vec![
            addend("Half of what the next kWh costs", 0.5 * next.map_or(0.0, |s| s.usd_per_kwh)),
            addend("Half of what the last kWh saves", 0.5 * last.map_or(0.0, |s| s.usd_per_kwh)),
        ],
        _ => return Err("the price is not that of the bids of this interval alone, so that they do not explain it".into()),
    };
    let mut sentences = Vec::new();
    let tie = match (next, last) {
        (Some(next), Some(last)) => !same(next.usd_per_kwh, last.usd_per_kwh),
        _ => false,
    };
    if let Some(side) = next {
        sentences.push(format!(
            "The next kWh costs {}{}.",
            cents(side.usd_per_kwh),
            until(side)
        ));
        sentences.extend(side.movers.iter().map(|mover| asked.moved(mover)));
    }
    if let Some(side) = last.filter(|_| tie || next.is_none()) {
        sentences.push(format!(
            "The last kWh saves {}{}.",
            cents(side.usd_per_kwh),
            until(side)
        ));
        sentences.extend(side.movers.iter().map(|mover| asked.moved(mover)));
    }
    if let (true, Some(next), Some(last)) = (tie, next, last) {
        let taken = if mean {
            "the middle is taken"
        } else {
            "the lower end is taken, as nobody bids the upper one"
        };
        sentences.push(format!(
            "Every price from {} to {} clears the interval; {taken}.",
            amount(100.0 * last.usd_per_kwh, ""),
            cents(next.usd_per_kwh)
        ));
    }
    sentences.extend(asked.batteries([next, last]));
    let proofs = [(next, "more"), (last, "less")];
    let proofs = proofs.into_iter().filter_map(|(side, way)| {
        let (step, predicted, solved) = side?.proof;
        Some(Proof {
            name: format!("{} {way} demand", kw(step)),
            predicted: 100.0 * predicted,
            solved: 100.0 * solved,
            unit: "¢/h".into(),
        })
    });
    let tables = [
        ("next", "The next kWh", next),
        ("last", "The last kWh", last),
    ];
    let tables = tables
        .into_iter()
        .filter_map(|(id, title, side)| Some(asked.table(id, title, side?)));
    Ok(Explained {
        headline: format!(
            "Price of the communities in interval {}: {}; {}.",
            asked.step,
            cents(price),
            asked.shown.cleared.kind.name()
        ),
        value: 100.0 * price,
        range: next
            .filter(|_| tie)
            .zip(last)
            .map(|(next, last)| (100.0 * last.usd_per_kwh, 100.0 * next.usd_per_kwh)),
        unit: "¢/kWh".into(),
        parts,
        sentences,
        proofs: proofs.collect(),
        tables: tables.collect(),
        ..Explained::default()
    })
}

/// Who makes a price, those of one name together.
fn parts(asked: &Asked, side: Option<&Side>, share: f64) -> Vec<Addend> {
    let mut parts: Vec<Addend> = Vec::new();
    for mover in side.into_iter().flat_map(|side| &side.movers) {
        let (name, value) = (asked.name(mover.who), 100.0 * share * mover.part);
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => part.value += value,
            None => parts.push(Addend {
                subject: asked.subject(mover.who),
                name,
                value,
            }),
        }
    }
    parts
}

fn until(side: &Side) -> String {
    match side.reach_kw.is_finite() {
        true => format!(", for {}", kw(side.reach_kw)),
        false => String::new(),
    }
}

impl Asked<'_> {
    fn id(&self, j: usize) -> &str {
        &self.shown.ids[j]
    }

    fn name(&self, who: Who) -> String {
        match who {
            Who::Lse => "Price of the LSE".into(),
            Who::Spilled => "Spilled".into(),
            Who::Unserved => "Price cap".into(),
            Who::Member(j) => format!("Bid of {}", self.id(j)),
        }
    }

    fn subject(&self, who: Who) -> Option<crate::report::Subject> {
        match who {
            Who::Member(j) => SubjectKind::Party.of(self.id(j)),
            _ => None,
        }
    }

    fn moved(&self, mover: &Mover) -> String {
        let way = if mover.by > 0.0 { "more" } else { "less" };
        let (by, at) = (kw(mover.by.abs()), cents(mover.usd_per_kwh));
        match mover.who {
            Who::Lse => format!("For it, the LSE delivers {by} {way} at {at}."),
            Who::Spilled => format!("For it, {by} {way} is spilled."),
            Who::Unserved => format!("For it, {by} {way} is not served, at the cap of {at}."),
            Who::Member(j) => format!(
                "For it, {} takes {by} {way}, which it bids {at} for.",
                self.id(j)
            ),
        }
    }

    /// What the batteries of those who move do in the interval.
    fn batteries(&self, sides: [Option<&Side>; 2]) -> Vec<String> {
        let Some(days) = self.days else {
            return Vec::new();
        };
        let Some(market) = days.traces.last() else {
            return Vec::new();
        };
        let mut told: Vec<usize> = Vec::new();
        for mover in sides.into_iter().flatten().flat_map(|side| &side.movers) {
            if let Who::Member(j) = mover.who
                && !told.contains(&j)
                && days.system.members[j].store.is_some()
            {
                told.push(j);
            }
        }
        let said = told.into_iter().map(|j| {
            let battery = market.battery_kw[j][self.step - 1];
            let id = self.id(j);
            match battery {
                b if b.abs() < 1e-6 => {
                    format!("The battery of {id} stands still in that interval.")
                }
                b if b > 0.0 => {
                    format!("The battery of {id} charges at {} in that interval.", kw(b))
                }
                b => format!(
                    "The battery of {id} discharges at {} in that interval.",
                    kw(-b)
                ),
            }
        });
        said.collect()
    }

    fn table(&self, id: &str, title: &str, side: &Side) -> Table {
        let rows = side.movers.iter().map(|mover| {
            vec![
                text(match mover.who {
                    Who::Lse => "LSE",
                    Who::Spilled => "spilled",
                    Who::Unserved => "not served",
                    Who::Member(j) => self.id(j),
                }),
                number(mover.by),
                number(100.0 * mover.usd_per_kwh),
                number(100.0 * mover.part),
            ]
        });
        let columns = vec![
            column("who", ""),
            column("moves by, for each kW", "kW"),
            column("price", "¢/kWh"),
            column("part", "¢/kWh"),
        ];
        Table {
            row_subjects: side
                .movers
                .iter()
                .map(|mover| self.subject(mover.who))
                .collect(),
            ..table(id, title, columns, rows.collect(), "")
        }
    }
}

/// The price at one community where limits of the feeder part them.
///
/// # Errors
/// Parts that do not add up to the price.
fn limits(asked: &Asked, within: &Within) -> Result<Explained, Failure> {
    let price = asked.shown.price[asked.j];
    let id = asked.id(asked.j);
    let mut parts = vec![addend("Price of the LSE", within.lse)];
    let mut sentences = Vec::new();
    let mut add = |name: String, value: f64, subject, said: String| {
        if value.abs() > SAME_USD_PER_KWH {
            parts.push(Addend {
                subject,
                ..addend(name, value)
            });
            let way = if value < 0.0 { "takes off" } else { "adds" };
            sentences.push(format!("{said} {way} {}.", cents(value.abs())));
        }
    };
    let meets = "The limit where the feeder meets transmission";
    add(
        "Limit of the boundary".into(),
        within.boundary,
        None,
        meets.into(),
    );
    add(
        "Losses".into(),
        within.losses,
        None,
        "What is lost on the way".into(),
    );
    for (bus, value) in &within.voltages {
        let said = format!("The voltage at bus {bus}, which is at its limit,");
        add(
            format!("Voltage at {bus}"),
            *value,
            SubjectKind::Bus.of(bus),
            said,
        );
    }
    for (line, value) in &within.lines {
        let said = format!("Line {line}, which is full,");
        add(
            format!("Line {line}"),
            *value,
            SubjectKind::Branch.of(line),
            said,
        );
    }
    let all = match asked.shown.cleared.kind {
        Kind::Shortage => "What the LSE can deliver at most",
        _ => "That the LSE does not buy back",
    };
    add(
        "All communities together".into(),
        within.common,
        None,
        all.into(),
    );
    let sum: f64 = parts.iter().map(|part| part.value).sum();
    let off = (sum - 100.0 * price).abs();
    if off > 1e-9 * (1.0 + 100.0 * price.abs()) {
        return Err(format!(
            "the parts of the price at {id} add up to it within {} only, which is no explanation",
            amount(off, "¢/kWh")
        )
        .into());
    }
    let made = match parts.len() {
        1 => "it is that of the LSE, as no full limit is on the way".to_string(),
        _ => format!(
            "the LSE sells at {}, limits and losses make the rest",
            cents(within.lse)
        ),
    };
    let (interval, at) = (asked.step, cents(price));
    Ok(Explained {
        headline: format!("Price at {id} in interval {interval}: {at}; {made}."),
        value: 100.0 * price,
        unit: "¢/kWh".into(),
        parts,
        sentences,
        ..Explained::default()
    })
}
