//! Compares the answers of two services that speak the API of the Wodore backend: this one, and the one that it
//! replaces.
//!
//! Deciding is pure: which questions to ask ([`question`]), how two answers differ ([`answers`], [`days`]), and which
//! differences are known ([`reason`]). [`client`] asks, [`run`] does one after the other, [`summary`] counts.

pub mod answers;
pub mod client;
pub mod days;
pub mod difference;
pub mod question;
pub mod reason;
pub mod run;
pub mod summary;
