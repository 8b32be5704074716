//! The statistics of the published instances: counts and percentiles of their files.

use super::Country;

/// The 5th, 50th and 95th percentile of a positive quantity.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    pub p5: f64,
    pub p50: f64,
    pub p95: f64,
}

const fn spread(p5: f64, p50: f64, p95: f64) -> Spread {
    Spread { p5, p50, p95 }
}

/// Counts of the bids of transmission or of all feeders.
#[derive(Clone, Copy)]
pub(super) struct Volume {
    /// Buses with bids.
    pub buses: usize,
    /// Bids.
    pub bids: usize,
    /// Offers: a bid has one in each of some periods.
    pub offers: usize,
    /// Segments of all offers.
    pub segments: usize,
    /// Share of segments all or nothing.
    pub indivisible: f64,
    /// Share of bids upward.
    pub upward: f64,
}

/// One instance. Powers in MW, impedances in p.u. on 1 MVA, voltages in p.u.
#[derive(Clone)]
pub(super) struct Profile {
    pub name: &'static str,
    pub periods: usize,
    pub buses: usize,
    pub branches: usize,
    pub feeders: usize,
    /// Buses of all feeders.
    pub feeder_buses: usize,
    /// Least and greatest size of a feeder, buses.
    pub size: (usize, usize),
    /// Median and greatest depth of a feeder, lines.
    pub depth: (f64, usize),
    pub transmission: Volume,
    pub distribution: Volume,
    /// Exclusive groups and their members in all.
    pub exclusive: (usize, usize),
    /// Bids with ramps.
    pub ramped: usize,
    /// Bids that go on once started, by the number of their periods (from 1 on).
    pub blocks: [usize; 5],
    /// Whether blocks start in their first period only.
    pub blocks_start_first: bool,
    pub half_planes: usize,
    /// Bids with a rating.
    pub discs: usize,
    pub line_r: Spread,
    pub line_x: Spread,
    pub line_rating: Spread,
    pub interface_rating: f64,
    pub branch_x: Spread,
    /// Share of branches with a rating.
    pub rated: f64,
    pub branch_rating: Spread,
    pub voltage: (f64, f64),
    /// Sizes of quantities upward and downward at feeders.
    pub up: Spread,
    pub down: Spread,
    /// Sums at transmission of one period, upward and downward.
    pub transmission_sum: (f64, f64),
    /// Sum of imbalances in the first period, at transmission and at feeders.
    pub imbalance: (f64, f64),
    /// Prices upward and downward, $/MWh as cost of p.
    pub up_prices: &'static [f64],
    pub down_prices: &'static [f64],
}

impl Profile {
    pub fn of(country: Country) -> Self {
        match country {
            Country::MediumIt => medium_it(),
            Country::Italy1 => italy1(),
            Country::Italy2 => italy2(),
            Country::Denmark => denmark(),
        }
    }

    /// The same with fewer (or more) of everything but the size of a feeder.
    pub fn scaled(mut self, scale: f64) -> Self {
        if scale == 1.0 {
            return self;
        }
        let scale = if scale.is_finite() {
            scale.clamp(0.0, 2.0)
        } else {
            1.0
        };
        let count = |n: usize, least: usize| ((n as f64 * scale).round() as usize).max(least);
        let chords = self.branches - (self.buses - 1);
        let mean = self.feeder_buses as f64 / self.feeders as f64;
        self.buses = count(self.buses, 4);
        self.branches = self.buses - 1 + count(chords, 1);
        self.feeders = count(self.feeders, 1).min(self.buses);
        self.feeder_buses = (mean * self.feeders as f64).round() as usize;
        let buses = (self.buses, self.feeder_buses);
        for (volume, most) in [
            (&mut self.transmission, buses.0),
            (&mut self.distribution, buses.1),
        ] {
            volume.bids = count(volume.bids, 2);
            volume.buses = count(volume.buses, 1).min(most).min(volume.bids);
            volume.offers = count(volume.offers, volume.bids);
            volume.segments = count(volume.segments, volume.offers);
        }
        self.exclusive.0 = count(self.exclusive.0, 1);
        self.exclusive.1 = count(self.exclusive.1, self.exclusive.0);
        self.ramped = count(self.ramped, 1);
        self.blocks = self.blocks.map(|n| count(n, 0));
        self.half_planes = count(self.half_planes, 0);
        self.discs = count(self.discs, 0);
        let sum = |(a, b): (f64, f64)| (a * scale, b * scale);
        self.transmission_sum = sum(self.transmission_sum);
        self.imbalance = sum(self.imbalance);
        self
    }

    /// What a reader has to know of the case.
    pub fn source(&self, seed: u64, scale: f64) -> String {
        let (t, d) = (&self.transmission, &self.distribution);
        format!(
            "Synthetic, drawn at random (seed {seed}, scale {scale}) with the statistics of the instance {} published with the residual supply function approach (Mezghani et al., IEEE TPWRS 38(5), 2023); not its data, so costs do not compare. {} transmission buses with {} branches, {} feeders with {} buses, {} periods, {} bids in {} segments at transmission and {} in {} at feeders. Recipe: branches between nearest neighbours, rated above the flow of the imbalances but for a few; feeders as chains with side chains, low impedances and high ratings where most flows; imbalances of the published sums, as much of them at the substations as voltages ask for; prices at the published levels with noise, none upward below one downward. 1 MVA base, feeders at 10 kV.",
            self.name.trim_start_matches("Synthetic "),
            self.buses,
            self.branches,
            self.feeders,
            self.feeder_buses,
            self.periods,
            t.bids,
            t.segments,
            d.bids,
            d.segments,
        )
    }
}

