//! What a bid offers in a period: its extent, its price, and what is left of it.

use crate::case::balancing::{Bid, PeriodOffer, Segment};

/// Least and greatest activation of a bid in period `t`, MW.
pub fn extent(bid: &Bid, t: usize) -> (f64, f64) {
    offered(bid.offers.iter().filter(|o| o.period == t + 1))
}

/// The same over all of some offers.
pub fn offered<'a>(offers: impl IntoIterator<Item = &'a PeriodOffer>) -> (f64, f64) {
    let segments = offers.into_iter().flat_map(|o| &o.segments);
    segments.fold((0.0, 0.0), |(low, high), s| {
        (low + s.min_p_mw.min(0.0), high + s.max_p_mw.max(0.0))
    })
}

/// Segments in the order in which they are taken for an activation of this sign.
fn by_merit(segments: &mut [Segment], up: bool) {
    crate::sort::by(segments, |a, b| {
        let order = a.usd_per_mwh.total_cmp(&b.usd_per_mwh);
        if up { order } else { order.reverse() }
    });
}

/// What is left of a bid after an activation; a downward segment already activated can be taken
/// back no further than to zero.
pub fn remaining(bid: &Bid, p_mw: &[f64]) -> Bid {
    let mut left = bid.clone();
    for offer in &mut left.offers {
        let mut used = p_mw[offer.period - 1];
        by_merit(&mut offer.segments, used > 0.0);
        for segment in &mut offer.segments {
            let taken = used.clamp(segment.min_p_mw.min(0.0), segment.max_p_mw.max(0.0));
            used -= taken;
            if taken > 0.0 {
                segment.max_p_mw -= taken;
            } else {
                segment.min_p_mw -= taken;
            }
            if segment.max_p_mw < segment.min_p_mw {
                segment.min_p_mw = segment.max_p_mw;
            }
        }
    }
    left
}

/// Price of a bid in period `t`, $/MWh, by width.
pub fn mean_price(bid: &Bid, t: usize) -> f64 {
    let offers = bid.offers.iter().filter(|o| o.period == t + 1);
    let (value, width) = offers
        .flat_map(|o| &o.segments)
        .fold((0.0, 0.0), |(v, w), s| {
            let wide = s.max_p_mw - s.min_p_mw;
            (v + wide * s.usd_per_mwh, w + wide)
        });
    if width > 0.0 { value / width } else { 0.0 }
}

/// Cuts the segments of a bid in period `t` to a range, cheapest kept.
pub fn cut_segments(bid: &mut Bid, t: usize, low: f64, high: f64) {
    for offer in bid.offers.iter_mut().filter(|o| o.period == t + 1) {
        let mut room = high;
        by_merit(&mut offer.segments, true);
        for segment in &mut offer.segments {
            if segment.max_p_mw > 0.0 {
                segment.max_p_mw = segment.max_p_mw.min(room.max(0.0));
                segment.min_p_mw = segment.min_p_mw.min(segment.max_p_mw);
                room -= segment.max_p_mw;
            }
        }
        let mut room = -low;
        by_merit(&mut offer.segments, false);
        for segment in &mut offer.segments {
            if segment.min_p_mw < 0.0 {
                segment.min_p_mw = segment.min_p_mw.max(-room.max(0.0));
                segment.max_p_mw = segment.max_p_mw.max(segment.min_p_mw);
                room += segment.min_p_mw;
            }
        }
    }
}
