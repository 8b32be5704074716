//! A scenario as the fragment of a link.
//!
//! Short form, for a preset with changed fields: `p=zuo-4node&v=1&case.branches.2-3.max_p_mw=10.5`.
//! Full form: `z=` and base64url of one version byte, from version 2 on the CRC-32 (four bytes, the
//! greatest first) of what follows, and the raw deflate of the scenario's JSON.
//! A link, once given out, opens for ever: a new version adds a reader, it never replaces one.
//!
//! ```
//! use tandem::scenario::link;
//!
//! let document = link::decode("p=zuo-4node&v=1&case.branches.2-3.max_p_mw=10.5")?;
//! assert_eq!(document.scenario.case.branches[1].max_p_mw, Some(10.5));
//! assert_eq!(link::decode(&link::encode(&document).fragment)?, document);
//! # Ok::<(), Vec<tandem::case::Problem>>(())
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

mod text;

pub use text::PAGE_KEYS;

use text::Fields;

use super::change;
use super::document::Document;
use super::{MAX_TEXT, SCENARIO_VERSION, Scenario, gallery, path};
use crate::case::{Code, Problem};
use crate::market::Mechanism;

/// The version byte of the full form written by this program.
pub const LINK_VERSION: u8 = 2;

/// The full form of 0.1.0, without a checksum.
const PLAIN_VERSION: u8 = 1;

/// Longest fragment accepted, bytes.
pub const MAX_LINK: usize = 1 << 20;

/// A scenario in a link, and which form it took.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Link {
    /// The fragment without `#`.
    pub fragment: String,
    pub short: bool,
}

/// The shortest link to a document, whose preset as it is is `original`.
pub fn encode_from(document: &Document, original: Option<&Document>) -> Link {
    if let Some(fragment) = original.and_then(|preset| short_form(document, preset)) {
        return Link {
            fragment,
            short: true,
        };
    }
    let json = document.to_json();
    let packed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 9);
    let mut bytes = vec![LINK_VERSION];
    bytes.extend(checksum(&packed).to_be_bytes());
    bytes.extend(packed);
    Link {
        fragment: format!("z={}", URL_SAFE_NO_PAD.encode(bytes)),
        short: false,
    }
}

/// The shortest link to a document.
pub fn encode(document: &Document) -> Link {
    let original = gallery::document(&document.scenario.preset).ok();
    encode_from(document, original.as_ref())
}

/// More changed fields than this are shorter compressed.
const MAX_CHANGES: usize = 24;

fn but_case(document: &Document) -> Value {
    let Scenario {
        title, mechanism, ..
    } = &*document.scenario;
    serde_json::json!({ "title": title, "mechanism": mechanism, "view": document.view })
}

