//! What must hold for any network: seeded random meshed networks with parallel lines, transformers,
//! phase shifters, series capacitors and branches out of service.

use tandem::case::{Branch, Bus, CASE_VERSION, Case};
use tandem::network::{Network, Reference};

const SEEDS: u64 = 40;

/// SplitMix64: a generator whose state is its seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn chance(&mut self, p: f64) -> bool {
        self.within(0.0, 1.0) < p
    }
}

fn branch(id: String, from: usize, to: usize, x_pu: f64) -> Branch {
    Branch {
        id,
        from: from.to_string(),
        to: to.to_string(),
        x_pu,
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.0,
        max_p_mw: None,
        in_service: true,
    }
}

/// A spanning tree, so that it is connected, plus as many chords; every twelfth tree line doubled.
fn random_case(seed: u64) -> Case {
    let mut random = Random(seed);
    let n = 3 + random.below(38);
    let mut case = Case {
        version: CASE_VERSION,
        name: format!("random {seed}"),
        base_mva: [100.0, 10.0, 1.0][random.below(3)],
        buses: (0..n).map(Bus::new).collect(),
        ..Case::default()
    };
    let mut add = |random: &mut Random, from: usize, to: usize, tree: bool| {
        let (from, to) = if random.chance(0.5) {
            (from, to)
        } else {
            (to, from)
        };
        let mut new = branch(
            format!("b{}", case.branches.len()),
            from,
            to,
            random.within(0.01, 0.5),
        );
        if random.chance(0.2) {
            new.tap = random.within(0.9, 1.1);
        }
        if random.chance(0.1) {
            new.shift_deg = random.within(-15.0, 15.0);
        }
        if !tree && random.chance(0.1) {
            new.in_service = false;
        }
        if !tree && random.chance(0.05) {
            new.x_pu = -random.within(1.0, 2.0); // a series capacitor, not enough to resonate
        }
        case.branches.push(new);
    };
    for to in 1..n {
        let from = random.below(to);
        add(&mut random, from, to, true);
        if random.chance(1.0 / 12.0) {
            add(&mut random, from, to, true);
        }
    }
    for _ in 0..n {
        let (from, to) = (random.below(n), random.below(n));
        if from != to {
            add(&mut random, from, to, false);
        }
    }
    case
}

fn balanced_injections(random: &mut Random, n: usize) -> Vec<f64> {
    let mut p: Vec<f64> = (0..n).map(|_| random.within(-100.0, 100.0)).collect();
    let mean = p.iter().sum::<f64>() / n as f64;
    p.iter_mut().for_each(|p| *p -= mean);
    p
}

fn weights(random: &mut Random, n: usize) -> Vec<f64> {
    let mut w: Vec<f64> = (0..n).map(|_| random.within(0.0, 1.0)).collect();
    let sum: f64 = w.iter().sum();
    w.iter_mut().for_each(|w| *w /= sum);
    w
}

fn references(random: &mut Random, n: usize) -> Vec<Reference> {
    vec![
        Reference::Bus(0),
        Reference::Bus(random.below(n)),
        Reference::weights(weights(random, n)).unwrap(),
    ]
}

/// Runs `check` on every seed; prints the seed of the one that fails.
fn for_each_case(check: impl Fn(&Case, &Network, &mut Random)) {
    for seed in 0..SEEDS {
        let case = random_case(seed);
        let net = Network::new(&case).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        println!("seed {seed}"); // shown when the check below fails
        check(&case, &net, &mut Random(!seed));
    }
}

fn assert_near(have: f64, want: f64, scale: f64) {
    let tolerance = 1e-9 * scale.max(1.0);
    assert!((have - want).abs() <= tolerance, "{have} instead of {want}");
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m, v| m.max(v.abs()))
}

