//! Lending over time and crowdfunding, on the embedded chain: what each message does, and each refusal that can be provoked.
//! One module a subject; two state machines go through everything at random.

mod borrowing_again;
mod campaigns_machine;
mod campaigns_model;
mod campaigns_steps;
mod claiming;
mod common;
mod credits;
mod deciding;
mod investing;
mod lateness;
mod loans_machine;
mod loans_model;
mod loans_steps;
mod losses;
mod machine;
mod one_loan;
mod opening;
mod pauses;
mod queries;
mod refunding;
mod repaying;
mod replay;
mod rescheduling;
mod signatures;
mod subsidies;
mod unavailable;
