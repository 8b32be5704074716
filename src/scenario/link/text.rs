//! The text of a link, as mail, chat and web pages hand it on: what they add is taken off again, what
//! cannot be told is refused by name.

use std::borrow::Cow;

use form_urlencoded::parse;

use crate::case::text::{is_hidden, nearest};

/// The keys of a scenario that are no path.
const OWN: [&str; 4] = ["p", "z", "v", "title"];

/// Keys of the page, which say how a scenario is shown, not which one it is.
pub const PAGE_KEYS: [&str; 13] = [
    "embed", "inputs", "lang", "lock", "play", "question", "run", "state", "step", "t", "theme",
    "ui", "view",
];

/// What a link names.
pub struct Fields {
    /// The compressed whole.
    pub packed: Option<String>,
    pub preset: Option<String>,
    pub version: Option<String>,
    /// (path, text), in order.
    pub changes: Vec<(String, String)>,
}

/// The fragment of a link's text: what comes after `#` or `%23`, or the query where it names the
/// scenario.
fn fragment(text: &str) -> Result<Cow<'_, str>, String> {
    let text =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | '\'' | '`'));
    // Line breaks of mail, with the mark of a quotation, belong to no link.
    let text: String = text
        .split(['\n', '\r'])
        .map(|line| line.trim_start_matches(['>', ' ', '\t']))
        .collect::<String>()
        .replace('\t', "");
    let text = without_entities(&text);
    let marked = text
        .find('#')
        .map(|at| (at, 1))
        .or_else(|| text.find("%23p").map(|at| (at, 3)))
        .or_else(|| text.find("%23z").map(|at| (at, 3)));
    let (head, rest) = match marked {
        // `%23` within a value is a `#` of that value.
        Some((at, length)) if length == 1 || !names_scenario(query(&text[..at])) => {
            (query(&text[..at]), &text[at + length..])
        }
        _ if names_scenario(&text) => ("", &text[..]),
        _ => ("", query(&text)),
    };
    if names_scenario(head) {
        return Err("The link names a scenario before and after its `#`. Send one of them.".into());
    }
    let rest = rest.trim_start_matches(['#', '?', '/', '!', ' ', '&']);
    if let Some((_, second)) = rest.split_once('#')
        && names_scenario(second.trim_start_matches(['?', '/', '!']))
    {
        return Err("There are two links in one. Send one of them.".into());
    }
    Ok(Cow::Owned(encoded_once(rest)))
}

/// What follows the `?` of an address, or all of it.
fn query(head: &str) -> &str {
    head.split_once('?').map_or(head, |(_, query)| query)
}

/// Whether a text begins as the fragment of a scenario.
fn names_scenario(text: &str) -> bool {
    let begins = |part: &str| part.starts_with("p=") || part.starts_with("z=");
    text.split('&').any(begins)
}

/// `&amp;` and `&#38;`, which editors of pages write for `&`; again, where it went through two.
fn without_entities(text: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..4 {
        let next = text
            .replace("&amp;", "&")
            .replace("&AMP;", "&")
            .replace("&#38;", "&")
            .replace("&#x26;", "&");
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// A fragment that was encoded as a whole (`p%3Dzuo-4node%26v%3D1`), as it was before.
fn encoded_once(text: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..3 {
        let lower = text.to_lowercase();
        if text.contains('=') || !(lower.contains("%3d") || lower.contains("%253d")) {
            break;
        }
        // `+` is no blank at this level: only `%` is read.
        text = parse(text.replace('+', "%2B").as_bytes())
            .map(|(key, _)| key.into_owned())
            .collect::<Vec<_>>()
            .join("&");
    }
    without_entities(&text)
}

/// Whether a dot at the end of a value may be meant.
fn may_end_in_dot(key: &str) -> bool {
    matches!(key.rsplit('.').next(), Some("title" | "name" | "source"))
}

/// No sentence puts more marks behind a link.
const MAX_PUNCTUATION: usize = 8;

/// Most keys of a link; what changes more goes as a whole.
const MAX_KEYS: usize = 1000;

/// The last value without the punctuation of the sentence around the link.
fn without_punctuation<'a>(key: &str, value: &'a str) -> &'a str {
    let mut value = value.trim_end();
    let count = |value: &str, c: char| value.chars().filter(|x| *x == c).count();
    for _ in 0..MAX_PUNCTUATION {
        let Some(last) = value.chars().last() else {
            break;
        };
        let strip = match last {
            ')' => count(value, ')') > count(value, '('),
            '>' => !value.contains('<'),
            '"' | '\'' | '`' => count(value, last) % 2 == 1,
            ']' => count(value, ']') > count(value, '['),
            '}' => count(value, '}') > count(value, '{'),
            // Behind a bracket or quote of the sentence no title ends.
            '.' | '!' | '?' | '…' => {
                let before = &value[..value.len() - last.len_utf8()];
                let closed = before.ends_with(')') && count(before, ')') > count(before, '(');
                !may_end_in_dot(key) || closed || before.ends_with(['>', '"', '”', '»'])
            }
            ',' | ';' | ':' | '”' | '’' | '»' | '\u{200b}' => true,
            _ => false,
        };
        if !strip {
            return value;
        }
        value = value[..value.len() - last.len_utf8()].trim_end();
    }
    value
}

