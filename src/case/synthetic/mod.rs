//! Made-up balancing cases of the size and make of the published European ones.
//!
//! The published instances of the residual supply function approach (Mezghani et al., IEEE TPWRS
//! 38(5), 2023) are files with a history of their own; here cases are drawn at random so that
//! their counts and percentiles are those of the files (`profile.rs`). They are good for
//! measuring time and methods, not for comparing costs.
//!
//! The recipe: a transmission network of nearest neighbours with ratings above the flow of the
//! imbalances but for a few lines; feeders as chains with side chains, the low impedances and high
//! ratings where the most flows; imbalances of the listed sums, as much of them at the substation
//! as the voltages of the feeder ask for; bids with ramps, blocks over periods and exclusive
//! groups. No upward quantity is cheaper than any downward one, so nothing is activated for its own
//! sake. A line here and there is rated below the flow of the imbalances where bids behind it can
//! relieve it.
//!
//! Every quantity is rounded to a decimal grid as it is drawn, so that the last digit of a logarithm
//! does not make another case on another machine.

mod bids;
mod draw;
mod feeders;
mod profile;
mod transmission;
pub mod week;

use super::{Balancing, CASE_VERSION, Case};
use draw::Draw;
use profile::Profile;

/// Standard normal numbers from a seed, the same on every machine and none beyond 6.
pub fn normals(seed: u64, count: usize) -> Vec<f64> {
    let mut draw = Draw::new(seed);
    (0..count).map(|_| draw.normal()).collect()
}

/// The published instance whose statistics a case has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// 27 transmission buses, 4 feeders, 4 periods.
    MediumIt,
    /// 4 236 transmission buses, 50 feeders, 3 periods; 12 318 segments.
    Italy1,
    /// As Italy1 with 26 578 segments.
    Italy2,
    /// 209 transmission buses, 73 feeders, 4 periods; blocks over periods.
    Denmark,
}

impl Country {
    /// All of them, small to large in segments but for Denmark, which has the most conditions.
    pub const ALL: [Country; 4] = [
        Country::MediumIt,
        Country::Italy1,
        Country::Italy2,
        Country::Denmark,
    ];

    /// Id among the built-in cases.
    pub fn id(self) -> &'static str {
        match self {
            Country::MediumIt => "smartnet-mediumit",
            Country::Italy1 => "smartnet-italy1",
            Country::Italy2 => "smartnet-italy2",
            Country::Denmark => "smartnet-denmark",
        }
    }
}

/// A case with the statistics of a published instance. `scale` multiplies the numbers of buses,
/// feeders and bids, not the size of a feeder: 1 for the published size, less for a small test.
pub fn smartnet(country: Country, seed: u64, scale: f64) -> Case {
    let profile = Profile::of(country).scaled(scale);
    let mut draw = Draw::new(seed ^ (country as u64) << 56);
    let mut feeders = feeders::grow(&profile, &mut draw);
    let grid = transmission::grow(&profile, &mut draw);
    let local = feeders::imbalances(&profile, &feeders, &mut draw);
    let bids = bids::draw(&profile, &grid, &feeders, &mut draw);
    feeders::impedances(&profile, &mut feeders, &local, &mut draw);
    let local = feeders::within_voltages(&profile, &feeders, local);
    feeders::ratings(&profile, &mut feeders, &local, &bids.bids, &mut draw);
    let national = transmission::imbalances(&profile, &grid, &mut draw);
    let boundaries = transmission::boundaries(&profile, &grid, &feeders, &local, &mut draw);
    let imbalances: Vec<_> = national
        .into_iter()
        .chain(local.into_iter().flatten().filter_map(|l| l.injection()))
        .collect();
    let mut case = Case {
        version: CASE_VERSION,
        name: profile.name.to_string(),
        source: profile.source(seed, scale),
        base_mva: 1.0,
        buses: grid.buses,
        branches: grid.branches,
        feeders: feeders.into_iter().map(feeders::Grown::feeder).collect(),
        boundaries,
        balancing: Some(Balancing {
            periods: profile.periods,
            minutes_per_period: 60.0,
            price_cap_usd_per_mwh: 3000.0,
            imbalances,
            bids: bids.bids,
            exclusive: bids.exclusive,
            ..Balancing::default()
        }),
        ..Case::default()
    };
    transmission::ratings(&profile, &mut case, &mut draw);
    case
}
