//! Bound tightening: what a choice of some integer variables implies for the others.

use tandem::opt::inside::*;
use tandem::opt::{Model, Var};

#[test]
fn a_choice_settles_what_depends_on_it() {
    let mut model = Model::new("bid over two periods");
    let on: Vec<Var> = (1..=2)
        .map(|t| model.integer(format!("on[{t}]"), 0.0, 1.0, 0.0))
        .collect();
    let other = model.integer("other", 0.0, 1.0, 0.0);
    let p = model.var("p", 0.0, 7.0, 1.0);
    let free = f64::INFINITY;
    model.row("stays on", [(on[1], 1.0), (on[0], -1.0)], 0.0, free);
    model.row("one of both", [(on[1], 1.0), (other, 1.0)], -free, 1.0);
    model.row("p only with other", [(p, 1.0), (other, -7.0)], -free, 0.0);
    let before = settled(&model);
    assert_eq!(before, model);
    model.set_bounds(on[0], 1.0, 1.0);
    let after = settled(&model);
    let bounds = |v: Var| (after.vars()[v.0].lower, after.vars()[v.0].upper);
    assert_eq!(bounds(on[1]), (1.0, 1.0));
    assert_eq!(bounds(other), (0.0, 0.0));
    assert_eq!(bounds(p), (0.0, 0.0));
}
