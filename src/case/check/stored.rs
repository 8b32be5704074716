//! What a storage of energy may hold, in whichever market it stands.

use super::{Findings, Quantity, bounds, show};

const ENERGY: Quantity = Quantity::new("The energy", "MWh", 0.0, bounds::POWER);
const EFFICIENCY: Quantity = Quantity::new("The efficiency", "1", 0.01, 1.0);

/// A storage over a day.
pub(super) struct Stored {
    pub energy_mwh: f64,
    pub initial_mwh: f64,
    pub min_final_mwh: f64,
    pub charge_efficiency: f64,
    pub discharge_efficiency: f64,
}

impl Stored {
    /// What it holds at first and at the end fits, and can be reached by what a day at full power adds, MWh, which is
    /// `None` where the power is no number. `field` is the place of an input.
    pub fn check(
        &self,
        field: &dyn Fn(&str) -> String,
        most_added_mwh: Option<f64>,
        findings: &mut Findings,
    ) {
        let mut known = true;
        for (name, quantity, value) in [
            ("energy_mwh", &ENERGY, self.energy_mwh),
            ("charge_efficiency", &EFFICIENCY, self.charge_efficiency),
            (
                "discharge_efficiency",
                &EFFICIENCY,
                self.discharge_efficiency,
            ),
            ("initial_mwh", &ENERGY, self.initial_mwh),
            ("min_final_mwh", &ENERGY, self.min_final_mwh),
        ] {
            known &= findings.range(|| field(name), quantity, value);
        }
        let Some(added) = most_added_mwh.filter(|_| known) else {
            return;
        };
        let holds = show(self.energy_mwh);
        for (name, energy) in [
            ("initial_mwh", self.initial_mwh),
            ("min_final_mwh", self.min_final_mwh),
        ] {
            if energy > self.energy_mwh {
                let energy = show(energy);
                let text = format!("{energy} MWh do not fit: the storage holds {holds} MWh.");
                findings.error(field(name), text);
            }
        }
        let reach = self.initial_mwh + added;
        if self.min_final_mwh > reach {
            let (asked, reach) = (show(self.min_final_mwh), show(reach));
            let text = format!(
                "{asked} MWh at the end cannot be reached: charging all day at full power ends at {reach} MWh."
            );
            findings.error(field("min_final_mwh"), text);
        }
    }
}
