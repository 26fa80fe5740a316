#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::captured_days(data));
