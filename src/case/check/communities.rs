//! Communities: places, lengths of series, batteries.

use super::super::{
    Case,
    communities::{Battery, Thermal},
};
use super::ids::unknown;
use super::{Findings, Paths, Quantity, bounds};
use std::collections::HashSet;

const MINUTES: Quantity = Quantity::new("The length of an interval", "min", 0.1, 1_440.0);
const PRICE: Quantity = Quantity::new("The price", "$/kWh", -1e3, 1e3);
const POWER: Quantity = Quantity::new("The power", "kW", -1e9, 1e9);
const PV: Quantity = Quantity::new("The power of PV", "kW", 0.0, 1e9);
const SHARE: Quantity = Quantity::new("The share of the feeder's loads", "", -100.0, 100.0);
const TAN_PHI: Quantity = Quantity::new("The reactive share", "kvar/kW", -10.0, 10.0);
const ENERGY: Quantity = Quantity::new("The energy of the battery", "kWh", 1e-3, 1e9);
const INVERTER: Quantity = Quantity::new("The power of the battery", "kW", 0.0, 1e9);
const APPARENT: Quantity = Quantity::new("The apparent power of the inverters", "kVA", 0.0, 1e9);
const HEAT: Quantity = Quantity::new("The heat capacity", "kWh/K", 1e-3, 1e9);
const LOSS: Quantity = Quantity::new("The heat loss", "kW/K", 0.0, 1e6);
const PUMP: Quantity = Quantity::new("The power of the heat pump", "kW", 1e-3, 1e9);
const COP: Quantity = Quantity::new("The coefficient of performance", "", 0.1, 20.0);
const CELSIUS: Quantity = Quantity::new("The temperature", "°C", -100.0, 200.0);
const EFFICIENCY: Quantity = Quantity::new("The efficiency", "", 0.01, 1.0);
const SOC: Quantity = Quantity::new("The state of charge", "", 0.0, 1.0);

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let Some(all) = &case.communities else { return };
    let root = "case.communities";
    findings.range(
        || format!("{root}.minutes_per_interval"),
        &MINUTES,
        all.minutes_per_interval,
    );
    let n = all.intervals();
    if n == 0 || n > bounds::INTERVALS {
        findings.error(
            format!("{root}.lse_usd_per_kwh"),
            format!(
                "There are {n} prices. Give one per interval, at least 1 and at most {}.",
                bounds::INTERVALS
            ),
        );
        return;
    }
    if all.members.len() > bounds::GROUPS || all.members.len() * n > bounds::VALUES {
        findings.error(
            format!("{root}.members"),
            format!(
                "There are {} communities with {n} intervals; Tandem takes up to {} communities and {} values. Reduce the case.",
                all.members.len(),
                bounds::GROUPS,
                bounds::VALUES
            ),
        );
        return;
    }
    let mut series = |field: String, quantity: &Quantity, values: &[f64], may_be_empty: bool| {
        if values.len() != n && !(may_be_empty && values.is_empty()) {
            findings.error(
                field,
                format!(
                    "There are {} values for {n} prices of the LSE. Give one per interval.",
                    values.len()
                ),
            );
            return;
        }
        for (t, &value) in values.iter().enumerate() {
            if !findings.range(|| format!("{field}.{t}"), quantity, value) {
                return;
            }
        }
    };
    for (field, quantity, values) in [
        ("lse_usd_per_kwh", &PRICE, &all.lse_usd_per_kwh),
        ("forecast_usd_per_kwh", &PRICE, &all.forecast_usd_per_kwh),
        ("background", &SHARE, &all.background),
    ] {
        series(format!("{root}.{field}"), quantity, values, true);
    }
    let paths = Paths::new(
        format!("{root}.members"),
        all.members.iter().map(|m| m.id.as_str()),
    );
    for (i, member) in all.members.iter().enumerate() {
        series(paths.field(i, "load_kw"), &POWER, &member.load_kw, false);
        series(paths.field(i, "pv_kw"), &PV, &member.pv_kw, true);
    }
    let buses: HashSet<&str> = case
        .feeders
        .iter()
        .flat_map(|f| f.buses.iter().map(|b| b.id.as_str()))
        .collect();
    for (i, member) in all.members.iter().enumerate() {
        if !buses.contains(member.bus.as_str()) {
            let mut known: Vec<&str> = buses.iter().copied().collect();
            crate::sort::by(&mut known, Ord::cmp);
            findings.error(
                paths.field(i, "bus"),
                unknown("feeder bus", &member.bus, known.into_iter()),
            );
        }
        findings.range(|| paths.field(i, "tan_phi"), &TAN_PHI, member.tan_phi);
        if let Some(kva) = member.inverter_kva {
            findings.range(|| paths.field(i, "inverter_kva"), &APPARENT, kva);
        }
        if let Some(thermal) = &member.thermal {
            check_thermal(&paths.field(i, "thermal"), thermal, n, findings);
        }
        if let Some(battery) = &member.battery {
            check_battery(&paths.field(i, "battery"), battery, findings);
        }
    }
}

fn check_thermal(path: &str, thermal: &Thermal, n: usize, findings: &mut Findings) {
    for (field, quantity, value) in [
        ("heat_kwh_per_k", &HEAT, thermal.heat_kwh_per_k),
        ("loss_kw_per_k", &LOSS, thermal.loss_kw_per_k),
        ("power_kw", &PUMP, thermal.power_kw),
        ("cop", &COP, thermal.cop),
        ("min_c", &CELSIUS, thermal.min_c),
        ("max_c", &CELSIUS, thermal.max_c),
        ("initial_c", &CELSIUS, thermal.initial_c),
    ] {
        findings.range(|| format!("{path}.{field}"), quantity, value);
    }
    for (t, &value) in thermal.ambient_c.iter().enumerate() {
        findings.range(|| format!("{path}.ambient_c.{t}"), &CELSIUS, value);
    }
    if thermal.max_c - thermal.min_c < 0.01 {
        findings.error(
            format!("{path}.max_c"),
            format!(
                "The band of the temperature is from {} to {} °C. Give it a hundredth of a kelvin or more.",
                thermal.min_c, thermal.max_c
            ),
        );
    }
    let given = thermal.ambient_c.len();
    if ![1, 24, n].contains(&given) {
        findings.error(
            format!("{path}.ambient_c"),
            format!("There are {given} temperatures. Give one, 24 for the hours of a day, or {n}, one per interval."),
        );
    }
}

fn check_battery(path: &str, battery: &Battery, findings: &mut Findings) {
    for (field, quantity, value) in [
        ("energy_kwh", &ENERGY, battery.energy_kwh),
        ("power_kw", &INVERTER, battery.power_kw),
        ("efficiency", &EFFICIENCY, battery.efficiency),
        ("min_soc", &SOC, battery.min_soc),
        ("max_soc", &SOC, battery.max_soc),
        ("initial_soc", &SOC, battery.initial_soc),
    ] {
        findings.range(|| format!("{path}.{field}"), quantity, value);
    }
    let inside = (battery.min_soc..=battery.max_soc).contains(&battery.initial_soc);
    if battery.min_soc > battery.max_soc {
        findings.error(
            format!("{path}.min_soc"),
            format!(
                "The least state of charge, {}, is above the greatest, {}. Exchange them.",
                battery.min_soc, battery.max_soc
            ),
        );
    } else if !inside {
        findings.error(
            format!("{path}.initial_soc"),
            format!(
                "The state of charge at the start is {}. Give a number from {} to {}.",
                battery.initial_soc, battery.min_soc, battery.max_soc
            ),
        );
    }
}
