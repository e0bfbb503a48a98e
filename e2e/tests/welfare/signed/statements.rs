//! What a member signs: every byte of it counts, for this hearing of this case in this contract, until its time, with the
//! member's present key.

use super::*;
use amanah_client::{chain::Chain, Bundle, Suite};
use amanah_domain::{
    chaincode::Verdict,
    crypto::Native,
    layout::{domain_separator, wrapped, VerdictStatement, VERDICT_BYTES},
    time::MINUTE,
};
use amanah_e2e::welfare::signed;
use amanah_interfaces::welfare::{BenefitCase, Form};
use scale::Encode;

/// A member's Pass whose signature is over exactly these bytes.
fn over(statement: &VerdictStatement, member: &Person, bytes: &[u8]) -> MemberVerdict {
    let mut given = signed(statement, member);
    given.verdict.signature = member.actor.sign(bytes);
    given
}

#[test]
fn a_signature_over_anything_but_every_byte_of_the_statement_is_refused() {
    let (mut offices, _) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let good = offices.pass(case, &first, None);
    let right = offices.statement(case, &second, None);
    let bytes = right.to_bytes();
    let mut wrong = vec![bytes[..VERDICT_BYTES - 1].to_vec(), [&bytes[..], &[0]].concat(), vec![]];
    wrong.extend((0..VERDICT_BYTES).map(|at| {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        changed
    }));
    let bad = bad_signature(&second);
    for wrong in wrong {
        let verdict = over(&right, &second, &wrapped::<Native>(&wrong));
        do_not_count(&mut offices, case, vec![good.clone(), verdict], bad);
    }
    // Nor as it is, without what wallets put around it.
    let bare = over(&right, &second, &bytes);
    do_not_count(&mut offices, case, vec![good.clone(), bare], bad);
    let right = over(&right, &second, &wrapped::<Native>(&bytes));
    hand_in(&mut offices, case, None, vec![good, right]);
}

#[test]
fn a_signature_with_any_byte_changed_is_refused() {
    let (mut offices, _) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let [right, good] = [&first, &second].map(|member| offices.pass(case, member, None));
    let bad = bad_signature(&first);
    let mut signatures = vec![[0; 64], [0xff; 64], good.verdict.signature];
    for at in 0..64 {
        signatures.push(right.verdict.signature);
        signatures.last_mut().expect("just pushed")[at] ^= if at % 2 == 0 { 0x01 } else { 0x80 };
    }
    for signature in signatures {
        let mut wrong = right.clone();
        wrong.verdict.signature = signature;
        do_not_count(&mut offices, case, vec![wrong, good.clone()], bad);
    }
    // The time that is sent beside it is signed over.
    for valid_until in [right.verdict.valid_until - 1, right.verdict.valid_until + 1, u64::MAX] {
        let mut wrong = right.clone();
        wrong.verdict.valid_until = valid_until;
        do_not_count(&mut offices, case, vec![wrong, good.clone()], bad);
    }
    hand_in(&mut offices, case, None, vec![right, good]);
}

#[test]
fn each_field_of_the_statement_is_signed_over() {
    let (mut offices, cast) = stage();
    let Panel { scheme, case, members: [first, second, third] } = panel(&mut offices);
    let good = offices.pass(case, &first, None);
    let right = offices.statement(case, &second, None);
    let suite = cast.suite.clone();
    let record = offices.case(case);
    let other_form = Form { facts: [8; 32], ..record.form.clone() };
    let other_papers = Form { documents: record.form.documents[..1].to_vec(), ..record.form.clone() };
    let events = [
        BenefitCase { stage: 0, ..record.clone() },
        BenefitCase { stage: 2, ..record.clone() },
        BenefitCase { scheme: scheme + 1, ..record.clone() },
        BenefitCase { form: other_form, ..record.clone() },
        BenefitCase { form: other_papers, ..record.clone() },
    ];
    let mut wrong: Vec<_> = events.iter().map(|event| event.event_hash::<Native>(None)).collect();
    wrong.push(record.event_hash::<Native>(Some(Amount::new(1))));
    assert_eq!(record.event_hash::<Native>(None), right.event, "and unchanged it is the right one");
    let mut wrong: Vec<_> = wrong.into_iter().map(|event| VerdictStatement { event, ..right.clone() }).collect();
    for domain in [
        domain_separator::<Native>(&[9; 32], &suite.welfare),
        domain_separator::<Native>(&suite.genesis, &suite.loan),
        [0; 32],
    ] {
        wrong.push(VerdictStatement { domain, ..right.clone() });
    }
    for other in [case - 1, case + 1] {
        wrong.push(VerdictStatement { case: other, ..right.clone() });
    }
    wrong.push(VerdictStatement { revision: right.revision + 1, ..right.clone() });
    for role in [Role::WelfareInstitute, Role::WelfareDepartment, Role::Custom(0)] {
        wrong.push(VerdictStatement { role: role.index().expect("a role"), ..right.clone() });
    }
    wrong.push(VerdictStatement { epoch: right.epoch + 1, ..right.clone() });
    wrong.push(VerdictStatement { key: third.actor.account(), ..right.clone() });
    wrong.push(VerdictStatement { verdict: Verdict::Failed, ..right.clone() });
    let bad = bad_signature(&second);
    for wrong in wrong {
        let verdict = over(&right, &second, &wrong.signed_bytes::<Native>());
        do_not_count(&mut offices, case, vec![good.clone(), verdict], bad);
    }
    // Another member's hand under this one's number.
    let forged = over(&right, &third, &right.signed_bytes::<Native>());
    let forged = MemberVerdict { member: second.number, ..forged };
    do_not_count(&mut offices, case, vec![good.clone(), forged], bad);
    hand_in(&mut offices, case, None, vec![good, signed(&right, &second)]);
}

