//! Offer curves: cost of an output, and the split of a total by merit order.

use tandem::case::Block;
use tandem::market::shared::offers::*;

fn block(p_mw: f64, usd_per_mwh: f64) -> Block {
    Block::flat(p_mw, usd_per_mwh)
}

fn rising(p_mw: f64, from: f64, to: f64) -> Block {
    Block {
        end_usd_per_mwh: Some(to),
        ..Block::flat(p_mw, from)
    }
}

/// From 10 to 20 $/MWh over 5 MW: 2 $/MW²h; 3 MW cost 3 · 10 + 2 · 3² / 2 = 39 $/h. Further on at 20.
#[test]
fn a_price_rises_along_its_block_and_then_goes_on() {
    let offer = [block(2.0, 8.0), rising(5.0, 10.0, 20.0)];
    assert_eq!(cost_usd_per_h(&offer, 5.0), 16.0 + 39.0);
    assert_eq!(cost_usd_per_h(&offer, 7.0), 16.0 + 75.0);
    assert_eq!(cost_usd_per_h(&offer, 8.0), 16.0 + 75.0 + 20.0);
    let longer = [block(2.0, 8.0), rising(5.0, 10.0, 20.0), block(1.0, 20.0)];
    assert_eq!(up_to(&offer, 8.0), longer);
    assert_eq!(
        up_to(&offer, 4.0),
        [block(2.0, 8.0), rising(2.0, 10.0, 14.0)]
    );
    assert_eq!(up_to(&offer, 7.0), offer);
    assert_eq!(
        sloped("case.ders.D", &offer).as_deref(),
        Some("case.ders.D.offer.1.end_usd_per_mwh")
    );
    assert_eq!(sloped("case.ders.D", &longer[..1]), None);
}

/// By hand: A from 10 to 20 over 10 MW, B from 12 to 32 over 10 MW, C 4 MW at 15. 9 MW at 15 $/MWh:
/// A 5, B 1.5, so that C gives the last 2.5 of them; 13.5 MW at 16: A 6, B 2, C 4 and 1.5 more at slopes
/// 1 and 2, that is A 7 and B 2.5 at 17.
#[test]
fn one_price_splits_what_rises() {
    let offers = [
        vec![rising(10.0, 10.0, 20.0)],
        vec![rising(10.0, 12.0, 32.0)],
        vec![block(4.0, 15.0)],
    ];
    let offers: Vec<&[Block]> = offers.iter().map(Vec::as_slice).collect();
    let most = [10.0, 10.0, 4.0];
    let split = |total| split_by_price(&offers, &[0.0; 3], &most, total);
    assert_eq!(split(9.0), [5.0, 1.5, 2.5]);
    let near = |a: Vec<f64>, b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(near(split(13.5), [7.0, 2.5, 4.0]));
    assert!(near(split(0.0), [0.0; 3]));
    assert_eq!(split(30.0), most);
    let with_least = split_by_price(&offers, &[0.0, 4.0, 0.0], &most, 5.0);
    assert!(near(with_least, [1.0, 4.0, 0.0]));
    // B gives its least of 3 MW up to 18 $/MWh, where A gives 8; 1.5 MW more there on slopes of 1 and 2
    // are 1 of A and 0.5 of B.
    let beyond = split_by_price(&offers, &[0.0, 3.0, 0.0], &most, 8.0 + 3.0 + 4.0 + 1.5);
    assert!(near(beyond, [9.0, 3.5, 4.0]));
}

#[test]
fn cost_is_the_area_under_the_offer() {
    let offer = [block(2.0, 8.0), block(4.0, 12.0)];
    assert_eq!(cost_usd_per_h(&offer, 0.0), 0.0);
    assert_eq!(cost_usd_per_h(&offer, 1.5), 12.0);
    assert_eq!(cost_usd_per_h(&offer, 3.0), 28.0);
}

#[test]
fn the_last_price_goes_on_to_the_capacity() {
    let offer = [block(2.0, 8.0), block(4.0, 12.0)];
    assert_eq!(up_to(&offer, 9.0), [block(2.0, 8.0), block(7.0, 12.0)]);
    assert_eq!(up_to(&offer, 1.0), [block(1.0, 8.0), block(0.0, 12.0)]);
}

#[test]
fn cheapest_member_first_and_minima_before_all() {
    let offers = [vec![block(4.0, 12.0)], vec![block(2.0, 8.0)]];
    let order = merit_order(offers.iter().map(Vec::as_slice));
    assert_eq!(order[0].member, 1);
    let caps = [4.0, 2.0];
    assert_eq!(
        split_by_merit(&order, &[0.0, 0.0], &caps, 3.0),
        vec![1.0, 2.0]
    );
    assert_eq!(
        split_by_merit(&order, &[1.5, 0.0], &caps, 3.0),
        vec![1.5, 1.5]
    );
    assert_eq!(
        split_by_merit(&order, &[0.0, 0.0], &caps, 6.0),
        vec![4.0, 2.0]
    );
}
