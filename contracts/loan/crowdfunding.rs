//! What is stored of campaigns and of what people invested in them.

use amanah_domain::ids::{CampaignId, ParticipantId};
use amanah_interfaces::{
    loan::{Campaign, Error, Share},
    MOST_PER_PAGE,
};
use ink::{
    prelude::vec::Vec,
    storage::{traits::ManualKey, Mapping},
};

/// Campaigns, and who has what share in them.
#[ink::storage_item]
#[derive(Debug, Default)]
pub struct Crowdfunding {
    /// The latest campaign's number.
    count: CampaignId,
    /// Campaigns by number.
    campaigns: Mapping<CampaignId, Campaign, ManualKey<0x4c4f_0201>>,
    /// What somebody has invested in a campaign, until it has all back that it will ever get.
    shares: Mapping<(CampaignId, ParticipantId), Share, ManualKey<0x4c4f_0202>>,
    /// The newest campaign of a grade; the others follow by `older`.
    newest: Mapping<u8, CampaignId, ManualKey<0x4c4f_0203>>,
}

impl Crowdfunding {
    /// Stores a new campaign, as its grade's newest.
    pub fn add(&mut self, campaign: Campaign) -> Result<(CampaignId, Campaign), Error> {
        let number = self.count.checked_add(1).ok_or(Error::Corrupted)?;
        self.count = number;
        let older = self.newest.get(campaign.grade).unwrap_or(0);
        let campaign = Campaign { older, ..campaign };
        self.newest.insert(campaign.grade, &number);
        self.campaigns.insert(number, &campaign);
        Ok((number, campaign))
    }

    pub fn load(&self, campaign: CampaignId) -> Result<Campaign, Error> {
        self.campaigns.get(campaign).ok_or(Error::UnknownCampaign { campaign })
    }

    pub fn store(&mut self, number: CampaignId, campaign: &Campaign) {
        self.campaigns.insert(number, campaign);
    }

    /// A page of a grade's campaigns.
    pub fn of_grade(&self, grade: u8, start: Option<CampaignId>, limit: u32) -> Vec<(CampaignId, Campaign)> {
        let mut page = Vec::new();
        let mut next = start.or_else(|| self.newest.get(grade)).unwrap_or(0);
        for _ in 0..limit.min(MOST_PER_PAGE) {
            let Some(campaign) = self.campaigns.get(next).filter(|campaign| campaign.grade == grade) else { break };
            let older = campaign.older;
            page.push((next, campaign));
            next = older;
        }
        page
    }

    pub fn share(&self, campaign: CampaignId, investor: ParticipantId) -> Share {
        self.shares.get((campaign, investor)).unwrap_or_default()
    }

    /// Stores a share; of nothing, no item is kept.
    pub fn set_share(&mut self, campaign: CampaignId, investor: ParticipantId, share: Option<Share>) {
        match share {
            Some(share) => drop(self.shares.insert((campaign, investor), &share)),
            None => self.shares.remove((campaign, investor)),
        }
    }
}
