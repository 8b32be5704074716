//! Inputs of a scenario that may be another in every variant, and the draw of one or two of them.

use std::collections::HashSet;

use fastrand::Rng;

use super::shown;
use crate::inputs::{Field, Kind};
use crate::report::units::tidy;
use crate::scenario::Document;
use crate::session::Session;

/// Units in which numbers of a case are varied: powers, energies and prices.
const VARIED: [&str; 11] = [
    "MW", "kW", "MVA", "kVA", "MWh", "kWh", "$/MWh", "$/kWh", "¢/kWh", "€/MWh", "$",
];

/// What is no given of the question but of what is possible, or of no effect in most variants.
const KEPT: [&str; 6] = [
    "min_p_mw",
    "ramp_mw_per_min",
    "end_usd_per_mwh",
    "price_cap_usd_per_mwh",
    "min_kw",
    "x_pu",
];

/// An input with the even values it may take: `least` to `greatest` times `step`.
pub struct Input {
    path: String,
    label: String,
    unit: String,
    now: f64,
    step: f64,
    least: i64,
    greatest: i64,
    /// How many of the unit it is read in one of the document's is.
    times: f64,
    /// One of those that the scenario is about.
    looked_at: bool,
}

/// An input with the value drawn for it, in the unit it is read in.
#[derive(Clone)]
pub struct Drawn {
    path: String,
    label: String,
    unit: String,
    was: f64,
    value: f64,
    times: f64,
}

impl Drawn {
    /// The path and the value in the unit of the document.
    pub fn change(&self) -> (String, f64) {
        (self.path.clone(), tidy(self.value / self.times))
    }
}

/// Numbers of the form that are not zero: those that the scenario is about, and powers and prices of the case.
pub fn inputs(session: &Session, looked_at: &[String]) -> Vec<Input> {
    let form = session.form();
    let mut known = HashSet::new();
    let fields = form.iter().flat_map(|section| section.all());
    let found = fields.filter_map(|field| input(field, looked_at));
    found
        .filter(|input| known.insert(input.path.clone()))
        .collect()
}

fn input(field: &Field, looked_at: &[String]) -> Option<Input> {
    let looked_at = looked_at.contains(&field.path);
    let last = field.path.rsplit('.').next().unwrap_or_default();
    let of_case = field.of_case && VARIED.contains(&field.unit.as_str()) && !KEPT.contains(&last);
    // An offer says already how much there is of it.
    let of_unit = field.path.starts_with("case.generators.") && last == "max_p_mw";
    if field.kind != Kind::Number || field.of_view || !(looked_at || of_case && !of_unit) {
        return None;
    }
    let now = field
        .value
        .as_f64()
        .filter(|v| *v != 0.0 && v.is_finite())?;
    let step = even(now.abs() / 20.0);
    let (half, more) = (0.5 * now, 1.5 * now);
    let least = field
        .min
        .map_or(half.min(more), |min| half.min(more).max(min));
    let greatest = field
        .max
        .map_or(half.max(more), |max| half.max(more).min(max));
    let (least, greatest) = (
        libm::ceil(least / step - 1e-9) as i64,
        libm::floor(greatest / step + 1e-9) as i64,
    );
    (least < greatest).then(|| Input {
        path: field.path.clone(),
        label: field.label.clone(),
        unit: field.unit.clone(),
        now,
        step,
        least,
        greatest,
        times: field.times.unwrap_or(1.0),
        looked_at,
    })
}

/// The largest of 1, 2 and 5 times a power of ten that is no greater.
fn even(size: f64) -> f64 {
    let power = libm::floor(libm::log10(size) + 1e-9).clamp(-9.0, 9.0) as i32;
    let ten = 10f64.powi(power);
    let of = [5.0, 2.0]
        .into_iter()
        .find(|of| size >= of * ten * (1.0 - 1e-9));
    tidy(of.unwrap_or(1.0) * ten)
}

/// One or two inputs with values; the first is one that the scenario is about, every second time.
pub fn draw(inputs: &[Input], rng: &mut Rng) -> Vec<Drawn> {
    let looked_at: Vec<&Input> = inputs.iter().filter(|input| input.looked_at).collect();
    let all: Vec<&Input> = inputs.iter().collect();
    let first = match rng.bool() && !looked_at.is_empty() {
        true => one(&looked_at, rng),
        false => one(&all, rng),
    };
    let second = (rng.u8(..3) > 0).then(|| one(&all, rng)).flatten();
    let second = second.filter(|input| first.is_none_or(|first| first.path != input.path));
    let drawn = first.into_iter().chain(second);
    drawn.map(|input| input.draw(rng)).collect()
}

fn one<'a>(list: &[&'a Input], rng: &mut Rng) -> Option<&'a Input> {
    let at = rng.u64(..list.len().max(1) as u64) as usize;
    list.get(at).copied()
}

impl Input {
    fn draw(&self, rng: &mut Rng) -> Drawn {
        let steps = rng.i64(self.least..=self.greatest);
        Drawn {
            path: self.path.clone(),
            label: self.label.clone(),
            unit: self.unit.clone(),
            was: self.now,
            value: tidy(steps as f64 * self.step),
            times: self.times,
        }
    }
}

/// Puts the inputs drawn into a session's scenario, from `base` on; false where it refuses them.
pub fn change(session: &mut Session, base: &Document, drawn: &[Drawn]) -> bool {
    session.load(base.clone());
    let changes = drawn.iter().map(Drawn::change);
    let changes: Vec<(String, String)> = changes.map(|(p, v)| (p, v.to_string())).collect();
    session.set_each(&changes).is_ok()
}

/// Each change in words: "L3 load: 130 MW in place of 120 MW".
pub fn words(drawn: &[Drawn]) -> Vec<String> {
    let said = |one: &Drawn| {
        let (value, was) = (shown(one.value, &one.unit), shown(one.was, &one.unit));
        match value == was {
            true => format!("{}: {value}, as it is", one.label),
            false => format!("{}: {value} in place of {was}", one.label),
        }
    };
    drawn.iter().map(said).collect()
}
