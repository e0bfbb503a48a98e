//! What a loan administrator and an authenticator sign for a campaign: it counts once, in time, from the right signer, for
//! exactly this campaign of this borrower in this contract.

use crate::common::*;
use amanah_client::{Actor, Bundle, Chain, Suite};
use amanah_domain::{
    crypto::{Crypto, Native},
    ids::ParticipantId,
    layout::{DomainSeparator, PasskeyStatement, RatingStatement},
    roles::Role,
    time::Millis,
};
use amanah_e2e::{lending::Lenders, Person};
use amanah_interfaces::{
    loan::{
        CampaignRefusal, Error, Loan, NewCampaign, Nonces, Offer, PasskeyApproval, Rating, Signed, SignedRating,
        SigningRefusal,
    },
    registry::Registry,
};
use scale::Encode;

/// How somebody signs.
#[derive(Clone)]
struct Hand {
    signer: Person,
    domain: DomainSeparator,
    nonce: u64,
    valid_until: Millis,
}

impl Hand {
    /// Somebody who signs as is right, with this nonce.
    fn of(lenders: &mut Lenders, signer: &Person, nonce: u64) -> Self {
        let domain = lenders.world.suite.loan_domain();
        Self { signer: signer.clone(), domain, nonce, valid_until: lenders.world.chain.now() + 1 }
    }

    fn known(&self, lenders: &mut Lenders) -> (u32, [u8; 32]) {
        let message = lenders.world.suite.registry().credentials_of(self.signer.number);
        lenders.world.ask(message).map_or((0, self.signer.actor.account()), |known| (known.epoch, known.key))
    }

    fn rates(&self, lenders: &mut Lenders, borrower: ParticipantId, rating: Rating) -> SignedRating {
        let (epoch, key) = self.known(lenders);
        let Self { domain, nonce, valid_until, .. } = *self;
        let (Rating { grade, rate, most }, facts) = (rating, [8; 32]);
        let statement = RatingStatement { domain, borrower, grade, rate, most, facts, nonce, valid_until, epoch, key };
        let signature = self.signer.actor.sign(&statement.signed_bytes::<Native>());
        SignedRating { signer: self.signer.number, rating, facts, signed: Signed { nonce, valid_until, signature } }
    }

    fn approves(
        &self,
        lenders: &mut Lenders,
        participant: ParticipantId,
        campaign: &NewCampaign,
        rating: &SignedRating,
    ) -> PasskeyApproval {
        let (epoch, key) = self.known(lenders);
        let Self { domain, nonce, valid_until, .. } = *self;
        let arguments = Native::blake2b_256(&(ink::selector_bytes!("Loan::open_campaign"), campaign, rating).encode());
        let statement = PasskeyStatement { domain, participant, nonce, arguments, valid_until, epoch, key };
        let signature = self.signer.actor.sign(&statement.signed_bytes::<Native>());
        PasskeyApproval { signer: self.signer.number, signed: Signed { nonce, valid_until, signature } }
    }
}

/// The citizen's usual campaign, signed by these two.
fn papers(lenders: &mut Lenders, rater: &Hand, authenticator: &Hand) -> (NewCampaign, SignedRating, PasskeyApproval) {
    let (campaign, borrower, rating) =
        (lenders.new_campaign(1_000), lenders.world.citizen.number, lenders.usual_rating());
    let rating = rater.rates(lenders, borrower, rating);
    let passkey = authenticator.approves(lenders, borrower, &campaign, &rating);
    (campaign, rating, passkey)
}

fn hands(lenders: &mut Lenders, nonce: u64) -> (Hand, Hand) {
    let (officer, authenticator) = (lenders.officer.clone(), lenders.authenticator.clone());
    (Hand::of(lenders, &officer, nonce), Hand::of(lenders, &authenticator, nonce))
}

