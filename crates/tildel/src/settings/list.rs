//! Lists of numbers: arrays in files, `5,30,120` in the environment, which has only texts.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum ListOrText {
    List(Vec<u32>),
    Text(String),
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    let expected = "whole numbers from 0 on, such as 5,30,120";
    let given = ListOrText::deserialize(deserializer)
        .map_err(|_| D::Error::custom(format!("expected {expected}")))?;
    match given {
        ListOrText::List(list) => Ok(list),
        ListOrText::Text(text) => text
            .split(',')
            .map(|part| {
                part.trim()
                    .parse()
                    .map_err(|_| D::Error::custom(format!("{part:?} found, expected {expected}")))
            })
            .collect(),
    }
}
