//! What the events alone say of schemes, cases, credits and balances.

mod story;

use amanah_client::{chain::RawEvent, Actor, Event, Message};
use amanah_domain::{
    calendar::add_months,
    ids::{ParticipantId, SchemeId, VoucherId, WelfareCaseId},
    money::Amount,
    roles::Role,
    time::Millis,
};
use amanah_e2e::{welfare::Offices, World};
use amanah_interfaces::{
    ledger::{Ledger, Owner},
    registry::Registry,
    voucher::Voucher,
    welfare::{Benefit, BenefitCase, BenefitStatus, CaseOpened, Deed, Entry, Scheme, Welfare},
    Balance,
};
use scale::{Decode, Encode};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

/// A case as its events tell it.
struct Told {
    opened: CaseOpened,
    previous: WelfareCaseId,
    entries: Vec<Entry>,
    /// What was paid or collected, period by period.
    periods: Vec<Balance>,
}

#[derive(Default)]
pub struct Replay {
    schemes: BTreeMap<SchemeId, Scheme>,
    agreed: Vec<SchemeId>,
    cases: BTreeMap<WelfareCaseId, Told>,
    /// By participant and bank.
    credits: BTreeMap<(ParticipantId, ParticipantId), Balance>,
    /// Those that benefits were paid as, with their holders.
    vouchers: BTreeMap<VoucherId, ParticipantId>,
    asked_for: BTreeMap<VoucherId, ParticipantId>,
    /// By owner (encoded) and bank.
    balances: BTreeMap<(Vec<u8>, ParticipantId), Balance>,
}

impl Told {
    fn count(&self, deeds: &[Deed]) -> usize {
        self.entries.iter().filter(|entry| deeds.contains(&entry.deed)).count()
    }

    fn latest(&self) -> &Entry {
        self.entries.last().expect("each case begins with an entry")
    }

    fn status(&self, scheme: &Scheme) -> BenefitStatus {
        let all = usize::from(scheme.most_payments);
        if all > 0 && self.periods.len() == all {
            return BenefitStatus::Ended;
        }
        self.latest().status
    }

    fn accepted(&self, stage: u8, round: u32) -> Vec<ParticipantId> {
        let of_this = |entry: &&Entry| (entry.deed, entry.stage, entry.round) == (Deed::Accepted, stage, round);
        self.entries.iter().filter(of_this).map(|entry| entry.by).collect()
    }

    /// The stage after the latest entry: of a decision, the entry has the stage before it.
    fn stage(&self, scheme: &Scheme) -> u8 {
        let Entry { deed, stage, round, .. } = *self.latest();
        let needed = usize::from(scheme.stages[usize::from(stage)].needed);
        let goes_on = deed == Deed::Accepted && self.accepted(stage, round).len() == needed;
        if goes_on && usize::from(stage) + 1 < scheme.stages.len() {
            stage + 1
        } else {
            stage
        }
    }

    /// Who rejected it last, and when: a reviewer, or the automatic check.
    fn rejection(&self) -> (ParticipantId, Millis) {
        let rejections = self.entries.iter().rev().filter(|entry| entry.status == BenefitStatus::Rejected);
        let found = rejections.filter(|entry| matches!(entry.deed, Deed::Rejected | Deed::Applied)).map(|entry| {
            let by = if entry.deed == Deed::Applied { 0 } else { entry.by };
            (by, entry.at)
        });
        found.clone().next().unwrap_or_default()
    }

    /// When it was granted, and until when it is certified; 0 for never, and for no end.
    fn granted(&self, scheme: &Scheme) -> (Millis, Millis) {
        let is_grant = |entry: &&Entry| (entry.deed, entry.status) == (Deed::Accepted, BenefitStatus::Running);
        let Some(granted) = self.entries.iter().find(is_grant) else { return (0, 0) };
        let end = |at| if scheme.recertify_months == 0 { 0 } else { add_months(at, scheme.recertify_months) };
        let mut until = end(granted.at);
        for entry in self.entries.iter().filter(|entry| entry.deed == Deed::Recertified) {
            until = match (entry.status, until) {
                (BenefitStatus::Running, _) => end(entry.at),
                (_, 0) => entry.at,
                (_, before) => before.min(entry.at),
            };
        }
        (granted.at, until)
    }

