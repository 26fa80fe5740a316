#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::hrs_hut_info(data));
