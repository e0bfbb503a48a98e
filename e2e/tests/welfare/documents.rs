//! Documents that reviewers have looked at and sealed: who may seal, what a seal is over, and that the history keeps them.

mod personal;

use crate::{
    applying::{entry, moved, one_of_each_status},
    common::*,
};
use amanah_client::{Actor, Event};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{Signature, WelfareCaseId},
    layout::{domain_separator, wrapped, SealStatement, SEAL_BYTES},
    roles::Role,
    time::MINUTE,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    Person,
};
use amanah_interfaces::{
    registry::Registry,
    welfare::{BenefitRefusal, BenefitStatus, Decision, Deed, DocumentSealed, Entry, Error, FormRefusal, Welfare},
};

type Cid = [u8; 36];

/// The content id of a sealed document.
fn cid(which: u8) -> Cid {
    samples::document(which).cid
}

/// What a reviewer signs about a document of a case as it stands.
#[track_caller]
fn statement(offices: &mut Offices, case: WelfareCaseId, cid: Cid, reviewer: &Person) -> SealStatement {
    let suite = offices.world.suite.clone();
    let known = offices.world.ask(suite.registry().credentials_of(reviewer.number)).expect("registered");
    let (cid_hash, stage) = (Native::blake2b_256(&cid), offices.case(case).stage);
    SealStatement { domain: suite.welfare_domain(), case, cid_hash, stage, epoch: known.epoch, key: known.key }
}

#[track_caller]
fn refused(offices: &mut Offices, by: &Actor, case: WelfareCaseId, sealed: (Cid, Signature), error: Error) {
    let message = offices.world.suite.welfare().add_document(case, sealed.0, sealed.1);
    offices.world.refuses(by, message, error);
}

/// A reviewer seals a document as is right.
#[track_caller]
fn seals(offices: &mut Offices, reviewer: &Person, case: WelfareCaseId, cid: Cid) {
    let seal = offices.seal(case, cid, reviewer);
    let message = offices.world.suite.welfare().add_document(case, cid, seal);
    offices.world.send(&reviewer.actor, message);
}

/// The documents in a case's history: round, stage, who sealed it, which.
fn sealed(offices: &mut Offices, case: WelfareCaseId) -> Vec<(u32, u8, u64, Cid)> {
    let history = offices.world.ask(offices.world.suite.welfare().history(case, 0, 50));
    let documents = history.into_iter().filter_map(|it| Some((it.round, it.stage, it.by, it.document?)));
    documents.collect()
}

#[test]
fn sealed_documents_stand_in_the_history_in_order_with_who_sealed_them_and_when() {
    let (mut offices, cast) = stage();
    let [first, second] = [offices.reviewer(Role::WelfareDepartment), offices.second_reviewer(Role::WelfareDepartment)];
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let before = offices.case(case);
    let mut history = offices.ask(cast.welfare().history(case, 0, 50));
    // A file and a graph of files.
    let mut graph = cid(2);
    graph[1] = 0x70;
    for (reviewer, cid) in [(&first, cid(1)), (&second, graph), (&first, cid(3))] {
        offices.chain.advance(MINUTE);
        let seal = offices.seal(case, cid, reviewer);
        let done = offices.send(&reviewer.actor, cast.welfare().add_document(case, cid, seal));
        let noted = entry(&offices, reviewer, Deed::Sealed, 0, 0, BenefitStatus::Review);
        let noted = Entry { document: Some(cid), ..noted };
        // With the signature, so that anybody can verify it later.
        let told = DocumentSealed { case, by: reviewer.number, cid, stage: 0, epoch: 0, seal };
        assert_eq!(own_events(&offices, &done), [moved(case, &noted), Event::DocumentSealed(told)]);
        history.push(noted);
    }
    assert_eq!(offices.ask(cast.welfare().history(case, 0, 50)), history);
    assert_eq!(offices.case(case), before, "a document decides nothing");
    assert_eq!(offices.worklist(Role::WelfareDepartment), [case]);
    let own = offices.case(case).form.documents;
    assert_eq!(own, injury_form().documents, "the applicant's own papers stay apart");
    // Whoever has sealed a document may decide.
    offices.decide(case, Decision::Accept, None);
}

