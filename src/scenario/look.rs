//! The grid of a scenario in another market. What it lacks there is put to it: the feeder, the bids or the communities of a
//! preset, hung on its largest loads.

mod attach;
mod markets;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;
use serde::Serialize;

use super::Document;
use crate::case::Problem;

/// A market that a grid can be looked at in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Prices,
    Aggregators,
    Schemes,
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
}

impl Look {
    pub const ALL: [Look; 6] = [
        Look::Prices,
        Look::Aggregators,
        Look::Schemes,
        Look::Day,
        Look::Bids,
        Look::Communities,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Look::Prices => "prices",
            Look::Aggregators => "aggregators",
            Look::Schemes => "schemes",
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
        let (adds, lacks) = match markets::plan(case, look) {
            Ok(plan) => (plan.adds, String::new()),
            Err(lacks) => (Vec::new(), lacks),
        };
        Way {
            id: look.id(),
            name: look.name(),
            adds,
            lacks,
        }
    };
    Look::ALL.into_iter().map(way).collect()
}

/// The grid of a document in another market.
///
/// # Errors
/// No such way, or why the grid cannot be looked at so.
pub fn look_as(document: &Document, id: &str) -> Result<Document, Vec<Problem>> {
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
    let plan = markets::plan(&document.scenario.case, look).map_err(failed)?;
    markets::made(document, look, plan)
}
