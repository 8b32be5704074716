//! What looking ahead does: against one interval at a time, and in the prices.

use crate::report::SubjectKind::Party;
use crate::report::plots::{about, axis, chart, line, marked};
use crate::report::{Cell, Level, Report, Role, Series, amount, at, column, number, table, text};

use super::run::{Row, Run};
use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::range;
use crate::market::rt_sced::outcome::Single;

/// Generators drawn at most.
const DRAWN: usize = 3;

/// " Looking 3 intervals ahead, not one at a time, ...", or nothing where the run does not.
pub fn sentence(run: &Run) -> String {
    let Some(single) = &run.outcome.single else {
        return String::new();
    };
    let mut parts = Vec::new();
    let factor = run.stability.and_then(|s| s.deciding());
    let alone = single.stability.as_ref().and_then(|s| s.deciding());
    if let (Some(now), Some(before)) = (factor, alone) {
        parts.push(match (now - before).abs() < 1e-3 {
            true => format!("leaves the error factor at {}", amount(now, "")),
            false => format!(
                "takes the error factor from {} to {}",
                amount(before, ""),
                amount(now, "")
            ),
        });
    }
    let worst = run.outcome.totals.worst_overload_mw;
    let worst = (single.totals.worst_overload_mw, worst);
    let mean = (mean(&single.roll.intervals), mean(run.intervals));
    if let Some(why) = stopped(single, run) {
        parts.push(why);
    } else {
        parts.push(moved("the worst overload", worst, "MW"));
        parts.push(moved("the mean cost", mean, "$/h"));
    }
    let horizon = run.params.horizon();
    let (last, rest) = parts
        .split_last()
        .map_or(("", &[][..]), |(last, rest)| (last.as_str(), rest));
    let all = match rest.is_empty() {
        true => last.to_string(),
        false => format!("{} and {last}", rest.join(", ")),
    };
    format!(" Clearing {horizon} intervals together, not one at a time, {all}.")
}

/// "takes the mean cost from 150 to 149 $/h", or "leaves it at".
fn moved(what: &str, (before, now): (f64, f64), unit: &str) -> String {
    let (before, now) = (amount(before, unit), amount(now, unit));
    match before == now {
        true => format!("leaves {what} at {now}"),
        false => format!("takes {what} from {before} to {now}"),
    }
}

/// What looking ahead saved where one interval at a time ends early.
fn stopped(single: &Single, run: &Run) -> Option<String> {
    let cleared = single.roll.intervals.len();
    let further = cleared < run.intervals.len();
    further.then(|| {
        format!(
            "clears interval {}, which has no dispatch one at a time",
            cleared + 1
        )
    })
}

fn mean(intervals: &[Interval]) -> f64 {
    let cost: f64 = intervals.iter().map(|i| i.cost_usd_per_h).sum();
    cost / intervals.len() as f64
}

/// The run one interval at a time in numbers.
pub fn rows(run: &Run) -> Vec<Row<'static>> {
    let Some(single) = &run.outcome.single else {
        return Vec::new();
    };
    let stability = single.stability.as_ref();
    let factor = stability.and_then(|s| s.deciding()).unwrap_or(f64::NAN);
    let (low, high) = stability.map_or((f64::NAN, f64::NAN), |s| s.tail_mw);
    let worst = single.totals.worst_overload_mw;
    let mean = mean(&single.roll.intervals);
    let mut rows = vec![
        (
            "single_cost_mean",
            "one interval at a time: cost, mean",
            mean,
            "$/h",
        ),
        (
            "single_overload_max",
            "one interval at a time: worst overload",
            worst,
            "MW",
        ),
        (
            "single_swing",
            "one interval at a time: swing in the last half",
            high - low,
            "MW",
        ),
        (
            "single_factor",
            "one interval at a time: error factor",
            factor,
            "1",
        ),
    ];
    rows.retain(|row| row.2.is_finite());
    rows
}

/// What the user should know of the horizon.
pub fn notes(run: &Run) -> Vec<(Level, String)> {
    let asked = run.params.look_ahead_intervals;
    let mut notes = Vec::new();
    if asked > 1 && run.params.method.is_equivalent() {
        notes.push((
            Level::Info,
            format!("Behind network equivalents each interval is cleared on its own; the horizon of {asked} intervals is not used."),
        ));
    } else if asked > 1 && !run.system.has_ramps() {
        notes.push((
            Level::Info,
            "No generator has a ramp limit, so nothing ties one interval to the next: looking ahead changes nothing.".into(),
        ));
    } else if asked > 1 {
        notes.push((
            Level::Info,
            format!("Each dispatch clears {asked} intervals together, its factors and its state estimation those of now in all of them. Only the first is carried out; its certificate covers the whole horizon."),
        ));
        let short = |i: &&Interval| i.dispatch.plan_mw.len() + 1 < asked;
        let short = run.intervals.iter().filter(short).count();
        if short > 0 {
            notes.push((
                Level::Warning,
                format!("In {short} of {} intervals the horizon ends early: whatever is dispatched now, no dispatch further ahead is within limits and ramps as the factors see them.", run.intervals.len()),
            ));
        }
    }
    notes
}

