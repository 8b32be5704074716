//! A scenario as the fragment of a link.
//!
//! Short form, for a preset with changed fields: `p=zuo-4node&v=1&case.branches.2-3.max_p_mw=10.5`.
//! Full form: `z=` and base64url of one version byte and the raw deflate of the scenario's JSON.
//! A link, once given out, opens for ever: a new version adds a reader, it never replaces one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{MAX_TEXT, SCENARIO_VERSION, Scenario, gallery, path};
use crate::case::Problem;

/// The version byte of the full form written by this program.
pub const LINK_VERSION: u8 = 1;

/// Longest fragment accepted, bytes.
pub const MAX_LINK: usize = 1 << 20;

/// A scenario in a link, and which form it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The fragment without `#`.
    pub fragment: String,
    pub short: bool,
}

/// The shortest link to a scenario.
pub fn encode(scenario: &Scenario) -> Link {
    if let Some(fragment) = short_form(scenario) {
        return Link {
            fragment,
            short: true,
        };
    }
    let json = scenario.to_json();
    let mut bytes = vec![LINK_VERSION];
    bytes.extend(miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9));
    Link {
        fragment: format!("z={}", URL_SAFE_NO_PAD.encode(bytes)),
        short: false,
    }
}

/// More changed fields than this are shorter compressed.
const MAX_CHANGES: usize = 24;

fn but_case(scenario: &Scenario) -> Value {
    let Scenario {
        title, mechanism, ..
    } = scenario;
    serde_json::json!({ "title": title, "mechanism": mechanism })
}

fn short_form(scenario: &Scenario) -> Option<String> {
    let preset = gallery::scenario(&scenario.preset).ok()?;
    // Writing out a case that did not change would take longer than all the rest.
    let changes = if preset.case == scenario.case {
        path::difference(&but_case(&preset), &but_case(scenario))?
    } else {
        path::difference(&preset.to_value(), &scenario.to_value())?
    };
    if changes.len() > MAX_CHANGES {
        return None;
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("p", &scenario.preset);
    if !changes.is_empty() {
        query.append_pair("v", &SCENARIO_VERSION.to_string());
    }
    for (path, value) in changes {
        let text = match value {
            // Written bare unless that would read back as something else.
            Value::String(text) if serde_json::from_str::<Value>(&text).is_err() => text,
            other => other.to_string(),
        };
        query.append_pair(&path, &text);
    }
    Some(query.finish())
}

/// The scenario of a fragment, with or without the leading `#`. Fields that belong to the page
/// (`view`, `t`) are not part of a scenario and are ignored here.
///
/// # Errors
/// What is wrong with the link and what to do; a link from a newer version says so.
pub fn decode(fragment: &str) -> Result<Scenario, Vec<Problem>> {
    let fragment = fragment.trim().trim_start_matches('#');
    let wrong = |message: String| vec![Problem::error("link", message)];
    if fragment.len() > MAX_LINK {
        return Err(wrong(format!(
            "The link is {} kB long; a link may have up to {} kB. Open the scenario from a file instead.",
            fragment.len() >> 10,
            MAX_LINK >> 10
        )));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(fragment.as_bytes())
        .into_owned()
        .collect();
    let find = |key: &str| {
        pairs
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    };
    match (find("z"), find("p")) {
        (Some(packed), _) => Scenario::from_json(&unpack(packed).map_err(wrong)?),
        (None, Some(preset)) => {
            if let Some(version) = find("v")
                && version.parse::<u32>().map_or(true, |v| v == 0 || v > SCENARIO_VERSION)
            {
                return Err(wrong(format!("The link was made by a newer Tandem (version {version}; this one reads up to {SCENARIO_VERSION}). Open it with a newer page, or start from a preset.")));
            }
            let preset = gallery::scenario(preset)?;
            let changes: Vec<_> = pairs.iter().filter(|(k, _)| k.starts_with("case.") || k.starts_with("mechanism.") || k == "title").collect();
            if changes.is_empty() {
                return Ok(Scenario::clone(&preset));
            }
            let mut value = preset.to_value();
            for (field, text) in changes {
                path::set(&mut value, field, text).map_err(|p| vec![p])?;
            }
            Scenario::from_value(value)
        }
        (None, None) => Err(wrong("The link names no scenario (`p=` or `z=`); it may have been cut. Ask for it again, or start from a preset.".into())),
    }
}

fn unpack(packed: &str) -> Result<String, String> {
    let cut = "It was probably cut when it was copied. Ask for it again, or start from a preset.";
    let bytes = URL_SAFE_NO_PAD
        .decode(packed.trim_end_matches('='))
        .map_err(|_| format!("The link holds characters that do not belong to it. {cut}"))?;
    let (version, data) = bytes
        .split_first()
        .ok_or_else(|| format!("The link is empty. {cut}"))?;
    if *version == 0 {
        return Err(format!("The link is not one of Tandem's. {cut}"));
    }
    if *version != LINK_VERSION {
        return Err(format!(
            "The link was made by a newer Tandem (version {version}; this one reads {LINK_VERSION}). Open it with a newer page, or start from a preset."
        ));
    }
    // Bounded, so that a short link cannot unpack into more than a scenario may hold.
    let json = miniz_oxide::inflate::decompress_to_vec_with_limit(data, MAX_TEXT)
        .map_err(|_| format!("The link does not unpack. {cut}"))?;
    String::from_utf8(json).map_err(|_| format!("The link does not hold text. {cut}"))
}
