//! Who moves with the next MWh, in sentences and tables, and the steps that prove it.

use crate::market::Failure;
use crate::market::shared::step::Step;
use crate::report::{
    Cell, Explained, Proof, Subject, SubjectKind, Table, amount, column, number, table, text,
};

use super::super::explain::Moving;
use super::super::model::moves::{Mover, Who};
use super::super::outcome::{Outcome, is_range};
use super::words::usd_per_mwh;

/// Movers that are told in sentences; the table has all.
const TOLD: usize = 4;

/// An export above this is one, MW.
const LEAST_MW: f64 = 1e-6;

struct Told<'a> {
    outcome: &'a Outcome,
    moving: &'a Moving,
}

/// Adds who moves to an explanation, or why that is not known.
pub fn tell(explained: &mut Explained, outcome: &Outcome, moving: Result<Moving, Failure>) {
    let moving = match moving {
        Ok(moving) => moving,
        Err(why) => {
            let said = format!("What the next MWh moves is not told: {why}.");
            return explained.sentences.push(said);
        }
    };
    let told = Told {
        outcome,
        moving: &moving,
    };
    told.sentences(&mut explained.sentences);
    explained.proofs.extend(told.proofs());
    explained.tables.extend(told.tables());
}

fn mw(value: f64) -> String {
    amount(value, "MW")
}

