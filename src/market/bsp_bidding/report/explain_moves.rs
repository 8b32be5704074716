//! Who moves with the next MWh, in sentences and tables, and the steps that prove it.

use crate::market::shared::step::Step;
use crate::network::distflow_rows::Of;
use crate::report::{Proof, Subject, SubjectKind, Table, amount, column, number, table, text};

use super::super::explain::What;
use super::super::model::held::{Mover, Side, Who};
use super::asked::{Asked, mw, usd_per_mwh};

impl Asked<'_> {
    /// One who moves.
    pub(super) fn moved(&self, mover: &Mover) -> String {
        let (by, price) = (mw(mover.by.abs()), usd_per_mwh(mover.usd_per_mwh.abs()));
        let more = mover.by > 0.0;
        let bid = |k: usize, up: bool| {
            let id = &self.found.held.system.resources[k];
            let price = usd_per_mwh(self.found.held.bids.side(up)[k]);
            match (up, more) {
                (true, true) => format!("{id} gives {by} more upwards, at its bid of {price}."),
                (true, false) => format!("{id} gives {by} less upwards, at its bid of {price}."),
                (false, true) => format!("{id} takes {by} more downwards, at its bid of {price}."),
                (false, false) => format!("{id} takes {by} less downwards, at its bid of {price}."),
            }
        };
        match (mover.who, more) {
            (Who::Up(k), _) => bid(k, true),
            (Who::Down(k), _) => bid(k, false),
            (Who::TsoUp, true) => format!("The TSO sells {by} more, at {price}."),
            (Who::TsoUp, false) => format!("The TSO sells {by} less, at {price}."),
            (Who::TsoDown, true) => format!("The TSO buys {by} more, at {price}."),
            (Who::TsoDown, false) => format!("The TSO buys {by} less, at {price}."),
            (Who::Over(l), true) => {
                format!(
                    "The {} is exceeded by {by} more, at {price}.",
                    self.limit(l)
                )
            }
            (Who::Over(l), false) => {
                format!(
                    "The {} is exceeded by {by} less, at {price}.",
                    self.limit(l)
                )
            }
        }
    }

    /// "limit of line 6-26".
    fn limit(&self, l: usize) -> String {
        let held = &self.found.held;
        match held.hour.limits[l].of {
            Of::Line(line) => format!("limit of line {}", held.system.feeder.lines[line].id),
            Of::Boundary => "limit of the boundary".into(),
            Of::Voltage(j) => format!("limit of the voltage at bus {}", self.bus(j)),
        }
    }

    pub(super) fn name(&self, who: Who) -> String {
        let id = |k: usize| &self.found.held.system.resources[k];
        match who {
            Who::Up(k) => format!("{} upwards", id(k)),
            Who::Down(k) => format!("{} downwards", id(k)),
            Who::TsoUp => "TSO, sold".into(),
            Who::TsoDown => "TSO, bought".into(),
            Who::Over(l) => format!("over the {}", self.limit(l)),
        }
    }

    pub(super) fn subject(&self, who: Who) -> Option<Subject> {
        match who {
            Who::Up(k) | Who::Down(k) => {
                SubjectKind::Party.of(&self.found.held.system.resources[k])
            }
            Who::TsoUp | Who::TsoDown | Who::Over(_) => None,
        }
    }

    /// Steps cleared anew.
    pub(super) fn proofs(&self) -> Vec<Proof> {
        let Some(sides) = &self.found.sides else {
            return Vec::new();
        };
        let of = match self.found.what {
            What::Line(j) => format!("of the limit of line {}", self.line(j)),
            What::Bus(j) => format!("load at bus {}", self.bus(j)),
            What::Boundary => format!("load at bus {}", self.bus(self.found.held.system.tree.root)),
            What::Resource(k) => format!("load at bus {}", self.bus(self.found.held.system.at[k])),
        };
        let proof = |step: &Step, name: String| Proof {
            name,
            predicted: 100.0 * step.predicted,
            solved: 100.0 * step.solved,
            unit: "¢/h".into(),
        };
        let kw = |step: &Step| amount(1000.0 * step.mw.abs(), "kW");
        let mut proofs = Vec::new();
        if let Some(step) = &sides.around {
            let name = format!("{} more and less {of}, half of the difference", kw(step));
            proofs.push(proof(step, name));
        }
        for (side, way) in [(&sides.next, "more"), (&sides.last, "less")] {
            if let Some(step) = &side.proof {
                proofs.push(proof(step, format!("{} {way} {of}", kw(step))));
            }
        }
        proofs
    }

    /// Who moves, row by row.
    pub(super) fn tables(&self) -> Vec<Table> {
        let Some(sides) = &self.found.sides else {
            return Vec::new();
        };
        let line = matches!(self.found.what, What::Line(_));
        let titles = match line {
            true => [
                "With one more MW of the limit",
                "With one MW less of the limit",
            ],
            false => ["The next MWh", "The last MWh"],
        };
        let mut tables = vec![self.table("next", titles[0], &sides.next)];
        if !sides.meet() {
            tables.push(self.table("last", titles[1], &sides.last));
        }
        tables.retain(|table| !table.rows.is_empty());
        tables
    }

    fn table(&self, id: &str, title: &str, side: &Side) -> Table {
        let rows = side.movers.iter().map(|mover| {
            vec![
                text(self.name(mover.who)),
                number(mover.by),
                number(mover.usd_per_mwh),
                number(mover.by * mover.usd_per_mwh),
            ]
        });
        let columns = vec![
            column("who", ""),
            column("moves by, for each MW", "MW"),
            column("price", "$/MWh"),
            column("part", "$/MWh"),
        ];
        Table {
            row_subjects: side.movers.iter().map(|m| self.subject(m.who)).collect(),
            ..table(id, title, columns, rows.collect(), "")
        }
    }
}
