//! Random numbers that depend on nothing but a key.

/// A key of random numbers. The same key gives the same numbers, as long as fastrand keeps its algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Key(u64);

impl Key {
    pub fn new(seed: u64) -> Self {
        // Without this, a hut of one seed would have the key of another hut of another seed.
        Self(seed).part(0)
    }

    /// The key of a part, such as a date of a hut.
    pub fn part(self, part: u64) -> Self {
        // Inverted, so that the key of a part is not the first of `numbers`, which begin with the same value.
        Self(fastrand::Rng::with_seed(!self.0 ^ part).u64(..))
    }

    /// The key of a part that has a name.
    pub fn named_part(self, name: &str) -> Self {
        name.bytes().fold(self, |key, byte| key.part(byte.into()))
    }

    /// The numbers of this key.
    pub fn numbers(self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.0)
    }
}
