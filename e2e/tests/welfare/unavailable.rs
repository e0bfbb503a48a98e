//! A welfare contract whose registry, ledger or voucher contract is missing, does not answer, or answers as a broken or hostile
//! one would, says no, and nothing is lost (X18).

use crate::common::*;
use amanah_client::{chain::raw, suite::SUITE_DELAY, Bundle, Chain, Suite};
use amanah_domain::{
    ids::{Account, SchemeId, WelfareCaseId},
    money::{Amount, AmountError},
    roles::Role,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{injury_form, insurance_form, minimum_living_form, Offices},
    Person, World,
};
use amanah_interfaces::{
    governance::{self, Governed},
    voucher::Voucher,
    welfare::{Benefit, BenefitStatus, Decision, Error, Form, NewScheme, Payout, Scheme, Welfare},
};
use scale::Encode;

/// A contract gets other code, by a usual upgrade.
pub fn replace_code(offices: &mut Offices, contract: Account, code: [u8; 32]) {
    let (administrator, regulator) = (offices.administrator.clone(), offices.regulator.actor.clone());
    let suite = offices.suite.clone();
    offices.send(&administrator, suite.governance(contract).propose_code(code));
    offices.send(&regulator, suite.governance(contract).approve_code(code));
    offices.chain.advance(SUITE_DELAY);
    offices.send(&administrator, suite.governance(contract).set_code());
}

/// A contract gets another contract's code, so that it understands nothing any more that it is asked.
fn silence(offices: &mut Offices, contract: Account, code_of: Account) {
    let code = offices.chain.code_hash(&code_of).expect("it answers").expect("it is a contract");
    replace_code(offices, contract, code);
}

/// Cases at every point where another contract is needed.
struct Business {
    employer: Person,
    new: SchemeId,
    review: WelfareCaseId,
    returned: WelfareCaseId,
    rejected: WelfareCaseId,
    benefit: WelfareCaseId,
    suspended: WelfareCaseId,
    insurance: WelfareCaseId,
    in_vouchers: WelfareCaseId,
}

/// A scheme that pays in vouchers of this programme.
fn vouchers_of(programme: u64) -> Scheme {
    let payout = Payout::Voucher { programme, category: 0 };
    Scheme { payout, benefit: Benefit::Fixed(Amount::new(60)), exclusive: false, ..samples::welfare() }
}

fn business(offices: &mut Offices, cast: &Cast) -> Business {
    let employer = offices.enrol("employer", &[Role::Employer]);
    for person in [&cast.citizen, &cast.payer, &employer] {
        offices.funds(person, 10_000);
    }
    let meals = offices.school_meals();
    let terms = offices.terms(meals);
    let new = offices.send(&cast.government.actor, cast.welfare().create_scheme(terms)).value;
    let terms = offices.world.terms();
    let programme = offices.programme(terms);
    let allow = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), true);
    offices.send(&cast.government.actor, allow);

    let [review, returned, rejected] = [0; 3].map(|_| offices.apply(&cast.citizen, offices.injury, injury_form()));
    offices.decide(returned, Decision::Return, None);
    offices.decide(rejected, Decision::Reject, None);
    let benefit = offices.grant(&cast.citizen, offices.minimum_living, minimum_living_form());
    offices.pay(benefit, 1);
    let insured = offices.scheme(Scheme { employer_share: 5_000, ..samples::insurance() });
    let form = Form { employer: Some(employer.number), ..insurance_form() };
    let insurance = offices.grant(&cast.citizen, insured, form);
    let paying = offices.scheme(vouchers_of(programme));
    let [suspended, in_vouchers] = [0; 2].map(|_| offices.grant(&cast.citizen, paying, injury_form()));
    offices.send(&cast.regulator.actor, cast.welfare().suspend(suspended, 1));
    // A month later the rejection is final, and the second payment due.
    offices.chain.set_time(SECOND);
    Business { employer, new, review, returned, rejected, benefit, suspended, insurance, in_vouchers }
}

