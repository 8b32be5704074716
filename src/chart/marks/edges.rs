//! Straight edges with a name each; `edge_names` finds where the names stand.

use crate::chart::canvas::PathData;
use crate::chart::painter::Painter;
use crate::chart::rect::Point;
use crate::chart::rows::Rows;
use crate::chart::scale::drawable;
use crate::report::Edge;

use super::figure::Figure;
use super::join::Layer;

pub struct Edges<'r> {
    pub edges: &'r [Edge],
}

impl<'r> Figure<'r> for Edges<'r> {
    fn layer(&self) -> Layer {
        Layer::Edges
    }

    fn reach(&self) -> Vec<Point> {
        self.edges.iter().flat_map(|e| [e.from, e.to]).collect()
    }

    fn edges(&self) -> Vec<&Edge> {
        let whole = |p: Point| drawable(p.0) && drawable(p.1);
        let edges = self.edges.iter();
        edges.filter(|e| whole(e.from) && whole(e.to)).collect()
    }

    fn draw(&self, painter: &mut Painter) {
        let mut path = PathData::default();
        for edge in self.edges() {
            for piece in painter.pieces(&[edge.from, edge.to]) {
                painter.occupy(&piece);
                path.polyline(&piece);
            }
        }
        let look = ["edges", "none", painter.sheet.ink, "2"];
        let round = [("stroke-linecap", "round")];
        painter.canvas.path(&path, look, &round);
    }

    fn rows(&self, rows: &mut Rows) {
        for edge in self.edges {
            rows.add("edge from", &edge.label, edge.from, None);
            rows.add("edge to", &edge.label, edge.to, None);
        }
    }
}
