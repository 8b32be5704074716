//! Numbers of questions: as students read them, and as platforms do.

use crate::report::plain;

/// Decimals that leave four significant digits.
fn digits(value: f64) -> u8 {
    match value == 0.0 {
        true => 0,
        false => {
            let places = 3.0 - libm::floor(libm::log10(value.abs()));
            places.clamp(0.0, 6.0) as u8
        }
    }
}

/// A number with its unit to four significant digits, as students read it.
pub fn shown(value: f64, unit: &str) -> String {
    let number = plain(value, digits(value));
    match unit {
        "" | "1" => number,
        unit => format!("{number}\u{a0}{unit}"),
    }
}

/// A right answer: a value, or any of an interval.
pub fn answer((low, high): (f64, f64), unit: &str, interval: bool) -> String {
    match interval {
        true => format!(
            "any from {} to {}",
            plain(low, digits(low)),
            shown(high, unit)
        ),
        false => shown(low, unit),
    }
}

/// A number as platforms read it: six significant digits, a point and no exponent.
pub fn written(value: f64) -> String {
    let places = match value == 0.0 {
        true => 0.0,
        false => 5.0 - libm::floor(libm::log10(value.abs())),
    };
    let text = format!("{value:.*}", places.clamp(0.0, 9.0) as usize);
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    match text {
        "-0" => "0".into(),
        text => text.into(),
    }
}
