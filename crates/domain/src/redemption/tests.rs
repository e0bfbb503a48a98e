use super::*;
use crate::{crypto::Native, participant::Status, roles::Roles};
use proptest::prelude::*;
use scale::Encode;
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};

fn pair(seed: u8) -> Keypair {
    MiniSecretKey::from_bytes(&[seed; 32]).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

fn attestor(number: ParticipantId, seed: u8) -> Credentials {
    Credentials {
        number,
        account: [seed; 32],
        roles: Roles::of(&[Role::RedemptionAttestor]).unwrap(),
        status: Status::Active,
        key: pair(seed).public.to_bytes(),
        epoch: 4,
        blacklisted: false,
        identity_valid_until: 0,
    }
}

fn redemption() -> Redemption {
    Redemption {
        voucher: 11,
        shop: 22,
        account: [0x22; 32],
        amount: Amount::new(50_000),
        requested_at: 1_000,
        expires: 2_000,
        status: RedemptionStatus::Open,
        links: Links::default(),
    }
}

fn claim(redemption: &Redemption) -> Claim<'_> {
    Claim { domain: [0xdd; 32], number: 33, redemption, now: 1_500 }
}

fn sign(claim: &Claim, signer: &Credentials, seed: u8, valid_until: Millis) -> Signature {
    let bytes = claim.attestation(signer, valid_until).signed_bytes::<Native>();
    pair(seed).sign_simple(b"substrate", &bytes).to_bytes()
}

fn proof(claim: &Claim, signer: &Credentials, seed: u8) -> (Attestation, Option<Credentials>) {
    let signature = sign(claim, signer, seed, 1_900);
    (Attestation { attestor: signer.number, valid_until: 1_900, signature }, Some(signer.clone()))
}

fn check(claim: &Claim, proofs: &[(Attestation, Option<Credentials>)], needed: u8) -> Result<(), ProofRefusal> {
    claim.attested::<Native>(proofs, &[1, 2, 3, 22], needed)
}

#[test]
fn one_attestor_of_one_and_two_of_three_confirm() {
    let redemption = redemption();
    let claim = claim(&redemption);
    let (one, two) = (proof(&claim, &attestor(1, 1), 1), proof(&claim, &attestor(2, 2), 2));
    assert_eq!(check(&claim, std::slice::from_ref(&one), 1), Ok(()));
    assert_eq!(check(&claim, &[two, one], 2), Ok(()));
}

#[test]
fn nobody_too_few_and_too_many_do_not_confirm_not_even_where_none_are_needed() {
    let redemption = redemption();
    let claim = claim(&redemption);
    let one = proof(&claim, &attestor(1, 1), 1);
    assert_eq!(check(&claim, &[], 1), Err(ProofRefusal::WrongCount { needed: 1, given: 0 }));
    assert_eq!(check(&claim, &[], 0), Err(ProofRefusal::WrongCount { needed: 0, given: 0 }));
    assert_eq!(check(&claim, &[one.clone()], 2), Err(ProofRefusal::WrongCount { needed: 2, given: 1 }));
    assert_eq!(check(&claim, &[one.clone(), one], 1), Err(ProofRefusal::WrongCount { needed: 1, given: 2 }));
}

#[test]
fn the_same_attestor_twice_or_one_key_under_two_numbers_is_one_attestor() {
    let redemption = redemption();
    let claim = claim(&redemption);
    let one = proof(&claim, &attestor(1, 1), 1);
    assert_eq!(check(&claim, &[one.clone(), one.clone()], 2), Err(ProofRefusal::Repeated { signer: 1 }));
    let same_key = proof(&claim, &attestor(2, 1), 1);
    assert_eq!(check(&claim, &[one, same_key], 2), Err(ProofRefusal::Repeated { signer: 2 }));
}

#[test]
fn an_attestor_must_be_listed_known_active_and_still_hold_the_role_and_not_be_the_shop() {
    let redemption = redemption();
    let claim = claim(&redemption);
    let good = attestor(1, 1);
    let unlisted = proof(&claim, &attestor(9, 1), 1);
    assert_eq!(check(&claim, &[unlisted], 1), Err(ProofRefusal::NotListed { signer: 9 }));
    let refused = Err(ProofRefusal::NotInGoodStanding { signer: 1 });
    let (attestation, _) = proof(&claim, &good, 1);
    assert_eq!(check(&claim, &[(attestation.clone(), None)], 1), refused);
    let suspended = Credentials { status: Status::Suspended, ..good.clone() };
    assert_eq!(check(&claim, &[(attestation.clone(), Some(suspended))], 1), refused);
    let roleless = Credentials { roles: Roles::NONE, ..good.clone() };
    assert_eq!(check(&claim, &[(attestation.clone(), Some(roleless))], 1), refused);
    let somebody_else = attestor(2, 1);
    assert_eq!(check(&claim, &[(attestation, Some(somebody_else))], 1), refused);
    let shop = proof(&claim, &attestor(22, 5), 5);
    assert_eq!(check(&claim, &[shop], 1), Err(ProofRefusal::IsTheShop { signer: 22 }));
}

