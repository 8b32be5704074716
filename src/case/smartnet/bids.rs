//! Bids with their conditions.

use super::super::Problem;
use super::super::balancing::{
    Bid, DurationPair, ExclusiveGroup, HalfPlane, PeriodOffer, Ramp, Segment,
};
use super::network::Network;
use super::table::{Files, Notes, Row};
use super::{LEAST_MW, Periods};
use std::collections::{HashMap, HashSet};

pub(super) struct Bids {
    pub bids: Vec<Bid>,
    pub exclusive: Vec<ExclusiveGroup>,
}

pub(super) fn read(
    files: &mut Files,
    network: &Network,
    periods: &Periods,
    notes: &mut Notes,
) -> Result<Bids, Vec<Problem>> {
    let mut bids = segments(files, network, periods, notes)?;
    let book = Book::new(&bids);
    book.marks(files, periods, notes, &mut bids)?;
    book.durations(files, periods, notes, &mut bids)?;
    book.ramps(files, periods, notes, &mut bids)?;
    book.half_planes(files, notes, &mut bids)?;
    book.discs(files, notes, &mut bids)?;
    let exclusive = book.exclusive(files, notes)?;
    for bid in &mut bids {
        tidy(bid);
    }
    Ok(Bids { bids, exclusive })
}

/// The bids with their segments; offers carry the number of their Q-bid.
fn segments(
    files: &mut Files,
    network: &Network,
    periods: &Periods,
    notes: &mut Notes,
) -> Result<Vec<Bid>, Vec<Problem>> {
    let table = files.required("Bids")?;
    let [node, qt, q, seg, time] = table.columns(["Node", "QtBids", "QBid", "QBidSeg", "forT"])?;
    let quantity = table.columns([
        "QuantityLoQ",
        "PriceLoQ",
        "QuantityHiQ",
        "PriceHiQ",
        "Xlb",
        "Xub",
    ])?;
    let marks = [table.column("AlphaOmegaSet"), table.column("NoNewAct")];
    let mut bids: Vec<Bid> = Vec::new();
    let mut bid_of: HashMap<&str, usize> = HashMap::new();
    let mut offer_of: HashMap<(usize, &str, usize), usize> = HashMap::new();
    let mut seen = HashSet::new();
    for row in table.rows() {
        let (node, qt, q) = (row.text(node)?, row.text(qt)?, row.text(q)?);
        let Some(&distribution) = network.distribution.get(node) else {
            return Err(row.error(format!(
                "There is no node {node}. Add it to the nodes, or correct the bid."
            )));
        };
        let Some(period) = periods.of(row.whole(time)?) else {
            notes.left_out("{} segments of bids outside the periods.");
            continue;
        };
        if !seen.insert((qt, q, row.text(seg)?, period)) {
            return Err(row.error(
                "The segment is given twice for one period. Give one of them another QBidSeg.",
            ));
        }
        let segment = segment(&row, quantity, notes)?;
        let at = *bid_of.entry(qt).or_insert_with(|| {
            bids.push(Bid {
                id: qt.to_string(),
                bus: node.to_string(),
                reactive: distribution,
                ..Bid::default()
            });
            bids.len() - 1
        });
        let bid = &mut bids[at];
        if bid.bus != node {
            return Err(row.error(format!(
                "Bid {qt} is at node {} above and at node {node} here. A bid has one node: give one of them another number.",
                bid.bus
            )));
        }
        let k = *offer_of.entry((at, q, period)).or_insert_with(|| {
            bid.offers.push(PeriodOffer {
                id: q.to_string(),
                period,
                ..PeriodOffer::default()
            });
            bid.offers.len() - 1
        });
        let offer = &mut bid.offers[k];
        offer.start_stop |= row.flag(marks[0])?;
        offer.no_new_activation |= row.flag(marks[1])?;
        offer.segments.push(segment);
    }
    Ok(without_crumbs(bids, notes))
}

