//! The properties of each parser of foreign bytes, tested with some hundreds of inputs: the seeds of the
//! fuzzer with random corruptions. The fuzzer itself (`scripts/fuzz.sh`) searches longer.

#[path = "../fuzz/src/lib.rs"]
mod properties;

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Texts for corrupting inputs: delimiters, escapes, brackets, and values that are too large or invalid.
const CORRUPTIONS: [&[u8]; 24] = [
    b"",
    b"\"",
    b"\\",
    b"[",
    b"{",
    b"]",
    b"}",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\x1b[31m",
    b"\xff",
    b"null",
    b"-1",
    b"1e999",
    b"99999999999999999999",
    b"NaN",
    b"2026-02-30",
    b"\xc3\xbc",
    b"%00",
    b"//",
    b"@",
];

/// One of a parser's seeds, with some of its bytes replaced.
fn corrupted_seed(parser: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(parser);
    let mut paths: Vec<_> =
        directory.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let corruption = prop_oneof![
        4 => select(&CORRUPTIONS[..]).prop_map(<[u8]>::to_vec),
        1 => any::<Vec<u8>>(),
    ];
    let corruptions =
        prop::collection::vec((any::<Index>(), any::<Index>(), 0..12usize, corruption), 0..5);
    (select(seeds), corruptions).prop_map(|(mut bytes, corruptions)| {
        for (at, from, length, corruption) in corruptions {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, corruption);
            // Repeats a part of the input, so that keys, dates and brackets can occur twice.
            let from = from.index(bytes.len() + 1);
            if length % 3 == 0 {
                let part = bytes[from..(from + 4 * length).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
        bytes
    })
}

macro_rules! test_properties {
    ($($parser:ident),+ $(,)?) => {$(
        proptest! {
            #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
            #[test]
            fn $parser(bytes in corrupted_seed(stringify!($parser))) {
                properties::$parser(&bytes);
            }
        }
    )+};
}

test_properties! {
    captured_days,
    coordinates,
    database_url,
    date,
    ffcam_nights,
    ffcam_structures,
    hrs_availability,
    hrs_hut_info,
    huetten_holiday_cabins,
    huetten_holiday_month,
    hut_facts,
    hut_file,
    hut_types,
    retry_after,
    token,
    web_query,
}
