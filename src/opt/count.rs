//! How many programs were solved: that a look at an answer solves nothing can be counted.

use std::sync::atomic::{AtomicU64, Ordering};

static SOLVES: AtomicU64 = AtomicU64::new(0);

/// Programs given to a solver since the start, on all threads.
pub fn solves() -> u64 {
    SOLVES.load(Ordering::Relaxed)
}

pub(in crate::opt) fn one_more() {
    SOLVES.fetch_add(1, Ordering::Relaxed);
}
