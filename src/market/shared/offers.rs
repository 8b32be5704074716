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
        let on_slope = taken.min(block.p_mw);
        cost += taken * block.usd_per_mwh
            + block.slope() * on_slope * (0.5 * on_slope + (taken - on_slope));
        left -= taken;
    }
    cost
}

/// The blocks of an offer cut or stretched to `max_p_mw`: the last price goes on.
pub fn up_to(offer: &[Block], max_p_mw: f64) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(offer.len() + 1);
    let mut before = 0.0;
    for (k, block) in offer.iter().enumerate() {
        let last = k + 1 == offer.len();
        let slope = block.slope();
        let end = match last && slope == 0.0 {
            true => max_p_mw,
            false => (before + block.p_mw).min(max_p_mw),
        };
        let p_mw = (end - before).max(0.0);
        let whole = p_mw == block.p_mw;
        blocks.push(Block {
            p_mw,
            usd_per_mwh: block.usd_per_mwh,
            end_usd_per_mwh: match block.end_usd_per_mwh {
                Some(end) if whole => Some(end),
                Some(_) => Some(block.usd_per_mwh + slope * p_mw),
                None => None,
            },
        });
        before = end;
        if last && end < max_p_mw {
            blocks.push(Block::flat(max_p_mw - end, block.end()));
        }
    }
    blocks
}

/// What an offer holds between two outputs, of one block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// From and to how many MW of the block.
    pub lower: f64,
    pub upper: f64,
    /// Price at the first MW of the block, $/MWh, and what it rises by for each MW, $/MW²h.
    pub usd_per_mwh: f64,
    pub slope: f64,
}

/// Blocks of an offer between `low_mw` and `high_mw`: each block's share.
///
/// Prices do not decrease, so filling the blocks below `low_mw` first costs least.
pub fn blocks_between(
    offer: &[Block],
    low_mw: f64,
    high_mw: f64,
) -> impl Iterator<Item = Part> + '_ {
    let mut before = 0.0;
    offer.iter().map(move |block| {
        let lower = (low_mw - before).clamp(0.0, block.p_mw);
        let upper = (high_mw - before).clamp(0.0, block.p_mw);
        before += block.p_mw;
        Part {
            lower,
            upper,
            usd_per_mwh: block.usd_per_mwh,
            slope: block.slope(),
        }
    })
}

/// The path within a case of the first price that rises along a block, of the offer at `path`.
pub fn sloped(path: &str, offer: &[Block]) -> Option<String> {
    let k = offer.iter().position(|block| block.slope() != 0.0)?;
    Some(format!("{path}.offer.{k}.end_usd_per_mwh"))
}

/// Price of the MW at an output, $/MWh; `None` beyond the offer.
fn price_at(offer: &[Block], p_mw: f64) -> Option<f64> {
    let mut left = p_mw;
    for block in offer {
        if left <= block.p_mw {
            return Some(block.usd_per_mwh + block.slope() * left);
        }
        left -= block.p_mw;
    }
    None
}

/// Splits `total_mw` over offers that may rise along their blocks at least cost: one price for all that
/// are neither at their least nor at their most; at equal flat prices in the order given.
pub fn split_by_price(
    offers: &[&[Block]],
    minima_mw: &[f64],
    maxima_mw: &[f64],
    total_mw: f64,
) -> Vec<f64> {
    // What each gives at a price: before the flat blocks at it, or with them.
    let at = |m: usize, price: f64, with: bool| -> f64 {
        let of = |block: &Block| match block.slope() {
            slope if slope > 0.0 => ((price - block.usd_per_mwh) / slope).clamp(0.0, block.p_mw),
            _ if block.usd_per_mwh < price || (with && block.usd_per_mwh == price) => block.p_mw,
            _ => 0.0,
        };
        let sum: f64 = offers[m].iter().map(of).sum();
        sum.clamp(minima_mw[m], maxima_mw[m])
    };
    let all = |price: f64, with: bool| -> Vec<f64> {
        (0..offers.len()).map(|m| at(m, price, with)).collect()
    };
    let ends = |block: &Block| [block.usd_per_mwh, block.end()];
    let of_blocks = offers.iter().copied().flatten().flat_map(ends);
    let of_minima = offers.iter().zip(minima_mw);
    let of_minima = of_minima.filter_map(|(offer, &min)| price_at(offer, min));
    let mut prices: Vec<f64> = of_blocks.chain(of_minima).collect();
    crate::sort::by(&mut prices, f64::total_cmp);
    let sum = |outputs: &[f64]| outputs.iter().sum::<f64>();
    let enough = |&price: &f64| sum(&all(price, true)) >= total_mw;
    let Some(k) = prices.iter().position(enough) else {
        return maxima_mw.to_vec();
    };
    let mut outputs = all(prices[k], false);
    let mut left = total_mw - sum(&outputs);
    if left >= 0.0 {
        // Flat blocks at this price, one after another.
        for (m, most) in all(prices[k], true).into_iter().enumerate() {
            let taken = (most - outputs[m]).min(left);
            outputs[m] += taken;
            left -= taken;
        }
    } else if let Some(below) = k.checked_sub(1) {
        // Between two prices everything is straight.
        let start = all(prices[below], true);
        let share = (total_mw - sum(&start)) / (sum(&outputs) - sum(&start));
        for (output, start) in outputs.iter_mut().zip(start) {
            *output = start + share.clamp(0.0, 1.0) * (*output - start);
        }
    }
    outputs
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
