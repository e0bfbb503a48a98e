//! What the service remembers of a redemption, and the steps it can take. Pure: no clock, no store, no random source.

use crate::{code::Code, error::Error, request::Request, sms::SmsMessage};
use amanah_domain::{
    ids::RedemptionId,
    redemption::Attestation,
    time::{after, is_before, Millis, MINUTE},
};
use scale::{Decode, Encode};

/// How many tries a redemption has.
pub const TRIES: u8 = 3;
/// How many messages a redemption may cost at most, those included of which it is unknown whether they went out.
pub const MOST_MESSAGES: u8 = 3;
/// How long a code is valid (milliseconds), if the redemption does not end before.
pub const CODE_LIFETIME: Millis = 10 * MINUTE;

/// How an opened redemption stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The redemption.
    pub redemption: RedemptionId,
    /// Until when the code is valid (milliseconds).
    pub ends: Millis,
    /// How many wrong codes may still be entered, the last of which kills the redemption.
    pub tries_left: u8,
    /// How many more messages may be sent.
    pub messages_left: u8,
    /// Whether the right code has been entered.
    pub confirmed: bool,
}

/// A redemption at this service.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Record {
    pub request: Request,
    pub code: Code,
    /// Until when the code is valid.
    ends: Millis,
    /// Tries that were wrong, and the one under way.
    tries: u8,
    /// Messages that went out or may have gone out.
    messages: u8,
    /// Whether a transport said of one of them that it went out.
    delivered: bool,
    /// Once the right code was entered.
    attestation: Option<Attestation>,
}

impl Record {
    pub fn new(request: Request, code: Code, now: Millis) -> Self {
        let ends = after(now, CODE_LIFETIME).min(request.expires);
        Self { request, code, ends, tries: 0, messages: 0, delivered: false, attestation: None }
    }

    /// The same redemption is asked for once more. As long as nobody was told anything, it counts whom and in which words to ask
    /// now; everything else must be as it was.
    pub fn asked_again(self, request: &Request) -> Result<Self, Error> {
        let Request { shop_name, amount_text, phone, .. } = request.clone();
        let request_now = match self.messages {
            0 => Request { shop_name, amount_text, phone, ..self.request.clone() },
            _ => self.request.clone(),
        };
        if request_now != *request {
            return Err(Error::DifferentRequest { redemption: self.request.redemption });
        }
        Ok(Self { request: request_now, ..self })
    }

    /// A message is about to be sent.
    pub fn message_counted(self) -> Result<Self, Error> {
        if self.messages >= MOST_MESSAGES {
            return Err(Error::MessagesUsedUp { redemption: self.request.redemption, messages: MOST_MESSAGES });
        }
        Ok(Self { messages: self.messages.saturating_add(1), ..self })
    }

    /// The message surely did not go out.
    pub fn message_returned(self) -> Self {
        Self { messages: self.messages.saturating_sub(1), ..self }
    }

    /// The message went out.
    pub fn message_delivered(self) -> Self {
        Self { delivered: true, ..self }
    }

    /// A code is about to be compared.
    pub fn try_counted(self, now: Millis) -> Result<Self, Error> {
        self.must_be_alive(now)?;
        if self.messages == 0 {
            return Err(Error::NoCodeSent { redemption: self.request.redemption });
        }
        Ok(Self { tries: self.tries.saturating_add(1), ..self })
    }

    /// The code was right, so the try does not count.
    pub fn confirmed(self, attestation: Attestation) -> Self {
        Self { tries: self.tries.saturating_sub(1), attestation: Some(attestation), ..self }
    }

    /// Is its time not over, and is a try left?
    pub fn must_be_alive(&self, now: Millis) -> Result<(), Error> {
        let redemption = self.request.redemption;
        if !is_before(now, self.ends) {
            return Err(Error::TimeOver { redemption, ended: self.ends });
        }
        if self.tries >= TRIES {
            return Err(Error::TriesUsedUp { redemption, tries: TRIES });
        }
        Ok(())
    }

    /// Does the holder still need to be told the code?
    pub fn needs_message(&self) -> bool {
        !self.delivered && self.attestation.is_none()
    }

    pub fn attestation(&self) -> Option<&Attestation> {
        self.attestation.as_ref()
    }

    pub fn wrong_code(&self) -> Error {
        Error::WrongCode { redemption: self.request.redemption, tries_left: self.tries_left() }
    }

    pub fn message(&self) -> SmsMessage {
        let Request { phone, shop_name, amount_text, .. } = &self.request;
        SmsMessage::new(phone.clone(), shop_name.clone(), amount_text.clone(), self.code.clone())
    }

    pub fn ticket(&self) -> Ticket {
        Ticket {
            redemption: self.request.redemption,
            ends: self.ends,
            tries_left: self.tries_left(),
            messages_left: MOST_MESSAGES.saturating_sub(self.messages),
            confirmed: self.attestation.is_some(),
        }
    }

    fn tries_left(&self) -> u8 {
        TRIES.saturating_sub(self.tries)
    }
}
