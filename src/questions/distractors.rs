//! Wrong answers, each computed from the error that leads to it.

use super::ask::{self, Kind, Number};
use super::settled::Others;
use super::{Question, Wrong, shown};
use crate::case::Case;
use crate::report::Report;
use crate::scenario::Document;
use crate::session::Session;

/// Wrong answers beside the right one of a choice.
pub const CHOICES: usize = 3;

/// Wrong answers that are kept.
const KEPT: usize = 4;

fn wrong(value: f64, feedback: impl Into<String>) -> Wrong {
    Wrong {
        value,
        feedback: feedback.into(),
    }
}

/// Those whose tolerance leaves that of the right answer and of each other alone, in order.
pub fn apart(list: Vec<Wrong>, question: &Question) -> Vec<Wrong> {
    let own = |value: f64| ask::tolerance(value, &question.unit);
    let (low, high) = question.right;
    let mut kept: Vec<Wrong> = Vec::new();
    for one in list {
        let (value, off) = (one.value, own(one.value));
        let right =
            value >= low - question.tolerance - off && value <= high + question.tolerance + off;
        let near = |other: &Wrong| (other.value - value).abs() <= off + own(other.value);
        if value.is_finite() && kept.len() < KEPT && !right && !kept.iter().any(near) {
            kept.push(one);
        }
    }
    kept
}

/// Wrong answers to a number, typical errors first; some may be right by chance, or equal.
pub fn of(
    asked: &Number,
    (report, document): (&Report, &Document),
    session: &Session,
    others: &mut Others,
) -> Vec<Wrong> {
    let case = &document.scenario.case;
    let mut list = Vec::new();
    if let Some(value) = others.lifted().and_then(|report| asked.read(report)) {
        list.push(wrong(
            value,
            "That is what comes out when congestion is forgotten: with no limit on any line.",
        ));
    }
    match asked.kind {
        Kind::Price => of_price(asked, report, session, &mut list),
        Kind::Flow => of_flow(asked, case, &mut list),
        Kind::Output => of_output(asked, (report, case), &mut list),
        Kind::Shadow => of_shadow(asked, (report, case), &mut list),
        Kind::Net => of_net(asked, (report, case), session, &mut list),
        Kind::Sum => {}
    }
    if asked.kind != Kind::Net && asked.kind != Kind::Sum {
        list.extend(elsewhere(asked, report));
    }
    list
}

/// Prices of one step at all buses, $/MWh.
fn prices(report: &Report, step: usize) -> Vec<f64> {
    let series = report
        .series
        .iter()
        .filter(|one| one.id.starts_with("lmp:"));
    let values = series.filter_map(|one| one.values.get(step - 1).copied());
    values.filter(|value| value.is_finite()).collect()
}

/// π̄ = Σ π_n / N over the buses.
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// λ of a price λ + Σ parts, where it has others.
fn energy(asked: &Number, session: &Session) -> Option<f64> {
    let parts = asked.explained(session)?.parts;
    let first = parts
        .first()
        .filter(|part| part.name.starts_with("Energy"))?;
    (parts.len() > 1).then_some(first.value)
}

fn of_price(asked: &Number, report: &Report, session: &Session, list: &mut Vec<Wrong>) {
    if let Some(energy) = energy(asked, session) {
        let beside = asked.value - energy;
        list.push(wrong(energy, "That is the energy part alone, the price at the reference: what limits add at this bus is left out."));
        list.push(wrong(energy - beside, "The part of congestion has the wrong sign: it is taken off where it is added, or the other way round."));
        list.push(wrong(
            beside,
            "That is the part of congestion alone: the energy part is left out.",
        ));
    }
    if let Some(mean) = mean(&prices(report, asked.step.unwrap_or(1))) {
        list.push(wrong(
            mean,
            "That is the average of the prices over all buses: each bus has its own.",
        ));
    }
}

fn of_flow(asked: &Number, case: &Case, list: &mut Vec<Wrong>) {
    list.push(wrong(
        -asked.value,
        "The sign is wrong: the power goes the other way.",
    ));
    let id = asked.subject.as_ref().map_or("", |subject| &subject.id);
    if let Some(limit) = ask::limited(case, id) {
        list.push(wrong(
            limit.copysign(asked.value),
            "That is the limit of the line, which is not full.",
        ));
    }
}

fn of_output(asked: &Number, (report, case): (&Report, &Case), list: &mut Vec<Wrong>) {
    let id = asked.subject.as_ref().map_or("", |subject| &subject.id);
    if ask::role(case, id) == Some(ask::Role::IsActivated) {
        list.push(wrong(
            -asked.value,
            "The sign is wrong: upwards is positive.",
        ));
        return;
    }
    let unit = case.generators.iter().find(|unit| unit.id == id);
    if let Some(unit) = unit {
        list.push(wrong(
            unit.max_p_mw,
            format!("That is all that {id} could give."),
        ));
    }
    let step = asked.step.unwrap_or(1);
    let series = report.series.iter().filter(|one| one.id.starts_with("p:"));
    let outputs: Vec<f64> = series
        .filter_map(|one| one.values.get(step - 1).copied())
        .collect();
    if let Some(mean) = mean(&outputs) {
        list.push(wrong(
            mean,
            "That is an equal share of all that is generated: the cheap units run first.",
        ));
    }
}

