//! The resident story: Hong Kong's consumption vouchers. Everybody who is approved gets the same bundle, once, and
//! redeems one voucher with each payment card.

use super::{
    books::{Accounts, Books},
    codes::{items, Asked, Codes},
    offices::{card, card_end, organisation, Offices, Registered},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    money::{hong_kong_dollars, HONG_KONG_DOLLARS},
    report::{table, Report},
};
use amanah_attestor::PhoneNumber;
use amanah_client::{Actor, Message};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::{ApplicationId, IdentityCommitment, ParticipantId, ProgrammeId, RedemptionId, VoucherId},
    roles::Role,
    time::SECOND,
};
use amanah_interfaces::{
    registry::{self, Registry},
    voucher::{Denomination, Funding, Mode, Terms, Voucher, VoucherRecord},
    Balance, MOST_PER_PAGE,
};
use anyhow::{ensure, Context, Result};
use scale::Encode;
use serde::Serialize;

/// What each resident gets, in whole Hong Kong dollars.
const VALUE: Balance = 5_000;
/// Twenty vouchers that come to it: how many of which value.
const PIECES: [(u16, Balance); 3] = [(4, 50), (8, 100), (8, 500)];
/// Twenty vouchers that were meant to, and come to 4,150.
const PIECES_THAT_DO_NOT_ADD_UP: [(u16, Balance); 3] = [(5, 50), (9, 100), (6, 500)];
/// The number on the second officer's own identity card.
const COLLEAGUES_CARD: &str = "B765432(1)";
/// The voucher that is redeemed with each card is worth this much.
const SPENT: Balance = 500;
/// The reason code of a denial: no resident.
const NO_RESIDENT: u16 = 12;
/// The reason code of a denial: registered already.
const REGISTERED: u16 = 13;

/// What the story comes to, from the chain's state; amounts in whole Hong Kong dollars.
#[derive(Serialize)]
pub struct Summary {
    bundle_value: Balance,
    denominations: Vec<Pieces>,
    vouchers: usize,
    applications: u64,
    balance: Balance,
    transactions: Vec<Transaction>,
    #[serde(flatten)]
    books: Books,
    refusals_shown: Vec<Shown>,
}

/// Vouchers that are alike.
#[derive(Serialize)]
struct Pieces {
    count: u16,
    face: Balance,
}

/// What a resident sees of a redemption.
#[derive(Serialize)]
struct Transaction {
    redemption: RedemptionId,
    voucher: VoucherId,
    operator: String,
    amount: Balance,
    status: String,
}

/// What an approval answers: the number of who was registered.
type Decided = Result<ParticipantId, registry::Error>;

/// The story under way.
struct Story {
    stage: Stage,
    offices: Offices,
    /// An officer who lives in Hong Kong too.
    colleague: Registered,
    operators: [Registered; 3],
    resident: Actor,
    phone: PhoneNumber,
    codes: Codes,
    programme: ProgrammeId,
}

