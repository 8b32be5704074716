//! The region in tables: what factors promise, edges, pieces, the aggregated bid.

use crate::report::{Cell, Index, Series, Table};

use super::super::Run;
use super::super::narrative::mw;
use super::super::operation::OVERLOAD_TOLERANCE_MW;
use super::{NamedEdge, Region, column};

impl Region<'_> {
    /// What the factors promise and forgo, interval by interval.
    pub(super) fn promise_table(&self, run: &Run, series: &mut Vec<Series>) -> Table {
        let id = self.group_id();
        let mut rows = Vec::new();
        let mut columns: [Vec<f64>; 5] = Default::default();
        for (t, promise) in self.promises(run) {
            let now = &run.roll.intervals[t];
            let cost = run
                .best(t)
                .map_or(f64::NAN, |best| now.cost_usd_per_h - best.cost_usd_per_h);
            let over = now.worst_overload_mw() > OVERLOAD_TOLERANCE_MW;
            for (column, value) in columns.iter_mut().zip([
                promise.by_factors_mw,
                promise.by_merit_mw,
                promise.of_region_mw,
                promise.beyond_mw(),
                promise.forgone_mw(),
            ]) {
                column.push(value);
            }
            let part = |value: f64| match value.is_nan() {
                true => Cell::Empty,
                false => Cell::Number(value),
            };
            rows.push(vec![
                Cell::Number((t + 1) as f64),
                Cell::Number(self.point(now).1),
                Cell::Number(promise.by_factors_mw),
                Cell::Number(promise.by_merit_mw),
                Cell::Number(promise.of_region_mw),
                Cell::Number(promise.beyond_mw()),
                Cell::Number(promise.forgone_mw()),
                if over {
                    part((-cost).max(0.0))
                } else {
                    Cell::Number(0.0)
                },
                if over {
                    Cell::Number(0.0)
                } else {
                    part(cost.max(0.0))
                },
            ]);
        }
        let ids = [
            ("promised", "greatest P_a by factors"),
            ("deliverable", "greatest P_a as it splits"),
            ("reachable", "greatest P_a of the region"),
            ("undeliverable", "promised, not deliverable"),
            ("forgone", "forgone"),
        ];
        for ((key, name), values) in ids.into_iter().zip(columns) {
            series.push(Series {
                id: format!("{key}:{id}"),
                name: name.into(),
                unit: "MW".into(),
                index: Index::Clock,
                values,
            });
        }
        Table {
            id: "promises".into(),
            title: format!("What the factors promise of {id} on line {}", self.line_id()),
            columns: vec![
                column("interval", ""),
                column("P_l''", "MW"),
                column("greatest P_a by factors", "MW"),
                column("as it splits", "MW"),
                column("of the region", "MW"),
                column("promised, not deliverable", "MW"),
                column("forgone", "MW"),
                column("saved by overload", "$/h"),
                column("paid above the optimum", "$/h"),
            ],
            rows,
            note: "By factors: eq. (10) solved for P_a with everything else as dispatched, from the state measured before. As it splits: by merit order, until the line is full. Of the region: with the split that the line allows, whatever it costs. The money is that of the whole dispatch against the optimum.".into(),
            by_clock: true,
        }
    }

    pub(super) fn edge_table(&self, edges: &[NamedEdge]) -> Table {
        Table {
            id: "edges".into(),
            title: format!("Edges of the region of {}", self.group_id()),
            columns: vec![
                column("limits that bind", ""),
                column("from P_a", "MW"),
                column("from P_l''", "MW"),
                column("to P_a", "MW"),
                column("to P_l''", "MW"),
            ],
            rows: edges
                .iter()
                .map(|e| {
                    vec![
                        Cell::Text(e.label.clone()),
                        Cell::Number(e.from.0),
                        Cell::Number(e.from.1),
                        Cell::Number(e.to.0),
                        Cell::Number(e.to.1),
                    ]
                })
                .collect(),
            note: "By Gaussian and Fourier-Motzkin elimination of eq. (13) to (16); each edge is a sum of the limits named.".into(),
            by_clock: false,
        }
    }

    pub(super) fn piece_table(&self) -> Table {
        let rows = self.bid.pieces.iter().map(|piece| {
            let [a, b] = *piece.cut.gradient.as_slice() else {
                return Vec::new();
            };
            vec![
                Cell::Text(self.formula(&piece.cut)),
                Cell::Number(a),
                Cell::Number(b),
                Cell::Number(piece.cut.constant),
                Cell::Text(self.movers(&piece.free)),
            ]
        });
        Table {
            id: "pieces".into(),
            title: format!("Aggregated bid of {}: pieces of its cost", self.group_id()),
            columns: vec![
                column("cost on the piece", "$/h"),
                column("per MW of P_a", "$/MWh"),
                column("per MW of P_l''", "$/MWh"),
                column("constant", "$/h"),
                column("who moves", ""),
            ],
            rows: rows.collect(),
            note: "The cost is the greatest of these on the region: as cuts in a linear program, no binaries.".into(),
            by_clock: false,
        }
    }

    /// The bid at the last interval's P_l'' as Algorithm 1 finds it.
    pub(super) fn bid_table(&self, walk: &[(f64, f64)]) -> Result<Table, String> {
        const LEVELS: usize = 9;
        let other = walk.last().map_or(0.0, |p| p.1);
        let (low, high) = self.slice(other);
        let pairs: Vec<(f64, f64)> = (0..LEVELS)
            .map(|k| (low + (high - low) * k as f64 / (LEVELS - 1) as f64, other))
            .collect();
        let offers = self.equivalent.aggregated_bid(self.system, &pairs)?;
        let members = &self.system.groups[self.equivalent.group].members;
        let mut columns = vec![
            column("P_a", "MW"),
            column("cost", "$/h"),
            column("P_l'", "MW"),
        ];
        columns.extend(
            members
                .iter()
                .map(|&d| column(&self.system.ders[d].id, "MW")),
        );
        let rows = pairs.iter().zip(offers).filter_map(|(&(p_a, _), offer)| {
            let offer = offer?;
            let mut ders = vec![0.0; self.system.ders.len()];
            self.equivalent.write(&offer.blocks_mw, &mut ders);
            let mut row = vec![
                Cell::Number(p_a),
                Cell::Number(offer.cost_usd_per_h),
                Cell::Number(offer.sent_mw),
            ];
            row.extend(members.iter().map(|&d| Cell::Number(ders[d])));
            Some(row)
        });
        Ok(Table {
            id: "bid".into(),
            title: format!("Aggregated bid of {} with {} of the others on line {}", self.group_id(), mw(other), self.line_id()),
            columns,
            rows: rows.collect(),
            note: "Algorithm 1: the aggregator's program (12) to (16) solved at each level of P_a, P_l'' as in the last interval.".into(),
            by_clock: false,
        })
    }
}
