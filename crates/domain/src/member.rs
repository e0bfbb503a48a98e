//! What a holder has had of a programme: its bundle, and how much its vouchers were funded with.

use crate::{
    ids::ParticipantId,
    money::{Amount, AmountError, Balance},
    wire,
};

wire! {
    /// A holder's place in a programme that has bundles or a cap on each holder.
    #[derive(Copy, Default)]
    pub struct Member {
        /// Has it had its bundle?
        pub has_bundle: bool,
        /// What its vouchers were funded with, all together; counted only where the programme caps it. What went back to
        /// the bank still counts.
        pub funded: Amount,
    }
}

wire! {
    /// Why a holder cannot have more of a programme.
    #[derive(Copy)]
    #[allow(clippy::cast_possible_truncation)] // SCALE's derive numbers the variants by a cast.
    pub enum HolderRefusal {
        /// It has its bundle already.
        HasBundle {
            /// The holder.
            holder: ParticipantId,
        },
        /// More than all its vouchers may be funded with.
        OverHolderCap {
            /// The most.
            most: Balance,
            /// What it would come to.
            wanted: Balance,
        },
        /// What it has had cannot be counted.
        Amount(AmountError),
    }
}

impl Member {
    /// `holder` gets its bundle, once.
    ///
    /// # Errors
    /// `HasBundle`.
    pub fn bundled(self, holder: ParticipantId) -> Result<Self, HolderRefusal> {
        match self.has_bundle {
            true => Err(HolderRefusal::HasBundle { holder }),
            false => Ok(Self { has_bundle: true, ..self }),
        }
    }

    /// A voucher of the holder is funded with `amount`; `most` is the programme's cap on a holder.
    ///
    /// # Errors
    /// `OverHolderCap`, `Amount`.
    pub fn fund(self, amount: Amount, most: Amount) -> Result<Self, HolderRefusal> {
        let funded = self.funded.plus(amount).map_err(HolderRefusal::Amount)?;
        match funded > most {
            true => Err(HolderRefusal::OverHolderCap { most: most.balance(), wanted: funded.balance() }),
            false => Ok(Self { funded, ..self }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_gets_its_bundle_once() {
        let member = Member::default().bundled(7).unwrap();
        assert_eq!(member.bundled(7), Err(HolderRefusal::HasBundle { holder: 7 }));
    }

    #[test]
    fn a_holders_vouchers_together_reach_the_cap_and_not_a_unit_more() {
        let (most, one) = (Amount::new(100), Amount::new(1));
        let full = Member::default().fund(Amount::new(60), most).unwrap().fund(Amount::new(40), most).unwrap();
        assert_eq!(full.fund(one, most), Err(HolderRefusal::OverHolderCap { most: 100, wanted: 101 }));
        assert_eq!(
            Member { funded: Amount::MAX, ..full }.fund(one, Amount::MAX),
            Err(HolderRefusal::Amount(AmountError::TooLarge))
        );
        assert!(full.bundled(7).unwrap().has_bundle, "the bundle is another matter");
    }
}
