//! The bid of a community: a decreasing demand curve, kept as steps of a price each.
//!
//! Demand is positive; what cannot move is below `min_kw` and is bought at any price.

/// Narrower demand than this is none, kW: rounding would decide on its price.
pub const NARROW_KW: f64 = 1e-6;

/// A width of demand at one price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub width_kw: f64,
    pub usd_per_kwh: f64,
}

/// A decreasing demand curve from `min_kw` on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bid {
    /// Bought at any price; negative where a battery or PV feeds in at any price.
    pub min_kw: f64,
    /// Demand preferred at the expected price, Q̂.
    pub preferred_kw: f64,
    /// By falling price.
    pub steps: Vec<Step>,
}

/// The corners of a bid: `min_kw` at `top`, `preferred_kw` from `above` down to `below`, `max_kw`
/// at `bottom`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners {
    pub min_kw: f64,
    pub preferred_kw: f64,
    pub max_kw: f64,
    pub top: f64,
    pub above: f64,
    pub below: f64,
    pub bottom: f64,
}

impl Corners {
    /// The published curve: the expected price P^f ± kσ at the ends, a vertical drop of P^f ± ι
    /// at Q̂.
    ///
    /// Eq. `[theisen2024]`(3.1) b. Where kσ < ι the ends are at P^f ± ι.
    pub fn published(
        quantities_kw: [f64; 3],
        expected: f64,
        spread: f64,
        intercept: f64,
    ) -> Corners {
        let [min_kw, preferred_kw, max_kw] = quantities_kw;
        let spread = spread.max(intercept);
        Corners {
            min_kw,
            preferred_kw: preferred_kw.clamp(min_kw, max_kw.max(min_kw)),
            max_kw: max_kw.max(min_kw),
            top: expected + spread,
            above: expected + intercept,
            below: expected - intercept,
            bottom: expected - spread,
        }
    }

    /// The four-point curve of the TESP battery agent: one slope on either side of Q̂, which is
    /// infinite where the slider is 0.
    ///
    /// Slope = −(max f − min f) / (R_c + R_d) / slider, f the forecast. Eq. `[theisen2024]`(3.1) b.
    pub fn four_point(
        quantities_kw: [f64; 3],
        expected: f64,
        forecast_range: f64,
        slider: f64,
        intercept: f64,
    ) -> Corners {
        let [min, preferred, max] = quantities_kw;
        let preferred = preferred.clamp(min, max.max(min));
        let slope = forecast_range / (max - min).max(1e-9) / slider.max(0.0);
        let rise = |kw: f64| if kw > 0.0 { slope * kw } else { 0.0 };
        Corners {
            min_kw: min,
            preferred_kw: preferred,
            max_kw: max.max(min),
            top: expected + intercept + rise(preferred - min),
            above: expected + intercept,
            below: expected - intercept,
            bottom: expected - intercept - rise(max - preferred),
        }
    }

    /// The curve in `n` steps a side, each priced at its right end.
    ///
    /// Infinite prices are prices no market reaches: demand above them moves to `min_kw`, demand
    /// below them is dropped.
    pub fn steps(&self, n: usize) -> Bid {
        let mut bid = Bid {
            min_kw: self.min_kw,
            preferred_kw: self.preferred_kw,
            steps: Vec::with_capacity(2 * n),
        };
        let mut side = |from_kw: f64, to_kw: f64, from: f64, to: f64| {
            let width_kw = (to_kw - from_kw) / n as f64;
            if width_kw <= NARROW_KW {
                return;
            }
            for k in 1..=n {
                let share = k as f64 / n as f64;
                bid.steps.push(Step {
                    width_kw,
                    usd_per_kwh: from + share * (to - from),
                });
            }
        };
        if self.top.is_finite() {
            side(self.min_kw, self.preferred_kw, self.top, self.above);
        }
        if self.bottom.is_finite() {
            side(self.preferred_kw, self.max_kw, self.below, self.bottom);
        }
        if !self.top.is_finite() {
            bid.min_kw = self.preferred_kw;
        }
        bid
    }
}

