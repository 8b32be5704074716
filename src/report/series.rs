//! Quantities over an index: one by one, or a table of like ones of many things.
//!
//! A large grid has tens of thousands of series and few of them are looked at. A [`SeriesTable`] holds those of like things
//! as numbers alone and makes a [`Series`] of one when it is asked for; as JSON all stand in one list.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Subject, SubjectKind, number};

#[cfg(not(target_arch = "wasm32"))]
use schemars::JsonSchema;

/// A quantity over an index. Missing values are NaN here and `null` in JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
pub struct Series {
    /// Stable key: `<kind>:<item>`, e.g. `flow:2-3`, `lmp:4`, `p:G1`.
    pub id: String,
    pub name: String,
    pub unit: String,
    pub index: Index,
    #[serde(with = "number::nullable")]
    #[cfg_attr(not(target_arch = "wasm32"), schemars(with = "Vec<Option<f64>>"))]
    pub values: Vec<f64>,
    /// What of the case it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// What a series runs over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Index {
    /// The report's clock: 1, 2, … `clock.steps`.
    Clock,
    /// Any other numbers, e.g. the dispatch on the horizontal axis of a map.
    Numbers {
        name: String,
        unit: String,
        #[serde(with = "number::nullable")]
        #[cfg_attr(not(target_arch = "wasm32"), schemars(with = "Vec<Option<f64>>"))]
        at: Vec<f64>,
    },
}

/// What the series of one column of a [`SeriesTable`] are.
#[derive(Clone, Debug)]
pub struct SeriesColumn {
    /// Their ids are `<kind>:<item>`.
    pub kind: String,
    /// Their name, with the item in place of `{}`.
    pub name: String,
    pub unit: String,
}

/// Series over the clock of like things of the case, several of each.
#[derive(Clone, Debug)]
pub struct SeriesTable {
    pub of: SubjectKind,
    pub columns: Vec<SeriesColumn>,
    /// Ids of the things.
    pub items: Vec<String>,
    /// Values of each series.
    pub steps: usize,
    /// Item by item, for each column by column, step by step.
    pub values: Vec<f64>,
    /// Places of the items in the order of their ids.
    order: OnceLock<Vec<usize>>,
    /// Those that were asked for.
    made: OnceLock<Vec<OnceLock<Box<Series>>>>,
}

impl SeriesTable {
    /// The values are `value(item, column, step)`, each from 0.
    pub fn new(
        of: SubjectKind,
        columns: Vec<SeriesColumn>,
        items: Vec<String>,
        steps: usize,
        value: impl Fn(usize, usize, usize) -> f64,
    ) -> SeriesTable {
        let mut values = Vec::with_capacity(items.len() * columns.len() * steps);
        for item in 0..items.len() {
            for column in 0..columns.len() {
                values.extend((0..steps).map(|step| value(item, column, step) + 0.0));
            }
        }
        SeriesTable {
            of,
            columns,
            items,
            steps,
            values,
            order: OnceLock::new(),
            made: OnceLock::new(),
        }
    }

    fn len(&self) -> usize {
        self.items.len() * self.columns.len()
    }

    /// Series `k`: items in order, of each its columns.
    fn one(&self, k: usize) -> Series {
        let item = &self.items[k / self.columns.len()];
        let SeriesColumn { kind, name, unit } = &self.columns[k % self.columns.len()];
        Series {
            id: format!("{kind}:{item}"),
            name: name.replace("{}", item),
            unit: unit.clone(),
            index: Index::Clock,
            values: self.values[k * self.steps..(k + 1) * self.steps].to_vec(),
            subject: self.of.of(item),
        }
    }

    fn at(&self, k: usize) -> &Series {
        let made = || (0..self.len()).map(|_| OnceLock::new()).collect();
        self.made.get_or_init(made)[k].get_or_init(|| Box::new(self.one(k)))
    }

