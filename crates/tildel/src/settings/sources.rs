//! Section `sources`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use tildel_domain::source::SourceName;
use tildel_usecases::sources::Bases;

use super::SettingsError;

/// Section `sources`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceSettings {
    pub(crate) enabled: bool,
    pub(crate) contact: String,
    pub(crate) archive: bool,
    pub(crate) allow_plain_http: bool,
    pub(crate) fetches_kept_days: NonZeroU32,
    pub(crate) enhetsregisteret_url: String,
    pub(crate) enhetsregisteret_every_seconds: u32,
    pub(crate) nsr_url: String,
    pub(crate) nsr_every_seconds: u32,
    pub(crate) nbr_url: String,
    pub(crate) nbr_every_seconds: u32,
    pub(crate) klass_url: String,
    pub(crate) klass_every_seconds: u32,
    pub(crate) kartverket_url: String,
    pub(crate) kartverket_every_seconds: u32,
}

/// Refuses what is no address, and addresses without TLS elsewhere than here.
macro_rules! address {
    ($settings:expr, $field:ident) => {{
        let wrong = SettingsError::WrongValue {
            key: concat!("sources.", stringify!($field)),
            expected: "an address with https, or with http on this machine (see sources.allow_plain_http), without a user's name and password",
        };
        let settings: &SourceSettings = $settings;
        match settings.$field.parse::<url::Url>() {
            Ok(url) if settings.may_ask(&url) => url,
            _ => return Err(wrong),
        }
    }};
}

impl SourceSettings {
    /// Where the registers are.
    pub(crate) fn bases(&self) -> Result<Bases, SettingsError> {
        Ok(Bases {
            enhetsregisteret: address!(self, enhetsregisteret_url),
            nsr: address!(self, nsr_url),
            nbr: address!(self, nbr_url),
            klass: address!(self, klass_url),
            kartverket: address!(self, kartverket_url),
        })
    }

    /// How often each source is read by the clock; none where that is not enabled.
    pub(crate) fn every_seconds(&self) -> BTreeMap<SourceName, u32> {
        let all = SourceName::ALL.map(|name| {
            let every = match name {
                SourceName::EnhetsregisteretUnits | SourceName::EnhetsregisteretSubUnits => {
                    self.enhetsregisteret_every_seconds
                }
                SourceName::Nsr => self.nsr_every_seconds,
                SourceName::Nbr => self.nbr_every_seconds,
                SourceName::KlassMunicipalities | SourceName::KlassCounties => self.klass_every_seconds,
                SourceName::Kartverket => self.kartverket_every_seconds,
            };
            (name, every)
        });
        all.into_iter().filter(|(_, every)| self.enabled && *every > 0).collect()
    }

    fn may_ask(&self, url: &url::Url) -> bool {
        // Addresses are told to all who may see how sources stand.
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let host = url.host_str().unwrap_or_default();
        let is_here = host == "localhost"
            || host.trim_matches(['[', ']']).parse().is_ok_and(|address: IpAddr| address.is_loopback());
        match url.scheme() {
            "https" => !host.is_empty(),
            "http" => is_here || (self.allow_plain_http && !host.is_empty()),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(nsr_url: &str) -> SourceSettings {
        let address = || "https://example.org/".to_owned();
        SourceSettings {
            enabled: false,
            contact: String::new(),
            archive: false,
            allow_plain_http: false,
            fetches_kept_days: NonZeroU32::MIN,
            enhetsregisteret_url: address(),
            enhetsregisteret_every_seconds: 0,
            nsr_url: nsr_url.to_owned(),
            nsr_every_seconds: 0,
            nbr_url: address(),
            nbr_every_seconds: 0,
            klass_url: address(),
            klass_every_seconds: 0,
            kartverket_url: address(),
            kartverket_every_seconds: 0,
        }
    }

    #[test]
    fn addresses_hold_no_password() {
        assert!(settings("https://example.org/nsr/").bases().is_ok());
        for wrong in [
            "https://kari:hemmelig@example.org/",
            "https://kari@example.org/",
            "https://:hemmelig@example.org/",
        ] {
            assert!(settings(wrong).bases().is_err(), "{wrong}");
        }
    }
}