#[test]
fn documents_survive_a_supplement_and_an_appeal() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let county = offices.reviewer(Role::WelfareDepartment);
    let other = offices.second_reviewer(Role::WelfareDepartment);
    let panel = offices.reviewer(Role::MedicalPanel);
    seals(&mut offices, &county, case, cid(1));
    offices.decide(case, Decision::Return, None);
    offices.send(&cast.citizen.actor, cast.welfare().supplement(case, injury_form()));
    seals(&mut offices, &county, case, cid(2));
    offices.decide(case, Decision::Reject, None);
    offices.send(&cast.citizen.actor, cast.welfare().appeal(case));
    seals(&mut offices, &other, case, cid(3));
    offices.send(&other.actor, cast.welfare().decide(case, 2, 0, Decision::Accept, None, 0));
    seals(&mut offices, &panel, case, cid(4));
    let all = [
        (0, 0, county.number, cid(1)),
        (1, 0, county.number, cid(2)),
        (2, 0, other.number, cid(3)),
        (2, 1, panel.number, cid(4)),
    ];
    assert_eq!(sealed(&mut offices, case), all);
    offices.accept_all(case, 0);
    assert_eq!(sealed(&mut offices, case), all);
}

#[test]
fn only_active_holders_of_the_stages_role_seal() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let county = offices.reviewer(Role::WelfareDepartment);
    let seal = offices.seal(case, cid(1), &county);
    for outsider in offices.outsiders(&[Role::WelfareDepartment]) {
        refused(&mut offices, &outsider, case, (cid(1), seal), Error::NotAllowed);
    }
    // Not by a signature of their own either: the applicant, other stages' reviewers.
    let (panel, institute) = (offices.reviewer(Role::MedicalPanel), offices.reviewer(Role::WelfareInstitute));
    for other in [&cast.citizen, &cast.government, &panel, &institute] {
        let own = offices.seal(case, cid(1), other);
        refused(&mut offices, &other.actor, case, (cid(1), own), Error::NotAllowed);
    }
    // Nor do those of the role about a case of their own.
    let insider = offices.enrol("a clerk in need", &[Role::Citizen, Role::WelfareDepartment]);
    let own_case = offices.apply(&insider, offices.injury, injury_form());
    let own = offices.seal(own_case, cid(1), &insider);
    refused(&mut offices, &insider.actor, own_case, (cid(1), own), BenefitRefusal::OwnCase.into());
    offices.decide(case, Decision::Accept, None);
    let late = offices.seal(case, cid(1), &county);
    refused(&mut offices, &county.actor, case, (cid(1), late), Error::NotAllowed);
    seals(&mut offices, &panel, case, cid(1));
}

#[test]
fn nothing_is_sealed_outside_a_review() {
    let (mut offices, cast) = stage();
    let all = one_of_each_status(&mut offices, &cast.citizen);
    let agency = offices.reviewer(Role::SocialInsuranceAgency);
    for (status, case) in all {
        if status == BenefitStatus::Review {
            seals(&mut offices, &agency, case, cid(1));
            continue;
        }
        let seal = offices.seal(case, cid(1), &agency);
        refused(&mut offices, &agency.actor, case, (cid(1), seal), wrong(status));
        assert_eq!(sealed(&mut offices, case), []);
    }
    for case in [0, 7, u64::MAX] {
        refused(&mut offices, &agency.actor, case, (cid(1), [0; 64]), Error::UnknownCase { case });
    }
}

#[test]
fn a_document_has_the_content_id_of_something_hashed() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let county = offices.reviewer(Role::WelfareDepartment);
    // Version, codec, hash function, its length: one at a time, correctly signed.
    for (at, wrong) in [(0, 0), (0, 2), (1, 0x71), (1, 0), (2, 0x11), (2, 0x1b), (3, 31), (3, 33)] {
        let mut cid = cid(1);
        cid[at] = wrong;
        let seal = offices.seal(case, cid, &county);
        let refusal = Error::Form(FormRefusal::BadDocument { at: 0 });
        refused(&mut offices, &county.actor, case, (cid, seal), refusal);
    }
    // What was hashed is nobody's affair here.
    for digest in [[0; 32], [0xff; 32]] {
        let mut cid = cid(1);
        cid[4..].copy_from_slice(&digest);
        seals(&mut offices, &county, case, cid);
    }
}

