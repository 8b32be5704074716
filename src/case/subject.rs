//! What of a case can be pointed at.

use serde::{Deserialize, Serialize};

use super::Case;

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// What a [`Subject`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Of transmission or of a feeder.
    Bus,
    /// A line; one of a feeder is called `feeder/line`, a limit of a zone `zone/limit`.
    Branch,
    /// Whoever is connected or trades: one of [`Case::parties`].
    Party,
    /// Where a feeder meets transmission.
    Boundary,
    Zone,
}

/// One thing of the case, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
}

impl SubjectKind {
    /// The subject of this id, as what may have none takes it.
    pub fn of(self, id: impl Into<String>) -> Option<Subject> {
        let (kind, id) = (self, id.into());
        Some(Subject { kind, id })
    }
}

impl Case {
    /// Ids of generators, DERs, aggregators, loads, bids, imbalances, what a day brings, resources and
    /// storage of a local market and communities.
    pub fn parties(&self) -> impl Iterator<Item = &str> {
        macro_rules! ids {
            ($($list:expr),*) => { std::iter::empty()$(.chain($list.iter().map(|one| one.id.as_str())))* };
        }
        let balancing = self.balancing.iter();
        let day = self.day.iter();
        ids![self.generators, self.ders, self.aggregators, self.loads]
            .chain(balancing.flat_map(|b| ids![b.bids, b.imbalances]))
            .chain(day.flat_map(|d| ids![d.renewables, d.adjustable, d.deferrable, d.storage]))
            .chain(
                self.local_market
                    .iter()
                    .flat_map(|m| ids![m.resources, m.storage]),
            )
            .chain(self.communities.iter().flat_map(|c| ids![c.members]))
    }
}
