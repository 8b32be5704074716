//! Ids: they stand in field paths, links and series names, so some characters are kept out.

use super::super::text::is_hidden;
use super::super::{Balancing, Case, Communities, Day};
use super::{Findings, Paths, bounds, name_list};
use std::collections::HashMap;

/// What is wrong with an id by itself, with the remedy.
pub(in crate::case) fn fault(id: &str) -> Option<String> {
    const RESERVED: [char; 4] = ['.', '=', '&', '#'];
    if id.is_empty() {
        return Some("The id is empty. Give it a short name, such as G1.".to_string());
    }
    if id.trim() != id {
        return Some(format!(
            "The id \"{}\" begins or ends with a blank. Remove the blank.",
            id.escape_debug()
        ));
    }
    if let Some(bad) = id.chars().find(|c| is_hidden(*c) || RESERVED.contains(c)) {
        return Some(format!(
            "The id \"{}\" holds \"{}\". Ids hold no . = & # and no control or direction characters; use - or _ instead.",
            id.escape_debug(),
            bad.escape_debug()
        ));
    }
    let length = id.chars().count();
    (length > bounds::ID_CHARS).then(|| {
        format!(
            "The id \"{}…\" has {length} characters. Shorten it to {} or fewer.",
            id.chars().take(16).collect::<String>(),
            bounds::ID_CHARS
        )
    })
}

/// A list of the case with the ids in it.
type List<'a> = (String, Vec<&'a str>);

macro_rules! list {
    ($path:expr, $items:expr) => {
        (
            $path.to_string(),
            $items.iter().map(|x| x.id.as_str()).collect(),
        )
    };
}

pub(super) fn check(case: &Case, findings: &mut Findings) {
    let feeder_paths = Paths::new("case.feeders", case.feeders.iter().map(|f| f.id.as_str()));
    let none = Balancing::default();
    let balancing = case.balancing.as_ref().unwrap_or(&none);
    let no_day = Day::default();
    let day = case.day.as_ref().unwrap_or(&no_day);
    let resources = case.local_market.as_ref().map_or(&[][..], |m| &m.resources);
    let local_storage = case.local_market.as_ref().map_or(&[][..], |m| &m.storage);
    let no_communities = Communities::default();
    let communities = case.communities.as_ref().unwrap_or(&no_communities);
    let mut buses: Vec<List> = vec![list!("case.buses", case.buses)];
    let mut spaces: Vec<Vec<List>> = vec![
        // One name space: a report calls both by `flow:<id>`.
        vec![
            list!("case.branches", case.branches),
            list!("case.dc_lines", case.dc_lines),
        ],
        // One name space: a report calls both by `p:<id>`.
        vec![
            list!("case.generators", case.generators),
            list!("case.ders", case.ders),
            list!("case.balancing.bids", balancing.bids),
            list!("case.day.renewables", day.renewables),
            list!("case.day.adjustable", day.adjustable),
            list!("case.day.deferrable", day.deferrable),
            list!("case.day.storage", day.storage),
            list!("case.local_market.resources", resources),
            list!("case.local_market.storage", local_storage),
        ],
        vec![list!("case.loads", case.loads)],
        vec![list!("case.aggregators", case.aggregators)],
        vec![list!("case.feeders", case.feeders)],
        vec![list!("case.boundaries", case.boundaries)],
        vec![
            list!("case.balancing.schedule", balancing.schedule),
            list!("case.balancing.imbalances", balancing.imbalances),
        ],
        vec![list!("case.balancing.exclusive", balancing.exclusive)],
        vec![list!("case.balancing.zones", balancing.zones)],
        vec![list!("case.day.profiles", day.profiles)],
        vec![list!("case.communities.members", communities.members)],
    ];
    let zone_paths = Paths::new(
        "case.balancing.zones",
        balancing.zones.iter().map(|z| z.id.as_str()),
    );
    for (i, zone) in balancing.zones.iter().enumerate() {
        spaces.push(vec![list!(zone_paths.field(i, "limits"), zone.limits)]);
    }
    for (i, feeder) in case.feeders.iter().enumerate() {
        buses.push(list!(feeder_paths.field(i, "buses"), feeder.buses));
        spaces.push(vec![list!(feeder_paths.field(i, "lines"), feeder.lines)]);
    }
    spaces.push(buses);
    for space in &spaces {
        check_space(space, findings);
    }
}

/// Lists whose ids must differ from one another.
fn check_space(space: &[List], findings: &mut Findings) {
    let mut first_use: HashMap<&str, (usize, &str)> = HashMap::new();
    let place = |(i, path): (usize, &str)| format!("item {} of {path}", i + 1);
    for (path, ids) in space {
        let paths = Paths::new(path.clone(), ids.iter().copied());
        for (i, id) in ids.iter().enumerate() {
            if let Some(message) = fault(id) {
                findings.error(paths.field(i, "id"), message);
                continue;
            }
            if let Some(earlier) = first_use.get(id) {
                let (earlier, own) = (place(*earlier), place((i, path)));
                findings.error(
                    paths.field(i, "id"),
                    format!(
                        "The id \"{id}\" is used twice, by {earlier} and by {own}. Give one of them another id."
                    ),
                );
            } else {
                first_use.insert(id, (i, path));
            }
        }
    }
}

/// Says that a reference names nothing, and lists what it could have named.
pub(super) fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let choice = if known.is_empty() {
        format!("There is none in the case: add a {what} or remove the reference.")
    } else {
        format!("Choose from {}.", name_list("", "", &known).trim_start())
    };
    format!("There is no {what} \"{}\". {choice}", id.escape_debug())
}
