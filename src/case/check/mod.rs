//! Is the case usable? Every finding is reported, not only the first, with what to do about it.

mod balancing;
mod communities;
mod day;
mod feeders;
mod ids;
mod local;
pub mod network;
mod parties;
mod stored;
mod zones;

use super::{CASE_VERSION, Case, Code, Invalid, Problem};
use std::cell::OnceCell;
use std::collections::HashMap;

/// Bounds of what the program takes on. They keep a slip of the keyboard or a hostile link from
/// freezing the page; all are far above what the methods are meant for.
pub mod bounds {
    /// Nominal voltage, kV.
    pub const KV: (f64, f64) = (1e-3, 1e4);
    /// Transmission buses, and feeder buses in all.
    pub const BUSES: usize = 20_000;
    /// Transmission branches, and feeder lines in all.
    pub const BRANCHES: usize = 40_000;
    /// Generators, loads, DERs (each).
    pub const PARTIES: usize = 20_000;
    /// Aggregators, feeders, boundaries, DC lines (each).
    pub const GROUPS: usize = 2_000;
    /// Bids, net injections, exclusive groups (each).
    pub const BIDS: usize = 20_000;
    /// Offers of one bid.
    pub const OFFERS: usize = 2_000;
    /// Segments of all bids.
    pub const SEGMENTS: usize = 100_000;
    /// Half-planes, ramps and minimum durations of all bids (each).
    pub const CONDITIONS: usize = 200_000;
    /// Zones.
    pub const ZONES: usize = 200;
    /// Shift factors of all limits of zones.
    pub const FACTORS: usize = 1_000_000;
    /// Market periods cleared together.
    pub const PERIODS: usize = 96;
    /// Intervals of a community market, and values of all its communities.
    pub const INTERVALS: usize = 20_000;
    /// Members times intervals: the values of one series of all communities.
    pub const VALUES: usize = 4_000_000;
    /// Blocks of one offer.
    pub const BLOCKS: usize = 200;
    /// Power in MW, Mvar or MVA.
    pub const POWER: f64 = 1e6;
    /// Cost in $/h, either sign.
    pub const COST: f64 = 1e9;
    /// Price in $/MWh, either sign.
    pub const PRICE: f64 = 1e6;
    /// Size of a reactance in p.u.
    pub const REACTANCE: (f64, f64) = (1e-7, 1e4);
    /// Resistance or reactance of a feeder line in Ω.
    pub const OHM: f64 = 1e6;
    /// Characters of an id.
    pub const ID_CHARS: usize = 64;
}

impl Case {
    /// Everything that is wrong with the case, worst first within each part; empty when it is fine.
    ///
    /// A case with a [`Problem::is_error`] must not be used; warnings are for the reader.
    pub fn validate(&self) -> Vec<Problem> {
        let mut findings = Findings::default();
        if let Some(problem) = version_problem(self.version) {
            return vec![problem];
        }
        sizes(self, &mut findings);
        if !findings.0.is_empty() {
            return findings.0; // too large to look at in detail
        }
        ids::check(self, &mut findings);
        network::findings(self, &mut findings);
        parties::check(self, &mut findings);
        feeders::check(self, &mut findings);
        balancing::check(self, &mut findings);
        day::check(self, &mut findings);
        local::check(self, &mut findings);
        communities::check(self, &mut findings);
        findings.0
    }

    /// The case itself when [`Case::validate`] finds no error.
    ///
    /// # Errors
    /// All findings, warnings included, when one of them is an error.
    pub fn checked(self) -> Result<Self, Invalid> {
        let problems = self.validate();
        if problems.iter().any(Problem::is_error) {
            Err(Invalid(problems))
        } else {
            Ok(self)
        }
    }
}

/// Why a case of this format version cannot be read, if so.
pub(super) fn version_problem(version: u32) -> Option<Problem> {
    let program = env!("CARGO_PKG_VERSION");
    match version {
        1..=CASE_VERSION => None,
        0 => Some(Problem::error(
            "case.version",
            format!("There is no case format version 0. Write {CASE_VERSION}."),
        )),
        newer => Some(Problem::coded(
            Code::Newer,
            "case.version",
            format!(
                "The case was made by a newer Tandem: it has format version {newer}, and Tandem {program} reads up to version {CASE_VERSION}. Open it with a Tandem that reads version {newer} (reload the page, or update the program)."
            ),
        )),
    }
}

