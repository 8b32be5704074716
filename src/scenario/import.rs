//! A user's own series put into a scenario of a community market.

use crate::case::series::{Reading, read};
use crate::case::{Problem, Severity};

use super::{Mechanism, Scenario};

/// The scenario with the series of a CSV file in place of those of one community (the first where
/// `community` is empty), and what is to be known: gaps, what was cut. A price in the file becomes
/// that of the LSE, with the means of its hours as forecast.
///
/// `offset` is that of times that state none, such as `+01:00`; empty for UTC.
///
/// # Errors
/// What is wrong with the file, line by line, or a scenario that has no such community.
pub fn import_series(
    scenario: &Scenario,
    text: &str,
    community: &str,
    offset: &str,
) -> Result<(Scenario, Vec<Problem>), Vec<Problem>> {
    let wrong = |field: &str, message: String| vec![Problem::error(field, message)];
    let offset_minutes = match offset.trim() {
        "" => 0,
        text => crate::case::series::offset(text).ok_or_else(|| {
            wrong(
                "offset",
                format!("`{text}` is no offset from UTC. Write it like +01:00 or -08:00."),
            )
        })?,
    };
    let mut changed = scenario.clone();
    let Some(all) = &mut changed.case.communities else {
        return Err(wrong(
            "case.communities",
            "The scenario has no communities. Open one of a community market first.".into(),
        ));
    };
    let reading = Reading {
        minutes: all.minutes_per_interval,
        offset_minutes,
        ..Reading::default()
    };
    let file = read(text, &reading)?;
    let mut notes = file.notes;
    let ids: Vec<String> = all.members.iter().map(|m| m.id.clone()).collect();
    let member = all
        .members
        .iter_mut()
        .find(|m| community.is_empty() || m.id == community);
    let Some(member) = member else {
        return Err(wrong(
            "community",
            format!(
                "There is no community \"{community}\". Choose from {}.",
                ids.join(", ")
            ),
        ));
    };
    let mut say = |field: &str, message: String| notes.push(Problem::warning(field, message));
    let series = [&file.load_kw, &file.pv_kw, &file.price_usd_per_kwh];
    let given = series.iter().map(|s| s.len()).max().unwrap_or(0);
    let own = all.lse_usd_per_kwh.len();
    let n = own.min(given);
    if n < own {
        say(
            "file",
            format!(
                "The file has {given} intervals; the other series were cut from {own} to as many."
            ),
        );
    } else if given > own {
        say(
            "file",
            format!("The case has {own} intervals; the file was cut from {given} to as many."),
        );
    }
    if !file.load_kw.is_empty() {
        member.load_kw = file.load_kw;
    }
    if !file.pv_kw.is_empty() {
        member.pv_kw = file.pv_kw.iter().map(|kw| kw.max(0.0)).collect();
        if file.pv_kw.iter().any(|kw| *kw < 0.0) {
            say("pv", "PV below zero was taken as zero.".into());
        }
    }
    if !file.price_usd_per_kwh.is_empty() {
        all.lse_usd_per_kwh = file.price_usd_per_kwh;
        all.forecast_usd_per_kwh.clear();
    }
    all.start = file.start;
    for list in [
        &mut all.lse_usd_per_kwh,
        &mut all.forecast_usd_per_kwh,
        &mut all.background,
    ] {
        list.truncate(n);
    }
    for member in &mut all.members {
        member.load_kw.truncate(n);
        member.pv_kw.truncate(n);
    }
    if let Mechanism::Community(params) = &mut changed.mechanism {
        params.show_interval = params.show_interval.clamp(1, n.max(1));
        params.days = None;
    }
    let problems = changed.problems();
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    Ok((changed, notes))
}
