//! `hut_type`: how clients show the types of huts.

use diesel::prelude::*;

use super::connection::Db;
use super::schema::hut_type;
use crate::domain::hut::HutType;
use crate::domain::type_style::{TypeStyle, TypeStyles};

/// The styles of the types that this version knows. One statement, of some dozen rows.
pub fn load(db: &mut Db) -> QueryResult<TypeStyles> {
    let columns = (hut_type::slug, hut_type::identifier, hut_type::color, hut_type::sort_order);
    let rows: Vec<(String, String, String, i32)> = hut_type::table.select(columns).load(db)?;
    let style = |(slug, identifier, color, order): (String, _, _, _)| {
        Some((slug.parse().ok()?, TypeStyle { identifier, color, order }))
    };
    Ok(rows.into_iter().filter_map(style).collect())
}

/// Stores the style of a type.
pub fn save(db: &mut Db, slug: HutType, style: &TypeStyle) -> QueryResult<usize> {
    diesel::update(hut_type::table.find(<&str>::from(slug)))
        .set((
            hut_type::identifier.eq(&style.identifier),
            hut_type::color.eq(&style.color),
            hut_type::sort_order.eq(style.order),
        ))
        .execute(db)
}