#[track_caller]
fn opens(lenders: &mut Lenders, papers: (NewCampaign, SignedRating, PasskeyApproval)) {
    let citizen = lenders.world.citizen.actor.clone();
    let message = lenders.world.suite.loan().open_campaign(papers.0, papers.1, papers.2);
    lenders.world.send(&citizen, message);
}

/// Refused, and nothing is used up: `refuses` sees that nothing at all changed.
#[track_caller]
fn refused(lenders: &mut Lenders, papers: (NewCampaign, SignedRating, PasskeyApproval), refusal: SigningRefusal) {
    let citizen = lenders.world.citizen.actor.clone();
    let message = lenders.world.suite.loan().open_campaign(papers.0, papers.1, papers.2);
    lenders.world.refuses(&citizen, message, Error::Signing(refusal));
}

fn bad(signer: &Person) -> SigningRefusal {
    SigningRefusal::BadSignature { signer: signer.number }
}

#[test]
fn a_signature_counts_until_its_time() {
    let (mut lenders, _) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let valid_until = lenders.chain.now();
    let stale = SigningRefusal::Stale { valid_until };
    let late = Hand { valid_until, ..rater.clone() };
    let signed = papers(&mut lenders, &late, &authenticator);
    refused(&mut lenders, signed, stale);
    let late = Hand { valid_until, ..authenticator.clone() };
    let signed = papers(&mut lenders, &rater, &late);
    refused(&mut lenders, signed, stale);
    // One millisecond more is in time: `Hand::of` gives no more.
    let signed = papers(&mut lenders, &rater, &authenticator);
    opens(&mut lenders, signed);
}

#[test]
fn a_nonce_counts_once_and_none_below_it_ever() {
    let (mut lenders, cast) = stage();
    let citizen = cast.citizen.number;
    let (rater, authenticator) = hands(&mut lenders, 0);
    let latest = 0;
    let signed = papers(&mut lenders, &rater, &Hand { nonce: 7, ..authenticator.clone() });
    refused(&mut lenders, signed, SigningRefusal::NonceUsed { latest });
    let signed = papers(&mut lenders, &Hand { nonce: 5, ..rater.clone() }, &authenticator);
    refused(&mut lenders, signed, SigningRefusal::NonceUsed { latest });

    let first = papers(&mut lenders, &Hand { nonce: 5, ..rater.clone() }, &Hand { nonce: 7, ..authenticator.clone() });
    opens(&mut lenders, first.clone());
    let used = Nonces { event: 0, rating: 5, passkey: 7 };
    assert_eq!(lenders.world.ask(cast.loans().nonces(citizen)), used);
    refused(&mut lenders, first, SigningRefusal::NonceUsed { latest: 5 });
    for (ratings, passkeys, latest) in [(4, 8, 5), (5, 8, 5), (6, 6, 7), (6, 7, 7)] {
        let hands = (Hand { nonce: ratings, ..rater.clone() }, Hand { nonce: passkeys, ..authenticator.clone() });
        let signed = papers(&mut lenders, &hands.0, &hands.1);
        refused(&mut lenders, signed, SigningRefusal::NonceUsed { latest });
    }
    let signed = papers(&mut lenders, &Hand { nonce: 6, ..rater.clone() }, &Hand { nonce: 8, ..authenticator.clone() });
    opens(&mut lenders, signed);
    // A jump to the end of all numbers is the last one.
    let last = (Hand { nonce: u64::MAX, ..rater.clone() }, Hand { nonce: u64::MAX, ..authenticator });
    let signed = papers(&mut lenders, &last.0, &last.1);
    opens(&mut lenders, signed.clone());
    refused(&mut lenders, signed, SigningRefusal::NonceUsed { latest: u64::MAX });
}

