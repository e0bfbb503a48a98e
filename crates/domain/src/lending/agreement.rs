//! A loan does what its model does, whatever is done with it and whenever.

use super::{model::Model, tests::open, *};
use crate::{money::Amount, time::DAY};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Days(u64),
    /// To the next moment when a due date is 0 days, the days of grace, or the days until default ago; a millisecond
    /// earlier or later if the second number is 0 or 2.
    ToDate(u8, u64),
    Pause(u64),
    Store,
    Pay(Share, Desk),
    Refund,
    Delinquent,
    Defaulted,
    WriteOff,
    Reschedule(u16),
}

#[derive(Clone, Debug)]
enum Share {
    Units(u128),
    /// So many thousandths of all that the borrower owes.
    OfAll(u128),
    /// So many thousandths of what is overdue with the fees, or else of an instalment.
    OfDue(u128),
}

/// Which of `repay` and `recover` takes a payment.
#[derive(Clone, Debug)]
enum Desk {
    Right,
    Wrong,
}

fn steps() -> impl Strategy<Value = Step> {
    let thousandths = || prop_oneof![3 => Just(1_000u128), 2 => 0..1_500u128];
    let share = prop_oneof![
        1 => (0..3u128).prop_map(Share::Units),
        1 => thousandths().prop_map(Share::OfAll),
        8 => thousandths().prop_map(Share::OfDue),
    ];
    let desk = prop_oneof![9 => Just(Desk::Right), 1 => Just(Desk::Wrong)];
    prop_oneof![
        3 => (0..70u64).prop_map(Step::Days),
        9 => (0..3u8, 0..3u64).prop_map(|(kind, offset)| Step::ToDate(kind, offset)),
        1 => (0..40 * DAY).prop_map(Step::Pause),
        1 => Just(Step::Store),
        9 => (share, desk).prop_map(|(share, desk)| Step::Pay(share, desk)),
        1 => Just(Step::Refund),
        5 => Just(Step::Delinquent),
        5 => Just(Step::Defaulted),
        1 => Just(Step::WriteOff),
        1 => prop_oneof![1 => Just(0), 6 => 1..30u16, 1 => 480..482u16].prop_map(Step::Reschedule),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    let methods = prop_oneof![Just(Method::EqualInstalments), Just(Method::EqualPrincipal), Just(Method::Bullet)];
    let orders = prop_oneof![Just(Order::InterestFirst), Just(Order::PrincipalFirst)];
    let rates = prop_oneof![1 => Just(0), 6 => 1..3_000u32, 1 => Just(MOST_RATE)];
    (methods, orders, rates, 0..40u16, 0..60u16, 0..50u64, prop::bool::weighted(0.3)).prop_map(
        |(method, order, rate, grace_days, more, fee, subsidised)| Terms {
            rate,
            method,
            order,
            grace_days,
            late_fee: Amount::new(fee),
            default_after_days: grace_days + more,
            subsidised,
        },
    )
}

/// The loan itself and its model, which must agree.
struct Both {
    loan: Loan,
    model: Model,
}

impl Both {
    fn step(&mut self, step: Step) {
        use LoanStatus::{Active, Defaulted, Delinquent, WrittenOff};
        let (loan, clock) = (self.loan.clone(), self.model.clock());
        let model = &mut self.model;
        let Terms { grace_days, default_after_days, .. } = model.terms;
        match step {
            Step::Days(days) => model.pass(model.now + days * DAY),
            Step::ToDate(kind, offset) => {
                let days = [0, grace_days, default_after_days][usize::from(kind)];
                let moments = (0..model.dates.len()).map(|at| model.moment(at, days) + offset - 1);
                let next = moments.filter(|moment| *moment > model.now).min();
                model.pass(next.unwrap_or(model.now));
            }
            Step::Pause(length) => {
                model.pauses += length;
                model.accrue(model.now + length);
            }
            Step::Store => self.loan = loan.brought_to(&clock).unwrap(),
            Step::Pay(share, desk) => {
                let due = model.due();
                let amount = match share {
                    Share::Units(units) => units,
                    Share::OfAll(thousandths) => (due.fees + due.interest + due.principal) * thousandths / 1_000,
                    Share::OfDue(thousandths) if due.overdue > 0 => (due.fees + due.overdue) * thousandths / 1_000,
                    Share::OfDue(thousandths) => model.instalment * thousandths / 1_000,
                };
                let called_in = match desk {
                    Desk::Right => !model.is_alive(),
                    Desk::Wrong => model.is_alive(),
                };
                self.pay(amount, called_in);
            }
            Step::Refund => {
                let expected = model.refund();
                self.agree(loan.refund_interest(&clock).map(|(loan, paid)| (loan, paid.balance())), expected);
            }
            Step::Delinquent => {
                let expected = model.mark(Active, Delinquent, Some(grace_days));
                self.agree(loan.mark_delinquent(&clock).map(without_answer), expected);
            }
            Step::Defaulted => {
                let expected = model.mark(Delinquent, Defaulted, Some(default_after_days));
                self.agree(loan.mark_defaulted(&clock).map(without_answer), expected);
            }
            Step::WriteOff => {
                let expected = model.mark(Defaulted, WrittenOff, None);
                self.agree(loan.write_off(&clock).map(without_answer), expected);
            }
            Step::Reschedule(months) => {
                let expected = model.reschedule(months);
                self.agree(loan.reschedule(months, &clock).map(without_answer), expected);
            }
        }
        self.assert_agreement();
    }

    fn pay(&mut self, amount: u128, called_in: bool) {
        let (loan, clock) = (self.loan.clone(), self.model.clock());
        let expected = self.model.receive(amount, called_in);
        let given = Amount::from_balance(amount).unwrap();
        let paid = if called_in { loan.recover(given, &clock) } else { loan.repay(given, &clock) };
        if let Ok((_, paid)) = &paid {
            assert!(paid.total() <= amount, "no more is taken than was given");
        }
        let parts = |paid: Paid| [paid.fees, paid.interest, paid.principal].map(Amount::balance);
        self.agree(paid.map(|(loan, paid)| (loan, parts(paid))), expected);
    }

    /// The same answer or the same refusal; a refusal changes nothing.
    fn agree<T>(&mut self, ours: Result<(Loan, T), LoanRefusal>, expected: Result<T, LoanRefusal>)
    where
        T: core::fmt::Debug + PartialEq,
    {
        let answer = ours.map(|(loan, answer)| {
            self.loan = loan;
            answer
        });
        assert_eq!(answer, expected);
    }

    fn assert_agreement(&self) {
        let (loan, model, clock) = (&self.loan, &self.model, self.model.clock());
        assert_eq!(loan.status, model.status);
        let owed = loan.owed(&clock).unwrap();
        assert_eq!([owed.fees, owed.interest, owed.principal, owed.subsidy].map(Amount::balance), model.owed());
        assert_eq!(loan.due(&clock).unwrap(), model.due());
        let Book { fees_paid, interest_paid, principal_paid, subsidy_paid, .. } = loan.book;
        assert_eq!(fees_paid.balance(), model.sum(|payment| payment.fees));
        assert_eq!(interest_paid.balance(), model.sum(|payment| payment.interest));
        assert_eq!(principal_paid.balance(), model.sum(|payment| payment.principal));
        assert_eq!(subsidy_paid.balance(), model.sum(|payment| payment.subsidy));
        assert_eq!(loan.is_ended(), model.owed() == [0; 4], "closed when, and only when, nobody owes anything");
    }
}

fn without_answer(loan: Loan) -> (Loan, ()) {
    (loan, ())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, ..ProptestConfig::default() })]
    #[test]
    fn a_loan_does_what_its_model_does(
        principal in prop_oneof![1..20u64, 1..1_000_000u64, 1..=1u64 << 50],
        months in prop_oneof![1..4u16, 1..40u16],
        terms in terms(),
        now in 1_600_000_000_000..1_900_000_000_000u64,
        pauses in 0..100 * DAY,
        steps in prop::collection::vec(steps(), 1..60),
    ) {
        let clock = Clock { now, pauses };
        let loan = open(principal, months, terms, clock).unwrap();
        let mut both = Both { loan, model: Model::open(principal, months, terms, clock) };
        both.assert_agreement();
        for step in steps {
            both.step(step);
        }
    }
}
