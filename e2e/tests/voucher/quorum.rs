//! Which attestors confirm: k distinct ones of the n that the programme lists, in good standing, none of them the shop.

use crate::common::*;
use amanah_domain::{ids::ProgrammeId, roles::Role};
use amanah_e2e::{registration, Person, World, START};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{Attestation, Error, Proof, ProofRefusal, RedemptionRefusal, RedemptionStatus, Voucher},
};

/// Until when the attestations of these tests count.
const UNTIL: u64 = START + 3_600_000;

/// Three attestors, and a programme that needs two of them.
fn two_of_three(world: &mut World) -> (ProgrammeId, [Person; 3]) {
    let attestors = ["a", "b", "c"].map(|name| world.enrol(name, &[Role::RedemptionAttestor]));
    let programme = programme_with(world, |terms| {
        terms.attestors = attestors.iter().map(Person::id).collect();
        terms.attestors_needed = 2;
    });
    (programme, attestors)
}

fn attested(world: &mut World, redemption: u64, signers: &[&Person]) -> Proof {
    Proof::Attestors(signers.iter().map(|signer| world.attest(redemption, signer, UNTIL)).collect())
}

#[track_caller]
fn refused(world: &mut World, redemption: u64, proof: Proof, refusal: ProofRefusal) {
    let stranger = world.stranger.clone();
    world.refuses(&stranger, world.suite.voucher().confirm(redemption, proof), Error::Proof(refusal));
}

#[test]
fn of_every_selection_order_and_duplicate_exactly_two_distinct_attestors_confirm() {
    let (mut world, cast) = stage();
    let (programme, attestors) = two_of_three(&mut world);
    let number = world.funded_voucher_in(programme, 1_000);
    let mut selections: Vec<Vec<usize>> = vec![vec![]];
    for length in 0..3 {
        let shorter: Vec<_> = selections.iter().filter(|one| one.len() == length).cloned().collect();
        selections.extend(shorter.iter().flat_map(|one| (0..3).map(|next| [one.as_slice(), &[next]].concat())));
    }
    assert_eq!(selections.len(), 1 + 3 + 9 + 27);
    let mut confirmed = 0;
    let mut open = request(&mut world, &cast.shop, number, 1);
    for selection in selections {
        let signers: Vec<&Person> = selection.iter().map(|at| &attestors[*at]).collect();
        let proof = attested(&mut world, open, &signers);
        match selection[..] {
            [one, two] if one != two => {
                world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
                confirmed += 1;
                open = request(&mut world, &cast.shop, number, 1);
            }
            [_, two] => refused(&mut world, open, proof, ProofRefusal::Repeated { signer: attestors[two].number }),
            _ => {
                let given = u8::try_from(selection.len()).unwrap();
                refused(&mut world, open, proof, ProofRefusal::WrongCount { needed: 2, given });
            }
        }
    }
    assert_eq!(confirmed, 6);
    assert_eq!(books(&mut world, programme), [1_000, 993, 1, 6, 0]);
}

#[test]
fn one_attestor_of_the_two_that_are_needed_cannot_confirm_alone_whatever_else_it_brings() {
    let (mut world, cast) = stage();
    let (programme, [honest, corrupt, _]) = two_of_three(&mut world);
    let number = world.funded_voucher_in(programme, 1_000);
    let open = request(&mut world, &cast.shop, number, 1);
    let own = world.attest(open, &corrupt, UNTIL);
    let in_anothers_name = Attestation { attestor: honest.number, ..own.clone() };
    let proof = Proof::Attestors(vec![own, in_anothers_name]);
    refused(&mut world, open, proof, ProofRefusal::BadSignature { signer: honest.number });
    // A second key of its own, of somebody whom the programme does not list.
    let puppet = world.enrol("puppet", &[Role::RedemptionAttestor]);
    let proof = attested(&mut world, open, &[&corrupt, &puppet]);
    refused(&mut world, open, proof, ProofRefusal::NotListed { signer: puppet.number });
}

#[test]
fn two_attestors_with_one_key_are_one_attestor() {
    let (mut world, cast) = stage();
    let one = world.enrol("one", &[Role::RedemptionAttestor]);
    let same_key =
        Registration { key: Some(one.actor.account()), ..registration("another", &[Role::RedemptionAttestor]) };
    let account = same_key.account;
    let two = world.send(&cast.government.actor, world.suite.registry().register(same_key)).value;
    let programme =
        programme_with(&mut world, |terms| (terms.attestors, terms.attestors_needed) = (vec![one.id(), account], 2));
    let number = world.funded_voucher_in(programme, 100);
    let open = request(&mut world, &cast.shop, number, 1);
    let first = world.attest(open, &one, UNTIL);
    let second = Attestation { attestor: two, ..first.clone() };
    refused(&mut world, open, Proof::Attestors(vec![first, second]), ProofRefusal::Repeated { signer: two });
}

