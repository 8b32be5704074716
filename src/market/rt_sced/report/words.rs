//! Amounts as they are read.

use crate::report::plain;

pub fn mw(value: f64) -> String {
    format!("{} MW", plain(value, 3))
}

/// "3 to 4 MW", or "3 MW" where both ends read the same.
pub fn between((low, high): (f64, f64), digits: u8, unit: &str) -> String {
    let (low, high) = (plain(low, digits), plain(high, digits));
    match low == high {
        true => format!("{high} {unit}"),
        false => format!("{low} to {high} {unit}"),
    }
}
