//! Five made-up days of three communities, shaped like the published figures.
//!
//! The published study (Theisen et al., TPEC 2024) prints its assets, costs and one interval; loads,
//! PV and prices are in figures only. Here they are drawn so that their ranges are those of the
//! figures: a feeder of 2.1 to 4.0 MW, prices of 5 to 13 ¢/kWh with spikes of 14 to 19 and one of 30
//! on the fifth morning. The mean loads were set so that the bills with idle batteries come near the
//! printed ones; nothing else was fitted to printed costs. Good for the order of methods and for their size, not for the last dollar.
//!
//! Profiles are tables by the hour, joined by straight lines; no function of the platform's library
//! takes part, and every value is rounded to a grid.

use super::super::communities::{Battery, Communities, Community};
use super::draw::{Draw, grid};

/// Seed of the built-in week.
pub const SEED: u64 = 20_221_114;

const PER_HOUR: usize = 12;
const PER_DAY: usize = 24 * PER_HOUR;
const DAYS: usize = 5;

/// ¢/kWh by the hour.
const PRICE: [f64; 24] = [
    6.4, 6.2, 6.0, 6.0, 6.5, 7.8, 10.4, 11.6, 10.4, 9.0, 8.0, 7.5, 7.2, 7.1, 7.3, 8.0, 9.6, 12.0,
    12.6, 11.6, 10.2, 8.8, 7.6, 6.8,
];

/// Relative loads by the hour: offices, mixed, homes, the rest of the feeder.
const OFFICES: [f64; 24] = [
    0.66, 0.64, 0.64, 0.65, 0.70, 0.82, 1.02, 1.20, 1.28, 1.30, 1.32, 1.32, 1.30, 1.30, 1.30, 1.28,
    1.24, 1.18, 1.06, 0.96, 0.88, 0.80, 0.74, 0.70,
];
const MIXED: [f64; 24] = [
    0.78, 0.76, 0.75, 0.76, 0.82, 0.94, 1.12, 1.22, 1.20, 1.14, 1.10, 1.08, 1.06, 1.05, 1.05, 1.08,
    1.14, 1.22, 1.20, 1.14, 1.06, 0.98, 0.90, 0.82,
];
const HOMES: [f64; 24] = [
    0.76, 0.74, 0.73, 0.75, 0.84, 1.00, 1.22, 1.28, 1.14, 1.02, 0.96, 0.92, 0.90, 0.90, 0.92, 1.00,
    1.16, 1.34, 1.36, 1.28, 1.16, 1.02, 0.90, 0.80,
];
const REST: [f64; 24] = [
    0.62, 0.60, 0.59, 0.60, 0.66, 0.78, 0.94, 1.04, 1.02, 0.96, 0.92, 0.90, 0.88, 0.87, 0.88, 0.92,
    0.98, 1.06, 1.06, 1.02, 0.94, 0.84, 0.74, 0.66,
];

/// The published districts: buses as in the built-in feeder, mean load, profile, battery.
struct District {
    id: &'static str,
    bus: &'static str,
    mean_kw: f64,
    profile: &'static [f64; 24],
    pv_kw: f64,
    energy_kwh: f64,
    power_kw: f64,
}

const DISTRICTS: [District; 3] = [
    District {
        id: "D1",
        bus: "F3",
        mean_kw: 308.0,
        profile: &OFFICES,
        pv_kw: 254.35 * 0.98,
        energy_kwh: 1_320.0,
        power_kw: 660.0,
    },
    District {
        id: "D2",
        bus: "F5",
        mean_kw: 325.0,
        profile: &MIXED,
        pv_kw: 0.0,
        energy_kwh: 334.8,
        power_kw: 168.15,
    },
    District {
        id: "D3",
        bus: "F6",
        mean_kw: 229.0,
        profile: &HOMES,
        pv_kw: 0.0,
        energy_kwh: 334.8,
        power_kw: 168.15,
    },
];

/// A table by the hour at interval `t` of a day, straight between the middles of hours.
fn between(table: &[f64; 24], t: usize) -> f64 {
    let at = (t as f64 + 0.5) / PER_HOUR as f64 - 0.5;
    let at = if at < 0.0 { at + 24.0 } else { at };
    let hour = at as usize;
    let share = at - hour as f64;
    table[hour % 24] * (1.0 - share) + table[(hour + 1) % 24] * share
}

/// Values that move slowly around 0: a step towards a new draw every interval.
fn drifting(draw: &mut Draw, n: usize, keep: f64, size: f64) -> Vec<f64> {
    let mut now = 0.0;
    (0..n)
        .map(|_| {
            now = keep * now + size * draw.normal();
            now
        })
        .collect()
}