/// The segment of a row. Its quantity is what lies between its two ends.
fn segment(
    row: &Row,
    [low, price_low, high, price_high, xlb, xub]: [super::table::Column; 6],
    notes: &mut Notes,
) -> Result<Segment, Vec<Problem>> {
    let (low, high) = (row.number(low)?, row.number(high)?);
    let (price_low, price_high) = (row.number(price_low)?, row.number(price_high)?);
    let mut price = price_high;
    if price_low != price_high {
        price = (price_low + price_high) / 2.0;
        notes.changed("{} segments whose price changes along them are taken at its mean.");
    }
    if high < 0.0 {
        price = 0.0 - price;
    }
    let (least, most) = (row.number(xlb)?, row.number(xub)?);
    if !(0.0 <= least && least <= most && most <= 1.0) {
        return Err(row.error(format!(
            "The share taken of the segment goes from {least} to {most}. Give 0 to 1, the lower first."
        )));
    }
    let whole = high - low;
    let indivisible = least == 1.0;
    let least = if indivisible { 0.0 } else { least };
    let ends = (least * whole, most * whole);
    Ok(Segment {
        min_p_mw: ends.0.min(ends.1) + 0.0,
        max_p_mw: ends.0.max(ends.1) + 0.0,
        usd_per_mwh: price,
        indivisible,
    })
}

/// Leaves out quantities that only cost digits. An offer keeps one of them at zero where nothing
/// else is in it, as other offers may depend on whether it is on.
fn without_crumbs(mut bids: Vec<Bid>, notes: &mut Notes) -> Vec<Bid> {
    let crumb = |segment: &Segment| segment.whole_mw().abs() < LEAST_MW;
    for bid in &mut bids {
        for offer in &mut bid.offers {
            let before = offer.segments.len();
            let first = offer.segments.first().cloned();
            offer.segments.retain(|segment| !crumb(segment));
            for _ in offer.segments.len()..before {
                notes.left_out("{} segments of less than 0.00001 MW.");
            }
            if offer.segments.is_empty()
                && let Some(first) = first
            {
                offer.segments.push(Segment {
                    min_p_mw: 0.0,
                    max_p_mw: 0.0,
                    indivisible: false,
                    ..first
                });
            }
        }
    }
    bids.retain(|bid| {
        let offers = bid.offers.iter().flat_map(|offer| &offer.segments);
        let some = offers.into_iter().any(|segment| !crumb(segment));
        if !some {
            notes.left_out("{} bids of nothing else.");
        }
        some
    });
    bids
}

/// Where bids and their Q-bids are found by number.
struct Book {
    bid: HashMap<String, usize>,
    /// Offers by bid and Q-bid.
    offers: HashMap<(usize, String), Vec<usize>>,
}

impl Book {
    fn new(bids: &[Bid]) -> Self {
        let mut book = Self {
            bid: HashMap::new(),
            offers: HashMap::new(),
        };
        for (i, bid) in bids.iter().enumerate() {
            book.bid.insert(bid.id.clone(), i);
            for (k, offer) in bid.offers.iter().enumerate() {
                let offers = book.offers.entry((i, offer.id.clone())).or_default();
                offers.push(k);
            }
        }
        book
    }

    fn bid(&self, qt: &str) -> Option<usize> {
        self.bid.get(qt).copied()
    }

    fn offers(&self, bid: usize, q: &str) -> &[usize] {
        let offers = self.offers.get(&(bid, q.to_string()));
        offers.map_or(&[], Vec::as_slice)
    }

    /// Bid and place of the offer of a period.
    fn offer(&self, bids: &[Bid], qt: &str, q: &str, period: usize) -> Option<(usize, usize)> {
        let bid = self.bid(qt)?;
        let offers = &bids.get(bid)?.offers;
        let mut places = self.offers(bid, q).iter().copied();
        let place = places.find(|&k| offers.get(k).is_some_and(|o| o.period == period))?;
        Some((bid, place))
    }

