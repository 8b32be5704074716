//! The day of a case: what the built-in one holds, and what is said of one that does not fit.

use crate::good::one;
use tandem::case::{self, Case};

fn wang() -> Case {
    case::builtin("wang-14bus").expect("built in")
}

#[test]
fn the_day_is_the_published_one() {
    let case = wang();
    let day = case.day.as_ref().unwrap();
    assert_eq!(day.periods, 24);
    assert_eq!(case.feeders.len(), 4);
    // Fixed loads of the figure, 189.9 MW, times the reconstructed factor.
    let fixed: f64 = case.loads.iter().map(|load| load.p_mw).sum();
    assert!((fixed - 0.93 * 189.9).abs() < 1e-9, "{fixed}");
    let capacity: f64 = case.generators.iter().map(|g| g.max_p_mw).sum();
    assert_eq!(capacity, 335.0);
    assert!(day.cost("G5").unwrap().fast_start);
    assert_eq!(day.costs.iter().filter(|c| c.fast_start).count(), 1);
    // The energies of the deferrable loads are half the preferred load of the day, as published.
    for (load, profile) in day.deferrable.iter().zip(["load13", "load24"]) {
        let preferred: f64 = day.profile(profile).unwrap().forecast_mw.iter().sum();
        assert!(
            (load.energy_mwh - 0.5 * preferred).abs() < 0.1,
            "{}: {preferred}",
            load.id
        );
    }
    let windows: Vec<usize> = day
        .deferrable
        .iter()
        .map(|d| (0..24).filter(|&t| d.in_window(t)).count())
        .collect();
    assert_eq!(windows, [14, 10, 14, 10]);
    // 0.041 p.u. on 100 MVA at 10 kV.
    assert_eq!(case.feeders[0].lines[0].r_ohm, 0.041);
}

#[test]
fn a_case_without_a_day_is_written_without_one() {
    let case = case::builtin("triangle").unwrap();
    assert!(!case.to_json().contains("\"day\""));
    let whole = wang();
    assert_eq!(Case::from_json(&whole.to_json()).unwrap(), whole);
}

fn bad(change: impl FnOnce(&mut Case), field: &str, parts: &[&str]) {
    assert!(one(wang(), change, field, parts).is_error());
}

#[test]
fn what_does_not_fit_is_named() {
    bad(
        |c| c.day.as_mut().unwrap().periods = 0,
        "case.day.periods",
        &["0 periods"],
    );
    bad(
        |c| {
            c.day.as_mut().unwrap().profiles[0].realised_mw.pop();
        },
        "case.day.profiles.ren13.realised_mw",
        &["23 values for 24 periods"],
    );
    bad(
        |c| c.day.as_mut().unwrap().profiles[0].forecast_mw[2] = f64::NAN,
        "case.day.profiles.ren13.forecast_mw.2",
        &["not a number"],
    );
    bad(
        |c| c.day.as_mut().unwrap().costs[0].generator = "G9".into(),
        "case.day.costs.0.generator",
        &["no generator \"G9\"", "\"G1\""],
    );
    bad(
        |c| c.day.as_mut().unwrap().costs[1].generator = "G1".into(),
        "case.day.costs.1.generator",
        &["two costs"],
    );
    bad(
        |c| c.day.as_mut().unwrap().costs[0].a_usd_per_mw2h = -1.0,
        "case.day.costs.0.a_usd_per_mw2h",
        &["-1"],
    );
    bad(
        |c| c.day.as_mut().unwrap().renewables[0].bus = "6".into(),
        "case.day.renewables.RES1.bus",
        &["no feeder bus \"6\""],
    );
    bad(
        |c| c.day.as_mut().unwrap().adjustable[0].profile = "load".into(),
        "case.day.adjustable.AL1a.profile",
        &["no profile \"load\"", "\"load13\""],
    );
    bad(
        |c| c.day.as_mut().unwrap().adjustable[0].usd_per_mw2h = 0.0,
        "case.day.adjustable.AL1a.usd_per_mw2h",
        &["curvature"],
    );
    bad(
        |c| c.day.as_mut().unwrap().deferrable[0].last_period = 25,
        "case.day.deferrable.EV1.last_period",
        &["no period 25"],
    );
    bad(
        |c| c.day.as_mut().unwrap().renewables[1].id = "AL1a".into(),
        "case.day.adjustable.AL1a.id",
        &["used twice"],
    );
    let short = |c: &mut Case| c.day.as_mut().unwrap().deferrable[1].max_p_mw = 5.0;
    let warning = one(
        wang(),
        short,
        "case.day.deferrable.EV2.energy_mwh",
        &["at most 50 MWh"],
    );
    assert!(!warning.is_error());
}

#[test]
fn batteries_that_do_not_fit_are_named() {
    let with = |change: fn(&mut case::day::Storage)| {
        move |c: &mut Case| {
            let mut own = case::day::Storage {
                id: "S".into(),
                bus: "DSO1-1".into(),
                max_p_mw: 1.0,
                energy_mwh: 40.0,
                charge_efficiency: 0.9,
                discharge_efficiency: 0.9,
                ..case::day::Storage::default()
            };
            change(&mut own);
            c.day.as_mut().unwrap().storage.push(own);
        }
    };
    let mut good = wang();
    with(|_| {})(&mut good);
    assert_eq!(good.validate(), []);
    assert_eq!(Case::from_json(&good.to_json()).unwrap(), good);
    // 24 hours at 0.9 MW reach 21.6 MWh.
    bad(
        with(|own| own.min_final_mwh = 30.0),
        "case.day.storage.S.min_final_mwh",
        &["30 MWh", "21.6 MWh"],
    );
    bad(
        with(|own| own.initial_mwh = 50.0),
        "case.day.storage.S.initial_mwh",
        &["40 MWh"],
    );
    bad(
        with(|own| own.charge_efficiency = 1.2),
        "case.day.storage.S.charge_efficiency",
        &["1.2"],
    );
    bad(
        with(|own| own.bus = "nowhere".into()),
        "case.day.storage.S.bus",
        &["nowhere"],
    );
}