/// Tells the story; gives its summary.
pub fn tell(report: Report, place: &Whereabouts) -> Result<Summary> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    stage.report.chapter("The offices and the payment operators are registered");
    let offices = Offices::register(&mut stage, &administrator)?;
    let colleague = offices.enrol(&mut stage, "second officer", card(COLLEAGUES_CARD), Role::Government)?;
    let operators = [
        offices.enrol(&mut stage, "Octopus", organisation("Octopus"), Role::Operator)?,
        offices.enrol(&mut stage, "AlipayHK", organisation("AlipayHK"), Role::Operator)?,
        offices.enrol(&mut stage, "PayMe", organisation("PayMe"), Role::Operator)?,
    ];
    let codes = Codes::start(&stage, &offices)?;
    let programme = create_programme(&mut stage, &offices)?;
    let (resident, phone) = (Actor::named("resident"), PhoneNumber::new("+85291234567")?);
    let mut story = Story { stage, offices, colleague, operators, resident, phone, codes, programme };
    let number = story.applications()?;
    let vouchers = story.bundle()?;
    story.fund(number, &vouchers)?;
    let redeemed = story.cards(number)?;
    let (balance, transactions) = story.what_the_resident_sees(number, &redeemed)?;

    let accounts = Accounts {
        programme,
        bank: story.offices.bank_number,
        vouchers: vouchers.clone(),
        creditors: story.operators.iter().map(|operator| operator.number).collect(),
        never_claimed: 0,
        money: &HONG_KONG_DOLLARS,
    };
    let mut stage = story.stage;
    let books = accounts.reckon(&mut stage)?;
    let applications = stage.ask(stage.suite.registry().application_count())?;
    Ok(Summary {
        bundle_value: VALUE,
        denominations: PIECES.map(|(count, face)| Pieces { count, face }).into(),
        vouchers: vouchers.len(),
        applications,
        balance,
        transactions,
        books,
        refusals_shown: stage.shown,
    })
}

fn create_programme(stage: &mut Stage, offices: &Offices) -> Result<ProgrammeId> {
    stage.report.chapter("A programme for everybody: HK$5,000 in vouchers that add up");
    let denominations =
        |pieces: [(u16, Balance); 3]| pieces.map(|(count, face)| Denomination { category: 0, face, count }).to_vec();
    let terms = Terms {
        mode: Mode::OneTime,
        most_per_holder: VALUE,
        denominations: denominations(PIECES),
        bundle_value: VALUE,
        universal: true,
        per_card: true,
        ..offices.terms(vec![0], SPENT, 1_000 * VALUE)
    };
    let wrong = Terms { denominations: denominations(PIECES_THAT_DO_NOT_ADD_UP), ..terms.clone() };
    let wrong = stage.suite.voucher().create_programme(wrong);
    stage.refused("5 x HK$50, 9 x HK$100 and 6 x HK$500 as HK$5,000", &offices.government, wrong)?;
    offices.create_programme(stage, "it with 4 x HK$50, 8 x HK$100 and 8 x HK$500", terms)
}

impl Story {
    /// Residents apply and officers decide; answers with the approved resident's number.
    fn applications(&mut self) -> Result<ParticipantId> {
        self.stage.report.chapter("Residents apply, an officer decides");
        let officer = self.offices.government.clone();
        let resident = self.resident.clone();
        let own_card = card("A123456(3)");

        let application = self.apply("a resident applies, with a salted hash of the papers", &resident)?;
        let approve = self.approval(application, own_card)?;
        let what = "an officer has seen the card and approves, with a keyed commitment to its number";
        let number = self.stage.act(what, &officer, approve)?.value;

        let visitor = Actor::named("visitor");
        let application = self.apply("a visitor applies", &visitor)?;
        let own = self.approval(application, card("V000000(0)"))?;
        self.stage.refused("the visitor approves its own application", &visitor, own)?;
        let deny = self.stage.suite.registry().deny(application, NO_RESIDENT);
        self.stage.act("an officer denies it: no resident (reason 12)", &officer, deny)?;

        let again = Actor::named("second phone of the resident");
        let application = self.apply("the resident applies once more, from a second phone", &again)?;
        let twice = self.approval(application, own_card)?;
        self.stage.refused("an officer approves a card that is registered already", &officer, twice)?;
        let deny = self.stage.suite.registry().deny(application, REGISTERED);
        self.stage.act("and denies it (reason 13)", &officer, deny)?;

        let colleague = self.colleague.actor.clone();
        let application = self.apply("another officer, who lives here too, applies", &colleague)?;
        let own = self.approval(application, card(COLLEAGUES_CARD))?;
        self.stage.refused("the other officer approves its own application", &colleague, own)?;
        let withdraw = self.stage.suite.registry().withdraw_application(application);
        self.stage.act("it takes the application back", &colleague, withdraw)?;
        Ok(number)
    }

