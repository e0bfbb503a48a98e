//! What every command needs that speaks to a node: which node, which suite, whose key, who is called what.

pub mod book;
pub mod config;
pub mod keys;
pub mod session;

pub use session::Session;

use amanah_client::node::Wait;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Which node, which suite, whose key. What is not given comes from the environment, then from the profile, then from what
/// is usual; of bundles, the profile counts first.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Network and keys")]
pub struct Network {
    /// The node's WebSocket address; several (separated by commas, or the option again) are tried in turn when one is lost.
    /// Usually ws://127.0.0.1:9944.
    #[arg(long, value_name = "URL", value_delimiter = ',', env = "AMANAH_URL")]
    pub url: Vec<String>,
    /// The profile of the configuration file (amanah.toml here, or in the folder `amanah` of the user's configuration).
    #[arg(long, value_name = "NAME", env = "AMANAH_PROFILE")]
    pub profile: Option<String>,
    /// The file that `amanah deploy` wrote. Usually deployments/development.json.
    #[arg(long, value_name = "FILE", env = "AMANAH_DEPLOYMENT")]
    pub deployment: Option<PathBuf>,
    /// The folder with the contracts' bundles, as scripts/build makes them.
    #[arg(long, value_name = "FOLDER")]
    pub bundles: Option<PathBuf>,
    /// The secret of the sender's account: a phrase or 0x and a seed, then //junctions, then ///password; `-` asks for it on
    /// the terminal. Others on this machine may see it on the command line: better is the environment variable
    /// AMANAH_SURI, a file, or a keystore.
    #[arg(long, value_name = "SURI", conflicts_with_all = ["suri_file", "keystore"], allow_hyphen_values = true)]
    pub suri: Option<String>,
    /// A file whose first line is the secret.
    #[arg(long, value_name = "FILE", conflicts_with = "keystore")]
    pub suri_file: Option<PathBuf>,
    /// An account exported by Polkadot.js (JSON). Its password comes from --password-file, AMANAH_PASSWORD or the terminal.
    #[arg(long, value_name = "FILE")]
    pub keystore: Option<PathBuf>,
    /// A file whose first line is the keystore's password.
    #[arg(long, value_name = "FILE", requires = "keystore")]
    pub password_file: Option<PathBuf>,
    /// Who asks, for a dry run without a key: an address or a name of the address book.
    #[arg(long, value_name = "ACCOUNT")]
    pub caller: Option<String>,
    /// How many decimals amounts have; without it what the deployment's file says. `deploy` writes it into a new file (0 without
    /// it), and refuses another number than a file that is there has.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(..=12))]
    pub decimals: Option<u8>,
    /// The address book.
    #[arg(long, value_name = "FILE")]
    pub book: Option<PathBuf>,
    /// How long lost nodes are looked for, and how long a transaction may take, in seconds, before the command gives up.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub patience: u64,
    /// When a transaction is done: in a block of the best chain, or in a final one.
    #[arg(long, value_enum)]
    pub wait: Option<Until>,
}

impl Network {
    /// The words of a command line that say the same. A secret is not among them: `--suri -` asks for it.
    pub fn words(&self) -> Vec<String> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let url = (!self.url.is_empty()).then(|| self.url.join(","));
        let wait = self.wait.and_then(|wait| wait.to_possible_value()).map(|wait| wait.get_name().to_owned());
        let given = [
            ("--url", url),
            ("--profile", self.profile.clone()),
            ("--deployment", path(&self.deployment)),
            ("--bundles", path(&self.bundles)),
            ("--suri", self.suri.as_ref().map(|_| "-".to_owned())),
            ("--suri-file", path(&self.suri_file)),
            ("--keystore", path(&self.keystore)),
            ("--password-file", path(&self.password_file)),
            ("--caller", self.caller.clone()),
            ("--decimals", self.decimals.map(|decimals| decimals.to_string())),
            ("--book", path(&self.book)),
            ("--wait", wait),
        ];
        given.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?])).flatten().collect()
    }
}

/// When a transaction is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// In a block, which may still be replaced.
    Best,
    /// In a final block.
    Finalized,
}

impl From<Until> for Wait {
    fn from(until: Until) -> Self {
        match until {
            Until::Best => Self::Best,
            Until::Finalized => Self::Finalized,
        }
    }
}
