//! The voucher story: a food programme from registration to cash, with wrong rows, attacks and the final reckoning.

use super::{
    answer,
    books::{Accounts, Books},
    codes::{items, Asked, Codes},
    import::{self, Holder, Seller},
    offices::{reference, Offices},
    people::{self, Beneficiary, Shop, CATEGORIES},
    place::Whereabouts,
    stage::{Shown, Stage},
};
use crate::{
    money::{rupiah, RUPIAH},
    report::{table, Format, Report},
    rows::{Refused, Rows},
};
use amanah_client::Actor;
use amanah_domain::{
    ids::{ProgrammeId, RedemptionId, VoucherId},
    programme::{Category, USUAL_WINDOW},
    time::{Millis, MINUTE, SECOND},
};
use amanah_interfaces::{
    ledger::Ledger,
    registry::Registry,
    voucher::{Proof, Terms, Voucher},
    Balance,
};
use anyhow::{ensure, Context, Result};
use serde::Serialize;
use std::path::Path;

/// How long the voucher lives that the story lets expire: in life, and on a node, where the story must have funded all
/// vouchers before.
const SHORT_LIFE: [Millis; 2] = [2 * 60 * MINUTE, 90 * SECOND];
/// How long a holder has to confirm, in life and on a node.
const WINDOW: [Millis; 2] = [USUAL_WINDOW, 20 * SECOND];
/// How many ordinary redemptions are made beside those that are shown one by one.
const MARKET_DAY: usize = 25;

/// What the story comes to, from the chain's state; amounts in whole rupiah.
#[derive(Serialize)]
pub struct Summary {
    rows: usize,
    accepted: usize,
    refused: Vec<Refused>,
    shops: usize,
    shops_refused: Vec<Refused>,
    #[serde(flatten)]
    books: Books,
    refusals_shown: Vec<Shown>,
}

/// Runs the story and prints it, or its summary as JSON.
pub fn run(format: Format, beneficiaries: Option<&Path>, shops: Option<&Path>, place: &Whereabouts) -> Result<()> {
    let people = people::beneficiaries(beneficiaries)?;
    let sellers = people::shops(shops)?;
    answer(format, &tell(Report::new(format), people, sellers, place)?.1)
}

/// Tells the story with the sample; gives its summary.
pub fn with_sample(report: Report, place: &Whereabouts) -> Result<Summary> {
    Ok(tell(report, people::beneficiaries(None)?, people::shops(None)?, place)?.1)
}

/// Tells the whole story with these people; gives the story as it ends, and its summary.
fn tell(
    report: Report,
    people: Rows<Beneficiary>,
    sellers: Rows<Shop>,
    place: &Whereabouts,
) -> Result<(Story, Summary)> {
    let administrator = Actor::named("administrator");
    let mut stage = Stage::new(report, &administrator, place)?;

    stage.report.chapter("Everybody is registered, in batches; wrong rows are refused, the others go through");
    let offices = Offices::register(&mut stage, &administrator)?;
    let (rows, shop_rows) = (people.count, sellers.count);
    let (sellers, shops_refused) = import::register_shops(&mut stage, &offices, sellers)?;
    let (mut holders, refused) = import::register_beneficiaries(&mut stage, &offices, people)?;
    let cast = Cast::choose(&holders, &sellers)?;

    stage.report.chapter("The bank issues money; a programme is created and admits the shops");
    let total: Balance = holders.iter().map(|holder| holder.person.amount).sum();
    offices.issue_money(&mut stage, total, &RUPIAH)?;
    let all = (0..).take(CATEGORIES.len()).collect();
    let window = stage.chain.lasting(WINDOW[0], WINDOW[1]);
    let terms = Terms { admitted_shops_only: true, window, ..offices.terms(all, people::MOST_PER_VOUCHER, total) };
    let programme = offices.create_programme(&mut stage, "a food programme", terms)?;
    import::admit_shops(&mut stage, &offices, programme, &sellers)?;

    stage.report.chapter("Vouchers are created blank, then the bank funds them");
    let short = holders.len() - 1;
    let short_end = stage.chain.now()?.saturating_add(stage.chain.lasting(SHORT_LIFE[0], SHORT_LIFE[1]));
    import::create_vouchers(&mut stage, &offices, programme, &mut holders, short, short_end)?;
    let (holder, seller, other) = (&holders[cast.holder], &sellers[cast.seller], &sellers[cast.other]);
    let category = holder.person.category;
    let blank = stage.suite.voucher().request(holder.voucher, 1, category, [0; 32]);
    stage.refused("a shop asks for an unfunded voucher", &seller.actor, blank)?;
    import::fund_vouchers(&mut stage, &offices, programme, &holders)?;

    let codes = Codes::start(&stage, &offices)?;
    let mut story = Story { stage, offices, programme, codes };
    let (first, proof) = story.first_redemption(holder, seller)?;
    story.market_day(&holders, &sellers, cast.holder, short)?;
    let open = story.attacks(holder, seller, other, first, proof)?;
    story.cash(seller)?;
    story.time_passes(&holders[short], short_end, seller, open)?;
    let books = story.reckoning(&holders, &sellers)?;

    let refusals_shown = story.stage.shown.clone();
    let accepted = holders.len();
    let summary = Summary { rows, accepted, refused, shops: shop_rows, shops_refused, books, refusals_shown };
    Ok((story, summary))
}