fn short_form(document: &Document, preset: &Document) -> Option<String> {
    // A lesson of its own goes with the whole.
    if document.lesson.is_some() {
        return None;
    }
    // Writing out a case that did not change would take longer than all the rest.
    let (mut from, to) = if preset.scenario.case == document.scenario.case {
        (but_case(preset), but_case(document))
    } else {
        (preset.to_value(), document.to_value())
    };
    let open = Mechanism::open_maps(document.scenario.mechanism.kind());
    let changes = path::difference(&from, &to, open)?;
    if changes.len() > MAX_CHANGES {
        return None;
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("p", &document.scenario.preset);
    if !changes.is_empty() {
        query.append_pair("v", &SCENARIO_VERSION.to_string());
    }
    for (path, value) in changes {
        let text = match value {
            // Written bare unless that would read back as something else.
            Value::String(text) if serde_json::from_str::<Value>(&text).is_err() => text,
            other => other.to_string(),
        };
        path::set(&mut from, &path, &text, open).ok()?;
        query.append_pair(&path, &text);
    }
    // Paths cannot say everything (a field that is gone, a text that reads as nothing): what would
    // open as another scenario goes as a whole.
    if !path::same(&from, &to) {
        return None;
    }
    Some(query.finish())
}

/// The scenario of a link or of its fragment, with or without the leading `#`. Keys of the page
/// ([`PAGE_KEYS`]) are not part of a scenario.
///
/// # Errors
/// What is wrong with the link and what to do; a key that is neither a scenario's nor the page's; a
/// link from a newer version says so.
pub fn decode(text: &str) -> Result<Document, Vec<Problem>> {
    let wrong = |message: String| vec![Problem::error("link", message)];
    if text.len() > MAX_LINK {
        return Err(wrong(format!(
            "The link is {} kB long; a link may have up to {} kB. Open the scenario from a file instead.",
            text.len() >> 10,
            MAX_LINK >> 10
        )));
    }
    let Fields {
        packed,
        preset,
        version,
        changes,
    } = text::read(text).map_err(wrong)?;
    if let Some(version) = version
        && version
            .parse::<u32>()
            .map_or(true, |v| v == 0 || v > SCENARIO_VERSION)
    {
        let message = format!(
            "The link was made by a newer Tandem (version {version}; this one reads up to {SCENARIO_VERSION}). Open it with a newer page, or start from a preset."
        );
        return Err(vec![Problem::coded(Code::Newer, "link", message)]);
    }
    match (packed, preset) {
        (Some(_), Some(preset)) => Err(wrong(format!("The link holds a whole scenario (`z=`) and names the preset {preset} (`p=`). Remove one."))),
        (Some(packed), None) => match changes.first() {
            Some((field, _)) => Err(wrong(format!("The link holds a whole scenario (`z=`) and a change of `{field}`, which only a preset (`p=`) takes. Remove the change, and make it on the page."))),
            None => Document::from_json(&unpack(&packed).map_err(|p| vec![p])?),
        },
        (None, Some(preset)) => {
            let preset = gallery::document(&preset)?;
            if changes.is_empty() {
                return Ok(preset);
            }
            let mut value = preset.to_value();
            for (field, text) in changes {
                change::set(&mut value, &field, &text).map_err(|p| vec![p])?;
            }
            Document::from_value(value)
        }
        (None, None) => Err(wrong("The link names no scenario (`p=` or `z=`); it may have been cut. Ask for it again, or start from a preset.".into())),
    }
}

fn unpack(packed: &str) -> Result<String, Problem> {
    let cut = "It was probably cut or changed when it was copied. Ask for it again, or start from a preset.";
    let wrong = |why: &str| Problem::error("link", format!("{why} {cut}"));
    let bytes = URL_SAFE_NO_PAD
        .decode(packed.trim_end_matches('='))
        .map_err(|_| wrong("The link holds characters that do not belong to it."))?;
    let (version, data) = bytes
        .split_first()
        .ok_or_else(|| wrong("The link is empty."))?;
    let data = match *version {
        0 => return Err(wrong("The link is not one of Tandem's.")),
        PLAIN_VERSION => data,
        LINK_VERSION => match data.split_first_chunk::<4>() {
            Some((sum, data)) if u32::from_be_bytes(*sum) == checksum(data) => data,
            _ => return Err(wrong("The link is damaged: its checksum does not fit.")),
        },
        newer => {
            let message = format!(
                "The link was made by a newer Tandem (version {newer}; this one reads up to {LINK_VERSION}), or it is damaged. Open it with a newer page, or start from a preset."
            );
            return Err(Problem::coded(Code::Newer, "link", message));
        }
    };
    // Bounded, so that a short link cannot unpack into more than a scenario may hold.
    let json = miniz_oxide::inflate::decompress_to_vec_with_limit(data, MAX_TEXT)
        .map_err(|_| wrong("The link does not unpack."))?;
    String::from_utf8(json).map_err(|_| wrong("The link does not hold text."))
}

/// CRC-32 (IEEE 802.3, as in zip and PNG).
pub fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}
