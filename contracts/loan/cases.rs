//! What is stored of flows, cases and challenges.

use amanah_domain::{
    challenge::Challenge,
    flow::{EventKind, Flow},
    ids::{CaseId, FlowId, ParticipantId},
    time::Millis,
};
use amanah_interfaces::{
    loan::{Case, Error, Matter, Nonces},
    MOST_PER_PAGE,
};
use ink::{
    prelude::vec::Vec,
    storage::{traits::ManualKey, Mapping},
};

/// Flows, the cases that go through them, and the challenges that stop them.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Cases {
    /// The latest flow's number.
    flow_count: FlowId,
    /// The latest case's number.
    case_count: CaseId,
    /// Flows by number; they never change.
    flows: Mapping<FlowId, Flow, ManualKey<0x4c4f_0001>>,
    /// The present flow of each kind.
    present: Mapping<EventKind, FlowId, ManualKey<0x4c4f_0002>>,
    /// Cases by number.
    cases: Mapping<CaseId, Case, ManualKey<0x4c4f_0003>>,
    /// An applicant's newest case; the others follow by `previous`.
    newest: Mapping<ParticipantId, CaseId, ManualKey<0x4c4f_0004>>,
    /// The latest challenge of a case or a loan.
    challenges: Mapping<Matter, Challenge, ManualKey<0x4c4f_0005>>,
    /// The latest nonces that were used up for a participant.
    nonces: Mapping<ParticipantId, Nonces, ManualKey<0x4c4f_0006>>,
}

impl Cases {
    /// Stores a new flow, as the present one of its kind.
    pub fn add_flow(&mut self, flow: &Flow) -> Result<FlowId, Error> {
        let number = self.flow_count.checked_add(1).ok_or(Error::Corrupted)?;
        self.flow_count = number;
        self.flows.insert(number, flow);
        self.present.insert(flow.kind, &number);
        Ok(number)
    }

    pub fn flow(&self, flow: FlowId) -> Result<Flow, Error> {
        self.flows.get(flow).ok_or(Error::UnknownFlow { flow })
    }

    /// The present flow of this kind; 0 for none.
    pub fn present_flow(&self, kind: EventKind) -> FlowId {
        self.present.get(kind).unwrap_or(0)
    }

    pub fn load(&self, case: CaseId) -> Result<Case, Error> {
        self.cases.get(case).ok_or(Error::UnknownCase { case })
    }

    pub fn store(&mut self, number: CaseId, case: &Case) {
        self.cases.insert(number, case);
    }

    /// The number of the next case of this applicant, and of its newest so far (0 for none).
    pub fn next_of(&mut self, applicant: ParticipantId) -> Result<(CaseId, CaseId), Error> {
        let number = self.case_count.checked_add(1).ok_or(Error::Corrupted)?;
        self.case_count = number;
        let previous = self.newest.get(applicant).unwrap_or(0);
        self.newest.insert(applicant, &number);
        Ok((number, previous))
    }

    /// A page of an applicant's cases.
    pub fn of_applicant(&self, applicant: ParticipantId, start: Option<CaseId>, limit: u32) -> Vec<(CaseId, Case)> {
        let mut page = Vec::new();
        let mut next = start.or_else(|| self.newest.get(applicant)).unwrap_or(0);
        for _ in 0..limit.min(MOST_PER_PAGE) {
            let Some(case) = self.cases.get(next).filter(|case| case.event.applicant == applicant) else { break };
            let previous = case.previous;
            page.push((next, case));
            next = previous;
        }
        page
    }

    pub fn challenge(&self, matter: Matter) -> Option<Challenge> {
        self.challenges.get(matter)
    }

    pub fn store_challenge(&mut self, matter: Matter, challenge: &Challenge) {
        self.challenges.insert(matter, challenge);
    }

    /// Checks that no challenge freezes it.
    pub fn must_not_be_frozen(&self, matter: Matter, now: Millis) -> Result<(), Error> {
        match self.challenges.get(matter) {
            Some(challenge) => Ok(challenge.must_be_over(now)?),
            None => Ok(()),
        }
    }

    pub fn nonces(&self, participant: ParticipantId) -> Nonces {
        self.nonces.get(participant).unwrap_or_default()
    }

    pub fn store_nonces(&mut self, participant: ParticipantId, nonces: &Nonces) {
        self.nonces.insert(participant, nonces);
    }
}
