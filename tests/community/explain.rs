//! Prices of communities explained: the report's numbers, parts that add up, the next kWh by hand, and its proof.

use tandem::market::View;
use tandem::market::community::bid::{Bid, Step};
use tandem::market::community::clearing::Supply;
use tandem::market::community::marginal::{Side, Who, sides};
use tandem::report::{Cell, Explained, Report, SubjectKind};
use tandem::scenario::gallery;
use tandem::session::Session;

use super::IDS;

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

fn ask(session: &Session, id: &str, step: usize) -> Result<Explained, String> {
    let asked = session.explain(&SubjectKind::Party.of(id).unwrap(), step);
    asked.map_err(|why| why.iter().map(ToString::to_string).collect())
}

/// Communities of a report with the price of each that is shown.
fn prices(report: &Report) -> Vec<(String, Vec<f64>)> {
    let one = report.series("price").map(|s| s.values.clone());
    let members = report.series.iter().filter_map(|s| s.id.strip_prefix("q:"));
    let of = |id: &str| {
        let own = report.series(&format!("price:{id}"));
        own.map(|s| s.values.clone()).or_else(|| one.clone())
    };
    members
        .filter_map(|id| Some((id.to_string(), of(id)?)))
        .collect()
}

#[test]
fn every_price_of_every_preset_adds_up_and_is_proved() {
    let (mut count, mut parted, mut refused) = (0, 0, Vec::new());
    for id in IDS {
        let mut session = Session::new(gallery::document(id).unwrap());
        session.solve().unwrap();
        let report = session.report().unwrap();
        for (k, (member, values)) in prices(&report).into_iter().enumerate() {
            // Every interval is asked of somebody, those whose prices part of all.
            let parts = report.series(&format!("price:{member}")).is_some();
            for (t, &value) in values.iter().enumerate() {
                let mean = report.series("price").unwrap().values[t];
                let apart = parts && !near(value, mean, 1e-12);
                if t % 24 != k % 24 && !apart {
                    continue;
                }
                let what = format!("{id} {member} {}", t + 1);
                match ask(&session, &member, t + 1) {
                    Err(why) => refused.push(format!("{what}: {why}")),
                    Ok(one) => {
                        assert!(near(one.value, value, 1e-9), "{what}: {value}, {one:?}");
                        let sum: f64 = one.parts.iter().map(|part| part.value).sum();
                        assert!(near(sum, value, 1e-9), "{what}: {sum}, {one:?}");
                        for proof in &one.proofs {
                            assert!(
                                near(proof.solved, proof.predicted, 1e-7),
                                "{what}: {proof:?}"
                            );
                        }
                        count += 1;
                        parted += usize::from(apart);
                    }
                }
            }
        }
    }
    assert_eq!(refused, Vec::<String>::new());
    assert!(count > 300 && parted > 5, "{count}, {parted}");
}

/// What the explanation adds up from prices and quantities is the bill that the days kept: two ways to the same money.
#[test]
fn settlements_add_up_to_the_bills() {
    let mut compared = 0;
    for id in IDS {
        let mut session = Session::new(gallery::document(id).unwrap());
        session.solve().unwrap();
        session
            .look(View {
                outcome: Some("transactive".into()),
                ..session.view().clone()
            })
            .unwrap();
        let report = session.report().unwrap();
        let Some(bills) = report.tables.iter().find(|t| t.id == "bills") else {
            continue;
        };
        let paid = bills.columns.iter().position(|c| c.name == "paid").unwrap();
        for row in &bills.rows {
            let Cell::Text(member) = &row[0] else {
                panic!("{row:?}")
            };
            let Cell::Number(bill) = row[paid] else {
                panic!("{row:?}")
            };
            let Ok(one) = ask(&session, member, 1) else {
                continue;
            };
            let settled = one.tables.iter().find(|t| t.id == "settlement").unwrap();
            let last = settled.rows.last().unwrap();
            let Cell::Number(sum) = last[2] else {
                panic!("{last:?}")
            };
            assert!(near(sum, bill, 1e-9), "{id} {member}: {sum}, {bill}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

/// By hand: one feeds in 4 kW, one takes up to 4 kW at 8 ¢/kWh, one up to 5 kW at 5 ¢/kWh, the LSE sells at 10. The first
/// taker has the 4 kW: the next kWh is taken from it at 8, the last one goes to the other, who bids 5.
#[test]
fn the_next_kwh_is_taken_from_one_and_the_last_goes_to_another() {
    let step = |width_kw: f64, usd_per_kwh: f64| Bid {
        steps: vec![Step {
            width_kw,
            usd_per_kwh,
        }],
        ..Bid::default()
    };
    let bids = [Bid::fixed(-4.0), step(4.0, 0.08), step(5.0, 0.05)];
    let supply = Supply {
        lse_usd_per_kwh: 0.10,
        capacity_kw: f64::INFINITY,
        cap_usd_per_kwh: 1.0,
    };
    let [next, last] = sides(&bids, &supply).unwrap().map(Option::unwrap);
    let who = |side: &Side| {
        side.movers
            .iter()
            .map(|m| (m.who, m.by))
            .collect::<Vec<_>>()
    };
    assert_eq!(who(&next), [(Who::Member(1), -1.0)]);
    assert_eq!(who(&last), [(Who::Member(2), 1.0)]);
    assert!(near(next.usd_per_kwh, 0.08, 1e-12) && near(last.usd_per_kwh, 0.05, 1e-12));
    assert!(near(next.reach_kw, 4.0, 1e-9) && near(last.reach_kw, 5.0, 1e-9));
}

#[test]
fn what_is_not_there_is_not_explained() {
    let mut session = Session::preset("theisen-interval").unwrap();
    session.solve().unwrap();
    let bus = session
        .explain(&SubjectKind::Bus.of("1").unwrap(), 1)
        .unwrap_err();
    assert!(
        bus[0]
            .to_string()
            .contains("communities are told their price")
    );
    assert!(
        ask(&session, "nobody at all", 1)
            .unwrap_err()
            .contains("there is no community")
    );
    assert!(
        ask(&session, "nobody at all", 2)
            .unwrap_err()
            .contains("there is no interval 2")
    );
}
