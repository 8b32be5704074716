//! The cases that come with the program. Each states its source and licence in `source`.

use super::synthetic::{self, Country};
use super::{Case, json};

/// Id and JSON text of every built-in case.
const CASES: [(&str, &str); 5] = [
    ("zuo-4node", include_str!("builtin/zuo-4node.json")),
    ("zuo-30bus", include_str!("builtin/zuo-30bus.json")),
    ("triangle", include_str!("builtin/triangle.json")),
    ("ieee14", include_str!("builtin/ieee14.json")),
    ("ieee30", include_str!("builtin/ieee30.json")),
];

/// Seed of the synthetic cases.
const SEED: u64 = 1;

/// The ids of the cases that are data; [`generated`] are those that are drawn.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|(id, _)| *id)
}

/// The ids of the synthetic cases of published size, drawn anew each time [`builtin`] is asked.
pub fn generated() -> impl Iterator<Item = &'static str> {
    Country::ALL.into_iter().map(Country::id)
}

/// A built-in case by its id; `None` when there is none of that id.
pub fn builtin(id: &str) -> Option<Case> {
    if let Some(country) = Country::ALL.into_iter().find(|country| country.id() == id) {
        return Some(synthetic::smartnet(country, SEED, 1.0));
    }
    let (_, json) = CASES.iter().find(|(known, _)| *known == id)?;
    Case::from_value(json::parse(json).ok()?).ok()
}
