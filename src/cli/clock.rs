//! Today.

use std::time::SystemTime;

/// Today in UTC, such as `2026-11-22`.
pub fn today() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string().chars().take(10).collect()
}
