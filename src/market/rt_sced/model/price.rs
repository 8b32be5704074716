//! Prices of one dispatch.

/// Locational marginal prices and their parts, $/MWh.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// Energy component: price at the reference.
    pub energy: f64,
    /// Loss component by bus, −λ LF_i; `None` where losses are not asked for.
    pub losses: Option<Vec<f64>>,
    /// (limit, ∂cost/∂limit on the flow from → to): ≤ 0 at the upper limit, ≥ 0 at the lower.
    pub lines: Vec<(usize, f64)>,
    /// LMP by bus.
    pub lmp: Vec<f64>,
    /// Range of the LMP by bus where the optimal duals are not unique.
    pub lmp_range: Option<Vec<(f64, f64)>>,
    /// Price of each aggregator and its range.
    pub groups: Vec<(f64, f64, f64)>,
    /// Ramp opportunity ρ by generator: what one more MW of it now saves in the intervals looked
    /// ahead at; 0 where no ramp holds it.
    pub ramps: Vec<f64>,
}