#[test]
fn without_a_registry_everything_that_asks_who_somebody_is_is_refused_and_what_asks_nobody_goes_on() {
    let (mut offices, cast) = stage();
    let all = business(&mut offices, &cast);
    let reviewer = offices.reviewer_of(all.review);
    let verdict = offices.pass(all.review, &reviewer, None);
    let document = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(all.review, document, &reviewer);
    let terms = offices.terms(samples::assistance());
    silence(&mut offices, cast.suite.registry, cast.suite.ledger);

    let closed = Error::RegistryUnavailable;
    let (citizen, regulator, stranger) = (&cast.citizen.actor, &cast.regulator.actor, &cast.stranger);
    let (injury, welfare) = (offices.injury, || cast.welfare());
    offices.refuses(&cast.government.actor, welfare().create_scheme(terms), closed);
    offices.refuses(&cast.payer.actor, welfare().agree_to_pay(all.new), closed);
    offices.refuses(&cast.government.actor, welfare().retire_scheme(all.new), closed);
    offices.refuses(citizen, welfare().apply(injury, injury_form()), closed);
    offices.refuses(citizen, welfare().supplement(all.returned, injury_form()), closed);
    offices.refuses(citizen, welfare().withdraw_application(all.review), closed);
    offices.refuses(citizen, welfare().appeal(all.rejected), closed);
    offices.refuses(&reviewer.actor, welfare().decide(all.review, 0, 0, Decision::Accept, None, 0), closed);
    offices.refuses(stranger, welfare().decide_signed(all.review, None, vec![verdict]), closed);
    offices.refuses(&reviewer.actor, welfare().add_document(all.review, document, seal), closed);
    for case in [all.benefit, all.in_vouchers] {
        let period = offices.case(case).paid + 1;
        offices.refuses(stranger, welfare().pay(case, period), closed);
    }
    offices.refuses(stranger, welfare().collect_premium(all.insurance, 1), closed);
    offices.refuses(&all.employer.actor, welfare().agree_as_employer(all.insurance), closed);
    offices.refuses(citizen, welfare().withdraw(cast.bank.number, 1), closed);
    offices.refuses(regulator, welfare().suspend(all.benefit, 1), closed);
    offices.refuses(regulator, welfare().resume(all.suspended), closed);
    offices.refuses(regulator, welfare().terminate(all.benefit, 1), closed);
    offices.refuses(citizen, welfare().recertify(all.benefit, minimum_living_form()), closed);
    let unanswered = governance::Error::RegistryUnavailable;
    offices.refuses(&cast.administrator, cast.suite.governance(cast.suite.welfare).pause(), unanswered);

    offices.send(stranger, welfare().close_case(all.rejected));
    assert_eq!(offices.status(all.rejected), BenefitStatus::Ended);
    assert_eq!(offices.credit(&cast.citizen), 600);
}

#[test]
fn without_a_ledger_no_money_moves_and_nothing_is_noted_as_paid() {
    let (mut offices, cast) = stage();
    let all = business(&mut offices, &cast);
    offices.send(&all.employer.actor, cast.welfare().agree_as_employer(all.insurance));
    silence(&mut offices, cast.suite.ledger, cast.suite.registry);

    let closed = Error::LedgerUnavailable;
    let (citizen, stranger) = (&cast.citizen.actor, &cast.stranger);
    let (insurance, welfare) = (offices.insurance, || cast.welfare());
    offices.refuses(stranger, welfare().pay(all.benefit, 2), closed);
    offices.refuses(stranger, welfare().collect_premium(all.insurance, 1), closed);
    offices.refuses(citizen, welfare().withdraw(cast.bank.number, 1), closed);
    // Whether somebody can pay a premium cannot be judged.
    offices.refuses(citizen, welfare().apply(insurance, insurance_form()), closed);
    offices.refuses(citizen, welfare().recertify(all.insurance, insurance_form()), closed);
    assert_eq!((offices.case(all.benefit).paid, offices.case(all.insurance).paid), (1, 0));
    assert_eq!(offices.credit(&cast.citizen), 600);

    // What moves no money goes on.
    offices.send(citizen, welfare().terminate(all.benefit, 1));
    offices.send(citizen, welfare().supplement(all.returned, injury_form()));
    offices.accept_all(all.returned, 0);
    assert_eq!(offices.status(all.returned), BenefitStatus::Running);
    offices.pay(all.in_vouchers, 1);
}

