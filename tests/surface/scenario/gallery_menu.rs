//! The menu: what the front page and `tandem list` show of each preset.

use std::collections::HashSet;
use tandem::market::KINDS;

use tandem::case::builtin;
use tandem::scenario::gallery::*;
use tandem::scenario::inside::*;

#[test]
fn the_menu_says_of_every_preset_what_one_looks_for() {
    let entries = entries().unwrap();
    let mut titles = HashSet::new();
    for entry in &entries {
        let said = [
            &entry.title,
            &entry.question,
            &entry.text,
            &entry.system,
            &entry.mechanism,
            &entry.paper,
        ];
        assert!(said.iter().all(|text| !text.is_empty()), "{entry:?}");
        assert!((1..=10).contains(&entry.minutes), "{entry:?}");
        assert!(titles.insert(&entry.title), "{} twice", entry.title);
    }
    let ids: HashSet<&str> = ids().collect();
    assert_eq!(entries.len(), ids.len());
    // Stated by the preset itself, not taken over: a variant is not for the same people, nor as long.
    for id in ids {
        let preset = super::gallery::file(id);
        assert!(
            preset["minutes"].is_u64() && preset["level"].is_string(),
            "{id}"
        );
    }
}

#[test]
fn names_are_of_what_there_is() {
    for (kind, _) in MECHANISMS {
        assert!(KINDS.contains(&kind), "{kind}");
    }
    let drawn = ["theisen-feeder", "theisen-two-feeders"];
    let known: Vec<&str> = builtin::ids()
        .chain(builtin::generated())
        .chain(drawn)
        .collect();
    for (case, _) in SYSTEMS {
        assert!(known.contains(&case), "{case}");
    }
}
