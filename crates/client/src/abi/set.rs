//! Sets that are stored as a bit for each thing: roles, categories, reasons.

use super::names::same;
use amanah_domain::{roles::Role, welfare::form::Reasons};
use scale::{Decode, Encode};

/// Of what a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Roles, 64 bits.
    Roles,
    /// Categories of goods, 32 bits: they are numbers.
    Categories,
    /// Reasons why an application for a benefit fails its check, 32 bits.
    Reasons,
}

impl Set {
    /// The types that are such a set, by their name.
    pub(super) fn called(name: &str) -> Option<Self> {
        match name {
            "Roles" => Some(Set::Roles),
            "Categories" => Some(Set::Categories),
            "Reasons" => Some(Set::Reasons),
            _ => None,
        }
    }

    fn bits(self) -> u8 {
        match self {
            Set::Roles => 64,
            Set::Categories | Set::Reasons => 32,
        }
    }

    /// What a bit stands for, if that has a name.
    fn name(self, bit: u8) -> Option<String> {
        match self {
            Set::Roles => Role::from_index(bit).map(role_name),
            Set::Categories => None,
            Set::Reasons => {
                let one = 1u32.checked_shl(bit.into())?;
                let reasons = Reasons::decode(&mut one.encode().as_slice()).ok()?;
                reasons.iter().next().map(|reason| format!("{reason:?}"))
            }
        }
    }

    /// The names of all things that have one.
    pub(super) fn names(self) -> Vec<String> {
        (0..self.bits()).filter_map(|bit| self.name(bit)).collect()
    }

    /// The set of these names, and of numbers of bits that have none.
    pub(super) fn read<'a>(self, items: impl IntoIterator<Item = &'a str>) -> Option<u128> {
        let is = |bit: u8, item: &str| match self.name(bit) {
            Some(name) => same(&name, item),
            None => bit.to_string() == item,
        };
        items.into_iter().try_fold(0u128, |set, item| {
            let bit = (0..self.bits()).find(|bit| is(*bit, item.trim()))?;
            Some(set | (1 << bit))
        })
    }

    /// The names in a set, and the numbers of its bits that have none.
    pub(super) fn write(self, set: u128) -> Vec<serde_json::Value> {
        let bits = (0..self.bits()).filter(|bit| (set >> bit) & 1 == 1);
        bits.map(|bit| self.name(bit).map_or_else(|| bit.into(), Into::into)).collect()
    }
}

/// A role as it is written: `CivilAffairs`, `Custom-3`.
fn role_name(role: Role) -> String {
    match role {
        Role::Custom(number) => format!("Custom-{number}"),
        named => format!("{named:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use amanah_domain::{roles::Roles, welfare::form::Reason};

    #[test]
    fn roles_are_read_in_any_case_and_are_the_contracts_bits() {
        let set = Set::Roles.read(["bank", "civil-affairs", "FINANCIAL_DEPARTMENT", "Custom(3)"]).unwrap();
        let roles = [Role::Bank, Role::CivilAffairs, Role::FinancialDepartment, Role::Custom(3)];
        let roles = Roles::of(&roles).unwrap();
        assert_eq!(u64::try_from(set).unwrap().encode(), roles.encode());
        assert_eq!(Set::Roles.write(set), ["Bank", "FinancialDepartment", "CivilAffairs", "Custom-3"]);
        for wrong in ["banker", "custom-32", "3", ""] {
            assert_eq!(Set::Roles.read([wrong]), None, "{wrong}");
        }
    }

    #[test]
    fn categories_are_numbers_and_reasons_have_names() {
        assert_eq!(Set::Categories.read(["0", "31"]), Some(1 | (1 << 31)));
        assert_eq!(Set::Categories.write(0b110), [1, 2]);
        assert_eq!(Set::Categories.read(["32"]), None);
        let reasons = Reasons::of(&[Reason::BalanceTooLow]).encode();
        let bits = u32::decode(&mut reasons.as_slice()).unwrap();
        assert_eq!(Set::Reasons.write(bits.into()), ["BalanceTooLow"]);
    }
}
