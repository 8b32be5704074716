//! Generator costs as offers.

use tandem::case::Block;
use tandem::case::matpower::inside::*;

fn pairs(row: &[f64], max: f64) -> Vec<(f64, f64)> {
    let offer = offer(row, 0.0, max).unwrap();
    let pair = |b: &Block| (b.p_mw, b.usd_per_mwh);
    offer.blocks.iter().map(pair).collect()
}

#[test]
fn linear_is_one_block() {
    assert_eq!(
        pairs(&[2.0, 0.0, 0.0, 2.0, 14.0, 0.0], 40.0),
        [(40.0, 14.0)]
    );
    let padded = [2.0, 0.0, 0.0, 3.0, 0.0, 20.0, 5.0];
    assert_eq!(pairs(&padded, 10.0), [(10.0, 20.0)]);
    assert_eq!(offer(&padded, 0.0, 10.0).unwrap().no_load_usd_per_h, 5.0);
    assert_eq!(pairs(&[2.0, 0.0, 0.0, 1.0, 7.0], 10.0), [(10.0, 0.0)]);
}

/// f = 0.02 p² + 2 p + 3 over 80 MW: marginal cost 2 + 0.04 p, from 2 to 5.2 $/MWh.
#[test]
fn a_quadratic_is_one_block_whose_price_rises() {
    let row = [2.0, 0.0, 0.0, 3.0, 0.02, 2.0, 3.0];
    let offer = offer(&row, 0.0, 80.0).unwrap();
    assert!(offer.quadratic && offer.curve.is_none());
    let [block] = offer.blocks.as_slice() else {
        panic!("{:?}", offer.blocks)
    };
    assert_eq!((block.p_mw, block.usd_per_mwh), (80.0, 2.0));
    assert!((block.end() - 5.2).abs() < 1e-12);
    assert_eq!(offer.no_load_usd_per_h, 3.0);
}

/// f = p² + 5 p + 6 over −2 … 0 MW (a load that bids): marginal cost 1 to 5, and f(−2) = 0.
#[test]
fn a_quadratic_may_begin_anywhere() {
    let offer = offer(&[2.0, 0.0, 0.0, 3.0, 1.0, 5.0, 6.0], -2.0, 0.0).unwrap();
    assert_eq!(offer.no_load_usd_per_h, 0.0);
    let [block] = offer.blocks.as_slice() else {
        panic!("{:?}", offer.blocks)
    };
    assert_eq!(
        (block.p_mw, block.usd_per_mwh, block.end()),
        (2.0, 1.0, 5.0)
    );
}

/// f = p³ − p² + 4 over 1 … 3 MW, marginal cost 3 p² − 2 p: between the ends of a block of h = 0.2 MW a chord is
/// above it by 3 h² / 4 at most, and costs h³ / 2 more over each block, 10 of which make 0.04 $/h.
#[test]
fn a_cubic_is_ten_blocks_between_its_marginal_costs() {
    let offer = offer(&[2.0, 0.0, 0.0, 4.0, 1.0, -1.0, 0.0, 4.0], 1.0, 3.0).unwrap();
    assert_eq!(offer.blocks.len(), CURVE_BLOCKS);
    assert_eq!(offer.no_load_usd_per_h, 4.0);
    let mut p = 1.0;
    for block in &offer.blocks {
        assert!((block.usd_per_mwh - (3.0 * p * p - 2.0 * p)).abs() < 1e-9);
        p += block.p_mw;
        assert!((block.end() - (3.0 * p * p - 2.0 * p)).abs() < 1e-9);
    }
    let curve = offer.curve.unwrap();
    assert!((curve.off_usd_per_mwh - 0.03).abs() < 1e-9);
    assert!((curve.off_usd_per_h - 0.04).abs() < 1e-9);
}

