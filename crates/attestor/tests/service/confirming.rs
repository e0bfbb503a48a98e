use crate::{
    identity, in_memory, on_chain, opened, pair, request, wrong, ATTESTOR, DOMAIN, EPOCH, EXPIRES, NOW, STORE_KEY,
};
use amanah_attestor::{Attestor, Error, Identity, Request, StoreKey};
use amanah_domain::{
    ids::RedemptionId,
    money::Amount,
    redemption::ProofRefusal,
    time::{Millis, MINUTE},
};

fn wrong_code(redemption: RedemptionId, tries_left: u8) -> Error {
    Error::WrongCode { redemption, tries_left }
}

fn dead(redemption: RedemptionId) -> Error {
    Error::TriesUsedUp { redemption, tries: 3 }
}

#[test]
fn the_right_code_makes_an_attestation_that_the_voucher_contract_accepts() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let attestation = service.confirm(33, &code, NOW).unwrap();
    assert_eq!((attestation.attestor, attestation.valid_until), (ATTESTOR, EXPIRES));
    assert_eq!(on_chain(&request(33), &attestation), Ok(()));
}

#[test]
fn the_attestation_is_for_this_redemption_voucher_shop_and_amount_only() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let attestation = service.confirm(33, &code, NOW).unwrap();
    let first = request(33);
    for other in [
        Request { redemption: 34, ..first.clone() },
        Request { voucher: 12, ..first.clone() },
        Request { shop: [0x23; 32], ..first.clone() },
        Request { amount: Amount::new(50_001), ..first.clone() },
    ] {
        assert_eq!(on_chain(&other, &attestation), Err(ProofRefusal::BadSignature { signer: ATTESTOR }));
    }
}

#[test]
fn the_attestation_counts_as_long_as_the_redemption_even_if_the_code_does_not() {
    let mut service = in_memory();
    let long = Request { expires: NOW + 60 * MINUTE, ..request(33) };
    service.open(&long, NOW).unwrap();
    let code = service.sms().messages()[0].code().to_owned();
    let attestation = service.confirm(33, &code, NOW + 10 * MINUTE - 1).unwrap();
    assert_eq!(attestation.valid_until, NOW + 60 * MINUTE);
    assert_eq!(on_chain(&long, &attestation), Ok(()));
}

#[test]
fn three_wrong_codes_kill_the_redemption_even_for_the_right_one() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    for (nth, tries_left) in [(0, 2), (1, 1), (2, 0)] {
        assert_eq!(service.confirm(33, &wrong(&code, nth), NOW), Err(wrong_code(33, tries_left)));
    }
    assert_eq!(service.confirm(33, &wrong(&code, 3), NOW), Err(dead(33)));
    assert_eq!(service.confirm(33, &code, NOW), Err(dead(33)));
}

#[test]
fn the_same_wrong_code_three_times_is_three_tries() {
    let mut service = in_memory();
    let code = wrong(&opened(&mut service, 33), 0);
    for tries_left in [2, 1, 0] {
        assert_eq!(service.confirm(33, &code, NOW), Err(wrong_code(33, tries_left)));
    }
    assert_eq!(service.confirm(33, &code, NOW), Err(dead(33)));
}

#[test]
fn the_third_try_may_be_the_right_one() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    for nth in 0..2 {
        service.confirm(33, &wrong(&code, nth), NOW).unwrap_err();
    }
    let attestation = service.confirm(33, &code, NOW).unwrap();
    assert_eq!(on_chain(&request(33), &attestation), Ok(()));
    assert_eq!(service.confirm(33, &code, NOW), Ok(attestation), "a lost answer is not lost then either");
}

#[test]
fn what_is_not_six_digits_is_refused_without_using_a_try() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    for typed in ["", "12345", "1234567", "12 456", "abcdef", "-12345", "１２"] {
        assert_eq!(service.confirm(33, typed, NOW), Err(Error::NotACode { length: typed.len() }));
    }
    for typed in [format!(" {code}"), format!("{code}\n")] {
        assert_eq!(service.confirm(33, &typed, NOW), Err(Error::NotACode { length: 7 }));
    }
    assert_eq!(service.confirm(33, &wrong(&code, 0), NOW), Err(wrong_code(33, 2)));
}

#[test]
fn a_code_counts_until_just_before_its_own_end() {
    let long = Request { expires: NOW + 60 * MINUTE, ..request(33) };
    let ended = NOW + 10 * MINUTE;
    assert_one_side_of_the_edge(&long, ended);
}

#[test]
fn a_code_counts_until_just_before_the_redemption_ends() {
    assert_one_side_of_the_edge(&request(33), EXPIRES);
}

fn assert_one_side_of_the_edge(request: &Request, ended: Millis) {
    let at = |now| {
        let mut service = in_memory();
        service.open(request, NOW).unwrap();
        let code = service.sms().messages()[0].code().to_owned();
        service.confirm(33, &code, now).map(|attestation| on_chain(request, &attestation))
    };
    let over = Err(Error::TimeOver { redemption: 33, ended });
    assert_eq!(at(ended - 1), Ok(Ok(())));
    assert_eq!(at(ended), over);
    assert_eq!(at(ended + 1), over);
}

