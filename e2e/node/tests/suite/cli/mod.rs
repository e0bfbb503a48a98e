//! The command line on a node: what it is for, what it does with wrong input, and what it does when things break.

mod deploying;
mod desk;
mod importing;
mod losing_nodes;
mod messages;
mod offices;
mod rolls;
