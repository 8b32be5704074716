//! A sixth mechanism in one file: a uniform-price auction at one bus, where all loads are met from the
//! cheapest blocks of the generators' offers and every accepted MWh is paid the same price.
//!
//! ```text
//! min   Σ c_k p_k + c_cap u          p_k of block k, u of demand that is not met, MW
//! s.t.  Σ p_k + u = D                ↔ λ, the price in $/MWh
//!       0 ≤ p_k ≤ width of block k,  0 ≤ u ≤ D
//! ```
//! Where the demand ends between two blocks every λ from the one's price to the other's clears the market; the
//! rule is the last accepted block's. `docs/ADDING_A_MECHANISM.md` walks through it.

use serde::{Deserialize, Serialize};
use tandem::case::{Case, Generator, Problem};
use tandem::inputs::{Fields, Section, section};
use tandem::market::{Context, Contract, Failure, View, run, shared::offers::sloped};
use tandem::opt::{Certificate, Duals, Model, certify, lp_file};
use tandem::report::plots::{axis, bars, by_clock, quantity};
use tandem::report::{Report, Role, plain};

/// The question. In the project it stands in `params.rs`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UniformPriceAuction {
    /// Price of energy that nobody offers, $/MWh.
    pub cap_usd_per_mwh: f64,
}

impl Default for UniformPriceAuction {
    fn default() -> Self {
        UniformPriceAuction {
            cap_usd_per_mwh: 1000.0,
        }
    }
}

/// A block of an offer: whose, how much, at what price, and how much of it is accepted.
pub struct Offered {
    id: String,
    width_mw: f64,
    usd_per_mwh: f64,
    accepted_mw: f64,
}

/// Every number that the report shows. In the project: `outcome.rs`.
pub struct Outcome {
    /// By rising price.
    offers: Vec<Offered>,
    unserved_mw: f64,
    /// By the rule, and the greatest price that clears the market, $/MWh.
    price: f64,
    greatest: f64,
    certificate: Certificate,
}

/// The offers of a case by rising price, and its demand in MW. In the project: `model/`.
fn offers(case: &Case) -> (Vec<Offered>, f64) {
    let mut list = Vec::new();
    for generator in &case.generators {
        list.extend(generator.offer.iter().map(|block| Offered {
            id: generator.id.clone(),
            width_mw: block.p_mw,
            usd_per_mwh: block.usd_per_mwh,
            accepted_mw: 0.0,
        }));
    }
    list.sort_by(|a, b| a.usd_per_mwh.total_cmp(&b.usd_per_mwh));
    (list, case.loads.iter().map(|load| load.p_mw).sum())
}

/// The program as written, for its certificate and the LP file.
fn program(offers: &[Offered], demand_mw: f64, cap: f64) -> Model {
    let mut model = Model::new("uniform-price auction");
    let mut balance = Vec::new();
    for (k, o) in offers.iter().enumerate() {
        let name = format!("p[{}.{k}]", o.id);
        balance.push((model.var(name, 0.0, o.width_mw, o.usd_per_mwh), 1.0));
    }
    balance.push((model.var("unserved", 0.0, demand_mw, cap), 1.0));
    model.row("balance", balance, demand_mw, demand_mw);
    model
}

/// Fills the demand by merit order. In the project: `solve.rs`.
fn clear(case: &Case, cap: f64) -> Outcome {
    let (mut offers, demand_mw) = offers(case);
    let (mut left, mut price, mut greatest) = (demand_mw, 0.0, cap);
    for offer in &mut offers {
        offer.accepted_mw = offer.width_mw.min(left);
        left -= offer.accepted_mw;
        if offer.accepted_mw > 0.0 {
            price = offer.usd_per_mwh;
        }
        if offer.accepted_mw < offer.width_mw {
            greatest = offer.usd_per_mwh.min(greatest);
        }
    }
    let price = if left > 0.0 { cap } else { price };
    let model = program(&offers, demand_mw, cap);
    let x: Vec<f64> = offers.iter().map(|o| o.accepted_mw).chain([left]).collect();
    let duals = Duals {
        rows: vec![price],
        reduced: model.vars().iter().map(|v| v.cost - price).collect(),
        cones: Vec::new(),
        unique: false,
    };
    Outcome {
        certificate: certify("auction", &model, &x, Some(&duals)),
        unserved_mw: left,
        greatest: greatest.max(price),
        price,
        offers,
    }
}

/// Words, numbers, chart and ledger. In the project: `report/`.
fn write(outcome: &Outcome) -> Report {
    let mut report = Report {
        headline: format!("The auction clears at {} $/MWh", plain(outcome.price, 2)),
        certificates: vec![outcome.certificate.clone()],
        ..Report::default()
    };
    for (id, name, value, unit) in [
        ("price", "Price", outcome.price, "$/MWh"),
        ("price_high", "Greatest price", outcome.greatest, "$/MWh"),
        ("unserved", "Demand not met", outcome.unserved_mw, "MW"),
    ] {
        let number = quantity(id.into(), name.into(), value, unit, "");
        report.summary.push(number);
    }
    let (mut labels, mut series) = (Vec::new(), Vec::new());
    for (k, o) in outcome.offers.iter().enumerate() {
        let paid = o.accepted_mw * outcome.price;
        report.ledger.pay("loads", &o.id, "energy", paid);
        let (id, name) = (format!("accepted:{k}"), o.id.clone());
        labels.push(name.clone());
        series.push(id.clone());
        report
            .series
            .push(by_clock(id, name, "MW", vec![o.accepted_mw]));
    }
    let (y, says) = (axis("accepted", "MW", true), "Blocks by rising price.");
    let chart = bars(
        "accepted",
        "Accepted",
        y,
        Role::Generator,
        (labels, series),
        says,
    );
    report.charts.push(chart);
    report
}

impl Contract for UniformPriceAuction {
    const KIND: &'static str = "uniform_price_auction";
    type Outcome = Outcome;
    type Prepared = ();

    fn inputs(&self, fields: &Fields, _case: &Case) -> Vec<Section> {
        let cap = fields
            .field("mechanism.cap_usd_per_mwh", "Price cap", "$/MWh")
            .range(0.0, 3000.0, 10.0)
            .allowed(0.0, 1e6);
        vec![section("Auction", true, vec![cap])]
    }

    fn physics(&self) -> Vec<&'static str> {
        vec!["The auction sees no network: no lines, no losses, no voltages."]
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        let of = |g: &Generator| sloped(&format!("case.generators.{}", g.id), &g.offer);
        let rising = case.generators.iter().filter_map(of);
        let rising = rising.map(|field| Problem::error(field, "Give the block one price."));
        let none = || Problem::error("case.loads", "There is no load. Add one.");
        rising.chain(case.loads.is_empty().then(none)).collect()
    }

    fn solve(&self, case: &Case, _context: &Context<Self>) -> Result<Outcome, Failure> {
        Ok(clear(case, self.cap_usd_per_mwh))
    }

    fn report(&self, _case: &Case, outcome: &Outcome, _view: &View) -> Report {
        write(outcome)
    }

    fn lp_file(&self, case: &Case, _step: usize) -> Result<String, Failure> {
        let (offers, demand_mw) = offers(case);
        let program = program(&offers, demand_mw, self.cap_usd_per_mwh);
        Ok(lp_file::write(&program))
    }
}

fn main() {
    let case = tandem::case::builtin("zuo-4node").expect("built in");
    let report = run(&case, &UniformPriceAuction::default());
    println!("{:?}", report.map(|report| report.headline));
}