#[test]
fn nonces_of_different_borrowers_are_apart() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 9);
    let signed = papers(&mut lenders, &rater, &authenticator);
    opens(&mut lenders, signed);
    lenders.world.citizen = lenders.enrol("neighbour", &[Role::Citizen]);
    let (rater, authenticator) = hands(&mut lenders, 1);
    let signed = papers(&mut lenders, &rater, &authenticator);
    opens(&mut lenders, signed);
    let neighbour = lenders.world.citizen.number;
    assert_eq!(lenders.world.ask(cast.loans().nonces(neighbour)).rating, 1);
    assert_eq!(lenders.world.ask(cast.loans().nonces(cast.citizen.number)).rating, 9);
}

#[test]
fn only_who_acts_in_the_role_signs() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let nobody = Person { actor: Actor::named("nobody"), number: 9_999 };
    let suspended = lenders.enrol("suspended", &[Role::LoanAdministrator, Role::Authenticator]);
    lenders.suspend(&suspended);
    let former = lenders.enrol("former", &[Role::LoanAdministrator, Role::Authenticator]);
    for role in [Role::LoanAdministrator, Role::Authenticator] {
        lenders.world.send(&cast.government.actor, cast.registry().revoke(former.number, role));
    }
    for other in [&cast.bank, &cast.government, &cast.regulator, &cast.investors[0], &nobody, &suspended, &former] {
        let refusal = SigningRefusal::NotInGoodStanding { signer: other.number };
        let hand = Hand::of(&mut lenders, other, 1);
        let signed = papers(&mut lenders, &hand, &authenticator);
        refused(&mut lenders, signed, refusal);
        let signed = papers(&mut lenders, &rater, &hand);
        refused(&mut lenders, signed, refusal);
    }
    // Each in the other's place.
    let signed = papers(&mut lenders, &authenticator, &rater);
    refused(&mut lenders, signed, SigningRefusal::NotInGoodStanding { signer: cast.authenticator.number });
    let signed = papers(&mut lenders, &rater, &rater);
    refused(&mut lenders, signed, SigningRefusal::NotInGoodStanding { signer: cast.officer.number });
}

#[test]
fn nobody_rates_or_approves_itself_not_even_with_another_number() {
    let (mut lenders, cast) = stage();
    let both = [Role::Citizen, Role::LoanAdministrator, Role::Authenticator];
    let borrower = lenders.enrol("citizen with offices", &both);
    lenders.world.citizen = borrower.clone();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let own = Hand::of(&mut lenders, &borrower, 1);
    let refusal = SigningRefusal::OwnMatter { signer: borrower.number };
    let signed = papers(&mut lenders, &own, &authenticator);
    refused(&mut lenders, signed, refusal);
    let signed = papers(&mut lenders, &rater, &own);
    refused(&mut lenders, signed, refusal);
    // Under the officer's key, then under the authenticator's.
    for office in [&cast.officer, &cast.authenticator] {
        let rotate = cast.registry().rotate_key(office.actor.account());
        lenders.world.send(&borrower.actor, rotate);
        let signed = papers(&mut lenders, &rater, &authenticator);
        refused(&mut lenders, signed, SigningRefusal::OwnMatter { signer: office.number });
    }
    lenders.world.send(&borrower.actor, cast.registry().rotate_key(borrower.actor.account()));
    let signed = papers(&mut lenders, &rater, &authenticator);
    opens(&mut lenders, signed);
}

#[test]
fn who_rates_does_not_approve_too_neither_under_one_number_nor_with_one_key() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let both = lenders.enrol("both offices", &[Role::LoanAdministrator, Role::Authenticator]);
    let own = Hand::of(&mut lenders, &both, 1);
    let signed = papers(&mut lenders, &own, &own);
    refused(&mut lenders, signed, SigningRefusal::Repeated { signer: both.number });
    // Two participants, but one key: the officer's.
    let rotate = cast.registry().rotate_key(cast.officer.actor.account());
    lenders.world.send(&cast.authenticator.actor, rotate);
    let signer = Person { actor: cast.officer.actor.clone(), number: cast.authenticator.number };
    let shared = Hand { signer, ..authenticator };
    let signed = papers(&mut lenders, &rater, &shared);
    refused(&mut lenders, signed, SigningRefusal::Repeated { signer: cast.authenticator.number });
    // Each of them counts with another one.
    let signed = papers(&mut lenders, &own, &shared);
    opens(&mut lenders, signed);
    let (rater, own) = (Hand { nonce: 2, ..rater }, Hand { nonce: 2, ..own });
    let signed = papers(&mut lenders, &rater, &own);
    opens(&mut lenders, signed);
}

