use super::*;
use crate::domain::organization::{CrawlPlan, Organization, numeric_hut_id};
use crate::ops::takeover::theirs::register::{
    NightsOf, Stored, TheirAssociation, TheirHut, TheirOrganization, TheirType,
};

fn known() -> Organizations {
    let hrs = Organization {
        slug: "hrs",
        name: "HRS",
        website: "https://example.org",
        crawl_plan: CrawlPlan::Ids,
        parse_hut_id: numeric_hut_id,
        booking_link: |_| None,
    };
    [hrs].into_iter().collect()
}

fn hut(id: i64, slug: &str, source_ref: Option<i64>) -> TheirHut {
    TheirHut {
        id,
        slug: slug.into(),
        name: format!("Hut {id}"),
        country: "CH".into(),
        location: None,
        elevation: Some(2700.4),
        capacity_open: Some(40),
        capacity_closed: None,
        hut_type_open: Some(1),
        hut_type_closed: Some(2),
        is_active: true,
        is_public: false,
        source_ref,
    }
}

/// `hrs` (1), `prenota` (2) and `osm` (3), which this program cannot poll.
fn theirs(huts: Vec<TheirHut>) -> TheirRegister {
    let organization = |id, slug: &str| (id, TheirOrganization::new(id, slug));
    let types = [TheirType::new(1, "hut"), TheirType::new(2, "igloo")];
    TheirRegister {
        huts,
        organizations: [organization(1, "hrs"), organization(2, "prenota"), organization(3, "osm")]
            .into(),
        types: types.into_iter().map(|of| (of.id, of)).collect(),
        ..TheirRegister::default()
    }
}

fn association(hut_id: i64, organization_id: i64, source_id: Option<&str>) -> TheirAssociation {
    TheirAssociation {
        hut_id,
        organization_id,
        source_id: source_id.map(str::to_owned),
        link: None,
    }
}

fn named(plan: &Plan) -> Vec<String> {
    plan.not_taken.iter().map(|it| format!("{} {}: {}", it.subject, it.name, it.number)).collect()
}

#[test]
fn a_hut_keeps_its_id_and_its_slug() {
    let mut register = theirs(vec![hut(77, "Rif_Boe", Some(1))]);
    register.associations = vec![association(77, 1, Some("29")), association(77, 3, Some("n1"))];
    let plan = Plan::new(&register, &known());
    let hut = &plan.register[&77];
    assert_eq!(hut.fields.slug, "Rif_Boe");
    assert_eq!((hut.fields.elevation, hut.fields.is_public), (Some(2700), false));
    assert_eq!((hut.fields.hut_type_open, hut.fields.hut_type_closed), (Some(HutType::Hut), None));
    assert_eq!(hut.fields.booking_ref.as_deref(), Some("hrs"));
    assert_eq!(hut.sources.keys().collect::<Vec<_>>(), ["hrs"]);
    assert_eq!(named(&plan), ["hut_type igloo: 1", "source osm: 1"]);
    assert_eq!(plan.organizations, []);
}

#[test]
fn a_hut_of_another_organization_keeps_its_history_and_is_not_followed() {
    let mut register = theirs(vec![hut(1, "a", Some(2)), hut(2, "b", Some(2))]);
    register.nights_of =
        vec![NightsOf { hut_id: 1, organization_id: 2, source_id: Some("p1".into()), link: None }];
    let plan = Plan::new(&register, &known());
    assert_eq!(plan.register[&1].fields.booking_ref, None);
    assert_eq!(plan.register[&1].sources["prenota"].source_hut_id, "p1");
    assert_eq!(plan.huts[&1].default_source, Some(("prenota".into(), "p1".into())));
    assert_eq!(plan.organizations.len(), 1);
    assert_eq!(named(&plan), ["hut_type igloo: 1", "booking_ref prenota: 2"]);
}

#[test]
fn a_followed_hut_without_an_id_is_named() {
    let mut register =
        theirs(vec![hut(1, "a", Some(1)), hut(2, "b", Some(9)), hut(3, "c", Some(1))]);
    register.associations = vec![association(1, 1, Some("")), association(3, 1, Some("x"))];
    let plan = Plan::new(&register, &known());
    assert!(plan.register.values().all(|hut| hut.fields.booking_ref.is_none()));
    assert_eq!(plan.register[&1].sources["hrs"].source_hut_id, "unknown");
    let expected =
        ["hut_type igloo: 1", "booking_ref a: 1", "booking_ref b: 1", "booking_ref c: 1"];
    assert_eq!(named(&plan), expected);
}

#[test]
fn an_id_of_several_huts_is_named() {
    let mut register = theirs(vec![hut(1, "a", Some(1)), hut(2, "b", Some(1))]);
    register.associations = vec![association(1, 1, Some("29")), association(2, 1, Some("29"))];
    let plan = Plan::new(&register, &known());
    assert_eq!(named(&plan), ["hut_type igloo: 1", "source hrs 29: 2"]);
    assert_eq!(plan.register[&2].fields.booking_ref.as_deref(), Some("hrs"));
}

#[test]
fn what_cannot_be_stored_is_named() {
    let mut odd = hut(2, "odd", None);
    odd.country = "Schweiz".into();
    odd.location = Some("xyz".into());
    odd.elevation = Some(99_999.0);
    odd.capacity_open = Some(-1);
    let mut register = theirs(vec![hut(i64::MAX, "far", None), hut(1, "", None), odd]);
    let stored = |rows| Stored { rows, entries: 2, ..Stored::default() };
    register.stored =
        [(Some(99), stored(0)), (None, stored(1)), (Some(i64::MAX), stored(3))].into();
    let plan = Plan::new(&register, &known());
    assert_eq!(plan.register.keys().collect::<Vec<_>>(), [&2]);
    let expected = [
        "hut far: 1",
        "hut hut 1: 1",
        "field capacity_open of odd: 1",
        "field country of odd: 1",
        "field elevation of odd: 1",
        "field location of odd: 1",
        "hut_type igloo: 1",
        "rows far: 3",
        "rows no hut: 1",
        "entries far: 2",
        "entries hut 99: 2",
        "entries no hut: 2",
    ];
    assert_eq!(named(&plan), expected);
}

#[test]
fn the_look_of_a_type_is_taken_if_it_can_be_stored() {
    let look = |identifier: &str, color: &str| {
        let of = TheirType {
            identifier: Some(identifier.into()),
            color: Some(color.into()),
            ..TheirType::new(1, "hut")
        };
        let mut not_taken = BTreeSet::new();
        let look = type_look(&of, HutType::Hut, &mut not_taken);
        (look.identifier, look.color, not_taken.len())
    };
    let is = |identifier: &str, color: &str| (Some(identifier.into()), Some(color.into()), 0);
    assert_eq!(look("🛖", "#C1440E"), is("🛖", "#c1440e"));
    assert_eq!(look("hut", "#c1440eff"), is("hut", "#c1440e"));
    assert_eq!(look("hut", "#abc"), is("hut", "#aabbcc"));
    assert_eq!(look("", ""), (None, None, 0));
    assert_eq!(look(&"x".repeat(51), "red"), (None, None, 2));
}
