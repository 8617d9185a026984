//! Values are appended to a vector as msgpack, each in the smallest form, as the reference packs them.

/// The largest count or length of the short forms.
const SHORT: usize = 15;
/// The longest string with its length in the first byte.
const SHORT_STRING: usize = 31;

/// `null`
pub fn nil(out: &mut Vec<u8>) {
    out.push(0xc0);
}

/// A boolean.
pub fn boolean(out: &mut Vec<u8>, is_true: bool) {
    out.push(if is_true { 0xc3 } else { 0xc2 });
}

/// An integer that is not negative, in 1, 2, 3, 5 or 9 bytes.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for numbers that fit"
)]
pub fn uint(out: &mut Vec<u8>, number: u64) {
    match number {
        0..=0x7f => out.push(number as u8),
        0x80..=0xff => sized(out, 0xcc, [number as u8]),
        0x100..=0xffff => sized(out, 0xcd, (number as u16).to_be_bytes()),
        0x1_0000..=0xffff_ffff => sized(out, 0xce, (number as u32).to_be_bytes()),
        _ => sized(out, 0xcf, number.to_be_bytes()),
    }
}

/// An integer.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for numbers that fit"
)]
pub fn int(out: &mut Vec<u8>, number: i64) {
    match number {
        0.. => uint(out, number.cast_unsigned()),
        -32..=-1 => out.push((number as i8).cast_unsigned()),
        -0x80..=-33 => sized(out, 0xd0, (number as i8).to_be_bytes()),
        -0x8000..=-0x81 => sized(out, 0xd1, (number as i16).to_be_bytes()),
        -0x8000_0000..=-0x8001 => sized(out, 0xd2, (number as i32).to_be_bytes()),
        _ => sized(out, 0xd3, number.to_be_bytes()),
    }
}

/// A float, always in 9 bytes.
pub fn float(out: &mut Vec<u8>, number: f64) {
    sized(out, 0xcb, number.to_be_bytes());
}

/// A string; any bytes will do.
pub fn string(out: &mut Vec<u8>, text: &[u8]) {
    string_head(out, text.len());
    out.extend_from_slice(text);
}

/// The head of a string of `length` bytes that follow. A length beyond 32 bits is cut in the head.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for lengths that fit"
)]
pub fn string_head(out: &mut Vec<u8>, length: usize) {
    match length {
        0..=SHORT_STRING => out.push(0xa0 | length as u8),
        0x20..=0xff => out.extend_from_slice(&[0xd9, length as u8]),
        0x100..=0xffff => sized(out, 0xda, (length as u16).to_be_bytes()),
        _ => wider(out, 0xdb, length),
    }
}

/// Binary.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for lengths that fit"
)]
pub fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        0..=0xff => out.extend_from_slice(&[0xc4, bytes.len() as u8]),
        0x100..=0xffff => sized(out, 0xc5, (bytes.len() as u16).to_be_bytes()),
        _ => wider(out, 0xc6, bytes.len()),
    }
    out.extend_from_slice(bytes);
}

/// The head of an array of so many values.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for counts that fit"
)]
pub fn array(out: &mut Vec<u8>, values: usize) {
    match values {
        0..=SHORT => out.push(0x90 | values as u8),
        0x10..=0xffff => sized(out, 0xdc, (values as u16).to_be_bytes()),
        _ => wider(out, 0xdd, values),
    }
}

/// The head of a map of so many pairs.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm is for counts that fit"
)]
pub fn map(out: &mut Vec<u8>, pairs: usize) {
    match pairs {
        0..=SHORT => out.push(0x80 | pairs as u8),
        0x10..=0xffff => sized(out, 0xde, (pairs as u16).to_be_bytes()),
        _ => wider(out, 0xdf, pairs),
    }
}

/// The head of a map in the form that is always five bytes, as inputs write that build a map key by key.
pub fn wide_map(out: &mut Vec<u8>, pairs: u32) {
    sized(out, 0xdf, pairs.to_be_bytes());
}

fn wider(out: &mut Vec<u8>, first: u8, size: usize) {
    let size = u32::try_from(size).unwrap_or(u32::MAX);
    sized(out, first, size.to_be_bytes());
}

/// A first byte and what it announces.
fn sized<const BYTES: usize>(out: &mut Vec<u8>, first: u8, bytes: [u8; BYTES]) {
    out.push(first);
    out.extend_from_slice(&bytes);
}
