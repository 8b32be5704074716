//! What scenarios are read with.

mod beside;
mod gallery;
mod gallery_menu;
mod link;
