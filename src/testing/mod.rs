//! What the tests beside the code share.

pub(crate) mod changes;
pub(crate) mod feeders;
pub(crate) mod near;
