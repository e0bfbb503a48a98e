//! What a proof is made of: a signature over exactly this redemption, in exactly one form, for a limited time; by the
//! attestors, or by the holder where the programme allows it.

use crate::common::*;
use amanah_client::Actor;
use amanah_domain::{
    crypto::{Crypto, Native},
    layout::{domain_separator, wrapped, RedemptionAttestation, REDEMPTION_BYTES},
    programme::USUAL_WINDOW,
    redemption::Claim,
    roles::Role,
};
use amanah_e2e::{registration, Person, World, START};
use amanah_interfaces::{
    registry::{Registration, Registry},
    voucher::{Attestation, Error, Proof, ProofRefusal, RedemptionRefusal, Voucher},
};

/// Until when the attestations of these tests count.
const UNTIL: u64 = START + 3_600_000;

/// What `signer` has to say about a redemption.
fn said(world: &mut World, number: u64, signer: &Person, valid_until: u64) -> RedemptionAttestation {
    let record = redemption(world, number);
    let credentials = world.ask(world.suite.registry().credentials(signer.id())).unwrap();
    let claim = Claim { domain: world.suite.voucher_domain(), number, redemption: &record, now: 0 };
    claim.attestation(&credentials, valid_until)
}

/// A proof of the usual attestor, whose signature is over exactly these bytes.
fn attestors_signature(cast: &Cast, valid_until: u64, bytes: &[u8]) -> Proof {
    let signature = cast.attestor.actor.sign(bytes);
    Proof::Attestors(vec![Attestation { attestor: cast.attestor.number, valid_until, signature }])
}

/// The holder's own proof.
fn holders(world: &mut World, redemption: u64, signer: &Person, valid_until: u64) -> Proof {
    let Attestation { valid_until, signature, .. } = world.attest(redemption, signer, valid_until);
    Proof::Holder { valid_until, signature }
}

#[track_caller]
fn refused(world: &mut World, redemption: u64, proof: Proof, refusal: ProofRefusal) {
    let stranger = world.stranger.clone();
    world.refuses(&stranger, world.suite.voucher().confirm(redemption, proof), Error::Proof(refusal));
}

#[test]
fn a_signature_over_anything_but_every_byte_of_the_attestation_is_refused() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let right = said(&mut world, open, &cast.attestor, UNTIL).to_bytes();
    let bad = ProofRefusal::BadSignature { signer: cast.attestor.number };
    for at in 0..REDEMPTION_BYTES {
        let mut wrong = right;
        wrong[at] ^= 1;
        let proof = attestors_signature(&cast, UNTIL, &wrapped::<Native>(&wrong));
        refused(&mut world, open, proof, bad);
    }
    for wrong in [&right[..REDEMPTION_BYTES - 1], &[&right[..], &[0]].concat()] {
        let proof = attestors_signature(&cast, UNTIL, &wrapped::<Native>(wrong));
        refused(&mut world, open, proof, bad);
    }
    let proof = attestors_signature(&cast, UNTIL, &wrapped::<Native>(&right));
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn each_field_of_the_attestation_is_signed_over() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let right = said(&mut world, open, &cast.attestor, UNTIL);
    let suite = world.suite.clone();
    let other_chain = domain_separator::<Native>(&[9; 32], &suite.voucher);
    let other_contract = domain_separator::<Native>(&suite.genesis, &suite.ledger);
    let wrong = [
        RedemptionAttestation { domain: other_chain, ..right.clone() },
        RedemptionAttestation { domain: other_contract, ..right.clone() },
        RedemptionAttestation { voucher: number + 1, ..right.clone() },
        RedemptionAttestation { redemption: open + 1, ..right.clone() },
        RedemptionAttestation { shop: cast.bank.actor.account(), ..right.clone() },
        RedemptionAttestation { amount: 101, ..right.clone() },
        RedemptionAttestation { amount: 99, ..right.clone() },
        RedemptionAttestation { valid_until: UNTIL + 1, ..right.clone() },
        RedemptionAttestation { epoch: right.epoch + 1, ..right.clone() },
        RedemptionAttestation { key: cast.citizen.actor.account(), ..right.clone() },
    ];
    let bad = ProofRefusal::BadSignature { signer: cast.attestor.number };
    for one in wrong {
        let proof = attestors_signature(&cast, UNTIL, &one.signed_bytes::<Native>());
        refused(&mut world, open, proof, bad);
    }
    let proof = attestors_signature(&cast, UNTIL + 1, &right.signed_bytes::<Native>());
    refused(&mut world, open, proof, bad);
    let proof = attestors_signature(&cast, UNTIL, &right.signed_bytes::<Native>());
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn a_signature_with_any_byte_changed_is_refused() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let right = world.attest(open, &cast.attestor, UNTIL);
    let bad = ProofRefusal::BadSignature { signer: cast.attestor.number };
    for at in 0..right.signature.len() {
        for change in [0x01, 0x80] {
            let mut wrong = right.clone();
            wrong.signature[at] ^= change;
            refused(&mut world, open, Proof::Attestors(vec![wrong]), bad);
        }
    }
    for signature in [[0; 64], [0xff; 64]] {
        let wrong = Attestation { signature, ..right.clone() };
        refused(&mut world, open, Proof::Attestors(vec![wrong]), bad);
    }
    world.send(&cast.stranger, world.suite.voucher().confirm(open, Proof::Attestors(vec![right])));
}

