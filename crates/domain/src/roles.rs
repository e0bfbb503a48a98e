//! Roles of participants, a bit each.

use crate::wire;
use scale::{Decode, Encode};

wire! {
    /// What a participant may be. The order is part of the protocol (a role's index is signed over): names may be added
    /// at the end, never reordered. `Custom(n)` roles are named at run time.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum Role {
        /// A government department that owns programmes and registers people.
        Government,
        /// A bank that issues money and settles withdrawals.
        Bank,
        /// A shop (e-warong) that takes vouchers.
        Shop,
        /// A person: beneficiary, resident, borrower.
        Citizen,
        /// The financial department, which repays interest.
        FinancialDepartment,
        /// Civil affairs.
        CivilAffairs,
        /// The regulator, who inspects, freezes and challenges.
        Regulator,
        /// An investor of a crowdfunding campaign.
        Investor,
        /// The administrator of lending.
        LoanAdministrator,
        /// The agency of social insurance.
        SocialInsuranceAgency,
        /// A neighbourhood committee.
        NeighbourhoodCommittee,
        /// The team that sets amounts of assistance.
        AccountingTeam,
        /// The team of the democratic review.
        DemocraticReviewTeam,
        /// A county's welfare department.
        WelfareDepartment,
        /// A welfare institute.
        WelfareInstitute,
        /// A medical panel.
        MedicalPanel,
        /// An employer.
        Employer,
        /// An auditor.
        Auditor,
        /// A service that attests redemptions after a one-time code.
        RedemptionAttestor,
        /// A service that checks second factors (FIDO2).
        Authenticator,
        /// A payment operator such as Octopus.
        Operator,
        /// An organisation such as the Red Cross.
        Charity,
        /// Someone who approves requests.
        Approver,
        /// A role defined at run time, 0 to 31.
        Custom(u8),
    }
}

/// The named roles in their listed order: the index is the bit.
const NAMED: [Role; 23] = [
    Role::Government,
    Role::Bank,
    Role::Shop,
    Role::Citizen,
    Role::FinancialDepartment,
    Role::CivilAffairs,
    Role::Regulator,
    Role::Investor,
    Role::LoanAdministrator,
    Role::SocialInsuranceAgency,
    Role::NeighbourhoodCommittee,
    Role::AccountingTeam,
    Role::DemocraticReviewTeam,
    Role::WelfareDepartment,
    Role::WelfareInstitute,
    Role::MedicalPanel,
    Role::Employer,
    Role::Auditor,
    Role::RedemptionAttestor,
    Role::Authenticator,
    Role::Operator,
    Role::Charity,
    Role::Approver,
];

/// The first bit of custom roles.
const CUSTOM_BASE: u8 = 32;
/// How many custom roles there can be.
pub const CUSTOM_ROLES: u8 = 32;
/// The most bytes that the name of a custom role has.
pub const MOST_NAME_BYTES: u32 = 64;

/// Can a custom role be called so? 1 to 64 bytes, in one line.
pub fn is_name(name: &str) -> bool {
    let bytes = u32::try_from(name.len()).unwrap_or(u32::MAX);
    (1..=MOST_NAME_BYTES).contains(&bytes) && !name.chars().any(char::is_control)
}

impl Role {
    /// The bit index: 0 to 31 for named roles, 32 + n for `Custom(n)`; `None` for a custom role over 31.
    pub fn index(self) -> Option<u8> {
        match self {
            Role::Custom(n) if n < CUSTOM_ROLES => CUSTOM_BASE.checked_add(n),
            Role::Custom(_) => None,
            named => NAMED.iter().position(|role| *role == named).and_then(|at| u8::try_from(at).ok()),
        }
    }

    /// Is it one of those that are defined at run time?
    pub fn is_custom(self) -> bool {
        matches!(self, Role::Custom(_))
    }

    /// The role with this bit index, if there is one.
    pub fn from_index(index: u8) -> Option<Self> {
        match index.checked_sub(CUSTOM_BASE) {
            Some(n) => (n < CUSTOM_ROLES).then_some(Role::Custom(n)),
            None => NAMED.get(usize::from(index)).copied(),
        }
    }
}

