//! From the cone to the AC power flow: exact where it is exact, recovered where it is not.

use crate::testing::feeders::{Bid, FeederProgram, baran_wu, random_feeder};
use tandem::case::{self, Feeder};
use tandem::network::formulation::feeder::Physics;
use tandem::network::formulation::recovery::{Part, Recovered, recover};
use tandem::opt::{Solution, Var, certify, conic};

fn part(program: &FeederProgram) -> Part<'_> {
    Part {
        feeder: &program.feeder,
        tree: &program.tree,
        flow: &program.flow[0],
        injected: &program.injected[0],
    }
}

fn solved(program: &FeederProgram) -> (Solution, Recovered) {
    let relaxed = conic::solve(&program.model).unwrap();
    let recovered = recover(&program.model, &[part(program)], &relaxed).unwrap();
    (relaxed, recovered)
}

/// Holds at zero the variables whose names begin like this.
fn hold(program: &mut FeederProgram, beginnings: &[&str]) {
    for j in 0..program.model.vars().len() {
        let name = &program.model.vars()[j].name;
        if beginnings.iter().any(|b| name.starts_with(b)) {
            program.model.set_bounds(Var(j), 0.0, 0.0);
        }
    }
}

/// With its loads fixed the cone of Baran and Wu's feeder is exact: the losses are those of the
/// power flow.
#[test]
fn loads_alone_leave_nothing_to_recover() {
    let mut program = baran_wu(0.0);
    let (export, row) = program.export[0];
    program
        .model
        .set_limits(row, f64::NEG_INFINITY, f64::INFINITY);
    program.model.set_cost(export, -20.0);
    hold(&mut program, &["q"]);
    let (_, recovered) = solved(&program);
    assert!(
        recovered.is_exact() && recovered.steps == 0,
        "{recovered:?}"
    );
    let check = part(&program).check(&recovered.x).unwrap();
    // Importing at 20 is cheaper than every bid.
    assert!((recovered.x[export.0] + 3.91768).abs() < 1e-4);
    assert!((1e3 * check.flow.loss_p_mw - 202.677).abs() < 1e-2);
    assert!(check.voltage_difference_pu < 1e-5, "{check:?}");
    assert!(check.flow_difference_mva < 1e-4);
    assert!(check.import_difference_mw.abs() < 1e-4);
    assert_eq!(check.voltage_violation_pu, 0.0);
}

/// A feeder of one line, r = 0.01 p.u., voltage at most 1.05.
fn one_line() -> Feeder {
    let mut random = fastrand::Rng::with_seed(0);
    let mut feeder = random_feeder(&mut random, 2);
    let line = &mut feeder.lines[0];
    (line.r_ohm, line.x_ohm, line.max_s_mva) = (0.01 * 400.0, 0.0, None);
    feeder
}

/// Sun at the end of one line, paid 30 at the substation: the voltage limit lets
/// p = V (V − 1) / r = 5.25 MW through. The cone burns power in the line to let more in where
/// a subsidy makes that pay.
#[test]
fn one_line_at_its_voltage_limit_by_hand() {
    let bids = vec![Bid {
        bus: 1,
        low: 0.0,
        high: 20.0,
        price: -40.0,
    }];
    let nothing = vec![(0.0, 0.0); 2];
    let mut program = FeederProgram::new(one_line(), Physics::BranchFlow, &[nothing], &[bids], 0.0);
    let (export, row) = program.export[0];
    program
        .model
        .set_limits(row, f64::NEG_INFINITY, f64::INFINITY);
    program.model.set_cost(export, -1.0);
    // No reactive power and no slack: one number decides.
    hold(&mut program, &["q", "slack"]);
    let (relaxed, recovered) = solved(&program);
    assert!(relaxed.x[0] > 6.0, "the cone lets in {}", relaxed.x[0]);
    assert!(recovered.is_exact() && recovered.steps > 0, "{recovered:?}");
    assert!((recovered.x[0] - 5.25).abs() < 1e-3, "{}", recovered.x[0]);
    assert!(recovered.objective > relaxed.objective);
    let check = part(&program).check(&recovered.x).unwrap();
    assert!(check.voltage_violation_pu < 1e-5, "{check:?}");
}

/// Much sun on the 33-bus feeder, with a subsidy: the cone has gaps, the recovered point has
/// none and is a power flow within the limits, at a cost not below the relaxation's.
#[test]
fn sun_on_the_feeder_is_recovered() {
    let feeder = case::builtin("baran-wu-33").unwrap().feeders.remove(0);
    let fixed: Vec<(f64, f64)> = (feeder.buses.iter())
        .map(|b| (-0.3 * b.p_load_mw, -0.3 * b.q_load_mvar))
        .collect();
    let bids = [18, 25, 33]
        .iter()
        .map(|&id| Bid {
            bus: id - 1,
            low: 0.0,
            high: 3.0,
            price: -60.0,
        })
        .collect();
    let mut program = FeederProgram::new(feeder, Physics::BranchFlow, &[fixed], &[bids], 0.0);
    let (export, row) = program.export[0];
    program
        .model
        .set_limits(row, f64::NEG_INFINITY, f64::INFINITY);
    program.model.set_cost(export, -10.0);
    let (relaxed, recovered) = solved(&program);
    assert!(recovered.excess_before_mva > 1e-2);
    assert!(recovered.is_exact(), "{}", recovered.excess_mva);
    assert!(recovered.objective >= relaxed.objective - 1e-6);
    let proof = certify("recovered", &program.model, &recovered.x, None);
    assert!(proof.certified, "{proof:?}");
    let before = part(&program).check(&relaxed.x);
    let check = part(&program).check(&recovered.x).unwrap();
    assert!(check.voltage_violation_pu < 1e-4, "{check:?}");
    assert!(check.voltage_difference_pu < 1e-4 && check.flow_difference_mva < 1e-3);
    assert!(before.is_err() || before.is_ok_and(|b| b.voltage_violation_pu > 1e-3));
}