/// Reads the text of a link.
///
/// # Errors
/// The key that no scenario and no page has, a key given twice, two links in one.
pub fn read(text: &str) -> Result<Fields, String> {
    let fragment = fragment(text)?;
    let mut fields = Fields {
        packed: None,
        preset: None,
        version: None,
        changes: Vec::new(),
    };
    let parts: Vec<&str> = fragment
        .split('&')
        .filter(|part| !part.trim().is_empty())
        .collect();
    if parts.len() > MAX_KEYS {
        return Err(format!(
            "The link holds {} keys; at most {MAX_KEYS} are read. Open the scenario from a file instead.",
            parts.len()
        ));
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    for (k, part) in parts.iter().enumerate() {
        let (key, raw) = match part.split_once('=') {
            Some((key, raw)) => (decoded(key)?, Some(raw)),
            None => (decoded(part)?, None),
        };
        // `&amp%3B`: the mark was encoded, its end was not seen.
        let mut key = key.trim();
        while let Some(rest) = key
            .strip_prefix("amp;")
            .or_else(|| key.strip_prefix("#38;"))
        {
            key = rest.trim_start();
        }
        let Some(raw) = raw else {
            // Punctuation alone after the last `&`.
            if without_punctuation("", key).is_empty() {
                continue;
            }
            return Err(format!(
                "The link holds `{key}` without a value; it may have been cut. Ask for it again, or start from a preset."
            ));
        };
        let raw = match k + 1 == parts.len() {
            true => without_punctuation(key, raw),
            false => raw,
        };
        let value = match key {
            // Blanks are of the mail it went through; `+` and `/` of another base64.
            "z" => decoded(&raw.replace('+', "-"))?
                .chars()
                .filter(|c| !c.is_whitespace() && !is_hidden(*c))
                .map(|c| if c == '/' { '_' } else { c })
                .collect(),
            "p" | "v" => decoded(raw)?.trim().to_string(),
            _ => decoded(raw)?,
        };
        if key.is_empty() && value.is_empty() {
            continue;
        }
        if let Some((_, before)) = seen.iter().find(|(known, _)| known == key) {
            if *before == value {
                continue;
            }
            return Err(format!(
                "The link names `{key}` twice, with different values. Remove one."
            ));
        }
        seen.push((key.to_string(), value.clone()));
        keep(key, value, &mut fields)?;
    }
    Ok(fields)
}

/// Puts a value where its key belongs.
fn keep(key: &str, value: String, fields: &mut Fields) -> Result<(), String> {
    match key {
        "p" => fields.preset = Some(value),
        "z" => fields.packed = Some(value),
        "v" => fields.version = Some(value),
        key if PAGE_KEYS.contains(&key) => {}
        key if key == "title"
            || key.starts_with("case.")
            || key.starts_with("mechanism.")
            || key.starts_with("view.") =>
        {
            fields.changes.push((key.to_string(), value));
        }
        key => {
            let known = || OWN.into_iter().chain(PAGE_KEYS);
            let near = nearest(key, known());
            let near = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
            return Err(format!(
                "The link holds `{key}`, which is neither a field of a scenario (`case.…`, `mechanism.…`, `view.…`, `title`) nor a key of the page.{near} Remove it or correct its name."
            ));
        }
    }
    Ok(())
}

/// A key or value without its `%` and `+`.
fn decoded(raw: &str) -> Result<String, String> {
    // One pair without `&` and `=` is read as a key.
    let whole = raw.replace('=', "%3D").replace('&', "%26");
    let text = parse(whole.as_bytes())
        .next()
        .map_or(String::new(), |(key, _)| key.into_owned());
    if text.contains('\u{fffd}')
        && !raw.contains('\u{fffd}')
        && !raw.to_uppercase().contains("%EF%BF%BD")
    {
        return Err("The link holds bytes that are no text (UTF-8) behind a `%`. Ask for it again, or start from a preset.".into());
    }
    Ok(text)
}
