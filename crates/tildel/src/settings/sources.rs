//! Section `sources`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use tildel_domain::allocation::{Measure, UnitKind};
use tildel_domain::source::SourceName;
use tildel_usecases::sources::{Bases, ControlSettings};

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
    pub(crate) enhetsregisteret_file_every_seconds: u32,
    pub(crate) nsr_url: String,
    pub(crate) nsr_every_seconds: u32,
    pub(crate) nbr_url: String,
    pub(crate) nbr_every_seconds: u32,
    pub(crate) klass_url: String,
    pub(crate) klass_every_seconds: u32,
    pub(crate) kartverket_url: String,
    pub(crate) kartverket_every_seconds: u32,
    pub(crate) pxweb_url: String,
    pub(crate) pxweb_every_seconds: u32,
    pub(crate) control_totals: ControlTotalSettings,
}

/// Section `sources.control_totals`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlTotalSettings {
    pub(crate) kindergarten: TableSettings,
    pub(crate) primary_school: TableSettings,
    pub(crate) upper_secondary: TableSettings,
}

/// A table that sums of units are held against; none where its id is empty.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableSettings {
    pub(crate) table: String,
    pub(crate) region: String,
    pub(crate) contents: String,
    pub(crate) measure: Measure,
    pub(crate) tolerance_percent: u8,
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
            pxweb: address!(self, pxweb_url),
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
                // Without a table there is nothing to ask for.
                SourceName::Pxweb if self.control_totals.tables().next().is_none() => 0,
                SourceName::Pxweb => self.pxweb_every_seconds,
            };
            (name, every)
        });
        all.into_iter().filter(|(_, every)| self.enabled && *every > 0).collect()
    }

    /// Which tables sums of units are held against.
    pub(crate) fn controls(&self) -> Result<Vec<ControlSettings>, SettingsError> {
        let controls = self.control_totals.tables().map(|(unit_kind, settings)| {
            let TableSettings { table, region, contents, measure, tolerance_percent } = settings.clone();
            if region.is_empty() || contents.is_empty() || tolerance_percent > 100 || measure == Measure::Children {
                return Err(SettingsError::WrongValue {
                    key: "sources.control_totals",
                    expected: "region and contents where a table is named, employees or man_years, and at most 100 percent",
                });
            }
            Ok(ControlSettings { unit_kind, table, region, contents, measure, tolerance_percent })
        });
        controls.collect()
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

impl ControlTotalSettings {
    fn tables(&self) -> impl Iterator<Item = (UnitKind, &TableSettings)> {
        let all = [
            (UnitKind::Kindergarten, &self.kindergarten),
            (UnitKind::PrimarySchool, &self.primary_school),
            (UnitKind::UpperSecondary, &self.upper_secondary),
        ];
        all.into_iter().filter(|(_, settings)| !settings.table.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(id: &str) -> TableSettings {
        TableSettings {
            table: id.to_owned(),
            region: "Region".to_owned(),
            contents: "Ansatte".to_owned(),
            measure: Measure::Employees,
            tolerance_percent: 10,
        }
    }

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
            enhetsregisteret_file_every_seconds: 0,
            nsr_url: nsr_url.to_owned(),
            nsr_every_seconds: 0,
            nbr_url: address(),
            nbr_every_seconds: 0,
            klass_url: address(),
            klass_every_seconds: 0,
            kartverket_url: address(),
            kartverket_every_seconds: 0,
            pxweb_url: address(),
            pxweb_every_seconds: 0,
            control_totals: ControlTotalSettings {
                kindergarten: table(""),
                primary_school: table(""),
                upper_secondary: table(""),
            },
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

    #[test]
    fn a_table_is_asked_for_by_the_clock_where_one_is_named() {
        let mut settings = settings("https://example.org/nsr/");
        (settings.enabled, settings.pxweb_every_seconds) = (true, 60);
        assert!(settings.controls().unwrap().is_empty());
        assert!(settings.every_seconds().is_empty());
        settings.control_totals.kindergarten = table("12562");
        assert_eq!(settings.controls().unwrap().len(), 1);
        assert_eq!(settings.every_seconds(), BTreeMap::from([(SourceName::Pxweb, 60)]));
        settings.control_totals.kindergarten.contents = String::new();
        assert!(settings.controls().is_err());
    }
}