#[test]
fn only_the_wrapped_digest_in_lower_case_is_accepted() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let bytes = said(&mut world, open, &cast.attestor, UNTIL).to_bytes();
    let right = wrapped::<Native>(&bytes);
    let digest = Native::blake2b_256(&bytes);
    let forms: [Vec<u8>; 7] = [
        bytes.to_vec(),
        digest.to_vec(),
        right[7..71].to_vec(),
        [&b"<Bytes>"[..], &bytes, b"</Bytes>"].concat(),
        [&b"<Bytes>"[..], &digest, b"</Bytes>"].concat(),
        [&b"<Bytes>"[..], &right[7..71].to_ascii_uppercase(), b"</Bytes>"].concat(),
        [&b"<Bytes>0x"[..], &right[7..71], b"</Bytes>"].concat(),
    ];
    for form in forms {
        assert_ne!(form, right);
        let bad = ProofRefusal::BadSignature { signer: cast.attestor.number };
        refused(&mut world, open, attestors_signature(&cast, UNTIL, &form), bad);
    }
    world.send(&cast.stranger, world.suite.voucher().confirm(open, attestors_signature(&cast, UNTIL, &right)));
}

#[test]
fn a_proof_of_another_redemption_or_of_another_shops_does_not_serve() {
    let (mut world, cast) = stage();
    let (programme, number) = world.funded_voucher(300);
    let other = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    let open = request(&mut world, &cast.shop, number, 100);
    let others = [request(&mut world, &second, number, 100), request(&mut world, &cast.shop, other, 100)];
    let bad = ProofRefusal::BadSignature { signer: cast.attestor.number };
    let own = world.proof(open);
    for number in others {
        let anothers = world.proof(number);
        refused(&mut world, open, anothers, bad);
        refused(&mut world, number, own.clone(), bad);
    }
    world.send(&cast.stranger, world.suite.voucher().confirm(open, own));
}

#[test]
fn a_proof_of_a_cancelled_redemption_does_not_serve_for_the_next_one() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let proof = world.proof(open);
    cancel(&mut world, open);
    let next = request(&mut world, &cast.shop, number, 100);
    refused(&mut world, next, proof, ProofRefusal::BadSignature { signer: cast.attestor.number });
}

#[test]
fn an_attestation_counts_until_just_before_its_own_end() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let valid_until = START + 1_000;
    let attestation = world.attest(open, &cast.attestor, valid_until);
    let stale = ProofRefusal::Stale { signer: cast.attestor.number, valid_until };
    for at in [valid_until + 1, valid_until] {
        world.chain.set_time(at);
        refused(&mut world, open, Proof::Attestors(vec![attestation.clone()]), stale);
    }
    world.chain.set_time(valid_until - 1);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, Proof::Attestors(vec![attestation])));
}

#[test]
fn an_attestation_for_ever_does_not_keep_a_redemption_open() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let proof = Proof::Attestors(vec![world.attest(open, &cast.attestor, u64::MAX)]);
    let expires = START + USUAL_WINDOW;
    world.chain.set_time(expires);
    let late = Error::Redemption(RedemptionRefusal::TooLate { expires });
    world.refuses(&cast.stranger, world.suite.voucher().confirm(open, proof), late);
}

