//! Links: round trips, links that must open for ever, and links that must not.

use fastrand::Rng;
use tandem::scenario::{Scenario, gallery, link, path};

fn changed(preset: &str, changes: &[(&str, &str)]) -> Scenario {
    let mut value = gallery::scenario(preset).unwrap().to_value();
    for (field, text) in changes {
        path::set(&mut value, field, text).unwrap();
    }
    Scenario::from_value(value).unwrap()
}

#[test]
fn a_preset_is_a_short_link_and_a_changed_one_says_what_changed() {
    for id in gallery::ids() {
        let link = link::encode(&gallery::scenario(id).unwrap());
        assert_eq!(link.fragment, format!("p={id}"));
        assert!(link.short);
    }
    let changes = [
        ("case.branches.2-3.max_p_mw", "10.5"),
        ("mechanism.df.rule", "given"),
        ("mechanism.df.given.D2", "0.4"),
        ("mechanism.load_profile", "[1,1.1]"),
        ("case.branches.1-2.in_service", "true"),
        ("case.branches.2-3.max_p_mw", "null"),
        ("title", "A title with & = # and ÿ"),
    ];
    for k in 1..=changes.len() {
        let scenario = changed("zuo-4node", &changes[..k]);
        let link = link::encode(&scenario);
        assert!(link.short, "{}", link.fragment);
        assert_eq!(
            link::decode(&link.fragment).unwrap(),
            scenario,
            "{}",
            link.fragment
        );
        assert_eq!(
            link::decode(&format!("#{}", link.fragment)).unwrap(),
            scenario
        );
    }
}

#[test]
fn a_scenario_of_one_s_own_travels_whole() {
    let mut scenario = changed("zuo-30bus", &[]);
    scenario.case.branches.swap(3, 4);
    scenario.title = "Mine".into();
    let link = link::encode(&scenario);
    assert!(!link.short);
    assert!(
        link.fragment.len() < 4000,
        "{} characters",
        link.fragment.len()
    );
    assert_eq!(link::decode(&link.fragment).unwrap(), scenario);
}

/// Links as they were given out; each must open as it did for ever.
#[test]
fn links_of_version_0_1_0_open() {
    for line in std::fs::read_to_string("tests/golden/links/0.1.0.txt")
        .unwrap()
        .lines()
    {
        let (fragment, expected) = line.split_once('\t').unwrap();
        let scenario = link::decode(fragment).unwrap_or_else(|p| panic!("{fragment}: {p:?}"));
        let limit = scenario
            .case
            .branches
            .iter()
            .find_map(|b| b.max_p_mw.filter(|m| *m < 12.0));
        let summary = format!("{} | {} | {:?}", scenario.title, scenario.preset, limit);
        assert_eq!(summary, expected, "{fragment}");
    }
}

#[test]
fn a_broken_link_says_what_is_wrong_and_what_to_do() {
    let mut own = changed("zuo-4node", &[]);
    own.case.branches.swap(0, 1);
    let whole = link::encode(&own).fragment;
    let message = |fragment: &str| link::decode(fragment).unwrap_err()[0].message.clone();
    assert!(message("z=AAAA").contains("not one of Tandem's"));
    assert!(message("z=AgAA").contains("newer Tandem"));
    assert!(message("p=zuo-4node&v=2").contains("newer Tandem"));
    assert!(message("p=nowhere").contains("zuo-4node"));
    assert!(message("").contains("names no scenario"));
    assert!(message("z=%00%01").contains("start from a preset"));
    assert!(message(&format!("z={}", "A".repeat(1 << 20))).contains("file"));
    assert!(message("p=zuo-4node&case.branches.9-9.max_p_mw=1").contains("9-9"));
    assert!(
        message("p=zuo-4node&mechanism.intervals=NaN").contains("intervals")
            || !message("p=zuo-4node&mechanism.intervals=NaN").is_empty()
    );
    // Cut anywhere, it is refused and never panics.
    for end in 2..whole.len() {
        assert!(link::decode(&whole[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_small_link_cannot_unpack_into_a_large_text() {
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; 64 << 20], 9);
    let mut bytes = vec![link::LINK_VERSION];
    bytes.extend(bomb);
    use base64::Engine;
    let fragment = format!(
        "z={}",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    );
    assert!(fragment.len() < link::MAX_LINK);
    assert!(
        link::decode(&fragment).unwrap_err()[0]
            .message
            .contains("does not unpack")
    );
}

#[test]
fn mangled_links_never_panic() {
    let mut own = changed("zuo-30bus", &[]);
    own.case.branches.swap(0, 1);
    let whole = link::encode(&own).fragment.into_bytes();
    let mut rng = Rng::with_seed(7);
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(2..bytes.len());
            bytes[at] = rng.u8(b'0'..b'z');
        }
        let _ = link::decode(&String::from_utf8_lossy(&bytes));
    }
}
