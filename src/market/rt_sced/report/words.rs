//! Amounts as they are read.

use crate::report::amount;

/// Prices closer than this, relative, are the same.
pub const SAME_PRICE: f64 = 1e-7;

pub fn mw(value: f64) -> String {
    amount(value, "MW")
}

pub fn usd(value: f64) -> String {
    amount(value, "$/MWh")
}

/// "3 to 4 MW", or "3 MW" where both ends read the same.
pub fn between((low, high): (f64, f64), unit: &str) -> String {
    let (least, most) = (amount(low, ""), amount(high, unit));
    match amount(low, unit) == most {
        true => most,
        false => format!("{least} to {most}"),
    }
}
