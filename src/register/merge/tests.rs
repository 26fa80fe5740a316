use super::*;
use crate::domain::geo::Place;
use crate::sites::hut_reservation::HutReservation;
use crate::sites::source::BookingSource;

fn at(hour: u32) -> DateTime<Utc> {
    format!("2026-07-01T{hour:02}:00:00Z").parse().unwrap()
}

fn told_of(name: &str) -> SiteHut {
    SiteHut {
        source_hut_id: "29".into(),
        name: Some(name.into()),
        country: Some("CH".into()),
        place: Place::new(46.74, 8.3).ok(),
        elevation: Some(1726),
        capacity_open: Some(70),
        capacity_closed: Some(12),
        link: Some("https://example.org/29".into()),
        is_bookable: Some(true),
        unreadable: Vec::new(),
    }
}

fn hear(before: Option<&Hut>, site: &SiteHut) -> (Hut, HutChange) {
    let slug = slug_for(HutReservation::organization(), site);
    let hut =
        before.cloned().unwrap_or_else(|| new_hut(HutReservation::organization(), site, slug));
    let after = told(&hut, HutReservation::organization(), site, at(1));
    let change = HutChange::new(before, &after, "hrs", "29", Vec::new());
    (after, change)
}

#[test]
fn a_new_hut_has_all_that_the_site_tells() {
    let (hut, change) = hear(None, &told_of("Tällihütte"));
    assert_eq!((change.outcome, &*change.hut), (MergeOutcome::Added, "taellihuette"));
    assert_eq!(hut.fields.booking_ref.as_deref(), Some("hrs"));
    assert_eq!((hut.fields.latitude, hut.fields.elevation), (Some(46.74), Some(1726)));
    assert_eq!(hut.fields.hut_type_open, Some(HutType::Hut));
    assert_eq!(hut.fields.hut_type_closed, Some(HutType::Selfhut));
    let source = hut.source("hrs").unwrap();
    assert_eq!((&*source.source_hut_id, source.last_listed), ("29", Some(at(1))));
}

#[test]
fn a_hut_of_which_nothing_is_known_has_a_name_all_the_same() {
    let bare =
        SiteHut { source_hut_id: "29".into(), is_bookable: Some(true), ..SiteHut::default() };
    let (hut, _) = hear(None, &bare);
    assert_eq!((&*hut.fields.name, &*hut.fields.slug), ("hrs 29", "hrs-29"));
    let (hut, _) = hear(None, &SiteHut { name: Some("…".into()), ..bare });
    assert_eq!(hut.fields.slug, "hrs-29");
}

#[test]
fn hearing_the_same_again_changes_nothing() {
    let (hut, _) = hear(None, &told_of("Tällihütte"));
    let (again, change) = hear(Some(&hut), &told_of("Tällihütte"));
    assert_eq!((&again, change.outcome), (&hut, MergeOutcome::Unchanged));
}

#[test]
fn what_the_site_does_not_know_stays() {
    let (hut, _) = hear(None, &told_of("Tällihütte"));
    let vague = SiteHut { name: None, place: None, elevation: None, ..told_of("") };
    let (after, change) = hear(Some(&hut), &vague);
    assert_eq!((after, change.outcome), (hut, MergeOutcome::Unchanged));
}

#[test]
fn fields_set_by_hand_and_slugs_stay_as_they_are() {
    let (mut hut, _) = hear(None, &told_of("Tällihütte"));
    hut.fields.name = "Tälli".into();
    hut.set_by_hand.insert(Field::Name);
    let site = SiteHut { elevation: Some(1730), ..told_of("Another name") };
    let (after, change) = hear(Some(&hut), &site);
    assert_eq!((&*after.fields.name, &*after.fields.slug), ("Tälli", "taellihuette"));
    assert_eq!(
        (change.outcome, change.fields),
        (MergeOutcome::Updated, vec!["elevation".to_owned()])
    );
}

#[test]
fn a_hut_type_that_is_known_is_not_put_right() {
    let (mut hut, _) = hear(None, &told_of("Tällihütte"));
    hut.fields.hut_type_open = Some(HutType::Bivouac);
    let (after, _) = hear(Some(&hut), &told_of("Tällihütte"));
    assert_eq!(after.fields.hut_type_open, Some(HutType::Bivouac));
}

#[test]
fn a_hut_that_is_locked_or_gone_is_inactive_until_it_is_back() {
    let (hut, _) = hear(None, &told_of("Tällihütte"));
    let locked = SiteHut { is_bookable: Some(false), ..told_of("Tällihütte") };
    let (after, change) = hear(Some(&hut), &locked);
    assert_eq!((after.fields.is_active, change.outcome), (false, MergeOutcome::Deactivated));
    assert_eq!(hear(Some(&after), &told_of("Tällihütte")).1.outcome, MergeOutcome::Activated);
    assert!(!gone(&hut, "hrs").fields.is_active);
    assert!(gone(&hut, "huetten-holiday").fields.is_active, "another site's word");
}

#[test]
fn who_was_activated_by_hand_stays_active() {
    let (mut hut, _) = hear(None, &told_of("Tällihütte"));
    hut.set_by_hand.insert(Field::IsActive);
    let locked = SiteHut { is_bookable: Some(false), ..told_of("Tällihütte") };
    assert!(hear(Some(&hut), &locked).0.fields.is_active && gone(&hut, "hrs").fields.is_active);
}

#[test]
fn a_site_that_is_not_followed_sets_its_link_only() {
    let (mut hut, _) = hear(None, &told_of("Tällihütte"));
    hut.sources.insert("huetten-holiday".into(), Source::default());
    hut.fields.booking_ref = Some("huetten-holiday".into());
    let site = SiteHut { link: Some("https://example.org/new".into()), ..told_of("Other") };
    let (after, change) = hear(Some(&hut), &site);
    assert_eq!(after.fields, hut.fields);
    assert_eq!((change.outcome, change.fields), (MergeOutcome::Updated, vec!["link".to_owned()]));
}

#[test]
fn without_a_word_of_a_lock_a_hut_stays_as_it_is() {
    let (hut, _) = hear(None, &told_of("Tällihütte"));
    let silent = SiteHut { is_bookable: None, ..told_of("Tällihütte") };
    assert!(hear(Some(&hut), &silent).0.fields.is_active);
    let inactive = gone(&hut, "hrs");
    assert!(!hear(Some(&inactive), &silent).0.fields.is_active);
    assert!(hear(None, &silent).0.fields.is_active, "a new one is active");
}

#[test]
fn a_place_is_not_torn_apart() {
    let (mut hut, _) = hear(None, &told_of("Tällihütte"));
    hut.fields.latitude = Some(46.7);
    hut.set_by_hand.insert(Field::Latitude);
    let moved = SiteHut { place: Place::new(46.9, 8.9).ok(), ..told_of("Tällihütte") };
    let (after, _) = hear(Some(&hut), &moved);
    assert_eq!((after.fields.latitude, after.fields.longitude), (Some(46.7), Some(8.3)));
}