#[test]
fn an_attestation_counts_until_just_before_its_own_end() {
    let redemption = redemption();
    let signer = attestor(1, 1);
    let at = |now| {
        let claim = Claim { now, ..claim(&redemption) };
        check(&claim, &[proof(&claim, &signer, 1)], 1)
    };
    assert_eq!(at(1_899), Ok(()));
    assert_eq!(at(1_900), Err(ProofRefusal::Stale { signer: 1, valid_until: 1_900 }));
}

#[test]
fn a_proof_for_another_contract_redemption_voucher_shop_amount_time_epoch_or_key_does_not_verify() {
    let redemption = redemption();
    let claim_ = claim(&redemption);
    let signer = attestor(1, 1);
    let given = proof(&claim_, &signer, 1);
    let bad = Err(ProofRefusal::BadSignature { signer: 1 });
    assert_eq!(check(&Claim { domain: [0xde; 32], ..claim(&redemption) }, &[given.clone()], 1), bad);
    assert_eq!(check(&Claim { number: 34, ..claim(&redemption) }, &[given.clone()], 1), bad);
    for other in [
        Redemption { voucher: 12, ..redemption.clone() },
        Redemption { account: [0x23; 32], ..redemption.clone() },
        Redemption { amount: Amount::new(50_001), ..redemption.clone() },
    ] {
        assert_eq!(check(&claim(&other), &[given.clone()], 1), bad);
    }
    let later = Attestation { valid_until: 1_901, ..given.0.clone() };
    assert_eq!(check(&claim_, &[(later, given.1.clone())], 1), bad);
    let rotated = Credentials { epoch: 5, ..signer.clone() };
    assert_eq!(check(&claim_, &[(given.0.clone(), Some(rotated))], 1), bad);
    let other_key = Credentials { key: pair(2).public.to_bytes(), ..signer };
    assert_eq!(check(&claim_, &[(given.0, Some(other_key))], 1), bad);
}

#[test]
fn the_holder_confirms_alone_only_where_the_programme_allows_it() {
    let redemption = redemption();
    let claim = claim(&redemption);
    let holder = Credentials { roles: Roles::NONE, ..attestor(44, 7) };
    let signature = sign(&claim, &holder, 7, 1_900);
    let check = |known: Option<&Credentials>, allowed, until| {
        claim.signed_by_holder::<Native>(44, known, allowed, until, &signature)
    };
    assert_eq!(check(Some(&holder), true, 1_900), Ok(()));
    assert_eq!(check(Some(&holder), false, 1_900), Err(ProofRefusal::HolderNotAllowed));
    assert_eq!(check(None, true, 1_900), Err(ProofRefusal::NotInGoodStanding { signer: 44 }));
    let suspended = Credentials { status: Status::Suspended, ..holder.clone() };
    assert_eq!(check(Some(&suspended), true, 1_900), Err(ProofRefusal::NotInGoodStanding { signer: 44 }));
    let other = Credentials { number: 45, ..holder.clone() };
    assert_eq!(check(Some(&other), true, 1_900), Err(ProofRefusal::NotInGoodStanding { signer: 44 }));
    assert_eq!(check(Some(&holder), true, 1_901), Err(ProofRefusal::BadSignature { signer: 44 }));
    assert_eq!(check(Some(&holder), true, 1_500), Err(ProofRefusal::Stale { signer: 44, valid_until: 1_500 }));
}

#[test]
fn a_confirmation_is_in_time_until_just_before_the_end_and_expiry_begins_there() {
    assert_eq!(redemption().confirmed(1_999).unwrap().status, RedemptionStatus::Confirmed);
    assert_eq!(redemption().confirmed(2_000), Err(RedemptionRefusal::TooLate { expires: 2_000 }));
    assert_eq!(redemption().expired(1_999), Err(RedemptionRefusal::TooEarly { expires: 2_000 }));
    assert_eq!(redemption().expired(2_000).unwrap().status, RedemptionStatus::Expired);
    assert_eq!(redemption().cancelled().unwrap().status, RedemptionStatus::Cancelled);
}

