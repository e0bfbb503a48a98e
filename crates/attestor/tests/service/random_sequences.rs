use crate::{on_chain, request, service, wrong, Mood, Moody, EXPIRES, NOW};
use amanah_attestor::{Error, MemoryStore, Request};
use proptest::prelude::*;

/// Something that somebody does.
#[derive(Clone, Debug)]
enum Step {
    Open,
    OpenWithAnotherShop,
    Resend,
    Right,
    Wrong(u32),
    Malformed,
    Restart,
    Transport(Mood),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Open),
        1 => Just(Step::OpenWithAnotherShop),
        2 => Just(Step::Resend),
        2 => Just(Step::Right),
        4 => (0..1_000_u32).prop_map(Step::Wrong),
        1 => Just(Step::Malformed),
        1 => Just(Step::Restart),
        2 => prop_oneof![Just(Mood::Sends), Just(Mood::Refuses), Just(Mood::SendsAndFails)].prop_map(Step::Transport),
        1 => (0..EXPIRES - NOW).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_there_is_one_code_three_wrong_tries_three_messages_and_one_attestation(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let sms = Moody::new(Mood::Sends);
        let mut service = service(MemoryStore::new(), sms.clone());
        let mut now = NOW;
        let mut wrong_tries = 0_u8;
        let mut given = None;
        for step in steps {
            let code = sms.received().first().cloned();
            let entered = match (&step, &code) {
                (Step::Right, Some(code)) => Some((code.clone(), true)),
                (Step::Wrong(nth), Some(code)) => Some((wrong(code, *nth), false)),
                (Step::Wrong(nth), None) => Some((format!("{nth:06}"), false)),
                _ => None,
            };
            if let Some((typed, right)) = entered {
                let may_learn = now < EXPIRES && wrong_tries < 3 && code.is_some();
                match service.confirm(33, &typed, now) {
                    Ok(attestation) => {
                        prop_assert!(right && may_learn);
                        prop_assert_eq!(on_chain(&request(33), &attestation), Ok(()));
                        prop_assert_eq!(given.get_or_insert(attestation.clone()), &attestation);
                    }
                    Err(Error::WrongCode { tries_left, .. }) => {
                        prop_assert!(!right && may_learn);
                        wrong_tries += 1;
                        prop_assert_eq!(tries_left, 3 - wrong_tries);
                    }
                    Err(error) => prop_assert!(!may_learn, "{}", error),
                }
            }
            match step {
                Step::Open => {
                    if let Ok(ticket) = service.open(&request(33), now) {
                        prop_assert_eq!(ticket.tries_left, 3 - wrong_tries);
                        prop_assert_eq!(ticket.confirmed, given.is_some());
                        prop_assert_eq!(usize::from(ticket.messages_left), 3 - sms.received().len());
                    }
                }
                Step::OpenWithAnotherShop if code.is_some() => {
                    let other = Request { shop: [0x23; 32], ..request(33) };
                    prop_assert!(service.open(&other, now).is_err());
                }
                Step::Resend => {
                    let _ = service.resend(33, now);
                }
                Step::Malformed => {
                    prop_assert_eq!(service.confirm(33, "12345", now), Err(Error::NotACode { length: 5 }));
                }
                Step::Restart => {
                    let (store, sms) = service.into_parts();
                    service = crate::service(store, sms);
                }
                Step::Transport(mood) => sms.is_now(mood),
                Step::Wait(millis) => now += millis,
                Step::Right | Step::Wrong(_) | Step::OpenWithAnotherShop => {}
            }
            let received = sms.received();
            prop_assert!(received.len() <= 3);
            prop_assert!(received.iter().all(|code| *code == received[0]));
        }
    }
}
