//! Large answers as a stream of huts. A year of all huts takes about 70 MB.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde::Serialize;

/// A map of more dates than this is a large answer: at 350 bytes per date, 8 MB for 700 huts.
pub const DAYS_OF_LARGE_MAP: u16 = 31;

/// The start and the end of a GeoJSON feature collection.
pub const FEATURE_COLLECTION: [&str; 2] = [r#"{"type":"FeatureCollection","features":["#, "]}"];

/// The start and the end of an array.
pub const ARRAY: [&str; 2] = ["[", "]"];

/// A body that is made hut by hut: items with commas between them, between a start and an end.
pub fn body(
    [start, end]: [&'static str; 2],
    items: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> Body {
    let mut is_first = true;
    let separated = items.map(move |mut item| {
        if !std::mem::take(&mut is_first) {
            item.insert(0, b',');
        }
        Bytes::from(item)
    });
    let fixed = |text: &'static str| [Bytes::from_static(text.as_bytes())];
    let chunks = fixed(start).into_iter().chain(separated).chain(fixed(end));
    Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)))
}

/// A value as JSON.
pub fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts, numbers and dates")
}
