//! A meshed network by the DC flow, without voltage angles.

use tandem::network::formulation::dc::*;

/// Two meshes with a common branch, a branch beside another, and a second island.
#[test]
fn a_flow_of_angles_adds_to_nothing_around_every_cycle() {
    let ends = [(0, 1), (1, 2), (2, 0), (3, 2), (3, 0), (0, 3), (4, 5)];
    let branches: Vec<DcBranch> = ends
        .iter()
        .enumerate()
        .map(|(l, &(from, to))| DcBranch {
            name: l.to_string(),
            from,
            to,
            b_mw_per_rad: 10.0 + l as f64,
            shift_rad: 0.01 * l as f64,
            max_p_mw: None,
        })
        .collect();
    let angle = [0.0, 0.3, -0.2, 0.7, 0.0, 1.0];
    let drop = |l: usize| angle[ends[l].0] - angle[ends[l].1];
    let cycles = cycles(6, &branches);
    assert_eq!(cycles.len(), ends.len() - 6 + 2);
    for (closing, cycle) in cycles {
        assert!(cycle.contains(&(closing, 1.0)));
        let around: f64 = cycle.iter().map(|&(l, sign)| sign * drop(l)).sum();
        assert!(around.abs() < 1e-12, "{cycle:?}");
    }
}
