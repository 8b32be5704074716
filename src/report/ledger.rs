//! Money moves in one ledger.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// One payment. Both sides are named, so every ledger sums to zero by construction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Entry {
    pub payer: String,
    pub payee: String,
    /// What is paid for, e.g. `energy`.
    pub item: String,
    /// $; negative when the money flows from payee to payer.
    pub amount_usd: f64,
}

/// All payments of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Ledger {
    pub entries: Vec<Entry>,
}

impl Ledger {
    /// Adds to the entry with the same payer, payee and item, or starts one.
    pub fn pay(&mut self, payer: &str, payee: &str, item: &str, amount_usd: f64) {
        let same = |e: &&mut Entry| e.payer == payer && e.payee == payee && e.item == item;
        match self.entries.iter_mut().find(same) {
            Some(entry) => entry.amount_usd += amount_usd,
            None => self.entries.push(Entry {
                payer: payer.into(),
                payee: payee.into(),
                item: item.into(),
                amount_usd,
            }),
        }
    }

    /// Net receipts of a party in $: what it is paid minus what it pays.
    pub fn net_usd(&self, party: &str) -> f64 {
        self.entries
            .iter()
            .map(|e| match (e.payee == party, e.payer == party) {
                (true, false) => e.amount_usd,
                (false, true) => -e.amount_usd,
                _ => 0.0,
            })
            .sum()
    }

    /// Every party, in order of first appearance.
    pub fn parties(&self) -> Vec<&str> {
        let mut parties: Vec<&str> = Vec::new();
        let mut known = HashSet::new();
        for entry in &self.entries {
            for party in [entry.payer.as_str(), entry.payee.as_str()] {
                if known.insert(party) {
                    parties.push(party);
                }
            }
        }
        parties
    }
}
