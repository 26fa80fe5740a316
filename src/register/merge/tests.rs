use super::*;
use crate::domain::geo::Place;
use crate::sites::hut_reservation::site::HutReservation;
use crate::sites::source::BookingSource;

fn at(hour: u32) -> DateTime<Utc> {
    format!("2026-07-01T{hour:02}:00:00Z").parse().unwrap()
}

fn listed(name: &str) -> SiteHut {
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

fn merge(before: Option<&Hut>, site: &SiteHut) -> (Hut, HutChange) {
    let slug = slug_for(HutReservation::organization(), site);
    let hut =
        before.cloned().unwrap_or_else(|| new_hut(HutReservation::organization(), site, slug));
    let after = merged(&hut, HutReservation::organization(), site, at(1));
    let change = HutChange::new(before, &after, "hrs", "29", Vec::new());
    (after, change)
}

#[test]
fn a_new_hut_has_all_published_fields() {
    let (hut, change) = merge(None, &listed("Tällihütte"));
    assert_eq!((change.outcome, &*change.hut), (MergeOutcome::Added, "taellihuette"));
    assert_eq!(hut.fields.booking_ref.as_deref(), Some("hrs"));
    assert_eq!((hut.fields.latitude, hut.fields.elevation), (Some(46.74), Some(1726)));
    assert_eq!(hut.fields.hut_type_open, Some(HutType::Hut));
    assert_eq!(hut.fields.hut_type_closed, Some(HutType::Selfhut));
    let source = hut.source("hrs").unwrap();
    assert_eq!((&*source.source_hut_id, source.last_listed), ("29", Some(at(1))));
}

#[test]
fn a_hut_without_a_published_name_is_named_after_its_id() {
    let without_fields =
        SiteHut { source_hut_id: "29".into(), is_bookable: Some(true), ..SiteHut::default() };
    let (hut, _) = merge(None, &without_fields);
    assert_eq!((&*hut.fields.name, &*hut.fields.slug), ("hrs 29", "hrs-29"));
    let (hut, _) = merge(None, &SiteHut { name: Some("…".into()), ..without_fields });
    assert_eq!(hut.fields.slug, "hrs-29");
}

#[test]
fn merging_the_same_data_again_changes_nothing() {
    let (hut, _) = merge(None, &listed("Tällihütte"));
    let (again, change) = merge(Some(&hut), &listed("Tällihütte"));
    assert_eq!((&again, change.outcome), (&hut, MergeOutcome::Unchanged));
}

#[test]
fn fields_that_the_site_does_not_publish_do_not_change() {
    let (hut, _) = merge(None, &listed("Tällihütte"));
    let incomplete = SiteHut { name: None, place: None, elevation: None, ..listed("") };
    let (after, change) = merge(Some(&hut), &incomplete);
    assert_eq!((after, change.outcome), (hut, MergeOutcome::Unchanged));
}

#[test]
fn pinned_fields_and_slugs_do_not_change() {
    let (mut hut, _) = merge(None, &listed("Tällihütte"));
    hut.fields.name = "Tälli".into();
    hut.set_by_hand.insert(Field::Name);
    let site = SiteHut { elevation: Some(1730), ..listed("Another name") };
    let (after, change) = merge(Some(&hut), &site);
    assert_eq!((&*after.fields.name, &*after.fields.slug), ("Tälli", "taellihuette"));
    assert_eq!(
        (change.outcome, change.fields),
        (MergeOutcome::Updated, vec!["elevation".to_owned()])
    );
}

#[test]
fn a_known_hut_type_does_not_change() {
    let (mut hut, _) = merge(None, &listed("Tällihütte"));
    hut.fields.hut_type_open = Some(HutType::Bivouac);
    let (after, _) = merge(Some(&hut), &listed("Tällihütte"));
    assert_eq!(after.fields.hut_type_open, Some(HutType::Bivouac));
}

#[test]
fn a_locked_or_gone_hut_is_inactive_until_the_site_takes_bookings_again() {
    let (hut, _) = merge(None, &listed("Tällihütte"));
    let locked = SiteHut { is_bookable: Some(false), ..listed("Tällihütte") };
    let (after, change) = merge(Some(&hut), &locked);
    assert_eq!((after.fields.is_active, change.outcome), (false, MergeOutcome::Deactivated));
    assert_eq!(merge(Some(&after), &listed("Tällihütte")).1.outcome, MergeOutcome::Activated);
    assert!(!gone(&hut, "hrs").fields.is_active);
    assert!(gone(&hut, "huetten-holiday").fields.is_active, "only the followed site counts");
}

#[test]
fn a_pinned_active_hut_stays_active() {
    let (mut hut, _) = merge(None, &listed("Tällihütte"));
    hut.set_by_hand.insert(Field::IsActive);
    let locked = SiteHut { is_bookable: Some(false), ..listed("Tällihütte") };
    assert!(merge(Some(&hut), &locked).0.fields.is_active && gone(&hut, "hrs").fields.is_active);
}

#[test]
fn a_site_that_is_not_followed_sets_only_its_link() {
    let (mut hut, _) = merge(None, &listed("Tällihütte"));
    hut.sources.insert("huetten-holiday".into(), Source::default());
    hut.fields.booking_ref = Some("huetten-holiday".into());
    let site = SiteHut { link: Some("https://example.org/new".into()), ..listed("Other") };
    let (after, change) = merge(Some(&hut), &site);
    assert_eq!(after.fields, hut.fields);
    assert_eq!((change.outcome, change.fields), (MergeOutcome::Updated, vec!["link".to_owned()]));
}

#[test]
fn an_unknown_lock_does_not_change_whether_a_hut_is_active() {
    let (hut, _) = merge(None, &listed("Tällihütte"));
    let unknown_lock = SiteHut { is_bookable: None, ..listed("Tällihütte") };
    assert!(merge(Some(&hut), &unknown_lock).0.fields.is_active);
    let inactive = gone(&hut, "hrs");
    assert!(!merge(Some(&inactive), &unknown_lock).0.fields.is_active);
    assert!(merge(None, &unknown_lock).0.fields.is_active, "a new hut is active");
}

#[test]
fn latitude_and_longitude_are_pinned_together() {
    let (mut hut, _) = merge(None, &listed("Tällihütte"));
    hut.fields.latitude = Some(46.7);
    hut.set_by_hand.insert(Field::Latitude);
    let moved = SiteHut { place: Place::new(46.9, 8.9).ok(), ..listed("Tällihütte") };
    let (after, _) = merge(Some(&hut), &moved);
    assert_eq!((after.fields.latitude, after.fields.longitude), (Some(46.7), Some(8.3)));
}
