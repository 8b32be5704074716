//! Numbers as they are read and as the papers print them, and NaN as `null` in JSON.

/// Rounds half away from zero to `digits` decimals, as a printed table does.
///
/// A solver's last bits must not turn 2.125 into 2.12: halves are recognised within
/// 1e-9 of a unit in the last printed place.
///
/// ```
/// assert_eq!(tandem::report::half_up(2.125 - 1e-14, 2), 2.13);
/// assert_eq!(tandem::report::half_up(-0.001, 2), 0.0);
/// ```
pub fn half_up(value: f64, digits: u8) -> f64 {
    let scale = 10f64.powi(i32::from(digits));
    let rounded = ((value.abs() * scale) + 0.5 + 1e-9).floor() / scale;
    if rounded == 0.0 {
        0.0
    } else {
        rounded.copysign(value)
    }
}

/// Whether `ours`, rounded as printed, is the printed number.
pub fn agrees(ours: f64, printed: f64, digits: u8) -> bool {
    let unit = 10f64.powi(-i32::from(digits));
    (half_up(ours, digits) - printed).abs() < 1e-6 * unit.max(1e-6)
}

/// A number as people write it: at most `digits` decimals, no trailing zeros.
pub fn plain(value: f64, digits: u8) -> String {
    let rounded = half_up(value, digits);
    let text = format!("{rounded:.*}", usize::from(digits));
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    text.replace('-', "−")
}

/// Significant digits of a number in a sentence.
const DIGITS: i32 = 3;
/// What is smaller is nothing, in any unit of a report: it is left over from a solve.
const NOTHING: f64 = 5e-7;

/// An amount as it is read in a sentence: three significant digits, of money none after the point from 100 up and two
/// below, of a voltage four; thousands apart; nothing where it is left over from a solve. No unit for a pure number.
///
/// ```
/// use tandem::report::amount;
/// assert_eq!(amount(12_345.678, "$"), "12\u{202f}346\u{a0}$");
/// assert_eq!(amount(14.504, "$"), "14.5\u{a0}$");
/// assert_eq!(amount(-0.123_456, "MW"), "−0.123\u{a0}MW");
/// assert_eq!(amount(3e-9, "MW"), "0\u{a0}MW");
/// ```
pub fn amount(value: f64, unit: &str) -> String {
    let value = if value.abs() < NOTHING { 0.0 } else { value };
    united(&grouped(&plain(value, decimals(value, unit))), unit)
}

/// A written number with its unit, which no line end parts from it.
pub fn united(number: &str, unit: &str) -> String {
    match unit {
        "" | "1" => number.into(),
        unit => format!("{number}\u{a0}{unit}"),
    }
}

/// Decimals of an amount in a sentence.
pub fn decimals(value: f64, unit: &str) -> u8 {
    let size = value.abs();
    match unit {
        "p.u." => 4,
        "$" | "$/h" | "€" | "€/h" if size >= 99.995 => 0,
        "$" | "$/h" | "€" | "€/h" if size >= 0.005 => 2,
        _ if size == 0.0 => 0,
        _ => {
            let places = DIGITS - 1 - libm::log10(size).floor().clamp(-9.0, 9.0) as i32;
            u8::try_from(places).unwrap_or(0)
        }
    }
}

/// The number with a thin space before every three digits, from 10 000 up.
pub fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits: Vec<char> = whole.chars().collect();
    let count = digits.iter().filter(|c| c.is_ascii_digit()).count();
    if count < 5 {
        return text.into();
    }
    let mut grouped = String::new();
    for (k, digit) in digits.iter().enumerate() {
        let left = digits.len() - k;
        if k > 0 && left.is_multiple_of(3) && digits[k - 1].is_ascii_digit() {
            grouped.push('\u{202f}');
        }
        grouped.push(*digit);
    }
    grouped + rest
}

/// A number as it is exported: twelve significant digits, as what lies beyond is the rounding of a solve.
pub fn exported(value: f64) -> f64 {
    // `+ 0.0` turns a negative zero into zero.
    format!("{value:.11e}").parse().unwrap_or(value) + 0.0
}

/// The text with its first letter, if it is one of a to z, in upper case.
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_string();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Serialises NaN as `null` and reads `null` as NaN.
pub mod nullable {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|v| v.is_finite().then_some(*v)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let values = Vec::<Option<f64>>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
    }
}
