//! Distribution factors: what the ISO believes about the split of an aggregate.

use tandem::market::rt_sced::factors::*;
use tandem::market::rt_sced::{DistributionFactors, Rule};
use tandem::market::shared::offers::MemberBlock;

fn settings(rule: Rule) -> DistributionFactors {
    DistributionFactors {
        rule,
        ..Default::default()
    }
}

#[test]
fn a_share_of_nothing_keeps_the_previous_factors() {
    for rule in [
        Rule::LatestSe,
        Rule::MovingAverage,
        Rule::MeanOfAll,
        Rule::Smoothing,
        Rule::Weighted,
    ] {
        let settings = settings(rule);
        let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
        memory.update(&settings, &[0.0, 0.0]);
        assert_eq!(memory.current, [4.0 / 6.0, 2.0 / 6.0], "{rule:?}");
    }
    let settings = settings(Rule::Unscheduled);
    let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
    memory.update(&settings, &[4.0, 2.0]);
    assert_eq!(memory.current, [4.0 / 6.0, 2.0 / 6.0]);
}

#[test]
fn averages_start_from_the_capacity_shares() {
    let settings = settings(Rule::MovingAverage);
    let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
    memory.update(&settings, &[1.0, 2.0]);
    assert!((memory.current[0] - 0.5).abs() < 1e-12);
    memory.update(&settings, &[3.0, 2.0]);
    assert!((memory.current[0] - (2.0 / 3.0 + 1.0 / 3.0 + 0.6) / 3.0).abs() < 1e-12);
    memory.update(&settings, &[1.125, 2.0]);
    assert!((memory.current[0] - (1.0 / 3.0 + 0.6 + 0.36) / 3.0).abs() < 1e-12);
}

/// By hand: until three factors are seen, by the sum of the weights in use.
#[test]
fn a_weighted_mean_takes_the_newest_first() {
    let settings = settings(Rule::Weighted);
    assert_eq!(settings.weights, [0.5, 0.3, 0.2]);
    let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
    memory.update(&settings, &[1.0, 2.0]);
    let hand: f64 = (0.5 / 3.0 + 0.3 * 2.0 / 3.0) / 0.8;
    assert!((hand - 11.0 / 24.0).abs() < 1e-12);
    assert!((memory.current[0] - hand).abs() < 1e-12);
    memory.update(&settings, &[3.0, 2.0]);
    let hand = 0.5 * 0.6 + 0.3 / 3.0 + 0.2 * 2.0 / 3.0;
    assert!((memory.current[0] - hand).abs() < 1e-12);
    memory.update(&settings, &[0.0, 2.0]);
    assert!((memory.current[0] - (0.3 * 0.6 + 0.2 / 3.0)).abs() < 1e-12);
}

/// One weight is the latest state estimation, equal ones are the mean, none are no change.
#[test]
fn special_weights_are_other_rules() {
    let run = |rule: Rule, weights: &[f64]| {
        let settings = DistributionFactors {
            weights: weights.to_vec(),
            ..settings(rule)
        };
        let mut memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
        let seen = [[1.0, 2.0], [3.0, 2.0], [1.125, 2.0], [0.2, 1.7]];
        let steps = seen.iter().map(|se| {
            memory.update(&settings, se);
            memory.current.clone()
        });
        steps.collect::<Vec<_>>().concat()
    };
    let same = |a: Vec<f64>, b: Vec<f64>| a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(same(run(Rule::Weighted, &[7.0]), run(Rule::LatestSe, &[])));
    let mean = run(Rule::MovingAverage, &[]);
    assert!(same(run(Rule::Weighted, &[2.0, 2.0, 2.0]), mean));
    // Two intervals back, when nothing stands there yet: the starting factors stay.
    let late = run(Rule::Weighted, &[0.0, 0.0, 1.0]);
    assert_eq!(late[0], 4.0 / 6.0);
    assert_eq!(late[4], 1.0 / 3.0);
}

/// Blocks by hand: D3 2 MW at 8, D2 4 MW at 12; then two blocks of one member around another's.
#[test]
fn the_next_block_takes_the_change() {
    let block = |member, p_mw, usd_per_mwh| MemberBlock {
        member,
        p_mw,
        usd_per_mwh,
    };
    let order = [block(1, 2.0, 8.0), block(0, 4.0, 12.0)];
    let at = |total| marginal_shares(&order, &[0.0, 0.0], &[4.0, 2.0], total);
    assert_eq!(at(0.0), [0.0, 1.0]);
    assert_eq!(at(1.999), [0.0, 1.0]);
    for total in [2.0 - 1e-12, 2.0, 3.0, 6.0, 7.0] {
        assert_eq!(at(total), [1.0, 0.0], "{total}");
    }
    // A minimum of 3 MW of member 0 uses up its first block and half of its second.
    let order = [block(0, 2.0, 5.0), block(1, 1.0, 6.0), block(0, 2.0, 7.0)];
    let at = |total| marginal_shares(&order, &[3.0, 0.0], &[4.0, 1.0], total);
    assert_eq!(at(3.0), [0.0, 1.0]);
    assert_eq!(at(4.0), [1.0, 0.0]);
    assert_eq!(at(5.0), [1.0, 0.0]);
    // Nobody can move: by capacity.
    let nobody = marginal_shares(&[], &[1.0, 1.0], &[1.0, 1.0], 2.0);
    assert_eq!(nobody, [0.5, 0.5]);
}

#[test]
fn given_factors_leave_the_rest_to_the_others() {
    let mut settings = settings(Rule::Given);
    settings.given.insert("D2".into(), 0.4);
    let memory = Memory::new(&settings, &["D2", "D3"], &[4.0, 2.0]);
    assert!((memory.current[1] - 0.6).abs() < 1e-12);
}
