//! The campaign story: three borrowers ask many investors for a loan. One repays it to the last unit, one misses its target,
//! one defaults, and the investors share what is lost.

use super::{
    borrowers::{list, Borrower, Signers},
    lenders::{allow, balance, configure, due, event, held, loan, lock, provide},
    offices::{card, enrol, government, organisations, Registered},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    money::UNITS,
    report::{table, Report},
};
use amanah_client::Actor;
use amanah_domain::{
    campaign::Wish,
    chaincode::Verdict,
    crypto::{Crypto, Native},
    flow::{EventKind, Request},
    ids::{CampaignId, FlowId, LoanId, ProductId},
    money::Amount,
    rating::Education,
    roles::Role,
    time::{Millis, DAY, SECOND},
};
use amanah_interfaces::{
    ledger::Ledger,
    loan::{Campaign, Event, Loan, Method, NewCampaign, Offer, Order, SignedRating},
    Balance,
};
use anyhow::{ensure, Context, Result};
use serde::Serialize;

/// How long the campaign collects that misses its target: in life, and on a node.
const COLLECTS: [Millis; 2] = [10 * DAY, 30 * SECOND];
/// How long the others collect.
const LONG: Millis = 30 * DAY;
/// The smallest ticket.
const MINIMUM: Balance = 100;
/// For how many months money is lent.
const MONTHS: u16 = 3;
/// How many days after a due date lateness begins.
const GRACE: u16 = 5;
/// How many days after a due date a loan may be marked as defaulted.
const DEFAULT: u16 = 90;
/// What each investor begins with.
const SAVINGS: Balance = 2_000;
/// What each borrower earns beside the loan.
const WAGES: Balance = 400;
/// What can be had of the loan in default.
const RECOVERED: Balance = 250;

/// What the story comes to, from the chain's state; amounts in whole units of account.
#[derive(Serialize)]
pub struct Summary {
    campaigns: Vec<Told>,
    issued: Balance,
    people_have: Balance,
    contract_holds: Balance,
    refusals_shown: Vec<Shown>,
}

/// What came of a campaign.
#[derive(Serialize)]
struct Told {
    borrower: String,
    grade: &'static str,
    target: Balance,
    status: String,
    /// How its loan stands, if there is one.
    loan: Option<String>,
    repaid: Balance,
    claimed: Balance,
    investors: Vec<Stake>,
}

/// What an investor gave and got.
#[derive(Clone, Copy, Serialize)]
struct Stake {
    invested: Balance,
    got: Balance,
}

/// The story under way.
struct Story {
    stage: Stage,
    bank: Registered,
    signers: Signers,
    investors: [Registered; 3],
    close: FlowId,
    product: ProductId,
}

/// A campaign, who asks for it, and the rating that it was opened with.
struct Asked<'a> {
    borrower: &'a Borrower,
    number: CampaignId,
    rating: SignedRating,
}

/// Tells the story; gives its summary.
pub fn tell(report: Report, place: &Whereabouts) -> Result<Summary> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    stage.report.chapter("A loan administrator, an authenticator, three investors, and who asks them for money");
    let government = government(&mut stage, &administrator)?;
    let rows =
        [("bank", Role::Bank), ("loan administrator", Role::LoanAdministrator), ("authenticator", Role::Authenticator)];
    let what = "the government registers a bank, a loan administrator and an authenticator";
    let [bank, officer, authenticator] = organisations(&mut stage, &government, what, rows)?;
    let person = |stage: &mut Stage, name: &str, role| enrol(stage, &government, name, card(name), role);
    let mut investors = Vec::new();
    for name in ["Gita", "Hadi", "Indah"] {
        investors.push(person(&mut stage, name, Role::Investor)?);
    }
    let investors: [Registered; 3] =
        investors.try_into().map_err(|_| anyhow::anyhow!("three investors were registered"))?;
    let dewi = person(&mut stage, "Dewi", Role::Citizen)?;
    let eko = person(&mut stage, "Eko", Role::Citizen)?;
    let fitri = person(&mut stage, "Fitri", Role::Citizen)?;
    let close = configure(&mut stage, &government, EventKind::CampaignClose, &[Role::LoanAdministrator])?;
    let product = offer(&mut stage, &officer)?;
    for investor in &investors {
        provide(&mut stage, &bank, investor, SAVINGS, "savings")?;
    }
    stage.report.line(format_args!("   each investor has {} of the bank's money", UNITS.text(SAVINGS)));
    let dewi = Borrower::rated(dewi, Education::Bachelor, [2_000, 0, 0])?;
    let eko = Borrower::rated(eko, Education::Secondary, [1_000, 20_000, 150])?;
    let fitri = Borrower::rated(fitri, Education::Primary, [600, 12_000, 120])?;
    let mut rows = table(&["", "education", "income", "debt", "grade", "interest", "most"]);
    for borrower in [&dewi, &eko, &fitri] {
        rows.add_row(borrower.row());
    }
    stage.report.line(rows);

    let mut story = Story { stage, bank, signers: Signers { officer, authenticator }, investors, close, product };
    let mut campaigns = vec![story.succeeds(&dewi)?, story.misses(&eko)?];
    if story.stage.chain.sets_time() {
        campaigns.push(story.defaults(&fitri)?);
    } else {
        story.stage.report.line("\n   a default takes months, so the embedded chain alone tells of it");
    }
    story.reckoning(campaigns, [&dewi.person, &eko.person, &fitri.person])
}