/// Series, table and chart of a run that looks ahead.
pub fn add(run: &Run, report: &mut Report) {
    let Some(single) = &run.outcome.single else {
        return;
    };
    let system = run.system;
    let units = system.generators.iter().enumerate();
    let ramped: Vec<(usize, &str)> = units
        .filter(|(_, unit)| unit.ramp_mw_per_min.is_some())
        .map(|(g, unit)| (g, unit.id.as_str()))
        .collect();
    let of = |kind: &str, id: &str, name: String, unit: &str, values: Vec<f64>| -> Series {
        about(kind, Party.of(id), name, unit, values)
    };
    let steps = 0..run.intervals.len();
    let mut marks = Vec::new();
    let mut says = Vec::new();
    let mut beside =
        |report: &mut Report, id: &str, role: Role, value: &dyn Fn(&Interval) -> f64| {
            let alone = single.roll.intervals.iter().map(value);
            let alone: Vec<f64> = alone
                .chain(std::iter::repeat(f64::NAN))
                .take(steps.len())
                .collect();
            let together = range(run.intervals.iter().map(value));
            let apart = range(alone.iter().copied().filter(|p| p.is_finite()));
            let between = |(low, high): (f64, f64)| match (amount(low, ""), amount(high, "")) {
                (low, high) if low == high => low,
                (low, high) => format!("{low} to {high}"),
            };
            says.push(format!(
                "{id} {} MW (one interval at a time: {})",
                between(together),
                between(apart)
            ));
            let name = format!("{id}, one interval at a time");
            report.series.push(of("single", id, name, "MW", alone));
            marks.push(marked(format!("p:{id}"), role, false, true));
            marks.push(line(format!("single:{id}"), role, true, true));
        };
    if let Some(stability) = run.stability {
        let der = stability.watch.der;
        beside(report, &system.ders[der].id, Role::Der, &|i| {
            i.actual.ders[der]
        });
    }
    // All generators where they are few, so that what is drawn adds up; else those with a ramp.
    let all = system.generators.iter().enumerate();
    let drawn: Vec<(usize, &str)> = match system.generators.len() <= DRAWN {
        true => all.map(|(g, unit)| (g, unit.id.as_str())).collect(),
        false => ramped.iter().copied().take(DRAWN).collect(),
    };
    for (g, id) in drawn {
        beside(report, id, Role::Generator, &|i| i.actual.generators[g]);
    }
    for &(g, id) in &ramped {
        let opportunity = run.intervals.iter().map(|i| i.dispatch.prices.ramps[g]);
        let name = format!("ramp opportunity of {id}");
        report
            .series
            .push(of("ramp", id, name, "$/MWh", opportunity.collect()));
        let worth = |i: &Interval| {
            i.dispatch.prices.lmp[system.generators[g].bus] + i.dispatch.prices.ramps[g]
        };
        let worth = run.intervals.iter().map(worth).collect();
        report.series.push(of(
            "worth",
            id,
            format!("LMP and ramp opportunity of {id}"),
            "$/MWh",
            worth,
        ));
        let next = |i: &Interval| i.dispatch.plan_mw.first().map_or(f64::NAN, |p| p[g]);
        let next = run.intervals.iter().map(next).collect();
        report.series.push(of(
            "plan",
            id,
            format!("{id} as planned for the next interval"),
            "MW",
            next,
        ));
    }
    let y = axis("output", "MW", true);
    let says = format!("{}.", says.join("; "));
    let title = "Looking ahead against one interval at a time";
    report
        .charts
        .push(chart("interval", "look_ahead", title, y, marks, &says));
    prices(run, &ramped, report);
}

/// The LMP of a generator's bus in its parts, and what its ramp adds.
fn prices(run: &Run, ramped: &[(usize, &str)], report: &mut Report) {
    let price = |name: &str| column(name, "$/MWh");
    let rows = ramped.iter().map(|&(g, id)| -> Vec<Cell> {
        let unit = &run.system.generators[g];
        let bus = &run.system.bus_ids[unit.bus];
        let reach = unit.ramp_mw_per_min.unwrap_or(f64::NAN) * run.params.interval_minutes;
        vec![
            text(id),
            at(format!("p:{id}")),
            number(reach),
            at(format!("plan:{id}")),
            at(format!("lmp:{bus}")),
            at(format!("ramp:{id}")),
            at(format!("worth:{id}")),
        ]
    });
    let columns = vec![
        column("generator", ""),
        column("output", "MW"),
        column("ramp in an interval", "MW"),
        column("planned for the next", "MW"),
        price("LMP = energy + congestion"),
        price("ramp opportunity"),
        price("LMP + ramp opportunity"),
    ];
    let note = "Ramp opportunity: what one more MW of the generator now saves in the later intervals of the horizon, by the multiplier of its ramp. A block between empty and full is dispatched where its bid is LMP + ramp opportunity. Paid is the LMP alone: a generator with a positive opportunity runs above what the price of this interval covers.";
    let subjects: Vec<_> = ramped.iter().map(|(_, id)| Party.of(*id)).collect();
    let made = table(
        "ramps",
        "Prices with the ramps of the horizon",
        columns,
        rows.collect(),
        note,
    );
    report.tables.push(made.of(subjects));
}
