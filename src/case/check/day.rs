//! A day of operation: places, profiles, costs, windows.

use super::super::day::Day;
use super::super::{Case, Problem};
use super::ids::unknown;
use super::stored::Stored;
use super::{Findings, Paths, Quantity, bounds, show};
use std::collections::{HashMap, HashSet};

const MINUTES: Quantity = Quantity::new("The length of a period", "min", 0.01, 1_440.0);
const SHORTAGE: Quantity =
    Quantity::new("The cost of energy not served", "$/MWh", 1.0, bounds::PRICE);
const POWER: Quantity = Quantity::new("The power", "MW", 0.0, bounds::POWER);
const MOST: Quantity = Quantity::new("The largest power", "MW", 0.0, bounds::POWER);
const ENERGY: Quantity = Quantity::new("The energy", "MWh", 0.0, bounds::POWER);
const LINEAR: Quantity = Quantity::new("The linear cost", "$/MWh", -bounds::PRICE, bounds::PRICE);
const SQUARE: Quantity = Quantity::new("The quadratic cost", "$/MW²h", 0.0, bounds::PRICE);
const WORTH: Quantity = Quantity::new(
    "The curvature of the utility",
    "$/MW²h",
    1e-6,
    bounds::PRICE,
);
const TAN_PHI: Quantity = Quantity::new("The reactive share", "Mvar/MW", -10.0, 10.0);

/// More of something than the program takes on.
pub(super) fn sizes(case: &Case, findings: &mut Findings) {
    let Some(day) = &case.day else { return };
    for (list, have) in [
        ("profiles", day.profiles.len()),
        ("costs", day.costs.len()),
        ("renewables", day.renewables.len()),
        ("adjustable", day.adjustable.len()),
        ("deferrable", day.deferrable.len()),
        ("storage", day.storage.len()),
    ] {
        let most = bounds::PARTIES;
        if have > most {
            findings.error(
                format!("case.day.{list}"),
                format!("There are {have} entries; Tandem takes up to {most}. Reduce the case."),
            );
        }
    }
}

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let Some(day) = &case.day else { return };
    if !(1..=bounds::PERIODS).contains(&day.periods) {
        findings.error(
            "case.day.periods",
            format!(
                "The day has {} periods. Give a number from 1 to {}.",
                day.periods,
                bounds::PERIODS
            ),
        );
        return;
    }
    findings.range(
        || "case.day.minutes_per_period".into(),
        &MINUTES,
        day.minutes_per_period,
    );
    findings.range(
        || "case.day.shortage_usd_per_mwh".into(),
        &SHORTAGE,
        day.shortage_usd_per_mwh,
    );
    profiles(day, findings);
    costs(case, day, findings);
    let scope = Scope::new(case, day);
    let paths = scope.paths("renewables", day.renewables.iter().map(|r| r.id.as_str()));
    for (i, renewable) in day.renewables.iter().enumerate() {
        scope.bus(|| paths.field(i, "bus"), &renewable.bus, findings);
        scope.profile(|| paths.field(i, "profile"), &renewable.profile, findings);
    }
    let paths = scope.paths("adjustable", day.adjustable.iter().map(|a| a.id.as_str()));
    for (i, load) in day.adjustable.iter().enumerate() {
        scope.bus(|| paths.field(i, "bus"), &load.bus, findings);
        scope.profile(|| paths.field(i, "profile"), &load.profile, findings);
        findings.range(|| paths.field(i, "usd_per_mw2h"), &WORTH, load.usd_per_mw2h);
        findings.range(|| paths.field(i, "tan_phi"), &TAN_PHI, load.tan_phi);
        if let Some(most) = load.max_p_mw {
            findings.range(|| paths.field(i, "max_p_mw"), &MOST, most);
        }
    }
    deferrable(day, &scope, findings);
    storage(day, &scope, findings);
}

fn profiles(day: &Day, findings: &mut Findings) {
    let paths = Paths::new(
        "case.day.profiles",
        day.profiles.iter().map(|p| p.id.as_str()),
    );
    for (i, profile) in day.profiles.iter().enumerate() {
        for (field, values) in [
            ("forecast_mw", &profile.forecast_mw),
            ("realised_mw", &profile.realised_mw),
        ] {
            if values.len() != day.periods {
                findings.error(
                    paths.field(i, field),
                    format!(
                        "There are {} values for {} periods. Give one per period.",
                        values.len(),
                        day.periods
                    ),
                );
            }
            for (t, &value) in values.iter().enumerate() {
                findings.range(|| format!("{}.{t}", paths.field(i, field)), &POWER, value);
            }
        }
    }
}

