//! Random interleavings of everything that can be done with schemes, applications, benefits and premiums, while standings,
//! roles, allowances and time change; each message answered as a plain model says.
//!
//! `AMANAH_CASES` sets how many sequences are tried; without it a few, always the same.

mod checks;

use crate::{
    model::{
        papers::{Sheet, Twist},
        sealed_cid, who, Model, EARLY_END,
    },
    replay::Watched,
    steps::{
        steps, Act, Broken, By, Flaw, Misfit, Set, BANKS, CITIZENS, EMPLOYERS, GOVERNMENTS, LAST, PAYER, REGULATOR,
        REVIEWING, STRANGER,
    },
};
use amanah_client::{Actor, Message};
use amanah_domain::{
    chaincode::Verdict,
    crypto::{Crypto, Native},
    ids::ParticipantId,
    layout::{SealStatement, VerdictStatement},
    roles::Role,
    welfare::samples,
};
use amanah_e2e::{
    registration,
    welfare::{signed, Offices},
    Person, World,
};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    registry::{Registration, Registry},
    voucher::Voucher,
    welfare::{Decision, Error, MemberVerdict, NewScheme, Scheme, Welfare},
    Balance,
};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use scale::{Decode, Encode};
use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt::Debug,
    panic::{catch_unwind, resume_unwind, AssertUnwindSafe},
};

/// How many sequences are tried unless `AMANAH_CASES` says otherwise.
const CASES: u32 = 4;

struct Run {
    watched: Watched,
    cast: BTreeMap<ParticipantId, Person>,
    model: Model,
    references: u64,
}

impl Run {
    fn new() -> Self {
        let mut world = World::new();
        world.define(samples::SCHOOL);
        let mut offices = Offices::of(world);
        let mut people = vec![offices.enrol("second government", &[Role::Government])];
        people.push(offices.enrol("second bank", &[Role::Bank]));
        people.push(offices.applicant("second citizen"));
        let early = Registration { identity_valid_until: EARLY_END, ..registration("third citizen", &[Role::Citizen]) };
        let government = offices.government.actor.clone();
        let register = offices.suite.registry().register(early);
        let number = offices.send(&government, register).value;
        people.push(Person { actor: Actor::named("third citizen"), number });
        people.push(offices.enrol("fourth citizen", &[&REVIEWING[..], &[Role::Citizen]].concat()));
        people.extend(["one", "two"].map(|name| offices.enrol(&format!("employer {name}"), &[Role::Employer])));
        people.extend(["one", "two", "three"].map(|name| offices.enrol(&format!("reviewer {name}"), &REVIEWING)));
        let World { government, regulator, bank, shop, citizen, attestor, .. } = &offices.world;
        people.extend([government, regulator, bank, shop, citizen, attestor, &offices.payer].map(Person::clone));
        let cast: BTreeMap<_, _> = people.into_iter().map(|person| (person.number, person)).collect();
        assert_eq!(cast.keys().copied().collect::<Vec<_>>(), (1..=LAST).collect::<Vec<_>>());
        let programme = offices.world.programme(offices.world.terms());
        let (government, contract) = (offices.government.actor.clone(), offices.suite.welfare.into());
        let admit = offices.suite.voucher().set_issuer(programme, contract, true);
        offices.send(&government, admit);
        Self { watched: Watched::new(offices), cast, model: Model::new(), references: 0 }
    }

    fn actor(&self, number: ParticipantId) -> Actor {
        match self.cast.get(&number) {
            Some(person) => person.actor.clone(),
            None => self.watched.offices.stranger.clone(),
        }
    }

    fn ask<A: Encode, T: Decode>(&mut self, message: Message<A, T>) -> T {
        self.watched.offices.world.ask(message)
    }

    /// Sends a message whose answer the model knows; a refused one must change nothing.
    fn answers<A: Encode, T: Decode + Debug>(
        &mut self,
        from: ParticipantId,
        message: Message<A, Result<T, Error>>,
        expected: Result<(), Error>,
    ) {
        let from = self.actor(from);
        match expected {
            Ok(()) => drop(self.watched.send(&from, message)),
            Err(error) => drop(self.watched.offices.world.refuses(&from, message, error)),
        }
    }