/// A set of roles, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
#[cfg_attr(all(feature = "std", feature = "ink"), derive(ink::storage::traits::StorageLayout))]
pub struct Roles(u64);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);

    /// The set of these roles; `None` if one of them does not exist.
    pub fn of(roles: &[Role]) -> Option<Self> {
        roles.iter().try_fold(Self::NONE, |set, role| set.with(*role))
    }

    /// This set and `role`; `None` if the role does not exist.
    pub fn with(self, role: Role) -> Option<Self> {
        role.index().map(|index| Self(self.0 | bit(index)))
    }

    /// This set without `role`.
    pub fn without(self, role: Role) -> Self {
        role.index().map_or(self, |index| Self(self.0 & !bit(index)))
    }

    /// Is `role` among these?
    pub fn has(self, role: Role) -> bool {
        role.index().is_some_and(|index| self.0 & bit(index) != 0)
    }

    /// Is one of `roles` among these?
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The roles in this set, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        (0..64).filter_map(move |index| Role::from_index(index).filter(|role| self.has(*role)))
    }
}

fn bit(index: u8) -> u64 {
    1u64.checked_shl(u32::from(index)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scale::Encode;

    #[test]
    fn a_named_roles_index_is_its_scale_number_so_both_stay_in_the_listed_order() {
        for (at, role) in NAMED.iter().enumerate() {
            assert_eq!(role.encode(), vec![at as u8]);
            assert_eq!(role.index(), Some(at as u8));
            assert_eq!(Role::from_index(at as u8), Some(*role));
        }
        assert_eq!(Role::Custom(0).encode()[0] as usize, NAMED.len(), "every named role is in the list");
    }

    #[test]
    fn custom_roles_take_the_upper_half_and_stop_at_thirty_one() {
        assert_eq!(Role::Custom(0).index(), Some(32));
        assert_eq!(Role::Custom(31).index(), Some(63));
        assert_eq!(Role::Custom(32).index(), None);
        assert_eq!(Role::from_index(64), None);
        assert_eq!(Role::from_index(31), None, "an unused named bit is no role");
        assert_eq!(Role::from_index(33), Some(Role::Custom(1)));
        assert_eq!(Role::from_index(63), Some(Role::Custom(31)));
        assert_eq!(Roles::of(&[Role::Custom(32)]), None);
        assert!(Role::Custom(0).is_custom() && NAMED.iter().all(|role| !role.is_custom()));
    }

    #[test]
    fn one_of_several_roles_is_enough_and_none_is_not() {
        let set = Roles::of(&[Role::Custom(1)]).unwrap();
        assert!(set.has_any(&[NAMED[0], Role::Custom(1)]));
        assert!(!set.has_any(&[NAMED[0], Role::Custom(2)]) && !set.has_any(&[]));
    }

    #[test]
    fn a_name_has_one_to_sixty_four_bytes_in_one_line() {
        assert!(is_name("x") && is_name("Ketua RT") && is_name(&"é".repeat(32)));
        assert!(!is_name("") && !is_name(&"x".repeat(65)) && !is_name(&format!("{}x", "é".repeat(32))));
        assert!(!is_name("two\nlines") && !is_name("nul\0"));
    }

    proptest! {
        #[test]
        fn a_set_holds_exactly_what_was_put_in(indices in proptest::collection::btree_set(0u8..64, 0..20)) {
            let roles: Vec<Role> = indices.iter().filter_map(|i| Role::from_index(*i)).collect();
            let set = Roles::of(&roles).unwrap();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), roles.clone());
            for role in &roles {
                prop_assert!(set.has(*role));
                prop_assert_eq!(set.with(*role), Some(set), "who has a role keeps it");
                prop_assert!(!set.without(*role).has(*role));
                prop_assert_eq!(set.without(*role).with(*role), Some(set));
            }
        }
    }
}
