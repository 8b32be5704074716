//! Instance K33 against the numbers of the model notes, which come from an independent prototype.

use tandem::case::builtin;
use tandem::market::bsp_bidding::clear::{Bids, clear};
use tandem::market::bsp_bidding::strategy::answer;
use tandem::market::bsp_bidding::system::System;
use tandem::market::bsp_bidding::{BspBidding, Method};

fn k33() -> System {
    System::new(&builtin("khojasteh-k33").unwrap()).unwrap()
}

#[test]
fn probe() {
    let system = k33();
    let params = BspBidding::default();
    let mut cost = 0.0;
    let mut payment = 0.0;
    let (mut tso_cost, mut over) = (0.0, 0.0);
    for (t, hour) in system.hours.iter().enumerate() {
        let bids = Bids::truthful(hour);
        let cleared = clear(hour, &bids).unwrap();
        cost += cleared.objective(hour, &bids);
        let net = cleared.net_mw();
        payment += net
            .iter()
            .zip(&cleared.dlmp)
            .map(|(a, p)| a * p)
            .sum::<f64>()
            + hour.tso_up * cleared.tso_up_mw
            - hour.tso_down * cleared.tso_down_mw;
        let d = hour.imbalance_mw;
        tso_cost += if d > 0.0 {
            d * hour.tso_up
        } else {
            d * hour.tso_down
        };
        over += hour.overload_mw(&vec![0.0; 4]);
        println!(
            "{} limits {:?}",
            t + 1,
            hour.limits
                .iter()
                .map(|l| (&l.name, l.h_mw))
                .collect::<Vec<_>>()
        );
    }
    println!("cost {cost} payment {payment} tso {tso_cost} over {over}");
    for method in [Method::Enumeration, Method::Branching, Method::Milp] {
        let began = std::time::Instant::now();
        let mut all = Vec::new();
        for hour in &system.hours {
            all.push(
                answer(
                    hour,
                    &Bids::truthful(hour),
                    &system.owned(0),
                    &params,
                    method,
                )
                .unwrap(),
            );
        }
        println!("{method:?} {:?}", began.elapsed());
        for (t, a) in all.iter().enumerate() {
            println!(
                "{} {:.4} bound {:.4} enum {:.4} nodes {} tried {} diff {:.1e} room {:.3} cert {}",
                t + 1,
                a.profit,
                a.bound,
                a.enumerated,
                a.nodes,
                a.tried,
                a.resolved_difference,
                a.room_to_big_m,
                a.certificate.certified
            );
        }
        println!("sum {}", all.iter().map(|a| a.profit).sum::<f64>());
    }
}
