//! The closed form against the published table, against the program it solves, and against the
//! axioms of the bargaining solution.

use super::nash_program;
use crate::testing::near::all_near;
use serde_json::Value;
use tandem::market::bargaining::settle::{
    Gains, bargain, jain, limited_bargain, normalised, per_slot, telescoping,
};

fn published() -> Value {
    let text = include_str!("../golden/bargaining/wang-table2.json");
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap().iter();
    list.map(|v| v.as_f64().unwrap()).collect()
}

/// The digitised series of the figures.
fn gains() -> Gains {
    let all = published();
    let series = |name: &str| numbers(&all["series"][name]);
    let utilities = |kind: &str| -> Vec<Vec<f64>> {
        (1..=4).map(|m| series(&format!("U{m}_{kind}"))).collect()
    };
    Gains::between(
        &utilities("co"),
        &utilities("non"),
        &series("G_co"),
        &series("G_non"),
    )
}

#[test]
fn table_two_follows_from_the_published_series() {
    let gains = gains();
    let settled = per_slot(&gains, &[], None);
    // Recomputed once from the figure data; see the model notes.
    all_near(
        &settled.paid_usd(),
        &[-1136.3, 2331.9, -1144.2, 2212.9],
        0.05,
    );
    all_near(&[settled.collected_usd()], &[2264.3], 0.05);
    // Printed: the figures are read within 5 $ a slot.
    let table = &published()["table2"]["NBP"];
    let printed = |player: &str| numbers(&table[player]);
    let players = ["DSO1", "DSO2", "DSO3", "DSO4"];
    let payments: Vec<f64> = players.iter().map(|p| printed(p)[0]).collect();
    all_near(&settled.paid_usd(), &payments, 0.5);
    all_near(&[settled.collected_usd()], &[printed("ISO")[0]], 0.5);
    let benefits = settled.benefits_usd(&gains, 23);
    let mut all = vec![printed("ISO")[1]];
    all.extend(players.iter().map(|p| printed(p)[1]));
    // Two figures are read for a gain.
    all_near(&benefits, &all, 5.0);
    assert!((jain(&benefits).unwrap() - 0.817).abs() < 5e-4);
}

#[test]
fn the_printed_table_agrees_with_itself() {
    for (column, index) in [("LMP", 0.716), ("NBP", 0.817)] {
        let table = &published()["table2"][column];
        let players = ["ISO", "DSO1", "DSO2", "DSO3", "DSO4"];
        let rows: Vec<Vec<f64>> = players.iter().map(|p| numbers(&table[*p])).collect();
        let paid: f64 = rows[1..].iter().map(|r| r[0]).sum();
        assert!((paid - rows[0][0]).abs() < 0.01, "{column}: {paid}");
        let benefits: Vec<f64> = rows.iter().map(|r| r[1]).collect();
        let sum: f64 = benefits.iter().sum();
        assert!((sum - 19_514.17).abs() < 0.01, "{column}: {sum}");
        assert!((jain(&benefits).unwrap() - index).abs() < 5e-4, "{column}");
    }
}

#[test]
fn the_telescoping_settlement_shares_what_came_true() {
    // ΔG and ΔU of the printed table, as increments of one slot.
    let last = Gains {
        utility_usd: vec![vec![1186.23], vec![8477.79], vec![1178.42], vec![8392.75]],
        cost_usd: vec![-278.97],
        ..Gains::default()
    };
    let settled = telescoping(&last, &[]);
    let expected = [-2716.60, 4574.96, -2724.42, 4489.92];
    all_near(&settled.paid_usd(), &expected, 0.01);
    all_near(&[settled.collected_usd()], &[3623.86], 0.01);
    all_near(&settled.benefits_usd(&last, 0), &[3902.83; 5], 0.01);
    // On the whole day the intermediate slots drop out.
    let gains = gains();
    let settled = telescoping(&gains, &[]);
    for t in 0..24 {
        let share = gains.surplus_usd(t) / 5.0;
        assert!(share > 0.0, "slot {t}");
        all_near(&settled.benefits_usd(&gains, t), &[share; 5], 1e-8);
    }
    assert!(settled.imbalance_usd() < 1e-9 * gains.surplus_usd(23));
    assert!((jain(&settled.benefits_usd(&gains, 23)).unwrap() - 1.0).abs() < 1e-12);
    // The slot with least to share, as the figures have it.
    let least = (0..24)
        .map(|t| gains.surplus_usd(t))
        .fold(f64::MAX, f64::min);
    assert!((least - 109.0).abs() < 15.0, "{least}");
}

