//! What an interval without a dispatch can be helped by, in words.

use crate::report::{Cure, plain};

use super::run::Run;
use crate::market::rt_sced::model::cures::{Change, Choice, Field, Offers};
use crate::market::rt_sced::model::system::Unit;

/// What can be done, in a sentence.
pub fn remedy(offers: &Offers, interval: usize) -> String {
    let choices = offers.choices.iter().map(|choice| match choice {
        Choice::TightRectangle => "the tight rectangle",
        Choice::ExactCurve => "the exact curve",
    });
    let choices = choices.collect::<Vec<_>>().join(" or ");
    let clears = format!("clear interval {interval}");
    match (offers.cures.len(), choices.is_empty()) {
        (0, true) if offers.complete => format!("No single limit can give enough to {clears}."),
        (0, true) => format!(
            "No change of one input was found that clears interval {interval}; not all could be tried."
        ),
        (0, false) => format!("Interval {interval} clears with {choices}."),
        (1, true) => format!("This change would {clears}."),
        (_, true) => format!("Any one of these changes would {clears}."),
        (_, false) => {
            format!("Any one of these changes would {clears}, and so would {choices}.")
        }
    }
}

/// A change as the page offers it.
pub fn cure(run: &Run, change: &Change) -> Cure {
    let system = run.system;
    let of_unit = |unit: Unit, what: &str, root: &str, field: &str| {
        let list = match unit {
            Unit::Generator(_) => "generators",
            Unit::Der(_) => "ders",
        };
        let id = &system.unit(unit).id;
        (
            format!("the {what} of {id}"),
            format!("{root}.{list}.{id}{field}"),
        )
    };
    let (what, path) = match change.field {
        Field::Line(k) => {
            let id = &system.limits[k].id;
            let path = format!("case.branches.{id}.max_p_mw");
            (format!("the limit of line {id}"), path)
        }
        Field::Ramp(g) => of_unit(Unit::Generator(g), "ramp", "case", ".ramp_mw_per_min"),
        Field::Maximum(unit) => of_unit(unit, "maximum", "case", ".max_p_mw"),
        Field::Minimum(unit) => of_unit(unit, "minimum", "case", ".min_p_mw"),
        Field::Initial(unit) => of_unit(unit, "initial output", "mechanism.initial", ""),
        Field::Load(l) => {
            let id = &system.load_ids[l];
            let profile = match run.params.load_profile.is_empty() {
                true => "",
                false => ", before its multiplier,",
            };
            (
                format!("load {id}{profile}"),
                format!("case.loads.{id}.p_mw"),
            )
        }
        Field::AfterOutage => (
            "the share of ratings that holds after an outage".into(),
            "mechanism.rating_after_outage".into(),
        ),
        Field::GridM => (
            "M of the Union Jack".into(),
            "mechanism.equivalent.m".into(),
        ),
    };
    let unit = match change.field {
        Field::Ramp(_) => " MW/min",
        Field::GridM | Field::AfterOutage => "",
        _ => " MW",
    };
    let way = if change.up { "raise" } else { "lower" };
    Cure {
        label: format!("{way} {what} to {}{unit}", plain(change.value, 9)),
        path,
        value: change.value,
    }
}