    /// The record; what no event tells, the form and what follows from it alone, is as stored.
    fn record(&self, scheme: &Scheme, stored: &BenefitCase) -> BenefitCase {
        let round = self.latest().round;
        let stage = self.stage(scheme);
        let (decided_by, decided_at) = self.rejection();
        let (approved_at, certified_until) = self.granted(scheme);
        let told = self.entries.iter().rev().find_map(|entry| entry.amount);
        let amount = match (scheme.benefit, told) {
            (Benefit::Fixed(amount), _) if approved_at > 0 => amount,
            (Benefit::ByStage { .. }, _) if approved_at > 0 => units(told.expect("a stage has set it")),
            (_, Some(told)) if approved_at > 0 => units(told),
            _ => stored.amount,
        };
        let is_first = self.count(&[Deed::Applied, Deed::Recertified]) == 1;
        let (reasons, missing) =
            if is_first { (self.opened.reasons, self.opened.missing) } else { (stored.reasons, stored.missing) };
        BenefitCase {
            scheme: self.opened.scheme,
            applicant: self.opened.applicant,
            form: stored.form.clone(),
            round,
            stage,
            accepted: self.accepted(stage, round),
            status: self.status(scheme),
            reasons,
            missing,
            decided_by,
            decided_at,
            amount,
            approved_at,
            paid: self.periods.len().try_into().expect("few periods"),
            certified_until,
            appealed: self.count(&[Deed::Appealed]) > 0,
            opened_at: self.entries[0].at,
            previous: self.previous,
            sum: units(self.periods.iter().sum()),
        }
    }
}

fn units(amount: Balance) -> Amount {
    Amount::from_balance(amount).expect("an amount is small")
}

impl Replay {
    /// Nothing but the schemes that there are.
    pub fn of(offices: &mut Offices) -> Self {
        let suite = offices.suite.clone();
        let count = offices.world.ask(suite.welfare().scheme_count());
        let schemes =
            (1..=count).map(|number| (number, offices.world.ask(suite.welfare().scheme(number)).expect("it is there")));
        Self { schemes: schemes.collect(), agreed: (1..=count).collect(), ..Self::default() }
    }

    /// Adds what a step told.
    pub fn add(&mut self, world: &World, events: &[RawEvent]) {
        for event in world.events(events) {
            self.add_one(event);
        }
    }

