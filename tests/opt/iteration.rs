//! Iterations x⁺ = f(x) of one number: fixed points, their slopes, what a sequence does in the long run.

use tandem::opt::inside::*;

#[test]
fn patterns_are_told_apart() {
    assert_eq!(pattern(&[1.0, 2.0, 2.0]), Pattern::Steady { from: 1 });
    assert_eq!(
        pattern(&[1.0, 4.0, 1.0, 4.0, 1.0, 4.0]),
        Pattern::Cycle { period: 2, from: 0 }
    );
    let halving: Vec<f64> = (0..6).map(|t| 2.0 - (-0.5f64).powi(t)).collect();
    match pattern(&halving) {
        Pattern::Damped { ratio } => assert!((ratio - 0.5).abs() < 1e-12),
        other => panic!("{other:?}"),
    }
    let growing: Vec<f64> = (0..6).map(|t| 2.0 - 0.1 * (-1.5f64).powi(t)).collect();
    assert!(matches!(pattern(&growing), Pattern::Growing { .. }));
}

#[test]
fn a_jump_over_the_diagonal_is_no_fixed_point() {
    let jump = |x: f64| Some(if x < 1.0 { 2.0 } else { 0.5 });
    let map: Vec<(f64, f64)> = (0..=20)
        .map(|k| k as f64 * 0.1 + 0.05)
        .map(|x| (x, jump(x).unwrap()))
        .collect();
    assert_eq!(fixed_point(&map, 1.0, &jump), None);
    let line = |x: f64| Some(3.0 - 0.5 * x);
    let map: Vec<(f64, f64)> = (0..=20)
        .map(|k| k as f64 * 0.2)
        .map(|x| (x, line(x).unwrap()))
        .collect();
    let x = fixed_point(&map, 0.0, &line).unwrap();
    assert!((x - 2.0).abs() < 1e-9);
    let (left, right) = slopes(x, 0.0, 4.0, &line).unwrap();
    assert!((left + 0.5).abs() < 1e-6 && (right + 0.5).abs() < 1e-6);
}