/// Who plays the main parts, by place in the lists.
struct Cast {
    /// Whose voucher is spent, step by step.
    holder: usize,
    /// The shop that it is spent at.
    seller: usize,
    /// Another shop that sells the same.
    other: usize,
}

impl Cast {
    /// The first beneficiary, but not the last, whose category two shops sell within their daily caps.
    fn choose(holders: &[Holder], sellers: &[Seller]) -> Result<Self> {
        let candidates = holders.iter().take(holders.len().saturating_sub(1)).enumerate();
        for (holder, candidate) in candidates.filter(|(_, holder)| holder.person.amount >= 3) {
            let mut fitting = sellers.iter().enumerate().filter(|(_, seller)| {
                seller.sells(candidate.person.category) && seller.can_take(candidate.person.amount)
            });
            if let (Some((seller, _)), Some((other, _))) = (fitting.next(), fitting.next()) {
                return Ok(Self { holder, seller, other });
            }
        }
        anyhow::bail!(
            "the story needs two accepted beneficiaries, and two shops that sell the first one's category within their daily caps"
        )
    }
}

/// The story from the first redemption on.
struct Story {
    stage: Stage,
    offices: Offices,
    programme: ProgrammeId,
    codes: Codes,
}

impl Story {
    fn request(
        &mut self,
        say: bool,
        seller: &Seller,
        voucher: VoucherId,
        amount: Balance,
        category: Category,
    ) -> Result<RedemptionId> {
        let what = format!("{} asks for {} of voucher {voucher}", seller.shop.name, rupiah(amount));
        let message =
            self.stage.suite.voucher().request(voucher, amount, category, items(&seller.actor, voucher, amount));
        let done = if say {
            self.stage.act(what, &seller.actor, message)?
        } else {
            self.stage.send(&what, &seller.actor, message)?
        };
        self.stage.chain.moment(10 * SECOND);
        Ok(done.value)
    }

    fn first_redemption(&mut self, holder: &Holder, seller: &Seller) -> Result<(RedemptionId, Proof)> {
        self.stage.report.chapter("A shop redeems, and the holder agrees by a one-time code");
        let amount = holder.person.amount / 3;
        let before = self.sides(holder, seller)?;
        let redemption = self.request(true, seller, holder.voucher, amount, holder.person.category)?;
        let asked = asked(holder, seller);
        let code = self.codes.send_and_show(&mut self.stage, redemption, &asked)?;
        let proof = self.codes.proof(&mut self.stage, redemption, &code)?;
        let confirm = self.stage.suite.voucher().confirm(redemption, proof.clone());
        self.stage.act("the right code: the service's attestation confirms the redemption", &seller.actor, confirm)?;
        let after = self.sides(holder, seller)?;
        let mut rows = table(&["", "before", "after"]);
        rows.add_row(["voucher, available".to_owned(), rupiah(before.0), rupiah(after.0)]);
        rows.add_row(["shop, credit".to_owned(), rupiah(before.1), rupiah(after.1)]);
        self.stage.report.line(rows);
        ensure!(
            before.0 - after.0 == amount && after.1 - before.1 == amount,
            "the balances did not move by the amount"
        );
        Ok((redemption, proof))
    }

