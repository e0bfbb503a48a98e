//! The registry: who registers, who gives and takes roles, who suspends, and what anybody may ask.
//!
//! What cannot be provoked is left out: `Corrupted`, and the statuses `Pending` and `Left`, which no message sets yet.

mod events;
mod queries;
mod register;
mod register_many;
mod roles;
mod standing;

use amanah_domain::roles::{Role, Roles};

/// The set of these roles.
fn set(roles: &[Role]) -> Roles {
    Roles::of(roles).expect("these roles exist")
}