fn price(draw: &mut Draw) -> (Vec<f64>, Vec<f64>) {
    let n = DAYS * PER_DAY;
    let (mut real, mut forecast) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let fast = drifting(draw, n, 0.6, 0.28);
    let slow = drifting(draw, n, 0.985, 0.09);
    for day in 0..DAYS {
        let level = 1.0 + 0.05 * draw.normal();
        let hours: Vec<f64> = (0..24).map(|_| 1.0 + 0.02 * draw.normal()).collect();
        for t in 0..PER_DAY {
            let expected = level * PRICE[t / PER_HOUR] * hours[t / PER_HOUR];
            let shape = level * between(&PRICE, t);
            let k = day * PER_DAY + t;
            forecast.push(expected);
            real.push((shape + fast[k] + slow[k]).max(4.0));
        }
        // Spikes of the mornings and evenings.
        for _ in 0..5 {
            let hour = draw.one_of(&[6, 7, 8, 16, 17, 18, 19, 20]).unwrap_or(7);
            let at = day * PER_DAY + hour * PER_HOUR + draw.below(PER_HOUR);
            let height = draw.between(14.0, 19.0);
            for value in real.iter_mut().skip(at).take(1 + draw.below(4)) {
                *value = value.max(height);
            }
        }
    }
    // 18 November, 06:45 to 06:55.
    let morning = 4 * PER_DAY + 6 * PER_HOUR + 9;
    for value in real.iter_mut().skip(morning).take(2) {
        *value = 30.0;
    }
    let money = |cents: Vec<f64>| cents.iter().map(|c| grid(c / 100.0, 5)).collect();
    (money(real), money(forecast))
}

fn load(draw: &mut Draw, mean_kw: f64, profile: &[f64; 24]) -> Vec<f64> {
    let n = DAYS * PER_DAY;
    let noise = drifting(draw, n, 0.9, 0.012);
    let mut values = Vec::with_capacity(n);
    let sum: f64 = profile.iter().sum::<f64>() / 24.0;
    for day in 0..DAYS {
        let level = mean_kw / sum * (1.0 + 0.02 * draw.normal());
        for t in 0..PER_DAY {
            let value = level * between(profile, t) * (1.0 + noise[day * PER_DAY + t]);
            values.push(grid(value, 1));
        }
    }
    values
}

fn sun(draw: &mut Draw, peak_kw: f64) -> Vec<f64> {
    if peak_kw <= 0.0 {
        return Vec::new();
    }
    let mut values = Vec::with_capacity(DAYS * PER_DAY);
    for _ in 0..DAYS {
        let clear = draw.between(0.35, 0.75);
        let clouds = drifting(draw, PER_DAY, 0.9, 0.06);
        for (t, cloud) in clouds.iter().enumerate() {
            // Up from 07:20 to 16:20.
            let x = ((t as f64 + 0.5) / PER_HOUR as f64 - 7.33) / 9.0;
            let height = (4.0 * x * (1.0 - x)).max(0.0);
            let share = (clear + cloud).clamp(0.05, 0.9) * height;
            values.push(grid(peak_kw * share, 1));
        }
    }
    values
}

/// The five days of the three published districts.
pub fn communities(seed: u64) -> Communities {
    let mut draw = Draw::new(seed);
    let (lse, forecast) = price(&mut draw);
    let members = DISTRICTS.iter().map(|district| Community {
        id: district.id.into(),
        bus: district.bus.into(),
        takes_part: true,
        load_kw: load(&mut draw, district.mean_kw, district.profile),
        pv_kw: sun(&mut draw, district.pv_kw),
        tan_phi: 0.25,
        battery: Some(Battery {
            energy_kwh: district.energy_kwh,
            power_kw: district.power_kw,
            efficiency: 0.95,
            min_soc: 0.1,
            max_soc: 0.9,
            initial_soc: 0.5,
        }),
        inverter_kva: None,
        thermal: None,
    });
    let members = members.collect();
    let noise = drifting(&mut draw, DAYS * PER_DAY, 0.9, 0.008);
    let background = noise
        .iter()
        .enumerate()
        .map(|(k, noise)| grid(between(&REST, k % PER_DAY) * (1.0 + noise), 4));
    Communities {
        minutes_per_interval: 5.0,
        start: "2022-11-14T00:00-08:00".into(),
        lse_usd_per_kwh: lse,
        forecast_usd_per_kwh: forecast,
        background: background.collect(),
        members,
    }
}

/// `n` seeded values around 0 with a standard deviation of 1, each of which keeps a share of the one
/// before: x_t = ρ x_(t−1) + √(1 − ρ²) ε_t, from the first value on.
pub fn noise(seed: u64, n: usize, keep: f64) -> Vec<f64> {
    let mut draw = Draw::new(seed);
    let size = ((1.0 - keep) * (1.0 + keep)).max(0.0).sqrt();
    let mut now = draw.normal();
    (0..n)
        .map(|_| {
            let value = now;
            now = keep * now + size * draw.normal();
            value
        })
        .collect()
}