    fn add_one(&mut self, event: Event) {
        match event {
            Event::Issued(it) => self.give(it.to, it.issuer, it.amount),
            Event::Transferred(it) => {
                let balance = self.balances.entry((it.from.encode(), it.issuer)).or_default();
                *balance = balance.checked_sub(it.amount).expect("nobody has less than nothing");
                self.give(it.to, it.issuer, it.amount);
            }
            Event::FundingRequested(it) => drop(self.asked_for.insert(it.voucher, it.holder)),
            Event::SchemeCreated(it) => {
                assert_eq!(self.schemes.insert(it.scheme, it.terms), None, "a number is given once");
            }
            Event::PayerAgreed(it) => {
                assert!(!self.agreed.contains(&it.scheme), "it is told once");
                assert_eq!(self.schemes[&it.scheme].payer, it.payer);
                self.agreed.push(it.scheme);
            }
            Event::SchemeRetired(it) => {
                let scheme = self.schemes.get_mut(&it.scheme).expect("it was created");
                assert!(!std::mem::replace(&mut scheme.retired, true), "it is told once");
            }
            Event::CaseOpened(it) => {
                let of_applicant = self.cases.iter().filter(|(_, told)| told.opened.applicant == it.applicant);
                let previous = of_applicant.map(|(number, _)| *number).last().unwrap_or_default();
                let (number, told) = (it.case, Told { opened: it, previous, entries: Vec::new(), periods: Vec::new() });
                assert!(self.cases.insert(number, told).is_none(), "a number is given once");
            }
            Event::CaseMoved(it) => {
                assert_eq!(it.by, it.entry.by);
                let told = self.cases.get_mut(&it.case).expect("the case was opened");
                let scheme = &self.schemes[&told.opened.scheme];
                match told.entries.is_empty() {
                    true => assert_eq!(it.entry.status, told.opened.status, "as it was opened"),
                    false if told.status(scheme) == BenefitStatus::Ended => {
                        let changes_nothing = (it.entry.deed, it.entry.status);
                        assert_eq!(
                            changes_nothing,
                            (Deed::EmployerAgreed, BenefitStatus::Ended),
                            "what has ended stays"
                        );
                    }
                    false => {}
                }
                told.entries.push(it.entry);
            }
            Event::DocumentSealed(it) => {
                let Entry { deed, by, stage, document, .. } = *self.cases[&it.case].latest();
                assert_eq!((deed, by, stage, document), (Deed::Sealed, it.by, it.stage, Some(it.cid)));
            }
            Event::BenefitPaid(it) => {
                self.settle(it.case, it.period, it.amount);
                let told = &self.cases[&it.case];
                assert_eq!(told.opened.applicant, it.beneficiary);
                match it.voucher {
                    Some(voucher) => {
                        assert_eq!(self.vouchers.insert(voucher, it.beneficiary), None, "a voucher is paid once");
                        assert_eq!(
                            self.asked_for.get(&voucher),
                            Some(&it.beneficiary),
                            "its bank was asked to fund it"
                        );
                    }
                    None => {
                        let issuer = self.schemes[&told.opened.scheme].issuer;
                        *self.credits.entry((it.beneficiary, issuer)).or_default() += it.amount;
                    }
                }
            }
            Event::PremiumCollected(it) => {
                self.settle(it.case, it.period, it.own + it.employers);
                assert_eq!(self.cases[&it.case].opened.applicant, it.insured);
            }
            Event::BenefitWithdrawn(it) => {
                let credit = self.credits.entry((it.participant, it.issuer)).or_default();
                *credit = credit.checked_sub(it.amount).expect("nobody gets more than was paid");
            }
            _ => {}
        }
    }

    fn give(&mut self, to: Owner, bank: ParticipantId, amount: Balance) {
        *self.balances.entry((to.encode(), bank)).or_default() += amount;
    }

    fn settle(&mut self, case: WelfareCaseId, period: u16, amount: Balance) {
        let told = self.cases.get_mut(&case).expect("the case was opened");
        assert_eq!(
            told.status(&self.schemes[&told.opened.scheme]),
            BenefitStatus::Running,
            "only what runs is settled"
        );
        told.periods.push(amount);
        assert_eq!(told.periods.len(), usize::from(period), "each period once, in order");
    }

    /// What the welfare contract owes in a bank's money.
    pub fn liabilities(&self, bank: ParticipantId) -> Balance {
        self.credits.iter().filter(|((_, issuer), _)| *issuer == bank).map(|(_, credit)| credit).sum()
    }

    /// The history of a case that was opened.
    pub fn entries(&self, case: WelfareCaseId) -> &[Entry] {
        &self.cases[&case].entries
    }

    /// Do benefits of a scheme exclude each other?
    pub fn is_exclusive(&self, scheme: SchemeId) -> bool {
        self.schemes[&scheme].exclusive
    }

    pub fn balance(&self, owner: Owner, bank: ParticipantId) -> Balance {
        self.balances.get(&(owner.encode(), bank)).copied().unwrap_or_default()
    }

