//! The transmission network: nearest neighbours, reactances, ratings above the flows.

use super::super::balancing::Injection;
use super::super::{Boundary, Branch, Bus, Case};
use super::draw::{Draw, grid as round};
use super::feeders::{Grown, Local};
use super::profile::Profile;
use crate::opt::sparse::Ldl;
use std::collections::{HashMap, HashSet};

/// Share of rated branches that the flow of the imbalances fills.
const FULL: f64 = 0.03;

/// Least flow of a full branch, MW.
const FULL_MW: f64 = 2.0;

pub(super) struct Grid {
    pub buses: Vec<Bus>,
    pub branches: Vec<Branch>,
}

/// Buses at random places, each joined to the nearest before it, and chords to near ones.
pub(super) fn grow(profile: &Profile, draw: &mut Draw) -> Grid {
    let n = profile.buses;
    let side = (n as f64).sqrt() * 1.5;
    let places: Vec<(f64, f64)> = (0..n)
        .map(|_| {
            (
                round(draw.between(0.0, side), 2),
                round(draw.between(0.0, side), 2),
            )
        })
        .collect();
    let mut ends: Vec<(usize, usize)> = Vec::with_capacity(profile.branches);
    let mut joined = HashSet::new();
    let mut near = Near::new(&places, side);
    near.add(0);
    for b in 1..n {
        ends.extend(near.to(b, |_| true).map(|a| (a, b)));
        near.add(b);
    }
    joined.extend(ends.iter().copied());
    while ends.len() < profile.branches && joined.len() < n * (n - 1) / 2 {
        let a = draw.below(n);
        let open = |b: usize| b != a && !joined.contains(&(a.min(b), a.max(b)));
        let Some(b) = near.to(a, open) else {
            continue;
        };
        joined.insert((a.min(b), a.max(b)));
        ends.push((a.min(b), a.max(b)));
    }
    let branches = ends.iter().enumerate().map(|(l, (a, b))| Branch {
        id: (l + 1).to_string(),
        from: (a + 1).to_string(),
        to: (b + 1).to_string(),
        x_pu: round(draw.quantity(&profile.branch_x), 7).max(1e-6),
        r_pu: 0.0,
        tap: 1.0,
        shift_deg: 0.0,
        max_p_mw: None,
        in_service: true,
    });
    Grid {
        branches: branches.collect(),
        buses: places
            .iter()
            .enumerate()
            .map(|(i, (x, y))| Bus {
                x: Some(*x),
                y: Some(*y),
                ..Bus::new(i + 1)
            })
            .collect(),
    }
}

/// Side of the squares in which places are looked up.
const SQUARE: f64 = 3.0;

/// Places by the square they lie in.
struct Near<'a> {
    places: &'a [(f64, f64)],
    /// Squares along a side.
    across: i64,
    squares: Vec<Vec<usize>>,
}

impl<'a> Near<'a> {
    fn new(places: &'a [(f64, f64)], side: f64) -> Self {
        let across = (side / SQUARE) as i64 + 1;
        Self {
            places,
            across,
            squares: vec![Vec::new(); (across * across) as usize],
        }
    }

    fn square(&self, i: usize) -> (i64, i64) {
        let (x, y) = self.places[i];
        ((x / SQUARE) as i64, (y / SQUARE) as i64)
    }

    fn add(&mut self, i: usize) {
        let (x, y) = self.square(i);
        self.squares[(y * self.across + x) as usize].push(i);
    }

    /// The nearest place to place `i` of those added that are `open`.
    fn to(&self, i: usize, open: impl Fn(usize) -> bool) -> Option<usize> {
        let (x, y) = self.square(i);
        let here = self.places[i];
        let mut best: Option<(f64, usize)> = None;
        for ring in 0..=self.across {
            // All of this ring is farther than what was found.
            if best.is_some_and(|(d, _)| d.sqrt() <= (ring - 1) as f64 * SQUARE) {
                break;
            }
            for v in (y - ring).max(0)..=(y + ring).min(self.across - 1) {
                for u in (x - ring).max(0)..=(x + ring).min(self.across - 1) {
                    if (u - x).abs().max((v - y).abs()) != ring {
                        continue;
                    }
                    for &k in &self.squares[(v * self.across + u) as usize] {
                        let (dx, dy) = (self.places[k].0 - here.0, self.places[k].1 - here.1);
                        let found = (dx * dx + dy * dy, k);
                        if best.is_none_or(|best| found < best) && open(k) {
                            best = Some(found);
                        }
                    }
                }
            }
        }
        best.map(|(_, k)| k)
    }
}

/// Imbalances at a quarter of the buses.
pub(super) fn imbalances(profile: &Profile, grid: &Grid, draw: &mut Draw) -> Vec<Injection> {
    let n = grid.buses.len();
    let chosen = draw.some_of(n, (n / 4).max(2).min(n));
    let (sum, _) = profile.imbalance;
    let values = super::feeders::mixed(sum, chosen.len(), draw);
    chosen
        .iter()
        .zip(values)
        .map(|(&i, first)| Injection {
            id: format!("inj-{}", grid.buses[i].id),
            bus: grid.buses[i].id.clone(),
            p_mw: super::feeders::over_time(first, profile.periods, draw),
            q_mvar: Vec::new(),
        })
        .filter(|injection| injection.p_mw.iter().any(|&p| p != 0.0))
        .collect()
}

