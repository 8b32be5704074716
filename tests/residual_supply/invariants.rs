//! What does not depend on how a system is written down, and what marginal costs mean.

use super::random::{Shape, between, random_case};
use super::small_systems::certified;
use crate::testing::near::{at_most, relatively_near};
use fastrand::Rng;
use tandem::case::Case;
use tandem::market::residual_supply::clear::{self, Cleared};
use tandem::market::residual_supply::evaluator::Evaluator;
use tandem::market::residual_supply::program::{Export, write};
use tandem::market::residual_supply::schemes::admitted;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Rsf, Scheme, Variant};
use tandem::network::formulation::feeder::Physics;
use tandem::opt::solve_priced;
use tandem::report::Cell;

const PHYSICS: [Physics; 3] = [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow];

const SHAPE: Shape = Shape {
    reactive: true,
    feeder_buses: 4,
    ..Shape::SMALL
};

fn tolerance(physics: Physics) -> f64 {
    if physics == Physics::BranchFlow {
        1e-5
    } else {
        1e-6
    }
}

fn params(physics: Physics) -> ResidualSupply {
    ResidualSupply {
        physics,
        rsf: Rsf {
            gap_usd: if physics == Physics::BranchFlow {
                0.2
            } else {
                1e-8
            },
            max_points: 300,
            ..Rsf::default()
        },
        // The relaxed cone itself is what scales.
        recover_ac: false,
        ..ResidualSupply::default()
    }
}

fn run(case: &Case, physics: Physics, scheme: Scheme, what: &str) -> (System, Cleared) {
    let system = System::new(case).unwrap();
    let market = certified(&system, &params(physics), scheme, what).market;
    (system, market)
}

fn gaps(market: &Cleared) -> f64 {
    market.curves.iter().flatten().map(|c| c.gap_usd).sum()
}

/// T9: two identical feeders at one bus are one whose curve is added to itself horizontally.
#[test]
fn twin_feeders_add_horizontally() {
    for seed in 0..4 {
        for physics in PHYSICS {
            let what = format!("seed {seed}, {physics:?}");
            let mut one = random_case(&mut Rng::with_seed(seed), SHAPE);
            one.feeders.truncate(1);
            one.boundaries.truncate(1);
            let kept = |bus: &str| !bus.starts_with('D') || bus.starts_with("D0.");
            let balancing = one.balancing.as_mut().unwrap();
            balancing.bids.retain(|bid| kept(&bid.bus));
            balancing.imbalances.retain(|i| kept(&i.bus));
            let mut two = one.clone();
            let twin = |id: &str| id.replace("D0", "E0");
            let mut feeder = two.feeders[0].clone();
            feeder.id = twin(&feeder.id);
            feeder.root = twin(&feeder.root);
            for bus in &mut feeder.buses {
                bus.id = twin(&bus.id);
            }
            for line in &mut feeder.lines {
                (line.from, line.to) = (twin(&line.from), twin(&line.to));
            }
            two.feeders.push(feeder);
            let mut boundary = two.boundaries[0].clone();
            (boundary.id, boundary.feeder) = (twin(&boundary.id), twin(&boundary.feeder));
            two.boundaries.push(boundary);
            let balancing = two.balancing.as_mut().unwrap();
            for mut bid in balancing.bids.clone() {
                if bid.bus.starts_with('D') {
                    (bid.id, bid.bus) = (format!("{} twin", bid.id), twin(&bid.bus));
                    balancing.bids.push(bid);
                }
            }
            for mut at in balancing.imbalances.clone() {
                if at.bus.starts_with('D') {
                    (at.id, at.bus) = (format!("{} twin", at.id), twin(&at.bus));
                    balancing.imbalances.push(at);
                }
            }
            let (_, both) = run(&two, physics, Scheme::Rsf, &what);
            let single = System::new(&one).unwrap();
            let params = params(physics);
            let all = admitted(&single, Scheme::Rsf);
            let mut curves = clear::curves(&single, &params, &all).unwrap();
            curves[1] = curves[1].take().map(|curve| curve.doubled());
            let view = clear::common(&params, &curves, &all);
            let program = write(&single, 0, view, Export::None);
            let solution = solve_priced(&program.model).unwrap();
            relatively_near(
                &what,
                solution.objective,
                both.objective_usd,
                tolerance(physics),
            );
            let export = solution.x[program.curved[1].as_ref().unwrap()[0].0];
            let exports = both.dispatch.export_mw[1][0] + both.dispatch.export_mw[2][0];
            relatively_near(&format!("{what}, export"), export, exports, 1e-4);
        }
    }
}