    pub fn credit(&self, participant: ParticipantId, bank: ParticipantId) -> Balance {
        self.credits.get(&(participant, bank)).copied().unwrap_or_default()
    }

    /// Checks that the chain has exactly this stored.
    pub fn check(&self, offices: &mut Offices) {
        let suite = offices.suite.clone();
        let welfare = suite.welfare();
        for (number, scheme) in &self.schemes {
            assert_eq!(offices.world.ask(welfare.scheme(*number)).as_ref(), Some(scheme), "scheme {number}");
            assert_eq!(offices.world.ask(welfare.has_agreed(*number)), self.agreed.contains(number));
        }
        assert_eq!(offices.world.ask(welfare.scheme_count()) as usize, self.schemes.len(), "no other scheme");
        let mut waiting: Vec<(Role, WelfareCaseId)> = Vec::new();
        for (number, told) in &self.cases {
            let scheme = &self.schemes[&told.opened.scheme];
            let stored = offices.case(*number);
            let record = told.record(scheme, &stored);
            assert_eq!(stored, record, "case {number}");
            assert_eq!(history(offices, *number), told.entries, "of case {number}");
            if record.status == BenefitStatus::Review {
                waiting.push((scheme.stages[usize::from(record.stage)].role, *number));
            }
        }
        let roles = self.schemes.values().flat_map(|scheme| &scheme.stages).filter_map(|stage| stage.role.index());
        for role in roles.collect::<BTreeSet<_>>().into_iter().filter_map(Role::from_index) {
            let mut stored = offices.worklist(role);
            stored.sort_unstable();
            let told: Vec<_> = waiting.iter().filter(|(of, _)| *of == role).map(|(_, case)| *case).collect();
            assert_eq!(stored, told, "before {role:?}");
            assert_eq!(offices.world.ask(welfare.worklist_count(role)) as usize, told.len(), "before {role:?}");
        }
        let next = self.cases.len() as WelfareCaseId + 1;
        assert_eq!(offices.world.ask(welfare.benefit_case(next)), None, "no other case");
        for ((participant, bank), credit) in &self.credits {
            assert_eq!(offices.world.ask(welfare.credit(*participant, *bank)), *credit, "of {participant}");
        }
        for (voucher, holder) in &self.vouchers {
            let stored = offices.world.ask(suite.voucher().voucher(*voucher)).expect("the voucher is there");
            assert_eq!(stored.holder, *holder, "voucher {voucher}");
        }
        for ((owner, bank), balance) in &self.balances {
            let account = match Owner::decode(&mut owner.as_slice()).expect("an owner") {
                Owner::Contract(account) => account.into(),
                Owner::Participant(number) => {
                    let known = offices.world.ask(suite.registry().credentials_of(number)).expect("registered");
                    known.account.into()
                }
            };
            assert_eq!(offices.world.ask(suite.ledger().balance_of(account, *bank)), *balance, "of {owner:?}");
        }
    }
}

/// All of a case's history, page by page.
fn history(offices: &mut Offices, case: WelfareCaseId) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    while all.len() % 50 == 0 {
        let start = all.len().try_into().expect("few entries");
        let page = offices.world.ask(offices.world.suite.welfare().history(case, start, 50));
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    all
}

/// Offices, and what the events of everything that is done there tell.
pub struct Watched {
    pub offices: Offices,
    pub replay: Replay,
}

impl Watched {
    pub fn new(mut offices: Offices) -> Self {
        let replay = Replay::of(&mut offices);
        Self { offices, replay }
    }

    /// Sends a message that must succeed, whatever contract it is for.
    #[track_caller]
    pub fn send<A: Encode, T: Decode, E: Decode + Debug>(
        &mut self,
        from: &Actor,
        message: Message<A, Result<T, E>>,
    ) -> T {
        let done = self.offices.world.send(from, message);
        self.replay.add(&self.offices.world, &done.events);
        done.value
    }
}
