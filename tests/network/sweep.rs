//! Sweep power flow: the published feeder, the equations on random trees, and no panic.

use tandem::case::{self, Feeder, FeederBus, FeederLine};
use tandem::network::{Radial, SweepFlow, sweep};

fn loads(feeder: &Feeder) -> Vec<(f64, f64)> {
    let buses = feeder.buses.iter();
    buses.map(|b| (-b.p_load_mw, -b.q_load_mvar)).collect()
}

/// Baran and Wu's feeder at 1 p.u. The losses of 202.68 kW (135.14 kvar), the least voltage of
/// 0.9131 p.u. at bus 18 and 0.9166 p.u. at bus 33 are what the literature on this feeder reports;
/// the further digits were found alike by two other sweep programs (3.917677126 MW and
/// 2.435140971 Mvar at the substation, 202.677126 kW, 135.140971 kvar, 0.913090479 p.u.;
/// lines 2-3 and 5-6 send 3.444299179 and 2.144295769 MW).
#[test]
fn the_feeder_of_baran_and_wu() {
    let case = case::builtin("baran-wu-33").unwrap();
    assert_eq!(case.validate(), []);
    let feeder = &case.feeders[0];
    let injections = loads(feeder);
    let tree = Radial::new(feeder).unwrap();
    let flow = sweep(&tree, feeder.root_v_pu, &injections).unwrap();
    let close = |ours: f64, theirs: f64, digits: f64| {
        assert!((ours - theirs).abs() < digits, "{ours} is not {theirs}");
    };
    close(1e3 * flow.loss_p_mw, 202.677126, 1e-5);
    close(1e3 * flow.loss_q_mvar, 135.140971, 1e-5);
    close(flow.import_p_mw, 3.917677126, 1e-8);
    close(flow.import_q_mvar, 2.435140971, 1e-8);
    let at = |id: &str| feeder.buses.iter().position(|b| b.id == id).unwrap();
    close(flow.v_pu[at("18")], 0.913090479361, 1e-10);
    close(flow.v_pu[at("17")], 0.913697546157, 1e-10);
    close(flow.v_pu[at("33")], 0.916589822134, 1e-10);
    close(flow.lines[at("3")].p_sent_mw, 3.444299179, 1e-8);
    close(flow.lines[at("6")].p_sent_mw, 2.144295769, 1e-8);
    let least = flow.v_pu.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(least, flow.v_pu[at("18")]);
    let total = |part: fn(&FeederBus) -> f64| feeder.buses.iter().map(part).sum::<f64>();
    close(total(|b| b.p_load_mw), 3.715, 1e-12);
    close(total(|b| b.q_load_mvar), 2.3, 1e-12);
}

/// One line, r only: V (1 − V) = r p, so V = (1 + √(1 − 4 r p)) / 2.
#[test]
fn one_line_by_hand_to_its_limit() {
    let feeder = tree_of(&[(0, 0.1, 0.0)], 1.0);
    let tree = Radial::new(&feeder).unwrap();
    let at = |load: f64| sweep(&tree, 1.0, &[(0.5, 0.0), (-load, 0.0)]);
    for load in [0.0, 0.5, 1.0, 2.0, 2.4, -1.0] {
        let flow = at(load).unwrap();
        let v = 0.5 * (1.0 + (1.0 - 0.4 * load).sqrt());
        assert!((flow.v_pu[1] - v).abs() < 1e-9, "{load}: {}", flow.v_pu[1]);
        let sent = (1.0 - v) / 0.1;
        assert!((flow.import_p_mw - (sent - 0.5)).abs() < 1e-9);
    }
    // Above 1 / 4r = 2.5 MW there is no voltage at which the line carries it.
    for load in [2.6, 5.0, 1e6] {
        let why = at(load).unwrap_err().to_string();
        assert!(why.contains("bus 2 of 2") && why.contains("MW"), "{why}");
    }
}

/// A feeder from (bus above, r, x) in p.u. on 1 MVA: bus i + 1 hangs on the bus named.
fn tree_of(lines: &[(usize, f64, f64)], base_kv: f64) -> Feeder {
    let bus = |id: usize| FeederBus {
        id: format!("n{id}"),
        p_load_mw: 0.0,
        q_load_mvar: 0.0,
        min_v_pu: 0.9,
        max_v_pu: 1.1,
    };
    let z = base_kv * base_kv;
    Feeder {
        id: "F".into(),
        base_kv,
        root: "n0".into(),
        root_v_pu: 1.0,
        buses: (0..=lines.len()).map(bus).collect(),
        lines: (lines.iter().enumerate())
            .map(|(i, &(above, r, x))| {
                // Every third line is written the other way round.
                let (upper, lower) = (format!("n{above}"), format!("n{}", i + 1));
                let flip = i % 3 == 2;
                FeederLine {
                    id: format!("l{}", i + 1),
                    from: if flip { lower.clone() } else { upper.clone() },
                    to: if flip { upper } else { lower },
                    r_ohm: r * z,
                    x_ohm: x * z,
                    max_s_mva: None,
                    min_p_mw: None,
                    max_p_mw: None,
                }
            })
            .collect(),
    }
}

fn random_tree(random: &mut fastrand::Rng, buses: usize, size: f64) -> Feeder {
    let lines: Vec<_> = (1..buses)
        .map(|i| {
            let above = if random.f64() < 0.8 {
                i - 1
            } else {
                random.usize(..i)
            };
            // Some lines are ties, some are capacitive.
            let z = |random: &mut fastrand::Rng| size * random.f64();
            match random.usize(..12) {
                0 => (above, 0.0, 0.0),
                1 => (above, z(random), -0.2 * z(random)),
                _ => (above, z(random), z(random)),
            }
        })
        .collect();
    tree_of(&lines, 1.0 + 20.0 * random.f64())
}

