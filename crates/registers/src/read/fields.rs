//! Fields as registers write them: blank where there is none, dates with and without a time.

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A text, or none where it is null or blank.
pub(crate) fn blank<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// A date, or none where it is null or blank.
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    blank(deserializer)?.map(|text| text.trim().parse().map_err(D::Error::custom)).transpose()
}

/// The date of an instant such as `1969-02-01T00:00:00+01:00`, as it is written: it means a day, not a moment.
pub(crate) fn date_of_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = blank(deserializer)? else { return Ok(None) };
    let day = text.trim().split('T').next().unwrap_or_default();
    day.parse().map(Some).map_err(D::Error::custom)
}

/// A number that some services write as text and others as a number, as text.
pub(crate) fn number_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u64),
    }
    let written = Option::<Written>::deserialize(deserializer)?;
    let text = written.map(|written| match written {
        Written::Text(text) => text,
        Written::Number(number) => number.to_string(),
    });
    Ok(text.filter(|text| !text.trim().is_empty()))
}
