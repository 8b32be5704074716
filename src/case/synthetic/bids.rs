//! Bids: where, how much, at what price, under which conditions.

use super::super::balancing::{
    Bid, DurationPair, ExclusiveGroup, HalfPlane, PeriodOffer, Ramp, Segment,
};
use super::draw::{Draw, grid as round};
use super::feeders::{Grown, group_sizes};
use super::profile::{Profile, Spread, Volume};
use super::transmission::Grid;

/// Slope of the half-planes, Mvar/MW: to either side, and of a fixed power factor.
const SLOPE: f64 = 0.05;

/// Greatest change of a ramping bid from one period to the next, of its capacity.
const RAMP: f64 = 0.2;

pub(super) struct Drawn {
    pub bids: Vec<Bid>,
    pub exclusive: Vec<ExclusiveGroup>,
}

pub(super) fn draw(profile: &Profile, grid: &Grid, feeders: &[Grown], draw: &mut Draw) -> Drawn {
    let stations: Vec<String> = grid.buses.iter().map(|bus| bus.id.clone()).collect();
    let nodes: Vec<String> = feeders
        .iter()
        .flat_map(|feeder| (0..feeder.buses()).map(|k| feeder.bus(k)))
        .collect();
    let mut exclusive = Vec::new();
    let mut plans = Vec::new();
    place(
        &profile.transmission,
        stations,
        &[],
        &mut plans,
        &mut exclusive,
        draw,
    );
    let transmission = plans.len();
    let (groups, members) = profile.exclusive;
    let members = members.min(profile.distribution.bids);
    let sizes = group_sizes(groups.min(members), members, draw);
    place(
        &profile.distribution,
        nodes,
        &sizes,
        &mut plans,
        &mut exclusive,
        draw,
    );
    let local = plans.split_off(transmission);
    let mut bids = national(profile, plans, draw);
    let first = bids.len();
    bids.extend(distributed(profile, local, draw));
    ramps(profile, &mut bids, draw);
    capability(profile, &mut bids[first..], draw);
    Drawn { bids, exclusive }
}

/// A bid to be: its number, bus and direction.
struct Plan {
    id: String,
    bus: String,
    upward: bool,
    /// In an exclusive group.
    grouped: bool,
}

/// Spreads the bids over buses: groups stay together, every chosen bus has some.
fn place(
    volume: &Volume,
    buses: Vec<String>,
    groups: &[usize],
    plans: &mut Vec<Plan>,
    exclusive: &mut Vec<ExclusiveGroup>,
    draw: &mut Draw,
) {
    let chosen = draw.some_of(buses.len(), volume.buses);
    let grouped: usize = groups.iter().sum();
    let alone = volume.bids.saturating_sub(grouped);
    let mut units: Vec<usize> = groups.to_vec();
    units.extend(std::iter::repeat_n(1, alone));
    let kinds = groups.len();
    let mut order: Vec<usize> = (0..units.len()).collect();
    draw.shuffle(&mut order);
    for (k, unit) in order.into_iter().enumerate() {
        let place = chosen.get(k).copied();
        let Some(bus) = place.or_else(|| draw.one_of(&chosen)) else {
            return;
        };
        let members = (0..units[unit]).map(|_| {
            let id = (plans.len() + 1).to_string();
            plans.push(Plan {
                id: id.clone(),
                bus: buses[bus].clone(),
                upward: draw.chance(volume.upward),
                grouped: unit < kinds,
            });
            id
        });
        let members: Vec<String> = members.collect();
        if unit < kinds {
            exclusive.push(ExclusiveGroup {
                id: (exclusive.len() + 1).to_string(),
                bids: members,
            });
        }
    }
}

/// Numbers of periods: as many bids over all of them as the number of offers asks for, the others
/// over one, one in between.
fn lengths(bids: usize, offers: usize, periods: usize, draw: &mut Draw) -> Vec<usize> {
    let mut lengths = vec![1; bids];
    let mut rest = offers.saturating_sub(bids);
    for length in &mut lengths {
        let more = rest.min(periods - 1);
        *length += more;
        rest -= more;
    }
    draw.shuffle(&mut lengths);
    lengths
}

