//! The command `mailvet`.

fn main() {}
