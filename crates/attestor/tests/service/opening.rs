use crate::{in_memory, opened, phone, refused, request, service, uncertain, wrong, Mood, Moody, EXPIRES, NOW};
use amanah_attestor::{Error, MemoryStore, PhoneNumber, Request, RequestError, Ticket};
use amanah_domain::{
    money::Amount,
    time::{Millis, MINUTE},
};

#[test]
fn the_holder_is_sent_the_shop_the_amount_and_the_code() {
    let mut service = in_memory();
    let ticket = service.open(&request(33), NOW).unwrap();
    assert_eq!(ticket, Ticket { redemption: 33, ends: EXPIRES, tries_left: 3, messages_left: 2, confirmed: false });
    let [message] = service.sms().messages() else { panic!("one message") };
    assert_eq!((message.to(), message.shop(), message.amount()), (&phone(), "Warung Sari", "Rp 50.000"));
    assert_eq!(message.code().len(), 6);
    for part in [message.shop(), message.amount(), message.code()] {
        assert!(message.text().contains(part));
    }
}

#[test]
fn a_code_is_valid_for_ten_minutes_or_until_the_redemption_ends() {
    let ends = |expires: Millis| in_memory().open(&Request { expires, ..request(33) }, NOW).unwrap().ends;
    assert_eq!(ends(NOW + 10 * MINUTE - 1), NOW + 10 * MINUTE - 1);
    assert_eq!(ends(NOW + 10 * MINUTE), NOW + 10 * MINUTE);
    assert_eq!(ends(NOW + 60 * MINUTE), NOW + 10 * MINUTE);
}

#[test]
fn redemptions_have_codes_of_their_own() {
    let mut service = in_memory();
    let mut codes: Vec<_> = (1..=50).map(|redemption| opened(&mut service, redemption)).collect();
    codes.sort();
    codes.dedup();
    // Four coinciding pairs among 50 of a million: less than one in a hundred billion.
    assert!(codes.len() > 46, "{} different codes", codes.len());
}

#[test]
fn opening_again_sends_nothing_and_gives_no_fresh_code_and_no_fresh_tries() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    service.confirm(33, &wrong(&code, 0), NOW).unwrap_err();
    let again = service.open(&request(33), NOW + MINUTE).unwrap();
    assert_eq!(again, Ticket { redemption: 33, ends: EXPIRES, tries_left: 2, messages_left: 2, confirmed: false });
    assert_eq!(service.sms().messages().len(), 1);
    assert!(service.confirm(33, &code, NOW + MINUTE).is_ok());
    assert!(service.open(&request(33), NOW + MINUTE).unwrap().confirmed);
    assert_eq!(service.sms().messages().len(), 1);
}

#[test]
fn a_dead_redemption_cannot_be_opened_or_messaged_again() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    for nth in 0..3 {
        service.confirm(33, &wrong(&code, nth), NOW).unwrap_err();
    }
    let dead = Err(Error::TriesUsedUp { redemption: 33, tries: 3 });
    assert_eq!(service.open(&request(33), NOW), dead);
    assert_eq!(service.resend(33, NOW), dead);
    assert_eq!(service.sms().messages().len(), 1);
}

#[test]
fn a_redemption_cannot_be_opened_again_with_any_other_fact() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    let first = request(33);
    for other in [
        Request { voucher: 12, ..first.clone() },
        Request { shop: [0x23; 32], ..first.clone() },
        Request { shop_name: "Toko Maju".to_owned(), ..first.clone() },
        Request { amount: Amount::new(60_000), amount_text: "Rp 60.000".to_owned(), ..first.clone() },
        Request { amount_text: "IDR 50.000".to_owned(), ..first.clone() },
        Request { expires: EXPIRES + 1, ..first.clone() },
        Request { phone: PhoneNumber::new("+6281234567891").unwrap(), ..first.clone() },
    ] {
        assert_eq!(service.open(&other, NOW), Err(Error::DifferentRequest { redemption: 33 }));
    }
    assert_eq!(service.sms().messages().len(), 1);
    assert!(service.confirm(33, &code, NOW).is_ok());
}

#[test]
fn until_a_message_may_have_gone_out_phone_and_words_may_be_corrected_and_nothing_else() {
    let sms = Moody::new(Mood::Refuses);
    let mut service = service(MemoryStore::new(), sms.clone());
    let first = request(33);
    assert_eq!(service.open(&first, NOW), Err(Error::Sms(refused())));
    for other in [
        Request { voucher: 12, ..first.clone() },
        Request { shop: [0x23; 32], ..first.clone() },
        Request { amount: Amount::new(60_000), amount_text: "Rp 60.000".to_owned(), ..first.clone() },
        Request { expires: EXPIRES + 1, ..first.clone() },
    ] {
        assert_eq!(service.open(&other, NOW), Err(Error::DifferentRequest { redemption: 33 }));
    }
    let corrected = Request {
        shop_name: "Toko Maju".to_owned(),
        amount_text: "IDR 50.000".to_owned(),
        phone: PhoneNumber::new("+6281234567891").unwrap(),
        ..first.clone()
    };
    assert_eq!(service.open(&corrected, NOW), Err(Error::Sms(refused())));
    sms.is_now(Mood::SendsAndFails);
    assert_eq!(service.open(&corrected, NOW), Err(Error::Sms(uncertain())));
    // Somebody may have read these words.
    assert_eq!(service.open(&first, NOW), Err(Error::DifferentRequest { redemption: 33 }));
    sms.is_now(Mood::Sends);
    let ticket = service.open(&corrected, NOW + MINUTE).unwrap();
    assert_eq!(ticket, Ticket { redemption: 33, ends: EXPIRES, tries_left: 3, messages_left: 1, confirmed: false });
    let messages = sms.messages();
    let [earlier, last] = &messages[..] else { panic!("two messages") };
    assert_eq!((last.to(), last.shop(), last.amount()), (&corrected.phone, "Toko Maju", "IDR 50.000"));
    assert_eq!(last.code(), earlier.code(), "one redemption, one code");
    assert!(service.confirm(33, last.code(), NOW + MINUTE).is_ok());
}

