use std::io::Write;

use clap::{Args, ValueEnum};
use tandem::report::{Proof, Report, Status, Subject, SubjectKind, amount};
use tandem::session::Session;

use super::{Asked, print_json};
use crate::Stop;
use crate::print::print_table;

/// What may be asked of which mechanism.
pub(crate) const BY_MECHANISM: &str = "What may be asked of a mechanism:
  rt_sced          bus (LMP), line (shadow price), party (a unit, an aggregator);
                   nothing of Union Jack bids
  residual_supply  bus, boundary, zone, party (a bid)
  community        party (a community)
  bargaining       party (a player: its payment)
  bsp_bidding      bus (DLMP), boundary, line of the feeder (shadow price), party (a resource);
                   of the bids that --set view.outcome=truthful, strategic, own or tso_only shows
  power_flow       nothing: it has no prices";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// What has the number.
    #[arg(value_enum)]
    kind: Kind,
    /// Its id in the case.
    id: String,
    /// Step of the clock, from 1.
    #[arg(long, default_value_t = 1)]
    interval: usize,
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// The price there.
    Bus,
    /// Its shadow price.
    Line,
    /// A unit, an aggregator, a player: its price, or its payment.
    Party,
    /// The price where a feeder meets transmission.
    Boundary,
    /// The price of a zone.
    Zone,
}

impl Kind {
    fn subject(self) -> SubjectKind {
        match self {
            Kind::Bus => SubjectKind::Bus,
            Kind::Line => SubjectKind::Branch,
            Kind::Party => SubjectKind::Party,
            Kind::Boundary => SubjectKind::Boundary,
            Kind::Zone => SubjectKind::Zone,
        }
    }
}

pub(super) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let mut session = Session::new(arguments.asked.open()?);
    session.solve()?;
    let subject = Subject {
        kind: arguments.kind.subject(),
        id: arguments.id.clone(),
    };
    let explained = session.explain(&subject, arguments.interval)?;
    if arguments.json {
        print_json(&explained, out)?;
        return Ok(Status::Solved);
    }
    let explained = explained.read(&session.units());
    writeln!(out, "{}", explained.headline)?;
    if explained.parts.len() > 1 {
        writeln!(out)?;
        for part in &explained.parts {
            let value = amount(part.value, &explained.unit);
            writeln!(out, "  {value:>16}  {}", part.name)?;
        }
        writeln!(out)?;
    }
    for sentence in &explained.sentences {
        writeln!(out, "{sentence}")?;
    }
    for proof in &explained.proofs {
        let Proof { name, unit, .. } = proof;
        let (predicted, solved) = (amount(proof.predicted, unit), amount(proof.solved, unit));
        writeln!(out, "Proof: {name}: predicted {predicted}, found {solved}.")?;
    }
    for table in &explained.tables {
        writeln!(out)?;
        print_table(&Report::default(), table, out)?;
    }
    Ok(Status::Solved)
}
