//! What to say of prices that are not one number: ties, scarcity, buses without a price.

use super::Run;

/// One sentence for each kind of price in the run that is not one number.
pub fn notes(run: &Run) -> Vec<String> {
    let mut notes = Vec::new();
    let intervals = run.roll.intervals.iter().enumerate();
    let ties: Vec<usize> = intervals
        .filter(|(_, i)| i.dispatch.prices.lmp_range.is_some())
        .map(|(t, _)| t + 1)
        .collect();
    if ties.is_empty() {
        return notes;
    }
    notes.push(format!(
        "The optimal prices are not unique in {}: a block end and a limit meet. The price shown is that of one more MWh of load; the tables give the least and greatest.",
        listed("interval", "intervals", &ties)
    ));
    let open = |(low, high): (f64, f64)| high.is_infinite() && low.is_finite();
    let (scarce_at, scarce_in) = places(run, open);
    if !scarce_in.is_empty() {
        notes.push(format!(
            "No finite price is high enough for one more MWh at {} in {}: it cannot be served. There is no greatest LMP there, and the LMP shown is that of the last MWh served.",
            listed("bus", "buses", &scarce_at),
            listed("interval", "intervals", &scarce_in)
        ));
    }
    let none = |(low, high): (f64, f64)| high.is_infinite() && low.is_infinite();
    let (fixed_at, fixed_in) = places(run, none);
    if !fixed_in.is_empty() {
        notes.push(format!(
            "There is no price at {} in {}: neither more nor less can be taken there, so that any price is as good as another. The LMP is left empty, and what would be paid there is not in the settlement.",
            listed("bus", "buses", &fixed_at),
            listed("interval", "intervals", &fixed_in)
        ));
    }
    notes
}

/// Buses and intervals, from 1, whose range of prices is of a kind.
fn places<'a>(run: &'a Run, kind: impl Fn((f64, f64)) -> bool) -> (Vec<&'a str>, Vec<usize>) {
    let mut buses = vec![false; run.system.bus_ids.len()];
    let mut intervals = Vec::new();
    for (t, interval) in run.roll.intervals.iter().enumerate() {
        let ranges = interval.dispatch.prices.lmp_range.iter().flatten();
        let mut any = false;
        for (range, bus) in ranges.zip(&mut buses) {
            let own = kind(*range);
            *bus |= own;
            any |= own;
        }
        if any {
            intervals.push(t + 1);
        }
    }
    let ids = run.system.bus_ids.iter().zip(buses);
    let ids = ids.filter(|(_, own)| *own).map(|(id, _)| id.as_str());
    (ids.collect(), intervals)
}

/// "interval 3", "intervals 1, 2, 3", "intervals 1, …, 8 and 4 more".
fn listed<T: ToString>(one: &str, many: &str, items: &[T]) -> String {
    let texts: Vec<String> = items.iter().map(T::to_string).collect();
    match texts.as_slice() {
        [single] => format!("{one} {single}"),
        few if few.len() <= 8 => format!("{many} {}", few.join(", ")),
        all => format!("{many} {} and {} more", all[..8].join(", "), all.len() - 8),
    }
}