/// The order of buses, lines, bids and feeders, and the way a line is written, do not matter.
#[test]
fn order_and_direction_do_not_matter() {
    for seed in 100..104 {
        for physics in PHYSICS {
            let what = format!("seed {seed}, {physics:?}");
            let mut rng = Rng::with_seed(seed);
            let case = random_case(&mut rng, SHAPE);
            let mut other = case.clone();
            rng.shuffle(&mut other.buses);
            rng.shuffle(&mut other.branches);
            for branch in &mut other.branches {
                std::mem::swap(&mut branch.from, &mut branch.to);
            }
            rng.shuffle(&mut other.feeders);
            rng.shuffle(&mut other.boundaries);
            for feeder in &mut other.feeders {
                rng.shuffle(&mut feeder.buses);
                rng.shuffle(&mut feeder.lines);
                for line in &mut feeder.lines {
                    std::mem::swap(&mut line.from, &mut line.to);
                    (line.min_p_mw, line.max_p_mw) =
                        (line.max_p_mw.map(|p| -p), line.min_p_mw.map(|p| -p));
                }
            }
            let balancing = other.balancing.as_mut().unwrap();
            rng.shuffle(&mut balancing.bids);
            rng.shuffle(&mut balancing.imbalances);
            // With losses a limit on one end is not one on the other.
            let limited = |line: &tandem::case::FeederLine| {
                line.min_p_mw.is_some() || line.max_p_mw.is_some()
            };
            let mut lines = case.feeders.iter().flat_map(|f| &f.lines);
            if physics == Physics::BranchFlow && lines.any(limited) {
                continue;
            }
            for scheme in [Scheme::Common, Scheme::Rsf] {
                let (_, first) = run(&case, physics, scheme, &what);
                let (_, second) = run(&other, physics, scheme, &what);
                let room = tolerance(physics);
                relatively_near(&what, first.objective_usd, second.objective_usd, room);
            }
        }
    }
}

/// Twice the quantities over half the impedance: twice the cost, the same prices.
#[test]
fn twice_the_system_costs_twice_at_the_same_prices() {
    for seed in 200..204 {
        for physics in PHYSICS {
            let what = format!("seed {seed}, {physics:?}");
            let case = random_case(&mut Rng::with_seed(seed), SHAPE);
            let twice = doubled_case(&case);
            for scheme in [Scheme::Common, Scheme::Rsf] {
                let what = format!("{what}, {scheme:?}");
                let (system, first) = run(&case, physics, scheme, &what);
                let (_, second) = run(&twice, physics, scheme, &what);
                let room = tolerance(physics);
                let (one, two) = (2.0 * first.objective_usd, second.objective_usd);
                at_most(&what, one, two + 2.0 * gaps(&first), room);
                at_most(&what, two, one + gaps(&second), room);
                if scheme == Scheme::Rsf && physics == Physics::BranchFlow {
                    continue;
                }
                for a in 0..system.areas.len() {
                    for i in 0..system.areas[a].buses.len() {
                        let prices =
                            |m: &Cleared| (m.prices.lmp[a][0][i], m.prices.interval[a][0][i]);
                        let ((p, range), (q, _)) = (prices(&first), prices(&second));
                        // Where the price is not unique, any of the interval.
                        if (range.1 - range.0).abs() > 1e-6 {
                            continue;
                        }
                        let bus = &system.areas[a].buses[i];
                        relatively_near(&format!("{what}, price at {bus}"), p, q, 1e-3);
                    }
                }
            }
        }
    }
}

