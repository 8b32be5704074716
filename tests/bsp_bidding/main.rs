//! Bids of balancing service providers in the market of a feeder.

#[path = "../testing/mod.rs"]
mod testing;

mod both_levels;
mod cone;
mod explain;
mod invariants;
mod k33;
mod presets;
mod random;
mod safe_box;
mod storage;

use tandem::case::builtin;
use tandem::market::bsp_bidding::system::System;

fn k33() -> System {
    System::new(&builtin("khojasteh-k33").unwrap()).unwrap()
}