/// Each feeder at a bus of its own.
pub(super) fn boundaries(
    profile: &Profile,
    grid: &Grid,
    feeders: &[Grown],
    local: &[Vec<Local>],
    draw: &mut Draw,
) -> Vec<Boundary> {
    let places = draw.some_of(grid.buses.len(), feeders.len());
    let interfaces = feeders.iter().zip(local).zip(places);
    interfaces
        .enumerate()
        .map(|(f, ((feeder, local), bus))| {
            let rating = profile.interface_rating * draw.between(0.8, 1.2);
            let flow = (0..profile.periods)
                .map(|t| local.iter().map(|l| l.p_mw[t]).sum::<f64>().abs())
                .fold(0.0, f64::max);
            Boundary {
                id: (900_000 + f + 1).to_string(),
                bus: grid.buses[bus].id.clone(),
                feeder: feeder.id(),
                max_p_mw: Some(round(rating.max(1.3 * flow), 1)),
            }
        })
        .collect()
}

/// Ratings: as drawn, but none below the flow that the imbalances cause when bids all over balance
/// them. A few branches of those that carry most are just filled by it.
pub(super) fn ratings(profile: &Profile, case: &mut Case, draw: &mut Draw) {
    let flows = base_flows(case);
    let sizes: Vec<f64> = flows.iter().map(|flow| flow.abs()).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    crate::sort::by(&mut order, |&a, &b| sizes[b].total_cmp(&sizes[a]));
    order.truncate(sizes.len() / 5);
    let full = (sizes.len() as f64 * FULL * profile.rated).round() as usize;
    let full: HashSet<usize> = draw
        .some_of(order.len(), full)
        .into_iter()
        .map(|k| order[k])
        .filter(|&l| sizes[l] >= FULL_MW)
        .collect();
    for (l, branch) in case.branches.iter_mut().enumerate() {
        let rating = round(draw.quantity(&profile.branch_rating), 1);
        let rated = draw.chance(profile.rated);
        branch.max_p_mw = if full.contains(&l) {
            Some(round(sizes[l] + 0.05, 1))
        } else if rated && rating < 90_000.0 {
            Some(round(rating.max(1.05 * sizes[l] + 0.1), 1))
        } else {
            None
        };
    }
}

/// Flows of the first period with the imbalances of all buses, balanced by all bidding buses alike.
fn base_flows(case: &Case) -> Vec<f64> {
    let n = case.buses.len();
    let index = |id: &str| id.parse::<usize>().map_or(0, |i| i - 1);
    let feeder_bus: HashMap<&str, usize> = case
        .boundaries
        .iter()
        .map(|b| (b.feeder.as_str(), index(&b.bus)))
        .collect();
    let mut bus_of: HashMap<&str, usize> = HashMap::new();
    for bus in &case.buses {
        bus_of.insert(&bus.id, index(&bus.id));
    }
    for feeder in &case.feeders {
        let at = feeder_bus.get(feeder.id.as_str()).copied().unwrap_or(0);
        bus_of.extend(feeder.buses.iter().map(|bus| (bus.id.as_str(), at)));
    }
    let at = |bus: &str| bus_of.get(bus).copied().unwrap_or(0);
    let mut injection = vec![0.0; n];
    let balancing = case.balancing.as_ref();
    for each in balancing.iter().flat_map(|b| &b.imbalances) {
        injection[at(&each.bus)] += each.p(0);
    }
    let bidding: Vec<usize> = balancing
        .iter()
        .flat_map(|b| &b.bids)
        .map(|bid| at(&bid.bus))
        .collect();
    let missing: f64 = injection.iter().sum();
    for &bus in &bidding {
        injection[bus] -= missing / bidding.len() as f64;
    }
    let arcs: Vec<(usize, usize, f64)> = case
        .branches
        .iter()
        .map(|branch| (index(&branch.from), index(&branch.to), 1.0 / branch.x_pu))
        .collect();
    // Angles, with that of the first bus zero.
    let mut upper = Vec::with_capacity(4 * arcs.len());
    for &(a, b, y) in &arcs {
        for bus in [a, b] {
            if bus > 0 {
                upper.push((bus - 1, bus - 1, y));
            }
        }
        if a > 0 && b > 0 {
            upper.push((a.min(b) - 1, a.max(b) - 1, -y));
        }
    }
    let mut angles = injection.split_off(1);
    let solved = Ldl::new(n - 1, &upper).and_then(|factor| factor.solve(&mut angles));
    if solved.is_err() {
        return vec![0.0; arcs.len()]; // not with a connected network; ratings then stay as drawn
    }
    let angle = |bus: usize| if bus == 0 { 0.0 } else { angles[bus - 1] };
    arcs.iter()
        .map(|&(a, b, y)| round((angle(a) - angle(b)) * y, 3))
        .collect()
}
