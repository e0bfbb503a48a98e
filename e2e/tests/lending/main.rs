//! Lending over time and crowdfunding, on the embedded chain: what each message does, and each refusal that can be provoked.
//! One module a subject; two state machines go through everything at random.

mod borrowing_again;
mod common;
mod credits;
mod lateness;
mod losses;
mod pauses;
mod queries;
mod repaying;
mod rescheduling;
mod subsidies;
