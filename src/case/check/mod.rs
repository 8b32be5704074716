//! Is the case usable? Every finding is reported, not only the first.

pub mod network;

/// `bus "4"`, `buses "4" and "5"`, `buses "4", "5" and 7 more`: at most six are named.
pub(crate) fn name_list(one: &str, many: &str, ids: &[&str]) -> String {
    const NAMED: usize = 6;
    let quoted: Vec<String> = ids
        .iter()
        .take(NAMED)
        .map(|id| format!("\"{id}\""))
        .collect();
    match (quoted.as_slice(), ids.len().saturating_sub(NAMED)) {
        ([], _) => format!("no {one}"),
        ([only], _) => format!("{one} {only}"),
        ([head @ .., last], 0) => format!("{many} {} and {last}", head.join(", ")),
        (all, more) => format!("{many} {} and {more} more", all.join(", ")),
    }
}
