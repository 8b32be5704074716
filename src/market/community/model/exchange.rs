//! Who delivers to whom: an account of the energy that communities feed in and others take.
//!
//! What is fed in below a bus is first taken by others below it, in proportion to what they take, and the
//! rest goes on towards the substation: so that no line, and no feeder as a whole, carries more of what is
//! shared than its flow allows. There the feeders exchange, and the LSE delivers what is missing. Not in
//! the paper; energy has no name on it, and this is one way to give it one.

use super::network::Network;

/// kWh by who delivers and who takes; the last row is the LSE's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    pub kwh: Vec<Vec<f64>>,
}

/// Communities with what they take at a place and have not been matched for, kW.
type Open = Vec<(usize, f64)>;

impl Exchange {
    pub fn new(members: usize) -> Exchange {
        Exchange {
            kwh: vec![vec![0.0; members]; members + 1],
        }
    }

    /// Matches what is fed in and taken at one place.
    fn matched(&mut self, open: &mut Open, hours: f64) {
        let sum = |sign: f64| open.iter().map(|(_, kw)| (sign * kw).max(0.0)).sum::<f64>();
        let (taken, fed) = (sum(1.0), sum(-1.0));
        let both = taken.min(fed);
        if both <= 0.0 {
            return;
        }
        for &(from, give) in open.iter().filter(|(_, kw)| *kw < 0.0) {
            for &(to, take) in open.iter().filter(|(_, kw)| *kw > 0.0) {
                self.kwh[from][to] += both * (-give / fed) * (take / taken) * hours;
            }
        }
        for (_, kw) in open.iter_mut() {
            *kw *= 1.0 - both / if *kw > 0.0 { taken } else { fed };
        }
        open.retain(|(_, kw)| *kw != 0.0);
    }

    /// Adds an interval with what communities take; without feeders all are at one place.
    pub fn add(&mut self, network: Option<&Network>, kw: &[f64], hours: f64) {
        let all = kw.iter().copied().enumerate();
        let mut above: Open = match network {
            None => all.collect(),
            Some(network) => {
                let mut left = Vec::new();
                for (f, part) in network.feeders.iter().enumerate() {
                    let mut open = vec![Open::new(); part.feeder.buses.len()];
                    for (j, kw) in all.clone().filter(|(j, _)| network.place[*j].0 == f) {
                        open[network.place[j].1].push((j, kw));
                    }
                    for &bus in part.tree.order.iter().rev() {
                        let mut here = std::mem::take(&mut open[bus]);
                        self.matched(&mut here, hours);
                        if let Some(line) = part.tree.above[bus] {
                            open[line.upper].append(&mut here);
                        }
                    }
                    let mut root = std::mem::take(&mut open[part.tree.root]);
                    self.matched(&mut root, hours);
                    left.append(&mut root);
                }
                left
            }
        };
        self.matched(&mut above, hours);
        for (to, take) in above.into_iter().filter(|(_, kw)| *kw > 0.0) {
            if let Some(lse) = self.kwh.last_mut() {
                lse[to] += take * hours;
            }
        }
    }
}
