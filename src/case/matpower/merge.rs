//! Buses that a branch without reactance makes one: in a DC model its two ends have one angle, and any flow between them
//! is right. A reactance smaller than a case may have is none: 1000 MW across it turn the angle by less than rounding.

use std::collections::HashMap;

use super::super::check::bounds;
use super::super::check::network::Parts;
use super::super::import::counted;
use super::program::Matrix;
use super::reader::{Reader, Row, column, rows};

/// Pairs named in the report at most.
const NAMED: usize = 5;

/// Whether a row joins its two buses; a phase shift between them would have no flow that is right.
pub(super) fn joins(row: &Row) -> bool {
    row.get(column::BR_STATUS) != 0.0
        && row.get(column::X).abs() < bounds::REACTANCE.0
        && row.get(column::SHIFT) == 0.0
}

impl Reader {
    /// Makes one bus of those that branches without reactance join: the first of them in the file.
    pub(super) fn merge(&mut self, branches: &Matrix) {
        let ids: Vec<String> = self.buses.iter().map(|bus| bus.id.clone()).collect();
        let place: HashMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
        let mut parts = Parts::new(ids.len());
        let (mut limited, mut tiny) = (0, 0);
        for row in rows(branches).filter(joins) {
            let end = |number: f64| place.get(format!("{number}").as_str()).copied();
            let ends = (end(row.get(column::FROM)), end(row.get(column::TO)));
            if let (Some(from), Some(to)) = ends {
                parts.join(from, to);
                limited += usize::from(row.get(column::RATE_A) > 0.0);
                tiny += usize::from(row.get(column::X) != 0.0);
            }
        }
        let pairs: Vec<(String, String)> = (0..ids.len())
            .filter_map(|k| {
                let root = parts.root(k);
                (root != k).then(|| (ids[k].clone(), ids[root].clone()))
            })
            .collect();
        if pairs.is_empty() {
            return;
        }
        self.tell_merged(&pairs, limited);
        if tiny > 0 {
            self.report.changed.push(format!(
                "The reactance of {} is below {}\u{a0}p.u., which counts as none.",
                counted(tiny, "branch", "branches"),
                bounds::REACTANCE.0
            ));
        }
        self.one_with = pairs.into_iter().collect();
        let one_with = &self.one_with;
        self.buses.retain(|bus| !one_with.contains_key(&bus.id));
        for load in &mut self.loads {
            if let Some(bus) = one_with.get(&load.bus) {
                load.bus.clone_from(bus);
            }
        }
    }

    fn tell_merged(&mut self, pairs: &[(String, String)], limited: usize) {
        let named = pairs.iter().take(NAMED);
        let named: Vec<String> = named
            .map(|(bus, one)| format!("{bus} with {one}"))
            .collect();
        let more = match pairs.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.report.changed.push(format!(
            "Branches without reactance make one of their two buses: {}{more}.",
            named.join(", ")
        ));
        if limited > 0 {
            self.report.left_out.push(format!(
                "Limits of {} without reactance, whose flow no model of angles knows.",
                counted(limited, "branch", "branches")
            ));
        }
    }
}