fn doubled_case(case: &Case) -> Case {
    let mut twice = case.clone();
    let double = |limit: &mut Option<f64>| *limit = limit.map(|v| 2.0 * v);
    twice.base_mva *= 2.0;
    for branch in &mut twice.branches {
        double(&mut branch.max_p_mw);
    }
    for line in twice.feeders.iter_mut().flat_map(|f| &mut f.lines) {
        line.r_ohm /= 2.0;
        line.x_ohm /= 2.0;
        double(&mut line.max_s_mva);
        double(&mut line.min_p_mw);
        double(&mut line.max_p_mw);
    }
    for boundary in &mut twice.boundaries {
        double(&mut boundary.max_p_mw);
    }
    let balancing = twice.balancing.as_mut().unwrap();
    for at in &mut balancing.imbalances {
        at.p_mw.iter_mut().for_each(|p| *p *= 2.0);
        at.q_mvar.iter_mut().for_each(|q| *q *= 2.0);
    }
    for bid in &mut balancing.bids {
        double(&mut bid.max_s_mva);
        for segment in bid.offers.iter_mut().flat_map(|o| &mut o.segments) {
            segment.min_p_mw *= 2.0;
            segment.max_p_mw *= 2.0;
        }
    }
    twice
}

/// A wider limit never costs more.
#[test]
fn wider_limits_cost_no_more() {
    for seed in 300..304 {
        for physics in PHYSICS {
            let case = random_case(&mut Rng::with_seed(seed), SHAPE);
            let mut wider = Vec::new();
            let mut change = |name: &str, edit: &dyn Fn(&mut Case)| {
                let mut other = case.clone();
                edit(&mut other);
                if other != case {
                    wider.push((name.to_string(), other));
                }
            };
            change("branches", &|c| {
                c.branches
                    .iter_mut()
                    .for_each(|b| b.max_p_mw = b.max_p_mw.map(|m| 1.3 * m));
            });
            change("boundaries", &|c| {
                c.boundaries.iter_mut().for_each(|b| b.max_p_mw = None);
            });
            change("lines", &|c| {
                for line in c.feeders.iter_mut().flat_map(|f| &mut f.lines) {
                    line.max_s_mva = line.max_s_mva.map(|s| 1.2 * s);
                    line.max_p_mw = line.max_p_mw.map(|p| p + 0.1);
                    line.min_p_mw = None;
                }
            });
            change("voltages", &|c| {
                for bus in c.feeders.iter_mut().flat_map(|f| &mut f.buses) {
                    bus.min_v_pu -= 0.01;
                    bus.max_v_pu += 0.01;
                }
            });
            let what = format!("seed {seed}, {physics:?}");
            let room = tolerance(physics);
            let (_, common) = run(&case, physics, Scheme::Common, &what);
            let (_, levels) = run(&case, physics, Scheme::Rsf, &what);
            for (name, other) in wider {
                let what = format!("{what}, wider {name}");
                let (_, after) = run(&other, physics, Scheme::Common, &what);
                at_most(&what, after.objective_usd, common.objective_usd, room);
                let (_, after) = run(&other, physics, Scheme::Rsf, &what);
                let allowed = levels.objective_usd + gaps(&after);
                at_most(&what, after.objective_usd, allowed, room);
            }
        }
    }
}

