//! mailvet: tells a person why their mail is refused, and which line of DNS to write.

pub mod dns;
pub mod name;
pub mod source;
pub mod zone;
