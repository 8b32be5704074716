//! Offer curves: cost of an output, and the split of a total by merit order.

use crate::case::Block;

/// Cost of producing `p_mw` for one hour, $/h: the area under the offer from 0 to `p_mw`.
///
/// Beyond the last block the last price goes on, so that a rounding error of the solver
/// in the output costs what it should.
pub fn cost_usd_per_h(offer: &[Block], p_mw: f64) -> f64 {
    let mut left = p_mw;
    let mut cost = 0.0;
    for (k, block) in offer.iter().enumerate() {
        let last = k + 1 == offer.len();
        let taken = if last { left } else { left.min(block.p_mw) };
        cost += taken * block.usd_per_mwh;
        left -= taken;
    }
    cost
}

/// The blocks of an offer cut or stretched to `max_p_mw`: the last price goes on.
pub fn up_to(offer: &[Block], max_p_mw: f64) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(offer.len());
    let mut before = 0.0;
    for (k, block) in offer.iter().enumerate() {
        let end = if k + 1 == offer.len() {
            max_p_mw
        } else {
            (before + block.p_mw).min(max_p_mw)
        };
        blocks.push(Block {
            p_mw: (end - before).max(0.0),
            usd_per_mwh: block.usd_per_mwh,
        });
        before = end;
    }
    blocks
}

/// Blocks of an offer between `low_mw` and `high_mw`: (lower, upper, price) of each block's share.
///
/// Prices do not decrease, so filling the blocks below `low_mw` first costs least.
pub fn blocks_between(
    offer: &[Block],
    low_mw: f64,
    high_mw: f64,
) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
    let mut before = 0.0;
    offer.iter().map(move |block| {
        let lower = (low_mw - before).clamp(0.0, block.p_mw);
        let upper = (high_mw - before).clamp(0.0, block.p_mw);
        before += block.p_mw;
        (lower, upper, block.usd_per_mwh)
    })
}

/// One block of an aggregate offer and the member it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberBlock {
    pub member: usize,
    pub p_mw: f64,
    pub usd_per_mwh: f64,
}

/// Members' blocks in ascending order of price; at equal prices in the members' order.
///
/// `[zuo2022]` section II.A, step (i): the aggregate offer of a commercial pricing node.
pub fn merit_order<'a>(offers: impl IntoIterator<Item = &'a [Block]>) -> Vec<MemberBlock> {
    let mut blocks: Vec<MemberBlock> = offers
        .into_iter()
        .enumerate()
        .flat_map(|(member, offer)| {
            offer.iter().map(move |b| MemberBlock {
                member,
                p_mw: b.p_mw,
                usd_per_mwh: b.usd_per_mwh,
            })
        })
        .collect();
    crate::sort::by(&mut blocks, |a, b| a.usd_per_mwh.total_cmp(&b.usd_per_mwh));
    blocks
}

/// Splits `total_mw` over the members at least cost: minima first, then block by block.
///
/// The aggregator knows its members' costs and nothing of the network.
pub fn split_by_merit(
    order: &[MemberBlock],
    minima_mw: &[f64],
    maxima_mw: &[f64],
    total_mw: f64,
) -> Vec<f64> {
    let mut output = minima_mw.to_vec();
    let mut left = total_mw - output.iter().sum::<f64>();
    // How much of each member's minimum has already eaten into its cheapest blocks.
    let mut prepaid = minima_mw.to_vec();
    for block in order {
        if left <= 0.0 {
            break;
        }
        let eaten = prepaid[block.member].min(block.p_mw);
        prepaid[block.member] -= eaten;
        let room = maxima_mw[block.member] - output[block.member];
        let taken = left.min(block.p_mw - eaten).min(room).max(0.0);
        output[block.member] += taken;
        left -= taken;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(p_mw: f64, usd_per_mwh: f64) -> Block {
        Block { p_mw, usd_per_mwh }
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
}