/// The price of an export is what one more costs: every tangent supports TC, and differences over
/// a small step lie between the slopes at its ends.
#[test]
fn slopes_are_marginal_costs() {
    for seed in 400..403 {
        for physics in PHYSICS {
            let what = format!("seed {seed}, {physics:?}");
            let mut rng = Rng::with_seed(seed);
            let system = System::new(&random_case(&mut rng, SHAPE)).unwrap();
            let all = admitted(&system, Scheme::Rsf);
            let params = params(physics);
            let view = clear::common(&params, &[], &all);
            let mut evaluator = Evaluator::new(&system, 1, view, Variant::Relaxed).unwrap();
            let curves = clear::curves(&system, &params, &all).unwrap();
            let (low, high) = curves[1].as_ref().unwrap().range_mw(0);
            let room = 20.0 * tolerance(physics);
            let mut seen = Vec::new();
            for _ in 0..20 {
                let step = 1e-3 * (high - low);
                let e = between(&mut rng, low + 2.0 * step, high - 2.0 * step);
                let left = evaluator.at(&[e - step]).unwrap();
                let right = evaluator.at(&[e + step]).unwrap();
                let rise = (right.cost_usd - left.cost_usd) / (2.0 * step * system.hours);
                // A difference of two costs is known to 1e-8 of them.
                let blur = if physics == Physics::BranchFlow {
                    1e-6 * (1.0 + left.cost_usd.abs()) / (step * system.hours)
                } else {
                    0.0
                };
                let (from, to) = (left.below_usd_per_mwh[0], right.above_usd_per_mwh[0]);
                at_most(&format!("{what}, at {e}"), from, rise + blur, room);
                at_most(&format!("{what}, at {e}"), rise, to + blur, room);
                seen.push(left);
            }
            for tangent in &seen {
                for other in &seen {
                    let over = (other.export_mw[0] - tangent.export_mw[0]) * system.hours;
                    let slope = if over > 0.0 {
                        tangent.above_usd_per_mwh[0]
                    } else {
                        tangent.below_usd_per_mwh[0]
                    };
                    at_most(&what, tangent.cost_usd + slope * over, other.cost_usd, room);
                }
            }
        }
    }
}

/// With price caps below what bids ask, slopes still bound the cost on both sides: the next and the last MWh
/// may be unserved or spilled anywhere in the area.
#[test]
fn slopes_hold_where_energy_at_the_cap_is_cheaper() {
    // At seed 1881 one optimal price of a sample is below the cap and another beyond it.
    for seed in (0..60).chain([1881]) {
        for physics in [Physics::Lossless, Physics::LinDistFlow] {
            let mut rng = Rng::with_seed(seed);
            let mut case = random_case(&mut rng, SHAPE);
            let cap = [12.0, 25.0, 40.0][rng.usize(0..3)];
            case.balancing.as_mut().unwrap().price_cap_usd_per_mwh = cap;
            let what = format!("seed {seed}, {physics:?}, cap {cap}");
            let system = System::new(&case).unwrap();
            let all = admitted(&system, Scheme::Rsf);
            let params = params(physics);
            let view = clear::common(&params, &[], &all);
            let curves = clear::curves(&system, &params, &all).unwrap();
            for curve in curves.iter().flatten() {
                let mut with_slack =
                    Evaluator::new(&system, curve.area, view, Variant::Relaxed).unwrap();
                for sample in &curve.samples {
                    let at = sample.export_mw[0];
                    for (over, slope) in [
                        (0.01, sample.above_usd_per_mwh[0]),
                        (-0.01, sample.below_usd_per_mwh[0]),
                    ] {
                        let beside = with_slack.at(&[at + over]).unwrap().cost_usd;
                        let tangent = sample.cost_usd + slope * over * system.hours;
                        at_most(&format!("{what}, at {at}"), tangent, beside, 1e-7);
                    }
                }
            }
        }
    }
}

/// Every promise is judged by the report itself, in systems with zones above their feeders.
#[test]
fn the_report_judges_every_promise() {
    let zones = Shape { zones: 1, ..SHAPE };
    for seed in 0..4 {
        let case = random_case(&mut Rng::with_seed(seed), zones);
        let report = tandem::market::run(&case, &params(Physics::Lossless)).unwrap();
        let table = report.tables.iter().find(|t| t.id == "theorems").unwrap();
        let ids: Vec<String> = (1..=10).map(|k| format!("T{k}")).collect();
        for (row, id) in table.rows.iter().zip(&ids) {
            assert_eq!(row[0], Cell::Text(id.clone()), "seed {seed}");
            assert_eq!(row[2], Cell::Text("holds".into()), "seed {seed}: {row:?}");
        }
        assert_eq!(table.rows.len(), ids.len());
    }
}