#[test]
fn kirchhoffs_laws_hold() {
    for_each_case(|case, net, random| {
        let p = balanced_injections(random, net.buses());
        let flows = net.flows_mw(&p);
        let scale = largest(&flows);
        let mut leaving = vec![0.0; net.buses()];
        for (k, flow) in flows.iter().enumerate() {
            let (from, to) = net.ends(k).unwrap();
            leaving[from] += flow;
            leaving[to] -= flow;
            assert!(case.branches[k].in_service || *flow == 0.0);
        }
        for (leaving, p) in leaving.iter().zip(&p) {
            assert_near(*leaving, *p, scale);
        }
        // Angle differences x·τ·flow/base + φ agree along any path: integrate over the tree
        // (every line to a bus of higher number met first) and check the others.
        let drop = |k: usize| {
            let b = &case.branches[k];
            b.x_pu * b.tap * flows[k] / case.base_mva + b.shift_deg.to_radians()
        };
        let mut theta = vec![None; net.buses()];
        theta[0] = Some(0.0);
        for _ in 0..net.buses() {
            for (k, branch) in case.branches.iter().enumerate() {
                let (from, to) = net.ends(k).unwrap();
                match (branch.in_service, theta[from], theta[to]) {
                    (true, Some(t), None) => theta[to] = Some(t - drop(k)),
                    (true, None, Some(t)) => theta[from] = Some(t + drop(k)),
                    (true, Some(f), Some(t)) => assert_near(f - t, drop(k), 1.0),
                    _ => {}
                }
            }
        }
    });
}

#[test]
fn shift_factors_times_injections_are_flows_for_any_reference() {
    for_each_case(|case, net, random| {
        let p = balanced_injections(random, net.buses());
        let flows = net.flows_mw(&p);
        let shifted_only = net.flows_mw(&vec![0.0; net.buses()]);
        for reference in references(random, net.buses()) {
            let from_factors = net.ptdf(&reference) * nalgebra::DVector::from_vec(p.clone());
            for k in 0..case.branches.len() {
                assert_near(from_factors[k] + shifted_only[k], flows[k], largest(&flows));
            }
        }
    });
}

#[test]
fn shift_factors_are_zero_at_their_reference() {
    for_each_case(|case, net, random| {
        let w = weights(random, net.buses());
        let reference = Reference::weights(w.clone()).unwrap();
        let matrix = net.ptdf(&reference);
        let bus = random.below(net.buses());
        for k in 0..case.branches.len() {
            let mean: f64 = w.iter().enumerate().map(|(i, w)| w * matrix[(k, i)]).sum();
            assert_near(mean, 0.0, 1.0);
            let row = net.ptdf_row(k, &Reference::Bus(bus));
            assert_eq!(row[bus], 0.0);
            // Another reference moves a row by a constant.
            let moved = row[0] - matrix[(k, 0)];
            for (i, value) in row.iter().enumerate() {
                assert_near(value - matrix[(k, i)], moved, 1.0);
            }
            if !case.branches[k].in_service {
                assert!(row.iter().all(|v| *v == 0.0));
            }
        }
    });
}

#[test]
fn outage_factors_equal_solving_again_without_the_branch() {
    for_each_case(|case, net, random| {
        let lodf = net.lodf();
        let bridges = net.bridges();
        // Phase shifts off: an outage then changes flows by the lost flow alone.
        let mut plain = case.clone();
        plain.branches.iter_mut().for_each(|b| b.shift_deg = 0.0);
        let p = balanced_injections(random, net.buses());
        let before = Network::new(&plain).unwrap().flows_mw(&p);
        for k in 0..case.branches.len() {
            if !case.branches[k].in_service {
                continue;
            }
            let mut without = plain.clone();
            without.branches[k].in_service = false;
            let outaged = Network::new(&without);
            assert_eq!(bridges[k], outaged.is_err(), "branch {k}");
            match outaged {
                Ok(outaged) => {
                    let after = outaged.flows_mw(&p);
                    for m in 0..case.branches.len() {
                        let change = lodf[(m, k)] * before[k];
                        assert_near(before[m] + change, after[m], largest(&after));
                    }
                }
                Err(_) => assert!(lodf.column(k).iter().all(|f| f.is_nan())),
            }
        }
    });
}

