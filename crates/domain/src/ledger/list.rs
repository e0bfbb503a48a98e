//! Lists of withdrawals that survive when one in the middle goes: each record knows its neighbours, and somebody keeps
//! the list's ends. Adding and taking out touch the neighbours only, however long the list is.

use crate::{ids::WithdrawalId, wire};

wire! {
    /// A record's neighbours in a list; 0 where the list ends, and both 0 outside of it.
    #[derive(Copy, Default)]
    pub struct Place {
        /// The one before it.
        pub older: WithdrawalId,
        /// The one after it.
        pub newer: WithdrawalId,
    }
}

impl Place {
    /// The same place with another one after it.
    pub fn before(self, newer: WithdrawalId) -> Self {
        Self { newer, ..self }
    }

    /// The same place with another one before it.
    pub fn after(self, older: WithdrawalId) -> Self {
        Self { older, ..self }
    }
}

wire! {
    /// The ends of a list; both 0 when it is empty.
    #[derive(Copy, Default)]
    pub struct Ends {
        /// Its first.
        pub oldest: WithdrawalId,
        /// Its last.
        pub newest: WithdrawalId,
    }
}

impl Ends {
    /// Is nothing in the list?
    pub fn are_empty(&self) -> bool {
        self.newest == 0
    }

    /// The list with `one` at its newest end, and its place there. Who was newest before gets it as `newer`.
    pub fn with(self, one: WithdrawalId) -> (Self, Place) {
        let oldest = if self.are_empty() { one } else { self.oldest };
        (Self { oldest, newest: one }, Place { older: self.newest, newer: 0 })
    }

    /// The list without the one at `gone`, whose neighbours become neighbours of each other.
    pub fn without(self, gone: Place) -> Self {
        Self {
            oldest: if gone.older == 0 { gone.newer } else { self.oldest },
            newest: if gone.newer == 0 { gone.older } else { self.newest },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[derive(Default)]
    struct List {
        ends: Ends,
        places: BTreeMap<WithdrawalId, Place>,
    }

    impl List {
        fn add(&mut self, one: WithdrawalId) {
            let (ends, place) = self.ends.with(one);
            if let Some(before) = self.places.get_mut(&place.older) {
                *before = before.before(one);
            }
            self.places.insert(one, place);
            self.ends = ends;
        }

        fn take_out(&mut self, one: WithdrawalId) {
            let gone = self.places.remove(&one).unwrap();
            if let Some(older) = self.places.get_mut(&gone.older) {
                *older = older.before(gone.newer);
            }
            if let Some(newer) = self.places.get_mut(&gone.newer) {
                *newer = newer.after(gone.older);
            }
            self.ends = self.ends.without(gone);
        }

        fn walk(&self, first: WithdrawalId, next: impl Fn(&Place) -> WithdrawalId) -> Vec<WithdrawalId> {
            std::iter::successors((first != 0).then_some(first), |at| {
                Some(next(&self.places[at])).filter(|at| *at != 0)
            })
            .collect()
        }
    }

    proptest! {
        /// Either way, from end to end, a list shows exactly who is in it, in the order in which they came.
        #[test]
        fn a_list_shows_who_is_in_it_in_order_whoever_was_taken_out(steps in proptest::collection::vec(any::<(bool, usize)>(), 0..60)) {
            let (mut list, mut model) = (List::default(), Vec::new());
            for (number, (adds, which)) in (1..).zip(steps) {
                if adds || model.is_empty() {
                    list.add(number);
                    model.push(number);
                } else {
                    list.take_out(model.remove(which % model.len()));
                }
                prop_assert_eq!(list.ends.are_empty(), model.is_empty());
                prop_assert_eq!(&list.walk(list.ends.oldest, |at| at.newer), &model);
                let mut backwards = list.walk(list.ends.newest, |at| at.older);
                backwards.reverse();
                prop_assert_eq!(&backwards, &model);
            }
        }
    }

    #[test]
    fn a_list_whose_only_one_goes_is_like_new() {
        let (ends, place) = Ends::default().with(7);
        assert_eq!((ends, place), (Ends { oldest: 7, newest: 7 }, Place::default()));
        assert_eq!(ends.without(place), Ends::default());
    }
}
