//! The menu: what the front page and `tandem list` show of each preset.

use serde::{Deserialize, Serialize};

use super::{Preset, ancestry, first, ids};
use crate::case::Problem;
use crate::market::KINDS;

/// What the menu shows of a preset.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "Preset"))]
pub struct Entry {
    pub id: String,
    /// Heading under which it is listed: the mechanism.
    pub group: String,
    pub title: String,
    pub question: String,
    pub text: String,
    /// The chart on its card.
    pub thumbnail: String,
    /// The system it is about, in words.
    pub system: String,
    /// Its mechanism, in words.
    pub mechanism: String,
    pub level: Level,
    /// Minutes to work through it.
    pub minutes: u32,
    /// Where it comes from: the paper in short.
    pub paper: String,
}

/// Whom a preset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Whoever knows what a price at a bus is.
    Start,
    /// A course on electricity markets.
    Course,
    /// What goes beyond a course.
    Research,
}

/// Kinds of the mechanisms with their names in the menu.
pub const MECHANISMS: [(&str, &str); 6] = [
    ("rt_sced", "Real-time dispatch"),
    ("residual_supply", "Residual supply functions"),
    ("bargaining", "Sharing the gain of a day"),
    ("bsp_bidding", "Bids of balancing providers"),
    ("community", "Community market"),
    ("power_flow", "AC power flow"),
];

/// Ids of built-in cases with the names of their systems in the menu.
pub const SYSTEMS: [(&str, &str); 27] = [
    ("triangle", "3 buses"),
    ("all-schemes", "4 nodes"),
    ("mezghani-s1", "3 nodes"),
    ("mezghani-s2", "3 nodes"),
    ("mezghani-s3a", "3 nodes"),
    ("mezghani-s3b", "3 nodes"),
    ("mezghani-s4", "3 nodes"),
    ("mezghani-s4-closed", "3 nodes"),
    ("mezghani-s5", "3 nodes"),
    ("mezghani-3node", "3 nodes"),
    ("mezghani-block", "3 nodes"),
    ("rsf-periods", "3 nodes"),
    ("zuo-4node", "4 nodes"),
    ("lind-5bus", "5 buses and a feeder"),
    ("chao-peck", "6 nodes"),
    ("chao-peck-export", "6 nodes"),
    ("wang-14bus", "14 buses and 4 feeders"),
    ("zuo-30bus", "30 buses"),
    ("baran-wu-33", "33-bus feeder"),
    ("khojasteh-k33", "33-bus feeder"),
    ("baran-wu-69", "69-bus feeder"),
    ("theisen-feeder", "3 communities"),
    ("theisen-two-feeders", "3 communities"),
    ("smartnet-mediumit", "Region of Italy"),
    ("smartnet-italy1", "Italy"),
    ("smartnet-italy2", "Italy"),
    ("smartnet-denmark", "Denmark"),
];

/// What a table of names says of a key; nothing where it is not in it.
fn named(table: &[(&str, &str)], key: &str) -> String {
    let found = table.iter().find(|(known, _)| *known == key);
    found.map_or(String::new(), |(_, name)| (*name).into())
}

/// The menu: presets of the mechanisms of this build.
///
/// # Errors
/// A preset file that does not read; the tests open every one.
pub fn entries() -> Result<Vec<Entry>, Vec<Problem>> {
    let mut list = Vec::new();
    for id in ids() {
        let chain = ancestry(id)?;
        let kind = first(&chain, |p| p.mechanism.as_ref()?.get("kind")?.as_str());
        if let Some(kind) = kind.filter(|kind| KINDS.contains(kind)) {
            list.push(entry(id, kind, &chain));
        }
    }
    Ok(list)
}

fn entry(id: &str, kind: &str, chain: &[Preset]) -> Entry {
    let case = first(chain, |p| p.case.as_deref()).unwrap_or_default();
    Entry {
        id: id.to_string(),
        group: first(chain, |p| p.group.clone()).unwrap_or_default(),
        title: chain[0].title.clone(),
        question: chain[0].question.clone(),
        text: chain[0].text.clone(),
        thumbnail: first(chain, |p| p.thumbnail.clone()).unwrap_or_else(|| "dispatch".into()),
        system: named(&SYSTEMS, case),
        mechanism: named(&MECHANISMS, kind),
        level: first(chain, |p| p.level).unwrap_or(Level::Course),
        minutes: first(chain, |p| p.minutes).unwrap_or_default(),
        paper: first(chain, |p| p.paper.clone()).unwrap_or_default(),
    }
}
