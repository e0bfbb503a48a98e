//! The stories of `amanah demo`.

mod import;
mod people;
mod stage;
pub mod voucher;
