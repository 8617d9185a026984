//! `uuid`: random identifiers.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::{Short, Val};

pub(super) const UUID: Helper = Helper {
    name: "uuid",
    aliases: &[],
    arguments: "",
    doc: "A random UUID (version 4, RFC 9562) in lower case, another one at every occurrence.",
    example: "{{uuid}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run,
};

fn run<'v>(_: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::Short(version_4(
        scope.random.bits(),
        scope.random.bits(),
    )))
}

/// RFC 9562 section 5.4: version 4 in bits 48 to 51, variant `10` in bits 64 and 65, the rest random.
pub(super) fn version_4(high: u64, low: u64) -> Short {
    let high = (high & !0xF000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    let all = (u128::from(high) << 64) | u128::from(low);
    let mut text = Short::new();
    for nibble in (0..32_u32).rev() {
        let digit = u8::try_from((all >> (nibble * 4)) & 0xF).unwrap_or_default();
        text.push(if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        });
        if matches!(nibble, 24 | 20 | 16 | 12) {
            text.push(b'-');
        }
    }
    text
}
