//! The desks where cases wait for reviewers: a new one goes to the end, and the last one takes the place of one that leaves.

use super::*;

const COUNTY: Role = Role::WelfareDepartment;
const PANEL: Role = Role::MedicalPanel;
const INSTITUTE: Role = Role::WelfareInstitute;

/// Exactly these cases wait on the three desks, in this order, and the counts say the same.
#[track_caller]
fn wait(offices: &mut Offices, county: &[u64], panel: &[u64], institute: &[u64]) {
    for (role, wanted) in [(COUNTY, county), (PANEL, panel), (INSTITUTE, institute)] {
        assert_eq!(offices.worklist(role), wanted, "{role:?}");
        let count = offices.world.ask(offices.world.suite.welfare().worklist_count(role));
        assert_eq!(usize::try_from(count), Ok(wanted.len()), "{role:?}");
    }
}

#[test]
fn a_case_moves_from_desk_to_desk_and_the_last_one_takes_its_place() {
    let (mut offices, cast) = stage();
    let scheme = offices.scheme(Scheme { exclusive: false, ..samples::welfare() });
    let citizen = cast.citizen.actor.clone();
    for _ in 0..6 {
        offices.apply(&cast.citizen, scheme, injury_form());
    }
    wait(&mut offices, &[1, 2, 3, 4, 5, 6], &[], &[]);
    offices.decide(2, Accept, None);
    wait(&mut offices, &[1, 6, 3, 4, 5], &[2], &[]);
    // The one that was moved knows its new place.
    offices.decide(6, Accept, None);
    wait(&mut offices, &[1, 5, 3, 4], &[2, 6], &[]);
    offices.send(&citizen, cast.welfare().withdraw_application(1));
    wait(&mut offices, &[4, 5, 3], &[2, 6], &[]);
    // The last one itself, and back to the end.
    offices.decide(3, Return, None);
    wait(&mut offices, &[4, 5], &[2, 6], &[]);
    offices.send(&citizen, cast.welfare().supplement(3, injury_form()));
    wait(&mut offices, &[4, 5, 3], &[2, 6], &[]);
    offices.decide(4, Reject, None);
    wait(&mut offices, &[3, 5], &[2, 6], &[]);
    offices.decide(2, Accept, None);
    wait(&mut offices, &[3, 5], &[6], &[2]);
    offices.decide(6, Accept, None);
    wait(&mut offices, &[3, 5], &[], &[2, 6]);
    offices.send(&citizen, cast.welfare().appeal(4));
    wait(&mut offices, &[3, 5, 4], &[], &[2, 6]);
    offices.decide(2, Accept, None);
    wait(&mut offices, &[3, 5, 4], &[], &[6]);
    offices.send(&citizen, cast.welfare().withdraw_application(6));
    wait(&mut offices, &[3, 5, 4], &[], &[]);
    offices.decide(5, Accept, None);
    offices.decide(3, Accept, None);
    wait(&mut offices, &[4], &[5, 3], &[]);
    offices.send(&citizen, cast.welfare().withdraw_application(4));
    wait(&mut offices, &[], &[5, 3], &[]);
    // What happens to cases that wait nowhere moves nobody.
    offices.send(&cast.government.actor, cast.welfare().suspend(2, 1));
    offices.send(&cast.government.actor, cast.welfare().terminate(2, 1));
    wait(&mut offices, &[], &[5, 3], &[]);
}

#[test]
fn a_committees_case_keeps_its_place_until_the_last_member_has_accepted() {
    let (mut offices, cast) = stage();
    let scheme = committee(&mut offices, samples::welfare(), 0, 2);
    let [first, second, _] = members(&mut offices, COUNTY);
    for _ in 0..3 {
        offices.apply(&cast.citizen, scheme, injury_form());
    }
    decide(&mut offices, &first, 1, Accept);
    wait(&mut offices, &[1, 2, 3], &[], &[]);
    let cid = samples::document(samples::MEDICAL_RECORD).cid;
    let seal = offices.seal(2, cid, &first);
    offices.send(&first.actor, cast.welfare().add_document(2, cid, seal));
    wait(&mut offices, &[1, 2, 3], &[], &[]);
    decide(&mut offices, &second, 1, Accept);
    wait(&mut offices, &[3, 2], &[1], &[]);
}

#[test]
fn cases_of_different_schemes_wait_on_the_same_desk_of_a_role() {
    let (mut offices, cast) = stage();
    let accounting = Role::AccountingTeam;
    let minimum = offices.apply(&cast.citizen, offices.minimum_living, amanah_e2e::welfare::minimum_living_form());
    let assistance = offices.apply(&cast.citizen, offices.assistance, assistance_form());
    for case in [assistance, minimum] {
        offices.decide(case, Accept, None);
    }
    assert_eq!(offices.worklist(accounting), [assistance, minimum], "in the order in which they came");
    offices.decide(assistance, Accept, Some(250));
    assert_eq!(offices.worklist(accounting), [minimum]);
    // A custom role has a desk of its own, and who loses a role leaves the desk where it is.
    assert_eq!(offices.worklist(Role::Custom(0)), [0; 0]);
    let team = offices.reviewer(accounting);
    offices.send(&cast.government.actor, cast.registry().revoke(team.number, accounting));
    cannot_decide(&mut offices, &team.actor, minimum, Error::NotAllowed);
    assert_eq!(offices.worklist(accounting), [minimum]);
}
