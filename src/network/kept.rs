//! What was found of a network, for who asks the same of it again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of z that a network keeps at most: a dispatch with other loads or offers asks for those of the same few lines again.
const KEPT: usize = 128;

/// z of branches asked for so far, see [`super::Network::ptdf_row`]: what only the network says of them.
#[derive(Debug, Default)]
pub struct Kept(Mutex<HashMap<usize, Arc<[f64]>>>);

impl Clone for Kept {
    fn clone(&self) -> Kept {
        Kept::default()
    }
}

impl Kept {
    /// The row of a branch, found where it is not kept.
    pub fn get_or(&self, branch: usize, find: impl FnOnce() -> Vec<f64>) -> Arc<[f64]> {
        let rows = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = rows().get(&branch) {
            return known.clone();
        }
        let found: Arc<[f64]> = find().into();
        let mut rows = rows();
        if rows.len() < KEPT {
            rows.insert(branch, found.clone());
        }
        found
    }
}