#[test]
fn an_ended_redemption_stays_ended() {
    for status in [RedemptionStatus::Confirmed, RedemptionStatus::Cancelled, RedemptionStatus::Expired] {
        let ended = Redemption { status, ..redemption() };
        let refused = Err(RedemptionRefusal::NotOpen { status });
        assert_eq!(ended.clone().confirmed(1_500), refused);
        assert_eq!(ended.clone().cancelled(), refused);
        assert_eq!(ended.expired(2_000), refused);
    }
}

#[test]
fn a_shop_has_one_open_redemption_of_a_voucher_at_a_time() {
    let standing = Standing::default().request(1, None, 0).unwrap();
    assert_eq!(
        standing.request(2, Some(RedemptionStatus::Open), 0),
        Err(RedemptionRefusal::AnotherIsOpen { redemption: 1 })
    );
    assert_eq!(standing.request(2, Some(RedemptionStatus::Confirmed), 0).unwrap().latest, 2);
}

#[test]
fn three_unconfirmed_redemptions_bar_the_shop_for_a_day_and_then_it_starts_afresh() {
    let mut standing = Standing::default();
    for redemption in 1..=3 {
        standing = standing.request(redemption, Some(RedemptionStatus::Expired), 0).unwrap().strike(5);
    }
    let until = 5 + BAR;
    let again = |now| standing.request(4, Some(RedemptionStatus::Expired), now);
    assert_eq!(again(6), Err(RedemptionRefusal::Barred { until }));
    assert_eq!(again(until - 1), Err(RedemptionRefusal::Barred { until }));
    assert_eq!(again(until), Ok(Standing { latest: 4, strikes: 0, barred_until: 0 }));
}

#[test]
fn a_confirmed_redemption_forgives_earlier_strikes() {
    let struck = Standing { latest: 1, strikes: 2, barred_until: 0 };
    assert_eq!(struck.request(2, Some(RedemptionStatus::Confirmed), 0).unwrap().strikes, 0);
    assert_eq!(struck.request(2, Some(RedemptionStatus::Cancelled), 0).unwrap().strikes, 2);
    assert_eq!(struck.request(2, None, 0).unwrap().strikes, 2, "clearing a record forgives nothing");
}

#[test]
fn a_cleared_record_leaves_nothing_behind_but_strikes_that_still_count() {
    let clean = Standing { latest: 7, strikes: 0, barred_until: 0 };
    let counts = |standing: Standing, cleared, status, now| standing.still_counts(cleared, status, false, now);
    assert!(!counts(clean, 7, RedemptionStatus::Confirmed, 0));
    assert!(counts(clean, 6, RedemptionStatus::Confirmed, 0), "a later one needs it");
    let struck = clean.strike(0);
    assert!(counts(struck, 7, RedemptionStatus::Expired, 0));
    assert!(!counts(struck, 7, RedemptionStatus::Confirmed, 0));
    let barred = struck.strike(0).strike(0);
    assert!(counts(barred, 7, RedemptionStatus::Expired, BAR - 1));
    assert!(!counts(barred, 7, RedemptionStatus::Expired, BAR));
}

#[test]
fn nothing_counts_any_more_of_a_voucher_that_has_ended() {
    let struck = Standing { latest: 7, strikes: 0, barred_until: 0 }.strike(0);
    for standing in [struck, struck.strike(0), struck.strike(0).strike(0)] {
        assert!(!standing.still_counts(7, RedemptionStatus::Expired, true, 0));
        assert!(!standing.still_counts(7, RedemptionStatus::Cancelled, true, 0));
        assert!(!standing.still_counts(6, RedemptionStatus::Confirmed, true, 0), "an earlier one's record");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_changed_bit_of_a_signature_verifies(bit in 0usize..512) {
        let redemption = redemption();
        let claim = claim(&redemption);
        let mut given = proof(&claim, &attestor(1, 1), 1);
        given.0.signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(check(&claim, &[given], 1), Err(ProofRefusal::BadSignature { signer: 1 }));
    }
}

#[test]
fn a_stored_redemption_takes_105_bytes() {
    assert_eq!(redemption().encode().len(), 105);
}

#[test]
fn active_shops_and_operators_ask_and_nobody_else() {
    for index in 0..64 {
        let Some(role) = Role::from_index(index) else { continue };
        let active = Credentials { roles: Roles::of(&[role]).unwrap(), ..attestor(1, 1) };
        assert_eq!(may_redeem(&active), matches!(role, Role::Shop | Role::Operator), "{role:?}");
        assert!(!may_redeem(&Credentials { status: Status::Suspended, ..active }));
    }
}

#[test]
fn a_card_is_free_until_a_redemption_takes_it() {
    assert_eq!(must_be_free(0), Ok(()));
    assert_eq!(must_be_free(5), Err(RedemptionRefusal::CardUsed { redemption: 5 }));
}