    fn place(&self, id: &str) -> Option<usize> {
        let columns = self.columns.iter().enumerate();
        let mut found = columns.filter_map(|(c, column)| {
            let item = id.strip_prefix(&column.kind)?.strip_prefix(':')?;
            let order = self.order.get_or_init(|| {
                let mut order: Vec<usize> = (0..self.items.len()).collect();
                crate::sort::by_key(&mut order, |&k| &self.items[k]);
                order
            });
            // The first of an id, as in a search from the front.
            let place = order.partition_point(|&k| *self.items[k] < *item);
            let place = order.get(place).filter(|k| self.items[**k] == item)?;
            Some(place * self.columns.len() + c)
        });
        found.next()
    }

    /// Changes the unit of every column, and its values by the factor that `change` gives.
    pub fn rescale(&mut self, change: impl Fn(&mut String) -> f64, scale: impl Fn(&mut f64, f64)) {
        let factors: Vec<f64> = (self.columns.iter_mut())
            .map(|column| change(&mut column.unit))
            .collect();
        let rows = self.values.chunks_mut(self.steps.max(1));
        for (row, times) in rows.zip(factors.iter().cycle()) {
            row.iter_mut().for_each(|value| scale(value, *times));
        }
        self.made = OnceLock::new();
    }
}

/// A series, or a table of them.
#[derive(Clone, Debug)]
pub enum Part {
    One(Box<Series>),
    Table(Box<SeriesTable>),
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Part::One(_) => 1,
            Part::Table(table) => table.len(),
        }
    }

    fn at(&self, k: usize) -> &Series {
        match self {
            Part::One(one) => one,
            Part::Table(table) => table.at(k),
        }
    }
}

/// All series of a report, in order.
#[derive(Clone, Debug, Default)]
pub struct AllSeries {
    pub parts: Vec<Part>,
}

impl AllSeries {
    pub fn push(&mut self, series: Series) {
        self.parts.push(Part::One(Box::new(series)));
    }

    /// Adds the series of a table; nothing where it has none.
    pub fn push_table(&mut self, table: SeriesTable) {
        if table.len() > 0 {
            self.parts.push(Part::Table(Box::new(table)));
        }
    }

    pub fn len(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The first series with this id.
    pub fn get(&self, id: &str) -> Option<&Series> {
        self.parts.iter().find_map(|part| match part {
            Part::One(one) => (one.id == id).then_some(&**one),
            Part::Table(table) => table.place(id).map(|k| table.at(k)),
        })
    }

    /// Those that stand alone.
    pub fn singles_mut(&mut self) -> impl Iterator<Item = &mut Series> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::One(one) => Some(&mut **one),
            Part::Table(_) => None,
        })
    }

    /// Every series; those of tables are made, and kept.
    pub fn iter(&self) -> impl Iterator<Item = &Series> + Clone {
        let parts = self.parts.iter();
        parts.flat_map(|part| (0..part.len()).map(|k| part.at(k)))
    }
}

impl From<Vec<Series>> for AllSeries {
    fn from(list: Vec<Series>) -> AllSeries {
        list.into_iter().collect()
    }
}

impl FromIterator<Series> for AllSeries {
    fn from_iter<I: IntoIterator<Item = Series>>(list: I) -> AllSeries {
        let mut all = AllSeries::default();
        all.extend(list);
        all
    }
}

impl Extend<Series> for AllSeries {
    fn extend<I: IntoIterator<Item = Series>>(&mut self, list: I) {
        list.into_iter().for_each(|series| self.push(series));
    }
}

impl<'a> IntoIterator for &'a AllSeries {
    type Item = &'a Series;
    type IntoIter = Box<dyn Iterator<Item = &'a Series> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl Serialize for AllSeries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for part in &self.parts {
            match part {
                Part::One(one) => list.serialize_element(one)?,
                // Made for a moment: a written report is not looked at.
                Part::Table(table) => {
                    (0..table.len()).try_for_each(|k| list.serialize_element(&table.one(k)))?;
                }
            }
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for AllSeries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AllSeries, D::Error> {
        Vec::<Series>::deserialize(deserializer).map(AllSeries::from)
    }
}
