//! What a certificate says of an answer, and what of it another computation does not confirm (`docs/CERTIFICATES.md`).

use serde_json::{Map, Value, json};

use super::Session;
use crate::case::Problem;
use crate::market::WHOLE;

/// Two programs for two machines may differ in the last bits of a number: by this part of it, or of 1 where it is smaller.
const SAME: f64 = 1e-9;
/// In the place of that 1 for residuals and gaps: the tolerance of the verdict on them.
const RESIDUAL: f64 = crate::opt::TOLERANCE;
/// Numbers that are zero but for rounding.
const RESIDUALS: [&str; 4] = [
    "primal_residual",
    "dual_residual",
    "gap",
    "largest_violation",
];
/// What a certificate may lack: it was made before these were added.
const ADDED: [&str; 4] = ["headline", "link", "notes", "not_certified"];
/// Judged over the bytes of the file.
const DIGEST: &str = "digest";
/// Signs of a long text in a sentence.
const SHOWN: usize = 80;

/// What no certificate certifies.
const NOT_CERTIFIED: [&str; 3] = [
    "That the inputs are true: they are taken as they stand in the scenario.",
    "That a paper is right, or that the model is its model: printed numbers stand beside ours, no more.",
    "That a grid behaves so: the program is steady and balanced (no unbalanced phases, no dynamics), and of the rest of the physics it has what the next lines say.",
];

impl Session {
    /// The module of the browser that has all this scenario needs: that of the mechanism for a preset of it, unless it
    /// asks the market of another; else the whole.
    pub fn module(&self) -> &'static str {
        let own = &self.scenario().mechanism;
        let preset = self.document_of_preset();
        match preset.is_some_and(|preset| preset.scenario.mechanism.kind() == own.kind()) {
            true => own.module(),
            false => WHOLE,
        }
    }

    /// What a certificate says of the answer, but for the files of the program and the digests; numbers in the units in
    /// which page and terminal give them.
    ///
    /// # Errors
    /// A question that is not solved.
    pub fn stated(&self) -> Result<Value, Vec<Problem>> {
        let report = self.report()?.read();
        let summary = report.summary.iter().map(
            |one| json!({ "id": one.id, "name": one.name, "value": one.value, "unit": one.unit }),
        );
        let published = report.published.iter().map(|one| {
            json!({
                "item": one.item,
                "printed": one.printed,
                "digits": one.digits,
                "unit": one.unit,
                "ours": one.ours,
                "verdict": one.verdict,
                "source": one.source,
            })
        });
        let physics = self.scenario().mechanism.physics();
        Ok(json!({
            "tandem_certificate": 1,
            "title": report.title,
            "headline": report.headline,
            "link": format!("#{}", self.link().fragment),
            "program": { "version": env!("CARGO_PKG_VERSION") },
            "scenario": self.document.to_json(),
            "status": report.status,
            "summary": summary.collect::<Vec<_>>(),
            "certificates": report.certificates,
            "published": published.collect::<Vec<_>>(),
            "notes": report.messages.iter().map(|one| &one.text).collect::<Vec<_>>(),
            "not_certified": NOT_CERTIFIED.into_iter().chain(physics).collect::<Vec<_>>(),
        }))
    }
}

/// What of a certificate another computation does not confirm, in sentences.
pub fn differences(certificate: &Value, computed: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", certificate, computed, &mut found);
    found
}

fn compare(what: &str, was: &Value, now: &Value, found: &mut Vec<String>) {
    match (was, now) {
        (Value::Object(was), Value::Object(now)) => fields(what, was, now, found),
        (Value::Array(was), Value::Array(now)) if was.len() == now.len() => {
            for (k, (was, now)) in was.iter().zip(now).enumerate() {
                let named = ["name", "solve", "item"]
                    .iter()
                    .find_map(|key| now.get(key));
                let number = format!("{what}, {}", k + 1);
                compare(
                    named.and_then(Value::as_str).unwrap_or(&number),
                    was,
                    now,
                    found,
                );
            }
        }
        _ if same(what, was, now) => {}
        _ => {
            let alike = match (was.as_str(), now.as_str()) {
                (Some(was), Some(now)) => {
                    let pairs = was.chars().zip(now.chars());
                    pairs.take_while(|(was, now)| was == now).count()
                }
                _ => 0,
            };
            found.push(format!(
                "{what}: the certificate has {}, the computation gives {}.",
                shown(was, alike),
                shown(now, alike)
            ));
        }
    }
}

fn fields(what: &str, was: &Map<String, Value>, now: &Map<String, Value>, found: &mut Vec<String>) {
    let known = |key: &&String| !now.contains_key(*key);
    for key in now.keys().chain(was.keys().filter(known)) {
        let older = was.get(key).is_none() && ADDED.contains(&key.as_str());
        if what.is_empty() && (older || key == DIGEST) {
            continue;
        }
        let of = match what {
            "" => key.clone(),
            _ => format!("{what}, {key}"),
        };
        match (was.get(key), now.get(key)) {
            (Some(was), Some(now)) => compare(&of, was, now, found),
            (None, _) => found.push(format!("{of}: the certificate does not say it.")),
            (_, None) => found.push(format!("{of}: no computation gives it.")),
        }
    }
}

fn same(what: &str, was: &Value, now: &Value) -> bool {
    match (was.as_f64(), now.as_f64()) {
        (Some(was), Some(now)) => {
            let residual = RESIDUALS.iter().any(|key| what.ends_with(key));
            let least = if residual { RESIDUAL } else { 1.0 };
            (was - now).abs() <= SAME * was.abs().max(least)
        }
        _ => was == now,
    }
}

/// A value in a sentence; of a long text what stands around the first sign that is not `alike`.
fn shown(value: &Value, alike: usize) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string().replace('-', "−"),
        Value::Array(list) => format!("{} entries", list.len()),
        value => value.to_string(),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    let part: String = text
        .chars()
        .skip(alike.saturating_sub(SHOWN / 2))
        .take(SHOWN)
        .collect();
    format!("…{part}…")
}
