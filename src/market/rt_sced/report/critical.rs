//! Which lines matter to which aggregator, as a table.

use crate::report::{SubjectKind, Table, column, number, table, text};

use super::run::Run;
use crate::market::rt_sced::model::critical::{NEAR, Standing, TELLING};
use crate::market::rt_sced::params::Method;

/// Rows at most: the lines that say something.
const ROWS: usize = 24;

/// Which lines matter to which aggregator, and what leaving them to the factors did in this run.
pub fn table_of(run: &Run) -> Option<Table> {
    let system = run.system;
    if system.groups.is_empty() || run.intervals.is_empty() {
        return None;
    }
    let equivalents = &run.outcome.roll.process.equivalents;
    let is_exact = |s: &Standing| {
        let mut equivalents = equivalents.iter();
        run.params.method == Method::Optimal
            || equivalents.any(|e| e.group == s.group && e.line(s.limit).is_some())
    };
    let telling = run.outcome.standings.iter();
    let telling = telling.filter(|s| s.possible_error_mw > 1e-9).take(ROWS);
    let line = |s: &Standing| SubjectKind::Branch.of(system.branch_of(s.limit));
    let lines: Vec<_> = telling.clone().map(line).collect();
    let rows = telling.map(|s| {
        let noise = is_exact(s) || s.error_mw < 1e-9;
        vec![
            text(&system.limits[s.limit].id),
            text(&system.groups[s.group].id),
            number(s.loading),
            number(s.binding as f64),
            number(s.possible_error_mw),
            text(if s.critical { "yes" } else { "no" }),
            text(if is_exact(s) { "exactly" } else { "by factors" }),
            number(if noise { 0.0 } else { s.error_mw }),
        ]
    });
    let columns = vec![
        column("line", ""),
        column("aggregator", ""),
        column("greatest loading", "1"),
        column("intervals binding", "1"),
        column("factors can be wrong by", "MW"),
        column("proposed as critical", ""),
        column("seen", ""),
        column("were wrong by", "MW"),
    ];
    let note = format!(
        "Proposed: the line binds or is loaded to {} % in some interval, and the factors can be wrong by {} % of its limit. Were wrong by: the greatest error the factors made on the line from one interval to the next; 0 where the aggregator is seen exactly.",
        (100.0 * NEAR).round(),
        100.0 * TELLING
    );
    let title = "Which lines matter to which aggregator";
    Some(table("critical", title, columns, rows.collect(), &note).of(lines))
}
