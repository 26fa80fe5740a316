//! How types of huts are shown, read once in some seconds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::QueryResult;

use crate::db::connection::Db;
use crate::db::hut_type;
use crate::domain::type_style::TypeStyles;

/// How long the styles are kept: as long as a response, so that a change is visible within a minute.
const TIME_TO_LIVE: Duration = Duration::from_secs(20);

/// The styles of all types. They change once in years, and each response needs them.
#[derive(Default)]
pub struct StyleCache(Mutex<Option<(Instant, Arc<TypeStyles>)>>);

impl StyleCache {
    /// The styles that were read within the last seconds, or else those of the database.
    pub fn load(&self, db: &mut Db) -> QueryResult<Arc<TypeStyles>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, styles)) = kept
            && read_at.elapsed() < TIME_TO_LIVE
        {
            return Ok(styles);
        }
        let styles = Arc::new(hut_type::load(db)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&styles)));
        Ok(styles)
    }
}
