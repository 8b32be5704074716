//! The mechanism of `docs/ADDING_A_MECHANISM.md` is what it says: a mechanism like the others.

#[path = "../examples/uniform_price_auction.rs"]
#[allow(dead_code)]
mod auction;

use auction::UniformPriceAuction;
use tandem::case::{Block, Bus, Case, Generator, Load};
use tandem::chart::{View, draw};
use tandem::inputs::{Fields, problems};
use tandem::market::{Contract, run};

/// Two blocks of 10 MW at 20 and 40 $/MWh, and a load.
fn case(p_mw: f64) -> Case {
    let block = |usd_per_mwh: f64| Block::flat(10.0, usd_per_mwh);
    Case {
        buses: vec![Bus::new("1")],
        generators: vec![Generator {
            id: "G".into(),
            bus: "1".into(),
            min_p_mw: 0.0,
            max_p_mw: 20.0,
            offer: vec![block(20.0), block(40.0)],
            no_load_usd_per_h: 0.0,
            ramp_mw_per_min: None,
        }],
        loads: vec![Load {
            id: "L".into(),
            bus: "1".into(),
            p_mw,
            q_mvar: 0.0,
        }],
        ..Case::default()
    }
}

/// By hand: price, the interval of prices that clear, what is not met, what the generator is paid for an hour.
#[test]
fn the_auction_clears_as_by_hand() {
    for (load, price, high, unserved, paid) in [
        (5.0, 20.0, 20.0, 0.0, 100.0),
        (10.0, 20.0, 40.0, 0.0, 200.0),
        (15.0, 40.0, 40.0, 0.0, 600.0),
        (20.0, 40.0, 1000.0, 0.0, 800.0),
        (25.0, 1000.0, 1000.0, 5.0, 20_000.0),
    ] {
        let report = run(&case(load), &UniformPriceAuction::default()).unwrap();
        for (id, expected) in [
            ("price", price),
            ("price_high", high),
            ("unserved", unserved),
        ] {
            let ours = report.quantity(id).unwrap().value;
            assert_eq!(ours, Some(expected), "{load} MW: {id}");
        }
        assert_eq!(report.ledger.net_usd("G"), paid, "{load} MW");
        assert!(report.certificates[0].certified, "{load} MW");
        draw(&report, "accepted", &View::default()).unwrap();
    }
}

#[test]
fn its_inputs_are_checked_and_its_program_written() {
    let case = case(15.0);
    let question = UniformPriceAuction {
        cap_usd_per_mwh: -1.0,
    };
    let wrong = problems(&question.inputs(&Fields::of(&question), &case), &[]);
    assert_eq!(wrong[0].field, "mechanism.cap_usd_per_mwh");
    let lp = UniformPriceAuction::default().lp_file(&case, 1).unwrap();
    assert!(lp.contains("balance") && lp.contains("unserved"), "{lp}");
    let lines = include_str!("../examples/uniform_price_auction.rs").lines();
    assert!(lines.count() < 200);
}