#[test]
fn when_the_time_is_over_wrong_codes_and_repeated_right_ones_learn_nothing() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    service.confirm(33, &code, EXPIRES - 1).unwrap();
    let over = Err(Error::TimeOver { redemption: 33, ended: EXPIRES });
    assert_eq!(service.confirm(33, &code, EXPIRES), over);
    assert_eq!(service.confirm(33, &wrong(&code, 0), EXPIRES), over);
}

#[test]
fn seconds_are_not_taken_for_milliseconds_so_that_codes_do_run_out() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let at = EXPIRES / 1_000;
    assert_eq!(service.confirm(33, &code, at), Err(Error::ImplausibleTime { at }));
}

#[test]
fn a_redemption_that_nobody_opened_cannot_be_confirmed() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    assert_eq!(service.confirm(34, &code, NOW), Err(Error::Unknown { redemption: 34 }));
}

#[test]
fn the_code_of_one_redemption_does_not_confirm_another() {
    let mut service = in_memory();
    let first = opened(&mut service, 1);
    let (other, _) = (2..)
        .map(|redemption| (redemption, opened(&mut service, redemption)))
        .find(|(_, code)| *code != first)
        .unwrap();
    service.confirm(1, &first, NOW).unwrap();
    assert_eq!(service.confirm(other, &first, NOW), Err(wrong_code(other, 2)));
}

#[test]
fn the_right_code_again_gives_the_identical_attestation_as_often_as_the_answer_is_lost() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let first = service.confirm(33, &code, NOW).unwrap();
    for later in 1..=5 {
        assert_eq!(service.confirm(33, &code, NOW + later), Ok(first.clone()));
    }
}

#[test]
fn after_the_right_code_the_answer_cannot_be_guessed_at_either() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    service.confirm(33, &code, NOW).unwrap();
    for (nth, tries_left) in [(0, 2), (1, 1), (2, 0)] {
        assert_eq!(service.confirm(33, &wrong(&code, nth), NOW), Err(wrong_code(33, tries_left)));
    }
    assert_eq!(service.confirm(33, &code, NOW), Err(dead(33)));
}

#[test]
fn tries_before_and_after_the_right_code_are_the_same_three() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    service.confirm(33, &wrong(&code, 0), NOW).unwrap_err();
    service.confirm(33, &code, NOW).unwrap();
    assert_eq!(service.confirm(33, &wrong(&code, 1), NOW), Err(wrong_code(33, 1)));
    service.confirm(33, &code, NOW).unwrap();
    assert_eq!(service.confirm(33, &wrong(&code, 2), NOW), Err(wrong_code(33, 0)));
    assert_eq!(service.confirm(33, &code, NOW), Err(dead(33)));
}

#[test]
fn tries_of_one_redemption_are_not_those_of_another() {
    let mut service = in_memory();
    let (one, two) = (opened(&mut service, 1), opened(&mut service, 2));
    for nth in 0..3 {
        service.confirm(1, &wrong(&one, nth), NOW).unwrap_err();
    }
    assert!(service.confirm(2, &two, NOW).is_ok());
}

#[test]
fn after_a_rotation_of_the_key_open_redemptions_are_signed_with_the_new_one() {
    let mut before = in_memory();
    let code = opened(&mut before, 33);
    let (store, sms) = before.into_parts();
    let rotated = Identity::new(DOMAIN, ATTESTOR, EPOCH + 1, pair(2));
    let mut after = Attestor::new(rotated, StoreKey::from_bytes(STORE_KEY), store, sms);
    let attestation = after.confirm(33, &code, NOW).unwrap();
    let refused = Err(ProofRefusal::BadSignature { signer: ATTESTOR });
    assert_eq!(on_chain(&request(33), &attestation), refused, "the old key is not used any more");
}

#[test]
fn a_record_of_another_contract_or_under_another_store_key_is_an_error_and_uses_no_try() {
    let sealed = Err(Error::Sealed { redemption: 33 });
    let mut first = in_memory();
    let code = opened(&mut first, 33);
    let (store, sms) = first.into_parts();
    let elsewhere = Identity::new([0xde; 32], ATTESTOR, EPOCH, pair(1));
    let mut other = Attestor::new(elsewhere, StoreKey::from_bytes(STORE_KEY), store, sms);
    assert_eq!(other.confirm(33, &code, NOW), sealed);
    assert_eq!(other.open(&request(33), NOW), Err(Error::Sealed { redemption: 33 }));
    let (store, sms) = other.into_parts();
    let mut other = Attestor::new(identity(), StoreKey::from_bytes([0x5b; 32]), store, sms);
    assert_eq!(other.confirm(33, &code, NOW), sealed);
    let (store, sms) = other.into_parts();
    let mut first = Attestor::new(identity(), StoreKey::from_bytes(STORE_KEY), store, sms);
    assert_eq!(first.confirm(33, &wrong(&code, 0), NOW), Err(wrong_code(33, 2)));
}
