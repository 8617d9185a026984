//! GELF