#[test]
fn a_request_that_cannot_be_made_leaves_no_trace() {
    let mut service = in_memory();
    let bad = Request { amount_text: "Rp 5.000".to_owned(), ..request(33) };
    assert_eq!(service.open(&bad, NOW), Err(RequestError::AmountTextDiffers { amount: 50_000 }.into()));
    assert_eq!(service.open(&request(33), EXPIRES), Err(Error::TimeOver { redemption: 33, ended: EXPIRES }));
    assert_eq!(service.open(&request(33), NOW / 1_000), Err(Error::ImplausibleTime { at: NOW / 1_000 }));
    assert!(service.sms().messages().is_empty());
    assert_eq!(service.confirm(33, "123456", NOW), Err(Error::Unknown { redemption: 33 }));
}

#[test]
fn a_code_whose_time_is_over_is_not_sent_again() {
    let mut service = in_memory();
    let long = Request { expires: NOW + 60 * MINUTE, ..request(33) };
    let ended = service.open(&long, NOW).unwrap().ends;
    let over = Err(Error::TimeOver { redemption: 33, ended });
    assert!(service.open(&long, ended - 1).is_ok());
    assert_eq!(service.open(&long, ended), over);
    assert_eq!(service.resend(33, ended), over);
    assert!(service.resend(33, ended - 1).is_ok());
}

#[test]
fn the_same_code_is_sent_again_on_demand_three_times_in_all() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    assert_eq!(service.resend(33, NOW).unwrap().messages_left, 1);
    assert_eq!(service.resend(33, NOW).unwrap().messages_left, 0);
    assert_eq!(service.resend(33, NOW), Err(Error::MessagesUsedUp { redemption: 33, messages: 3 }));
    let sent: Vec<_> = service.sms().messages().iter().map(|message| message.code()).collect();
    assert_eq!(sent, [&code, &code, &code]);
}

#[test]
fn nothing_is_sent_again_after_the_right_code_or_for_a_redemption_that_nobody_opened() {
    let mut service = in_memory();
    let code = opened(&mut service, 33);
    service.confirm(33, &code, NOW).unwrap();
    assert_eq!(service.resend(33, NOW), Err(Error::AlreadyConfirmed { redemption: 33 }));
    assert_eq!(service.resend(34, NOW), Err(Error::Unknown { redemption: 34 }));
    assert_eq!(service.resend(33, NOW / 1_000), Err(Error::ImplausibleTime { at: NOW / 1_000 }));
    assert_eq!(service.sms().messages().len(), 1);
}

#[test]
fn a_message_that_did_not_go_out_is_reported_and_the_redemption_can_be_opened_again() {
    let sms = Moody::new(Mood::Refuses);
    let mut service = service(MemoryStore::new(), sms.clone());
    for _ in 0..5 {
        assert_eq!(service.open(&request(33), NOW), Err(Error::Sms(refused())));
    }
    sms.is_now(Mood::Sends);
    let ticket = service.open(&request(33), NOW).unwrap();
    assert_eq!((ticket.tries_left, ticket.messages_left), (3, 2), "what did not go out does not count");
    assert!(service.confirm(33, &sms.received()[0], NOW).is_ok());
}

#[test]
fn as_long_as_no_code_went_out_none_can_be_tried_and_no_try_is_lost() {
    let sms = Moody::new(Mood::Refuses);
    let mut service = service(MemoryStore::new(), sms.clone());
    service.open(&request(33), NOW).unwrap_err();
    assert_eq!(service.confirm(33, "123456", NOW), Err(Error::NoCodeSent { redemption: 33 }));
    sms.is_now(Mood::Sends);
    assert_eq!(service.open(&request(33), NOW).unwrap().tries_left, 3);
}

#[test]
fn a_message_that_may_have_gone_out_counts_and_its_code_stays_good() {
    let sms = Moody::new(Mood::SendsAndFails);
    let mut service = service(MemoryStore::new(), sms.clone());
    assert_eq!(service.open(&request(33), NOW), Err(Error::Sms(uncertain())));
    let wrong_code = wrong(&sms.received()[0], 0);
    let refused = service.confirm(33, &wrong_code, NOW);
    assert_eq!(refused, Err(Error::WrongCode { redemption: 33, tries_left: 2 }));
    for _ in 0..2 {
        assert_eq!(service.open(&request(33), NOW), Err(Error::Sms(uncertain())));
    }
    assert_eq!(service.open(&request(33), NOW), Err(Error::MessagesUsedUp { redemption: 33, messages: 3 }));
    let received = sms.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|code| *code == received[0]), "one redemption, one code");
    let refused = service.confirm(33, &wrong_code, NOW);
    assert_eq!(refused, Err(Error::WrongCode { redemption: 33, tries_left: 1 }), "no fresh tries");
    assert!(service.confirm(33, &received[0], NOW).is_ok());
}

#[test]
fn once_the_right_code_was_entered_it_is_plain_that_the_message_went_out() {
    let sms = Moody::new(Mood::SendsAndFails);
    let mut service = service(MemoryStore::new(), sms.clone());
    service.open(&request(33), NOW).unwrap_err();
    service.confirm(33, &sms.received()[0], NOW).unwrap();
    assert!(service.open(&request(33), NOW).unwrap().confirmed);
    assert_eq!(sms.received().len(), 1);
}
