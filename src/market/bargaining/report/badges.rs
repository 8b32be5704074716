//! What holds of a settlement, of the day's as of the one agreed before it.

use super::words::{NOTHING_USD, usd};
use crate::market::bargaining::outcome::Settled;
use crate::report::words::listed;
use crate::report::{Badge, Tone, amount};

/// How even gains are.
pub fn evenness(index: f64) -> Badge {
    Badge::new(format!("Jain's index {}", amount(index, "")), Tone::Neutral)
}

/// Whether payments sum to zero, by what they are off and what is collected, $.
pub fn sum((off, collected): (f64, f64)) -> Badge {
    let balanced = off <= 1e-9 * collected.abs().max(1.0);
    let text = match balanced {
        true => "payments sum to zero".into(),
        false => format!("payments off by {}", usd(off)),
    };
    Badge::judged(balanced, text)
}

/// Who loses, if anyone.
pub fn gain(run: &Settled, agreed: bool, benefits: &[f64]) -> Badge {
    let losing = run.players.iter().zip(benefits);
    let losing = losing.filter(|(_, b)| **b < -NOTHING_USD);
    let losers: Vec<String> = losing.map(|(p, _)| p.clone()).collect();
    // Everyone gains, or some gain and none loses.
    let idle = benefits.iter().any(|b| *b <= NOTHING_USD);
    let text = match (agreed, losers.as_slice()) {
        (false, _) => "no deal: nobody gains".into(),
        (true, []) if idle => "nobody loses over the day".into(),
        (true, []) => "everyone gains over the day".into(),
        (true, [one]) => format!("{one} loses over the day"),
        (true, _) => format!("{} lose over the day", listed(&losers)),
    };
    Badge::judged(agreed && losers.is_empty(), text)
}
