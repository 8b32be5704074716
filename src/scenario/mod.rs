//! What did the user ask?
//!
//! A [`Scenario`] is the whole truth of a run: the case, the mechanism and its parameters. The
//! same JSON runs in the terminal, in the tests and in the page.

mod file;
pub mod form;
pub mod gallery;
mod import;
pub mod link;
pub mod path;
mod tidy;

pub use file::text as file_text;
pub use import::import_series;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Case, Problem, json, matpower, smartnet};
use crate::market::bargaining::{self, Bargaining};
use crate::market::bsp_bidding::{self, BspBidding};
use crate::market::community::{self, CommunityMarket};
use crate::market::residual_supply::{self, ResidualSupply};
use crate::market::rt_sced::{self, RtSced};
use file::Kind;

/// The version of the scenario format written by this program.
pub const SCENARIO_VERSION: u32 = 1;

/// Longest text accepted as a scenario, bytes.
pub const MAX_TEXT: usize = 32 << 20;

/// One question to one mechanism about one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub version: u32,
    pub title: String,
    /// The preset it started from, whose printed numbers are shown beside ours; empty if none.
    #[serde(default)]
    pub preset: String,
    pub case: Case,
    pub mechanism: Mechanism,
}

/// The mechanisms; one per folder of [`crate::market`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mechanism {
    RtSced(RtSced),
    ResidualSupply(ResidualSupply),
    Bargaining(Bargaining),
    BspBidding(BspBidding),
    Community(CommunityMarket),
}

/// Names of the mechanisms, for messages.
const KINDS: &str = "rt_sced, residual_supply, bargaining, bsp_bidding or community";