/// The loan administrator offers loans that campaigns collect.
fn offer(stage: &mut Stage, officer: &Registered) -> Result<ProductId> {
    let offer = Offer {
        flow: 0,
        limit: 50_000,
        most_months: 36,
        again_after_months: 12,
        // A campaign's interest comes from its borrower's rating.
        rate: 0,
        method: Method::EqualInstalments,
        order: Order::InterestFirst,
        grace_days: GRACE,
        late_fee: 10,
        default_after_days: DEFAULT,
        subsidised: false,
    };
    let message = stage.suite.loan().offer_product(offer);
    let what = "the loan administrator offers loans that campaigns collect";
    Ok(stage.act(what, &officer.actor, message)?.value)
}

impl Story {
    /// A campaign as somebody would propose it.
    fn wanted(&mut self, borrower: &Borrower, target: Balance, collects: Millis) -> Result<NewCampaign> {
        Ok(NewCampaign {
            product: self.product,
            issuer: self.bank.number,
            target,
            minimum: MINIMUM,
            months: MONTHS,
            deadline: self.stage.chain.now()?.saturating_add(collects),
            document: Native::blake2b_256(format!("what {} needs money for", borrower.name()).as_bytes()),
        })
    }

    /// A campaign is proposed, with rating and passkey.
    fn open<'a>(&mut self, borrower: &'a Borrower, campaign: NewCampaign) -> Result<Asked<'a>> {
        let rating = self.signers.rating(&mut self.stage, borrower)?;
        let passkey = self.signers.passkey(&mut self.stage, borrower, &campaign, &rating)?;
        let target = campaign.target;
        let message = self.stage.suite.loan().open_campaign(campaign, rating.clone(), passkey);
        let what = format!("{} proposes a campaign for {}", borrower.name(), UNITS.text(target));
        let number = self.stage.act(what, &borrower.person.actor, message)?.value;
        Ok(Asked { borrower, number, rating })
    }

    fn approve(&mut self, campaign: CampaignId) -> Result<()> {
        let message = self.stage.suite.loan().approve_campaign(campaign);
        self.stage.act("the loan administrator approves it", &self.signers.officer.actor, message)?;
        Ok(())
    }

    fn invest(&mut self, campaign: CampaignId, tickets: [Balance; 3]) -> Result<()> {
        for (investor, amount) in self.investors.iter().zip(tickets).filter(|(_, amount)| *amount > 0) {
            let message = self.stage.suite.loan().invest(campaign, amount);
            let what = format!("{} invests {}", investor.actor.name(), UNITS.text(amount));
            self.stage.act(what, &investor.actor, message)?;
        }
        Ok(())
    }

    fn campaign(&mut self, number: CampaignId) -> Result<Campaign> {
        self.stage.ask(self.stage.suite.loan().campaign(number))?.context("the campaign is on chain")
    }

    /// The borrower's event that asks for a campaign's money.
    fn closing(&self, asked: &Asked) -> Event {
        let request = Request::CampaignClose { campaign: asked.number };
        event(self.close, &asked.borrower.person, &[&self.signers.officer], request)
    }

    /// Borrower and administrator close a campaign that has its target; answers with the loan.
    fn close(&mut self, asked: &Asked) -> Result<LoanId> {
        let what = format!("{} asks for the money: a case", asked.borrower.name());
        let event = self.closing(asked);
        let case = lock(&mut self.stage, &what, &asked.borrower.person, event)?;
        let known = self.stage.ask(self.stage.suite.loan().event_hash(case))?.context("the case is on chain")?;
        let submit = self.stage.suite.loan().submit_verdict(case, 0, known, Verdict::Pass);
        let what = "the loan administrator submits its Pass: escrow is paid out, the loan begins";
        self.stage.act(what, &self.signers.officer.actor, submit)?;
        Ok(self.campaign(asked.number)?.loan)
    }

    /// What came of a campaign, by the chain's records and what investors gave and got.
    fn told(&mut self, asked: &Asked, invested: [Balance; 3], got: [Balance; 3]) -> Result<Told> {
        let record = self.campaign(asked.number)?;
        let loan = match record.loan {
            0 => None,
            number => Some(format!("{:?}", loan(&mut self.stage, number)?.status)),
        };
        let mut rows = table(&["investor", "invested", "got", "gain or loss"]);
        for ((investor, invested), got) in self.investors.iter().zip(invested).zip(got) {
            let sign = if got < invested { "-" } else { "+" };
            let change = format!("{sign}{}", UNITS.digits(got.abs_diff(invested)));
            rows.add_row([investor.actor.name().to_owned(), UNITS.digits(invested), UNITS.digits(got), change]);
        }
        self.stage.report.line(rows);
        Ok(Told {
            borrower: asked.borrower.name().to_owned(),
            grade: asked.borrower.grade(),
            target: record.target.balance(),
            status: format!("{:?}", record.status),
            loan,
            repaid: record.repaid.balance(),
            claimed: record.claimed.balance(),
            investors: invested.into_iter().zip(got).map(|(invested, got)| Stake { invested, got }).collect(),
        })
    }

    /// A campaign that reaches its target and is repaid.
    fn succeeds(&mut self, dewi: &Borrower) -> Result<Told> {
        self.stage.report.chapter("Dewi's campaign is rated, approved with her passkey, and collects");
        let campaign = self.wanted(dewi, 1_000, LONG)?;
        self.bad_proposals(dewi, &campaign)?;
        let asked = self.open(dewi, campaign.clone())?;
        let first = self.investors[0].actor.clone();
        let passkey = self.signers.passkey(&mut self.stage, dewi, &campaign, &asked.rating)?;
        let again = self.stage.suite.loan().open_campaign(campaign, asked.rating.clone(), passkey);
        self.stage.refused("Dewi proposes another campaign with the same rating", &dewi.person.actor, again)?;
        let early = self.stage.suite.loan().invest(asked.number, MINIMUM);
        self.stage.refused("an investor invests before it is approved", &first, early)?;
        let own = self.stage.suite.loan().approve_campaign(asked.number);
        self.stage.refused("Dewi approves her own campaign", &dewi.person.actor, own)?;
        self.approve(asked.number)?;
        self.stage.chain.moment(DAY);
        let issuer = Some(self.bank.number);
        let amount = Amount::from_balance(SAVINGS).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        list(&mut self.stage, &Wish { worst_grade: 1, least_rate: 500, most_months: 12, issuer, amount })?;
        self.bad_steps(&asked)?;
        let tickets = [333, 333, 334];
        self.invest(asked.number, tickets)?;

        self.stage.report.chapter("It has reached its target: borrower and administrator close it by a case");
        let loan = self.close(&asked)?;
        let refund = self.stage.suite.loan().refund(asked.number);
        self.stage.refused("an investor takes its money back from a running loan", &first, refund)?;

        self.stage.report.chapter("The loan is repaid, and claimed to the last unit");
        let bank = self.bank.clone();
        provide(&mut self.stage, &bank, &dewi.person, WAGES, "wages")?;
        let mut got = [0; 3];
        for number in 1..=MONTHS {
            self.pay_instalment(dewi, loan, number)?;
            // Whoever wants may claim in between; here only the first investor does.
            if number == 1 {
                got[0] += self.claim(&asked, 0)?;
                let again = self.stage.suite.loan().claim(asked.number);
                self.stage.refused("Gita claims again before more is repaid", &first, again)?;
            }
        }
        for (at, got) in got.iter_mut().enumerate() {
            *got += self.claim(&asked, at)?;
        }
        let again = self.stage.suite.loan().claim(asked.number);
        self.stage.refused("Gita claims again when all is paid out", &first, again)?;
        let told = self.told(&asked, tickets, got)?;
        let rest = held(&mut self.stage, &self.bank)?;
        ensure!(rest == 0 && told.repaid == told.claimed, "{rest} of what was repaid is left");
        self.stage.report.line("   all that was repaid is paid out; the contract holds nothing of it");
        Ok(told)
    }

    /// What nobody can propose.
    fn bad_proposals(&mut self, dewi: &Borrower, campaign: &NewCampaign) -> Result<()> {
        let rating = self.signers.rating(&mut self.stage, dewi)?;
        let mut cheaper = rating.clone();
        cheaper.rating.rate -= 1;
        let larger = NewCampaign { target: dewi.rating.most + 1, ..campaign.clone() };
        let smaller = NewCampaign { target: campaign.target - 1, ..campaign.clone() };
        for (tried, proposed, rating, approved) in [
            ("Dewi proposes it at a lower interest than she was rated for", campaign, &cheaper, campaign),
            ("Dewi proposes one for more than her rating allows", &larger, &rating, &larger),
            ("Dewi's passkey has approved a campaign for less", campaign, &rating, &smaller),
        ] {
            let passkey = self.signers.passkey(&mut self.stage, dewi, approved, rating)?;
            let message = self.stage.suite.loan().open_campaign(proposed.clone(), rating.clone(), passkey);
            self.stage.refused(tried, &dewi.person.actor, message)?;
        }
        Ok(())
    }

    /// What nobody can do with a campaign that collects.
    fn bad_steps(&mut self, asked: &Asked) -> Result<()> {
        let first = self.investors[0].actor.clone();
        let invest = |amount| self.stage.suite.loan().invest(asked.number, amount);
        let (small, large) = (invest(MINIMUM - 1), invest(1_001));
        let refund = self.stage.suite.loan().refund(asked.number);
        let close = self.stage.suite.loan().lock(self.closing(asked), None);
        self.stage.refused("an investor invests less than the smallest ticket", &first, small)?;
        self.stage.refused("an investor invests more than is missing", &first, large)?;
        self.stage.refused("an investor takes money back while it collects", &first, refund)?;
        self.stage.refused("the borrower asks for the money before the target", &asked.borrower.person.actor, close)
    }

    /// The borrower pays instalment 1, 2 .. on its day. With the last one, no more is taken than is owed.
    fn pay_instalment(&mut self, borrower: &Borrower, number: LoanId, instalment: u16) -> Result<()> {
        let stage = &mut self.stage;
        let owed = due(stage, number)?;
        if let (true, Some(day)) = (stage.chain.sets_time(), owed.next_due) {
            stage.chain.wait_until(day)?;
        }
        let record = loan(stage, number)?;
        let (amount, what) = match instalment == record.months {
            true => (
                balance(stage, &borrower.person, &self.bank)?,
                "offers all that she has, and the last instalment is taken".to_owned(),
            ),
            false => {
                let amount = record.instalment.balance();
                (amount, format!("pays instalment {instalment}: {}", UNITS.text(amount)))
            }
        };
        allow(stage, &self.bank, &borrower.person)?;
        let repay = stage.suite.loan().repay(number, amount);
        stage.act(format!("{} {what}", borrower.name()), &borrower.person.actor, repay)?;
        Ok(())
    }

    /// An investor claims; answers with what it gets.
    fn claim(&mut self, asked: &Asked, investor: usize) -> Result<Balance> {
        let investor = &self.investors[investor];
        let message = self.stage.suite.loan().claim(asked.number);
        Ok(self.stage.act(format!("{} claims", investor.actor.name()), &investor.actor, message)?.value)
    }

    /// A campaign that misses its target and gives everything back.
    fn misses(&mut self, eko: &Borrower) -> Result<Told> {
        self.stage.report.chapter("Eko's campaign misses its target and gives everything back");
        let collects = self.stage.chain.lasting(COLLECTS[0], COLLECTS[1]);
        let campaign = self.wanted(eko, 1_500, collects)?;
        let deadline = campaign.deadline;
        let asked = self.open(eko, campaign)?;
        self.approve(asked.number)?;
        let tickets = [400, 250, 0];
        self.invest(asked.number, tickets)?;
        self.stage.chain.wait_until(deadline)?;
        self.stage.report.line("   ... the deadline comes");
        let [first, second, third] = self.investors.each_ref().map(|investor| investor.actor.clone());
        let late = self.stage.suite.loan().invest(asked.number, 850);
        self.stage.refused("an investor brings what is missing at the deadline", &third, late)?;
        let close = self.stage.suite.loan().lock(self.closing(&asked), None);
        self.stage.refused("Eko asks for what there is", &eko.person.actor, close)?;
        for investor in [&first, &second] {
            let refund = self.stage.suite.loan().refund(asked.number);
            self.stage.act(format!("{} takes its money back", investor.name()), investor, refund)?;
        }
        for (tried, investor) in
            [("Gita takes it back twice", &first), ("Indah, who invested nothing, takes money back", &third)]
        {
            let refund = self.stage.suite.loan().refund(asked.number);
            self.stage.refused(tried, investor, refund)?;
        }
        let told = self.told(&asked, tickets, tickets)?;
        let rest = held(&mut self.stage, &self.bank)?;
        ensure!(rest == 0, "{rest} of what was invested is left");
        Ok(told)
    }

    /// A campaign whose loan is not repaid.
    fn defaults(&mut self, fitri: &Borrower) -> Result<Told> {
        self.stage.report.chapter("Fitri's campaign is funded; she pays one instalment, and then no more");
        let campaign = self.wanted(fitri, 900, LONG)?;
        let asked = self.open(fitri, campaign)?;
        self.approve(asked.number)?;
        let tickets = [500, 299, 101];
        self.invest(asked.number, tickets)?;
        let number = self.close(&asked)?;
        self.pay_instalment(fitri, number, 1)?;
        let day = due(&mut self.stage, number)?.next_due.context("the next instalment has a day")?;
        let anybody = Actor::named("anybody");
        self.wait(day, "... the second instalment is due and does not come")?;
        let delinquent = || self.stage.suite.loan().mark_delinquent(number);
        let (early, late) = (delinquent(), delinquent());
        self.stage.refused("anybody marks the loan as late on that day", &anybody, early)?;
        self.wait(day + DAY * Millis::from(GRACE), &format!("... {GRACE} days of grace are over"))?;
        self.stage.act("anybody marks it as late", &anybody, late)?;

        self.stage.report.chapter("The loan is in default, is written off, and what can be had is shared");
        let defaulted = || self.stage.suite.loan().mark_defaulted(number);
        let (early, late) = (defaulted(), defaulted());
        self.stage.refused("anybody marks it as defaulted on the same day", &anybody, early)?;
        let officer = self.signers.officer.actor.clone();
        let write_off = || self.stage.suite.loan().write_off(number);
        let (too_early, by_investor, by_officer) = (write_off(), write_off(), write_off());
        self.stage.refused("the loan administrator writes it off already", &officer, too_early)?;
        self.wait(day + DAY * Millis::from(DEFAULT), &format!("... {DEFAULT} days after the due date"))?;
        self.stage.act("anybody marks it as defaulted: the whole loan is called in", &anybody, late)?;
        let repay = self.stage.suite.loan().repay(number, 1);
        self.stage.refused("Fitri pays one unit, as if nothing had happened", &fitri.person.actor, repay)?;
        let first = self.investors[0].actor.clone();
        self.stage.refused("an investor writes it off", &first, by_investor)?;
        self.stage.act("the loan administrator writes it off", &officer, by_officer)?;
        allow(&mut self.stage, &self.bank, &fitri.person)?;
        let recover = self.stage.suite.loan().recover(number, RECOVERED);
        let what = format!("{} is got back all the same", UNITS.text(RECOVERED));
        self.stage.act(what, &fitri.person.actor, recover)?;
        let mut got = [0; 3];
        for (at, got) in got.iter_mut().enumerate() {
            *got = self.claim(&asked, at)?;
        }
        let told = self.told(&asked, tickets, got)?;
        let left = told.repaid - told.claimed;
        let text = format!("{left} of what was repaid is left by rounding, for whoever claims last if more comes");
        self.stage.report.line(format_args!("   {text}"));
        Ok(told)
    }

    fn wait(&mut self, until: Millis, what: &str) -> Result<()> {
        self.stage.chain.wait_until(until)?;
        self.stage.report.line(format_args!("   {what}"));
        Ok(())
    }

    /// Where all of the bank's money is.
    fn reckoning(mut self, campaigns: Vec<Told>, borrowers: [&Registered; 3]) -> Result<Summary> {
        self.stage.report.chapter("The reckoning: nothing was lost");
        let stage = &mut self.stage;
        let issued = stage.ask(stage.suite.ledger().supply(self.bank.number))?.issued.balance();
        let mut people_have = 0;
        for person in self.investors.iter().chain(borrowers) {
            people_have += balance(stage, person, &self.bank)?;
        }
        let contract_holds = held(stage, &self.bank)?;
        let unclaimed: Balance = campaigns.iter().map(|told| told.repaid - told.claimed).sum();
        let mut rows = table(&[UNITS.name, ""]);
        for (what, amount) in [
            ("issued by the bank", issued),
            ("= with investors and borrowers", people_have),
            ("+ held by the loan contract", contract_holds),
            ("repaid and not claimed", unclaimed),
        ] {
            rows.add_row([what.to_owned(), UNITS.digits(amount)]);
        }
        stage.report.line(rows);
        ensure!(issued == people_have + contract_holds, "the sums do not agree");
        ensure!(contract_holds == unclaimed, "the contract holds {contract_holds} and owes {unclaimed}");
        Ok(Summary { campaigns, issued, people_have, contract_holds, refusals_shown: self.stage.shown })
    }
}