    // ---- doing ----

    fn act(&mut self, act: &Act, expected: Result<(), Error>) {
        let suite = self.watched.offices.suite.clone();
        let mut welfare = suite.welfare();
        let form = |run: &Self, case, sheet: Sheet| sheet.form(run.model.family_of(case));
        match *act {
            Act::CreateScheme { by, template, payer, misfit } => {
                let message = welfare.create_scheme(self.new_scheme(template, payer, misfit));
                self.answers(who(by), message, expected);
            }
            Act::AgreeToPay { by, scheme } => self.answers(who(by), welfare.agree_to_pay(scheme as u32), expected),
            Act::RetireScheme { by, scheme } => self.answers(who(by), welfare.retire_scheme(scheme as u32), expected),
            Act::Apply { by, scheme, sheet } => {
                let form = sheet.form(self.model.template(scheme).0);
                self.answers(who(by), welfare.apply(scheme as u32, form), expected);
            }
            Act::Supplement { by, case, sheet } => {
                self.answers(who(by), welfare.supplement(case, form(self, case, sheet)), expected);
            }
            Act::WithdrawApplication { by, case } => {
                self.answers(who(by), welfare.withdraw_application(case), expected);
            }
            Act::Decide { by, case, behind, decision, set, reason } => {
                let amount = self.model.amount(case, decision, set);
                let (round, stage) = self.model.hearing(case, behind);
                self.answers(who(by), welfare.decide(case, round, stage, decision, amount, reason), expected);
            }
            Act::DecideSigned { case, set, first, flaw } => {
                let amount = self.model.amount(case, Decision::Accept, set);
                let verdicts = self.verdicts(case, amount, first, flaw);
                self.answers(STRANGER, welfare.decide_signed(case, amount, verdicts), expected);
            }
            Act::Appeal { by, case } => self.answers(who(by), welfare.appeal(case), expected),
            Act::CloseCase { case } => self.answers(STRANGER, welfare.close_case(case), expected),
            Act::Pay { case, off } => {
                self.answers(STRANGER, welfare.pay(case, self.model.period(case, off)), expected);
            }
            Act::CollectPremium { case, off } => {
                let message = welfare.collect_premium(case, self.model.period(case, off));
                self.answers(STRANGER, message, expected);
            }
            Act::AgreeAsEmployer { by, case } => self.answers(who(by), welfare.agree_as_employer(case), expected),
            Act::Suspend { by, case, reason } => self.answers(who(by), welfare.suspend(case, reason), expected),
            Act::Resume { by, case } => self.answers(who(by), welfare.resume(case), expected),
            Act::Recertify { by, case, sheet } => {
                self.answers(who(by), welfare.recertify(case, form(self, case, sheet)), expected);
            }
            Act::Terminate { by, case, reason } => self.answers(who(by), welfare.terminate(case, reason), expected),
            Act::AddDocument { by, case, broken } => {
                let seal = self.seal(who(by), case, broken);
                self.answers(who(by), welfare.add_document(case, sealed_cid(case, broken), seal), expected);
            }
            Act::Withdraw { by, bank, percent } => {
                let amount = self.model.taken(who(by), bank, percent);
                self.answers(who(by), welfare.withdraw(BANKS[bank], amount), expected);
            }
            _ => self.act_outside(act),
        }
    }

