//! The phone story: a holder loses the phone that its key is on, and gets another account and key by two officers. The
//! vouchers stay; whoever has the old phone gets nothing. No officer can do that to a holder alone.

use super::{
    books::{Accounts, Books},
    codes::items,
    offices::{card, card_end, organisation, Offices, Registered},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    money::{rupiah, RUPIAH},
    report::{table, Report},
};
use amanah_client::{address, Actor, Message};
use amanah_domain::{
    ids::{ParticipantId, RedemptionId, VoucherId},
    participant::Credentials,
    roles::Role,
    time::{Millis, MINUTE, SECOND},
};
use amanah_interfaces::{
    registry::Registry,
    voucher::{self, Funding, NewVoucher, Proof, Terms, Voucher},
    Balance, MOST_PER_PAGE,
};
use anyhow::{ensure, Context, Result};
use scale::Encode;
use serde::Serialize;

/// The number on the holder's identity card.
const SITIS_CARD: &str = "1203114902683264";
/// What the holder's vouchers are worth, in whole rupiah.
const WORTH: [Balance; 2] = [300_000, 500_000];
/// What the holder buys with each phone.
const BOUGHT: Balance = 100_000;
/// What the thief tries to buy.
const TRIED: Balance = 50_000;
/// The reason code of a freeze: the phone was lost.
const LOST: u16 = 21;

/// What the story comes to, from the chain's state; amounts in whole rupiah.
#[derive(Serialize)]
pub struct Summary {
    participant: ParticipantId,
    /// The account that it began with, and the one of each new phone.
    accounts: Vec<String>,
    epoch: u32,
    delay_ms: Millis,
    vouchers_before: Vec<VoucherId>,
    vouchers_after: Vec<VoucherId>,
    #[serde(flatten)]
    books: Books,
    refusals_shown: Vec<Shown>,
}

/// What a confirmation answers.
type Confirmed = Result<(), voucher::Error>;

/// The story under way.
struct Story {
    stage: Stage,
    /// Its government is the first officer.
    offices: Offices,
    second: Registered,
    regulator: Registered,
    shop: Registered,
    holder: ParticipantId,
    /// The phone that gets lost, whose account has the thief later on.
    old: Actor,
    /// The one after it.
    new: Actor,
    /// And the one after that.
    newest: Actor,
    vouchers: Vec<VoucherId>,
}

/// Tells the story; gives its summary.
pub fn tell(report: Report, place: &Whereabouts) -> Result<Summary> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;
    stage.report.chapter("Two officers, a regulator, a shop, and a holder with two vouchers");
    let offices = Offices::register(&mut stage, &administrator)?;
    let second = offices.enrol(&mut stage, "second officer", organisation("second officer"), Role::Government)?;
    let regulator = offices.enrol(&mut stage, "regulator", organisation("regulator"), Role::Regulator)?;
    let shop = offices.enrol(&mut stage, "E-warong Permata", organisation("E-warong Permata"), Role::Shop)?;
    let Registered { actor: old, number: holder } =
        offices.enrol(&mut stage, "Siti", card(SITIS_CARD), Role::Citizen)?;
    let total = WORTH.iter().sum();
    offices.issue_money(&mut stage, total, &RUPIAH)?;
    let terms = Terms { holder_signature: true, ..offices.terms(vec![0], total, total) };
    let programme = offices.create_programme(&mut stage, "a programme whose holders may sign by themselves", terms)?;
    let rows = WORTH.map(|_| NewVoucher { holder: old.id(), category: 0, expires: None });
    let create = stage.suite.voucher().create_many(programme, rows.to_vec());
    let done = stage.act("the government creates two vouchers for Siti", &offices.government, create)?;
    let vouchers: Vec<VoucherId> = done.value.into_iter().flatten().collect();
    let fundings = vouchers.iter().zip(WORTH).map(|(voucher, amount)| Funding { voucher: *voucher, amount });
    let fund = stage.suite.voucher().fund_many(programme, fundings.collect());
    let funded = stage.act("the bank funds them", &offices.bank, fund)?.value;
    ensure!(vouchers.len() == 2 && funded.iter().all(Result::is_ok), "Siti's vouchers were not made: {funded:?}");

    let (new, newest) = (Actor::named("Siti's new phone"), Actor::named("Siti's newest phone"));
    let mut story = Story { stage, offices, second, regulator, shop, holder, old, new, newest, vouchers };
    let before = story.first_phone()?;
    let vouchers_before = story.listed()?;
    story.single_officer()?;
    let stolen = story.lost()?;
    story.two_officers()?;
    story.thief(stolen, &before)?;
    story.same_vouchers(stolen)?;
    let delay_ms = story.officer_alone()?;
    let vouchers_after = story.listed()?;
    ensure!(vouchers_before == vouchers_after, "the vouchers are not those from before: {vouchers_after:?}");

    let Story { mut stage, offices, shop, holder, old, new, newest, vouchers, .. } = story;
    let record = stage.ask(stage.suite.registry().participant(holder))?.context("Siti is registered")?;
    let accounts = Accounts {
        programme,
        bank: offices.bank_number,
        vouchers,
        creditors: vec![shop.number],
        never_claimed: 0,
        money: &RUPIAH,
    };
    let books = accounts.reckon(&mut stage)?;
    Ok(Summary {
        participant: holder,
        accounts: [old, new, newest].map(|phone| address(&phone.account())).into(),
        epoch: record.epoch,
        delay_ms,
        vouchers_before,
        vouchers_after,
        books,
        refusals_shown: stage.shown,
    })
}