/// Seeded draws of (ΔU, ΔG) with a surplus.
fn draws() -> impl Iterator<Item = (u64, Vec<f64>, f64)> {
    (0..40).map(|seed| {
        let mut draw = fastrand::Rng::with_seed(seed);
        let dsos = draw.usize(1..=7);
        let mut number = || 2000.0 * draw.f64() - 1000.0;
        let utilities: Vec<f64> = (0..dsos).map(|_| number()).collect();
        let cost = utilities.iter().sum::<f64>() - 1.0 - number().abs();
        (seed, utilities, cost)
    })
}

#[test]
fn budget_shares_and_rationality() {
    for (seed, utilities, cost) in draws() {
        let powers: Vec<f64> = (0..=utilities.len()).map(|k| 1.0 + k as f64).collect();
        for powers in [&[][..], &powers] {
            let settled = bargain(&utilities, cost, powers);
            let paid: f64 = settled.payments_usd.iter().sum();
            let size = cost.abs().max(1.0);
            assert!(
                (paid - settled.charge_usd).abs() < 1e-9 * size,
                "seed {seed}"
            );
            let alpha = normalised(powers, utilities.len() + 1);
            let surplus = utilities.iter().sum::<f64>() - cost;
            for (benefit, a) in settled.benefits_usd.iter().zip(&alpha) {
                assert!((benefit / a - surplus).abs() < 1e-9 * size, "seed {seed}");
                assert!(*benefit >= 0.0, "seed {seed}");
            }
            // The benefits are what is left after the payments.
            let iso = settled.charge_usd - cost;
            assert!((iso - settled.benefits_usd[0]).abs() < 1e-9 * size);
        }
    }
}

#[test]
fn the_program_of_products_agrees_with_the_closed_form() {
    for (seed, utilities, cost) in draws() {
        let mut draw = fastrand::Rng::with_seed(seed + 1000);
        let equal = vec![1; utilities.len() + 1];
        let drawn: Vec<u32> = equal.iter().map(|_| draw.u32(1..=4)).collect();
        for powers in [equal, drawn] {
            let solved = nash_program::by_program(&utilities, cost, &powers).unwrap();
            let weights: Vec<f64> = powers.iter().map(|&p| f64::from(p)).collect();
            let closed = bargain(&utilities, cost, &weights);
            let surplus = utilities.iter().sum::<f64>() - cost;
            for (a, b) in solved.benefits_usd.iter().zip(&closed.benefits_usd) {
                let off = (a - b).abs() / surplus;
                assert!(off < 1e-6, "seed {seed}, powers {powers:?}: off by {off:e}");
            }
            for (a, b) in solved.payments_usd.iter().zip(&closed.payments_usd) {
                assert!((a - b).abs() < 1e-6 * surplus, "seed {seed}");
            }
        }
    }
    assert!(nash_program::by_program(&[1.0], 2.0, &[1, 1]).is_err());
    assert!(nash_program::by_program(&[1.0], 0.0, &[1]).is_err());
}

#[test]
fn the_solution_moves_with_its_units_and_origins() {
    for (seed, utilities, cost) in draws() {
        let powers: Vec<f64> = (0..=utilities.len()).map(|k| 2.0 + k as f64).collect();
        let settled = bargain(&utilities, cost, &powers);
        // All money in another currency.
        let k = 7.25;
        let scaled: Vec<f64> = utilities.iter().map(|u| k * u).collect();
        let other = bargain(&scaled, k * cost, &powers);
        for (a, b) in settled.payments_usd.iter().zip(&other.payments_usd) {
            assert!((k * a - b).abs() < 1e-8, "seed {seed}");
        }
        // A constant in one DSO's utility and disagreement point drops out of the gains.
        let co: Vec<Vec<f64>> = utilities.iter().map(|u| vec![u + 300.0]).collect();
        let non: Vec<Vec<f64>> = utilities.iter().map(|_| vec![300.0]).collect();
        let gains = Gains::between(&co, &non, &[cost + 5.0], &[5.0]);
        let moved = per_slot(&gains, &powers, None);
        for (a, b) in settled.payments_usd.iter().zip(moved.paid_usd()) {
            assert!((a - b).abs() < 1e-8, "seed {seed}");
        }
        // Players who change places change payments.
        let mut order: Vec<usize> = (0..utilities.len()).collect();
        order.reverse();
        let turned: Vec<f64> = order.iter().map(|&m| utilities[m]).collect();
        let equal = bargain(&utilities, cost, &[]);
        let other = bargain(&turned, cost, &[]);
        for (k, &m) in order.iter().enumerate() {
            let (a, b) = (other.payments_usd[k], equal.payments_usd[m]);
            assert!((a - b).abs() < 1e-9, "seed {seed}");
        }
    }
}