    /// What happens outside of the welfare contract, and is never refused.
    fn act_outside(&mut self, act: &Act) {
        let suite = self.watched.offices.suite.clone();
        let (mut registry, mut ledger) = (suite.registry(), suite.ledger());
        let (regulator, government) = (self.actor(REGULATOR), self.actor(GOVERNMENTS[0]));
        let administrator = self.watched.offices.administrator.clone();
        match *act {
            Act::Stand { who, .. } => match self.model.is_suspended(who) {
                true => self.watched.send(&regulator, registry.reinstate(who)),
                false => self.watched.send(&regulator, registry.suspend(who, 1)),
            },
            Act::Blacklist { who, .. } => match self.model.is_blacklisted(who) {
                true => self.watched.send(&regulator, registry.clear_blacklist(who)),
                false => self.watched.send(&regulator, registry.blacklist(who, 1)),
            },
            Act::ChangeRole { who, role, .. } => match self.model.holds(who, role) {
                true => self.watched.send(&government, registry.revoke(who, role)),
                false => self.watched.send(&government, registry.grant(who, role)),
            },
            Act::Approve { who, bank, amount } => {
                let from = self.actor(who);
                self.watched.send(&from, ledger.approve(suite.welfare.into(), BANKS[bank], amount));
            }
            Act::Issue { who, bank, amount } => {
                self.references += 1;
                let mut reference = [7; 32];
                reference[..8].copy_from_slice(&self.references.to_le_bytes());
                let (from, to) = (self.actor(BANKS[bank]), self.cast[&who].id());
                self.watched.send(&from, ledger.issue(to, amount, reference));
            }
            Act::Gift { bank, amount } => {
                self.watched.send(&regulator, ledger.transfer(suite.welfare.into(), BANKS[bank], amount));
            }
            Act::Pause => self.watched.send(&administrator, suite.governance(suite.welfare).pause()),
            Act::Unpause => self.watched.send(&administrator, suite.governance(suite.welfare).unpause()),
            Act::Wait { by } => self.watched.offices.chain.advance(by),
            _ => unreachable!("it is about the welfare contract, or was resolved"),
        }
    }

    fn new_scheme(&self, template: usize, payer: ParticipantId, misfit: Misfit) -> NewScheme {
        let mut scheme: Scheme = self.model.terms(template).2.clone();
        match misfit {
            Misfit::Nothing | Misfit::NoBank => {}
            Misfit::NoStages => scheme.stages.clear(),
            Misfit::NoPeriod => scheme.period_months = 0,
            Misfit::Share => scheme.employer_share = 10_001,
            Misfit::AppealTime => scheme.appeal_days = 367,
        }
        let issuer = self.model.issuer(template, misfit);
        NewScheme { payer, issuer, ..self.watched.offices.terms(scheme) }
    }

    /// A committee's verdicts on a case, if it waits for any.
    fn verdicts(&mut self, case: u64, amount: Option<Balance>, first: usize, flaw: Flaw) -> Vec<MemberVerdict> {
        let suite = self.watched.offices.suite.clone();
        let signers = self.model.signers(case, first, flaw);
        let (Some(event), Ok((_, story))) =
            (self.ask(suite.welfare().verdict_hash(case, amount)), self.model.story(case))
        else {
            return Vec::new();
        };
        let (round, role) = (story.round(), story.role().index().expect("a role"));
        let sign = |(place, signer): (usize, &ParticipantId)| {
            let signer = &self.cast[signer];
            let flaw = if place + 1 == signers.len() { flaw } else { Flaw::Nothing };
            let statement = VerdictStatement {
                domain: suite.welfare_domain(),
                case,
                revision: round as u32 + u32::from(flaw == Flaw::Forged),
                event,
                role,
                epoch: 0,
                key: signer.actor.account(),
                verdict: if flaw == Flaw::Failed { Verdict::Failed } else { Verdict::Pass },
                valid_until: self.model.now + if flaw == Flaw::Stale { 0 } else { 1 },
            };
            signed(&statement, signer)
        };
        signers.iter().enumerate().map(sign).collect()
    }

    /// Somebody's seal on a document of a case; of another case, where it is to be wrong.
    fn seal(&self, by: ParticipantId, case: u64, broken: Broken) -> [u8; 64] {
        let statement = SealStatement {
            domain: self.watched.offices.suite.welfare_domain(),
            case: case + u64::from(broken == Broken::OtherCase),
            cid_hash: Native::blake2b_256(&sealed_cid(case, broken)),
            stage: self.model.story(case).map_or(0, |(_, story)| story.stage() as u8),
            epoch: 0,
            key: self.actor(by).account(),
        };
        self.actor(by).sign(&statement.signed_bytes::<Native>())
    }

