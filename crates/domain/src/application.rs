//! Applications: somebody asks to be registered, or for a further role, and the role's administrator decides.
//!
//! ```text
//! Open --approve--> Approved
//!   \--deny--> Denied
//! ```
//! The applicant withdraws an open one and clears an ended one: both remove the record.

use crate::{ids::Account, roles::Role, time::Millis, wire};

wire! {
    /// Where an application stands.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ApplicationStatus {
        /// Nobody has decided yet.
        Open,
        /// The applicant got the role.
        Approved,
        /// The applicant did not get the role.
        Denied,
    }
}

wire! {
    /// An application, as it is stored. Its size does not change with its status, so that whoever decides pays no deposit
    /// for it.
    pub struct Application {
        /// The account that applied.
        pub applicant: Account,
        /// The role that it applied for.
        pub role: Role,
        /// A hash over the papers that the registrar is shown; zeros if there are none.
        pub document: [u8; 32],
        /// When it applied (milliseconds).
        pub applied_at: Millis,
        /// Where the application stands.
        pub status: ApplicationStatus,
        /// The reason code of a denial; 0 otherwise.
        pub reason: u16,
    }
}

wire! {
    /// Why something cannot be done with an application.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum ApplicationRefusal {
        /// It does not stand as this needs.
        WrongStatus {
            /// Where it stands.
            status: ApplicationStatus,
        },
        /// Nobody decides about its own application.
        IsTheApplicant,
        /// Only the account that applied may do this.
        IsNotTheApplicant,
    }
}

impl Application {
    /// A new application.
    pub fn new(applicant: Account, role: Role, document: [u8; 32], now: Millis) -> Self {
        Self { applicant, role, document, applied_at: now, status: ApplicationStatus::Open, reason: 0 }
    }

    /// Is it still to be decided?
    pub fn is_open(&self) -> bool {
        self.status == ApplicationStatus::Open
    }

    /// The role's administrator, acting from `by`, gives the applicant what it asked for.
    ///
    /// # Errors
    /// `IsTheApplicant`, `WrongStatus` unless Open.
    pub fn approve(self, by: &Account) -> Result<Self, ApplicationRefusal> {
        self.must_be_decidable(by)?;
        Ok(Self { status: ApplicationStatus::Approved, ..self })
    }

    /// The role's administrator, acting from `by`, refuses, with a reason code.
    ///
    /// # Errors
    /// `IsTheApplicant`, `WrongStatus` unless Open.
    pub fn deny(self, by: &Account, reason: u16) -> Result<Self, ApplicationRefusal> {
        self.must_be_decidable(by)?;
        Ok(Self { status: ApplicationStatus::Denied, reason, ..self })
    }

    /// May the record go because the applicant no longer asks?
    ///
    /// # Errors
    /// `IsNotTheApplicant`, `WrongStatus` unless Open.
    pub fn check_withdrawal(&self, by: &Account) -> Result<(), ApplicationRefusal> {
        self.must_be_the_applicant(by)?;
        self.must_be_open()
    }

    /// May the record go because it was decided?
    ///
    /// # Errors
    /// `IsNotTheApplicant`, `WrongStatus` while it is Open.
    pub fn check_clearing(&self, by: &Account) -> Result<(), ApplicationRefusal> {
        self.must_be_the_applicant(by)?;
        if self.is_open() {
            return Err(ApplicationRefusal::WrongStatus { status: self.status });
        }
        Ok(())
    }

    fn must_be_decidable(&self, by: &Account) -> Result<(), ApplicationRefusal> {
        if self.applicant == *by {
            return Err(ApplicationRefusal::IsTheApplicant);
        }
        self.must_be_open()
    }

    fn must_be_open(&self) -> Result<(), ApplicationRefusal> {
        if !self.is_open() {
            return Err(ApplicationRefusal::WrongStatus { status: self.status });
        }
        Ok(())
    }

    fn must_be_the_applicant(&self, by: &Account) -> Result<(), ApplicationRefusal> {
        if self.applicant != *by {
            return Err(ApplicationRefusal::IsNotTheApplicant);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scale::Encode;

    const APPLICANT: Account = [1; 32];
    const OFFICER: Account = [2; 32];

    fn open() -> Application {
        Application::new(APPLICANT, Role::Shop, [9; 32], 5)
    }

    #[test]
    fn an_open_application_is_decided_once() {
        let approved = open().approve(&OFFICER).unwrap();
        let denied = open().deny(&OFFICER, 7).unwrap();
        assert_eq!((approved.status, approved.reason), (ApplicationStatus::Approved, 0));
        assert_eq!((denied.status, denied.reason), (ApplicationStatus::Denied, 7));
        for ended in [approved, denied] {
            let refused = Err(ApplicationRefusal::WrongStatus { status: ended.status });
            assert_eq!(ended.clone().approve(&OFFICER), refused);
            assert_eq!(ended.deny(&OFFICER, 1), refused);
        }
    }

    #[test]
    fn nobody_decides_about_its_own_application() {
        assert_eq!(open().approve(&APPLICANT), Err(ApplicationRefusal::IsTheApplicant));
        assert_eq!(open().deny(&APPLICANT, 1), Err(ApplicationRefusal::IsTheApplicant));
    }

    #[test]
    fn the_applicant_alone_withdraws_an_open_one_and_clears_an_ended_one() {
        let status = |status| Err(ApplicationRefusal::WrongStatus { status });
        let denied = open().deny(&OFFICER, 7).unwrap();
        assert_eq!(open().check_withdrawal(&APPLICANT), Ok(()));
        assert_eq!(open().check_clearing(&APPLICANT), status(ApplicationStatus::Open));
        assert_eq!(denied.check_clearing(&APPLICANT), Ok(()));
        assert_eq!(denied.check_withdrawal(&APPLICANT), status(ApplicationStatus::Denied));
        assert_eq!(open().check_withdrawal(&OFFICER), Err(ApplicationRefusal::IsNotTheApplicant));
        assert_eq!(denied.check_clearing(&OFFICER), Err(ApplicationRefusal::IsNotTheApplicant));
    }

    #[test]
    fn a_decision_does_not_change_the_records_size() {
        let size = open().encoded_size();
        assert_eq!(open().approve(&OFFICER).unwrap().encoded_size(), size);
        assert_eq!(open().deny(&OFFICER, u16::MAX).unwrap().encoded_size(), size);
    }
}
