//! Limits, steps and prices in words.

use tandem::market::residual_supply::curve::{Limit, Limited};
use tandem::market::residual_supply::inside::*;

#[test]
fn limits_are_named_once() {
    let limit = |of: Limited, id: i32, period: Option<usize>| Limit {
        of,
        id: id.to_string(),
        period,
    };
    let line = |id: i32, t: usize| limit(Limited::Line, id, Some(t));
    let some = [line(1, 1), line(2, 1), line(1, 2)];
    assert_eq!(
        limit_sentence(&some),
        "line 1 in periods 1-2, line 2 in period 1"
    );
    let gap = [1, 2, 3, 5].map(|t| line(1, t));
    assert_eq!(limit_words(&gap), ["line 1 in periods 1-3 and 5"]);
    let one = [limit(Limited::Voltage, 7, None)];
    assert_eq!(limit_sentence(&one), "voltage at 7");
    let many = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|k| limit(Limited::Line, k, None));
    assert!(limit_sentence(&many).ends_with("line 4, and 4 more"));
}