/// |π_to − π_from| is the shadow price of a line alone between two parts of a grid, and of no other.
fn of_shadow(asked: &Number, (report, case): (&Report, &Case), list: &mut Vec<Wrong>) {
    let (id, step) = (
        asked.subject.as_ref().map_or("", |own| &own.id),
        asked.step.unwrap_or(1),
    );
    let price = |bus: &str| {
        report
            .series(&format!("lmp:{bus}"))?
            .values
            .get(step - 1)
            .copied()
    };
    let between = ask::ends(case, id).and_then(|(from, to)| Some(price(to)? - price(from)?));
    if let Some(difference) = between {
        list.push(wrong(difference.abs(), "That is the difference of the prices at the ends of the line: it is the shadow price only where the power has no other way."));
    }
    list.push(wrong(
        -asked.value,
        "The sign is wrong: more of a full line's limit lowers the cost.",
    ));
    if let Some(most) = prices(report, step).into_iter().max_by(f64::total_cmp) {
        list.push(wrong(most, "That is the highest price: more of the limit lets a cheap MWh take the place of a dear one, and saves the difference."));
    }
}

/// Payments of one interval are a price times an energy, so that other prices give other payments in proportion.
fn of_net(
    asked: &Number,
    (report, case): (&Report, &Case),
    session: &Session,
    list: &mut Vec<Wrong>,
) {
    let value = asked.value;
    list.push(wrong(
        -value,
        "The sign is wrong: who is paid and who pays are swapped.",
    ));
    let Some(clock) = report.clock.as_ref().filter(|clock| clock.steps == 1) else {
        return;
    };
    if clock.minutes_per_step != 60.0 && clock.minutes_per_step > 0.0 {
        let minutes = shown(clock.minutes_per_step, "min");
        list.push(wrong(
            value * 60.0 / clock.minutes_per_step,
            format!("That would be paid in an hour: the interval has {minutes}."),
        ));
    }
    let Some((bus, price)) = price_of(asked, report, case) else {
        return;
    };
    if let Some(mean) = mean(&prices(report, 1)) {
        list.push(wrong(
            value * mean / price,
            "That is settled at the average price of all buses, not at the price of its bus.",
        ));
    }
    let here = Number {
        subject: crate::report::SubjectKind::Bus.of(bus),
        step: Some(1),
        value: price,
        ..asked.clone()
    };
    if let Some(energy) = energy(&here, session) {
        list.push(wrong(
            value * energy / price,
            "That is settled at the energy part alone, the price at the reference.",
        ));
    }
}

/// The bus of a party that is settled at the one price there, with that price.
fn price_of<'a>(asked: &Number, report: &Report, case: &'a Case) -> Option<(&'a str, f64)> {
    let bus = bus_of(case, asked.key.strip_prefix("net:")?)?;
    let price = report
        .series(&format!("lmp:{bus}"))?
        .values
        .first()
        .copied();
    Some((bus, price.filter(|price| price.abs() > 1e-6)?))
}

/// Price, power and time that a payment of one step is the product of, in words; nothing where it is not.
pub fn settled_at(
    asked: &Number,
    report: &Report,
    case: &Case,
) -> Option<(String, String, String)> {
    let clock = report.clock.as_ref().filter(|clock| clock.steps == 1)?;
    let (_, price) = price_of(asked, report, case)?;
    let id = asked.key.strip_prefix("net:")?;
    let of = |start: &str| {
        report
            .series(&format!("{start}:{id}"))?
            .values
            .first()
            .copied()
    };
    let (power, minutes) = (of("p").or_else(|| of("load"))?, clock.minutes_per_step);
    let same =
        (power * price * minutes / 60.0 - asked.value).abs() <= 1e-6 * (1.0 + asked.value.abs());
    same.then(|| {
        (
            shown(price, "$/MWh"),
            shown(power, "MW"),
            shown(minutes, "min"),
        )
    })
}

/// The bus of a unit or load that is settled at one price.
fn bus_of<'a>(case: &'a Case, id: &str) -> Option<&'a str> {
    let units = case.generators.iter().map(|own| (&own.id, &own.bus));
    let loads = case.loads.iter().map(|own| (&own.id, &own.bus));
    let mut all = units.chain(loads);
    all.find(|(own, _)| *own == id).map(|(_, bus)| bus.as_str())
}

/// The same number of other things of the case, the nearest first.
fn elsewhere(asked: &Number, report: &Report) -> Vec<Wrong> {
    let Some((start, _)) = asked.key.split_once(':') else {
        return Vec::new();
    };
    let (start, step) = (format!("{start}:"), asked.step.unwrap_or(1));
    let what = |id: &str| match asked.kind {
        Kind::Price => format!("That is the price at bus {id}."),
        Kind::Flow => format!("That is what line {id} carries."),
        Kind::Output => format!("That is what {id} gives."),
        _ => format!("That is of line {id}."),
    };
    let series = report
        .series
        .iter()
        .filter(|one| one.id.starts_with(&start));
    let list = series.filter_map(|one| {
        let subject = one
            .subject
            .as_ref()
            .filter(|own| asked.subject.as_ref() != Some(own))?;
        let value = *one.values.get(step - 1)?;
        let value = if asked.kind == Kind::Shadow {
            value.abs()
        } else {
            value
        };
        let alone = one.id.strip_prefix(&start) == Some(subject.id.as_str());
        alone.then(|| wrong(value, what(&subject.id)))
    });
    let mut list: Vec<Wrong> = list.collect();
    let off = |own: &Wrong| (own.value - asked.value).abs();
    crate::sort::by(&mut list, |a, b| off(a).total_cmp(&off(b)));
    list
}
