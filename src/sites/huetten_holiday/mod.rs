//! huetten-holiday.com (`huetten-holiday`).

pub mod address;
pub mod cabins;
pub mod month;
pub mod shared_token;
pub mod site;