    fn apply(&mut self, what: &str, from: &Actor) -> Result<ApplicationId> {
        let document = Native::blake2b_256(&[b"papers", &from.seed().copied().unwrap_or_default()[..]].concat());
        let apply = self.stage.suite.registry().apply(Role::Citizen, document);
        Ok(self.stage.act(what, from, apply)?.value)
    }

    /// The message by which an officer approves an application.
    fn approval(
        &mut self,
        application: ApplicationId,
        identity: IdentityCommitment,
    ) -> Result<Message<impl Encode, Decided>> {
        let until = card_end(&mut self.stage)?;
        Ok(self.stage.suite.registry().approve(application, identity, until, None))
    }

    /// Anybody triggers bundles; answers with the resident's vouchers.
    fn bundle(&mut self) -> Result<Vec<VoucherId>> {
        self.stage.report.chapter("Anybody triggers the approved resident's bundle, once");
        let neighbour = Actor::named("neighbour");
        let create = |account| self.stage.suite.voucher().create_bundle(self.programme, account);
        let (first, second) = (create(self.resident.id()), create(self.resident.id()));
        let visitors = create(Actor::named("visitor").id());
        let what = "a neighbour triggers it: twenty blank vouchers, the bank is asked for each";
        let vouchers = self.stage.act(what, &neighbour, first)?.value;
        self.stage.refused("a second bundle for the same resident", &neighbour, second)?;
        self.stage.refused("a bundle for the visitor who was denied", &neighbour, visitors)?;
        Ok(vouchers)
    }

    /// The bank funds the bundle.
    fn fund(&mut self, number: ParticipantId, vouchers: &[VoucherId]) -> Result<()> {
        self.stage.report.chapter("The bank funds the bundle");
        self.offices.issue_money(&mut self.stage, VALUE, &HONG_KONG_DOLLARS)?;
        let listed = self.vouchers_of(number)?;
        let (dearest, _) = listed.first().context("the bundle is listed")?;
        let [octopus, ..] = &self.operators;
        let blank = self.stage.suite.voucher().request(*dearest, SPENT, 0, [0; 32]);
        self.stage.refused("Octopus asks for a voucher without money", &octopus.actor, blank)?;
        let less = self.stage.suite.voucher().fund(*dearest, SPENT - 100);
        self.stage.refused("the bank funds a voucher of HK$500 with HK$400", &self.offices.bank, less)?;
        let fundings =
            listed.iter().map(|(voucher, record)| Funding { voucher: *voucher, amount: record.face.balance() });
        let fund = self.stage.suite.voucher().fund_many(self.programme, fundings.collect());
        let what = format!("the bank funds {} vouchers with {}", vouchers.len(), hong_kong_dollars(VALUE));
        let done = self.stage.act(what, &self.offices.bank, fund)?;
        ensure!(done.value.iter().all(Result::is_ok), "a voucher of the bundle was not funded: {:?}", done.value);
        Ok(())
    }

    /// The resident redeems one voucher with each of two cards; answers with the spent vouchers.
    fn cards(&mut self, number: ParticipantId) -> Result<Vec<VoucherId>> {
        self.stage.report.chapter("One voucher with each card, by a one-time code");
        let left = self.vouchers_of(number)?;
        let mut dear = left.iter().filter(|(_, record)| record.face.balance() == SPENT).map(|(voucher, _)| *voucher);
        let (Some(first), Some(second), Some(third)) = (dear.next(), dear.next(), dear.next()) else {
            anyhow::bail!("the bundle has three vouchers of {}", hong_kong_dollars(SPENT))
        };
        let voucher = || self.stage.suite.voucher();
        let part = voucher().request(first, SPENT - 100, 0, [0; 32]);
        let (again, spent) = (voucher().request(third, SPENT, 0, [0; 32]), voucher().request(first, SPENT, 0, [0; 32]));
        let [octopus, alipay, payme] = [0, 1, 2].map(|at: usize| self.operators[at].actor.clone());
        self.stage.refused("Octopus asks for a part of a one-time voucher", &octopus, part)?;
        self.redeem(&octopus, first, true)?;
        self.stage.refused("Octopus asks for a second voucher with the same card", &octopus, again)?;
        self.redeem(&alipay, second, false)?;
        self.stage.refused("PayMe asks for the voucher that Octopus has redeemed", &payme, spent)?;
        Ok(vec![first, second])
    }

