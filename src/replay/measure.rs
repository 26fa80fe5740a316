//! Sums of nights, alone and weighted by their interest.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

/// A number of nights, and their interest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Truth {
    pub nights: f64,
    pub interest: f64,
}

impl Add for Truth {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { nights: self.nights + other.nights, interest: self.interest + other.interest }
    }
}

impl Sub for Truth {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other * -1.0
    }
}

impl Mul<f64> for Truth {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self { nights: self.nights * factor, interest: self.interest * factor }
    }
}

impl AddAssign for Truth {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Truth {
    fn sum<I: Iterator<Item = Self>>(truths: I) -> Self {
        truths.fold(Self::default(), Add::add)
    }
}