impl Scenario {
    /// Reads and checks a scenario, or a bare case, from JSON text.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn from_json(text: &str) -> Result<Scenario, Vec<Problem>> {
        Scenario::read_json(text)?.checked()
    }

    /// [`Scenario::from_json`] without the checks of [`Scenario::problems`].
    fn read_json(text: &str) -> Result<Scenario, Vec<Problem>> {
        if text.len() > MAX_TEXT {
            let message = format!(
                "{} MB of text; a scenario may have up to {} MB",
                text.len() >> 20,
                MAX_TEXT >> 20
            );
            return Err(vec![Problem::error("scenario", message)]);
        }
        let value = json::parse(text).map_err(|problem| vec![problem])?;
        Scenario::read_value(value)
    }

    /// Reads and checks a scenario from a JSON value; a bare case becomes a dispatch of it.
    ///
    /// # Errors
    /// As [`Scenario::from_json`].
    pub fn from_value(value: Value) -> Result<Scenario, Vec<Problem>> {
        Scenario::read_value(value)?.checked()
    }

    /// The scenario itself, where nothing is wrong with it.
    ///
    /// # Errors
    /// Every problem found, each with its field and what to do.
    pub fn checked(self) -> Result<Scenario, Vec<Problem>> {
        let problems = self.problems();
        match problems.iter().any(Problem::is_error) {
            true => Err(problems),
            false => Ok(self),
        }
    }

    /// [`Scenario::from_value`] without the checks of [`Scenario::problems`].
    fn read_value(mut value: Value) -> Result<Scenario, Vec<Problem>> {
        if let Some(problem) = file::foreign_json(&value) {
            return Err(vec![problem]);
        }
        tidy::tidy(&mut value)?;
        let value = match value.get("buses").is_some() && value.get("mechanism").is_none() {
            true => around_case(value),
            false => value,
        };
        let Value::Object(fields) = &value else {
            return Err(vec![Problem::error(
                "scenario",
                "Not a JSON object; a scenario is {\"version\":1, \"title\":…, \"case\":{…}, \"mechanism\":{…}}.",
            )]);
        };
        if let Some(version) = fields.get("version").and_then(Value::as_u64)
            && version > u64::from(SCENARIO_VERSION)
        {
            let message = format!(
                "Version {version} was made by a newer Tandem; this one reads up to version {SCENARIO_VERSION}. Open it with the newer page, or start from a preset."
            );
            return Err(vec![Problem::error("version", message)]);
        }
        typed(&value)
    }

    /// Reads whatever a user opens: a link or its fragment, a scenario, a bare case, or a MATPOWER
    /// case file; which of them is told by the text.
    ///
    /// # Errors
    /// As [`Scenario::from_json`] and [`link::decode`]; a file of another kind by its name.
    pub fn open(text: &str) -> Result<Scenario, Vec<Problem>> {
        Scenario::read(text)?.checked()
    }

    /// [`Scenario::open`] of what is still to be changed: what a change may cure is not checked.
    ///
    /// # Errors
    /// Text that is no scenario.
    pub fn read(text: &str) -> Result<Scenario, Vec<Problem>> {
        let text = text.trim_start_matches('\u{feff}').trim();
        match file::kind(text).map_err(|problem| vec![problem])? {
            Kind::Json => Scenario::read_json(text),
            Kind::Matpower => {
                let case = matpower::read(text)?;
                let value = serde_json::to_value(case).unwrap_or(Value::Null);
                Scenario::read_value(around_case(value))
            }
            Kind::Link => link::decode(text),
        }
    }

    /// Reads a file as [`Scenario::open`] does its text. Text in no Unicode is read as Latin-1, which
    /// the report of the import then says.
    ///
    /// # Errors
    /// As [`Scenario::open`].
    pub fn open_file(bytes: &[u8]) -> Result<Scenario, Vec<Problem>> {
        Scenario::read_file(bytes)?.checked()
    }

    /// [`Scenario::open_file`] without the checks, as [`Scenario::read`].
    ///
    /// # Errors
    /// A file that is no scenario.
    pub fn read_file(bytes: &[u8]) -> Result<Scenario, Vec<Problem>> {
        let (text, latin_1) = file_text(bytes).map_err(|problem| vec![problem])?;
        let mut scenario = Scenario::read(&text)?;
        if latin_1 {
            let import = scenario.case.import.get_or_insert_default();
            import
                .assumed
                .push("The text is no Unicode (UTF-8 or UTF-16); it was read as Latin-1.".into());
        }
        Ok(scenario)
    }

    /// Reads a folder of CSV files, as (name, text), as a question of residual supply.
    ///
    /// # Errors
    /// As [`smartnet::read`] and [`Scenario::from_json`].
    pub fn open_folder(files: &[(String, String)]) -> Result<Scenario, Vec<Problem>> {
        let case = smartnet::read(files)?;
        Scenario::from_value(serde_json::json!({
            "version": SCENARIO_VERSION,
            "title": case.name,
            "case": case,
            "mechanism": {"kind": "residual_supply"},
        }))
    }

    /// Everything wrong with a scenario: errors, then warnings.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.version == 0 || self.version > SCENARIO_VERSION {
            problems.push(Problem::error(
                "version",
                format!(
                    "{} is not a version. Write {SCENARIO_VERSION}.",
                    self.version
                ),
            ));
        }
        problems.extend(self.case.validate());
        match &self.mechanism {
            Mechanism::RtSced(params) => problems.extend(rt_sced::validate(&self.case, params)),
            Mechanism::ResidualSupply(params) => {
                problems.extend(residual_supply::validate(&self.case, params));
            }
            Mechanism::Bargaining(params) => {
                problems.extend(bargaining::validate(&self.case, params));
            }
            Mechanism::BspBidding(params) => {
                problems.extend(bsp_bidding::validate(&self.case, params));
            }
            Mechanism::Community(params) => {
                problems.extend(community::validate(&self.case, params));
            }
        }
        problems.sort_by_key(|p| !p.is_error());
        problems
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

/// A dispatch of a case on its own: distribution factors where there are aggregators, one interval
/// where there are none.
fn around_case(case: Value) -> Value {
    let empty = |list: &str| {
        case.get(list)
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    };
    let alone = empty("aggregators");
    let title = case.get("name").cloned().unwrap_or_else(|| "A case".into());
    serde_json::json!({
        "version": SCENARIO_VERSION,
        "title": title,
        "case": case,
        "mechanism": {
            "kind": "rt_sced",
            "method": if alone { "optimal" } else { "distribution_factors" },
            "intervals": if alone { 1 } else { 12 },
        },
    })
}

