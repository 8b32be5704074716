//! A user's own series put into a scenario of a community market.

use crate::case::communities::{Communities, Community};
use crate::case::series::{Reading, UserSeries, read};
use crate::case::{Import, Problem};

use std::rc::Rc;

use super::Document;

/// The scenario with the series of a CSV file in place of those of one community (the first where
/// `community` is empty), and what became of the file, which the case holds too. A price in the file
/// becomes that of the LSE, with the means of its hours as forecast.
///
/// `offset` is that of times that state none, such as `+01:00`; empty for UTC.
///
/// # Errors
/// What is wrong with the file, line by line, or a scenario that has no such community.
pub fn import_series(
    document: &Document,
    text: &str,
    community: &str,
    offset: &str,
) -> Result<(Document, Import), Vec<Problem>> {
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
    let mut document = document.clone();
    let changed = Rc::make_mut(&mut document.scenario);
    let Some(all) = &mut changed.case.communities else {
        return Err(wrong(
            "case.communities",
            "The scenario has no communities. Open one of a community market first.".into(),
        ));
    };
    let reading = Reading {
        minutes: all.minutes_per_interval,
        offset_minutes,
        local_times: offset.trim().is_empty(),
        ..Reading::default()
    };
    let file = read(text, &reading)?;
    let ids: Vec<String> = all.members.iter().map(|m| m.id.clone()).collect();
    let member = |m: &Community| community.is_empty() || m.id == community;
    let Some(at) = all.members.iter().position(member) else {
        let choice = ids.join(", ");
        let message = format!("There is no community \"{community}\". Choose from {choice}.");
        return Err(wrong("community", message));
    };
    let mut import = Import {
        format: "CSV file of series".into(),
        assumed: file.assumed.clone(),
        ..Import::default()
    };
    let filled = file.notes.iter().map(Problem::to_string);
    import.assumed.extend(filled);
    let n = put(file, all, at, &mut import);
    changed.mechanism.fit(&changed.case);
    if let Some(step) = &mut document.view.step {
        *step = (*step).clamp(1, n.max(1));
    }
    let problems = changed.problems();
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    let all = changed.case.import.get_or_insert_default();
    all.extend(import.clone());
    Ok((document, import))
}

/// Puts what a file has in place of the series of community `at`, and cuts the others to as many intervals;
/// how many there are.
fn put(file: UserSeries, all: &mut Communities, at: usize, import: &mut Import) -> usize {
    let series = [&file.load_kw, &file.pv_kw, &file.price_usd_per_kwh];
    let given = series.iter().map(|s| s.len()).max().unwrap_or(0);
    let own = all.lse_usd_per_kwh.len();
    let n = own.min(given);
    if n < own {
        import.left_out.push(format!(
            "The file has {given} intervals; the other series were cut from {own} to as many."
        ));
    } else if given > own {
        import.left_out.push(format!(
            "The case has {own} intervals; the file was cut from {given} to as many."
        ));
    }
    if file.file_minutes != all.minutes_per_interval {
        import.changed.push(format!(
            "Lines of {} min became intervals of {} min: means of what is shorter, repeats of what is longer.",
            file.file_minutes, all.minutes_per_interval
        ));
    }
    let member = &mut all.members[at];
    let hours = all.minutes_per_interval / 60.0;
    let energy = |series: &[f64]| series.iter().take(n).sum::<f64>() * hours;
    if !file.load_kw.is_empty() {
        import.kept.push(format!(
            "Load of {}: {n} intervals from {}, {:.1} kWh.",
            member.id,
            file.start,
            energy(&file.load_kw)
        ));
        member.load_kw = file.load_kw;
    }
    if !file.pv_kw.is_empty() {
        member.pv_kw = file.pv_kw.iter().map(|kw| kw.max(0.0)).collect();
        import.kept.push(format!(
            "PV of {}: {n} intervals from {}, {:.1} kWh.",
            member.id,
            file.start,
            energy(&member.pv_kw)
        ));
        let below = file.pv_kw.iter().filter(|kw| **kw < 0.0).count();
        if below > 0 {
            import.changed.push(format!(
                "PV below zero was taken as zero, in {below} intervals."
            ));
        }
    }
    if !file.price_usd_per_kwh.is_empty() {
        import.kept.push(format!(
            "Price of the LSE: {n} intervals from {}; its forecast is made of the means of its hours.",
            file.start
        ));
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
    n
}