#[test]
fn limited_payments_are_shared_as_well_as_the_limits_allow() {
    let mut limited = 0;
    for (seed, utilities, cost) in draws() {
        let mut draw = fastrand::Rng::with_seed(seed + 2000);
        let powers: Vec<f64> = (0..=utilities.len()).map(|_| 0.5 + draw.f64()).collect();
        let free = bargain(&utilities, cost, &powers);
        let largest = free
            .payments_usd
            .iter()
            .fold(0.0_f64, |a, b| a.max(b.abs()));
        // Limits that do not bind change nothing.
        let wide = limited_bargain(&utilities, cost, &powers, 1.01 * largest);
        all_near(&wide.payments_usd, &free.payments_usd, 1e-8 * largest);
        let most = (0.5 + 0.5 * draw.f64()) * largest;
        let held = limited_bargain(&utilities, cost, &powers, most);
        let paid: f64 = held.payments_usd.iter().sum();
        let size = cost.abs().max(largest);
        assert!((paid - held.charge_usd).abs() < 1e-9 * size, "seed {seed}");
        for (m, b) in held.payments_usd.iter().enumerate() {
            assert!(b.abs() <= most * (1.0 + 1e-12), "seed {seed}");
            let left = utilities[m] - b;
            assert!((left - held.benefits_usd[m + 1]).abs() < 1e-9 * size);
        }
        let total: f64 = held.benefits_usd.iter().sum();
        let surplus = utilities.iter().sum::<f64>() - cost;
        assert!((total - surplus).abs() < 1e-9 * size, "seed {seed}");
        if held.benefits_usd.iter().any(|b| *b <= 1e-3 * surplus) {
            continue;
        }
        limited += 1;
        // No payments within the limits have a larger product of benefits.
        let alpha = normalised(&powers, powers.len());
        let value = |payments: &[f64]| -> f64 {
            let dsos = utilities.iter().zip(payments).map(|(u, b)| u - b);
            let iso = payments.iter().sum::<f64>() - cost;
            let all = std::iter::once(iso).chain(dsos);
            all.zip(&alpha)
                .map(|(b, a)| if b > 0.0 { a * b.ln() } else { f64::MIN })
                .sum()
        };
        let best = value(&held.payments_usd);
        for _ in 0..50 {
            let other = held.payments_usd.iter().map(|b| {
                let moved = b + 0.2 * surplus * (draw.f64() - 0.5);
                moved.clamp(-most, most)
            });
            let other: Vec<f64> = other.collect();
            assert!(value(&other) <= best + 1e-12, "seed {seed}: {other:?}");
        }
    }
    assert!(limited >= 10, "{limited} draws leave everyone something");
}

#[test]
fn without_a_surplus_nobody_signs() {
    // By hand: what cooperation brings is 0, below 0, or only just above.
    for (utility, cost) in [(0.0, 0.0), (5.0, 5.0), (5.0, 9.0), (-5.0, 1.0)] {
        let gains = Gains {
            utility_usd: vec![vec![utility, utility], vec![0.0, 0.0]],
            cost_usd: vec![cost, cost],
            ..Gains::default()
        };
        for settled in [
            per_slot(&gains, &[], None),
            per_slot(&gains, &[1.0, 2.0, 3.0], Some(1.0)),
            telescoping(&gains, &[]),
        ] {
            assert_eq!(settled.paid_usd(), [0.0, 0.0]);
            assert_eq!(settled.collected_usd(), 0.0);
            for t in 0..2 {
                let benefits = settled.benefits_usd(&gains, t);
                assert_eq!(benefits, [0.0; 3]);
                assert_eq!(jain(&benefits), None);
            }
        }
        let settled = bargain(&[utility, 0.0], cost, &[]);
        assert_eq!(settled.benefits_usd, [0.0; 3]);
        assert_eq!(settled.payments_usd, [0.0; 2]);
    }
    // Losses have no index, and a sum of nothing has none.
    assert_eq!(jain(&[-1.0, -2.0]), None);
    assert_eq!(jain(&[1.0, -1.0]), None);
    // A surplus of 6 that is lost in the second slot: paid, and paid back.
    let lost = Gains {
        utility_usd: vec![vec![6.0, -2.0]],
        cost_usd: vec![0.0, 0.0],
        ..Gains::default()
    };
    let settled = telescoping(&lost, &[]);
    assert_eq!(settled.payments_usd, [[3.0, -3.0]]);
    assert_eq!(settled.charge_usd, [3.0, -3.0]);
    assert_eq!(settled.benefits_usd(&lost, 0), [3.0, 3.0]);
    assert_eq!(settled.benefits_usd(&lost, 1), [0.0, 0.0]);
    // Slot by slot the first is a deal, the second is none.
    let settled = per_slot(&lost, &[], None);
    assert_eq!(settled.payments_usd, [[1.5, 0.0]]);
}