impl Story {
    /// The holder buys with its phone; answers with what the registry knows of it then.
    fn first_phone(&mut self) -> Result<Credentials> {
        self.stage.report.chapter("The holder buys with its phone: its own signature confirms");
        let known = self.known(&self.old.clone())?;
        let old = self.old.clone();
        self.buy(&old, &known)?;
        Ok(known)
    }

    /// An officer tries to take the holder's account, alone.
    fn single_officer(&mut self) -> Result<()> {
        self.stage.report.chapter("No officer takes an account alone");
        let officer = self.offices.government.clone();
        let (holder, accomplice) = (self.holder, Actor::named("the officer's cousin"));
        let delay = self.stage.ask(self.stage.suite.registry().delay())?;
        self.propose("a dishonest officer proposes to give Siti's account to its cousin", &accomplice)?;
        let confirm = || self.stage.suite.registry().confirm_rebind(holder, accomplice.id(), None);
        let (early, late) = (confirm(), confirm());
        self.stage.refused("the same officer confirms at once", &officer, early)?;
        let object = self.stage.suite.registry().cancel_rebind(holder);
        self.stage.act("Siti sees the proposal on her phone and objects", &self.old, object)?;
        self.wait(delay)?;
        self.stage.refused("the officer confirms after the delay, against Siti's objection", &officer, late)?;
        let drop = self.stage.suite.registry().cancel_rebind(holder);
        self.stage.act("the second officer drops the proposal", &self.second.actor, drop)?;
        Ok(())
    }

    /// The phone is lost, somebody goes shopping with it, and the regulator freezes the vouchers; answers with the
    /// thief's open redemption.
    fn lost(&mut self) -> Result<RedemptionId> {
        self.stage.report.chapter("The phone is stolen; the regulator freezes the vouchers");
        let thief = self.old.clone();
        let known = self.known(&thief)?;
        let stolen = self.request("the thief is at the till", self.vouchers[0], TRIED)?;
        for voucher in self.vouchers.clone() {
            let freeze = self.stage.suite.voucher().freeze(voucher, LOST);
            let what = format!("Siti calls; the regulator freezes voucher {voucher} (reason {LOST})");
            self.stage.act(what, &self.regulator.actor, freeze)?;
        }
        let confirm = self.confirmation(stolen, &thief, &known)?;
        self.stage.refused("the thief signs with the stolen phone", &self.shop.actor, confirm)?;
        let request = self.stage.suite.voucher().request(self.vouchers[1], TRIED, 0, [0; 32]);
        self.stage.refused("the thief tries the other voucher", &self.shop.actor, request)?;
        Ok(stolen)
    }

