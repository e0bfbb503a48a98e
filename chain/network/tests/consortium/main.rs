//! What a consortium's chain promises, shown by real processes: four validators and an observer on loopback.

mod availability;
mod forgery;
mod governance;
mod kit;
mod shop;