    /// Does a step in the world and in the model: which one it was, and how it was answered.
    fn take(&mut self, act: &Act) -> (Act, Result<(), Error>) {
        let act = self.model.resolve(act);
        let mut after = self.model.clone();
        let expected = after.apply(&act);
        self.act(&act, expected);
        if expected.is_ok() {
            let before = std::mem::replace(&mut self.model, after);
            self.check(&act, &before);
        }
        (act, expected)
    }
}

/// Money for everybody, the schemes that come to their ends soon, and some benefits that run.
fn beginning() -> Vec<Act> {
    let mut acts = Vec::new();
    let all = [&[PAYER][..], &CITIZENS, &EMPLOYERS].concat();
    for (who, bank) in all.into_iter().map(|who| (who, 0)).chain([(PAYER, 1)]) {
        acts.push(Act::Issue { who, bank, amount: if who == PAYER { 3_000 } else { 500 } });
        acts.push(Act::Approve { who, bank, amount: 100_000 });
    }
    acts.extend([0, 1].map(|bank| Act::Issue { who: REGULATOR, bank, amount: 400 }));
    for template in 4..10 {
        acts.push(Act::CreateScheme { by: By::Right(0), template, payer: PAYER, misfit: Misfit::Nothing });
        acts.push(Act::AgreeToPay { by: By::Right(0), scheme: 0 });
    }
    let sheet = |employer| Sheet { twist: Twist::Nothing, employer };
    for (at, scheme) in [0, 2, 3, 4].into_iter().enumerate() {
        acts.push(Act::Apply { by: By::Number(CITIZENS[at]), scheme, sheet: sheet(Some(EMPLOYERS[0])) });
        let signed = Act::DecideSigned { case: 0, set: Set::Right(250), first: at, flaw: Flaw::Nothing };
        acts.extend([signed; 3].into_iter().take([1, 2, 3, 2][at]));
    }
    acts.extend([Act::AgreeAsEmployer { by: By::Right(0), case: 0 }, Act::CollectPremium { case: 0, off: 0 }]);
    acts.extend([Act::Pay { case: 0, off: 0 }; 3]);
    acts
}

#[test]
fn in_any_interleaving_welfare_is_answered_as_the_model_says_and_no_unit_is_lost() {
    let cases = std::env::var("AMANAH_CASES").ok().map(|cases| cases.parse().expect("a number of cases"));
    // The same sequences in each run: a failure of one run is a failure of the next.
    let config =
        Config { cases: cases.unwrap_or(CASES), failure_persistence: None, max_shrink_iters: 120, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let seen = RefCell::new(BTreeMap::<String, [usize; 2]>::new());
    let refusals = RefCell::new(BTreeMap::<String, usize>::new());
    let first_word = |shown: String| shown.split(' ').next().unwrap_or_default().to_owned();
    let result = runner.run(&steps(), |steps| {
        let mut run = Run::new();
        let count = |act: &Act, answer: Result<(), Error>| {
            seen.borrow_mut().entry(first_word(format!("{act:?}"))).or_default()[usize::from(answer.is_ok())] += 1;
            if let Err(error) = answer {
                *refusals.borrow_mut().entry(first_word(format!("{error:?}"))).or_default() += 1;
            }
        };
        for act in beginning() {
            let (act, answer) = run.take(&act);
            assert_eq!(answer, Ok(()), "{act:?}");
            count(&act, answer);
        }
        for act in &steps {
            let (act, answer) = catch_unwind(AssertUnwindSafe(|| run.take(act))).unwrap_or_else(|panic| {
                eprintln!("at {act:?}");
                resume_unwind(panic)
            });
            count(&act, answer);
        }
        run.end();
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let seen = seen.into_inner();
    eprintln!("refused and accepted: {seen:?}\nrefused with: {:?}", refusals.into_inner());
    // What happens outside of the welfare contract is done rightly.
    let outside = "Stand Blacklist ChangeRole Approve Issue Gift Pause Unpause Wait";
    let is_lopsided = |(kind, [refused, accepted]): &(&String, &[usize; 2])| {
        *accepted == 0 || (*refused == 0 && !outside.split(' ').any(|other| other == kind.as_str()))
    };
    assert_eq!(seen.iter().filter(is_lopsided).collect::<Vec<_>>(), []);
}
