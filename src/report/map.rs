//! The map of a dispatch over two inputs: its regions, and what holds at a point of one.

use serde::{Deserialize, Serialize};

use super::{Cell, Probe, Report, Subject, column, number, plain, table, text};
use crate::opt::parametric::{Cost, Linear};

/// An input of the document and the range it is moved over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Path of the field, e.g. `case.branches.2-3.max_p_mw`.
    pub field: String,
    pub from: f64,
    pub to: f64,
}

/// What a map is asked of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub x: Axis,
    pub y: Axis,
    /// The bus whose price colours the map; empty: the one whose price moves most.
    pub bus: String,
    /// The step of the clock, from 1.
    pub step: usize,
}

/// An input as a reader knows it.
#[derive(Clone, Debug, Default)]
pub struct Named {
    pub label: String,
    pub unit: String,
    /// Its value in the document.
    pub now: Option<f64>,
}

/// A map with its report.
pub struct Map {
    pub report: Report,
    pub places: Vec<Place>,
    /// Inputs along x and y.
    pub named: [Named; 2],
    pub ranges: [(f64, f64); 2],
}

/// One region.
pub struct Place {
    /// Who is marginal and what is full there, in words.
    pub name: String,
    /// Counter-clockwise.
    pub corners: Vec<(f64, f64)>,
    /// $/h; `None` where there is no dispatch.
    pub cost: Option<Cost>,
    /// LMP of every bus, $/MWh.
    pub prices: Vec<(Subject, Linear)>,
    pub sides: Vec<Side>,
}

/// A part of the boundary of a [`Place`] with one neighbour.
pub struct Side {
    pub from: (f64, f64),
    pub to: (f64, f64),
    /// The place beyond.
    pub beyond: usize,
    /// What changes on the way there.
    pub change: String,
}

/// A point this near an edge, in shares of the ranges, is told what lies beyond.
const NEAR: f64 = 0.03;

impl Map {
    /// A point as shares of the ranges.
    fn share(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let of = |value: f64, (from, to): (f64, f64)| (value - from) / (to - from);
        (of(x, self.ranges[0]), of(y, self.ranges[1]))
    }

    /// The region of a point; `None` outside the map.
    pub fn at(&self, at: (f64, f64)) -> Option<usize> {
        let point = self.share(at);
        let room = |place: &Place| {
            let corners: Vec<_> = place.corners.iter().map(|&c| self.share(c)).collect();
            let next = corners.iter().cycle().skip(1);
            let sides = corners.iter().zip(next);
            sides.fold(f64::INFINITY, |room: f64, (a, b)| {
                let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                let off = dx * (point.1 - a.1) - dy * (point.0 - a.0);
                room.min(off / libm::hypot(dx, dy).max(1e-12))
            })
        };
        let rooms = self.places.iter().map(room).enumerate();
        let best = rooms.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 >= -1e-9).then_some(best.0)
    }

    /// What holds at a point: its region, prices and cost, and what changes beyond an edge nearby.
    pub fn probe(&self, at: (f64, f64)) -> Probe {
        let Some(k) = self.at(at) else {
            return Probe {
                inside: false,
                sentence: "This point is outside the map.".into(),
                table: table("probe", "Prices at this point", Vec::new(), Vec::new(), ""),
                offer: None,
                ..Probe::default()
            };
        };
        let place = &self.places[k];
        let cost = place.cost.map_or(String::new(), |cost| {
            format!(" It costs {}\u{a0}$/h.", plain(cost.at(at), 2))
        });
        let beyond = self.beyond(place, at).map_or(String::new(), |side| {
            format!(
                " Beyond the edge, in region {}: {}.",
                side.beyond + 1,
                side.change
            )
        });
        let rows = place
            .prices
            .iter()
            .map(|(bus, price)| vec![text(&*bus.id), number(price.at(at))]);
        let rows: Vec<Vec<Cell>> = rows.collect();
        let subjects = place.prices.iter().map(|(bus, _)| Some(bus.clone()));
        let columns = vec![column("bus", ""), column("LMP", "$/MWh")];
        Probe {
            inside: place.cost.is_some(),
            sentence: format!("Region {}: {}.{cost}{beyond}", k + 1, place.name),
            table: table("probe", "Prices at this point", columns, rows, "").of(subjects),
            offer: None,
            ..Probe::default()
        }
    }

    /// The edge nearest to a point, where one is near.
    fn beyond<'p>(&self, place: &'p Place, at: (f64, f64)) -> Option<&'p Side> {
        let point = self.share(at);
        let off = |side: &Side| {
            let (a, b) = (self.share(side.from), self.share(side.to));
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let along = (point.0 - a.0) * dx + (point.1 - a.1) * dy;
            let along = (along / (dx * dx + dy * dy).max(1e-24)).clamp(0.0, 1.0);
            libm::hypot(point.0 - a.0 - along * dx, point.1 - a.1 - along * dy)
        };
        let sides = place.sides.iter().map(|side| (off(side), side));
        let nearest = sides.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (nearest.0 <= NEAR).then_some(nearest.1)
    }
}
