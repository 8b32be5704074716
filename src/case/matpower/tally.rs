//! What a file says of its generators and costs, counted for the report of the import.

use super::super::check::bounds;
use super::super::import::{Import, counted, plain};
use super::cost::{CURVE_BLOCKS, Offer};

/// What the rows of `gen` and `gencost` came to.
#[derive(Default)]
pub(super) struct Tally {
    pub off: usize,
    pub at_isolated: usize,
    pub unlimited: usize,
    pub bottomless: usize,
    pub taking: usize,
    pub taken_mw: f64,
    start_or_stop: usize,
    no_load: usize,
    no_load_usd_per_h: f64,
    quadratic: usize,
    curved: usize,
    off_usd_per_h: f64,
    off_usd_per_mwh: f64,
    levelled: usize,
    levelled_usd_per_mwh: f64,
}

impl Tally {
    pub fn count(&mut self, offer: &Offer) {
        self.start_or_stop += usize::from(offer.start_or_stop);
        self.no_load += usize::from(offer.no_load_usd_per_h != 0.0);
        self.no_load_usd_per_h += offer.no_load_usd_per_h;
        self.quadratic += usize::from(offer.quadratic);
        if let Some(chords) = offer.curve {
            self.curved += 1;
            self.off_usd_per_h += chords.off_usd_per_h;
            self.off_usd_per_mwh = self.off_usd_per_mwh.max(chords.off_usd_per_mwh);
        }
        if let Some(most) = offer.levelled_usd_per_mwh {
            self.levelled += 1;
            self.levelled_usd_per_mwh = self.levelled_usd_per_mwh.max(most);
        }
    }

    pub fn tell(&self, report: &mut Import) {
        let units = |count| counted(count, "generator", "generators");
        if self.no_load > 0 {
            report.kept.push(format!(
                "Costs at no output of {}, {} $/h in all: part of every cost shown, without effect on prices.",
                units(self.no_load),
                plain(self.no_load_usd_per_h)
            ));
        }
        if self.quadratic > 0 {
            report.kept.push(format!(
                "Quadratic costs of {}, as bids whose prices rise along a straight line.",
                units(self.quadratic)
            ));
        }
        if self.taking > 0 {
            report.changed.push(format!(
                "{} with Pmin below zero (dispatchable loads, pumps) became a load of −Pmin, {} MW in all, and a generator that gives it back at the same marginal cost.",
                units(self.taking),
                plain(self.taken_mw)
            ));
        }
        if self.curved > 0 {
            report.changed.push(format!(
                "Costs of degree three and more of {} are {CURVE_BLOCKS} equal blocks each, whose prices rise along straight lines from marginal cost to marginal cost: they cost up to {} $/h more or less than the curves, and a price is up to {} $/MWh from the marginal cost.",
                units(self.curved),
                plain(self.off_usd_per_h),
                plain(self.off_usd_per_mwh)
            ));
        }
        if self.levelled > 0 {
            report.changed.push(format!(
                "Marginal costs of {} that fall by rounding were levelled, by up to {:.1e} $/MWh.",
                units(self.levelled),
                self.levelled_usd_per_mwh
            ));
        }
        if self.off > 0 {
            let text = format!("{} out of service.", units(self.off));
            report.left_out.push(text);
        }
        if self.at_isolated > 0 {
            let text = format!("{} at isolated buses.", units(self.at_isolated));
            report.left_out.push(text);
        }
        if self.start_or_stop > 0 {
            report.left_out.push(format!(
                "Costs of starting and stopping of {}: everything in service runs.",
                units(self.start_or_stop)
            ));
        }
        if self.unlimited > 0 {
            report.assumed.push(format!(
                "{} without a limit (Pmax of Inf, or {} MW and more) may give twice what all loads take.",
                units(self.unlimited),
                bounds::POWER
            ));
        }
        if self.bottomless > 0 {
            report.assumed.push(format!(
                "{} with a Pmin of −{} MW or less may take twice what all generators with a limit can give.",
                units(self.bottomless),
                bounds::POWER
            ));
        }
    }
}
