//! Where the site is.

pub const BASE_URL: &str = "https://www.huetten-holiday.com";
