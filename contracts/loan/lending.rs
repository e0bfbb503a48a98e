//! What is stored of products, loans and lenders' credits.

use amanah_domain::{
    ids::{LoanId, ParticipantId, ProductId},
    lending::NewLoan,
    money::Amount,
    time::Millis,
};
use amanah_interfaces::{
    loan::{Error, Lender, LoanRecord, Product},
    MOST_PER_PAGE,
};
use ink::{
    prelude::vec::Vec,
    storage::{traits::ManualKey, Mapping},
};

/// Products, the loans that came of them, and what lenders have been repaid.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Lending {
    /// The latest product's number.
    product_count: ProductId,
    /// The latest loan's number.
    loan_count: LoanId,
    /// Products by number.
    products: Mapping<ProductId, Product, ManualKey<0x4c4f_0101>>,
    /// Loans by number.
    loans: Mapping<LoanId, LoanRecord, ManualKey<0x4c4f_0102>>,
    /// A borrower's newest loan; the others follow by `previous`.
    newest: Mapping<ParticipantId, LoanId, ManualKey<0x4c4f_0103>>,
    /// When a borrower's latest loan of a product began.
    latest: Mapping<(ProductId, ParticipantId), Millis, ManualKey<0x4c4f_0104>>,
    /// What is owed to a lender in a bank's money.
    credits: Mapping<(ParticipantId, ParticipantId), Amount, ManualKey<0x4c4f_0105>>,
}

impl Lending {
    pub fn add_product(&mut self, product: &Product) -> Result<ProductId, Error> {
        let number = self.product_count.checked_add(1).ok_or(Error::Corrupted)?;
        self.product_count = number;
        self.products.insert(number, product);
        Ok(number)
    }

    pub fn product(&self, product: ProductId) -> Result<Product, Error> {
        self.products.get(product).ok_or(Error::UnknownProduct { product })
    }

    pub fn store_product(&mut self, number: ProductId, product: &Product) {
        self.products.insert(number, product);
    }

    /// When this borrower's latest loan of this product began.
    pub fn latest(&self, product: ProductId, borrower: ParticipantId) -> Option<Millis> {
        self.latest.get((product, borrower))
    }

    /// Opens a loan, as its borrower's newest.
    pub fn open(&mut self, new: NewLoan) -> Result<(LoanId, LoanRecord), Error> {
        let previous = self.newest.get(new.borrower).unwrap_or(0);
        let loan = LoanRecord::open(NewLoan { previous, ..new })?;
        let number = self.loan_count.checked_add(1).ok_or(Error::Corrupted)?;
        self.loan_count = number;
        self.loans.insert(number, &loan);
        self.newest.insert(loan.borrower, &number);
        self.latest.insert((loan.product, loan.borrower), &loan.started);
        Ok((number, loan))
    }

    pub fn load(&self, loan: LoanId) -> Result<LoanRecord, Error> {
        self.loans.get(loan).ok_or(Error::UnknownLoan { loan })
    }

    pub fn store(&mut self, number: LoanId, loan: &LoanRecord) {
        self.loans.insert(number, loan);
    }

    /// A page of a borrower's loans.
    pub fn of_borrower(&self, borrower: ParticipantId, start: Option<LoanId>, limit: u32) -> Vec<(LoanId, LoanRecord)> {
        let mut page = Vec::new();
        let mut next = start.or_else(|| self.newest.get(borrower)).unwrap_or(0);
        for _ in 0..limit.min(MOST_PER_PAGE) {
            let Some(loan) = self.loans.get(next).filter(|loan| loan.borrower == borrower) else { break };
            let previous = loan.previous;
            page.push((next, loan));
            next = previous;
        }
        page
    }

    pub fn credit(&self, participant: ParticipantId, issuer: ParticipantId) -> Amount {
        self.credits.get((participant, issuer)).unwrap_or(Amount::ZERO)
    }

    pub fn set_credit(&mut self, participant: ParticipantId, issuer: ParticipantId, credit: Amount) {
        self.credits.insert((participant, issuer), &credit);
    }
}

/// The bank that lent, if a bank did.
pub fn bank_of(loan: &LoanRecord) -> Option<ParticipantId> {
    match loan.lender {
        Lender::Bank(bank) => Some(bank),
        Lender::Campaign(_) => None,
    }
}
