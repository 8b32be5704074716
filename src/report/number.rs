//! Rounding as the papers print, and NaN as `null` in JSON.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_leave_out_the_rounding_of_a_solve() {
        for (value, text) in [
            (2.124_999_999_999_976, "2.125"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.333333333333"),
            (123_456_789.123_456, "123456789.123"),
            (-1e-7, "-0.0000001"),
        ] {
            assert_eq!(exported(value).to_string(), text);
        }
    }

    #[test]
    fn halves_go_up_as_printed() {
        assert_eq!(half_up(2.125, 2), 2.13);
        assert_eq!(half_up(2.125 - 1e-13, 2), 2.13);
        assert_eq!(half_up(-2.125, 2), -2.13);
        assert_eq!(half_up(2.1249, 2), 2.12);
        assert_eq!(half_up(-0.001, 2), 0.0);
        assert!(agrees(2.875, 2.88, 2));
        assert!(!agrees(2.8749, 2.88, 2));
    }
}