/// The bids of transmission, of the listed sums per period.
fn national(profile: &Profile, plans: Vec<Plan>, draw: &mut Draw) -> Vec<Bid> {
    let volume = &profile.transmission;
    let lengths = lengths(plans.len(), volume.offers, profile.periods, draw);
    let size = Spread {
        p5: 0.15,
        p50: 1.0,
        p95: 7.0,
    };
    let mut bids = Vec::new();
    for (plan, length) in plans.into_iter().zip(lengths) {
        bids.push(bid(profile, plan, length, &size, &size, draw));
    }
    segments(volume, &mut bids, &[], draw);
    // Scaled so that a period offers what is listed.
    for (upward, sum) in [
        (true, profile.transmission_sum.0),
        (false, profile.transmission_sum.1),
    ] {
        let of = |segment: &Segment| segment.max_p_mw.max(0.0) - segment.min_p_mw.min(0.0);
        let is_up = |segment: &Segment| segment.max_p_mw > 0.0;
        let all = bids.iter().flat_map(|bid| &bid.offers);
        let total: f64 = all
            .flat_map(|offer| &offer.segments)
            .filter(|segment| is_up(segment) == upward)
            .map(of)
            .sum();
        let factor = sum * profile.periods as f64 / total.max(1e-6);
        for offer in bids.iter_mut().flat_map(|bid| &mut bid.offers) {
            let segments = offer.segments.iter_mut();
            for segment in segments.filter(|segment| is_up(segment) == upward) {
                segment.min_p_mw = round(segment.min_p_mw * factor, 3);
                segment.max_p_mw = round(segment.max_p_mw * factor, 3);
                // Nothing rounds to nothing.
                match upward {
                    true => segment.max_p_mw = segment.max_p_mw.max(0.001),
                    false => segment.min_p_mw = segment.min_p_mw.min(-0.001),
                }
            }
        }
    }
    bids
}

/// The bids of feeders: blocks over periods among the grouped ones, and others.
fn distributed(profile: &Profile, plans: Vec<Plan>, draw: &mut Draw) -> Vec<Bid> {
    let volume = &profile.distribution;
    let mut blocks: Vec<usize> = Vec::new();
    for (length, &count) in profile.blocks.iter().enumerate() {
        blocks.extend(std::iter::repeat_n(length, count));
    }
    draw.shuffle(&mut blocks);
    blocks.truncate(plans.len());
    // Grouped bids first.
    let mut order: Vec<usize> = (0..plans.len()).collect();
    crate::sort::by_key(&mut order, |&i| !plans[i].grouped);
    let mut length_of = vec![0; plans.len()];
    let mut block = vec![false; plans.len()];
    let mut taken = order.iter();
    for (&length, &i) in blocks.iter().zip(&mut taken) {
        (length_of[i], block[i]) = (length, true);
    }
    let in_blocks: usize = blocks.iter().sum();
    let rest = plans.len() - blocks.len();
    let others = lengths(
        rest,
        volume.offers.saturating_sub(in_blocks),
        profile.periods,
        draw,
    );
    for (&length, &i) in others.iter().zip(taken) {
        length_of[i] = length;
    }
    let mut bids = Vec::new();
    for ((plan, length), &is_block) in plans.into_iter().zip(length_of).zip(&block) {
        let mut made = bid(profile, plan, length, &profile.up, &profile.down, draw);
        made.reactive = true;
        if is_block {
            goes_on(&mut made, profile.blocks_start_first);
        }
        bids.push(made);
    }
    segments(volume, &mut bids, &block, draw);
    bids
}

/// Once started the bid is on until its last period.
fn goes_on(bid: &mut Bid, starts_first: bool) {
    let periods: Vec<usize> = bid.offers.iter().map(|offer| offer.period).collect();
    for (k, offer) in bid.offers.iter_mut().enumerate() {
        offer.start_stop = true;
        offer.no_new_activation = starts_first && k > 0;
    }
    for (k, &on_period) in periods.iter().enumerate() {
        let pairs = periods[..=k].iter().map(|&start_period| DurationPair {
            start_period,
            on_period,
            ..DurationPair::default()
        });
        bid.minimum_duration.extend(pairs);
    }
}

/// A bid with one segment per period, at one price level.
fn bid(
    profile: &Profile,
    plan: Plan,
    length: usize,
    up: &Spread,
    down: &Spread,
    draw: &mut Draw,
) -> Bid {
    let prices = if plan.upward {
        profile.up_prices
    } else {
        profile.down_prices
    };
    let level = draw.one_of(prices).unwrap_or_default();
    let usd_per_mwh = priced(profile, plan.upward, level, draw);
    let size = draw.quantity(if plan.upward { up } else { down });
    let offers = (1..=length.min(profile.periods)).map(|period| {
        let quantity = size * libm::exp(0.15 * draw.normal());
        PeriodOffer {
            period,
            segments: vec![one(plan.upward, quantity, usd_per_mwh)],
            ..PeriodOffer::default()
        }
    });
    Bid {
        offers: offers.collect(),
        id: plan.id,
        bus: plan.bus,
        ..Bid::default()
    }
}

fn one(upward: bool, quantity: f64, usd_per_mwh: f64) -> Segment {
    let quantity = round(quantity, 6).max(2e-5);
    let (min_p_mw, max_p_mw) = if upward {
        (0.0, quantity)
    } else {
        (-quantity, 0.0)
    };
    Segment {
        min_p_mw,
        max_p_mw,
        usd_per_mwh,
        indivisible: false,
    }
}