#[test]
fn without_a_voucher_contract_no_voucher_is_promised_or_noted_as_paid_and_money_is_paid() {
    let (mut offices, cast) = stage();
    let all = business(&mut offices, &cast);
    let [in_vouchers, in_money] = [vouchers_of(1), samples::welfare()].map(|scheme| offices.terms(scheme));
    silence(&mut offices, cast.suite.voucher, cast.suite.registry);
    // Whose programme it is, nobody can say.
    offices.refuses(&cast.government.actor, cast.welfare().create_scheme(in_vouchers), Error::VoucherUnavailable);
    offices.send(&cast.government.actor, cast.welfare().create_scheme(in_money));
    offices.refuses(&cast.stranger, cast.welfare().pay(all.in_vouchers, 1), Error::VoucherUnavailable);
    assert_eq!(offices.case(all.in_vouchers).paid, 0);
    offices.pay(all.benefit, 2);
    offices.check_books(&[&cast.citizen]);
}

// ---- contracts that never were there ----

/// A welfare contract that believes the others to be at these accounts.
fn welfare_with(world: &mut World, registry: Account, ledger: Account, voucher: Account) -> Suite {
    let bundle = Bundle::load(&Bundle::folder(), "welfare").expect("the bundle is built");
    let arguments = (registry, ledger, voucher, world.suite.genesis).encode();
    let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
    let salt = [registry, ledger, voucher].concat();
    let deployed = world.chain.deploy(&world.administrator.account(), &bundle, input, salt);
    let (welfare, _) = deployed.expect("a welfare contract does not look for the others when it is made");
    Suite { welfare, ..world.suite.clone() }
}

#[test]
fn a_registry_that_is_nobody_or_another_contract_knows_nobody() {
    let mut world = World::new();
    let Suite { ledger, voucher, .. } = world.suite;
    let (government, citizen) = (world.government.actor.clone(), world.citizen.actor.clone());
    let terms = usual_terms(&world);
    for registry in [world.stranger.account(), ledger] {
        let suite = welfare_with(&mut world, registry, ledger, voucher);
        world.refuses(&government, suite.welfare().create_scheme(terms.clone()), Error::RegistryUnavailable);
        world.refuses(&citizen, suite.welfare().withdraw(1, 1), Error::RegistryUnavailable);
        world.refuses(&citizen, suite.welfare().suspend(1, 1), Error::RegistryUnavailable);
        world.refuses(&citizen, suite.welfare().appeal(1), Error::RegistryUnavailable);
    }
}

#[test]
fn a_ledger_or_a_voucher_contract_that_is_nobody_or_another_contract_pays_nothing() {
    for elsewhere in [false, true] {
        let mut world = World::new();
        let registry = world.suite.registry;
        let other = if elsewhere { registry } else { world.stranger.account() };
        world.suite = welfare_with(&mut world, registry, other, other);
        let programme = world.programme(world.terms());
        let mut offices = Offices::of(world);
        let (citizen, stranger, suite) = (offices.citizen.clone(), offices.stranger.clone(), offices.suite.clone());
        let allow = suite.voucher().set_issuer(programme, suite.welfare.into(), true);
        let government = offices.government.actor.clone();
        offices.send(&government, allow);
        let terms = offices.terms(vouchers_of(programme));
        offices.refuses(&government, suite.welfare().create_scheme(terms), Error::VoucherUnavailable);
        let money = offices.grant(&citizen, offices.injury, injury_form());
        offices.refuses(&stranger, suite.welfare().pay(money, 1), Error::LedgerUnavailable);
        let apply = suite.welfare().apply(offices.insurance, insurance_form());
        offices.refuses(&citizen.actor, apply, Error::LedgerUnavailable);
    }
}