fn medium_it() -> Profile {
    Profile {
        name: "Synthetic MediumIt",
        periods: 4,
        buses: 27,
        branches: 28,
        feeders: 4,
        feeder_buses: 175,
        size: (26, 58),
        depth: (16.5, 18),
        transmission: Volume {
            buses: 3,
            bids: 56,
            offers: 217,
            segments: 264,
            indivisible: 0.26,
            upward: 0.3,
        },
        distribution: Volume {
            buses: 150,
            bids: 300,
            offers: 1_156,
            segments: 1_403,
            indivisible: 0.25,
            upward: 0.4,
        },
        exclusive: (17, 117),
        ramped: 29,
        blocks: [0, 0, 0, 2, 99],
        blocks_start_first: false,
        half_planes: 292,
        discs: 69,
        line_r: spread(1.4e-4, 1.6e-3, 5.8e-3),
        line_x: spread(8e-5, 9e-4, 3.3e-3),
        line_rating: spread(3.8, 6.9, 9.1),
        interface_rating: 25.0,
        branch_x: spread(1.2e-5, 2.3e-4, 4.8e-4),
        rated: 1.0,
        branch_rating: spread(76.0, 119.0, 9_000.0),
        voltage: (0.95, 1.05),
        up: spread(0.0011, 0.012, 0.41),
        down: spread(0.002, 0.147, 1.0),
        transmission_sum: (6.0, 860.0),
        imbalance: (-8.3, 41.5),
        up_prices: &[70.0, 78.0, 84.0, 90.0],
        down_prices: &[66.0, 60.0, 52.0, 40.0],
    }
}

fn italy1() -> Profile {
    Profile {
        name: "Synthetic Italy1",
        periods: 3,
        buses: 4_236,
        branches: 4_818,
        feeders: 50,
        feeder_buses: 1_822,
        size: (18, 84),
        depth: (15.0, 19),
        transmission: Volume {
            buses: 689,
            bids: 945,
            offers: 2_670,
            segments: 3_834,
            indivisible: 0.15,
            upward: 0.5,
        },
        distribution: Volume {
            buses: 939,
            bids: 2_090,
            offers: 5_907,
            segments: 8_484,
            indivisible: 0.30,
            upward: 0.46,
        },
        exclusive: (543, 1_195),
        ramped: 307,
        blocks: [0, 0, 0, 955, 0],
        blocks_start_first: false,
        half_planes: 4_463,
        discs: 0,
        line_r: spread(4e-5, 8.3e-4, 4.7e-3),
        line_x: spread(2e-5, 4e-4, 2.3e-3),
        line_rating: spread(3.0, 6.9, 9.3),
        interface_rating: 40.0,
        branch_x: spread(1e-6, 2.5e-4, 9e-3),
        rated: 0.63,
        branch_rating: spread(88.0, 150.0, 900.0),
        voltage: (0.95, 1.05),
        up: spread(0.0001, 0.006, 0.068),
        down: spread(0.0002, 0.01, 0.09),
        transmission_sum: (23_212.0, 16_000.0),
        imbalance: (52.7, -175.8),
        up_prices: &[40.0, 43.5, 63.5],
        down_prices: &[0.0, -18.0],
    }
}

fn italy2() -> Profile {
    Profile {
        name: "Synthetic Italy2",
        transmission: Volume {
            buses: 831,
            bids: 1_688,
            offers: 4_506,
            segments: 8_923,
            indivisible: 0.11,
            upward: 0.5,
        },
        distribution: Volume {
            buses: 1_422,
            bids: 3_341,
            offers: 8_917,
            segments: 17_655,
            indivisible: 0.18,
            upward: 0.45,
        },
        exclusive: (623, 1_931),
        blocks: [0, 0, 0, 1_080, 0],
        half_planes: 4_713,
        up: spread(0.0002, 0.005, 0.065),
        down: spread(0.0003, 0.01, 0.165),
        transmission_sum: (21_150.0, 19_600.0),
        imbalance: (-359.7, -89.4),
        up_prices: &[32.0, 45.0, 64.0],
        down_prices: &[1.0, 0.0, -1.0],
        ..italy1()
    }
}

fn denmark() -> Profile {
    Profile {
        name: "Synthetic Denmark",
        periods: 4,
        buses: 209,
        branches: 263,
        feeders: 73,
        feeder_buses: 2_981,
        size: (15, 93),
        depth: (13.0, 18),
        transmission: Volume {
            buses: 135,
            bids: 764,
            offers: 2_380,
            segments: 2_714,
            indivisible: 0.61,
            upward: 0.5,
        },
        distribution: Volume {
            buses: 1_458,
            bids: 6_532,
            offers: 20_351,
            segments: 23_209,
            indivisible: 0.72,
            upward: 0.6,
        },
        exclusive: (1_239, 6_195),
        ramped: 67,
        blocks: [0, 0, 1_130, 1_123, 2_935],
        blocks_start_first: true,
        half_planes: 0,
        discs: 70,
        line_r: spread(5.1e-4, 2.8e-3, 7.8e-3),
        line_x: spread(1.6e-4, 7.7e-4, 1.9e-3),
        line_rating: spread(2.5, 4.4, 5.7),
        interface_rating: 22.0,
        branch_x: spread(1.1e-5, 1.2e-4, 6.6e-4),
        rated: 0.99,
        branch_rating: spread(98.0, 360.0, 988.0),
        voltage: (0.9, 1.1),
        up: spread(0.002, 0.0078, 0.072),
        down: spread(0.0013, 0.008, 0.62),
        transmission_sum: (3_350.0, 3_030.0),
        imbalance: (-54.9, -39.5),
        up_prices: &[1.2, 9.24, 36.0, 70.0],
        down_prices: &[0.5, 0.0, -9.24, -36.0],
    }
}