#[test]
fn signatures_count_by_the_key_that_is_registered_and_not_by_the_account() {
    let (mut world, cast) = stage();
    let service = Actor::named("attestor's signing key");
    let wanted = registration("attestor with a key", &[Role::RedemptionAttestor]);
    let wanted = Registration { key: Some(service.account()), ..wanted };
    let register = world.suite.registry().register(wanted);
    let number = world.send(&cast.government.actor, register).value;
    let account = Person { actor: Actor::named("attestor with a key"), number };
    let programme = programme_with(&mut world, |terms| terms.attestors = vec![account.id()]);
    let voucher = world.funded_voucher_in(programme, 300);
    let open = request(&mut world, &cast.shop, voucher, 100);
    let by_account = world.attest(open, &account, UNTIL);
    let signature = service.sign(&said(&mut world, open, &account, UNTIL).signed_bytes::<Native>());
    let by_key = Attestation { signature, ..by_account.clone() };
    let bad = ProofRefusal::BadSignature { signer: number };
    refused(&mut world, open, Proof::Attestors(vec![by_account]), bad);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, Proof::Attestors(vec![by_key])));
}

#[test]
fn the_holder_confirms_alone_where_the_programme_allows_it_and_anybody_may_bring_its_proof() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.holder_signature = true);
    let number = world.funded_voucher_in(programme, 300);
    for bringer in [&cast.stranger, &cast.shop.actor, &cast.citizen.actor] {
        let open = request(&mut world, &cast.shop, number, 100);
        let proof = holders(&mut world, open, &cast.citizen, UNTIL);
        world.send(bringer, world.suite.voucher().confirm(open, proof));
    }
    assert_eq!(books(&mut world, programme), [300, 0, 0, 300, 0]);
}

#[test]
fn the_holders_signature_is_refused_where_the_programme_does_not_allow_it() {
    let (mut world, cast) = stage();
    let number = world.funded_voucher(300).1;
    let open = request(&mut world, &cast.shop, number, 100);
    let proof = holders(&mut world, open, &cast.citizen, UNTIL);
    refused(&mut world, open, proof, ProofRefusal::HolderNotAllowed);
}

#[test]
fn nobody_but_the_holder_signs_for_the_holder() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.holder_signature = true);
    let number = world.funded_voucher_in(programme, 300);
    let open = request(&mut world, &cast.shop, number, 100);
    let other = world.enrol("other citizen", &[Role::Citizen]);
    let bad = ProofRefusal::BadSignature { signer: cast.citizen.number };
    for signer in [&other, &cast.shop, &cast.attestor, &cast.government] {
        let proof = holders(&mut world, open, signer, UNTIL);
        refused(&mut world, open, proof, bad);
    }
    let own = holders(&mut world, open, &cast.citizen, UNTIL);
    let as_attestor = Proof::Attestors(vec![world.attest(open, &cast.citizen, UNTIL)]);
    refused(&mut world, open, as_attestor, ProofRefusal::NotListed { signer: cast.citizen.number });
    world.send(&cast.stranger, world.suite.voucher().confirm(open, own));
}

#[test]
fn the_holders_signature_is_over_this_redemption_and_for_a_limited_time() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.holder_signature = true);
    let number = world.funded_voucher_in(programme, 300);
    let second = second_shop(&mut world);
    let open = request(&mut world, &cast.shop, number, 100);
    let anothers = request(&mut world, &second, number, 100);
    let signer = cast.citizen.number;
    let valid_until = START + 1_000;
    let proof = holders(&mut world, open, &cast.citizen, valid_until);
    refused(&mut world, anothers, proof.clone(), ProofRefusal::BadSignature { signer });
    let Proof::Holder { signature, .. } = proof else { panic!("a holder's proof") };
    let longer = Proof::Holder { valid_until: valid_until + 1, signature };
    refused(&mut world, open, longer, ProofRefusal::BadSignature { signer });
    world.chain.set_time(valid_until);
    refused(&mut world, open, proof.clone(), ProofRefusal::Stale { signer, valid_until });
    world.chain.set_time(valid_until - 1);
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}

#[test]
fn a_suspended_holder_does_not_sign() {
    let (mut world, cast) = stage();
    let programme = programme_with(&mut world, |terms| terms.holder_signature = true);
    let number = world.funded_voucher_in(programme, 300);
    let open = request(&mut world, &cast.shop, number, 100);
    let proof = holders(&mut world, open, &cast.citizen, UNTIL);
    world.suspend(&cast.citizen);
    let signer = cast.citizen.number;
    refused(&mut world, open, proof.clone(), ProofRefusal::NotInGoodStanding { signer });
    world.send(&cast.regulator.actor, world.suite.registry().reinstate(signer));
    world.send(&cast.stranger, world.suite.voucher().confirm(open, proof));
}
