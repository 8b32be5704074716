//! The region as a chart.

use crate::report::words::counted;
use crate::report::{Axis, Chart, Edge, Index, Mark, Role, Series, Table};

use super::super::Run;
use super::super::narrative::{mw, plain};
use super::super::params::Method;
use super::Region;

/// More pieces than this are a picture of nothing.
const PIECES_SHOWN: usize = 150;

/// Largest M whose grid is drawn.
const GRID_SHOWN: u32 = 5;

/// Everything the report says of the region.
pub struct Picture {
    pub chart: Chart,
    pub series: Vec<Series>,
    pub tables: Vec<Table>,
}

/// The region of a run; `None` without aggregators, an error where it is too much to show.
pub(in super::super) fn picture(run: &Run) -> Option<Result<Picture, String>> {
    if run.roll.intervals.is_empty() {
        return None;
    }
    let (group, limit) = Region::choose(run)?;
    Some(Region::new(run.system, group, limit).and_then(|region| region.picture(run)))
}

impl Region<'_> {
    fn picture(&self, run: &Run) -> Result<Picture, String> {
        let pieces = self.bid.pieces.len();
        if pieces > PIECES_SHOWN {
            return Err(format!(
                "the bid of {} behind line {} has {pieces} pieces, more than the {PIECES_SHOWN} a picture can show",
                self.group_id(),
                self.line_id()
            ));
        }
        let edges = self.edges()?;
        let walk: Vec<(f64, f64)> = run.roll.intervals.iter().map(|i| self.point(i)).collect();
        let mut series = vec![Series {
            id: "operating".into(),
            name: "operating point".into(),
            unit: "MW".into(),
            index: Index::Numbers {
                name: "P_a".into(),
                unit: "MW".into(),
                at: walk.iter().map(|p| p.0).collect(),
            },
            values: walk.iter().map(|p| p.1).collect(),
        }];
        let mut marks = vec![Mark::Surface {
            label: "cost".into(),
            unit: "$/h".into(),
            cells: self.cells(),
        }];
        marks.extend(self.triangulation(run));
        marks.push(Mark::Outline {
            label: "what fixed factors allow".into(),
            role: Role::Reference,
            corners: self.believed(),
        });
        marks.push(Mark::Edges {
            edges: edges
                .iter()
                .map(|e| Edge {
                    from: e.from,
                    to: e.to,
                    label: e.label.clone(),
                })
                .collect(),
        });
        marks.push(Mark::Walk {
            series: "operating".into(),
            role: Role::Aggregator,
        });
        let chart = Chart {
            id: "region".into(),
            title: format!(
                "Feasible region and cost of {} behind line {}",
                self.group_id(),
                self.line_id()
            ),
            x: axis(format!("P_a, output of {}", self.group_id())),
            y: axis(format!("P_l'', flow of the others on {}", self.line_id())),
            marks,
            summary: self.summary(run, edges.len(), &walk),
            square: false,
            probe: Some(self.key()),
        };
        let tables = vec![
            self.promise_table(run, &mut series),
            self.edge_table(&edges),
            self.piece_table(),
            self.bid_table(&walk)?,
        ];
        Ok(Picture {
            chart,
            series,
            tables,
        })
    }

    fn triangulation(&self, run: &Run) -> Option<Mark> {
        let equivalents = run.roll.process.equivalents.iter();
        let mine = equivalents
            .into_iter()
            .find(|e| e.group == self.equivalent.group)?;
        let grid = &mine.jack.as_ref()?.grid;
        if grid.m() > GRID_SHOWN {
            return None;
        }
        let side = grid.side();
        let number = |(i, j): (usize, usize)| j * (side + 1) + i;
        let vertices = || (0..=side).flat_map(|j| (0..=side).map(move |i| (i, j)));
        let mut segments = Vec::new();
        for j in 0..side {
            for i in 0..side {
                for triangle in grid.triangles((i, j)) {
                    if triangle.iter().any(|v| grid.value(*v).is_none()) {
                        continue;
                    }
                    let [a, b, c] = triangle.map(number);
                    for (p, q) in [(a, b), (b, c), (c, a)] {
                        segments.push((p.min(q), p.max(q)));
                    }
                }
            }
        }
        segments.sort_unstable();
        segments.dedup();
        Some(Mark::Triangulation {
            label: format!("Union Jack, M = {}", grid.m()),
            points: vertices().map(|v| grid.vertex(v)).collect(),
            excluded: vertices()
                .filter(|v| grid.value(*v).is_none())
                .map(number)
                .collect(),
            segments,
        })
    }

    fn summary(&self, run: &Run, edges: usize, walk: &[(f64, f64)]) -> String {
        let pieces = self.bid.pieces.len();
        let mut text = format!(
            "The region of {} behind line {} has {edges} edges and its cost {pieces} linear pieces",
            self.group_id(),
            self.line_id(),
        );
        if let Some((p_a, other)) = walk.last() {
            let (_, most) = self.slice(*other);
            text.push_str(&format!(
                "; in the last interval it produces {} of at most {} while the others put {} on the line",
                mw(*p_a),
                mw(most),
                mw(*other)
            ));
        }
        let outside = walk.iter().filter(|(p_a, other)| {
            let (low, high) = self.slice(*other);
            *p_a > high + 1e-6 || *p_a < low - 1e-6
        });
        let outside = outside.count();
        if outside > 0 {
            text.push_str(&format!(
                "; {outside} of {} lie outside",
                counted(run.roll.intervals.len(), "operating point")
            ));
        }
        text.push('.');
        if run.params.method == Method::DistributionFactors {
            text.push_str(&self.gap_in_words(run));
        }
        text
    }

    /// What the factors promised beyond the region and what they forwent over the run.
    fn gap_in_words(&self, run: &Run) -> String {
        let (mut beyond, mut forgone, mut paid, mut saved) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
        for (t, promise) in self.promises(run) {
            let now = &run.roll.intervals[t];
            let cost = run
                .best(t)
                .map_or(0.0, |best| now.cost_usd_per_h - best.cost_usd_per_h);
            if promise.beyond_mw() > 0.0 {
                (beyond, saved) = (beyond.max(promise.beyond_mw()), saved.max(-cost));
            } else {
                (forgone, paid) = (forgone.max(promise.forgone_mw()), paid.max(cost));
            }
        }
        format!(
            " The factors promise up to {} that cannot be delivered (worth {} $/h, had only by overload) and forgo up to {} ({} $/h above the optimum).",
            mw(beyond),
            plain(saved, 2),
            mw(forgone),
            plain(paid, 2)
        )
    }
}

fn axis(label: String) -> Axis {
    Axis {
        label,
        unit: "MW".into(),
        zero: false,
    }
}