    /// What a voucher has available, and what a shop has to its credit.
    fn sides(&mut self, holder: &Holder, seller: &Seller) -> Result<(Balance, Balance)> {
        let voucher =
            self.stage.ask(self.stage.suite.voucher().voucher(holder.voucher))?.context("the voucher is on chain")?;
        let credit = self.stage.suite.voucher().credit(seller.number, self.offices.bank_number);
        Ok((voucher.available.balance(), self.stage.ask(credit)?))
    }

    /// Ordinary redemptions of half a voucher, at whatever shops sell what it buys.
    fn market_day(&mut self, holders: &[Holder], sellers: &[Seller], main: usize, short: usize) -> Result<()> {
        let buyers: Vec<&Holder> = holders
            .iter()
            .enumerate()
            .filter(|(at, holder)| *at != main && *at != short && holder.person.amount >= 2)
            .map(|(_, holder)| holder)
            .take(MARKET_DAY)
            .collect();
        let bar = self.stage.report.progress(buyers.len() as u64, "redeeming");
        let (mut count, mut spent) = (0, 0);
        for (at, holder) in buyers.into_iter().enumerate() {
            bar.inc(1);
            let amount = holder.person.amount / 2;
            let mut fitting = sellers.iter().cycle().skip(at).take(sellers.len());
            let fitting =
                fitting.find(|seller| seller.sells(holder.person.category) && seller.can_take(sellers_share(amount)));
            let Some(seller) = fitting else { continue };
            let redemption = self.request(false, seller, holder.voucher, amount, holder.person.category)?;
            let code = self.codes.send(&mut self.stage, redemption, &asked(holder, seller))?;
            let proof = self.codes.proof(&mut self.stage, redemption, &code)?;
            let confirm = self.stage.suite.voucher().confirm(redemption, proof);
            self.stage.send("confirm", &seller.actor, confirm)?;
            count += 1;
            spent += amount;
        }
        bar.finish_and_clear();
        self.stage.report.line(format_args!("   {count} more holders spend {} in the same way", rupiah(spent)));
        Ok(())
    }

    /// Everything that must not work; leaves one redemption of the other shop open.
    fn attacks(
        &mut self,
        holder: &Holder,
        seller: &Seller,
        other: &Seller,
        first: RedemptionId,
        proof: Proof,
    ) -> Result<RedemptionId> {
        self.stage.report.chapter("What must not work does not work");
        let voucher = || self.stage.suite.voucher();
        let (number, category) = (holder.voucher, holder.person.category);
        let too_much = voucher().request(number, holder.person.amount, category, [0; 32]);
        let wrong_category = voucher().request(number, 1, (category + 1) % 4, [0; 32]);
        let again = voucher().confirm(first, proof.clone());
        let undo = voucher().cancel(first);
        self.stage.refused("overspending: more than the voucher has left", &other.actor, too_much)?;
        self.stage.refused("a wrong category of goods", &other.actor, wrong_category)?;
        let open = self.request(true, other, number, 1, category)?;
        let stolen = self.stage.suite.voucher().confirm(open, proof);
        self.stage.refused("another shop's proof", &other.actor, stolen)?;
        self.stage.refused("a second use of a proof", &seller.actor, again)?;
        self.stage.refused("a direct call that tries to undo a past redemption", &seller.actor, undo)?;

        let number_of_other = other.number;
        let suspend = self.stage.suite.registry().suspend(number_of_other, 7);
        self.stage.act(
            format!("the government suspends {}", other.shop.name),
            &self.offices.government.clone(),
            suspend,
        )?;
        let request = self.stage.suite.voucher().request(number, 1, category, [0; 32]);
        self.stage.refused("a suspended shop asks for a voucher", &other.actor, request)?;
        let reinstate = self.stage.suite.registry().reinstate(number_of_other);
        self.stage.act("and reinstates it", &self.offices.government.clone(), reinstate)?;
        Ok(open)
    }