fn costs(case: &Case, day: &Day, findings: &mut Findings) {
    let known: HashSet<&str> = case.generators.iter().map(|g| g.id.as_str()).collect();
    let mut seen = HashSet::new();
    for (i, cost) in day.costs.iter().enumerate() {
        let field = |name: &str| format!("case.day.costs.{i}.{name}");
        if !known.contains(cost.generator.as_str()) {
            let choice = case.generators.iter().map(|g| g.id.as_str());
            findings.error(
                field("generator"),
                unknown("generator", &cost.generator, choice),
            );
        } else if !seen.insert(cost.generator.as_str()) {
            findings.error(
                field("generator"),
                format!("Generator \"{}\" has two costs. Leave one.", cost.generator),
            );
        }
        findings.range(|| field("a_usd_per_mw2h"), &SQUARE, cost.a_usd_per_mw2h);
        findings.range(|| field("b_usd_per_mwh"), &LINEAR, cost.b_usd_per_mwh);
    }
}

fn deferrable(day: &Day, scope: &Scope, findings: &mut Findings) {
    let paths = scope.paths("deferrable", day.deferrable.iter().map(|d| d.id.as_str()));
    for (i, load) in day.deferrable.iter().enumerate() {
        scope.bus(|| paths.field(i, "bus"), &load.bus, findings);
        let most = findings.range(|| paths.field(i, "max_p_mw"), &MOST, load.max_p_mw);
        let energy = findings.range(|| paths.field(i, "energy_mwh"), &ENERGY, load.energy_mwh);
        findings.range(|| paths.field(i, "usd_per_mwh2"), &WORTH, load.usd_per_mwh2);
        findings.range(|| paths.field(i, "tan_phi"), &TAN_PHI, load.tan_phi);
        let mut inside = true;
        for (field, period) in [
            ("first_period", load.first_period),
            ("last_period", load.last_period),
        ] {
            if !(1..=day.periods).contains(&period) {
                inside = false;
                findings.error(
                    paths.field(i, field),
                    format!(
                        "There is no period {period}. Give a number from 1 to {}.",
                        day.periods
                    ),
                );
            }
        }
        let periods = (0..day.periods).filter(|&t| load.in_window(t)).count();
        let reach = periods as f64 * day.hours() * load.max_p_mw;
        if most && energy && inside && reach < load.energy_mwh {
            findings.0.push(Problem::warning(
                paths.field(i, "energy_mwh"),
                format!(
                    "{} MWh do not fit into {periods} periods at {} MW; at most {} MWh are reached.",
                    show(load.energy_mwh),
                    show(load.max_p_mw),
                    show(reach)
                ),
            ));
        }
    }
}

fn storage(day: &Day, scope: &Scope, findings: &mut Findings) {
    let paths = scope.paths("storage", day.storage.iter().map(|s| s.id.as_str()));
    for (i, own) in day.storage.iter().enumerate() {
        scope.bus(|| paths.field(i, "bus"), &own.bus, findings);
        let power = findings.range(|| paths.field(i, "max_p_mw"), &MOST, own.max_p_mw);
        let hours = day.periods as f64 * day.hours();
        let added = power.then(|| hours * own.most_charged_mw());
        let stored = Stored {
            energy_mwh: own.energy_mwh,
            initial_mwh: own.initial_mwh,
            min_final_mwh: own.min_final_mwh,
            charge_efficiency: own.charge_efficiency,
            discharge_efficiency: own.discharge_efficiency,
        };
        stored.check(&|name| paths.field(i, name), added, findings);
    }
}

/// What the parts of a day may refer to.
struct Scope<'a> {
    /// Feeder bus → feeder; that the feeder has a boundary is checked with the feeders.
    buses: HashMap<&'a str, &'a str>,
    profiles: HashSet<&'a str>,
}

impl<'a> Scope<'a> {
    fn new(case: &'a Case, day: &'a Day) -> Self {
        let buses = case.feeders.iter().flat_map(|feeder| {
            let id = feeder.id.as_str();
            feeder.buses.iter().map(move |bus| (bus.id.as_str(), id))
        });
        Self {
            buses: buses.collect(),
            profiles: day.profiles.iter().map(|p| p.id.as_str()).collect(),
        }
    }

    fn paths<'b>(&self, list: &str, ids: impl Iterator<Item = &'b str>) -> Paths<'b> {
        Paths::new(format!("case.day.{list}"), ids)
    }

    fn bus(&self, field: impl FnOnce() -> String, bus: &str, findings: &mut Findings) {
        if !self.buses.contains_key(bus) {
            let mut known: Vec<&str> = self.buses.keys().copied().collect();
            crate::sort::by(&mut known, Ord::cmp);
            findings.error(field(), unknown("feeder bus", bus, known.into_iter()));
        }
    }

    fn profile(&self, field: impl FnOnce() -> String, profile: &str, findings: &mut Findings) {
        if !self.profiles.contains(profile) {
            let mut known: Vec<&str> = self.profiles.iter().copied().collect();
            crate::sort::by(&mut known, Ord::cmp);
            findings.error(field(), unknown("profile", profile, known.into_iter()));
        }
    }
}