#[test]
fn a_rating_counts_only_as_it_was_signed() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 3);
    let (campaign, signed, _) = papers(&mut lenders, &rater, &authenticator);
    let changes: [fn(&mut SignedRating); 8] = [
        |it| it.rating.grade -= 1,
        |it| it.rating.rate -= 1,
        |it| it.rating.most += 1,
        |it| it.facts[31] ^= 1,
        |it| it.signed.nonce += 1,
        |it| it.signed.valid_until += 1,
        |it| it.signed.signature[0] ^= 1,
        |it| it.signed.signature[63] ^= 0x40,
    ];
    for change in changes {
        let mut changed = signed.clone();
        change(&mut changed);
        // The borrower approves what is sent, so that only the rating itself is wrong.
        let passkey = authenticator.approves(&mut lenders, cast.citizen.number, &campaign, &changed);
        refused(&mut lenders, (campaign.clone(), changed, passkey), bad(&cast.officer));
    }
    // Somebody else's rating, and one that another officer signed in this one's name.
    let rating = lenders.usual_rating();
    let of_another = rater.rates(&mut lenders, cast.bank.number, rating);
    let second = lenders.enrol("second officer", &[Role::LoanAdministrator]);
    let by_another = Hand { signer: second, ..rater.clone() }.rates(&mut lenders, cast.citizen.number, rating);
    let by_another = SignedRating { signer: cast.officer.number, ..by_another };
    for wrong in [of_another, by_another] {
        let passkey = authenticator.approves(&mut lenders, cast.citizen.number, &campaign, &wrong);
        refused(&mut lenders, (campaign.clone(), wrong, passkey), bad(&cast.officer));
    }
}

#[test]
fn an_approval_counts_only_for_the_campaign_that_was_approved() {
    let (mut lenders, cast) = stage();
    let (other, _) = other_bank(&mut lenders, plain);
    let offer = Offer { flow: 0, subsidised: false, ..lenders.usual_offer() };
    let product = lenders.offer(&cast.officer.actor, offer);
    let (rater, authenticator) = hands(&mut lenders, 3);
    let (campaign, rating, passkey) = papers(&mut lenders, &rater, &authenticator);
    let mut changed =
        vec![NewCampaign { product, ..campaign.clone() }, NewCampaign { issuer: other.number, ..campaign.clone() }];
    for target in [campaign.target - 1, campaign.target + 1] {
        changed.push(NewCampaign { target, ..campaign.clone() });
    }
    for minimum in [campaign.minimum - 1, campaign.minimum + 1] {
        changed.push(NewCampaign { minimum, ..campaign.clone() });
    }
    for months in [campaign.months - 1, campaign.months + 1] {
        changed.push(NewCampaign { months, ..campaign.clone() });
    }
    for deadline in [campaign.deadline - 1, campaign.deadline + 1] {
        changed.push(NewCampaign { deadline, ..campaign.clone() });
    }
    for at in 0..32 {
        let mut document = campaign.document;
        document[at] ^= 1;
        changed.push(NewCampaign { document, ..campaign.clone() });
    }
    for changed in changed {
        refused(&mut lenders, (changed, rating.clone(), passkey.clone()), bad(&cast.authenticator));
    }
    // Another rating, as good as the one that the borrower saw; and the approval itself.
    let better = Hand { nonce: 4, ..rater }.rates(&mut lenders, cast.citizen.number, rating.rating);
    refused(&mut lenders, (campaign.clone(), better, passkey.clone()), bad(&cast.authenticator));
    let changes: [fn(&mut PasskeyApproval); 4] = [
        |it| it.signed.nonce += 1,
        |it| it.signed.valid_until += 1,
        |it| it.signed.signature[0] ^= 1,
        |it| it.signed.signature[63] ^= 0x40,
    ];
    for change in changes {
        let mut changed = passkey.clone();
        change(&mut changed);
        refused(&mut lenders, (campaign.clone(), rating.clone(), changed), bad(&cast.authenticator));
    }
    let of_another = authenticator.approves(&mut lenders, cast.bank.number, &campaign, &rating);
    refused(&mut lenders, (campaign.clone(), rating.clone(), of_another), bad(&cast.authenticator));
    opens(&mut lenders, (campaign, rating, passkey));
}

