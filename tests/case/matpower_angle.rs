//! Limits on the angle across a branch as limits on its flow.

use tandem::case::Branch;
use tandem::case::matpower::inside::*;

/// 100 MVA, x = 0.1 and 0.1 rad of shift, at most 200 MW, within ±0.2 rad: flows of 1000 (δ − 0.1), from −300, which the
/// rating cuts to −200, to 100 MW.
#[test]
fn angles_beside_a_shift_are_a_range() {
    let degrees = 180.0 / std::f64::consts::PI;
    let branch = Branch {
        id: "1-2".into(),
        from: "1".into(),
        to: "2".into(),
        x_pu: 0.1,
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.1 * degrees,
        max_p_mw: Some(200.0),
        in_service: true,
    };
    let angles = [-0.2 * degrees, 0.2 * degrees];
    let Angle::Range([low, high]) = angle_limit_mw(&branch, angles, 100.0) else {
        panic!()
    };
    assert!((low + 200.0).abs() < 1e-9 && (high - 100.0).abs() < 1e-9);
    let [first, second] = circuits(branch, [low, high], 100.0);
    assert_eq!((first.x_pu, second.x_pu), (0.2, 0.2));
    // 500 MW per rad each. At the flow of 100 MW, 0.2 rad: 75 MW, its limit, in the first and 25 MW in the second.
    let flow = |b: &Branch, rad: f64| 500.0 * (rad - b.shift_deg / degrees);
    assert!((first.max_p_mw.unwrap() - 75.0).abs() < 1e-9);
    assert!((flow(&first, 0.2) - 75.0).abs() < 1e-9);
    assert!((flow(&second, 0.2) - 25.0).abs() < 1e-9);
    // And at −200 MW, which are −0.1 rad.
    assert!((flow(&first, -0.1) + 75.0).abs() < 1e-9);
    assert!((flow(&second, -0.1) + 125.0).abs() < 1e-9);
    assert_eq!(second.max_p_mw, None);
}
