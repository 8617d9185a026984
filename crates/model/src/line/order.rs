//! Members pass through here and come out in the order of the reference's hash tables, which those who compare lines see.

/// How large the table was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// As a copy of another map: a third more than there are members.
    Copied,
    /// For as many members as there are, and doubled when they are more than three quarters of it.
    Sized,
}

/// The members by the buckets of their names; those in one bucket stay as they came.
pub(super) fn hashed<V>(mut members: Vec<(&String, V)>, table: Table) -> Vec<(&String, V)> {
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX >> 2);
    let size = match table {
        Table::Copied => (u64::from(count) * 4 / 3 + 1).next_power_of_two(),
        Table::Sized => {
            let size = u64::from(count).max(1).next_power_of_two();
            if u64::from(count) * 4 > size * 3 {
                size * 2
            } else {
                size
            }
        }
    };
    members.sort_by_key(|(name, _)| u64::from(hash(name)) & (size - 1));
    members
}

/// `String.hashCode`, spread as `HashMap` does.
fn hash(name: &str) -> u32 {
    let code = name.encode_utf16().fold(0_u32, |code, unit| {
        code.wrapping_mul(31).wrapping_add(unit.into())
    });
    code ^ (code >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(names: &str, table: Table, wanted: &str) {
        let names: Vec<String> = names.split(' ').map(ToOwned::to_owned).collect();
        let members = names.iter().map(|name| (name, ())).collect();
        let order = hashed(members, table);
        let order: Vec<&str> = order.iter().map(|(name, ())| name.as_str()).collect();
        assert_eq!(order.join(" "), wanted);
    }

    #[test]
    fn copies_are_ordered_as_the_reference_printed_them() {
        expect("a d", Table::Copied, "d a");
        expect("a d h", Table::Copied, "h a d");
        expect("x y tags o b s", Table::Copied, "b s x y tags o");
        let many = "a d num big sm str n arr";
        expect(many, Table::Copied, "str arr a big d num sm n");
    }

    #[test]
    fn a_table_grows_when_it_is_three_quarters_full() {
        expect("a d h", Table::Sized, "d h a");
        expect("h a d b", Table::Sized, "h a b d");
    }
}
