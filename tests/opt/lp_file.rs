//! The LP file of one model with everything in it, letter by letter. The golden file was
//! read back with HiGHS 1.15 (cone left out, as the file says); regenerate with
//! `TANDEM_BLESS=1 cargo test --test opt lp_file`.

use std::path::Path;
use tandem::opt::{Model, Var, lp_file};

const INF: f64 = f64::INFINITY;

fn everything() -> Model {
    let mut model = Model::new("everything\nin one model");
    let g1 = model.var("p:G1", 0.0, 8.0, 6.0);
    let g4 = model.var("p:G4", 0.0, INF, 16.0);
    let theta = model.var("theta 4", -INF, INF, 0.0);
    let shed = model.var("free", -INF, 0.5, -1e-7);
    let fixed = model.var("2-3", 1.25, 1.25, 0.0);
    let on = model.integer("on", 0.0, 1.0, 100.0);
    let steps = model.integer("on", -3.0, 7.0, 0.1);
    model.quadratic(g1, g1, 0.25);
    model.quadratic(g4, g1, -0.125);
    model.quadratic(g4, g4, 1.0);
    model.set_constant(-12.5);
    model.row("balance", [(g1, 1.0), (g4, 1.0), (shed, -1.0)], 15.0, 15.0);
    model.row("2-3", [(g1, 2.0 / 3.0), (fixed, -1.0)], -10.0, 10.0);
    model.row("2-3", [(theta, 1.0), (steps, 2.0)], -INF, 4.0);
    model.row("e5", [(g1, 1.0), (on, -8.0)], 0.0, INF);
    model.row("end", [], -1.0, INF);
    model.row("nothing", [(g1, 1.0)], -INF, INF);
    model.row("", (0..7).chain(0..7).map(|j| (Var(j), 1.0)), -INF, 1e6);
    model.cone("soc", vec![(vec![(g4, 1.0)], 2.0), (vec![(g1, 1.0)], 0.0)]);
    model
}

#[test]
fn everything_is_written_as_in_the_golden_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/opt/lp_file/everything.lp");
    let text = lp_file::write(&everything());
    if std::env::var_os("TANDEM_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());
}
