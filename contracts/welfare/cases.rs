//! What is stored of cases: their records, what happened to them, and who has them on the desk.

use amanah_domain::{
    ids::{ParticipantId, WelfareCaseId},
    money::Amount,
    roles::Role,
};
use amanah_interfaces::{
    welfare::{BenefitCase, BenefitStatus, Entry, Error, Scheme},
    MOST_PER_PAGE,
};
use ink::{
    prelude::vec::Vec,
    storage::{traits::ManualKey, Mapping},
};

/// A case as it is stored: its record, how many entries its history has, its place.
type Stored = (BenefitCase, u32, u32);

/// A case and where it is.
pub struct Docket {
    pub case: BenefitCase,
    /// How many entries its history has.
    entries: u32,
    /// Its place on the desk of its stage's role, from 0, while it waits there.
    place: u32,
}

/// Cases, their histories, and the desks where they wait.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Cases {
    /// The latest case's number.
    count: WelfareCaseId,
    /// Cases by number.
    dockets: Mapping<WelfareCaseId, Stored, ManualKey<0x5745_0001>>,
    /// An applicant's newest case; the others follow by `previous`.
    newest: Mapping<ParticipantId, WelfareCaseId, ManualKey<0x5745_0002>>,
    /// What happened to a case, in order.
    histories: Mapping<(WelfareCaseId, u32), Entry, ManualKey<0x5745_0003>>,
    /// How many cases wait for a role.
    desk_counts: Mapping<Role, u32, ManualKey<0x5745_0004>>,
    /// Which cases these are, without gaps.
    desks: Mapping<(Role, u32), WelfareCaseId, ManualKey<0x5745_0005>>,
    /// How many exclusive benefits a participant has running.
    running: Mapping<ParticipantId, u32, ManualKey<0x5745_0006>>,
    /// The employer that agreed to pay its share of a case's premiums, and how much of each at most.
    employers: Mapping<WelfareCaseId, (ParticipantId, Amount), ManualKey<0x5745_0007>>,
}

/// The role on whose desk a case is, if it waits for one.
fn desk(case: &BenefitCase, scheme: &Scheme) -> Option<Role> {
    match case.status {
        BenefitStatus::Review => scheme.stages.get(usize::from(case.stage)).map(|stage| stage.role),
        _ => None,
    }
}

impl Cases {
    /// The applicant's newest case so far; 0 for none.
    pub fn newest(&self, applicant: ParticipantId) -> WelfareCaseId {
        self.newest.get(applicant).unwrap_or(0)
    }

    /// Stores a new case, as its applicant's newest, with the first entry of its history.
    pub fn add(&mut self, case: BenefitCase, scheme: &Scheme, entry: &Entry) -> Result<WelfareCaseId, Error> {
        let number = self.count.checked_add(1).ok_or(Error::Corrupted)?;
        self.count = number;
        self.newest.insert(case.applicant, &number);
        let place = match desk(&case, scheme) {
            Some(role) => self.put_on_desk(role, number)?,
            None => 0,
        };
        self.histories.insert((number, 0), entry);
        self.dockets.insert(number, &(case, 1, place));
        Ok(number)
    }

    pub fn load(&self, case: WelfareCaseId) -> Result<Docket, Error> {
        let (record, entries, place) = self.dockets.get(case).ok_or(Error::UnknownCase { case })?;
        Ok(Docket { case: record, entries, place })
    }

    /// Stores what became of a case, and an entry of its history: it may change desks, and count as a running exclusive benefit
    /// or no longer.
    pub fn store(
        &mut self,
        number: WelfareCaseId,
        docket: Docket,
        next: BenefitCase,
        scheme: &Scheme,
        entry: Option<&Entry>,
    ) -> Result<(), Error> {
        let Docket { case: before, mut entries, mut place } = docket;
        let (was, is) = (desk(&before, scheme), desk(&next, scheme));
        if was != is {
            if let Some(role) = was {
                self.take_from_desk(role, place)?;
            }
            if let Some(role) = is {
                place = self.put_on_desk(role, number)?;
            }
        }
        if scheme.exclusive && before.is_running() != next.is_running() {
            let running = self.running.get(next.applicant).unwrap_or(0);
            let changed = if next.is_running() { running.checked_add(1) } else { running.checked_sub(1) };
            self.running.insert(next.applicant, &changed.ok_or(Error::Corrupted)?);
        }
        if let Some(entry) = entry {
            self.histories.insert((number, entries), entry);
            entries = entries.checked_add(1).ok_or(Error::Corrupted)?;
        }
        self.dockets.insert(number, &(next, entries, place));
        Ok(())
    }

    /// Does this participant have a running benefit that excludes others?
    pub fn has_running(&self, participant: ParticipantId) -> bool {
        self.running.get(participant).unwrap_or(0) > 0
    }

    /// Has this employer agreed to pay that much of each of the case's premiums?
    pub fn employer_agreed(&self, case: WelfareCaseId, employer: ParticipantId, share: Amount) -> bool {
        self.employers.get(case).is_some_and(|(agreed, most)| agreed == employer && share <= most)
    }

    pub fn note_employer(&mut self, case: WelfareCaseId, employer: ParticipantId, share: Amount) {
        self.employers.insert(case, &(employer, share));
    }

    /// A page of a case's history.
    pub fn history(&self, case: WelfareCaseId, start: u32, limit: u32) -> Vec<Entry> {
        let end = start.saturating_add(limit.min(MOST_PER_PAGE));
        (start..end).map_while(|at| self.histories.get((case, at))).collect()
    }

    /// A page of an applicant's cases.
    pub fn of_applicant(
        &self,
        applicant: ParticipantId,
        start: Option<WelfareCaseId>,
        limit: u32,
    ) -> Vec<(WelfareCaseId, BenefitCase)> {
        let mut page = Vec::new();
        let mut next = start.unwrap_or_else(|| self.newest(applicant));
        for _ in 0..limit.min(MOST_PER_PAGE) {
            let Some((case, ..)) = self.dockets.get(next) else { break };
            if case.applicant != applicant {
                break;
            }
            let previous = case.previous;
            page.push((next, case));
            next = previous;
        }
        page
    }

    pub fn desk_count(&self, role: Role) -> u32 {
        self.desk_counts.get(role).unwrap_or(0)
    }

    /// A page of the cases that wait for a role.
    pub fn on_desk(&self, role: Role, start: u32, limit: u32) -> Vec<WelfareCaseId> {
        let end = start.saturating_add(limit.min(MOST_PER_PAGE)).min(self.desk_count(role));
        (start..end).filter_map(|at| self.desks.get((role, at))).collect()
    }

    /// Puts a case at the end of a role's desk; answers with its place.
    fn put_on_desk(&mut self, role: Role, case: WelfareCaseId) -> Result<u32, Error> {
        let place = self.desk_count(role);
        self.desks.insert((role, place), &case);
        self.desk_counts.insert(role, &place.checked_add(1).ok_or(Error::Corrupted)?);
        Ok(place)
    }

    /// Takes the case at this place from a role's desk; the last one takes its place.
    fn take_from_desk(&mut self, role: Role, place: u32) -> Result<(), Error> {
        let last = self.desk_count(role).checked_sub(1).ok_or(Error::Corrupted)?;
        if place != last {
            let moved = self.desks.get((role, last)).ok_or(Error::Corrupted)?;
            self.desks.insert((role, place), &moved);
            let Docket { case, entries, .. } = self.load(moved)?;
            self.dockets.insert(moved, &(case, entries, place));
        }
        self.desks.remove((role, last));
        self.desk_counts.insert(role, &last);
        Ok(())
    }
}
