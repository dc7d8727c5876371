//! What the command line says.

use std::path::PathBuf;

use clap::Args;
use tildel_allocation::apportionment::{Method, TieBreak};

use super::weights::{self, Weights};

/// How a total is split.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What is split, in whole units; below zero it is the mirror image.
    #[arg(long, allow_negative_numbers = true, value_name = "NUMBER")]
    pub(super) total: i64,
    /// The weights with commas between: 3,3,1 or 1029.2,7/12,50%; or a CSV file with the columns name and weight, or weight alone.
    #[arg(long, allow_hyphen_values = true, value_name = "LIST", required_unless_present = "weights_file")]
    weights: Option<String>,
    /// A CSV file with the columns name and weight, or weight alone.
    #[arg(long, value_name = "FILE", conflicts_with = "weights")]
    weights_file: Option<PathBuf>,
    /// largest-remainder, sainte-lague, modified-sainte-lague, dhondt, adams, huntington-hill or dean; or nearest.
    #[arg(long)]
    method: String,
    /// With the method nearest: the name that takes what is left.
    #[arg(long, value_name = "NAME")]
    remainder_on: Option<String>,
    /// Who goes first where the method leaves a tie, with commas between: key, larger-weight, smaller-weight or lot=SEED.
    #[arg(long, default_value = "key", value_name = "CHAIN")]
    ties: String,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// A method of apportionment, or each to the nearest.
pub(super) enum How {
    /// A method.
    Method(Method),
    /// Each to the nearest, and one takes what is left.
    Nearest {
        /// The name that does.
        remainder_on: String,
    },
}

impl Arguments {
    pub(super) fn how(&self) -> Result<How, String> {
        if self.method == "nearest" {
            let remainder_on = self.remainder_on.clone();
            let remainder_on = remainder_on
                .ok_or("the method nearest needs --remainder-on with the name that takes what is left")?;
            return Ok(How::Nearest { remainder_on });
        }
        if self.remainder_on.is_some() {
            return Err("--remainder-on goes with the method nearest only".to_owned());
        }
        self.method.parse().map(How::Method).map_err(|error| format!("{error}, or nearest"))
    }

    pub(super) fn weights(&self) -> Result<Weights, String> {
        let list = self.weights.as_deref().unwrap_or_default();
        let is_table =
            PathBuf::from(list).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        match &self.weights_file {
            Some(file) => weights::of_file(file),
            None if is_table => weights::of_file(list.as_ref()),
            None => weights::of_list(list),
        }
    }

    pub(super) fn ties(&self) -> Result<Vec<TieBreak>, String> {
        self.ties.split(',').map(|link| tie_break(link.trim())).collect()
    }
}

fn tie_break(link: &str) -> Result<TieBreak, String> {
    if let Some(digits) = link.strip_prefix("lot=") {
        let mut seed = [0; 32];
        hex::decode_to_slice(digits, &mut seed)
            .map_err(|_| format!("the seed of the lot is {digits:?}; give 64 hexadecimal digits"))?;
        return Ok(TieBreak::Lot { seed });
    }
    match link {
        "key" => Ok(TieBreak::Key),
        "larger-weight" => Ok(TieBreak::LargerWeight),
        "smaller-weight" => Ok(TieBreak::SmallerWeight),
        other => Err(format!("`{other}` breaks no tie; take key, larger-weight, smaller-weight or lot=SEED")),
    }
}
