//! What holds of each parser of foreign bytes, on some hundreds of texts that are nearly right: the seeds
//! of the fuzzer, spoilt at random. The fuzzer itself (`scripts/fuzz.sh`) goes further.

#[path = "../fuzz/src/lib.rs"]
mod properties;

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What texts are spoilt with: what ends, escapes, nests, or is too much.
const SPOILS: [&[u8]; 24] = [
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

/// One of the seeds of a parser, with some of its bytes replaced.
fn spoilt(parser: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(parser);
    let mut paths: Vec<_> =
        directory.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let spoil = prop_oneof![
        4 => select(&SPOILS[..]).prop_map(<[u8]>::to_vec),
        1 => any::<Vec<u8>>(),
    ];
    let spoils = prop::collection::vec((any::<Index>(), any::<Index>(), 0..12usize, spoil), 0..5);
    (select(seeds), spoils).prop_map(|(mut bytes, spoils)| {
        for (at, from, length, spoil) in spoils {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, spoil);
            // Some of it again, so that keys, dates and brackets come twice.
            let from = from.index(bytes.len() + 1);
            if length % 3 == 0 {
                let part = bytes[from..(from + 4 * length).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
        bytes
    })
}

macro_rules! hold {
    ($($parser:ident),+ $(,)?) => {$(
        proptest! {
            #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
            #[test]
            fn $parser(bytes in spoilt(stringify!($parser))) {
                properties::$parser(&bytes);
            }
        }
    )+};
}

hold! {
    captured_days,
    coordinates,
    database_url,
    date,
    hrs_availability,
    hrs_hut_info,
    huetten_holiday_cabins,
    huetten_holiday_month,
    hut_file,
    retry_after,
    token,
    web_query,
}