impl Told<'_> {
    /// A price of the program, $/MWh.
    fn price(&self, usd_per_mw: f64) -> f64 {
        usd_per_mw / self.outcome.system.hours
    }

    fn sentences(&self, sentences: &mut Vec<String>) {
        let Moving {
            at: (a, i),
            t,
            sides,
            ..
        } = self.moving;
        let next = self.price(sides.next.usd_per_mw);
        let last = self.price(sides.last.usd_per_mw);
        let meet = sides.meet();
        if !meet && !is_range(self.outcome.price_range(*a, *t, *i)) {
            let (low, high) = (amount(last, ""), usd_per_mwh(next));
            sentences.push(format!("Any price from {low} to {high} is right there."));
        }
        sentences.push(format!("The next MWh there costs {}.", usd_per_mwh(next)));
        sentences.extend(self.told(&self.moving.next));
        if !meet {
            sentences.push(format!("The last MWh there saves {}.", usd_per_mwh(last)));
            sentences.extend(self.told(&self.moving.last));
        }
        if let Some((there, here)) = self.moving.elsewhere {
            let area = &self.outcome.system.areas[*a].id;
            let (there, here) = (amount(there, ""), mw(here));
            sentences.push(format!("They move from where {area} would be at that price, an export of {there} in place of {here}: its function has too few points for the price of its own export."));
        }
        if self.moving.whole {
            sentences.push("Whole bids stay as they are, accepted or not.".into());
        }
        if self.moving.mended {
            sentences.push("They move from the clearing that set the prices: what is shown was bettered after it, as energy was missing.".into());
        }
        if let Some(step) = sides.step_mw {
            let step = mw(step);
            sentences.push(format!(
                "Costs bend with the losses: who moves is read from a step of {step}."
            ));
            match (&sides.around, sides.smooth) {
                (Some(_), _) => {}
                (None, true) => sentences
                    .push("No proof is shown: the solver has too few digits for the step.".into()),
                (None, false) => sentences.push(
                    "No proof is shown: the price is another a step more and a step less.".into(),
                ),
            }
        } else if sides.next.proof.is_none() || sides.last.proof.is_none() {
            sentences.push(
                "Where a proof is missing the price changes within the smallest step.".into(),
            );
        }
    }

    fn told(&self, movers: &[Mover]) -> Vec<String> {
        let few = movers.iter().take(TOLD);
        few.map(|mover| self.moved(mover)).collect()
    }

    /// One who moves.
    fn moved(&self, mover: &Mover) -> String {
        let system = &self.outcome.system;
        let bus = |a: usize, i: usize| &system.areas[a].buses[i];
        let more = |by: f64| {
            let way = if by > 0.0 { "more" } else { "less" };
            let by = mw(by.abs());
            match mover.t == self.moving.t {
                true => format!("{by} {way}"),
                false => format!("{by} {way} in period {}", mover.t + 1),
            }
        };
        let price = mover.usd_per_mwh.map(usd_per_mwh);
        let at = price.as_deref().unwrap_or_default();
        match mover.who {
            Who::Bid(b, gives) => {
                let id = &system.balancing.bids[b].id;
                match gives {
                    true => format!("{id} gives {}, at its bid of {at}.", more(mover.by)),
                    false => format!("{id} takes {}, at its bid of {at}.", more(-mover.by)),
                }
            }
            Who::Function(a) => {
                let id = &system.areas[a].id;
                match price.is_some() {
                    true => format!("{id} exports {}, at {at} by its function.", more(mover.by)),
                    false => format!("{id} exports {}.", more(mover.by)),
                }
            }
            Who::FromAbove(a) => {
                let id = &system.areas[a].id;
                let export = self.outcome.coordination.market.dispatch.export_mw[a][mover.t];
                match export > LEAST_MW {
                    true => format!("{id} exports {}, at {at}.", more(-mover.by)),
                    false => format!("{id} imports {}, at {at}.", more(mover.by)),
                }
            }
            Who::Export(a) => format!("{} exports {}.", system.areas[a].id, more(mover.by)),
            Who::Missing(a, i) => format!(
                "At bus {} {} is missing, at the price cap of {at}.",
                bus(a, i),
                more(mover.by)
            ),
            Who::Spilled(a, i) => format!(
                "At bus {} {} is spilled, at the price cap of {at}.",
                bus(a, i),
                more(mover.by)
            ),
        }
    }

    fn name(&self, mover: &Mover) -> String {
        let system = &self.outcome.system;
        let area = |a: usize| &system.areas[a].id;
        let name = match mover.who {
            Who::Bid(b, _) => system.balancing.bids[b].id.clone(),
            Who::Function(a) | Who::Export(a) => format!("export of {}", area(a)),
            Who::FromAbove(a) => format!("from above to {}", area(a)),
            Who::Missing(a, i) => format!("missing at bus {}", system.areas[a].buses[i]),
            Who::Spilled(a, i) => format!("spilled at bus {}", system.areas[a].buses[i]),
        };
        match mover.t == self.moving.t {
            true => name,
            false => format!("{name}, period {}", mover.t + 1),
        }
    }

    fn subject(&self, mover: &Mover) -> Option<Subject> {
        let system = &self.outcome.system;
        match mover.who {
            // Marks on the diagram are of the period shown.
            _ if mover.t != self.moving.t => None,
            Who::Bid(b, _) => SubjectKind::Party.of(&system.balancing.bids[b].id),
            Who::Function(a) | Who::FromAbove(a) | Who::Export(a) => {
                super::series::interface(&system.areas[a])
            }
            Who::Missing(a, i) | Who::Spilled(a, i) => {
                SubjectKind::Bus.of(&system.areas[a].buses[i])
            }
        }
    }

    /// Steps solved again.
    fn proofs(&self) -> Vec<Proof> {
        let ((a, i), sides) = (self.moving.at, &self.moving.sides);
        let bus = &self.outcome.system.areas[a].buses[i];
        let around = sides.around.map(|step| {
            let size = mw(step.mw.abs());
            let name = format!("{size} more and less load at bus {bus}, half of the difference");
            (step, name)
        });
        let side = |step: Option<Step>, way: &str| {
            step.map(|step| {
                (
                    step,
                    format!("{} {way} load at bus {bus}", mw(step.mw.abs())),
                )
            })
        };
        let next = side(sides.next.proof, "more");
        let last = side(sides.last.proof, "less");
        let all = around.into_iter().chain(next).chain(last);
        all.map(|(step, name)| Proof {
            name,
            predicted: step.predicted,
            solved: step.solved,
            unit: "$".into(),
        })
        .collect()
    }

    /// Who moves, row by row.
    fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.table("next", "The next MWh", &self.moving.next)];
        if !self.moving.sides.meet() {
            tables.push(self.table("last", "The last MWh", &self.moving.last));
        }
        tables.retain(|table| !table.rows.is_empty());
        tables
    }

    fn table(&self, id: &str, title: &str, movers: &[Mover]) -> Table {
        let or_empty = |value: Option<f64>| value.map_or(Cell::Empty, number);
        let rows = movers.iter().map(|mover| {
            vec![
                text(self.name(mover)),
                number(mover.by),
                or_empty(mover.usd_per_mwh),
                or_empty(mover.part),
            ]
        });
        let columns = vec![
            column("who", ""),
            column("moves by, for each MW", "MW"),
            column("price", "$/MWh"),
            column("part", "$/MWh"),
        ];
        Table {
            row_subjects: movers.iter().map(|mover| self.subject(mover)).collect(),
            ..table(id, title, columns, rows.collect(), "")
        }
    }
}
