//! Limits on the angle across a branch as limits on its flow.

use super::super::Branch;

/// What the limits on the angle across a branch come to.
pub(super) enum Angle {
    /// No limit, or one that the rating keeps anyway.
    Looser,
    /// The same as this limit on the flow, MW.
    Flow(f64),
    /// A limit that differs by direction, which a case cannot hold.
    OneSided,
}

/// `p = base (δ − shift) / (x tap)`: angle limits (degrees; 0 and ±360 are none) as a limit on the flow.
pub(super) fn angle_limit_mw(branch: &Branch, [low, high]: [f64; 2], base_mva: f64) -> Angle {
    let per_degree = base_mva * std::f64::consts::PI / 180.0 / (branch.x_pu * branch.tap);
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
        _ => Angle::OneSided,
    }
}
