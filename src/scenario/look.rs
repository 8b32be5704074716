//! The grid of a scenario in another market. What it lacks there is put to it: the feeder, the bids or the communities of a
//! preset, hung on its largest loads.

mod attach;
mod bids;
mod markets;
mod parts;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;
use serde::Serialize;

pub use self::parts::Part;
use super::Document;
use crate::case::{Case, Problem};

/// A market that a grid can be looked at in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Prices,
    Aggregators,
    Schemes,
    Split,
    Day,
    Bids,
    Communities,
}

/// A way to look at a grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Way {
    pub id: &'static str,
    pub name: &'static str,
    /// What is put to the grid for it, a sentence each.
    pub adds: Vec<String>,
    /// Why the grid cannot be looked at so; empty where it can.
    pub lacks: String,
    /// The parts of the grid that it can have as feeders, of which some may be chosen; `adds` is said of those that
    /// are proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Look {
    pub const ALL: [Look; 7] = [
        Look::Prices,
        Look::Aggregators,
        Look::Schemes,
        Look::Split,
        Look::Day,
        Look::Bids,
        Look::Communities,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Look::Prices => "prices",
            Look::Aggregators => "aggregators",
            Look::Schemes => "schemes",
            Look::Split => "split",
            Look::Day => "day",
            Look::Bids => "bids",
            Look::Communities => "communities",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Look::Prices => "Prices of a least-cost dispatch",
            Look::Aggregators => "Aggregators in real-time dispatch",
            Look::Schemes => "TSO-DSO coordination schemes",
            Look::Split => "TSO-DSO coordination schemes of its radial parts",
            Look::Day => "A day of ISO and DSOs",
            Look::Bids => "Bids in the market of a feeder",
            Look::Communities => "Communities behind a feeder",
        }
    }
}

/// The ways to look at the grid of a document, with what each puts to it; none without a transmission network.
pub fn ways(document: &Document) -> Vec<Way> {
    let case = &document.scenario.case;
    if case.buses.len() < 2 {
        return Vec::new();
    }
    let way = |look: Look| {
        let parts = parts_of(case, look);
        let plan = taken(parts.clone(), look, &[]);
        let (adds, lacks) = match plan.and_then(|taken| markets::plan(case, look, &taken)) {
            Ok(plan) => (plan.adds, String::new()),
            Err(lacks) => (Vec::new(), lacks),
        };
        Way {
            id: look.id(),
            name: look.name(),
            parts: if lacks.is_empty() { parts } else { Vec::new() },
            adds,
            lacks,
        }
    };
    Look::ALL.into_iter().map(way).collect()
}

fn parts_of(case: &Case, look: Look) -> Vec<Part> {
    match look {
        Look::Split => parts::parts(case),
        _ => Vec::new(),
    }
}

fn taken(parts: Vec<Part>, look: Look, ids: &[String]) -> Result<Vec<Part>, String> {
    match look {
        Look::Split => parts::chosen(parts, ids),
        _ if ids.is_empty() => Ok(Vec::new()),
        _ => Err("Only the way `split` takes parts of the grid.".into()),
    }
}

/// The grid of a document in another market; `split` takes the ids of the parts that are feeders, and what is proposed where
/// there is none.
///
/// # Errors
/// No such way, no such part, or why the grid cannot be looked at so.
pub fn look_as(document: &Document, id: &str, ids: &[String]) -> Result<Document, Vec<Problem>> {
    let look = Look::ALL.into_iter().find(|look| look.id() == id);
    let Some(look) = look else {
        let known: Vec<&str> = Look::ALL.into_iter().map(Look::id).collect();
        let message = format!(
            "There is no way `{id}` to look at a grid. Choose one of {}.",
            known.join(", ")
        );
        return Err(vec![Problem::error("as", message)]);
    };
    let failed = |why: String| vec![Problem::error("case", why)];
    let case = &document.scenario.case;
    let taken = taken(parts_of(case, look), look, ids);
    let plan = taken.and_then(|taken| markets::plan(case, look, &taken));
    let plan = plan.map_err(failed)?;
    markets::made(document, look, plan)
}
