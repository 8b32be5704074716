//! Rolling real-time dispatch with aggregated resources, and its cure.

mod angles;
mod cures;
mod equivalent;
mod figure;
mod golden;
mod invariants;
mod look_ahead;
mod prices;
mod random;

use tandem::market::rt_sced::{Method, RtSced};

/// One interval, dispatched at the buses of the DERs.
fn optimal() -> RtSced {
    RtSced {
        method: Method::Optimal,
        intervals: 1,
        ..RtSced::default()
    }
}
