//! Shapley value, nucleolus and core of games whose answers are known.

use crate::testing::near::all_near;
use tandem::market::shared::cooperative_game::Game;

/// Creditors share an estate; a coalition can count on what the others leave.
fn estate(estate: f64, claims: &[f64]) -> Game {
    let n = claims.len();
    let value = (0..1_usize << n).map(|set| {
        let others = (0..n).filter(|i| set & (1 << i) == 0);
        (estate - others.map(|i| claims[i]).sum::<f64>()).max(0.0)
    });
    Game::new(value.collect()).unwrap()
}

#[test]
fn the_talmud_s_estates() {
    // Aumann and Maschler, Journal of Economic Theory 36, 1985: the nucleolus is the Talmud's rule.
    let claims = [100.0, 200.0, 300.0];
    for (size, shares) in [
        (100.0, [100.0 / 3.0; 3]),
        (200.0, [50.0, 75.0, 75.0]),
        (300.0, [50.0, 100.0, 150.0]),
    ] {
        all_near(&estate(size, &claims).nucleolus().unwrap(), &shares, 1e-5);
    }
}

#[test]
fn one_iso_and_equal_dsos() {
    // Every DSO adds 1 to the ISO.
    let dsos = 4;
    let values: Vec<f64> = (0..1_usize << dsos)
        .map(|s| f64::from(s.count_ones()))
        .collect();
    let game = Game::with_veto(&values).unwrap();
    let shares = [2.0, 0.5, 0.5, 0.5, 0.5];
    all_near(&game.shapley(), &shares, 1e-5);
    all_near(&game.nucleolus().unwrap(), &shares, 1e-5);
    all_near(&[game.least_core().unwrap()], &[-0.5], 1e-5);
    all_near(&game.marginal(), &[4.0, 1.0, 1.0, 1.0, 1.0], 1e-5);
    assert!(game.largest_excess(&[0.8; 5]) < 0.0);
}

#[test]
fn a_majority_has_no_core() {
    // Two of three take 1.
    let value = (0..8_u32).map(|s| if s.count_ones() > 1 { 1.0 } else { 0.0 });
    let game = Game::new(value.collect()).unwrap();
    all_near(&game.shapley(), &[1.0 / 3.0; 3], 1e-5);
    all_near(&game.nucleolus().unwrap(), &[1.0 / 3.0; 3], 1e-5);
    all_near(&[game.least_core().unwrap()], &[1.0 / 3.0], 1e-5);
}

#[test]
fn axioms_on_drawn_games() {
    for seed in 0..30 {
        let mut draw = fastrand::Rng::with_seed(seed);
        let dsos = draw.usize(1..=4);
        // What coalitions are worth grows with their members.
        let mut values = vec![0.0; 1 << dsos];
        for s in 0..values.len() {
            let below = (0..dsos).filter(|m| s & (1 << m) != 0);
            let most = below.map(|m| values[s & !(1 << m)]).fold(0.0, f64::max);
            values[s] = most + 100.0 * draw.f64();
        }
        let game = Game::with_veto(&values).unwrap();
        let nucleolus = game.nucleolus().unwrap();
        for shares in [&game.shapley(), &nucleolus] {
            let sum: f64 = shares.iter().sum();
            assert!((sum - game.grand()).abs() < 1e-5, "seed {seed}");
        }
        let least = game.least_core().unwrap();
        let excess = game.largest_excess(&nucleolus);
        assert!(
            (excess - least).abs() < 1e-5,
            "seed {seed}: {excess} {least}"
        );
        assert!(game.largest_excess(&game.shapley()) >= least - 1e-5);
        // No small move makes the list of excesses, largest first, smaller.
        let excesses = |x: &[f64]| {
            let mut list: Vec<f64> = (1..(1_usize << game.players()) - 1)
                .map(|s| {
                    let own = x.iter().enumerate().filter(|(i, _)| s & (1 << i) != 0);
                    game.value(s) - own.map(|(_, v)| v).sum::<f64>()
                })
                .collect();
            list.sort_by(|a, b| b.total_cmp(a));
            list
        };
        let best = excesses(&nucleolus);
        for _ in 0..40 {
            let (i, j) = (draw.usize(0..=dsos), draw.usize(0..=dsos));
            let mut moved = nucleolus.clone();
            moved[i] += 0.1;
            moved[j] -= 0.1;
            let other = excesses(&moved);
            let first = best
                .iter()
                .zip(&other)
                .find(|(a, b)| (**a - **b).abs() > 1e-4);
            assert!(first.is_none_or(|(a, b)| a < b), "seed {seed}");
        }
    }
}
