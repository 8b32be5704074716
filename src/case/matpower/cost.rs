//! Generator costs as offers.

use super::super::Block;
use super::super::check::bounds;

/// Blocks that stand for one cost of degree three or more: equal in width, from the marginal cost at the start of
/// each to that at its end. A quadratic cost is one block.
pub const CURVE_BLOCKS: usize = 10;

/// Points of each of them at which it is compared with the curve.
const COMPARED: usize = 64;

/// Marginal costs that fall by no more than this part of their size are straight but for rounding.
const ROUNDING: f64 = 1e-4;

/// An offer over `from` … `to` MW with what could not be kept of the cost.
#[derive(Debug, Default, PartialEq)]
pub struct Offer {
    pub blocks: Vec<Block>,
    /// Cost at `from`, $/h.
    pub no_load_usd_per_h: f64,
    /// The cost was quadratic and is one block whose price rises.
    pub quadratic: bool,
    /// The cost was of degree three or more and is now [`CURVE_BLOCKS`] blocks.
    pub curve: Option<Chords>,
    /// Marginal costs that fell by rounding were levelled, by at most so much, $/MWh.
    pub levelled_usd_per_mwh: Option<f64>,
    /// There is a cost of starting or stopping.
    pub start_or_stop: bool,
}

/// How far straight marginal costs are from the curve they stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chords {
    /// Most that they cost more or less than the curve at one output, $/h.
    pub off_usd_per_h: f64,
    /// Most that their price is away from the marginal cost, $/MWh.
    pub off_usd_per_mwh: f64,
}

/// The offer over `from` … `to` MW of one row of `gencost` ($/h against MW).
///
/// # Errors
/// A row that is too short, of an unknown model, or whose marginal cost falls; as a sentence with
/// the remedy.
pub fn offer(row: &[f64], from: f64, to: f64) -> Result<Offer, String> {
    let [model, startup, shutdown, count, data @ ..] = row else {
        return Err(format!(
            "The cost row has {} numbers; it needs at least 5. Add the missing ones.",
            row.len()
        ));
    };
    let per_point = if *model == 1.0 { 2 } else { 1 };
    let wanted = if count.fract() == 0.0 && (1.0..1e4).contains(count) {
        *count as usize * per_point
    } else {
        return Err(format!(
            "The cost row says it has {count} points or coefficients. Give a whole number of 1 or more."
        ));
    };
    let Some(data) = data.get(..wanted) else {
        return Err(format!(
            "The cost row holds {} numbers after its fourth, but says {wanted}. Correct the count or add numbers.",
            data.len()
        ));
    };
    let mut offer = match model {
        1.0 => piecewise(data, from, to),
        2.0 => polynomial(data, from, to),
        _ => Err(format!(
            "The cost model is {model}; Tandem knows 1 (piecewise linear) and 2 (polynomial)."
        )),
    }?;
    offer.start_or_stop = *startup != 0.0 || *shutdown != 0.0;
    if *model == 1.0 {
        offer.levelled_usd_per_mwh = level(&mut offer.blocks)?;
    }
    Ok(offer)
}

/// Coefficients from the highest power down.
///
/// # Errors
/// A marginal cost that falls.
fn polynomial(coefficients: &[f64], from: f64, to: f64) -> Result<Offer, String> {
    let at = |p: f64| coefficients.iter().fold(0.0, |value, c| value * p + c);
    let marginal = |p: f64| {
        // Derivative by Horner's rule: value and slope together.
        let (_, slope) = coefficients.iter().fold((0.0, 0.0), |(value, slope), c| {
            (value * p + c, slope * p + value)
        });
        slope
    };
    let degree = coefficients.iter().position(|c| *c != 0.0);
    let degree = degree.map_or(0, |first| coefficients.len() - 1 - first);
    let curved = degree >= 2 && to > from;
    let count = if curved && degree > 2 {
        CURVE_BLOCKS
    } else {
        1
    };
    let width = (to - from) / count as f64;
    let end = |k: usize| from + width * k as f64;
    let straight = |k: usize| match curved {
        true => Block {
            end_usd_per_mwh: Some(marginal(end(k + 1))),
            ..Block::flat(width, marginal(end(k)))
        },
        false => Block::flat(width, marginal(from)),
    };
    let mut blocks: Vec<Block> = (0..count).map(straight).collect();
    let levelled_usd_per_mwh = raise(&mut blocks)?;
    Ok(Offer {
        no_load_usd_per_h: at(from),
        quadratic: curved && degree == 2,
        curve: (curved && degree > 2).then(|| apart(&blocks, from, at, marginal)),
        blocks,
        levelled_usd_per_mwh,
        ..Offer::default()
    })
}

