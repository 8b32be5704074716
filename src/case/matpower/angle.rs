//! Limits on the angle across a branch as limits on its flow.

use super::super::Branch;

/// What the limits on the angle across a branch come to.
#[derive(Debug, PartialEq)]
pub enum Angle {
    /// No limit, or one that the rating keeps anyway.
    Looser,
    /// The same as this limit on the flow, MW.
    Flow(f64),
    /// With the rating, the least and the greatest flow, MW, which differ by direction.
    Range([f64; 2]),
    /// A limit in one direction alone.
    OneSided,
}

/// MW of flow for one degree across a branch.
fn per_degree(branch: &Branch, base_mva: f64) -> f64 {
    base_mva * std::f64::consts::PI / 180.0 / (branch.x_pu * branch.tap)
}

/// `p = base (δ − shift) / (x tap)`: angle limits (degrees; 0 and ±360 are none) as a limit on the flow.
pub fn angle_limit_mw(branch: &Branch, [low, high]: [f64; 2], base_mva: f64) -> Angle {
    let per_degree = per_degree(branch, base_mva);
    let flow = |angle: f64| per_degree * (angle - branch.shift_deg);
    let none = |angle: f64| angle == 0.0 || angle.abs() >= 360.0;
    let ends = [
        if none(low) {
            f64::NEG_INFINITY * per_degree
        } else {
            flow(low)
        },
        if none(high) {
            f64::INFINITY * per_degree
        } else {
            flow(high)
        },
    ];
    let rating = branch.max_p_mw.unwrap_or(f64::INFINITY);
    let up = ends[0].max(ends[1]).min(rating);
    let down = (-ends[0].min(ends[1])).min(rating);
    match (up, down) {
        _ if up == rating && down == rating => Angle::Looser,
        _ if (up - down).abs() <= 1e-9 * up.abs() && up > 0.0 => Angle::Flow(up),
        _ if up.is_finite() && down.is_finite() => Angle::Range([-down, up]),
        _ => Angle::OneSided,
    }
}

/// A branch whose flow p stays in a range, `low ≤ p ≤ high`, as two circuits of twice its reactance. With the middle of the
/// range m = (low + high) / 2 and shifts that are m x tap / base more in the first and less in the second,
///
/// ```text
/// p₁ = (p − m) / 2,   p₂ = (p + m) / 2,   |p₁| ≤ (high − low) / 4   ⇔   low ≤ p ≤ high
/// ```
///
/// so that a limit in both directions on the first is the range of both together, whose sum is the flow of the branch.
pub fn circuits(branch: Branch, [low, high]: [f64; 2], base_mva: f64) -> [Branch; 2] {
    let more_deg = 0.5 * (low + high) / per_degree(&branch, base_mva);
    let circuit = |id: String, shift_deg: f64, max_p_mw: Option<f64>| Branch {
        id,
        x_pu: 2.0 * branch.x_pu,
        r_pu: 0.0,
        shift_deg,
        max_p_mw,
        ..branch.clone()
    };
    [
        circuit(
            branch.id.clone(),
            branch.shift_deg + more_deg,
            Some(0.25 * (high - low)),
        ),
        circuit(
            format!("{}-beside", branch.id),
            branch.shift_deg - more_deg,
            None,
        ),
    ]
}
