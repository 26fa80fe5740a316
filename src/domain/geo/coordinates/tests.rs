use super::*;
use proptest::prelude::*;

fn reads_as(text: &str, latitude: f64, longitude: f64) {
    assert_eq!(read_coordinates(text), Ok(Place { latitude, longitude }), "{text}");
}

/// The expected place is given in metres LV03.
fn reads_as_swiss(text: &str, east: f64, north: f64) {
    let number = |value| Number { value, whole: 6, decimals: 0 };
    assert_eq!(read_coordinates(text), Ok(swiss::place(number(north), number(east)).unwrap()));
}

fn is_unplaced(text: &str, why: Unplaced) {
    assert_eq!(read_coordinates(text), Err(why), "{text}");
}

#[test]
fn degrees_may_have_any_usual_separator() {
    for text in [
        "46.5125, 7.25",
        "46.5125,7.25",
        "46.5125 , 7.25",
        "46.5125/7.25",
        " 46.5125/ 07.25\t",
        "46.5125  /  \t  7.25",
        "46.5125 | 7.25",
        "46.5125; 7.25",
        "46.5125 7.25",
        "46.5125 \t 7.25",
        "46.5125\u{a0}7.25",
        "(46.5125, 7.25)",
        "46.5125, 7.25.",
        "46.5125,7.25,",
        "46.5125/7.25;",
    ] {
        reads_as(text, 46.5125, 7.25);
    }
}

#[test]
fn decimals_may_have_commas() {
    for text in ["46,5125 / 7,25", "46,5125, 7,25", "46,5125 7,25", "46,5125,7,25", "46,5125; 7,25"]
    {
        reads_as(text, 46.5125, 7.25);
    }
}

#[test]
fn axes_may_be_swapped_and_marked() {
    for text in [
        "7.25, 46.5125",
        "7,25 / 46,5125",
        "N 46.5125, E 7.25",
        "E7.25/N46.5125",
        "46.5125 N 7.25 E",
        "46.5125N, 7.25E",
        "46.5125° N, 7.25° O",
        "7.25° Ost / 46.5125° Nord",
        "LAT 46.5125 / LONG 7.25",
        "lat: 46.5125 lon: 7.25",
        "lat=46.5125, lng=7.25",
        "46.5125 N / 7.25",
        "46.5125, 7.25 E",
        "X 46.5125 / Y 7.25",
    ] {
        reads_as(text, 46.5125, 7.25);
    }
}

#[test]
fn degrees_are_read_with_minutes_and_seconds() {
    for text in [
        "46° 30' 45'' / 7° 15' 0''",
        "N 46° 30‘ 45‘‘ / E 7° 15‘ 00‘‘",
        "46°30'45\"N 7°15'0.0\"E",
        "46°30′45″N, 7°15′0″E",
        "46º30´45´´ / 7º15´",
        "46˚ 30’ 45” 7˚ 15’ 0”",
        "46° 30' 45\" 7° 15'",
        "46° 30.75' / 7° 15,0'",
        "N 46° 30' 45\" E 7° 15' 00\"",
        "46° 30 45 / 7° 15",
        "46°30'45' / 7°15'0'",
        "46.5125° / 7.25°",
        "7° 15' E / 46° 30,75' N",
    ] {
        reads_as(text, 46.5125, 7.25);
    }
}

#[test]
fn minutes_and_seconds_are_below_sixty_and_only_the_last_has_decimals() {
    for text in [
        "46° 60' / 7° 15'",
        "46° 30' 60\" / 7° 15'",
        "46.5° 30' / 7° 15'",
        "46° 30.5' 30\" / 7° 15'",
        "46° 30\" / 7° 15'",
        "46° ' 30 / 7° 15'",
        "° 30' / 7° 15'",
        "46° 30' 45\" 45\" / 7° 15'",
    ] {
        is_unplaced(text, Unplaced::Unreadable);
    }
}

