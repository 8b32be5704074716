//! Payments as a ledger.

use crate::report::{Entry, Ledger};

use super::super::model::settlement::{Item, Payments};

pub fn ledger(payments: &Payments) -> Ledger {
    let entries = payments.entries.iter().map(|payment| Entry {
        payer: payment.payer.clone(),
        payee: payment.payee.clone(),
        item: match payment.item {
            Item::ActivatedEnergy => "activated energy",
            Item::Imbalance => "imbalance",
            Item::InterfaceEnergy => "interface energy",
        }
        .into(),
        amount_usd: payment.amount_usd,
    });
    Ledger {
        entries: entries.collect(),
    }
}
