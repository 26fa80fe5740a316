//! The pages in a real browser.

mod finds_problems;
