//! Reads a plan's input as JSON and writes its bundle: `cargo run -p tildel-allocation --example bundle < input.json`.

use std::io::{Read, Write};

use tildel_allocation::{Bundle, PlanInput};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: PlanInput = serde_json::from_str(&text)?;
    std::io::stdout().write_all(Bundle::compute(input)?.to_json()?.as_bytes())?;
    Ok(())
}