#[test]
fn outage_factors_eight_at_a_time_are_those_of_the_columns() {
    for_each_case(|case, net, _| {
        let in_service = |k: &usize| case.branches[*k].in_service;
        let all: Vec<usize> = (0..case.branches.len()).filter(in_service).collect();
        let shares = net.lodf_of(&all, &all);
        for (&k, shares) in all.iter().zip(shares.chunks(all.len())) {
            let column = net.lodf_column(k);
            for (share, &m) in shares.iter().zip(&all) {
                let one = column[m];
                let same = *share == one || share.is_nan() && one.is_nan();
                assert!(same, "{m} after the loss of {k}: {share} and {one}");
            }
        }
    });
}

#[test]
fn a_phase_shifter_is_lost_with_its_angle() {
    // Outage of a phase shifter: its whole flow, the part from its angle included, moves over.
    for_each_case(|case, net, random| {
        let p = balanced_injections(random, net.buses());
        let before = net.flows_mw(&p);
        let lodf = net.lodf();
        for (k, branch) in case.branches.iter().enumerate() {
            let mut without = case.clone();
            without.branches[k].in_service = false;
            if branch.shift_deg == 0.0 || net.bridges()[k] || !branch.in_service {
                continue;
            }
            let after = Network::new(&without).unwrap().flows_mw(&p);
            for m in 0..case.branches.len() {
                let change = lodf[(m, k)] * before[k];
                assert_near(before[m] + change, after[m], largest(&after));
            }
        }
    });
}

#[test]
fn the_order_of_buses_and_branches_does_not_matter() {
    for_each_case(|case, net, random| {
        let mut other = case.clone();
        for i in (1..other.buses.len()).rev() {
            other.buses.swap(i, random.below(i + 1));
        }
        other.branches.reverse();
        let shuffled = Network::new(&other).unwrap();
        let p = balanced_injections(random, net.buses());
        let mut q = vec![0.0; p.len()];
        for (bus, p) in case.buses.iter().zip(&p) {
            q[shuffled.bus(&bus.id).unwrap()] = *p;
        }
        let (flows, again) = (net.flows_mw(&p), shuffled.flows_mw(&q));
        for branch in &case.branches {
            let here = flows[net.branch(&branch.id).unwrap()];
            let there = again[shuffled.branch(&branch.id).unwrap()];
            assert_near(there, here, largest(&flows));
        }
    });
}

#[test]
fn parallel_lines_share_by_susceptance() {
    for_each_case(|case, _, random| {
        // Split one line without shift into two of 1/3 and 2/3 of its susceptance.
        let Some(k) = case
            .branches
            .iter()
            .position(|b| b.in_service && b.shift_deg == 0.0)
        else {
            return;
        };
        let p = balanced_injections(random, case.buses.len());
        let whole = Network::new(case).unwrap().flows_mw(&p);
        let mut split = case.clone();
        let mut second = split.branches[k].clone();
        second.id = "second".to_string();
        second.x_pu *= 1.5;
        split.branches[k].x_pu *= 3.0;
        split.branches.push(second);
        let parts = Network::new(&split).unwrap().flows_mw(&p);
        let scale = largest(&whole);
        for (m, (part, whole)) in parts.iter().zip(&whole).enumerate() {
            assert_near(*part, if m == k { whole / 3.0 } else { *whole }, scale);
        }
        assert_near(parts[parts.len() - 1], whole[k] * 2.0 / 3.0, scale);
    });
}

#[test]
fn reactances_that_cancel_are_refused() {
    let mut case = random_case(1);
    case.buses.truncate(2);
    case.branches = vec![
        branch("a".into(), 0, 1, 0.1),
        branch("b".into(), 0, 1, -0.1),
    ];
    let error = Network::new(&case).unwrap_err().to_string();
    assert!(error.contains("do not determine the flows"), "{error}");
}

#[test]
fn one_bus_alone_is_a_network() {
    let mut case = random_case(1);
    case.buses.truncate(1);
    case.branches.clear();
    let net = Network::new(&case).unwrap();
    assert_eq!(net.flows_mw(&[0.0]), Vec::<f64>::new());
    assert_eq!(net.ptdf(&Reference::Bus(0)).shape(), (0, 1));
}