impl Bid {
    /// Demand at any price, no more.
    pub fn fixed(kw: f64) -> Bid {
        Bid {
            min_kw: kw,
            preferred_kw: kw,
            steps: Vec::new(),
        }
    }

    /// The part of a demand that is within a capacity.
    pub fn up_to(&self, capacity_kw: f64) -> Bid {
        let mut left = (capacity_kw - self.min_kw).max(0.0);
        let within = |step: &Step| {
            let width_kw = step.width_kw.min(left);
            left -= width_kw;
            (width_kw > NARROW_KW).then_some(Step { width_kw, ..*step })
        };
        Bid {
            min_kw: self.min_kw.min(capacity_kw),
            preferred_kw: self.preferred_kw.min(capacity_kw),
            steps: self.steps.iter().filter_map(within).collect(),
        }
    }

    /// Two demands as one.
    pub fn plus(&self, other: &Bid) -> Bid {
        let mut steps = [&self.steps[..], &other.steps[..]].concat();
        crate::sort::by(&mut steps, |a, b| b.usd_per_kwh.total_cmp(&a.usd_per_kwh));
        Bid {
            min_kw: self.min_kw + other.min_kw,
            preferred_kw: self.preferred_kw + other.preferred_kw,
            steps,
        }
    }

    /// The part of `other` in a demand of both: steps by falling price, equal prices by their widths.
    pub fn part_of(&self, other: &Bid, kw: f64) -> f64 {
        let mut left = kw - self.min_kw - other.min_kw;
        let mut part = other.min_kw;
        let both = self.plus(other);
        let mut at = 0;
        while at < both.steps.len() && left > 0.0 {
            let price = both.steps[at].usd_per_kwh;
            let width = |bid: &Bid| -> f64 {
                let same = bid.steps.iter().filter(|s| s.usd_per_kwh == price);
                same.map(|s| s.width_kw).sum()
            };
            let (all, own) = (width(&both), width(other));
            part += own * (left / all).min(1.0);
            left -= all;
            at += both.steps[at..]
                .iter()
                .take_while(|s| s.usd_per_kwh == price)
                .count();
        }
        part
    }

    pub fn max_kw(&self) -> f64 {
        self.min_kw + self.steps.iter().map(|s| s.width_kw).sum::<f64>()
    }

    /// Least and greatest demand that is best at a price: they differ where a step has that price.
    pub fn at(&self, usd_per_kwh: f64) -> (f64, f64) {
        let sum = |keep: fn(f64, f64) -> bool| {
            let wanted = self
                .steps
                .iter()
                .filter(|s| keep(s.usd_per_kwh, usd_per_kwh));
            self.min_kw + wanted.map(|s| s.width_kw).sum::<f64>()
        };
        (
            sum(|bid, price| bid > price),
            sum(|bid, price| bid >= price),
        )
    }

    /// V(Q) = ∫ of the curve from `min_kw` to Q, $/h; what lies beyond the curve is worth nothing.
    pub fn value_usd_per_h(&self, kw: f64) -> f64 {
        let mut left = kw - self.min_kw;
        let mut value = 0.0;
        for step in &self.steps {
            let taken = left.min(step.width_kw);
            if taken <= 0.0 {
                break;
            }
            value += taken * step.usd_per_kwh;
            left -= taken;
        }
        value
    }

    /// Prices between which a demand is best: what the next kW is worth, and what the last is.
    pub fn marginal(&self, kw: f64) -> (f64, f64) {
        let (mut end, mut last) = (self.min_kw, f64::INFINITY);
        let near = |a: f64, b: f64| (a - b).abs() <= 0.1 * NARROW_KW + 1e-12 * a.abs();
        for step in &self.steps {
            if near(kw, end) {
                return (step.usd_per_kwh, last);
            }
            end += step.width_kw;
            last = step.usd_per_kwh;
            if kw < end && !near(kw, end) {
                return (last, last);
            }
        }
        (f64::NEG_INFINITY, last)
    }
}