/// A marginal cost from 20 to 20 − 2e-8 $/MWh.
#[test]
fn a_marginal_cost_that_falls_by_rounding_is_one_price() {
    let offer = offer(&[2.0, 0.0, 0.0, 3.0, -1e-9, 20.0, 0.0], 0.0, 10.0).unwrap();
    assert!((offer.levelled_usd_per_mwh.unwrap() - 2e-8).abs() < 1e-14);
    let [block] = offer.blocks.as_slice() else {
        panic!("{:?}", offer.blocks)
    };
    assert_eq!((block.usd_per_mwh, block.end()), (20.0, 20.0));
}

#[test]
fn piecewise_linear_is_clipped_and_extended() {
    let row = [1.0, 0.0, 0.0, 3.0, 0.0, 0.0, 10.0, 100.0, 20.0, 300.0];
    assert_eq!(pairs(&row, 20.0), [(10.0, 10.0), (10.0, 20.0)]);
    assert_eq!(pairs(&row, 30.0), [(10.0, 10.0), (20.0, 20.0)]);
    assert_eq!(pairs(&row, 5.0), [(5.0, 10.0)]);
    assert_eq!(pairs(&row, 0.0), [(0.0, 20.0)]);
    // From a least output of 5 MW: the first slope also holds below, the rest is a fixed cost.
    let from_five = [1.0, 0.0, 0.0, 2.0, 5.0, 80.0, 10.0, 130.0];
    assert_eq!(pairs(&from_five, 10.0), [(10.0, 10.0)]);
    let whole = offer(&from_five, 0.0, 10.0).unwrap();
    assert_eq!(whole.no_load_usd_per_h, 30.0);
    // A load of 5 MW that gives up its first 2 MW at 10, the next 3 at 20 $/MWh.
    let load = [1.0, 0.0, 0.0, 3.0, -5.0, -80.0, -3.0, -60.0, 0.0, 0.0];
    let taken_back = offer(&load, -5.0, 0.0).unwrap();
    assert_eq!(taken_back.no_load_usd_per_h, -80.0);
    let prices: Vec<f64> = taken_back.blocks.iter().map(|b| b.usd_per_mwh).collect();
    assert_eq!(prices, [10.0, 20.0]);
}

/// A row of RTS-GMLC: slopes 8.10352, 8.10345, 8.10352 by the rounding of its points.
#[test]
fn straight_but_for_rounding_is_straight() {
    let points = [
        396.0, 3208.986, 397.33333, 3219.79067, 398.66667, 3230.59533, 400.0, 3241.4,
    ];
    let mut row = vec![1.0, 0.0, 0.0, 4.0];
    row.extend(points);
    let offer = offer(&row, 396.0, 400.0).unwrap();
    assert!(offer.levelled_usd_per_mwh.unwrap() < 1e-4);
    let total: f64 = offer.blocks.iter().map(|b| b.p_mw * b.usd_per_mwh).sum();
    assert!((offer.no_load_usd_per_h + total - 3241.4).abs() < 1e-9);
    assert!(
        offer
            .blocks
            .windows(2)
            .all(|w| w[0].usd_per_mwh <= w[1].usd_per_mwh)
    );
}

#[test]
fn what_no_offer_can_hold_is_refused() {
    for (row, part) in [
        (&[2.0, 0.0, 0.0, 3.0, -0.1, 9.0, 0.0][..], "convex"),
        (&[2.0, 0.0, 0.0, 4.0, -0.1, 0.0, 9.0, 0.0], "convex"),
        (
            &[1.0, 0.0, 0.0, 3.0, 0.0, 0.0, 1.0, 9.0, 2.0, 10.0],
            "convex",
        ),
        (&[1.0, 0.0, 0.0, 2.0, 1.0, 0.0, 1.0, 9.0], "do not go up"),
        (&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0], "two points"),
        (&[3.0, 0.0, 0.0, 1.0, 1.0], "cost model is 3"),
        (&[2.0, 0.0, 0.0, 4.0, 1.0], "but says 4"),
        (&[2.0, 0.0, 0.0, 0.5, 1.0], "whole number"),
        (&[2.0, 0.0], "at least 5"),
    ] {
        let error = offer(row, 0.0, 10.0).unwrap_err();
        assert!(error.contains(part), "{row:?}: {error}");
    }
}