/// A price about a level, on its side of the line between downward and upward prices.
fn priced(profile: &Profile, upward: bool, level: f64, draw: &mut Draw) -> f64 {
    let noise = draw.normal().abs() * (0.02 * level.abs()).min(1.0);
    let (lowest_up, highest_down) = (
        profile
            .up_prices
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min),
        profile
            .down_prices
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max),
    );
    if upward {
        round(level + noise, 2).max(lowest_up)
    } else {
        round(level - noise, 2).min(highest_down)
    }
}

/// Further segments of offers, dearer than those before, and which segments are all or nothing.
fn segments(volume: &Volume, bids: &mut [Bid], block: &[bool], draw: &mut Draw) {
    let is_block = |i: usize| block.get(i).copied().unwrap_or(false);
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut plain: Vec<(usize, usize)> = Vec::new();
    for (i, bid) in bids.iter().enumerate() {
        let all = (0..bid.offers.len()).map(|k| (i, k));
        places.extend(all.clone());
        if !is_block(i) {
            plain.extend(all);
        }
    }
    let open = if plain.is_empty() { &places } else { &plain };
    for _ in places.len()..volume.segments {
        let Some((i, k)) = draw.one_of(open) else {
            break;
        };
        let offer = &mut bids[i].offers[k];
        let Some(last) = offer.segments.last().cloned() else {
            continue;
        };
        let upward = last.max_p_mw > 0.0;
        let quantity = last.whole_mw().abs() * libm::exp(0.4 * draw.normal());
        let step = round(draw.between(0.05, 0.6), 2);
        let price = round(last.usd_per_mwh + if upward { step } else { -step }, 2);
        offer.segments.push(one(upward, quantity, price));
    }
    // Blocks first, as far as the share goes.
    let in_blocks: usize = (0..bids.len())
        .filter(|&i| is_block(i))
        .map(|i| {
            bids[i]
                .offers
                .iter()
                .map(|o| o.segments.len())
                .sum::<usize>()
        })
        .sum();
    let all: usize = bids
        .iter()
        .flat_map(|bid| bid.offers.iter().map(|offer| offer.segments.len()))
        .sum();
    let wanted = volume.indivisible * all as f64;
    let of_blocks = (wanted / in_blocks.max(1) as f64).min(0.98);
    let rest = (all - in_blocks).max(1) as f64;
    let of_others = ((wanted - of_blocks * in_blocks as f64) / rest).clamp(0.0, 1.0);
    for (i, bid) in bids.iter_mut().enumerate() {
        let share = if is_block(i) { of_blocks } else { of_others };
        for segment in bid.offers.iter_mut().flat_map(|offer| &mut offer.segments) {
            segment.indivisible = draw.chance(share);
        }
    }
}

/// Limits on changes for some bids over all periods.
fn ramps(profile: &Profile, bids: &mut [Bid], draw: &mut Draw) {
    let able: Vec<usize> = (0..bids.len())
        .filter(|&i| bids[i].offers.len() == profile.periods)
        .filter(|&i| bids[i].minimum_duration.is_empty())
        .collect();
    for k in draw.some_of(able.len(), profile.ramped) {
        let bid = &mut bids[able[k]];
        let change = round((RAMP * capacity(bid)).max(0.001), 3);
        bid.ramps = (1..profile.periods)
            .map(|period| Ramp {
                period,
                min_mw: Some(-change),
                max_mw: Some(change),
            })
            .collect();
    }
}

/// The most of any period, MW.
fn capacity(bid: &Bid) -> f64 {
    let offers = bid.offers.iter().map(|offer| {
        let sizes = offer
            .segments
            .iter()
            .map(|segment| segment.whole_mw().abs());
        sizes.sum::<f64>()
    });
    offers.fold(0.0, f64::max)
}

/// Half-planes for some bids, ratings for others.
fn capability(profile: &Profile, bids: &mut [Bid], draw: &mut Draw) {
    let order = draw.some_of(bids.len(), bids.len());
    let (rated, others) = order.split_at(profile.discs.min(bids.len()));
    for &i in rated {
        let most = 1.05 * capacity(&bids[i]);
        bids[i].max_s_mva = Some(round(most, 6) + 0.0);
    }
    let mut left = profile.half_planes;
    for round in 0..2 {
        for &i in others.iter().take(left.div_ceil(2)) {
            let upward = bids[i]
                .offers
                .iter()
                .any(|o| o.segments.iter().any(|s| s.max_p_mw > 0.0));
            let slope = if upward { SLOPE } else { -SLOPE };
            // The second round is looser and binds nothing more.
            let slope = slope * f64::from(2 * round + 1);
            for (slope, above) in [(slope, false), (-slope, true)] {
                if left > 0 {
                    bids[i].half_planes.push(HalfPlane {
                        slope,
                        offset_mvar: 0.0,
                        above,
                    });
                    left -= 1;
                }
            }
        }
    }
}
