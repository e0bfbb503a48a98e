//! A scheme whose payout is a voucher: from the payment through all contracts to the shop's cash, and what stops it on the way.

use crate::common::*;
use amanah_client::Event;
use amanah_domain::{
    ids::{ProgrammeId, SchemeId, VoucherId, WelfareCaseId},
    money::Amount,
    programme::Category,
    time::DAY,
    welfare::samples,
};
use amanah_e2e::{
    welfare::{injury_form, Offices},
    START,
};
use amanah_interfaces::{
    governance::Governed,
    ledger::Ledger,
    voucher::{self, FundingRequested, Voucher, VoucherRefusal, VoucherStatus},
    welfare::{Benefit, BenefitPaid, BenefitRefusal, BenefitStatus, Error, Payout, Scheme, Welfare},
    Balance,
};

/// Sixty a month as a voucher of this programme and category.
fn in_vouchers(offices: &mut Offices, programme: ProgrammeId, category: Category) -> SchemeId {
    let payout = Payout::Voucher { programme, category };
    let benefit = Benefit::Fixed(Amount::new(60));
    offices.scheme(Scheme { payout, benefit, exclusive: false, most_payments: 2, ..samples::welfare() })
}

/// A programme of Government's, of which the welfare contract may create vouchers.
fn programme(offices: &mut Offices, cast: &Cast) -> ProgrammeId {
    let terms = offices.world.terms();
    let programme = offices.programme(terms);
    set_issuer(offices, cast, programme, true);
    programme
}

fn set_issuer(offices: &mut Offices, cast: &Cast, programme: ProgrammeId, allowed: bool) {
    let message = cast.suite.voucher().set_issuer(programme, cast.suite.welfare.into(), allowed);
    offices.send(&cast.government.actor, message);
}

/// Pays a period; the voucher that came of it.
#[track_caller]
fn paid(offices: &mut Offices, case: WelfareCaseId, period: u16) -> VoucherId {
    let done = offices.pay(case, period);
    match own_events(offices, &done).as_slice() {
        [Event::BenefitPaid(BenefitPaid { voucher: Some(voucher), .. })] => *voucher,
        other => panic!("not paid as a voucher: {other:?}"),
    }
}

#[track_caller]
fn cannot_pay(offices: &mut Offices, case: WelfareCaseId, period: u16, expected: voucher::Error) {
    let (stranger, message) = (offices.stranger.clone(), offices.suite.welfare().pay(case, period));
    offices.refuses(&stranger, message, Error::Voucher(expected));
}

#[track_caller]
fn money(offices: &mut Offices, voucher: VoucherId) -> (VoucherStatus, Balance) {
    let message = offices.suite.voucher().voucher(voucher);
    let record = offices.ask(message).expect("the voucher is there");
    (record.status, record.available.balance())
}

#[test]
fn a_benefit_becomes_a_voucher_then_the_shops_credit_then_money_and_at_last_cash() {
    let (mut offices, cast) = stage();
    let programme = programme(&mut offices, &cast);
    let scheme = in_vouchers(&mut offices, programme, 3);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    let (bank, citizen) = (cast.bank.number, cast.citizen.number);

    // Welfare asks the voucher contract, which asks the bank. Nobody has moved any money.
    let done = offices.pay(case, 1);
    let voucher = 1;
    let expires = START + offices.world.terms().life;
    let asked = FundingRequested { voucher, bank, programme, holder: citizen, category: 3, face: 0, expires };
    let paid = BenefitPaid { case, beneficiary: citizen, period: 1, amount: 60, voucher: Some(voucher) };
    assert_eq!(offices.events(&done.events), [Event::FundingRequested(asked), Event::BenefitPaid(paid)]);
    assert_eq!(money(&mut offices, voucher), (VoucherStatus::Created, 0));
    assert_eq!((offices.held(), offices.credit(&cast.citizen)), (0, 0));
    let blank = voucher::Error::Voucher(VoucherRefusal::NotFunded);
    let request = |amount, category| cast.suite.voucher().request(voucher, amount, category, [0; 32]);
    offices.refuses(&cast.shop.actor, request(60, 3), blank);

    // The bank funds it, the shop redeems it, and takes what it has earned to its bank.
    offices.bank_has(60);
    offices.send(&cast.bank.actor, cast.suite.voucher().fund(voucher, 60));
    assert_eq!(money(&mut offices, voucher), (VoucherStatus::Active, 60));
    let redemption = offices.send(&cast.shop.actor, request(60, 3)).value;
    let proof = offices.proof(redemption);
    offices.send(&cast.stranger, cast.suite.voucher().confirm(redemption, proof));
    assert_eq!(money(&mut offices, voucher), (VoucherStatus::Exhausted, 0));
    offices.world.check_books(programme, &[&cast.shop, &cast.bank]);
    offices.send(&cast.shop.actor, cast.suite.voucher().withdraw(bank, 60));
    assert_eq!(offices.balance(&cast.shop), 60);
    let cash = offices.send(&cast.shop.actor, cast.ledger().request_withdrawal(bank, 60, None)).value;
    offices.send(&cast.bank.actor, cast.ledger().settle_withdrawal(cash, [9; 32]));
    assert_eq!((offices.balance(&cast.shop), offices.ask(cast.ledger().total_supply(bank))), (0, 0));
    assert_eq!(offices.ask(cast.welfare().certificate(case)).expect("it was granted").sum, 60);
}

