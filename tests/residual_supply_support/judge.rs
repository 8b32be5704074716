//! Comparisons of two numbers, relative to their size.

#[track_caller]
pub fn near(what: &str, a: f64, b: f64, tolerance: f64) {
    let off = (a - b).abs();
    let scale = 1.0 + a.abs().max(b.abs());
    assert!(
        off <= tolerance * scale,
        "{what}: {a} and {b}, off by {off:e}"
    );
}

#[track_caller]
pub fn at_most(what: &str, less: f64, more: f64, tolerance: f64) {
    let scale = 1.0 + less.abs().max(more.abs());
    assert!(
        less <= more + tolerance * scale,
        "{what}: {less} > {more} by {:e}",
        less - more
    );
}
