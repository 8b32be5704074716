//! DC lines of a case file: what is taken out at one end arrives at the other, less a loss.

use super::super::import::{counted, plain};
use super::super::{DcLine, Load};
use super::program::Matrix;
use super::reader::{Reader, column, numbered, rows};
use std::collections::HashMap;

impl Reader {
    /// `P_t = P_f − (loss0 + loss1 P_f)`, `Pmin ≤ P_f ≤ Pmax`: the constant part of the loss is load at the end that receives.
    /// A cost of the flow is refused.
    pub(super) fn dc_lines(&mut self, matrix: &Matrix, costs: Option<&Matrix>) {
        let mut used = HashMap::new();
        let (mut off, mut standing_mw, mut gains) = (0, 0.0, 0);
        for (k, row) in rows(matrix).enumerate() {
            let ends = (row.get(column::FROM), row.get(column::TO));
            let from = self.known_bus(row.line, ends.0);
            let to = self.known_bus(row.line, ends.1);
            let in_service = row.get(column::DC_STATUS) != 0.0;
            let (Some(from), Some(to), true) = (from, to, in_service) else {
                off += 1;
                continue;
            };
            if from == to {
                off += 1;
                continue;
            }
            let id = numbered(&mut used, format!("dc-{from}-{to}"));
            if let Some((line, _)) =
                costs.and_then(|costs| costs.rows.get(k).filter(|(_, c)| costs_something(c)))
            {
                self.error(
                    *line,
                    format!("DC line {id} has a cost (dclinecost); a DC line of Tandem has none. Give it a cost of 0, or take it out of service."),
                );
            }
            let loss_mw = row.get(column::DC_LOSS0);
            if loss_mw != 0.0 {
                standing_mw += loss_mw;
                self.loads.push(Load {
                    id: format!("{id}-loss"),
                    bus: to.clone(),
                    p_mw: loss_mw,
                    q_mvar: 0.0,
                });
            }
            let (min_p_mw, loss_share) = (row.get(column::DC_PMIN), row.get(column::DC_LOSS1));
            gains += usize::from(loss_share > 0.0 && min_p_mw < 0.0);
            self.dc_lines.push(DcLine {
                id,
                from,
                to,
                min_p_mw,
                max_p_mw: row.get(column::DC_PMAX),
                loss_share,
            });
        }
        let lines = |count| counted(count, "DC line", "DC lines");
        if !self.dc_lines.is_empty() {
            let text = format!("{}, dispatched at no cost.", lines(self.dc_lines.len()));
            self.report.kept.push(text);
        }
        if standing_mw != 0.0 {
            self.report.changed.push(format!(
                "Losses of DC lines that do not depend on their flow are load where they end: {} MW.",
                plain(standing_mw)
            ));
        }
        if gains > 0 {
            self.report.assumed.push(format!(
                "{} with a loss may flow backwards, where the format has them gain the same share.",
                lines(gains)
            ));
        }
        if off > 0 {
            let text = format!("{} out of service or at one bus.", lines(off));
            self.report.left_out.push(text);
        }
    }
}

/// Whether a row of costs has any: a coefficient of a polynomial, or the cost of a point.
fn costs_something(row: &[f64]) -> bool {
    let [model, _, _, count, numbers @ ..] = row else {
        return false;
    };
    let count = count.max(0.0) as usize;
    match *model == 1.0 {
        true => {
            (numbers.chunks(2).take(count)).any(|point| point.get(1).is_some_and(|c| *c != 0.0))
        }
        false => numbers.iter().take(count).any(|c| *c != 0.0),
    }
}