    /// Offers with start and stop, and those that may not start, where they have files of their own.
    fn marks(
        &self,
        files: &mut Files,
        periods: &Periods,
        notes: &mut Notes,
        bids: &mut [Bid],
    ) -> Result<(), Vec<Problem>> {
        for (name, start_stop) in [("AlphaOmegaSet", true), ("NoNewAct", false)] {
            let Some(table) = files.optional(name)? else {
                continue;
            };
            let [qt, q, time] = table.columns(["QtBids", "QBid", "forT"])?;
            for row in table.rows() {
                let period = periods.of(row.whole(time)?);
                let found = period.and_then(|period| {
                    self.offer(bids, row.text(qt).ok()?, row.text(q).ok()?, period)
                });
                let Some((bid, place)) = found else {
                    notes.left_out("{} marks of start and stop on offers that are not there.");
                    continue;
                };
                let offer = &mut bids[bid].offers[place];
                if start_stop {
                    offer.start_stop = true;
                } else {
                    offer.no_new_activation = true;
                }
            }
        }
        Ok(())
    }

    fn durations(
        &self,
        files: &mut Files,
        periods: &Periods,
        notes: &mut Notes,
        bids: &mut [Bid],
    ) -> Result<(), Vec<Problem>> {
        let table = files.required("MinDurationPairs")?;
        let [qt, start, on, tau, time] =
            table.columns(["QtBids", "QBid1", "QBid2", "Tau", "ForTime"])?;
        for row in table.rows() {
            let (qt, start, on) = (row.text(qt)?, row.text(start)?, row.text(on)?);
            let ends = (periods.of(row.whole(tau)?), periods.of(row.whole(time)?));
            let found = match ends {
                (Some(start_period), Some(on_period)) => self
                    .offer(bids, qt, start, start_period)
                    .zip(self.offer(bids, qt, on, on_period))
                    .map(|((bid, place), _)| (bid, place, start_period, on_period)),
                _ => None,
            };
            let Some((bid, place, start_period, on_period)) = found else {
                notes.left_out("{} minimum durations of offers that are not there.");
                continue;
            };
            let offer = &mut bids[bid].offers[place];
            if !offer.start_stop {
                offer.start_stop = true;
                notes.changed(
                    "{} offers have start and stop because a minimum duration asks for it.",
                );
            }
            bids[bid].minimum_duration.push(DurationPair {
                start: start.to_string(),
                start_period,
                on: on.to_string(),
                on_period,
            });
        }
        Ok(())
    }

    fn ramps(
        &self,
        files: &mut Files,
        periods: &Periods,
        notes: &mut Notes,
        bids: &mut [Bid],
    ) -> Result<(), Vec<Problem>> {
        let table = files.required("RampConstraints")?;
        let [qt, q, change, lower] =
            table.columns(["QtBids", "QBid", "RCRealPowerIncr", "RCMin"])?;
        for row in table.rows() {
            let (qt, q, change) = (row.text(qt)?, row.text(q)?, row.number(change)?);
            let lower = row.number(lower)? == 1.0;
            let Some(bid) = self.bid(qt).filter(|&bid| !self.offers(bid, q).is_empty()) else {
                notes.left_out("{} ramps of offers that are not there.");
                continue;
            };
            for &place in self.offers(bid, q) {
                let period = bids[bid].offers[place].period;
                if period == periods.count {
                    continue; // no period after the last
                }
                let ramps = &mut bids[bid].ramps;
                let at = ramps.iter().position(|ramp| ramp.period == period);
                let at = at.unwrap_or_else(|| {
                    ramps.push(Ramp {
                        period,
                        ..Ramp::default()
                    });
                    ramps.len() - 1
                });
                let ramp = &mut ramps[at];
                // Of two limits the tighter holds.
                if lower {
                    ramp.min_mw = Some(ramp.min_mw.map_or(change, |known| known.max(change)));
                } else {
                    ramp.max_mw = Some(ramp.max_mw.map_or(change, |known| known.min(change)));
                }
            }
        }
        Ok(())
    }

