//! Why a boundary and a bid have the price they have: the step of the residual supply function, and what is paid.

use crate::market::Failure;
use crate::report::{Explained, amount};

use super::super::model::bids::extent;
use super::super::model::curve::{Curve, Sample};
use super::super::model::marginal::MarginalStep;
use super::super::params::Settlement;
use super::explain::{Asked, missing};
use super::words::{resource, usd_per_mwh};

impl Asked<'_> {
    /// The price where an area meets the one above, with the step of its function.
    pub(super) fn of_boundary(&self, a: usize) -> Result<Explained, Failure> {
        let system = self.system();
        let area = &system.areas[a];
        let (up, bus) = area.above.ok_or("the area meets nothing above it")?;
        let mut made = self.price(up, bus)?;
        let export = self.outcome.coordination.market.dispatch.export_mw[a][self.t];
        let way = if export < 0.0 { "imports" } else { "exports" };
        let mut sentences = vec![format!(
            "{} {way} {} at {}.",
            area.id,
            amount(export.abs(), "MW"),
            self.meets(a)
        )];
        sentences.extend(self.on_steps(a, export));
        sentences.append(&mut made.sentences);
        made.sentences = sentences;
        let what = format!("Price where {} meets {}", area.id, self.meets(a));
        Ok(self.explained(&what, made))
    }

    /// The step of the residual supply function where an export sits, or the two that meet there.
    fn on_steps(&self, a: usize, export: f64) -> Vec<String> {
        let Some(curve) = self.outcome.curve(a) else {
            return Vec::new();
        };
        let steps = self.outcome.steps(curve, self.t);
        if steps.is_empty() {
            return vec!["It offers no other exchange.".into()];
        }
        let near = 1e-6 * (1.0 + export.abs());
        let said = |lead: &str, step: &MarginalStep| {
            format!(
                "{lead} {}; what moves from {} to {} of export: {}.",
                usd_per_mwh(step.usd_per_mwh),
                amount(step.from_mw, ""),
                amount(step.to_mw, "MW"),
                resource(&step.moving)
            )
        };
        let inside = |s: &&MarginalStep| s.from_mw + near < export && export < s.to_mw - near;
        if let Some(step) = steps.iter().find(inside) {
            let mut sentences = vec![said("A MWh of it costs", step)];
            if self.bends(curve, export) {
                sentences.push(
                    "Its cost bends within that piece: prices below are means over it.".into(),
                );
            }
            return sentences;
        }
        let last = steps.iter().find(|s| (s.to_mw - export).abs() <= near);
        let next = steps.iter().find(|s| (s.from_mw - export).abs() <= near);
        let last = last.map(|step| said("The last MWh of it costs", step));
        let next = match next {
            Some(step) => said("The next MWh of it would cost", step),
            None => "It can export no more.".into(),
        };
        last.into_iter().chain([next]).collect()
    }

    /// Whether the cost of an area bends between the samples beside an export, as losses make it do.
    fn bends(&self, curve: &Curve, export: f64) -> bool {
        let mut pairs = curve.samples.windows(2);
        let at = |sample: &Sample| sample.export_mw[self.t];
        let around = pairs.find(|pair| at(&pair[0]) <= export && export <= at(&pair[1]));
        around.is_some_and(|pair| {
            let (from, to) = (
                pair[0].above_usd_per_mwh[self.t],
                pair[1].below_usd_per_mwh[self.t],
            );
            (to - from).abs() > 1e-5 * (1.0 + from.abs())
        })
    }

    /// What a bid is paid: the price at its bus.
    pub(super) fn of_bid(&self, id: &str) -> Result<Explained, Failure> {
        let system = self.system();
        let bids = &system.balancing.bids;
        let b = bids.iter().position(|bid| bid.id == id);
        let known = bids.iter().map(|bid| bid.id.as_str());
        let b = b.ok_or_else(|| missing("bid", id, known))?;
        let bid = &bids[b];
        let place = system.place.get(&bid.bus);
        let &(a, i) = place.ok_or_else(|| format!("bid {id} is at no bus of the market"))?;
        let mut made = self.price(a, i)?;
        let p = self.outcome.coordination.market.dispatch.p_mw[b][self.t];
        let (low, high) = extent(bid, self.t);
        let mut sentences = vec![match self.outcome.coordination.admitted[b] {
            false => format!("The scheme leaves {id} out."),
            true if p.abs() <= 1e-6 => format!(
                "{id} is not activated; it offers {} to {}.",
                amount(low, ""),
                amount(high, "MW")
            ),
            true => format!(
                "{id} is activated by {}; it offers {} to {}.",
                amount(p, "MW"),
                amount(low, ""),
                amount(high, "MW")
            ),
        }];
        sentences.extend(self.marginal(a, i, made.value));
        sentences.append(&mut made.sentences);
        if self.outcome.settlement == Settlement::BalancingPrice && a > 0 {
            sentences.push(format!(
                "It is not paid that: the rule pays everyone below {} the price there.",
                self.meets(a)
            ));
        }
        made.sentences = sentences;
        let what = format!("Price of {id} at bus {}", bid.bus);
        Ok(self.explained(&what, made))
    }
}
