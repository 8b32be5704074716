use tandem::case;
use tandem::flow::feeder::Physics;
use tandem::market::bargaining::operation::plan;
use tandem::market::bargaining::roll;
use tandem::market::bargaining::system::System;

#[test]
fn the_published_day() {
    let case = case::builtin("wang-14bus").unwrap();
    let system = System::new(&case).unwrap();
    let plan = plan(&system, Physics::BranchFlow).unwrap();
    for m in 0..2 {
        let (d, c) = roll::on_its_own(&system, &plan, Physics::BranchFlow, m).unwrap();
        println!("unused {:?}", d.unused_mw);
        println!(
            "Unon {:?} gap {:e} {}",
            [d.utility_usd[0], d.utility_usd[15], d.utility_usd[23]],
            d.cone_gap,
            c[15].gap
        );
    }
}
