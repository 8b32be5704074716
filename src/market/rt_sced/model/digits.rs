//! Rounding of a changed input in the direction of its change.

/// Decimal places that show a change to four digits.
pub struct Digits {
    /// Steps of the last digit in one unit.
    per_unit: f64,
}

impl Digits {
    pub fn of(change: f64) -> Digits {
        let places = 3 - libm::log10(change.max(1e-9)).floor() as i32;
        Digits {
            per_unit: 10f64.powi(places.clamp(0, 9)),
        }
    }

    pub fn value(&self, steps: f64) -> f64 {
        steps / self.per_unit
    }

    pub fn steps(&self, value: f64) -> f64 {
        (value * self.per_unit).round()
    }

    /// The value rounded in the direction of `sign`, but for the rounding of the value itself.
    pub fn outward(&self, value: f64, sign: f64) -> f64 {
        self.value(sign * (sign * value * self.per_unit - 1e-6).ceil())
    }

    /// Steps of the value rounded against the direction of `sign`.
    pub fn inward(&self, value: f64, sign: f64) -> f64 {
        sign * (sign * value * self.per_unit + 1e-6).floor()
    }

    /// The value one step further in the direction of `sign`.
    pub fn next(&self, value: f64, sign: f64) -> f64 {
        self.value(self.steps(value) + sign)
    }
}
