//! Each kind of work: what people read, and the commands that do it.

use amanah_client::{
    abi::{amount, point},
    address,
};
use amanah_domain::{
    case::{Case, CaseStatus},
    ids::ParticipantId,
    time::Millis,
};
use amanah_interfaces::{
    ledger::Withdrawal,
    registry::{Application, Participant},
    voucher::Redemption,
    welfare::{Action, BenefitCase, Stage},
};
use serde::Serialize;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The contract that knows of it.
    pub contract: &'static str,
    /// What it is: application, withdrawal, redemption, case.
    pub kind: &'static str,
    pub number: u64,
    /// For people.
    pub about: String,
    /// What can be done. Words in capitals are to be filled in.
    pub commands: Vec<String>,
}

impl Item {
    fn new(contract: &'static str, kind: &'static str, number: u64, about: String, commands: &[String]) -> Self {
        let about = format!("{contract} {kind} {number}: {about}");
        let commands = commands.iter().map(|command| format!("amanah {contract} {command} -x")).collect();
        Self { contract, kind, number, about, commands }
    }

    /// An application for a role; of a participant, its record is given.
    pub fn application(number: u64, application: &Application, known: Option<&Participant>) -> Self {
        let (identity, until) = match known {
            Some(known) => (format!("0x{}", hex::encode(known.identity)), point(known.identity_valid_until)),
            None => ("IDENTITY".to_owned(), "DATE".to_owned()),
        };
        let about = format!(
            "{} wants to be {:?}, document 0x{}, since {}",
            address(&application.applicant),
            application.role,
            hex::encode(application.document),
            point(application.applied_at)
        );
        let approve = format!("approve --application {number} --identity {identity} --identity-valid-until {until}");
        Self::new(
            "registry",
            "application",
            number,
            about,
            &[approve, format!("deny --application {number} --reason NUMBER")],
        )
    }

    /// A withdrawal that its bank has to pay out.
    pub fn withdrawal(number: u64, withdrawal: &Withdrawal, decimals: u8) -> Self {
        let to = match withdrawal.to {
            Some(hash) => format!("to the linked account 0x{}", hex::encode(hash)),
            None => "to no particular account".to_owned(),
        };
        let about = format!(
            "participant {} wants {} {to}, since {}",
            withdrawal.owner,
            amount(withdrawal.amount.balance(), decimals),
            point(withdrawal.requested_at)
        );
        Self::new(
            "ledger",
            "withdrawal",
            number,
            about,
            &[
                format!("settle-withdrawal --withdrawal {number} --reference REFERENCE"),
                format!("reject-withdrawal --withdrawal {number} --reason NUMBER"),
            ],
        )
    }

    /// A redemption that its shop has to have confirmed, or to end.
    pub fn redemption(number: u64, redemption: &Redemption, now: Millis, decimals: u8) -> Self {
        let in_time = now < redemption.expires;
        let about = format!(
            "{} of voucher {}, {} {}",
            amount(redemption.amount.balance(), decimals),
            redemption.voucher,
            if in_time { "to be confirmed until" } else { "was not confirmed until" },
            point(redemption.expires)
        );
        let commands = match in_time {
            true => vec![
                format!("confirm --redemption {number} --proof @PROOF.json"),
                format!("cancel --redemption {number}"),
            ],
            false => vec![format!("expire --redemption {number}")],
        };
        Self::new("voucher", "redemption", number, about, &commands)
    }

    /// An open loan case, for its next oracle.
    pub fn loan_case(number: u64, case: &Case, event_hash: [u8; 32]) -> Self {
        let Case { event, revision, expires, .. } = case;
        let about = format!(
            "{:?} of participant {}, revision {revision}, open until {}",
            event.request.kind(),
            event.applicant,
            point(*expires)
        );
        let verdict = |verdict| {
            let hash = hex::encode(event_hash);
            format!("submit-verdict --case {number} --revision {revision} --event-hash 0x{hash} --verdict {verdict}")
        };
        Self::new("loan", "case", number, about, &[verdict("Pass"), verdict("Failed")])
    }

    /// A welfare case at this stage.
    pub fn welfare_case(number: u64, case: &BenefitCase, stage: &Stage) -> Self {
        let about = format!(
            "stage {} ({:?}) of participant {}'s application for scheme {}, round {}{}, since {}",
            case.stage,
            stage.action,
            case.applicant,
            case.scheme,
            case.round,
            if case.appealed { ", on appeal" } else { "" },
            point(case.opened_at)
        );
        let at = format!("--case {number} --round {} --stage {}", case.round, case.stage);
        let decide = |decision: &str, rest: &str| format!("decide {at} --decision {decision}{rest}");
        let sets = if stage.action == Action::SetAmount { " --amount AMOUNT" } else { "" };
        let commands = [
            decide("Accept", &format!("{sets} --reason 0")),
            decide("Return", " --reason NUMBER"),
            decide("Reject", " --reason NUMBER"),
        ];
        Self::new("welfare", "case", number, about, &commands)
    }
}

