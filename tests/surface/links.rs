//! Links: round trips, links that must open for ever, and links that must not.

use crate::changes;
use fastrand::Rng;
use tandem::case::Code;
use tandem::scenario::{Document, gallery, link};

fn changed(preset: &str, changes: &[(&str, &str)]) -> Document {
    changes::changed(preset, changes.iter().copied()).unwrap()
}

/// A preset with two branches in the other order, which no short link says.
fn swapped(preset: &str, a: usize, b: usize) -> Document {
    let mut scenario = gallery::scenario(preset).unwrap();
    scenario.case.branches.swap(a, b);
    scenario.into()
}

#[test]
fn a_preset_is_a_short_link_and_a_changed_one_says_what_changed() {
    for id in gallery::ids() {
        let link = link::encode(&gallery::document(id).unwrap());
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
    let mut scenario = changed("zuo-30bus", &[]).into_scenario();
    scenario.case.branches.swap(3, 4);
    scenario.title = "Mine".into();
    let scenario = Document::from(scenario);
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
    let own = swapped("zuo-4node", 0, 1);
    let whole = link::encode(&own).fragment;
    let message = |fragment: &str| link::decode(fragment).unwrap_err()[0].message.clone();
    assert!(message("z=AAAA").contains("not one of Tandem's"));
    assert!(message("z=AwAA").contains("newer Tandem"));
    assert!(message("z=AgAA").contains("checksum"));
    assert!(message("p=zuo-4node&v=2").contains("newer Tandem"));
    assert!(message("p=nowhere").contains("no preset is called `nowhere`"));
    assert!(message("p=zuo-4nod").contains("zuo-4node"));
    let problem = |fragment: &str| link::decode(fragment).unwrap_err().remove(0);
    for newer in ["z=AwAA", "p=zuo-4node&v=2"] {
        assert_eq!(problem(newer).code, Some(Code::Newer));
    }
    let near = problem("p=smartnet-italy");
    assert_eq!(near.code, Some(Code::UnknownPreset));
    assert_eq!(near.meant, ["smartnet-italy1", "smartnet-italy2"]);
    assert_eq!(problem("z=AAAA").code, None);
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
    // The form of 0.1.0, which has no checksum.
    let mut bytes = vec![1];
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

/// CRC-32 finds every change of up to four bytes in a row, and all but one in 4e9 of others.
#[test]
fn a_damaged_link_never_opens_as_another_scenario() {
    let own = swapped("zuo-30bus", 0, 1);
    let whole = link::encode(&own).fragment.into_bytes();
    let mut rng = Rng::with_seed(7);
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(2..bytes.len());
            bytes[at] = rng.u8(b'0'..b'z');
        }
        if let Ok(opened) = link::decode(&String::from_utf8_lossy(&bytes)) {
            assert_eq!(opened, own);
        }
    }
}

/// What wikis, mail, chats and editors make of a link (mosaico#175, parsedown#672, SharpLab#1272,
/// opengrid#115): read as it was meant.
#[test]
fn a_link_handed_on_opens_as_the_scenario_sent() {
    let short = changed(
        "zuo-4node",
        &[
            ("case.branches.2-3.max_p_mw", "10.5"),
            ("title", "A & B; (1)"),
        ],
    );
    let whole = swapped("zuo-4node", 0, 1);
    for scenario in [short, whole] {
        let link = link::encode(&scenario).fragment;
        let (head, tail) = link.split_at(link.len() / 2);
        let amp = |mark: &str| link.replace('&', mark);
        let once: String = form_urlencoded::byte_serialize(link.as_bytes()).collect();
        let forms = [
            format!("#{link}"),
            format!("https://example.org/tandem/?embed=1#{link}"),
            format!("https://example.org/tandem/%23{link}"),
            format!("https://example.org/tandem/?{link}"),
            format!("#?{link}"),
            format!("#/{link}"),
            format!("<https://example.org/#{link}>."),
            format!("\"https://example.org/#{link}\","),
            format!("{link}) "),
            format!("(https://example.org/#{link})."),
            format!("{link},"),
            format!("{link}\""),
            format!("{head}\n{tail}"),
            format!("{head}\r\n> {tail}"),
            format!("{link}&view=network&t=3"),
            format!("view=network&{link}"),
            format!("{link}&play=1&lang=de&question=Why%3F&state=x"),
            amp("&amp;"),
            amp("&amp;amp;"),
            amp("&amp%3B"),
            amp("&#38;"),
            once,
        ];
        for form in forms {
            assert_eq!(link::decode(&form).as_ref(), Ok(&scenario), "{form}");
        }
    }
}

