//! What is asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// The AC power flow of the feeders of a case at the loads of their buses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PowerFlow {
    /// What all loads, active and reactive, are multiplied by.
    pub load_factor: f64,
    /// Generation by bus, MW, at unity power factor; a negative one is further load.
    pub generation_mw: BTreeMap<String, f64>,
}

impl Default for PowerFlow {
    fn default() -> Self {
        PowerFlow {
            load_factor: 1.0,
            generation_mw: BTreeMap::new(),
        }
    }
}
