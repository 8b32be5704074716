//! Branch and bound among a few choices of a large program, to better a point that is known.

use tandem::opt::Model;
use tandem::opt::diving::Integral;
use tandem::opt::diving::{hold, priced};
use tandem::opt::inside::*;

/// 12 MW are needed: with the block of 8 MW at 40 $/MWh alone 4 MW are missing at 3000; with that of 35 MW at
/// 43, too, 31 MW are spilled at 1. By hand 8·40 + 35·43 + 31 = 1856.
#[test]
fn a_block_that_a_rounding_left_out_is_found() {
    let mut model = Model::new("between two blocks");
    let small = model.integer("8 MW", 0.0, 1.0, 8.0 * 40.0);
    let large = model.integer("35 MW", 0.0, 1.0, 35.0 * 43.0);
    let missing = model.var("missing", 0.0, f64::INFINITY, 3000.0);
    let spilled = model.var("spilled", 0.0, f64::INFINITY, 1.0);
    let terms = [(small, 8.0), (large, 35.0), (missing, 1.0), (spilled, -1.0)];
    model.row("balance", terms, 12.0, 12.0);
    let fixed = hold(&model, &[1.0, 0.0, 0.0, 0.0]);
    let solution = priced(&fixed).unwrap();
    assert!((solution.objective - 12_320.0).abs() < 1e-6);
    let bound = priced(&model.relaxed()).unwrap().objective;
    let found = improved(
        &model,
        Integral {
            fixed,
            solution,
            bound,
            exact: false,
        },
    );
    assert!((found.solution.objective - 1856.0).abs() < 1e-6);
}
