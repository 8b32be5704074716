//! What holds in the market shown, hour by hour: limits that are full, bids that are marginal.

use crate::market::View;
use crate::network::distflow_rows::Of;
use crate::report::{Facts, Holds, amount};

use super::super::explain::{held, shown};
use super::super::model::held::Held;
use super::super::model::system::LEAST_MW;
use super::super::outcome::Outcome;
use super::super::params::Behaviour;

/// On the cone an interior point is this near to a limit that holds it, relative to 1.
const AT_LIMIT: f64 = 1e-5;

/// Of the day that a view shows.
pub fn facts(outcome: &Outcome, view: &View) -> Facts {
    let variant = shown(outcome, view);
    let hours = outcome.system.hours.len();
    let mut facts = Facts {
        noun: "hour",
        steps: hours,
        list: Vec::new(),
    };
    for t in 0..hours {
        let held = held(outcome, variant, t);
        if variant.day.behaviour != Behaviour::TsoOnly {
            of_limits(&mut facts, &held, (&variant.feeder.v_pu, t));
        }
        for (k, id) in held.system.resources.iter().enumerate() {
            for up in [true, false] {
                let (bid, most, taken) = held.side(up, k);
                if taken > LEAST_MW && taken < most - LEAST_MW {
                    let at = amount(bid, "$/MWh");
                    facts.note(Holds::Marginal, (id, &at), t + 1);
                }
            }
        }
        let (hour, cleared) = (&held.hour, held.cleared);
        for (taken, price) in [
            (cleared.tso_up_mw, hour.tso_up),
            (cleared.tso_down_mw, hour.tso_down),
        ] {
            if taken > LEAST_MW {
                let at = amount(price, "$/MWh");
                facts.note(Holds::Marginal, ("the TSO", &at), t + 1);
            }
        }
    }
    facts
}

fn of_limits(facts: &mut Facts, held: &Held, (v_pu, t): (&[Vec<f64>], usize)) {
    let system = held.system;
    let net = held.cleared.net_mw();
    let mut full = |of: Of| match of {
        Of::Line(line) => {
            let name = format!("line {}", system.feeder.lines[line].id);
            facts.note(Holds::Full, (&name, ""), t + 1);
        }
        Of::Boundary => facts.note(Holds::Full, ("boundary", ""), t + 1),
        Of::Voltage(j) => {
            let id = &system.feeder.buses[j].id;
            let said = format!("the voltage at bus {id} is at its limit");
            facts.note(Holds::So, (&said, ""), t + 1);
        }
    };
    let Some(flow) = &held.cleared.flow else {
        for (limit, over) in held.hour.limits.iter().zip(&held.cleared.over_mw) {
            if limit.h_mw + over - limit.value(&net) <= LEAST_MW {
                full(limit.of);
            }
        }
        return;
    };
    let near = |value: f64, limit: f64| value >= limit - AT_LIMIT;
    for (j, above) in system.tree.above.iter().enumerate() {
        let bus = &system.feeder.buses[j];
        let v = v_pu[j][t];
        if j != system.tree.root && (near(v, bus.max_v_pu) || near(-v, -bus.min_v_pu)) {
            full(Of::Voltage(j));
        }
        let Some(above) = above else { continue };
        let line = &system.feeder.lines[above.line];
        let p = above.sign * flow.p_mw[j];
        let s = libm::hypot(flow.p_mw[j], flow.q_mvar[j]);
        if line.max_p_mw.is_some_and(|most| near(p, most))
            || line.min_p_mw.is_some_and(|least| near(-p, -least))
            || line.max_s_mva.is_some_and(|most| near(s, most))
        {
            full(Of::Line(above.line));
        }
    }
    let import = flow.p_mw[system.tree.root].abs();
    if system
        .max_exchange_mw
        .is_some_and(|most| near(import, most))
    {
        full(Of::Boundary);
    }
}
