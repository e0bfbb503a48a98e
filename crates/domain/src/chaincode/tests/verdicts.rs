//! One verdict: what it is about, who signed it, until when.

use super::*;

/// Every single way in which a statement can be about something else.
fn misdirected(right: &VerdictStatement) -> Vec<VerdictStatement> {
    let right = || right.clone();
    vec![
        VerdictStatement { domain: [0xde; 32], ..right() },
        VerdictStatement { case: 34, ..right() },
        VerdictStatement { revision: 1, ..right() },
        VerdictStatement { revision: 3, ..right() },
        VerdictStatement { event: [0xee; 32], ..right() },
        VerdictStatement { role: right().role + 1, ..right() },
        VerdictStatement { epoch: 3, ..right() },
        VerdictStatement { epoch: 5, ..right() },
        VerdictStatement { key: [99; 32], ..right() },
    ]
}

#[test]
fn a_verdict_about_another_contract_case_revision_event_role_epoch_or_key_does_not_count() {
    for real in [false, true] {
        let scene = Scene::new(1, real);
        for verdict in [Verdict::Pass, Verdict::Failed] {
            for wrong in misdirected(&scene.statement(0, verdict)) {
                let sent = scene.signed(0, &wrong);
                assert_eq!(scene.unlock(&[sent]), stopped(Code::OracleFailed), "{wrong:?}");
            }
        }
    }
}

/// X1: of all 138 bytes.
#[test]
fn a_verdict_with_any_byte_of_its_statement_changed_does_not_count() {
    let scene = Scene::new(1, true);
    for verdict in [Verdict::Pass, Verdict::Failed] {
        let right = scene.statement(0, verdict).to_bytes();
        for at in 0..right.len() {
            let mut wrong = right;
            wrong[at] ^= 1;
            let signature = scene.sign(11, &crate::layout::wrapped::<Native>(&wrong));
            let sent = SignedVerdict { verdict, valid_until: LATER, signature };
            assert_eq!(scene.unlock(&[sent]), stopped(Code::OracleFailed), "byte {at}");
        }
    }
}

#[test]
fn a_signature_over_the_raw_statement_or_with_any_byte_changed_does_not_count() {
    let scene = Scene::new(1, true);
    let right = scene.says(0, Verdict::Pass);
    assert_eq!(scene.unlock(std::slice::from_ref(&right)), scene.success());
    let raw = scene.sign(11, &scene.statement(0, Verdict::Pass).to_bytes());
    assert_eq!(scene.unlock(&[SignedVerdict { signature: raw, ..right.clone() }]), stopped(Code::OracleFailed));
    for at in 0..64 {
        let mut signature = right.signature;
        signature[at] ^= 1 << (at % 8);
        let sent = SignedVerdict { signature, ..right.clone() };
        assert_eq!(scene.unlock(&[sent]), stopped(Code::OracleFailed), "byte {at}");
    }
}

#[test]
fn a_verdict_turned_round_or_given_another_time_than_was_signed_does_not_count() {
    let scene = Scene::new(1, false);
    for (signed, claimed) in [(Verdict::Pass, Verdict::Failed), (Verdict::Failed, Verdict::Pass)] {
        let turned = SignedVerdict { verdict: claimed, ..scene.says(0, signed) };
        assert_eq!(scene.unlock(&[turned]), stopped(Code::OracleFailed));
        for valid_until in [LATER - 1, LATER + 1, Millis::MAX] {
            let moved = SignedVerdict { valid_until, ..scene.says(0, signed) };
            assert_eq!(scene.unlock(&[moved]), stopped(Code::OracleFailed));
        }
    }
}

#[test]
fn a_verdict_counts_until_one_millisecond_before_its_end_and_is_not_even_checked_from_then_on() {
    let mut scene = Scene::new(1, false);
    let (pass, failed) = (scene.says(0, Verdict::Pass), scene.says(0, Verdict::Failed));
    for (now, counts) in [(0, true), (LATER - 1, true), (LATER, false), (LATER + 1, false), (Millis::MAX, false)] {
        scene.about.now = now;
        let (passed, refused) = if counts {
            (scene.success(), failed_by(Role::Bank))
        } else {
            (stopped(Code::OracleFailed), stopped(Code::OracleFailed))
        };
        Fake::checks();
        assert_eq!(scene.unlock(std::slice::from_ref(&pass)), passed);
        assert_eq!(scene.unlock(std::slice::from_ref(&failed)), refused);
        assert_eq!(Fake::checks(), if counts { 2 } else { 0 });
    }
}

#[test]
fn an_oracle_whose_verdict_does_not_count_any_more_neither_passes_nor_ends_the_revision() {
    let mut scene = Scene::new(2, false);
    let (one, two) = (scene.says(0, Verdict::Pass), scene.says(1, Verdict::Pass));
    let no = scene.says(1, Verdict::Failed);
    scene.keys[1].known = None;
    Fake::checks();
    assert_eq!(scene.unlock(&[one.clone(), two]), stopped(Code::OracleFailed));
    assert_eq!(scene.unlock(&[one, no]), stopped(Code::OracleFailed));
    assert_eq!(Fake::checks(), 0);
}

#[test]
fn an_oracle_that_rotated_its_key_signs_again_with_the_new_one() {
    let mut scene = Scene::new(1, false);
    let old = scene.says(0, Verdict::Pass);
    scene.keys[0].known = Some(([88; 32], 5));
    assert_eq!(scene.unlock(&[old]), stopped(Code::OracleFailed));
    let statement = VerdictStatement { key: [88; 32], epoch: 5, ..scene.statement(0, Verdict::Pass) };
    let signature = scene.sign(88, &statement.signed_bytes::<Native>());
    let new = SignedVerdict { verdict: Verdict::Pass, valid_until: LATER, signature };
    assert_eq!(scene.unlock(&[new]), scene.success());
}

#[test]
fn a_role_that_does_not_exist_has_no_verdicts() {
    let mut scene = Scene::new(1, false);
    let passes = scene.passes();
    scene.keys[0].role = Role::Custom(32);
    assert_eq!(scene.unlock(&passes), stopped(Code::OracleFailed));
}
