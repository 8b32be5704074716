//! What holds in an outcome, to be compared with another: which limits are full, who is marginal.

/// One such fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub what: Holds,
    /// As it is named in a sentence: `line 2-3`, `G1`.
    pub name: String,
    /// Which part of it: `20 $/MWh`, the block.
    pub at: String,
    /// Steps of the clock in which it holds, ascending, from 1.
    pub steps: Vec<usize>,
}

/// What a [`Fact`] says of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is at its limit.
    Full,
    /// It serves the next MWh.
    Marginal,
    /// The name is a sentence that holds.
    So,
}

/// The facts of an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A step of the clock, in a word.
    pub noun: &'static str,
    /// How many there are.
    pub steps: usize,
    pub list: Vec<Fact>,
}

impl Fact {
    /// "G1 at 20 $/MWh".
    pub fn told(&self) -> String {
        match self.at.is_empty() {
            true => self.name.clone(),
            false => format!("{} at {}", self.name, self.at),
        }
    }
}

impl Facts {
    /// Notes that it holds in a step, from 1; steps come in order.
    pub fn note(&mut self, what: Holds, (name, at): (&str, &str), step: usize) {
        let mut known = self.list.iter_mut();
        match known.find(|fact| fact.what == what && fact.name == name && fact.at == at) {
            Some(fact) if fact.steps.last() == Some(&step) => {}
            Some(fact) => fact.steps.push(step),
            None => self.list.push(Fact {
                what,
                name: name.into(),
                at: at.into(),
                steps: vec![step],
            }),
        }
    }
}