/// Raises prices that fall along or between blocks by rounding to those before; the most that one was moved, where
/// any was.
///
/// # Errors
/// Prices that fall by more than rounding.
fn raise(blocks: &mut [Block]) -> Result<Option<f64>, String> {
    let (mut reached, mut most) = (f64::NEG_INFINITY, 0.0_f64);
    let mut up = |price: f64| -> Result<f64, String> {
        if reached - price > ROUNDING * reached.abs().max(price.abs()) {
            return Err(not_convex());
        }
        most = most.max(reached - price);
        reached = reached.max(price);
        Ok(reached)
    };
    for block in blocks {
        block.usd_per_mwh = up(block.usd_per_mwh)?;
        if let Some(end) = &mut block.end_usd_per_mwh {
            *end = up(*end)?;
        }
    }
    Ok((most > 0.0).then_some(most))
}

fn not_convex() -> String {
    "The marginal cost falls with output, so an offer cannot hold it. Give a convex cost.".into()
}

/// How far blocks from `from` on are from a cost and its marginal cost.
fn apart(
    blocks: &[Block],
    from: f64,
    cost: impl Fn(f64) -> f64,
    marginal: impl Fn(f64) -> f64,
) -> Chords {
    let mut most = Chords::default();
    let (mut start, mut sum) = (from, cost(from));
    for block in blocks {
        for k in 0..=COMPARED {
            let p = block.p_mw * k as f64 / COMPARED as f64;
            let price = block.usd_per_mwh + block.slope() * p;
            let costs = sum + 0.5 * (block.usd_per_mwh + price) * p;
            let off = |a: f64, b: f64, most: f64| most.max((a - b).abs());
            most.off_usd_per_h = off(costs, cost(start + p), most.off_usd_per_h);
            most.off_usd_per_mwh = off(price, marginal(start + p), most.off_usd_per_mwh);
        }
        sum += 0.5 * (block.usd_per_mwh + block.end()) * block.p_mw;
        start += block.p_mw;
    }
    most
}

/// Points p0, f0, p1, f1, …; the first and last slopes go on beyond the points.
fn piecewise(data: &[f64], from: f64, to: f64) -> Result<Offer, String> {
    let points: Vec<(f64, f64)> = data
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [p, f] => Some((*p, *f)),
            _ => None,
        })
        .collect();
    if points.len() < 2 {
        return Err("A piecewise linear cost needs two points or more. Add one.".to_string());
    }
    if points.len() > bounds::BLOCKS {
        return Err(format!(
            "The cost has {} points; Tandem takes up to {}. Merge some.",
            points.len(),
            bounds::BLOCKS
        ));
    }
    let mut offer = Offer::default();
    let mut covered = from;
    let last = points.len() - 2;
    for (k, pair) in points.windows(2).enumerate() {
        let [(p0, f0), (p1, f1)] = *pair else {
            continue;
        };
        if p1 <= p0 {
            return Err(format!(
                "The points of the cost do not go up: {p1} MW follows {p0} MW. Order them."
            ));
        }
        let slope = (f1 - f0) / (p1 - p0);
        let end = if k == last { to } else { p1.min(to) };
        if end > covered || (k == last && offer.blocks.is_empty()) {
            if offer.blocks.is_empty() {
                offer.no_load_usd_per_h = f0 + slope * (from - p0);
            }
            let width = (end - covered).max(0.0);
            match offer.blocks.last_mut() {
                Some(block) if block.usd_per_mwh == slope => block.p_mw += width,
                _ => offer.blocks.push(Block::flat(width, slope)),
            }
            covered = end;
        }
    }
    Ok(offer)
}

/// Joins blocks whose price falls by rounding into one at their mean price, which keeps the total;
/// the most that a price was moved, where any was.
///
/// # Errors
/// Prices that fall by more than rounding.
fn level(blocks: &mut Vec<Block>) -> Result<Option<f64>, String> {
    let falls = |a: &Block, b: &Block| b.usd_per_mwh < a.usd_per_mwh;
    if !blocks.windows(2).any(|pair| falls(&pair[0], &pair[1])) {
        return Ok(None);
    }
    let mut joined: Vec<(Block, f64, f64)> = Vec::new();
    for block in blocks.iter() {
        let price = block.usd_per_mwh;
        let mut next = (block.clone(), price, price);
        while let Some((before, low, high)) = joined.pop_if(|(before, ..)| falls(before, &next.0)) {
            let p_mw = before.p_mw + next.0.p_mw;
            let cost = before.p_mw * before.usd_per_mwh + next.0.p_mw * next.0.usd_per_mwh;
            let usd_per_mwh = if p_mw > 0.0 {
                cost / p_mw
            } else {
                next.0.usd_per_mwh
            };
            next = (
                Block::flat(p_mw, usd_per_mwh),
                low.min(next.1),
                high.max(next.2),
            );
        }
        joined.push(next);
    }
    let mut most = 0.0_f64;
    for (block, low, high) in &joined {
        if high - low > ROUNDING * high.abs().max(low.abs()) {
            return Err(not_convex());
        }
        most = most
            .max(high - block.usd_per_mwh)
            .max(block.usd_per_mwh - low);
    }
    *blocks = joined.into_iter().map(|(block, ..)| block).collect();
    Ok(Some(most))
}