#[test]
fn a_seal_over_anything_but_every_byte_of_the_statement_is_refused() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let county = offices.reviewer(Role::WelfareDepartment);
    let right = statement(&mut offices, case, cid(1), &county);
    let bytes = right.to_bytes();
    let mut wrong = vec![bytes[..SEAL_BYTES - 1].to_vec(), [&bytes[..], &[0]].concat()];
    wrong.extend((0..SEAL_BYTES).map(|at| {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        changed
    }));
    let mut signatures: Vec<_> = wrong.iter().map(|bytes| county.actor.sign(&wrapped::<Native>(bytes))).collect();
    // Not wrapped, nothing at all, and a good one with a byte changed.
    let good = county.actor.sign(&wrapped::<Native>(&bytes));
    signatures.extend([county.actor.sign(&bytes), [0; 64], [0xff; 64]]);
    signatures.extend([0, 31, 32, 63].map(|at| {
        let mut changed = good;
        changed[at] ^= 1;
        changed
    }));
    for seal in signatures {
        refused(&mut offices, &county.actor, case, (cid(1), seal), Error::BadSeal);
    }
    assert_eq!(right.signed_bytes::<Native>(), wrapped::<Native>(&bytes));
    offices.send(&county.actor, cast.welfare().add_document(case, cid(1), good));
}

#[test]
fn a_seal_fits_one_document_case_stage_contract_and_key() {
    let (mut offices, cast) = stage();
    let case = offices.apply(&cast.citizen, offices.injury, injury_form());
    let twin = offices.apply(&cast.citizen, offices.injury, injury_form());
    let (county, other) = (offices.reviewer(Role::WelfareDepartment), offices.second_reviewer(Role::WelfareDepartment));
    offices.send(&cast.government.actor, cast.registry().grant(county.number, Role::MedicalPanel));
    let suite = cast.suite.clone();
    let right = statement(&mut offices, case, cid(1), &county);
    let mut wrong = vec![
        SealStatement { case: twin, ..right.clone() },
        SealStatement { cid_hash: Native::blake2b_256(&cid(2)), ..right.clone() },
        SealStatement { stage: 1, ..right.clone() },
        SealStatement { epoch: 1, ..right.clone() },
        SealStatement { key: other.actor.account(), ..right.clone() },
    ];
    for domain in
        [domain_separator::<Native>(&[9; 32], &suite.welfare), domain_separator::<Native>(&suite.genesis, &suite.loan)]
    {
        wrong.push(SealStatement { domain, ..right.clone() });
    }
    for wrong in wrong {
        let seal = county.actor.sign(&wrong.signed_bytes::<Native>());
        refused(&mut offices, &county.actor, case, (cid(1), seal), Error::BadSeal);
    }
    // A good seal in another's hand, over another document, for another case, at the next stage.
    let seal = offices.seal(case, cid(1), &county);
    refused(&mut offices, &other.actor, case, (cid(1), seal), Error::BadSeal);
    refused(&mut offices, &county.actor, case, (cid(2), seal), Error::BadSeal);
    refused(&mut offices, &county.actor, twin, (cid(1), seal), Error::BadSeal);
    offices.send(&county.actor, cast.welfare().decide(case, 0, 0, Decision::Accept, None, 0));
    refused(&mut offices, &county.actor, case, (cid(1), seal), Error::BadSeal);

    // What an older epoch has sealed is void, even with the same key.
    let seal = offices.seal(case, cid(1), &county);
    offices.send(&county.actor, cast.registry().rotate_key(county.actor.account()));
    refused(&mut offices, &county.actor, case, (cid(1), seal), Error::BadSeal);
    seals(&mut offices, &county, case, cid(1));
}
