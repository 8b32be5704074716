//! Small days, so that cones stay quick without optimisation.

use tandem::case::{self, Case};

/// The built-in day cut to some hours and feeders (from 0), its deferrable loads to a tenth.
pub fn small(hours: std::ops::Range<usize>, feeders: &[usize]) -> Case {
    let mut case = case::builtin("wang-14bus").unwrap();
    let keep: Vec<String> = feeders
        .iter()
        .map(|&f| case.feeders[f].id.clone())
        .collect();
    case.feeders.retain(|f| keep.contains(&f.id));
    case.boundaries.retain(|b| keep.contains(&b.feeder));
    let day = case.day.as_mut().unwrap();
    let kept = |bus: &str| keep.iter().any(|f| bus.starts_with(&format!("{f}-")));
    day.renewables.retain(|r| kept(&r.bus));
    day.adjustable.retain(|a| kept(&a.bus));
    day.deferrable.retain(|d| kept(&d.bus));
    day.periods = hours.len();
    for profile in &mut day.profiles {
        profile.forecast_mw = profile.forecast_mw[hours.clone()].to_vec();
        profile.realised_mw = profile.realised_mw[hours.clone()].to_vec();
    }
    for load in &mut day.deferrable {
        (load.first_period, load.last_period) = (1, hours.len());
        load.energy_mwh /= 10.0;
    }
    assert_eq!(case.validate(), []);
    case
}