#[test]
fn a_verdict_about_another_case_in_another_contract_or_on_another_chain_is_worthless() {
    let (mut offices, cast) = stage();
    let Panel { scheme, case, members: [first, second, _] } = panel(&mut offices);
    // The same form, scheme, stage and round of the same person: only the case's number differs.
    let twin = at_panel(&mut offices, &cast.citizen, scheme);
    let verdicts = passes(&mut offices, twin, [&first, &second]);
    do_not_count(&mut offices, case, verdicts, bad_signature(&first));

    let bundle = Bundle::load(&Bundle::folder(), "welfare").expect("the bundle is built");
    let suite = cast.suite.clone();
    let arguments = (suite.registry, suite.ledger, suite.voucher, suite.genesis).encode();
    let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
    let deployed = offices.world.chain.deploy(&cast.administrator.account(), &bundle, input, b"another".to_vec());
    let another = Suite { welfare: deployed.expect("it is made").0, ..suite.clone() };
    let elsewhere = Suite { genesis: [1; 32], ..suite };
    for domain in [another.welfare_domain(), elsewhere.welfare_domain()] {
        let statement = VerdictStatement { domain, ..offices.statement(case, &first, None) };
        let verdicts = vec![signed(&statement, &first), offices.pass(case, &second, None)];
        do_not_count(&mut offices, case, verdicts, bad_signature(&first));
    }
    let own = offices.ask(another.welfare().domain_separator());
    assert_eq!(own, another.welfare_domain(), "it is what that contract would take");
    let verdicts = passes(&mut offices, case, [&first, &second]);
    hand_in(&mut offices, case, None, verdicts);
}

#[test]
fn a_verdict_counts_until_its_time() {
    let (mut offices, _) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let valid_until = START + MINUTE;
    let statement = VerdictStatement { valid_until, ..offices.statement(case, &first, None) };
    let verdicts = vec![signed(&statement, &first), offices.pass(case, &second, None)];
    let stale = VerdictRefusal::Signature(SigningRefusal::Stale { valid_until });
    for now in [valid_until, valid_until + 1] {
        offices.chain.set_time(now);
        do_not_count(&mut offices, case, verdicts.clone(), stale);
    }
    let last = VerdictStatement { valid_until: offices.chain.now() + 1, ..statement };
    let verdicts = vec![signed(&last, &first), offices.pass(case, &second, None)];
    hand_in(&mut offices, case, None, verdicts);
    assert_eq!(offices.case(case).stage, 2);
}

#[test]
fn a_verdict_of_an_older_key_epoch_is_void_even_if_the_key_is_the_same() {
    let (mut offices, cast) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let verdicts = passes(&mut offices, case, [&first, &second]);
    offices.send(&first.actor, cast.registry().rotate_key(first.actor.account()));
    do_not_count(&mut offices, case, verdicts, bad_signature(&first));
    // And with another key only what that key signs.
    let key = Actor::named("another key");
    offices.send(&first.actor, cast.registry().rotate_key(key.account()));
    let verdicts = passes(&mut offices, case, [&first, &second]);
    do_not_count(&mut offices, case, verdicts, bad_signature(&first));
    let renewed = Person { actor: key, number: first.number };
    let verdicts = passes(&mut offices, case, [&renewed, &second]);
    hand_in(&mut offices, case, None, verdicts);
    assert_eq!(offices.case(case).stage, 2);
}

#[test]
fn a_verdict_that_says_no_accepts_nothing_and_ends_nothing() {
    let (mut offices, _) = stage();
    let Panel { case, members: [first, second, _], .. } = panel(&mut offices);
    let no = VerdictStatement { verdict: Verdict::Failed, ..offices.statement(case, &first, None) };
    let yes = offices.pass(case, &second, None);
    let refusal = VerdictRefusal::NotPassed { member: first.number };
    for verdicts in [vec![signed(&no, &first), yes.clone()], vec![yes.clone(), signed(&no, &first)]] {
        do_not_count(&mut offices, case, verdicts, refusal);
    }
    // A no that is turned into a yes on its way is not what was signed.
    let mut turned = signed(&no, &first);
    turned.verdict.verdict = Verdict::Pass;
    do_not_count(&mut offices, case, vec![turned, yes], bad_signature(&first));
}