/// Every equation of the branch flow, in powers and squared magnitudes: not how it was found.
fn check(tree: &Radial, injections: &[(f64, f64)], root_v: f64, flow: &SweepFlow, what: &str) {
    let size = injections
        .iter()
        .fold(1.0_f64, |s, i| s.max(i.0.abs() + i.1.abs()));
    let zero = |value: f64, name: &str| {
        assert!(value.abs() < 1e-9 * size, "{what}: {name} off by {value:e}");
    };
    zero(flow.v_pu[tree.root] - root_v, "root voltage");
    zero(flow.residual_pu, "residual");
    let (mut loss_p, mut loss_q, mut sum_p, mut sum_q) = (0.0, 0.0, 0.0, 0.0);
    for &j in &tree.order {
        let line = tree.above[j].unwrap();
        let (r, x) = (line.r_pu, line.x_pu);
        let f = flow.lines[j];
        let on = |part: fn(&tandem::network::LineFlow) -> f64| -> f64 {
            tree.below[j].iter().map(|&k| part(&flow.lines[k])).sum()
        };
        zero(
            f.p_received_mw + injections[j].0 - on(|l| l.p_sent_mw),
            "P balance",
        );
        zero(
            f.q_received_mvar + injections[j].1 - on(|l| l.q_sent_mvar),
            "Q balance",
        );
        zero(f.p_sent_mw - f.p_received_mw - r * f.l_pu, "loss");
        zero(
            f.q_sent_mvar - f.q_received_mvar - x * f.l_pu,
            "reactive loss",
        );
        let (vi, vj) = (flow.v_pu[line.upper].powi(2), flow.v_pu[j].powi(2));
        let sent = f.p_sent_mw.powi(2) + f.q_sent_mvar.powi(2);
        zero((vi * f.l_pu - sent) / size, "current");
        let drop = 2.0 * (r * f.p_sent_mw + x * f.q_sent_mvar) - (r * r + x * x) * f.l_pu;
        zero(vi - vj - drop, "voltage drop");
        // The angle between the ends: V_i V_j* = v_i² − z* S.
        let (re, im) = (
            vi - r * f.p_sent_mw - x * f.q_sent_mvar,
            x * f.p_sent_mw - r * f.q_sent_mvar,
        );
        let angle = flow.angle_rad[line.upper] - flow.angle_rad[j];
        zero(im * angle.cos() - re * angle.sin(), "angle");
        loss_p += r * f.l_pu;
        loss_q += x * f.l_pu;
        sum_p += injections[j].0;
        sum_q += injections[j].1;
    }
    zero(flow.loss_p_mw - loss_p, "losses");
    zero(flow.loss_q_mvar - loss_q, "reactive losses");
    let root = injections[tree.root];
    zero(flow.import_p_mw + sum_p + root.0 - loss_p, "import");
    zero(
        flow.import_q_mvar + sum_q + root.1 - loss_q,
        "reactive import",
    );
}

#[test]
fn every_equation_holds_on_random_trees() {
    let mut random = fastrand::Rng::with_seed(33);
    for draw in 0..300 {
        let n = 2 + random.usize(..60);
        let feeder = random_tree(&mut random, n, 2e-3);
        let tree = Radial::new(&feeder).unwrap();
        let injections: Vec<(f64, f64)> = (0..n)
            .map(|_| (random.f64() - 0.7, 0.6 * random.f64() - 0.4))
            .collect();
        let root_v = 0.95 + 0.1 * random.f64();
        let flow = sweep(&tree, root_v, &injections).unwrap();
        check(
            &tree,
            &injections,
            root_v,
            &flow,
            &format!("seed 33, draw {draw}"),
        );
    }
}

#[test]
fn nothing_panics_and_no_answer_is_wrong() {
    let mut random = fastrand::Rng::with_seed(34);
    let (mut settled, mut lost) = (0, 0);
    for draw in 0..400 {
        let n = 1 + random.usize(..30);
        let size = 10f64.powf(6.0 * random.f64() - 4.0);
        let feeder = random_tree(&mut random, n, size);
        let tree = Radial::new(&feeder).unwrap();
        let strange = [0.0, 1e-300, 1e300, -1e9, f64::NAN, f64::INFINITY];
        let injections: Vec<(f64, f64)> = (0..n)
            .map(|_| match random.usize(..60) {
                0 => (random.choice(strange).unwrap(), 0.1),
                _ => (random.f64() - 0.5, random.f64() - 0.5),
            })
            .collect();
        let root_v = if random.usize(..20) == 0 {
            random.choice(strange).unwrap()
        } else {
            0.5 + random.f64()
        };
        match sweep(&tree, root_v, &injections) {
            Ok(flow) => {
                settled += 1;
                assert!(flow.v_pu.iter().all(|v| v.is_finite()));
                if root_v < 2.0 && injections.iter().all(|i| i.0.abs() < 1.0) {
                    check(&tree, &injections, root_v, &flow, &format!("draw {draw}"));
                }
            }
            Err(why) => {
                lost += 1;
                assert!(why.to_string().len() > 20, "{why}");
            }
        }
        assert!(sweep(&tree, 1.0, &injections[1..]).is_err());
    }
    assert!(
        settled > 100 && lost > 100,
        "{settled} settled, {lost} lost"
    );
}
