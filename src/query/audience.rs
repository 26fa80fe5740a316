//! Who reads what is stored.

/// Who an answer is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Operators, who run the commands: they see every hut.
    #[default]
    Operators,
    /// Everyone who reads over HTTP: huts that are not public do not exist for them.
    Public,
}