fn sizes(case: &Case, findings: &mut Findings) {
    let feeder_buses = case.feeders.iter().map(|f| f.buses.len()).sum();
    let feeder_lines = case.feeders.iter().map(|f| f.lines.len()).sum();
    for (path, what, have, most) in [
        ("case.buses", "buses", case.buses.len(), bounds::BUSES),
        (
            "case.branches",
            "branches",
            case.branches.len(),
            bounds::BRANCHES,
        ),
        (
            "case.dc_lines",
            "DC lines",
            case.dc_lines.len(),
            bounds::GROUPS,
        ),
        (
            "case.generators",
            "generators",
            case.generators.len(),
            bounds::PARTIES,
        ),
        ("case.loads", "loads", case.loads.len(), bounds::PARTIES),
        ("case.ders", "DERs", case.ders.len(), bounds::PARTIES),
        (
            "case.aggregators",
            "aggregators",
            case.aggregators.len(),
            bounds::GROUPS,
        ),
        (
            "case.feeders",
            "feeders",
            case.feeders.len(),
            bounds::GROUPS,
        ),
        (
            "case.feeders",
            "feeder buses in all",
            feeder_buses,
            bounds::BUSES,
        ),
        (
            "case.feeders",
            "feeder lines in all",
            feeder_lines,
            bounds::BRANCHES,
        ),
        (
            "case.boundaries",
            "boundaries",
            case.boundaries.len(),
            bounds::GROUPS,
        ),
    ] {
        if have > most {
            findings.error(
                path,
                format!("There are {have} {what}; Tandem takes up to {most}. Reduce the case."),
            );
        }
    }
    balancing::sizes(case, findings);
    day::sizes(case, findings);
}

/// The problems found so far.
#[derive(Default)]
pub(super) struct Findings(pub Vec<Problem>);

impl Findings {
    pub fn error(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::error(field, message));
    }

    pub fn warning(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::warning(field, message));
    }

    /// Demands low ≤ value ≤ high (which NaN never satisfies). `what` names the quantity with its
    /// article, `unit` may be empty, `or` is another way out. Returns whether the value is fine.
    pub fn range(
        &mut self,
        field: impl FnOnce() -> String,
        quantity: &Quantity,
        value: f64,
    ) -> bool {
        let Quantity {
            what,
            unit,
            low,
            high,
            or,
        } = quantity;
        let fine = value >= *low && value <= *high;
        if !fine {
            let gap = if unit.is_empty() { "" } else { " " };
            let (value, low, high) = (show(value), show(*low), show(*high));
            self.error(
                field(),
                format!(
                    "{what} is {value}{gap}{unit}. Give a number from {low} to {high}{gap}{unit}{or}."
                ),
            );
        }
        fine
    }
}

/// A number with its allowed range, in words.
pub(super) struct Quantity {
    pub what: &'static str,
    pub unit: &'static str,
    pub low: f64,
    pub high: f64,
    /// Ends the sentence "Give a number from … to …", such as ", or leave it empty for no limit".
    pub or: &'static str,
}

impl Quantity {
    pub const fn new(what: &'static str, unit: &'static str, low: f64, high: f64) -> Self {
        Self {
            what,
            unit,
            low,
            high,
            or: "",
        }
    }

    pub const fn or(self, or: &'static str) -> Self {
        Self { or, ..self }
    }
}

pub(super) const BASE_KV: Quantity =
    Quantity::new("The base voltage", "kV", bounds::KV.0, bounds::KV.1);
pub(super) const LIMIT_MW: Quantity =
    Quantity::new("The limit", "MW", 0.0, bounds::POWER).or(", or leave it empty for no limit");

/// Where the elements of a list are: `case.branches.2-3`, or `case.branches.1` by index where the id
/// is unusable or not unique. Worked out only when something is wrong.
pub(super) struct Paths<'a> {
    list: String,
    ids: Vec<&'a str>,
    /// How often each id is used.
    uses: OnceCell<HashMap<&'a str, usize>>,
}

impl<'a> Paths<'a> {
    pub fn new(list: impl Into<String>, ids: impl Iterator<Item = &'a str>) -> Self {
        Self {
            list: list.into(),
            ids: ids.collect(),
            uses: OnceCell::new(),
        }
    }

    /// Path of element `i`.
    pub fn of(&self, i: usize) -> String {
        let uses = self.uses.get_or_init(|| {
            let mut uses = HashMap::new();
            for id in &self.ids {
                *uses.entry(*id).or_default() += 1;
            }
            uses
        });
        match self.ids.get(i) {
            Some(id) if uses.get(id) == Some(&1) && ids::fault(id).is_none() => {
                format!("{}.{id}", self.list)
            }
            _ => format!("{}.{i}", self.list),
        }
    }

    /// Path of a field of element `i`.
    pub fn field(&self, i: usize, field: &str) -> String {
        format!("{}.{field}", self.of(i))
    }
}

/// A number as a reader would write it: no 300-digit decimals.
pub(super) fn show(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && size.is_finite() && !(1e-4..1e7).contains(&size) {
        format!("{value:e}")
    } else if value.is_infinite() {
        if value > 0.0 {
            "infinite"
        } else {
            "minus infinite"
        }
        .to_string()
    } else if value.is_nan() {
        "not a number".to_string()
    } else {
        format!("{value}")
    }
}

/// `bus "4"`, `buses "4" and "5"`, `buses "4", "5" and 7 more`: at most six are named.
pub(super) fn name_list(one: &str, many: &str, ids: &[&str]) -> String {
    const NAMED: usize = 6;
    let quoted: Vec<String> = ids
        .iter()
        .take(NAMED)
        .map(|id| format!("\"{id}\""))
        .collect();
    match (quoted.as_slice(), ids.len().saturating_sub(NAMED)) {
        ([], _) => format!("no {one}"),
        ([only], _) => format!("{one} {only}"),
        ([head @ .., last], 0) => format!("{many} {} and {last}", head.join(", ")),
        (all, more) => format!("{many} {} and {more} more", all.join(", ")),
    }
}