#[test]
fn blanks_and_padding_inside_a_whole_scenario_are_taken_out() {
    let own = swapped("zuo-4node", 0, 1);
    let link = link::encode(&own).fragment;
    let (head, tail) = link.split_at(100);
    for form in [
        format!("{head} {tail}"),
        format!("{head}%20{tail}"),
        format!("{head}%0D%0A{tail}"),
        format!("{link}="),
        format!("{link}%3D"),
        format!("z={}", link[2..].replace('-', "+").replace('_', "/")),
        format!("{link}."),
    ] {
        assert_eq!(link::decode(&form).as_ref(), Ok(&own), "{form}");
    }
}

#[test]
fn what_a_link_does_not_know_is_named() {
    let refused = |fragment: &str, named: &str| {
        let problems = link::decode(fragment).expect_err(fragment);
        assert!(
            problems[0].to_string().contains(named),
            "{fragment}: {problems:?}"
        );
    };
    refused("p=zuo-4node&x=1", "`x`");
    refused("p=zuo-4node&titl=x", "Did you mean `title`");
    refused("p=zuo-4node;v=1", "zuo-4node;v=1");
    refused("p=zuo-4node%26v=1", "zuo-4node&v=1");
    refused("p=zuo-4node&p=triangle", "`p` twice");
    refused("p=zuo-4node&title=a&title=b", "`title` twice");
    refused("p=zuo-4node&z=AQ", "Remove one");
    refused("p=triangle#p=zuo-4node", "before and after");
    refused("#p=triangle#p=zuo-4node", "two links");
    refused("p=zuo-4node&case.branches", "without a value");
    refused("p=zuo-4node&title=%ff", "no text");
    refused(
        "p=zuo-4node&case.branches.2-3.max_pmw=1",
        "Did you mean max_p_mw",
    );
    refused(
        "p=zuo-4node&case.branchs.2-3.max_p_mw=1",
        "did you mean `branches`",
    );
    refused("p=zuo-4node&case.branches.2-3.max_p_mw=10,5", "max_p_mw");
    refused(&"a=b&".repeat(50_000), "keys");
    // Found to run for ever once: the marks of a sentence without end.
    refused(&format!("p=zuo-4node{}", ")".repeat(500_000)), "))");
}

#[test]
fn zeros_and_hidden_characters_are_the_same_on_every_way() {
    let text = gallery::document("zuo-4node").unwrap().to_json();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Document::from_json(&text.replacen(from, to, 1))
    };
    let zero = with("\"min_p_mw\":0.0", "\"min_p_mw\":-0.0").unwrap();
    assert_eq!(zero.to_json(), text);
    let title = with("\"title\":\"Why", "\"title\":\"\u{202e}\\u001bWhy").unwrap();
    assert!(
        title.title.starts_with("\\u202e\\u001bWhy"),
        "{}",
        title.title
    );
    assert_eq!(link::decode(&link::encode(&title).fragment).unwrap(), title);
    let problems = with("\"id\":\"G1\"", "\"id\":\"G\u{2066}1\"").unwrap_err();
    assert!(
        problems[0].field.starts_with("case.") && problems[0].field.ends_with(".id"),
        "{problems:?}"
    );
    assert!(!problems[0].to_string().contains('\u{2066}'));
}

/// Show, link and show again are fixed points for every preset, changed or not.
#[test]
fn a_field_that_is_gone_is_not_lost_in_the_link() {
    let mut value = gallery::document("zuo-30bus-proposed").unwrap().to_value();
    for id in gallery::ids().filter(|id| id.starts_with("zuo-30bus")) {
        value["mechanism"] = gallery::document(id).unwrap().to_value()["mechanism"].clone();
        let Ok(scenario) = Document::from_value(value.clone()) else {
            continue;
        };
        let link = link::encode(&scenario);
        assert_eq!(link::decode(&link.fragment).unwrap(), scenario, "{id}");
    }
}
