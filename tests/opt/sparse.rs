//! Sparse factorisation: residuals of random systems, indefinite and singular matrices.

use fastrand::Rng;
use tandem::opt::sparse::{Again, Ldl};

const SEED: u64 = 20_260_715;

/// Weighted Laplacian of a random connected graph without its first node.
fn network(random: &mut Rng, n: usize, negative: bool) -> Vec<(usize, usize, f64)> {
    let mut entries = Vec::new();
    let mut branch = |i: usize, j: usize, b: f64| {
        for (k, other) in [(i, j), (j, i)] {
            if k > 0 {
                entries.push((k - 1, k - 1, b));
                if other > k {
                    entries.push((k - 1, other - 1, -b));
                }
            }
        }
    };
    for k in 1..=n {
        branch(random.usize(0..k), k, 1.0 + 9.0 * random.f64());
    }
    for _ in 0..n {
        let (i, j) = (random.usize(0..=n), random.usize(0..=n));
        if i != j {
            let sign = if negative && random.f64() < 0.3 {
                -1.0
            } else {
                1.0
            };
            branch(i, j, sign * (1.0 + 9.0 * random.f64()));
        }
    }
    entries
}

fn multiply(n: usize, upper: &[(usize, usize, f64)], x: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; n];
    for &(i, j, a) in upper {
        product[i] += a * x[j];
        if i != j {
            product[j] += a * x[i];
        }
    }
    product
}

#[test]
fn random_networks_are_solved_to_round_off() {
    let mut random = Rng::with_seed(SEED);
    for case in 0..100 {
        let n = random.usize(1..80);
        let entries = network(&mut random, n, case % 2 == 1);
        let Ok(factor) = Ldl::new(n, &entries) else {
            assert!(case % 2 == 1, "seed {SEED}, case {case}");
            continue;
        };
        assert_eq!(factor.size(), n);
        let expected: Vec<f64> = (0..n).map(|_| 2.0 * random.f64() - 1.0).collect();
        let right = multiply(n, &entries, &expected);
        let mut x = right.clone();
        factor.solve(&mut x).unwrap();
        let scale = x.iter().fold(1.0_f64, |s, x| s.max(x.abs()));
        for (ours, right) in multiply(n, &entries, &x).iter().zip(&right) {
            let error = (ours - right).abs();
            assert!(error < 1e-9 * scale, "seed {SEED}, case {case}: {error}");
        }
    }
}

/// One negative reactance makes the matrix indefinite; a factorisation that shifts pivots
/// would answer with another matrix.
#[test]
fn an_indefinite_matrix_is_solved_as_it_is() {
    let entries = [(0, 0, 1.0), (0, 1, 2.0), (1, 1, 1.0)];
    let factor = Ldl::new(2, &entries).unwrap();
    assert!(!factor.is_positive());
    let mut x = [3.0, 3.0];
    factor.solve(&mut x).unwrap();
    assert!((x[0] - 1.0).abs() < 1e-14 && (x[1] - 1.0).abs() < 1e-14);
    // A pivot of −1e-9 is small, not wrong.
    let factor = Ldl::new(2, &[(0, 0, 1.0), (1, 1, -1e-9)]).unwrap();
    let mut x = [1.0, 1.0];
    factor.solve(&mut x).unwrap();
    assert!((x[1] + 1e9).abs() < 1.0);
}

#[test]
fn singular_and_malformed_matrices_are_refused() {
    // An island: two nodes joined to nothing else.
    let island = [(0, 0, 1.0), (1, 1, 3.3), (1, 2, -3.3), (2, 2, 3.3)];
    assert!(Ldl::new(3, &island).is_err());
    assert!(Ldl::new(2, &[(0, 0, 1.0)]).is_err());
    assert!(Ldl::new(1, &[(0, 0, 0.0)]).is_err());
    assert!(Ldl::new(2, &[(0, 0, 1.0), (1, 0, 0.5), (1, 1, 1.0)]).is_err());
    assert!(Ldl::new(2, &[(0, 0, 1.0), (0, 2, 0.5), (1, 1, 1.0)]).is_err());
    assert!(Ldl::new(1, &[(0, 0, f64::NAN)]).is_err());
    let factor = Ldl::new(1, &[(0, 0, 2.0)]).unwrap();
    assert!(factor.solve(&mut [1.0, 2.0]).is_err());
    assert!(Ldl::new(0, &[]).unwrap().solve(&mut []).is_ok());
}

/// By hand: 2x + y = 4, x + 3y = 7 give x = 1, y = 2; with 4 in place of 2 and twice the other entries 4x + 2y = 4,
/// 2x + 6y = 7 give x = 0.5, y = 1.
#[test]
fn other_values_in_the_same_places_are_factored_again() {
    let mut factor = Again::new(
        2,
        &[(0, 0, 1.0), (0, 1, 1.0), (1, 1, 3.0), (0, 0, 1.0)],
        None,
    )
    .unwrap();
    assert_eq!(factor.order().len(), 2);
    let mut x = [4.0, 7.0];
    factor.solve(&mut x);
    assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12);
    let twice = [(0, 0, 4.0), (0, 1, 2.0), (1, 1, 6.0), (0, 0, 0.0)];
    factor.refactor(&twice).unwrap();
    let mut x = [4.0, 7.0];
    factor.solve(&mut x);
    assert!((x[0] - 0.5).abs() < 1e-12 && (x[1] - 1.0).abs() < 1e-12);
    assert!(factor.refactor(&twice[..3]).is_err());
    assert!(Again::new(2, &[(0, 0, 1.0), (1, 0, 0.5), (1, 1, 1.0)], None).is_err());
    assert!(Again::new(2, &[(0, 0, 1.0), (0, 2, 0.5), (1, 1, 1.0)], None).is_err());
    let given = Again::new(2, &twice, Some(vec![1, 0])).unwrap();
    assert_eq!(given.order(), [1, 0]);
}
