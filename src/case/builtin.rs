//! The cases that come with the program. Each states its source and licence in `source`.

use super::synthetic::{self, Country};
use super::{Case, json};

/// Id and JSON text of every built-in case.
const CASES: [(&str, &str); 22] = [
    ("zuo-4node", include_str!("builtin/zuo-4node.json")),
    ("zuo-30bus", include_str!("builtin/zuo-30bus.json")),
    ("triangle", include_str!("builtin/triangle.json")),
    ("ieee14", include_str!("builtin/ieee14.json")),
    ("ieee30", include_str!("builtin/ieee30.json")),
    ("baran-wu-33", include_str!("builtin/baran-wu-33.json")),
    ("baran-wu-69", include_str!("builtin/baran-wu-69.json")),
    ("mezghani-s1", include_str!("builtin/mezghani-s1.json")),
    ("mezghani-s2", include_str!("builtin/mezghani-s2.json")),
    ("mezghani-s3a", include_str!("builtin/mezghani-s3a.json")),
    ("mezghani-s3b", include_str!("builtin/mezghani-s3b.json")),
    ("mezghani-s4", include_str!("builtin/mezghani-s4.json")),
    (
        "mezghani-s4-closed",
        include_str!("builtin/mezghani-s4-closed.json"),
    ),
    ("mezghani-s5", include_str!("builtin/mezghani-s5.json")),
    (
        "mezghani-3node",
        include_str!("builtin/mezghani-3node.json"),
    ),
    ("rsf-periods", include_str!("builtin/rsf-periods.json")),
    (
        "mezghani-block",
        include_str!("builtin/mezghani-block.json"),
    ),
    ("lind-5bus", include_str!("builtin/lind-5bus.json")),
    ("chao-peck", include_str!("builtin/chao-peck.json")),
    (
        "chao-peck-export",
        include_str!("builtin/chao-peck-export.json"),
    ),
    ("wang-14bus", include_str!("builtin/wang-14bus.json")),
    ("khojasteh-k33", include_str!("builtin/khojasteh-k33.json")),
];

/// A feeder with three communities; their five days are drawn.
const WEEK: &str = "theisen-feeder";
const FEEDER: &str = include_str!("builtin/theisen-feeder.json");

/// The same communities on two feeders, and the bus of each.
const TWO_FEEDERS: &str = "theisen-two-feeders";
const TWO: &str = include_str!("builtin/theisen-two-feeders.json");
const TWO_BUSES: [&str; 3] = ["F2", "G3", "G4"];

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
    if [WEEK, TWO_FEEDERS].contains(&id) {
        let text = if id == WEEK { FEEDER } else { TWO };
        let mut case = Case::from_value(json::parse(text).ok()?).ok()?;
        let mut all = synthetic::week::communities(synthetic::week::SEED);
        if id == TWO_FEEDERS {
            for (member, bus) in all.members.iter_mut().zip(TWO_BUSES) {
                member.bus = bus.into();
            }
        }
        case.communities = Some(all);
        return Some(case);
    }
    let (_, json) = CASES.iter().find(|(known, _)| *known == id)?;
    Case::from_value(json::parse(json).ok()?).ok()
}
