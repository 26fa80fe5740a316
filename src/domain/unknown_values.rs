//! Pure: counts the values of a site that the program does not know.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::text::clean::one_line;

/// Characters of a value that are kept.
const MAX_VALUE_LEN: usize = 60;

/// Different values that are kept. Beyond them only the number is counted, under the name `…`, because an answer
/// may hold a different text on each date.
const MAX_VALUES: usize = 20;

/// The values that a site gave in its fields and that the program does not know, with their counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownValues(BTreeMap<(String, String), usize>);

/// A value of a field that the program does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownValue {
    /// The field's name at the site.
    pub field: String,
    pub value: String,
    /// The number of dates with this value.
    pub count: usize,
}

impl UnknownValues {
    /// Counts a value of a field once more.
    pub fn add(&mut self, field: &str, value: &str) {
        self.add_count(field, &one_line(value, MAX_VALUE_LEN), 1);
    }

    /// Adds the counts of another answer.
    pub fn append(&mut self, other: &Self) {
        for ((field, value), count) in &other.0 {
            self.add_count(field, value, *count);
        }
    }

    fn add_count(&mut self, field: &str, value: &str, count: usize) {
        let mut key = (field.to_owned(), value.to_owned());
        if self.0.len() >= MAX_VALUES && !self.0.contains_key(&key) {
            key.1 = "…".to_owned();
        }
        *self.0.entry(key).or_default() += count;
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values, sorted by field and value.
    pub fn iter(&self) -> impl Iterator<Item = UnknownValue> + '_ {
        self.0.iter().map(|((field, value), count)| UnknownValue {
            field: field.clone(),
            value: value.clone(),
            count: *count,
        })
    }
}

impl Serialize for UnknownValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_their_number_is_limited() {
        let mut values = UnknownValues::default();
        (0..100).for_each(|day| values.add("percentage", &format!("A{}", day % 50)));
        values.add("percentage", "A0");
        let mut all = values.clone();
        all.append(&values);
        let kept: Vec<_> = all.iter().collect();
        assert_eq!(kept.len(), MAX_VALUES + 1);
        assert_eq!(kept.iter().map(|value| value.count).sum::<usize>(), 2 * 101);
        assert_eq!((kept[0].value.as_str(), kept[0].count), ("A0", 6));
    }
}