    fn redeem(&mut self, operator: &Actor, voucher: VoucherId, wrong_code: bool) -> Result<()> {
        let what = format!("{} asks for voucher {voucher}, {}", operator.name(), hong_kong_dollars(SPENT));
        let request = self.stage.suite.voucher().request(voucher, SPENT, 0, items(operator, voucher, SPENT));
        let redemption = self.stage.act(what, operator, request)?.value;
        self.stage.chain.moment(10 * SECOND);
        let asked = Asked { shop: operator.name(), phone: &self.phone, money: &HONG_KONG_DOLLARS };
        let code = if wrong_code {
            self.codes.send_and_show(&mut self.stage, redemption, &asked)?
        } else {
            self.codes.send(&mut self.stage, redemption, &asked)?
        };
        let proof = self.codes.proof(&mut self.stage, redemption, &code)?;
        let confirm = self.stage.suite.voucher().confirm(redemption, proof);
        self.stage.act("the right code: the service's attestation confirms it", operator, confirm)?;
        Ok(())
    }

    /// Shows balance and transactions, as anybody can ask for them who knows the resident's number.
    fn what_the_resident_sees(
        &mut self,
        number: ParticipantId,
        redeemed: &[VoucherId],
    ) -> Result<(Balance, Vec<Transaction>)> {
        self.stage.report.chapter("The resident's balance and transactions");
        let vouchers = self.vouchers_of(number)?;
        let balance = vouchers.iter().map(|(_, record)| record.available.balance()).sum();
        let mut rows = table(&["vouchers of", "had", "left", "worth"]);
        for (count, face) in PIECES {
            let left =
                vouchers.iter().filter(|(_, one)| one.face.balance() == face && !one.available.is_zero()).count();
            let worth = hong_kong_dollars(face * left as Balance);
            rows.add_row([hong_kong_dollars(face), count.to_string(), left.to_string(), worth]);
        }
        self.stage.report.line(rows);
        let mut rows = table(&["redemption", "voucher", "with", "amount", ""]);
        let mut transactions = Vec::new();
        for (voucher, _) in &vouchers {
            let made =
                self.stage.ask(self.stage.suite.voucher().redemptions_of_voucher(*voucher, None, MOST_PER_PAGE))?;
            for (redemption, record) in made {
                let operator = self.operators.iter().find(|operator| operator.number == record.shop);
                let operator = operator.map_or("unknown", |operator| operator.actor.name()).to_owned();
                let (amount, status) = (record.amount.balance(), format!("{:?}", record.status));
                let (id, of) = (redemption.to_string(), voucher.to_string());
                rows.add_row([id, of, operator.clone(), hong_kong_dollars(amount), status.clone()]);
                transactions.push(Transaction { redemption, voucher: *voucher, operator, amount, status });
            }
        }
        self.stage.report.line(rows);
        self.stage.report.line(format_args!("   balance: {}", hong_kong_dollars(balance)));
        let spent: Balance = transactions.iter().map(|one| one.amount).sum();
        ensure!(
            transactions.len() == redeemed.len() && balance + spent == VALUE,
            "balance and transactions do not come to {VALUE}"
        );
        Ok((balance, transactions))
    }

    fn vouchers_of(&mut self, number: ParticipantId) -> Result<Vec<(VoucherId, VoucherRecord)>> {
        self.stage.ask(self.stage.suite.voucher().vouchers_of(number, None, MOST_PER_PAGE))
    }
}
