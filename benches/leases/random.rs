//! Pseudo-random numbers, the same every time (splitmix64).

pub struct Random(pub u64);

impl Random {
    /// A number from 0 to below `end`, or 0 if `end` is not positive.
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31))
            .cast_signed()
            .unsigned_abs()
            .rem_euclid(end.max(1).unsigned_abs())
            .cast_signed()
    }
}
