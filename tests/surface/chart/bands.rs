//! Bands of equal value over the plane, and the room their scale takes.

use tandem::chart::inside::step;

#[test]
fn limits_are_round_and_about_ten() {
    for span in [64.0, 0.3, 7.0, 24.1, 1e6, 3e-7] {
        let (step, decimals) = step(span);
        let count = span / step;
        assert!((5.0..=12.0 + 1e-6).contains(&count), "{span} {step}");
        let text = format!("{step:.decimals$}");
        let read: f64 = text.parse().unwrap();
        assert!((read - step).abs() < 1e-9 * step, "{text} {step}");
    }
}
