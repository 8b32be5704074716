//! The scale of a program: one for its variables, one for its costs.

use tandem::opt::Model;
use tandem::opt::inside::*;

#[test]
fn ordinary_programs_are_left_as_they_are() {
    let mut model = Model::new("ordinary");
    let x = model.var("x", 0.0, 400.0, 30.0);
    model.row("load", [(x, 1.0)], 15.0, 15.0);
    assert!(Scale::of(&model).is_one());
}

#[test]
fn powers_of_two_scale_without_rounding() {
    let mut model = Model::new("watts");
    let x = model.var("x", 0.0, 0.3e-6, 30e-6);
    model.row("load", [(x, 1.0)], 0.1e-6, f64::INFINITY);
    let scale = Scale::of(&model);
    let scaled = scale.model(&model);
    assert!((0.5..=2.0).contains(&scaled.vars()[0].upper));
    assert!((0.5..=2.0).contains(&scaled.vars()[0].cost));
    assert_eq!(scaled.vars()[0].upper * scale.size, 0.3e-6);
    assert_eq!(scaled.rows()[0].lower * scale.size, 0.1e-6);
    assert_eq!(scaled.vars()[0].cost * scale.price, 30e-6);
}