    fn half_planes(
        &self,
        files: &mut Files,
        notes: &mut Notes,
        bids: &mut [Bid],
    ) -> Result<(), Vec<Problem>> {
        let table = files.required("HalfPlanes")?;
        let [qt, slope, offset, side] =
            table.columns(["QtBid", "QPHPSlope", "QPHPOffset", "QPHPConstr"])?;
        for row in table.rows() {
            let qt = row.text(qt)?;
            let (slope, offset_mvar, side) =
                (row.number(slope)?, row.number(offset)?, row.number(side)?);
            if side != 0.0 && side != 1.0 {
                return Err(row.error(format!(
                    "QPHPConstr is {side}. Give 1 for above the line, 0 for below."
                )));
            }
            let Some(bid) = self.bid(qt).and_then(|bid| bids.get_mut(bid)) else {
                notes.left_out("{} half-planes of bids that are not there.");
                continue;
            };
            if !bid.reactive {
                notes.left_out("{} half-planes of bids at transmission nodes.");
                continue;
            }
            let plane = HalfPlane {
                slope,
                offset_mvar,
                above: side == 1.0,
            };
            if !bid.half_planes.contains(&plane) {
                bid.half_planes.push(plane);
            }
        }
        Ok(())
    }

    fn discs(
        &self,
        files: &mut Files,
        notes: &mut Notes,
        bids: &mut [Bid],
    ) -> Result<(), Vec<Problem>> {
        let table = files.required("QPDisc")?;
        let [qt, from, to, most] = table.columns(["QtBid", "QPDFrom", "QPDTo", "QPDMax"])?;
        for row in table.rows() {
            let (qt, most) = (row.text(qt)?, row.number(most)?);
            let everywhere = row.number(from)? == -1.0 && row.number(to)? == -1.0;
            let Some(bid) = self.bid(qt).and_then(|bid| bids.get_mut(bid)) else {
                notes.left_out("{} discs of bids that are not there.");
                continue;
            };
            if !everywhere {
                notes.left_out("{} discs over a part of the plane, as in the published model.");
            } else if !bid.reactive {
                notes.left_out("{} discs of bids at transmission nodes.");
            } else {
                if bid.max_s_mva.is_some_and(|known| known != most) {
                    notes.changed("{} discs differ from period to period; the smallest holds.");
                }
                bid.max_s_mva = Some(bid.max_s_mva.map_or(most, |known| known.min(most)));
            }
        }
        Ok(())
    }

    fn exclusive(
        &self,
        files: &mut Files,
        notes: &mut Notes,
    ) -> Result<Vec<ExclusiveGroup>, Vec<Problem>> {
        let table = files.required("ExclusiveQtBids")?;
        let [id, qt] = table.columns(["ID", "QtBid"])?;
        let mut groups: Vec<ExclusiveGroup> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        let mut seen = HashSet::new();
        for row in table.rows() {
            let (id, qt) = (row.text(id)?, row.text(qt)?);
            if self.bid(qt).is_none() {
                notes.left_out("{} bids of exclusive groups that are not there.");
                continue;
            }
            if !seen.insert((id, qt)) {
                continue;
            }
            let i = *at.entry(id).or_insert_with(|| {
                groups.push(ExclusiveGroup {
                    id: id.to_string(),
                    bids: Vec::new(),
                });
                groups.len() - 1
            });
            groups[i].bids.push(qt.to_string());
        }
        Ok(groups)
    }
}

/// The shortest way to say the same: no ids where a bid has one offer a period, no half-planes
/// where they leave no reactive power.
fn tidy(bid: &mut Bid) {
    let mut periods = HashSet::new();
    if bid.offers.iter().all(|offer| periods.insert(offer.period)) {
        for offer in &mut bid.offers {
            offer.id.clear();
        }
        for pair in &mut bid.minimum_duration {
            pair.start.clear();
            pair.on.clear();
        }
    }
    crate::sort::by_key(&mut bid.ramps, |ramp| ramp.period);
    if NO_REACTIVE
        .iter()
        .all(|plane| bid.half_planes.contains(plane))
    {
        bid.half_planes.clear();
        bid.reactive = false;
    }
}

/// q ≥ 0 and q ≤ 0.
pub(super) const NO_REACTIVE: [HalfPlane; 2] = [
    HalfPlane {
        slope: 0.0,
        offset_mvar: 0.0,
        above: true,
    },
    HalfPlane {
        slope: 0.0,
        offset_mvar: 0.0,
        above: false,
    },
];
