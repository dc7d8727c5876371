//! Campaigns on what is read from registers, against the stub: what kills leave behind, and what a national file costs.

mod load;
mod replay;
mod stub;

pub(crate) use load::{Options as LoadOptions, run as load};
pub(crate) use replay::{Options as ReplayOptions, run as replay};

/// Settings that point a source at the stub.
fn settings_for(enhetsregisteret: &str) -> Vec<(String, String)> {
    let setting = |key: &str, value: &str| (format!("TILDEL__SOURCES__{key}"), value.to_owned());
    vec![setting("ENHETSREGISTERET_URL", enhetsregisteret), setting("ARCHIVE", "false")]
}
