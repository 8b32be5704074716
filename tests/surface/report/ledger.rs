//! Money moves in one ledger.

use tandem::report::inside::*;

#[test]
fn nets_sum_to_zero() {
    let mut ledger = Ledger::default();
    ledger.pay("load", "ISO", "energy", 240.0);
    ledger.pay("ISO", "G1", "energy", 80.0);
    ledger.pay("ISO", "G1", "energy", 1.5);
    ledger.pay("ISO", "A", "energy", 48.0);
    assert_eq!(ledger.entries.len(), 3);
    assert_eq!(ledger.net_usd("G1"), 81.5);
    let total: f64 = ledger.parties().iter().map(|p| ledger.net_usd(p)).sum();
    assert!(total.abs() < 1e-12);
}