#[test]
fn swiss_grids_are_read_in_metres_in_kilometres_and_with_a_misplaced_point() {
    for text in [
        "664688 / 159878",
        "664688/159878.0",
        "664'688 / 159'878",
        "664 688 / 159 878",
        "2664688, 1159878",
        "2’664’688/1’159’878’",
        "2.664.688 / 1.159.878",
        "664.688 / 159.878",
        "664,688 / 159,878",
        "E664.688/ N159.878",
        "159.878 / 664.688",
        "2664.688 / 1159.878",
        "66.4688/15.9878",
        "2.664688/1.159878",
    ] {
        reads_as_swiss(text, 664_688.0, 159_878.0);
    }
    reads_as_swiss("585.010 / 85.050", 585_010.0, 85_050.0);
    reads_as_swiss("619.500 / 093.100", 619_500.0, 93_100.0);
}

#[test]
fn ambiguous_numbers_are_not_read_as_a_swiss_grid() {
    for text in [
        "66.46/15.98",     // digits are missing
        "664 / 159",       // whole kilometres, or anything
        "56.46881/7.9878", // mistyped degrees
        "2664688/159878",  // one of each grid
        "664688/159.878",  // two spellings
        "N 664688 / E 159878",
        "58.7775° / 15.3880°",
        "7.44, 31.1",
        "27.33, 1.19",
        "46.59/84.26",
    ] {
        is_unplaced(text, Unplaced::Outside);
    }
    reads_as("50.8513 / 14.6952", 50.8513, 14.6952);
}

#[test]
fn a_place_in_two_systems_is_accepted_only_if_they_agree() {
    let lv03 = read_coordinates("615056 / 104542").unwrap();
    assert_eq!(read_coordinates("615056 / 104542 ; N 46.09224 / E 7.63336"), Ok(lv03));
    is_unplaced("615056 / 104542 ; N 46.19224 / E 7.63336", Unplaced::TwoPlaces);
    is_unplaced("615056 / 104542 ; N 46.09224", Unplaced::Unreadable);
}

#[test]
fn utm_without_its_zone_is_not_a_place() {
    for text in [
        "UTM Y (Nord) 5.236.808 / UTM X (Ost)  655.466",
        "UTM Nord 5.285.535 / Ost 538.675",
        "5280260 / 445766",
        "445766 5280260",
    ] {
        is_unplaced(text, Unplaced::UtmWithoutZone);
    }
    // UTM with a zone is not supported either, because nobody types it.
    is_unplaced("UTM 32T 655466 / 5236808", Unplaced::Unreadable);
}

#[test]
fn a_form_that_was_never_filled_in_is_a_placeholder() {
    for text in ["XXX.XXX / YYY.YYY", "00.000000/0.000000", "0", "-", "/", "x / y", "?"] {
        is_unplaced(text, Unplaced::Placeholder);
    }
    is_unplaced(" \t\n", Unplaced::Empty);
}

#[test]
fn a_whole_degree_is_not_a_place() {
    for text in ["47.791762,15", "46.54939,7", "46/7.5", "46° / 7° 30'", "46.000000, 7.5"] {
        is_unplaced(text, Unplaced::WholeDegree);
    }
}

#[test]
fn coordinates_outside_the_alps_are_not_a_place() {
    for text in ["42.9, 7.5", "46.5, 17.1", "14° 14,774´ / 13° 27,961'", "23.12,23.12"] {
        is_unplaced(text, Unplaced::Outside);
    }
    // Axes that contradict the numbers, and the other hemispheres.
    for text in ["N 7.5 / E 46.5", "46.5 N / 7.5 W", "46.5 S 7.5 E"] {
        is_unplaced(text, Unplaced::Outside);
    }
    is_unplaced(&format!("{0}/{0}", "9".repeat(90)), Unplaced::Outside);
}

#[test]
fn a_text_that_is_not_two_numbers_is_rejected() {
    for text in [
        "46.5",
        "46.5, ",
        "46.5, 7.5, 2000",
        "46.5/7.5/2000",
        "46, 5 / 7, 5",
        "46 30 45 / 7 15 0",
        "46.5 N / 7.5 N",
        "46.5 N E / 7.5",
        "46.5e0, 7.5e0",
        "1e400/1e400",
        "46..5/7.5",
        "46.5.1/7.5",
        "2.600,000/1.200,000",
        "-46.5, 7.5",
        "ca. 46.5 / 7.5",
        "４６.５/７.５",
        "https://example.org/46.5,7.5",
        "NaN / inf",
    ] {
        is_unplaced(text, Unplaced::Unreadable);
    }
    is_unplaced(&format!("46.5{}7.5", " ".repeat(MAX_SPELLING_LEN)), Unplaced::Unreadable);
}

