//! The sweep against hand calculations, made-up functions and plain sampling.

mod markets;
mod plan;
