//! What is run, by the names of the papers, and who must know what for it.

/// Scheme, name, knowledge.
pub const SCHEMES: [(&str, &str, &str); 8] = [
    (
        "rsf",
        "common market by residual supply functions",
        "DSO: its bids and network; TSO: one curve of the feeder",
    ),
    (
        "common",
        "common market in one program",
        "one operator: all bids and both networks",
    ),
    (
        "centralised_as",
        "centralised market without feeder limits",
        "TSO: all bids, not the feeder",
    ),
    (
        "local_as",
        "local market first",
        "DSO: its bids and network; TSO: the bids that are left, not the feeder",
    ),
    (
        "sequential_filtered",
        "local market first, bids filtered",
        "DSO: its bids and network, and which bids it may pass on; TSO: those",
    ),
    (
        "shared_balancing",
        "shared balancing responsibility",
        "each operator: its own bids and network",
    ),
    (
        "no_dso_bids",
        "no distribution bids",
        "TSO: its own bids; the feeder's need",
    ),
    (
        "integrated",
        "integrated flexibility market",
        "one operator: all bids and both networks",
    ),
];

/// Method, name, knowledge, its id in the dispatch.
pub const METHODS: [(&str, &str, &str, &str); 3] = [
    (
        "fixed_factors",
        "aggregator with fixed factors",
        "ISO: one bid and assumed shares of it; aggregator: its DERs",
        "distribution_factors",
    ),
    (
        "union_jack",
        "aggregator, Union Jack",
        "aggregator: its DERs and the line; ISO: one bid over two flows, by its corners",
        "union_jack",
    ),
    (
        "exact_curve",
        "aggregator, exact curve",
        "aggregator: its DERs and the line; ISO: one bid over two flows",
        "exact_curve",
    ),
];

/// Behaviour, name, knowledge, its id as an outcome.
pub const BEHAVIOURS: [(&str, &str, &str, &str); 2] = [
    (
        "dso_first",
        "DSO first, true bids",
        "DSO: its bids and network; TSO: what the DSO forwards as safe",
        "truthful",
    ),
    (
        "dso_first_strategic",
        "DSO first, one strategic bidder",
        "as with true bids; the bidder: all other bids and the network",
        "strategic",
    ),
];

pub const BARGAIN: &str =
    "both operators: what each would pay alone and what the common dispatch costs each";
pub const COMMUNITY: &str = "market: the bids of all, no network";