/// Whose turn it is to say something about an open loan case: the place of the next grantor, and who it is.
pub fn turn(case: &Case, now: Millis) -> Option<(usize, ParticipantId)> {
    let place = usize::from(case.passed);
    let is_open = case.status == CaseStatus::Open && now < case.expires;
    case.event.grantors.get(place).filter(|_| is_open).map(|grantor| (place, *grantor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message;
    use amanah_client::{Abi, Bundle};
    use amanah_domain::{
        application::ApplicationStatus,
        flow::{Event, Request},
        money::Amount,
        roles::Role,
    };
    use amanah_interfaces::{
        ledger::{Place, WithdrawalStatus},
        voucher::{Links, RedemptionStatus},
    };

    const NOW: Millis = 1_800_000_000_000;

    fn application() -> Application {
        Application {
            applicant: [1; 32],
            role: Role::Shop,
            document: [2; 32],
            applied_at: NOW,
            status: ApplicationStatus::Open,
            reason: 0,
        }
    }

    fn redemption() -> Redemption {
        Redemption {
            voucher: 3,
            shop: 4,
            account: [4; 32],
            amount: Amount::new(1_250),
            requested_at: NOW,
            expires: NOW + 600_000,
            status: RedemptionStatus::Open,
            links: Links::default(),
        }
    }

    fn withdrawal() -> Withdrawal {
        Withdrawal {
            owner: 7,
            issuer: 1,
            amount: Amount::new(1_250),
            requested_at: NOW,
            status: WithdrawalStatus::Open,
            to: None,
            of_owner: Place::default(),
            on_desk: Place::default(),
        }
    }

    fn case() -> Case {
        let request = Request::InterestRefund { loan: 5 };
        let event = Event { flow: 1, applicant: 7, grantors: vec![2, 3], request };
        Case { event, revision: 1, passed: 1, status: CaseStatus::Open, expires: NOW + 1, previous: 0 }
    }

    /// The words of a command as its reader would give them.
    fn filled(command: &str) -> Vec<String> {
        let value = |word: &str| match word {
            "IDENTITY" | "REFERENCE" => format!("0x{}", "5a".repeat(32)),
            "DATE" => "2030-01-01".to_owned(),
            "NUMBER" => "1".to_owned(),
            "AMOUNT" => "12.50".to_owned(),
            other => other.to_owned(),
        };
        command.split(' ').map(value).collect()
    }

    #[test]
    fn every_command_is_one_of_its_contracts_commands() {
        let stage = |action| Stage { role: Role::AccountingTeam, action, needed: 1 };
        let welfare = |action| {
            let commands = Item::welfare_case(7, &benefit_case(), &stage(action)).commands;
            assert_eq!(commands[0].contains("--amount"), action == Action::SetAmount);
            Item { contract: "welfare", commands, ..Item::loan_case(7, &case(), [9; 32]) }
        };
        let items = [
            Item::application(3, &application(), None),
            Item::withdrawal(4, &withdrawal(), 2),
            Item::redemption(9, &redemption(), NOW, 2),
            Item::redemption(9, &redemption(), NOW + 600_000, 2),
            Item::loan_case(7, &case(), [9; 32]),
            welfare(Action::SetAmount),
            welfare(Action::Approve),
        ];
        for Item { contract, commands, .. } in items {
            let abi = Abi::of(&Bundle::load(&Bundle::folder(), contract).unwrap()).unwrap();
            let known = message::commands(&abi).into_iter().map(crate::call::with_options);
            let mut program = clap::Command::new("amanah").subcommand_required(true).subcommands(known);
            for command in commands {
                let words = filled(&command);
                assert_eq!((words[0].as_str(), words[1].as_str()), ("amanah", contract));
                let parsed = program
                    .try_get_matches_from_mut(["amanah".to_owned()].into_iter().chain(words.into_iter().skip(2)));
                assert!(parsed.is_ok(), "{command}: {}", parsed.unwrap_err());
            }
        }
    }

    fn benefit_case() -> BenefitCase {
        let mut bytes = [0u8; 512].as_slice();
        // All zeros are a record: of nothing, for nobody.
        scale::Decode::decode(&mut bytes).unwrap()
    }

    #[test]
    fn a_redemption_whose_time_is_over_can_only_be_ended() {
        let open = Item::redemption(9, &redemption(), NOW + 599_999, 2);
        assert_eq!(open.commands[1], "amanah voucher cancel --redemption 9 -x");
        assert!(
            open.about
                .starts_with("voucher redemption 9: 12.50 of voucher 3, to be confirmed until 2027-01-15T08:10:00Z"),
            "{}",
            open.about
        );
        let over = Item::redemption(9, &redemption(), NOW + 600_000, 2);
        assert_eq!(over.commands, ["amanah voucher expire --redemption 9 -x"]);
    }

    #[test]
    fn it_is_the_turn_of_the_first_grantor_who_has_not_passed_an_open_case() {
        assert_eq!(turn(&case(), NOW), Some((1, 3)));
        assert_eq!(turn(&Case { passed: 0, ..case() }, NOW), Some((0, 2)));
        for over in [
            Case { passed: 2, ..case() },
            Case { expires: NOW, ..case() },
            Case { status: CaseStatus::Failed, ..case() },
            Case { status: CaseStatus::Executed, ..case() },
        ] {
            assert_eq!(turn(&over, NOW), None, "{over:?}");
        }
    }
}