/// Reads the typed scenario piece by piece, so that an error names its field.
fn typed(value: &Value) -> Result<Scenario, Vec<Problem>> {
    let field = |name: &str| value.get(name).cloned();
    let mut problems = Vec::new();
    if let Value::Object(fields) = value {
        for name in fields.keys() {
            if !["version", "title", "preset", "case", "mechanism"].contains(&name.as_str()) {
                problems.push(Problem::error(name.clone(), "Unknown field. Remove it or correct its name (version, title, preset, case, mechanism)."));
            }
        }
    }
    let case: Option<Case> = match field("case") {
        None => {
            problems.push(Problem::error(
                "case",
                "Missing. Give the power system under `case`.",
            ));
            None
        }
        Some(v) => Case::from_value(v).map_err(|p| problems.push(p)).ok(),
    };
    let mechanism = match field("mechanism") {
        None => {
            problems.push(Problem::error(
                "mechanism",
                "Missing. Give {\"kind\":\"rt_sced\", …}.",
            ));
            None
        }
        Some(Value::Object(mut fields)) => {
            match fields.shift_remove("kind").as_ref().and_then(Value::as_str) {
                Some("rt_sced") => json::typed::<RtSced>(Value::Object(fields), "mechanism")
                    .map(Mechanism::RtSced)
                    .map_err(|p| problems.push(p))
                    .ok(),
                Some("residual_supply") => {
                    json::typed::<ResidualSupply>(Value::Object(fields), "mechanism")
                        .map(Mechanism::ResidualSupply)
                        .map_err(|p| problems.push(p))
                        .ok()
                }
                Some("bargaining") => json::typed::<Bargaining>(Value::Object(fields), "mechanism")
                    .map(Mechanism::Bargaining)
                    .map_err(|p| problems.push(p))
                    .ok(),
                Some("bsp_bidding") => {
                    json::typed::<BspBidding>(Value::Object(fields), "mechanism")
                        .map(Mechanism::BspBidding)
                        .map_err(|p| problems.push(p))
                        .ok()
                }
                Some("community") => {
                    json::typed::<CommunityMarket>(Value::Object(fields), "mechanism")
                        .map(Mechanism::Community)
                        .map_err(|p| problems.push(p))
                        .ok()
                }
                Some(other) => {
                    problems.push(Problem::error(
                        "mechanism.kind",
                        format!("`{other}` is not a mechanism of this version. Choose {KINDS}."),
                    ));
                    None
                }
                None => {
                    problems.push(Problem::error(
                        "mechanism.kind",
                        format!("missing; choose {KINDS}"),
                    ));
                    None
                }
            }
        }
        Some(_) => {
            problems.push(Problem::error(
                "mechanism",
                "Not an object. Give {\"kind\":\"rt_sced\", …}.",
            ));
            None
        }
    };
    let version = match field("version").map(|v| v.as_u64()) {
        Some(Some(version)) => u32::try_from(version).unwrap_or(0),
        _ => {
            problems.push(Problem::error(
                "version",
                format!("Missing or not a whole number. Write {SCENARIO_VERSION}."),
            ));
            0
        }
    };
    let text = |name: &str| {
        field(name)
            .and_then(|v| v.as_str().map(str::to_string))
            .unwrap_or_default()
    };
    match (case, mechanism) {
        (Some(case), Some(mechanism)) if problems.is_empty() => {
            let title = match text("title") {
                title if title.is_empty() => case.name.clone(),
                title => title,
            };
            let mut mechanism = mechanism;
            match &mut mechanism {
                Mechanism::Bargaining(params) => params.complete(&case),
                Mechanism::BspBidding(params) => params.complete(&case),
                Mechanism::RtSced(_) | Mechanism::ResidualSupply(_) | Mechanism::Community(_) => {}
            }
            Ok(Scenario {
                version,
                title,
                preset: text("preset"),
                case,
                mechanism,
            })
        }
        _ => Err(problems),
    }
}
