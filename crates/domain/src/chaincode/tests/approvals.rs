//! The applicant's signature on an event.

use super::*;

fn statement(scene: &Scene) -> ApplicantStatement {
    ApplicantStatement {
        domain: [0xdd; 32],
        flow: 3,
        applicant: 7,
        nonce: 5,
        revision: 2,
        body: scene.event.body_hash::<Native>(),
        epoch: 4,
        key: Scene::key(scene.real, 7),
        valid_until: LATER,
    }
}

/// A statement as the applicant sends it.
fn signed(scene: &Scene, statement: &ApplicantStatement) -> Signed {
    let signature = scene.sign(7, &statement.signed_bytes::<Native>());
    Signed { nonce: statement.nonce, valid_until: statement.valid_until, signature }
}

fn check(scene: &Scene, approval: &Signed) -> Result<(), SigningRefusal> {
    let About { domain, revision, applicant, now, .. } = &scene.about;
    if scene.real {
        must_approve::<Native>(approval, domain, &scene.event, *revision, applicant.as_ref(), 0, *now)
    } else {
        must_approve::<Fake>(approval, domain, &scene.event, *revision, applicant.as_ref(), 0, *now)
    }
}

#[test]
fn an_applicants_signature_counts_until_one_millisecond_before_its_end() {
    let mut scene = Scene::new(1, false);
    let approval = signed(&scene, &statement(&scene));
    let stale = Err(SigningRefusal::Stale { valid_until: LATER });
    for (now, expected) in [(LATER - 1, Ok(())), (LATER, stale), (LATER + 1, stale)] {
        scene.about.now = now;
        assert_eq!(check(&scene, &approval), expected);
    }
}

/// X1: of all 148 bytes.
#[test]
fn an_applicants_signature_with_any_byte_of_its_statement_changed_does_not_count() {
    let scene = Scene::new(1, true);
    let approval = signed(&scene, &statement(&scene));
    assert_eq!(check(&scene, &approval), Ok(()));
    let right = statement(&scene).to_bytes();
    for at in 0..right.len() {
        let mut wrong = right;
        wrong[at] ^= 1;
        let signature = scene.sign(7, &crate::layout::wrapped::<Native>(&wrong));
        let sent = Signed { signature, ..approval };
        assert_eq!(check(&scene, &sent), Err(SigningRefusal::BadSignature { signer: 7 }), "byte {at}");
    }
}

#[test]
fn an_applicants_signature_serves_one_nonce_event_revision_contract_and_key() {
    let scene = || Scene::new(1, false);
    let approval = signed(&scene(), &statement(&scene()));
    assert_eq!(check(&scene(), &approval), Ok(()));
    for wrong in [Signed { nonce: 6, ..approval }, Signed { valid_until: LATER + 1, ..approval }] {
        assert_eq!(check(&scene(), &wrong), Err(SigningRefusal::BadSignature { signer: 7 }));
    }
    let changes: [fn(&mut Scene); 6] = [
        |scene| scene.event.flow = 4,
        |scene| scene.event.grantors = vec![12],
        |scene| scene.about.revision = 3,
        |scene| scene.about.domain = [0xde; 32],
        |scene| scene.about.applicant.as_mut().unwrap().epoch = 5,
        |scene| scene.about.applicant.as_mut().unwrap().key = [8; 32],
    ];
    for change in changes {
        let mut other = scene();
        change(&mut other);
        assert_eq!(check(&other, &approval), Err(SigningRefusal::BadSignature { signer: 7 }));
    }
}

#[test]
fn only_the_events_applicant_in_good_standing_signs_for_it() {
    let mut scene = Scene::new(1, false);
    let approval = signed(&scene, &statement(&scene));
    let right = scene.about.applicant.clone().unwrap();
    for wrong in [
        None,
        Some(Credentials { number: 8, ..right.clone() }),
        Some(Credentials { status: Status::Suspended, ..right }),
    ] {
        scene.about.applicant = wrong;
        assert_eq!(check(&scene, &approval), Err(SigningRefusal::NotInGoodStanding { signer: 7 }));
    }
}

#[test]
fn a_signature_that_does_not_count_on_either_side_is_an_event_mismatch() {
    let scene = Scene::new(2, false);
    let right = signed(&scene, &statement(&scene));
    let wrong = Approval::Signed(Signed { nonce: 6, ..right });
    let right = Approval::Signed(right);
    let run = |locked: &Approval, given: &Approval| {
        let code = chaincode(scene.operations(), scene.event.clone(), locked.clone(), scene.keys.clone());
        scene.run(code, unlocking_code(scene.event.clone(), given.clone(), scene.passes()))
    };
    let sender = Approval::Sender;
    for locked in [&sender, &right, &wrong] {
        for given in [&sender, &right, &wrong] {
            let fits = locked != &wrong && given != &wrong;
            let expected = if fits { scene.success() } else { stopped(Code::EventMismatch) };
            assert_eq!(run(locked, given), expected);
        }
    }
}

#[test]
fn two_different_signatures_of_the_applicant_agree_and_the_same_one_is_checked_once() {
    let scene = Scene::new(2, false);
    let one = Approval::Signed(signed(&scene, &statement(&scene)));
    let two = Approval::Signed(signed(&scene, &ApplicantStatement { nonce: 6, ..statement(&scene) }));
    let passes = scene.passes();
    for (given, checks) in [(&one, 3), (&two, 4)] {
        let code = chaincode(scene.operations(), scene.event.clone(), one.clone(), scene.keys.clone());
        Fake::checks();
        let outcome = scene.run(code, unlocking_code(scene.event.clone(), given.clone(), passes.clone()));
        assert_eq!(outcome, scene.success());
        assert_eq!(Fake::checks(), checks);
    }
}
