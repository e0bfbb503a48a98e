//! Names as the metadata has them, and as people write them.

/// `create_programme` as `create-programme`.
pub fn kebab(label: &str) -> String {
    label.replace('_', "-")
}

/// Are these the same name, in whatever case: `CivilAffairs`, `civil_affairs`, `civil-affairs`?
pub(super) fn same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

/// The name and the number of `Custom(3)`, `custom-3` or `custom_3`; the name is bare.
pub(super) fn numbered(text: &str) -> Option<(String, String)> {
    let bare = bare(text);
    let name = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = &bare[name.len()..];
    (!name.is_empty() && !number.is_empty()).then(|| (name.to_owned(), number.to_owned()))
}

fn bare(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_' | ' ' | '(' | ')'));
    letters.flat_map(char::to_lowercase).collect()
}
