//! Roles as people write them: `bank`, `civil_affairs`, `custom_3`.

use amanah_domain::roles::Role;

/// The names begin here, and custom roles after all bits of named ones.
const BITS: std::ops::Range<u8> = 0..64;

/// How a role is written.
pub fn name_of(role: Role) -> String {
    match role {
        Role::Custom(number) => format!("custom_{number}"),
        named => snake(&format!("{named:?}")),
    }
}

/// The role that is written so.
///
/// # Errors
/// A sentence with all names, if there is no such role.
pub fn role_named(name: &str) -> Result<Role, String> {
    let all = BITS.filter_map(Role::from_index);
    all.clone().find(|role| name_of(*role) == name).ok_or_else(|| {
        let named: Vec<String> = all.filter(|role| !role.is_custom()).map(name_of).collect();
        format!("there is no role {name:?}; the roles are {}, custom_0 to custom_31", named.join(", "))
    })
}

/// `CivilAffairs` as `civil_affairs`.
fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (at, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && at > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_own_name() {
        for role in BITS.filter_map(Role::from_index) {
            assert_eq!(role_named(&name_of(role)), Ok(role));
        }
        assert_eq!(role_named("financial_department"), Ok(Role::FinancialDepartment));
        assert_eq!(role_named("custom_31"), Ok(Role::Custom(31)));
    }

    #[test]
    fn an_unknown_role_is_named_with_those_that_there_are() {
        let refused = role_named("Bank").unwrap_err();
        assert!(refused.starts_with("there is no role \"Bank\"; the roles are government, bank, shop,"), "{refused}");
        assert!(role_named("custom_32").is_err());
    }
}