    /// One officer proposes, the other one confirms.
    fn two_officers(&mut self) -> Result<()> {
        self.stage.report.chapter("Two officers give Siti another account and key");
        let officer = self.offices.government.clone();
        let new = self.new.clone();
        self.propose("the first officer has seen Siti's card and proposes the account of her new phone", &new)?;
        let confirm = || self.stage.suite.registry().confirm_rebind(self.holder, new.id(), None);
        let (alone, thief, second) = (confirm(), confirm(), confirm());
        self.stage.refused("the first officer confirms alone", &officer, alone)?;
        self.stage.refused("Siti's own old account confirms", &self.old, thief)?;
        let object = self.stage.suite.registry().cancel_rebind(self.holder);
        self.stage.act(
            "the thief objects with the stolen phone, which only closes the way by the delay",
            &self.old,
            object,
        )?;
        self.stage.act("the second officer confirms: it takes effect at once", &self.second.actor, second)?;
        for voucher in self.vouchers.clone() {
            let unfreeze = self.stage.suite.voucher().unfreeze(voucher);
            self.stage.act(format!("the regulator unfreezes voucher {voucher}"), &self.regulator.actor, unfreeze)?;
        }
        Ok(())
    }

    /// All that the thief can try with the old phone.
    fn thief(&mut self, stolen: RedemptionId, before: &Credentials) -> Result<()> {
        self.stage.report.chapter("The old phone is worth nothing");
        let (thief, new) = (self.old.clone(), self.new.clone());
        let shop = self.shop.actor.clone();
        let signed = self.confirmation(stolen, &thief, before)?;
        self.stage.refused("the old phone's signature for the purchase at the till", &shop, signed)?;
        let epoch = self.known(&new)?;
        let old_epoch = self.confirmation(stolen, &new, &Credentials { epoch: before.epoch, ..epoch })?;
        self.stage.refused("a signature with the new key over the old epoch", &shop, old_epoch)?;
        let cancel = self.stage.suite.voucher().cancel(stolen);
        self.stage.refused("the thief gives up the purchase, as if the voucher were its own", &thief, cancel)?;
        let rotate = self.stage.suite.registry().rotate_key(thief.account());
        self.stage.refused("the thief makes the old key the registered one again", &thief, rotate)?;
        let apply = self.stage.suite.registry().apply(Role::Citizen, [0; 32]);
        let application = self.stage.act("the thief applies as if it were new here", &thief, apply)?.value;
        let until = card_end(&mut self.stage)?;
        let approve = self.stage.suite.registry().approve(application, card(SITIS_CARD), until, None);
        self.stage.refused("an officer approves it for Siti's card", &self.offices.government, approve)?;
        Ok(())
    }

    /// The new account has the vouchers, and spends them.
    fn same_vouchers(&mut self, stolen: RedemptionId) -> Result<()> {
        self.stage.report.chapter("The same vouchers are there, under the new account");
        let new = self.new.clone();
        let known = self.known(&new)?;
        let nobody = self.stage.ask(self.stage.suite.registry().credentials(self.old.id()))?;
        ensure!(known.number == self.holder && nobody.is_none(), "the account was not re-bound");
        let mut rows = table(&["", "account", "participant", "epoch"]);
        let number = known.number.to_string();
        rows.add_row(["old phone".to_owned(), address(&self.old.account()), "nobody".to_owned(), String::new()]);
        rows.add_row(["new phone".to_owned(), address(&new.account()), number, known.epoch.to_string()]);
        self.stage.report.line(rows);
        let mut rows = table(&["voucher", "available", "reserved", ""]);
        for (voucher, record) in
            self.stage.ask(self.stage.suite.voucher().vouchers_of(self.holder, None, MOST_PER_PAGE))?
        {
            let [available, reserved] = [record.available, record.reserved].map(|amount| rupiah(amount.balance()));
            rows.add_row([voucher.to_string(), available, reserved, format!("{:?}", record.status)]);
        }
        self.stage.report.line(rows);
        let cancel = self.stage.suite.voucher().cancel(stolen);
        self.stage.act("Siti gives up the thief's purchase: the money is hers again", &new, cancel)?;
        self.buy(&new, &known)
    }

