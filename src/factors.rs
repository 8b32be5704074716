//! Shift factors and outage factors of the transmission network of a case, as tables.
//!
//! ```text
//! PTDF_li   MW on branch l, from → to, of 1 MW put in at bus i and taken out at the reference
//! LODF_lk   MW on branch l of each MW that branch k carried before its outage
//! ```

use crate::case::{Case, Problem, Subject, SubjectKind, text::nearest};
use crate::network::{After, Loaded, Network, Reference};
use crate::report::{Cell, Column, Filled, Table, column, filled, number, table, text};

/// The tables of both, branches in rows: PTDF by bus, LODF by the branch that is out, empty where its outage splits
/// the network. Without `reference`, a bus, that is where the load is, in proportion to it.
///
/// # Errors
/// A case without a network, or a reference that is no bus.
pub fn tables(case: &Case, reference: Option<&str>) -> Result<[Table; 2], Vec<Problem>> {
    let network = Network::new(case).map_err(|invalid| invalid.0)?;
    let (reference, said) = match reference.filter(|id| !id.is_empty()) {
        None => {
            let by_load = Reference::by_load(case, &network).map_err(|invalid| invalid.0)?;
            (by_load, "the load, in proportion to it".to_owned())
        }
        Some(id) => {
            let bus = network.bus(id).ok_or_else(|| {
                let near = nearest(id, case.buses.iter().map(|bus| bus.id.as_str()));
                let meant = near.map_or(String::new(), |near| format!(" Did you mean {near}?"));
                vec![Problem::error(
                    "reference",
                    format!("There is no bus `{id}`.{meant}"),
                )]
            })?;
            (Reference::Bus(bus), format!("bus {id}"))
        }
    };
    let branches: Vec<&str> = case.branches.iter().map(|b| b.id.as_str()).collect();
    let branch = |id: &str| SubjectKind::Branch.of(id);
    let whole = |id, title, columns: Vec<Column>, rows, note: &str| {
        let subjects = branches.iter().map(|id| branch(id));
        let columns = std::iter::once(column("branch", "")).chain(columns);
        table(id, title, columns.collect(), rows, note).of(subjects)
    };
    let head = |id: &str, subject: Option<Subject>| column(id, "").of(subject);
    let row = |l: usize, values: &mut dyn Iterator<Item = f64>| -> Vec<Cell> {
        std::iter::once(text(branches[l]))
            .chain(values.map(number))
            .collect()
    };
    let buses = case.buses.iter().map(|bus| bus.id.as_str());
    let ptdf = (0..branches.len()).map(|l| {
        let factors = network.ptdf_row(l, &reference);
        row(l, &mut factors.into_iter())
    });
    let lodf = network.lodf();
    let outages = (0..branches.len()).map(|l| row(l, &mut lodf.row(l).iter().copied()));
    Ok([
        whole(
            "ptdf",
            "Shift factors (PTDF)",
            buses.map(|id| head(id, SubjectKind::Bus.of(id))).collect(),
            ptdf.collect(),
            &format!(
                "MW on the branch, in its direction, of each MW put in at the bus and taken out at {said}."
            ),
        ),
        whole(
            "lodf",
            "Outage factors (LODF)",
            branches.iter().map(|id| head(id, branch(id))).collect(),
            outages.collect(),
            "MW on the branch of the row of each MW that the branch of the column carried before its outage; empty where \
             that would split the network.",
        ),
    ])
}

/// What the loss of each branch in service would do to flows (MW, by branch of the case), injections as they are: a row
/// each, with the branch that is then loaded most against its limit.
///
/// # Errors
/// A case without a network.
pub fn outages(case: &Case, flows_mw: &[f64]) -> Result<Table, Vec<Problem>> {
    let network = Network::new(case).map_err(|invalid| invalid.0)?;
    let limits: Vec<Option<f64>> = case.branches.iter().map(|b| b.max_p_mw).collect();
    let after = network.after_each(&limits, &[flows_mw]);
    let id = |branch: usize| case.branches[branch].id.as_str();
    let worst = |a: &After, cell: &dyn Fn(Loaded) -> Cell| a.worst.map_or(Cell::Empty, cell);
    let limit = |l: Loaded| limits[l.branch].unwrap_or(f64::NAN);
    let columns: [Filled<&After>; 6] = [
        ("lost", "", &|a| text(id(a.branch))),
        ("splits the network", "", &|a| {
            text(if a.splits { "yes" } else { "no" })
        }),
        ("most loaded then", "", &|a| {
            worst(a, &|l| text(id(l.branch)))
        }),
        ("flow then", "MW", &|a| worst(a, &|l| number(l.flow_mw))),
        ("limit", "MW", &|a| worst(a, &|l| number(limit(l)))),
        ("over the limit", "MW", &|a| {
            worst(a, &|l| number((l.flow_mw.abs() - limit(l)).max(0.0)))
        }),
    ];
    let note = "Flows after the loss of a line by outage factors (LODF), with every output as it is. Empty where the loss splits the network or no other line has a limit.";
    let title = "What the loss of each line would do";
    Ok(filled("outages", title, &after, &columns, note)
        .of(after.iter().map(|a| SubjectKind::Branch.of(id(a.branch)))))
}
