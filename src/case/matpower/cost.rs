//! Generator costs as offers.

use super::super::Block;
use super::super::check::bounds;

/// Blocks that stand for one curved (quadratic or higher) cost: equal in width over 0 … Pmax, each
/// at the marginal cost in its middle. For a quadratic cost the total at every block end is exact.
pub const CURVE_BLOCKS: usize = 10;

/// An offer with what could not be kept of the cost.
#[derive(Debug, PartialEq)]
pub(super) struct Offer {
    pub blocks: Vec<Block>,
    /// The cost was curved and is now [`CURVE_BLOCKS`] steps.
    pub curved: bool,
    /// There is a cost at zero output, or of starting or stopping.
    pub fixed_cost: bool,
}

/// The offer over 0 … `max_p_mw` of one row of `gencost` ($/h against MW).
///
/// # Errors
/// A row that is too short, of an unknown model, or whose marginal cost falls; as a sentence with
/// the remedy.
pub(super) fn offer(row: &[f64], max_p_mw: f64) -> Result<Offer, String> {
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
        1.0 => piecewise(data, max_p_mw),
        2.0 => polynomial(data, max_p_mw),
        _ => Err(format!(
            "The cost model is {model}; Tandem knows 1 (piecewise linear) and 2 (polynomial)."
        )),
    }?;
    offer.fixed_cost |= *startup != 0.0 || *shutdown != 0.0;
    let falls = |pair: &[Block]| matches!(pair, [a, b] if b.usd_per_mwh < a.usd_per_mwh);
    if offer.blocks.windows(2).any(falls) {
        return Err(
            "The marginal cost falls with output, so an offer cannot hold it. Give a convex cost."
                .to_string(),
        );
    }
    Ok(offer)
}

/// Coefficients from the highest power down.
fn polynomial(coefficients: &[f64], max_p_mw: f64) -> Result<Offer, String> {
    let constant = coefficients.last().copied().unwrap_or(0.0);
    let marginal = |p: f64| {
        // Derivative by Horner's rule: value and slope together.
        let (_, slope) = coefficients.iter().fold((0.0, 0.0), |(value, slope), c| {
            (value * p + c, slope * p + value)
        });
        slope
    };
    let curved = coefficients.iter().rev().skip(2).any(|c| *c != 0.0) && max_p_mw > 0.0;
    let count = if curved { CURVE_BLOCKS } else { 1 };
    let width = max_p_mw / count as f64;
    let blocks = (0..count)
        .map(|k| Block {
            p_mw: width,
            usd_per_mwh: marginal(width * (k as f64 + 0.5)),
        })
        .collect();
    Ok(Offer {
        blocks,
        curved,
        fixed_cost: constant != 0.0,
    })
}

/// Points p0, f0, p1, f1, …; the first and last slopes go on beyond the points.
fn piecewise(data: &[f64], max_p_mw: f64) -> Result<Offer, String> {
    let points: Vec<(f64, f64)> = data
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [p, f] => Some((*p, *f)),
            _ => None,
        })
        .collect();
    let (Some(&(first_p, first_f)), true) = (points.first(), points.len() >= 2) else {
        return Err("A piecewise linear cost needs two points or more. Add one.".to_string());
    };
    if points.len() > bounds::BLOCKS {
        return Err(format!(
            "The cost has {} points; Tandem takes up to {}. Merge some.",
            points.len(),
            bounds::BLOCKS
        ));
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut covered = 0.0;
    let last = points.len() - 2;
    let mut at_zero = first_f;
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
        if k == 0 {
            at_zero = first_f - slope * first_p;
        }
        let end = if k == last {
            max_p_mw
        } else {
            p1.min(max_p_mw)
        };
        if end > covered || (k == last && blocks.is_empty()) {
            let width = (end - covered).max(0.0);
            match blocks.last_mut() {
                Some(block) if block.usd_per_mwh == slope => block.p_mw += width,
                _ => blocks.push(Block {
                    p_mw: width,
                    usd_per_mwh: slope,
                }),
            }
            covered = end;
        }
    }
    Ok(Offer {
        blocks,
        curved: false,
        fixed_cost: at_zero.abs() > 1e-9 * first_f.abs().max(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(row: &[f64], max: f64) -> Vec<(f64, f64)> {
        let offer = offer(row, max).unwrap();
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
        assert!(offer(&padded, 10.0).unwrap().fixed_cost);
        assert_eq!(pairs(&[2.0, 0.0, 0.0, 1.0, 7.0], 10.0), [(10.0, 0.0)]);
    }

    #[test]
    fn a_quadratic_keeps_its_total_at_every_block_end() {
        // f = 0.02 p² + 2 p over 80 MW: blocks of 8 MW.
        let offer = offer(&[2.0, 0.0, 0.0, 3.0, 0.02, 2.0, 0.0], 80.0).unwrap();
        assert!(offer.curved);
        assert_eq!(offer.blocks.len(), CURVE_BLOCKS);
        assert!((offer.blocks[0].usd_per_mwh - 2.16).abs() < 1e-12);
        let (mut p, mut total) = (0.0, 0.0);
        for block in &offer.blocks {
            p += block.p_mw;
            total += block.p_mw * block.usd_per_mwh;
            assert!((total - (0.02 * p * p + 2.0 * p)).abs() < 1e-9);
        }
        assert_eq!(p, 80.0);
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
        assert!(offer(&from_five, 10.0).unwrap().fixed_cost);
    }

    #[test]
    fn what_no_offer_can_hold_is_refused() {
        for (row, part) in [
            (&[2.0, 0.0, 0.0, 3.0, -0.1, 9.0, 0.0][..], "convex"),
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
            let error = offer(row, 10.0).unwrap_err();
            assert!(error.contains(part), "{row:?}: {error}");
        }
    }
}