    fn cash(&mut self, seller: &Seller) -> Result<()> {
        self.stage.report.chapter("The shop turns its credit into cash");
        let bank = self.offices.bank_number;
        let credit = self.stage.ask(self.stage.suite.voucher().credit(seller.number, bank))?;
        let withdraw = self.stage.suite.voucher().withdraw(bank, credit);
        self.stage.act(
            format!("{} moves {} to its digital account", seller.shop.name, rupiah(credit)),
            &seller.actor,
            withdraw,
        )?;
        let request = self.stage.suite.ledger().request_withdrawal(bank, credit, None);
        let withdrawal = self.stage.act("and asks its bank for cash", &seller.actor, request)?.value;
        let settle = self.stage.suite.ledger().settle_withdrawal(withdrawal, reference("cash"));
        self.stage.act("the bank pays out; the money is burnt", &self.offices.bank.clone(), settle)?;
        Ok(())
    }

    fn time_passes(&mut self, short: &Holder, short_end: Millis, seller: &Seller, open: RedemptionId) -> Result<()> {
        self.stage.report.chapter("Time passes");
        let unconfirmed = self.stage.ask(self.stage.suite.voucher().redemption(open))?.context("it is on chain")?;
        self.stage.chain.wait_until(short_end.max(unconfirmed.expires))?;
        let request = self.stage.suite.voucher().request(short.voucher, 1, short.person.category, [0; 32]);
        self.stage.refused("a shop asks for an expired voucher", &seller.actor, request)?;
        let anybody = Actor::named("anybody");
        let expire = self.stage.suite.voucher().expire_voucher(short.voucher);
        self.stage.act("anybody ends the expired voucher: what is left goes back to the bank", &anybody, expire)?;
        let expire = self.stage.suite.voucher().expire(open);
        self.stage.act(
            "anybody ends the other shop's unconfirmed redemption: the holder has the money again",
            &anybody,
            expire,
        )?;
        Ok(())
    }

    fn reckoning(&mut self, holders: &[Holder], sellers: &[Seller]) -> Result<Books> {
        let accounts = Accounts {
            programme: self.programme,
            bank: self.offices.bank_number,
            vouchers: holders.iter().map(|holder| holder.voucher).collect(),
            creditors: sellers.iter().map(|seller| seller.number).collect(),
            never_claimed: 0,
            money: &RUPIAH,
        };
        accounts.reckon(&mut self.stage)
    }
}

/// The holder is asked whether it buys at this shop.
fn asked<'a>(holder: &'a Holder, seller: &'a Seller) -> Asked<'a> {
    Asked { shop: &seller.shop.name, phone: &holder.person.phone, money: &RUPIAH }
}

/// A shop may be visited by all of a market day's holders: it needs room for that many.
fn sellers_share(amount: Balance) -> Balance {
    amount * MARKET_DAY as Balance
}

#[cfg(test)]
mod tests {
    //! What everybody can read on the chain after the story, and what nobody can find there.

    use super::super::{offices, place::Place};
    use super::*;
    use amanah_domain::{
        crypto::{Crypto, Native},
        identity::{commitment, NumberType},
    };
    use sha2::{Digest, Sha256};
    use std::collections::HashSet;

    fn everything_public(story: &mut Story) -> Vec<Vec<u8>> {
        match &mut story.stage.chain {
            Place::Embedded(chain) => chain.everything_public(),
            Place::Node(_) => unreachable!("the story was told on the embedded chain"),
        }
    }

    /// The story, with few people, and all that it made public.
    fn told() -> (Story, Vec<Beneficiary>, Public) {
        let mut rows = people::beneficiaries(None).unwrap();
        rows.accepted.truncate(12);
        let people = rows.accepted.clone();
        let (mut story, _) =
            tell(Report::new(Format::Json), rows, people::shops(None).unwrap(), &Whereabouts::default()).unwrap();
        let public = Public::new(everything_public(&mut story));
        (story, people, public)
    }

    /// What is public, to be searched.
    struct Public {
        pieces: Vec<Vec<u8>>,
        /// Every 32 bytes in a row.
        windows: HashSet<[u8; 32]>,
    }

    impl Public {
        fn new(pieces: Vec<Vec<u8>>) -> Self {
            let windows = pieces.iter().flat_map(|piece| piece.windows(32)).filter_map(|window| window.try_into().ok());
            Self { windows: windows.collect(), pieces }
        }