    /// The new phone breaks, and there is one officer only; answers with how long that took.
    fn officer_alone(&mut self) -> Result<Millis> {
        self.stage.report.chapter("Another phone, and only one officer: it must wait, so that Siti could object");
        let officer = self.offices.government.clone();
        let newest = self.newest.clone();
        let delay = self.stage.ask(self.stage.suite.registry().delay())?;
        self.propose("the officer proposes the account of Siti's newest phone", &newest)?;
        let confirm = || self.stage.suite.registry().confirm_rebind(self.holder, newest.id(), None);
        let (early, late) = (confirm(), confirm());
        let before = self.stage.chain.lasting(MINUTE, delay);
        self.stage.chain.pass(delay.saturating_sub(before))?;
        self.stage.refused("the officer confirms before the delay is over", &officer, early)?;
        self.stage.chain.pass(before)?;
        self.stage.act("and at its end: nobody has objected", &officer, late)?;
        Ok(delay)
    }

    fn propose(&mut self, what: &str, account: &Actor) -> Result<()> {
        let propose = self.stage.suite.registry().propose_rebind(self.holder, account.id(), None);
        self.stage.act(what, &self.offices.government, propose)?;
        Ok(())
    }

    fn wait(&mut self, delay: Millis) -> Result<()> {
        self.stage.chain.pass(delay)?;
        self.stage.report.line("   ... the delay is over");
        Ok(())
    }

    /// The holder buys something, and signs with this phone.
    fn buy(&mut self, phone: &Actor, known: &Credentials) -> Result<()> {
        let redemption = self.request("Siti is at the till", self.vouchers[0], BOUGHT)?;
        let confirm = self.confirmation(redemption, phone, known)?;
        let what = format!("{} signs, with epoch {} of its key: confirmed", phone.name(), known.epoch);
        self.stage.act(what, &self.shop.actor, confirm)?;
        Ok(())
    }

    fn request(&mut self, what: &str, voucher: VoucherId, amount: Balance) -> Result<RedemptionId> {
        let shop = &self.shop.actor;
        let request = self.stage.suite.voucher().request(voucher, amount, 0, items(shop, voucher, amount));
        let what = format!("{what}: {} asks for {} of voucher {voucher}", shop.name(), rupiah(amount));
        let redemption = self.stage.act(what, shop, request)?.value;
        self.stage.chain.moment(10 * SECOND);
        Ok(redemption)
    }

    /// The message that confirms a redemption by a phone's signature, over the key and epoch that `known` says.
    fn confirmation(
        &mut self,
        redemption: RedemptionId,
        phone: &Actor,
        known: &Credentials,
    ) -> Result<Message<impl Encode, Confirmed>> {
        let record =
            self.stage.ask(self.stage.suite.voucher().redemption(redemption))?.context("the redemption is on chain")?;
        let said = self.stage.suite.attest(phone, known, redemption, &record, record.expires);
        let proof = Proof::Holder { valid_until: said.valid_until, signature: said.signature };
        Ok(self.stage.suite.voucher().confirm(redemption, proof))
    }

    fn known(&mut self, phone: &Actor) -> Result<Credentials> {
        let known = self.stage.ask(self.stage.suite.registry().credentials(phone.id()))?;
        known.with_context(|| format!("{} is a participant's account", phone.name()))
    }

    /// The holder's vouchers, newest first.
    fn listed(&mut self) -> Result<Vec<VoucherId>> {
        let listed = self.stage.ask(self.stage.suite.voucher().vouchers_of(self.holder, None, MOST_PER_PAGE))?;
        Ok(listed.into_iter().map(|(voucher, _)| voucher).collect())
    }
}
