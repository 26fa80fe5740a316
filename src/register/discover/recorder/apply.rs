//! Stores what one step of a crawl has listed.

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use crate::db::connection::Db;
use crate::db::register;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, Register, owner};
use crate::register::discover::ledger::{save, unused_slug};
use crate::register::merge::{HutChange, gone, merged, new_hut, slug_for};
use crate::sites::listing::Listing;

/// Stores the listed huts of a crawl that began at `started_at`, and those that are gone. A dry run has a `preview`, and
/// stores them only there. Returns the listed huts, and those that were not gone before.
pub(super) fn apply(
    db: &mut Db,
    mut preview: Option<&mut Register>,
    organization: Organization,
    started_at: DateTime<Utc>,
    listing: Listing,
) -> QueryResult<Vec<HutChange>> {
    let organization_name = organization.to_string();
    let mut known = known_huts(db, preview.as_deref(), &organization_name, &listing)?;
    let mut changes = Vec::new();
    for site in listing.huts {
        let before = owner(&known, &organization_name, &site.source_hut_id);
        let hut = match before {
            Some((_, hut)) => hut.clone(),
            None => {
                let slug = slug_for(organization, &site);
                let slug = unused_slug(db, preview.as_deref(), &slug)?;
                new_hut(organization, &site, slug)
            }
        };
        let after = merged(&hut, organization, &site, started_at);
        let id = save(db, preview.as_deref_mut(), before, &after)?;
        let before = before.map(|(_, hut)| hut);
        let source_hut_id = &site.source_hut_id;
        changes.push(HutChange::new(
            before,
            &after,
            &organization_name,
            source_hut_id,
            site.unreadable,
        ));
        // A page may list a hut twice.
        known.insert(id, after);
    }
    for source_hut_id in listing.gone {
        let Some((id, before)) = owner(&known, &organization_name, &source_hut_id) else {
            continue;
        };
        let after = gone(before, &organization_name);
        if after == *before {
            // An earlier discovery has stored that the hut is gone.
            continue;
        }
        save(db, preview.as_deref_mut(), Some((id, before)), &after)?;
        changes.push(HutChange::new(
            Some(before),
            &after,
            &organization_name,
            &source_hut_id,
            Vec::new(),
        ));
    }
    Ok(changes)
}

/// The huts of the listing before this step. A dry run takes those that earlier steps changed from its preview.
fn known_huts(
    db: &mut Db,
    preview: Option<&Register>,
    organization: &str,
    listing: &Listing,
) -> QueryResult<Register> {
    let ids = listing.huts.iter().map(|hut| hut.source_hut_id.as_str());
    let ids: Vec<&str> = ids.chain(listing.gone.iter().map(String::as_str)).collect();
    let mut known = register::owners(db, organization, &ids)?;
    let is_listed =
        |hut: &Hut| hut.source(organization).is_some_and(|s| ids.contains(&&*s.source_hut_id));
    let previewed = preview.into_iter().flatten().filter(|(_, hut)| is_listed(hut));
    known.extend(previewed.map(|(id, hut)| (*id, hut.clone())));
    Ok(known)
}