        fn has(&self, bytes: &[u8]) -> bool {
            self.pieces.iter().any(|piece| piece.windows(bytes.len()).any(|window| window == bytes))
        }

        /// Is the text there: as it is, as hex, as a number, or hashed in a usual way?
        fn tells(&self, text: &str) -> bool {
            let number = text.trim_start_matches('+').parse::<u64>().map(|number| number.to_le_bytes());
            self.has(text.as_bytes())
                || self.has(hex::encode(text).as_bytes())
                || number.is_ok_and(|number| self.has(&number))
                || hashes(text.as_bytes()).iter().any(|hash| self.windows.contains(hash))
        }
    }

    /// What somebody would try who hopes that a secret was hashed and stored.
    fn hashes(bytes: &[u8]) -> [[u8; 32]; 2] {
        [Native::blake2b_256(bytes), Sha256::digest(bytes).into()]
    }

    #[test]
    fn no_name_number_or_phone_of_a_beneficiary_is_on_chain_plain_or_hashed() {
        let (mut story, people, public) = told();
        for person in &people {
            let bare = person.phone.as_str().trim_start_matches('+');
            for secret in [person.name.as_str(), &person.nik, person.phone.as_str(), bare] {
                assert!(!public.tells(secret), "{secret} is on chain");
            }
        }
        let registered = commitment(&offices::REGISTRAR, NumberType::National, &people[0].nik);
        assert!(public.has(&registered), "the search sees what is on chain: the keyed commitment");

        // The search does find what is put there, in any of the forms.
        let bank = story.offices.bank.clone();
        let nik = people[0].nik.as_str();
        for form in [reference(nik), hashes(nik.as_bytes())[0], hashes(nik.as_bytes())[1]] {
            assert!(!public.has(&form));
            let planted = story.stage.suite.ledger().issue(bank.id(), 1, form);
            story.stage.send("plant", &bank, planted).unwrap();
            let all = Public::new(everything_public(&mut story));
            assert!(all.has(&form) && all.tells(nik));
        }
    }

    /// Tries every code in every way in which a contract or a service could have left a trace of it.
    fn attack(public: &Public, known: &[Vec<u8>]) -> Option<String> {
        let mut guess = Vec::with_capacity(256);
        (0..1_000_000u32).map(|code| format!("{code:06}")).find(|code| {
            hashes(code.as_bytes()).iter().any(|hash| public.windows.contains(hash))
                || known.iter().any(|salt| {
                    let mut hashed = |parts: [&[u8]; 2]| {
                        guess.clear();
                        parts.iter().for_each(|part| guess.extend_from_slice(part));
                        public.windows.contains(&Native::blake2b_256(&guess))
                    };
                    hashed([code.as_bytes(), salt]) || hashed([salt, code.as_bytes()])
                })
        })
    }

    #[test]
    fn no_one_time_code_is_found_from_everything_that_is_on_chain() {
        let (mut story, _, public) = told();
        let redemption: RedemptionId = 1;
        let record = story.stage.ask(story.stage.suite.voucher().redemption(redemption)).unwrap().unwrap();
        let domain = story.stage.suite.voucher_domain();
        // What somebody would mix in: all public, of the redemption that is shown step by step.
        let known = [
            redemption.to_le_bytes().to_vec(),
            record.account.to_vec(),
            domain.to_vec(),
            [&domain[..], &redemption.to_le_bytes()].concat(),
        ];
        let sms = story.codes.outbox().messages();
        assert!(sms.len() > 5);
        for message in sms {
            assert!(!public.has(message.code().as_bytes()), "the code {} is on chain", message.code());
        }
        assert_eq!(attack(&public, &known), None);

        // The attack does find a code where there is a trace of it.
        let code = "012345";
        for trace in [
            Native::blake2b_256(code.as_bytes()),
            Sha256::digest(code).into(),
            Native::blake2b_256(&[code.as_bytes(), &redemption.to_le_bytes()].concat()),
            Native::blake2b_256(&[&domain[..], code.as_bytes()].concat()),
        ] {
            assert_eq!(attack(&Public::new(vec![trace.to_vec()]), &known).as_deref(), Some(code));
        }
    }
}
