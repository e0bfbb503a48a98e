//! The registry: who registers and applies, who gives and takes roles, who suspends, who gets another account or key, and
//! what anybody may ask.
//!
//! What cannot be provoked is left out: `Corrupted`.

mod administrator;
mod applications;
mod blacklist;
mod custom_roles;
mod events;
mod identities;
mod keys;
mod last_holder;
mod lists;
mod queries;
mod rebinding;
mod register;
mod register_many;
mod roles;
mod standing;

use amanah_domain::roles::{Role, Roles};

/// The set of these roles.
fn set(roles: &[Role]) -> Roles {
    Roles::of(roles).expect("these roles exist")
}