#[test]
fn an_attestor_must_be_listed_by_the_programme() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 1);
    let unlisted = world.enrol("unlisted", &[Role::RedemptionAttestor]);
    for signer in [&unlisted, &cast.citizen, &cast.shop, &cast.government] {
        let proof = attested(&mut world, open, &[signer]);
        refused(&mut world, open, proof, ProofRefusal::NotListed { signer: signer.number });
    }
    let mut nobody = world.attest(open, &cast.attestor, UNTIL);
    nobody.attestor = 99;
    refused(&mut world, open, Proof::Attestors(vec![nobody]), ProofRefusal::NotListed { signer: 99 });
}

#[test]
fn a_suspended_attestor_does_not_count_until_it_is_reinstated() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 1);
    let proof = world.proof(open);
    world.suspend(&cast.attestor);
    let signer = cast.attestor.number;
    refused(&mut world, open, proof.clone(), ProofRefusal::NotInGoodStanding { signer });
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(signer));
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn an_attestor_whose_role_was_revoked_does_not_count() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 1);
    let proof = world.proof(open);
    let (signer, role) = (cast.attestor.number, Role::RedemptionAttestor);
    world.send(&cast.government.actor, world.suite.registry().revoke(signer, role));
    refused(&mut world, open, proof.clone(), ProofRefusal::NotInGoodStanding { signer });
    world.send(&cast.government.actor, world.suite.registry().grant(signer, role));
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn one_attestor_out_of_standing_spoils_a_proof_and_another_listed_one_takes_its_place() {
    let (mut world, cast) = stage();
    let (programme, [a, b, c]) = two_of_three(&mut world);
    let number = world.funded_voucher_in(programme, 100);
    let open = request(&mut world, &cast.shop, number, 1);
    world.suspend(&b);
    for signers in [[&a, &b], [&b, &a]] {
        let proof = attested(&mut world, open, &signers);
        refused(&mut world, open, proof, ProofRefusal::NotInGoodStanding { signer: b.number });
    }
    let proof = attested(&mut world, open, &[&c, &a]);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn a_shop_does_not_attest_its_own_redemption_but_may_attest_anothers() {
    let (mut world, cast) = stage();
    let both = world.enrol("shop and attestor", &[Role::Shop, Role::RedemptionAttestor]);
    let programme = programme_with(&mut world, |terms| terms.attestors = vec![both.id()]);
    let number = world.funded_voucher_in(programme, 100);
    let own = request(&mut world, &both, number, 1);
    let proof = attested(&mut world, own, &[&both]);
    refused(&mut world, own, proof, ProofRefusal::IsTheShop { signer: both.number });
    let anothers = request(&mut world, &cast.shop, number, 1);
    let proof = attested(&mut world, anothers, &[&both]);
    world.send(&both.actor, world.suite.voucher().confirm(anothers, proof));
}

#[test]
fn a_proof_far_too_long_is_refused_and_counted() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 1);
    let one = world.attest(open, &cast.attestor, UNTIL);
    for given in [2, 100, 200] {
        let proof = Proof::Attestors(vec![one.clone(); usize::from(given)]);
        refused(&mut world, open, proof, ProofRefusal::WrongCount { needed: 1, given });
    }
}

#[test]
fn a_proof_serves_once() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let open = request(&mut world, &cast.shop, number, 100);
    let proof = world.proof(open);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof.clone()));
    let ended = RedemptionRefusal::NotOpen { status: RedemptionStatus::Confirmed };
    let again = world.suite.voucher().confirm(open, proof.clone());
    world.refuses(&cast.stranger, again, Error::Redemption(ended));
    let next = request(&mut world, &cast.shop, number, 100);
    refused(&mut world, next, proof.clone(), ProofRefusal::BadSignature { signer: cast.attestor.number });
    world.send(&cast.shop.actor, world.suite.voucher().clear(open));
    let unknown = Error::UnknownRedemption { redemption: open };
    world.refuses(&cast.stranger, world.suite.voucher().confirm(open, proof), unknown);
    assert_eq!(books(&mut world, programme), [300, 100, 100, 100, 0]);
}
