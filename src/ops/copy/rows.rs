//! Rows for a copy: complete rows, table by table, in the order of their keys and in pages, so that no table
//! has to fit into memory.

mod of_hut;
mod of_register;
mod of_runs;
mod of_watches;
mod row;

pub use of_hut::{AvailabilityRow, ChangeRow, CheckRow, delete_hut, lock_hut};
pub use of_register::{
    DiscoveryRow, HutRow, HutTypeRow, OrganizationRow, PinnedFieldRow, SourceRow, copy_register,
};
pub use of_runs::delete_runs;
pub use of_watches::{
    DeliveryRow, OutboxRow, WatchArrivalRow, WatchHutRow, WatchRow, copy_watches,
};
pub use row::{CopyRow, Rows, continue_numbering, copy_part};

pub use crate::db::update_run::RunRow;
