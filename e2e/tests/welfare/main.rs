//! The welfare contract on the embedded chain: what each message does, and each refusal that can be provoked. One module a
//! subject; a state machine goes through everything at random.

mod applying;
mod common;
mod costs;
mod credits;
mod deciding;
mod documents;
mod duplicates;
mod employers;
mod events;
mod machine;
mod model;
mod pausing;
mod paying;
mod premiums;
mod queries;
mod recertifying;
mod replay;
mod samples;
mod schemes;
mod signed;
mod standing;
mod steps;
mod supervision;
mod unavailable;
mod vouchers;
