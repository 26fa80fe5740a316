use super::*;

fn at(day: u64) -> DateTime<Utc> {
    let start: NaiveDate = "2026-02-22".parse().unwrap();
    (start + Days::new(day)).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

#[test]
fn the_same_request_gets_the_same_answer() {
    let ask = || Model::numbered(7, 10).availability("3", at(0)).unwrap();
    assert_eq!(ask(), ask());
    assert!(Model::numbered(7, 10).availability("11", at(0)).is_none());
}

/// The demo lets a day of bookings pass with each run.
#[test]
fn a_day_of_bookings_changes_about_three_percent_of_the_nights() {
    let model = |days| Model::numbered(0, 24).after_days(days);
    let (mut nights, mut changed) = (0, 0);
    for days in 0..20 {
        let (before, after) = (model(days), model(days + 1));
        for hut in before.huts.keys() {
            let [before, after] =
                [&before, &after].map(|model| model.availability(hut, at(0)).unwrap());
            nights += before.len();
            let pairs = before.iter().zip(&after);
            changed += pairs.filter(|(before, after)| before.numbers() != after.numbers()).count();
        }
    }
    let share = f64::from(u32::try_from(changed).unwrap()) / nights as f64;
    assert!((0.02..0.04).contains(&share), "{share}");
}

#[test]
fn out_of_season_the_coming_one_is_found() {
    let model = Model::numbered(0, 24);
    let saturday = |today: &str| {
        let saturday = model.first_open_saturday(today.parse().unwrap()).unwrap();
        assert_eq!(saturday.weekday(), Weekday::Sat);
        saturday
    };
    let in_july = saturday("2026-07-18");
    assert_eq!(in_july.to_string(), "2026-07-18", "in season it is the next Saturday");
    let in_november = saturday("2026-11-28");
    assert!(in_november > "2027-02-01".parse().unwrap(), "{in_november}");
    assert!(in_november < "2027-08-01".parse().unwrap(), "{in_november}");
}

/// On the captured days, 10 to 27 of 366 to 731 dates change from one day to the next.
#[test]
fn bookings_change_at_about_the_real_rate() {
    let model = Model::numbered(0, 24);
    let mut rates = Vec::new();
    for hut in model.huts.keys() {
        for day in 0..20 {
            let before = model.availability(hut, at(day)).unwrap();
            let after = model.availability(hut, at(day + 1)).unwrap();
            let pairs = before[1..].iter().zip(&after);
            let changed = pairs.filter(|(before, after)| before.numbers() != after.numbers());
            rates.push(changed.count() as f64 / before.len() as f64);
        }
    }
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    assert!((10.0 / 731.0..27.0 / 366.0).contains(&mean), "{mean}");
}
