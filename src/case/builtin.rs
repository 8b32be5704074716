//! The cases that come with the program. Each states its source and licence in `source`.

#[cfg(feature = "residual_supply")]
use super::synthetic::{Country, smartnet};
use super::{Case, json};

/// Lists the cases by the features whose presets have them, each with its file.
macro_rules! cases {
    ($($built:meta => $($id:literal)*;)*) => {
        /// Id and JSON text of every built-in case.
        const CASES: &[(&str, &str)] = &[$($(
            #[cfg($built)]
            ($id, include_str!(concat!("builtin/", $id, ".json"))),
        )*)*];
    };
}

cases! {
    feature = "rt_sced" => "zuo-4node" "zuo-30bus" "triangle";
    feature = "files" => "ieee14" "ieee30";
    any(feature = "power_flow", feature = "residual_supply") => "baran-wu-33";
    feature = "power_flow" => "baran-wu-69";
    feature = "residual_supply" => "all-schemes" "mezghani-s1" "mezghani-s2" "mezghani-s3a" "mezghani-s3b" "mezghani-s4" "mezghani-s4-closed"
        "mezghani-s5" "mezghani-3node" "rsf-periods" "mezghani-block" "lind-5bus" "chao-peck" "chao-peck-export";
    feature = "bargaining" => "wang-14bus";
    feature = "bsp_bidding" => "khojasteh-k33";
}

/// The cases with communities, whose days are drawn, and the bus of each where that is not the file's.
#[cfg(feature = "community")]
const COMMUNITIES: [(&str, &str, &[&str]); 2] = [
    (
        "theisen-feeder",
        include_str!("builtin/theisen-feeder.json"),
        &[],
    ),
    (
        "theisen-two-feeders",
        include_str!("builtin/theisen-two-feeders.json"),
        &["F2", "G3", "G4"],
    ),
];

/// Seed of the synthetic cases.
#[cfg(feature = "residual_supply")]
const SEED: u64 = 1;

/// The ids of the cases that are data; [`generated`] are those that are drawn.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|(id, _)| *id)
}

/// The ids of the synthetic cases of published size, drawn anew each time [`builtin`] is asked.
#[cfg(feature = "residual_supply")]
pub fn generated() -> impl Iterator<Item = &'static str> {
    Country::ALL.into_iter().map(Country::id)
}

/// A built-in case by its id; `None` when there is none of that id.
pub fn builtin(id: &str) -> Option<Case> {
    #[cfg(feature = "residual_supply")]
    if let Some(country) = Country::ALL.into_iter().find(|country| country.id() == id) {
        return Some(smartnet(country, SEED, 1.0));
    }
    #[cfg(feature = "community")]
    if let Some((_, text, buses)) = COMMUNITIES.iter().find(|(known, _, _)| *known == id) {
        use super::synthetic::week;
        let mut case = read(text)?;
        let mut all = week::communities(week::SEED);
        for (member, bus) in all.members.iter_mut().zip(*buses) {
            member.bus = (*bus).into();
        }
        case.communities = Some(all);
        return Some(case);
    }
    let (_, text) = CASES.iter().find(|(known, _)| *known == id)?;
    read(text)
}

fn read(text: &str) -> Option<Case> {
    Case::from_value(json::parse(text).ok()?).ok()
}