// ---- a registry that misbehaves ----

const TRAPS: u8 = 0;
const NEVER_ENDS: u8 = 1;
const ANSWERS_TOO_LITTLE: u8 = 2;
const ANSWERS_NONSENSE: u8 = 3;
const CALLS: u8 = 4;
const IS_GOOD: u8 = 5;

/// A welfare contract on a registry that behaves like this, and calls that account if it calls any.
fn welfare_on(world: &mut World, mode: u8, calls: Option<Account>) -> Suite {
    let bundle =
        Bundle::load(&Bundle::folder().join("fixtures"), "hostile-registry").expect("scripts/build tests was run");
    let input = [ink::selector_bytes!("new").to_vec(), (mode, calls).encode()].concat();
    let salt = vec![mode, u8::from(calls.is_some())];
    let deployed = world.chain.deploy(&world.administrator.account(), &bundle, input, salt);
    let (registry, _) = deployed.expect("it is made");
    let Suite { ledger, voucher, .. } = world.suite;
    Suite { registry, ..welfare_with(world, registry, ledger, voucher) }
}

/// What Government creates; the bank pays it too.
fn usual_terms(world: &World) -> NewScheme {
    let Scheme { kind, applicants, rules, stages, benefit, payout, .. } = samples::welfare();
    NewScheme {
        kind,
        payer: world.bank.number,
        issuer: world.bank.number,
        applicants,
        rules,
        stages,
        benefit,
        payout,
        exclusive: true,
        period_months: 1,
        most_payments: 0,
        recertify_months: 0,
        appeal_days: 0,
        employer_share: 0,
    }
}

#[test]
fn a_registry_that_traps_or_answers_nonsense_means_no() {
    let mut world = World::new();
    for mode in [TRAPS, ANSWERS_TOO_LITTLE, ANSWERS_NONSENSE] {
        let suite = welfare_on(&mut world, mode, None);
        let (bank, terms) = (world.bank.actor.clone(), usual_terms(&world));
        // Where one subject is asked for, one answer, that nobody is known, is not too little.
        let expected = if mode == ANSWERS_TOO_LITTLE { Error::NotAllowed } else { Error::RegistryUnavailable };
        world.refuses(&bank, suite.welfare().create_scheme(terms), expected);
        world.refuses(&bank, suite.welfare().withdraw(1, 1), expected);
        world.refuses(&bank, suite.welfare().terminate(1, 1), expected);
    }
}

#[test]
fn a_registry_that_never_ends_uses_up_the_callers_gas_and_nothing_changes() {
    let mut world = World::new();
    let suite = welfare_on(&mut world, NEVER_ENDS, None);
    let (bank, terms) = (world.bank.actor.account(), usual_terms(&world));
    world.chain.endow(&bank);
    let before = world.chain.state_root();
    let outcome = world.chain.submit(&raw(&bank, suite.welfare().create_scheme(terms)));
    assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.reverted), "it cannot have gone through");
    assert!(world.chain.state_root() == before);
}

#[test]
fn a_registry_cannot_call_back_into_the_welfare_contract_that_asks_it() {
    let mut world = World::new();
    let bank = world.bank.actor.clone();
    let nothing = Error::Amount(AmountError::Insufficient { available: 0, wanted: 1 });
    // One that answers is believed: the caller is somebody, who only has no credit.
    let suite = welfare_on(&mut world, IS_GOOD, None);
    world.refuses(&bank, suite.welfare().withdraw(1, 1), nothing);
    // The attempt to call back traps the registry that makes it.
    let suite = welfare_on(&mut world, CALLS, None);
    world.refuses(&bank, suite.welfare().withdraw(1, 1), Error::RegistryUnavailable);
    // Calling another contract, which waits for no answer, does not; the registry then says that it knows nobody.
    let other = world.suite.ledger;
    let suite = welfare_on(&mut world, CALLS, Some(other));
    world.refuses(&bank, suite.welfare().withdraw(1, 1), Error::NotAllowed);
}