fn is_rejected_or_lies_in_the_range(text: &str) -> bool {
    read_coordinates(text).map_or(true, |place| {
        LATITUDES.contains(&place.latitude) && LONGITUDES.contains(&place.longitude)
    })
}

proptest! {
    #[test]
    fn no_text_is_read_as_a_place_outside_the_range(text in ".{0,300}") {
        prop_assert!(is_rejected_or_lies_in_the_range(&text));
    }

    #[test]
    fn no_usual_characters_are_read_as_a_place_outside_the_range(text in "[0-9 .,;/'\"°º´’NEO-]{0,30}") {
        prop_assert!(is_rejected_or_lies_in_the_range(&text));
    }

    #[test]
    fn no_two_numbers_are_read_as_a_place_outside_the_range(
        a in "[0-9]{1,3}[.,'’°]?[0-9]{0,6}[.,'’°]?[0-9]{0,3}",
        separator in " / |/|, |,| |;",
        b in "[0-9]{1,3}[.,'’°]?[0-9]{0,6}[.,'’°]?[0-9]{0,3}",
    ) {
        let text = format!("{a}{separator}{b}");
        prop_assert!(is_rejected_or_lies_in_the_range(&text), "{}", text);
    }

    #[test]
    fn every_place_can_be_read_in_every_plain_spelling(
        latitude in 43.0..=53.0f64,
        longitude in 4.0..=17.0f64,
    ) {
        let (north, east) = (format!("{latitude:.6}"), format!("{longitude:.6}"));
        let mut texts = Vec::new();
        for (a, b) in [(&north, &east), (&east, &north)] {
            for separator in ["/", " / ", ", ", " , ", ",", " ", ";", " \t /  "] {
                texts.push(format!("{a}{separator}{b}"));
                texts.push(format!("{a}{separator}{b}").replace('.', ","));
            }
        }
        for separator in ["/", " / ", ", ", " ", ";"] {
            texts.push(format!("N {north}{separator}E {east}"));
            texts.push(format!("E{east}{separator}N{north}"));
            texts.push(format!("{north}N{separator}{east}O"));
            texts.push(format!("LAT {north}{separator}LONG {east}"));
            texts.push(format!("{north}°{separator}{east}°"));
        }
        for text in texts {
            match read_coordinates(&text) {
                Ok(place) => {
                    prop_assert!((place.latitude - latitude).abs() < 1e-6, "{}", text);
                    prop_assert!((place.longitude - longitude).abs() < 1e-6, "{}", text);
                }
                error => {
                    prop_assert_eq!(error, Err(Unplaced::WholeDegree), "{}", text);
                    prop_assert!(north.ends_with(".000000") || east.ends_with(".000000"));
                }
            }
        }
    }

    #[test]
    fn every_place_of_the_swiss_grids_can_be_read(
        east in 480_000u32..=840_000,
        north in 70_000u32..=300_000,
    ) {
        let known = swiss::place(
            Number { value: f64::from(north), whole: 6, decimals: 0 },
            Number { value: f64::from(east), whole: 6, decimals: 0 },
        ).unwrap();
        let (e, n) = (f64::from(east) / 1e3, f64::from(north) / 1e3);
        let mut texts = Vec::new();
        for separator in ["/", " / ", ", ", " "] {
            texts.push(format!("{east}{separator}{north}"));
            texts.push(format!("{north}{separator}{east}"));
            texts.push(format!("2{east}{separator}1{north:06}"));
            texts.push(format!("{e:.3}{separator}{n:.3}"));
            texts.push(format!("{n:07.3}{separator}{e:.3}"));
            texts.push(format!("2{e:.3}{separator}1{n:07.3}"));
            texts.push(format!("2.{east}{separator}1.{north:06}"));
            texts.push(format!("E {e:.3}{separator}N {n:.3}"));
        }
        for text in texts {
            let place = read_coordinates(&text);
            prop_assert!(place.is_ok_and(|place| place.distance(&known) < 2.0), "{}", text);
        }
    }
}