#[test]
fn signatures_of_an_older_key_epoch_are_void_even_if_the_key_is_the_same() {
    for who in [0, 1] {
        let (mut lenders, cast) = stage();
        let signer = [&cast.officer, &cast.authenticator][who].clone();
        let (rater, authenticator) = hands(&mut lenders, 1);
        let signed = papers(&mut lenders, &rater, &authenticator);
        lenders.world.send(&signer.actor, cast.registry().rotate_key(signer.actor.account()));
        refused(&mut lenders, signed, bad(&signer));
        let signed = papers(&mut lenders, &rater, &authenticator);
        opens(&mut lenders, signed);
    }
}

#[test]
fn signatures_for_another_contract_or_chain_are_worthless() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let bundle = Bundle::load(&Bundle::folder(), "loan").expect("the bundle is built");
    let suite = cast.suite.clone();
    let arguments = (suite.registry, suite.ledger, suite.genesis).encode();
    let input = [ink::selector_bytes!("new").to_vec(), arguments].concat();
    let deployed = lenders.world.chain.deploy(&cast.administrator.account(), &bundle, input, b"another".to_vec());
    let another = Suite { loan: deployed.expect("it is made").0, ..suite.clone() };
    let chain = Suite { genesis: [1; 32], ..suite };
    for domain in [another.loan_domain(), chain.loan_domain()] {
        assert_ne!(domain, rater.domain);
        let signed = papers(&mut lenders, &Hand { domain, ..rater.clone() }, &authenticator);
        refused(&mut lenders, signed, bad(&cast.officer));
        let signed = papers(&mut lenders, &rater, &Hand { domain, ..authenticator.clone() });
        refused(&mut lenders, signed, bad(&cast.authenticator));
    }
}

#[test]
fn only_the_wrapped_form_is_accepted() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let (campaign, mut rating, _) = papers(&mut lenders, &rater, &authenticator);
    let Hand { domain, nonce, valid_until, .. } = rater;
    let (epoch, key) = rater.known(&mut lenders);
    let Rating { grade, rate, most } = rating.rating;
    let (borrower, facts) = (cast.citizen.number, rating.facts);
    let statement = RatingStatement { domain, borrower, grade, rate, most, facts, nonce, valid_until, epoch, key };
    rating.signed.signature = cast.officer.actor.sign(&statement.to_bytes());
    let passkey = authenticator.approves(&mut lenders, borrower, &campaign, &rating);
    refused(&mut lenders, (campaign, rating, passkey), bad(&cast.officer));
}

#[test]
fn what_cannot_be_so_is_refused_before_any_signature_is_looked_at() {
    let (mut lenders, cast) = stage();
    let (rater, authenticator) = hands(&mut lenders, 1);
    let (campaign, mut rating, passkey) = papers(&mut lenders, &rater, &authenticator);
    rating.signed.signature = [0; 64];
    let campaign = NewCampaign { minimum: 0, ..campaign };
    let refusal = Error::Campaign(CampaignRefusal::BadMinimum);
    lenders.refuses(&cast.citizen.actor, cast.loans().open_campaign(campaign, rating, passkey), refusal);
}
