//! A feeder a thousand times as large is the same feeder in other units.

use crate::testing::changes::value;
use crate::testing::near::near;
use tandem::report::Report;
use tandem::scenario::{Document, Scenario, gallery, set};
use tandem::session::Session;

/// The 33-bus feeder with every MW, and every limit, `times` as large, and impedances as many times smaller: what is in p.u.
/// of its own load is the same.
fn report(times: f64, scheme: &str) -> Report {
    let mut scenario: Scenario = gallery::scenario("baran-wu-33").unwrap();
    let case = &mut scenario.case;
    for feeder in &mut case.feeders {
        for bus in &mut feeder.buses {
            bus.p_load_mw *= times;
            bus.q_load_mvar *= times;
        }
        for line in &mut feeder.lines {
            line.r_ohm /= times;
            line.x_ohm /= times;
        }
    }
    for unit in &mut case.generators {
        unit.max_p_mw *= times;
        unit.offer.iter_mut().for_each(|block| block.p_mw *= times);
    }
    if let Some(balancing) = &mut case.balancing {
        let given = balancing
            .schedule
            .iter_mut()
            .chain(&mut balancing.imbalances);
        given
            .flat_map(|it| &mut it.p_mw)
            .for_each(|p_mw| *p_mw *= times);
        let offers = balancing.bids.iter_mut().flat_map(|bid| &mut bid.offers);
        for segment in offers.flat_map(|offer| &mut offer.segments) {
            segment.min_p_mw *= times;
            segment.max_p_mw *= times;
        }
    }
    let mut value = Document::from(scenario).to_value();
    set(&mut value, "mechanism.scheme", scheme).unwrap();
    let mut session = Session::new(Document::from_value(value).unwrap());
    session.solve().unwrap();
    session.report().unwrap().clone()
}

#[test]
fn a_feeder_of_thousands_of_megawatts_is_cleared_as_one_of_some() {
    for scheme in ["common", "rsf"] {
        let (small, large) = (report(1.0, scheme), report(1000.0, scheme));
        near(
            scheme,
            value(&large, "cost") / 1000.0,
            value(&small, "cost"),
            1e-3,
        );
        assert!(large.certificates.iter().all(|c| c.certified), "{scheme}");
    }
}
