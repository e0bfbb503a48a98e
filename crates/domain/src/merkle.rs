//! Merkle trees of rolls (docs/rolls.md): a root over any number of leaves, and the proof that a leaf stands at its place.
//!
//! A row's hashes are joined in pairs, left to right; an odd one at the end goes up as it is. So the number of leaves and a
//! leaf's place decide which hashes a proof has and on which side each stands: there is exactly one proof of a leaf.

use crate::{
    crypto::Crypto,
    layout::{roll_node, RollHash},
};
use alloc::vec::Vec;

/// The most hashes in a proof.
pub const MOST_PROOF: usize = 32;
/// The most leaves whose proofs are not longer than that: 2^32.
pub const MOST_LEAVES: u64 = 1 << 32;

/// The root over these leaves; `None` without any.
pub fn root<C: Crypto>(leaves: &[RollHash]) -> Option<RollHash> {
    let mut row = leaves.to_vec();
    while row.len() > 1 {
        row = row_above::<C>(&row);
    }
    row.pop()
}

/// What proves that the leaf at `index` stands there, from the bottom up; `None` if there is none.
pub fn proof<C: Crypto>(leaves: &[RollHash], index: usize) -> Option<Vec<RollHash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut row, mut at, mut proof) = (leaves.to_vec(), index, Vec::new());
    while row.len() > 1 {
        proof.extend(row.get(at ^ 1));
        (row, at) = (row_above::<C>(&row), at >> 1);
    }
    Some(proof)
}

fn row_above<C: Crypto>(row: &[RollHash]) -> Vec<RollHash> {
    row.chunks(2)
        .filter_map(|pair| match pair {
            [left, right] => Some(roll_node::<C>(left, right)),
            [odd] => Some(*odd),
            _ => None,
        })
        .collect()
}

/// Does `leaf` stand at `index` of the `count` leaves under `root`, by this proof?
pub fn proves<C: Crypto>(leaf: RollHash, index: u64, count: u64, proof: &[RollHash], root: &RollHash) -> bool {
    if index >= count || proof.len() > MOST_PROOF {
        return false;
    }
    let (mut hash, mut at, mut width, mut proof) = (leaf, index, count, proof.iter());
    while width > 1 {
        let is_left = at & 1 == 0;
        let is_odd_one_out = is_left && at.checked_add(1) == Some(width);
        if !is_odd_one_out {
            let Some(other) = proof.next() else { return false };
            hash = if is_left { roll_node::<C>(&hash, other) } else { roll_node::<C>(other, &hash) };
        }
        (at, width) = (at >> 1, width.div_ceil(2));
    }
    proof.next().is_none() && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Native;
    use proptest::prelude::*;

    fn leaves(count: usize) -> Vec<RollHash> {
        (0..count).map(|at| Native::blake2b_256(&at.to_le_bytes())).collect()
    }

    fn proves_at(leaves: &[RollHash], at: usize, proof: &[RollHash]) -> bool {
        let root = root::<Native>(leaves).unwrap();
        proves::<Native>(leaves[at], at as u64, leaves.len() as u64, proof, &root)
    }

    #[test]
    fn one_leaf_is_its_own_root_and_needs_no_proof() {
        let one = leaves(1);
        assert_eq!(root::<Native>(&one), Some(one[0]));
        assert_eq!(proof::<Native>(&one, 0), Some(vec![]));
        assert!(proves_at(&one, 0, &[]));
    }

    #[test]
    fn without_leaves_there_is_no_root_and_beyond_them_no_proof() {
        assert_eq!(root::<Native>(&[]), None);
        assert_eq!(proof::<Native>(&[], 0), None);
        assert_eq!(proof::<Native>(&leaves(5), 5), None);
        assert!(!proves::<Native>([0; 32], 0, 0, &[], &[0; 32]));
    }

    #[test]
    fn an_odd_leaf_goes_up_as_it_is() {
        let three = leaves(3);
        let pair = roll_node::<Native>(&three[0], &three[1]);
        assert_eq!(root::<Native>(&three), Some(roll_node::<Native>(&pair, &three[2])));
        assert_eq!(proof::<Native>(&three, 2), Some(vec![pair]));
        let five = leaves(5);
        assert_eq!(proof::<Native>(&five, 4).unwrap().len(), 1, "up through two rows");
    }

    #[test]
    fn a_node_does_not_pass_for_a_leaf() {
        let four = leaves(4);
        let (left, right) = (roll_node::<Native>(&four[0], &four[1]), roll_node::<Native>(&four[2], &four[3]));
        let root = root::<Native>(&four).unwrap();
        assert!(!proves::<Native>(left, 0, 4, &[right], &root), "a tree of four has proofs of two");
        assert!(!proves::<Native>(root, 0, 4, &[], &root));
    }

    #[test]
    fn a_proof_is_at_most_thirty_two_hashes_long_and_serves_two_to_the_thirty_second_leaves() {
        let all = [[7; 32]; MOST_PROOF + 1];
        let mut hash = [1; 32];
        for other in &all[..MOST_PROOF] {
            hash = roll_node::<Native>(&hash, other);
        }
        assert!(proves::<Native>([1; 32], 0, MOST_LEAVES, &all[..MOST_PROOF], &hash));
        let longer = roll_node::<Native>(&hash, &[7; 32]);
        assert!(!proves::<Native>([1; 32], 0, MOST_LEAVES + 1, &all, &longer));
        assert!(!proves::<Native>([1; 32], 0, u64::MAX, &all, &longer), "and nothing wraps");
        assert!(!proves::<Native>([1; 32], u64::MAX - 1, u64::MAX, &all[..MOST_PROOF], &hash));
    }

    proptest! {
        #[test]
        fn every_leaf_is_proved_at_its_own_place_and_nowhere_else(count in 1usize..34, other in 0usize..34) {
            let leaves = leaves(count);
            for at in 0..count {
                let proof = proof::<Native>(&leaves, at).unwrap();
                prop_assert!(proves_at(&leaves, at, &proof));
                if other != at && other < count {
                    prop_assert!(!proves_at(&leaves, other, &proof));
                    let root = root::<Native>(&leaves).unwrap();
                    prop_assert!(!proves::<Native>(leaves[at], other as u64, count as u64, &proof, &root));
                }
            }
        }

        #[test]
        fn a_proof_with_a_bit_changed_a_hash_missing_or_one_too_many_proves_nothing(
            count in 2usize..40, at: prop::sample::Index, bit: prop::sample::Index,
        ) {
            let leaves = leaves(count);
            let at = at.index(count);
            let good = proof::<Native>(&leaves, at).unwrap();
            let mut changed = good.clone();
            let bit = bit.index(good.len() * 256);
            changed[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            prop_assert!(!proves_at(&leaves, at, &changed));
            prop_assert!(!proves_at(&leaves, at, &good[1..]));
            prop_assert!(!proves_at(&leaves, at, &good[..good.len() - 1]));
            prop_assert!(!proves_at(&leaves, at, &[good.clone(), vec![[0; 32]]].concat()));
        }
    }
}