#[test]
fn each_period_is_a_voucher_of_its_own_on_its_day_and_the_last_ends_the_case() {
    let (mut offices, cast) = stage();
    let programme = programme(&mut offices, &cast);
    let scheme = in_vouchers(&mut offices, programme, 0);
    let neighbour = offices.applicant("neighbour");
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    let other = offices.grant(&neighbour, scheme, injury_form());
    let first = [paid(&mut offices, case, 1), paid(&mut offices, other, 1)];
    offices.chain.set_time(SECOND);
    let second = [paid(&mut offices, case, 2), paid(&mut offices, other, 2)];
    assert_eq!((first, second), ([1, 2], [3, 4]));
    for (voucher, holder) in [(1, &cast.citizen), (2, &neighbour), (3, &cast.citizen), (4, &neighbour)] {
        let record = offices.ask(cast.suite.voucher().voucher(voucher)).expect("the voucher is there");
        assert_eq!((record.holder, record.programme, record.category), (holder.number, programme, 0));
    }
    assert_eq!(offices.status(case), BenefitStatus::Ended);
}

#[test]
fn nothing_is_paid_while_the_welfare_contract_may_not_create_vouchers_and_everything_afterwards() {
    let (mut offices, cast) = stage();
    let terms = offices.world.terms();
    let programme = offices.programme(terms);
    let scheme = in_vouchers(&mut offices, programme, 0);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    cannot_pay(&mut offices, case, 1, voucher::Error::NotAllowed);
    set_issuer(&mut offices, &cast, programme, true);
    paid(&mut offices, case, 1);
    offices.chain.set_time(SECOND);
    set_issuer(&mut offices, &cast, programme, false);
    cannot_pay(&mut offices, case, 2, voucher::Error::NotAllowed);
    set_issuer(&mut offices, &cast, programme, true);
    paid(&mut offices, case, 2);
}

#[test]
fn what_the_voucher_contract_refuses_leaves_no_trace_and_holds_up_no_other_scheme() {
    let (mut offices, cast) = stage();
    let programme = programme(&mut offices, &cast);
    // The programme has categories 0 to 3.
    let schemes = [3, 4].map(|category| in_vouchers(&mut offices, programme, category));
    let [well, category] = schemes.map(|scheme| offices.grant(&cast.citizen, scheme, injury_form()));
    cannot_pay(&mut offices, category, 1, voucher::Error::UnknownCategory { category: 4 });
    paid(&mut offices, well, 1);

    offices.chain.set_time(SECOND);
    let governance = || cast.suite.governance(cast.suite.voucher);
    offices.send(&cast.administrator, governance().pause());
    cannot_pay(&mut offices, well, 2, voucher::Error::Paused);
    offices.send(&cast.administrator, governance().unpause());
    offices.send(&cast.government.actor, cast.suite.voucher().close_programme(programme));
    cannot_pay(&mut offices, well, 2, voucher::Error::ProgrammeClosed { programme });
    let record = offices.case(category);
    assert_eq!((record.status, record.paid, record.sum), (BenefitStatus::Running, 0, Amount::ZERO));
    assert_eq!(offices.case(well).paid, 1);
}

#[test]
fn a_period_that_is_not_due_is_no_voucher_either() {
    let (mut offices, cast) = stage();
    let programme = programme(&mut offices, &cast);
    let scheme = in_vouchers(&mut offices, programme, 0);
    let case = offices.grant(&cast.citizen, scheme, injury_form());
    paid(&mut offices, case, 1);
    let early = Error::Benefit(BenefitRefusal::TooEarly { from: SECOND });
    for at in [SECOND - DAY, SECOND - 1] {
        offices.chain.set_time(at);
        offices.refuses(&cast.stranger, cast.welfare().pay(case, 2), early);
    }
    offices.chain.set_time(SECOND);
    paid(&mut offices, case, 2);
}
