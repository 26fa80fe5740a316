//! The columns of CSV, which are the field names of the contract.

/// The columns of [`Day`](super::fields::Day).
pub const DAY_COLUMNS: [&str; 12] = [
    "date",
    "reservation_status",
    "free",
    "total",
    "occupancy_percent",
    "occupancy_steps",
    "occupancy_status",
    "hut_type",
    "type_slug",
    "type",
    "listed",
    "last_checked",
];

/// The columns of [`TrendEntry`](super::fields::TrendEntry).
pub const TREND_COLUMNS: [&str; 10] = [
    "date",
    "free",
    "total",
    "occupancy_percent",
    "occupancy_status",
    "reservation_status",
    "hut_type",
    "first_checked",
    "last_checked",
    "duration_seconds",
];
