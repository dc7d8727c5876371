//! Weights as people give them.

use std::path::Path;

use tildel_allocation::apportionment::{Ratio, parse_weight};

/// Weights with their names, in the order in which they were given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Weights {
    pub(super) names: Vec<String>,
    pub(super) written: Vec<String>,
    pub(super) ratios: Vec<Ratio>,
}

/// A list with commas between; the names are 1, 2, 3 and so on.
pub(super) fn of_list(list: &str) -> Result<Weights, String> {
    let written: Vec<String> = list.split(',').map(|weight| weight.trim().to_owned()).collect();
    let ratios = written.iter().map(|weight| parse_weight(weight).map_err(|error| error.to_string()));
    let ratios = ratios.collect::<Result<Vec<_>, _>>()?;
    let names = (1..=written.len()).map(|place| place.to_string()).collect();
    Ok(Weights { names, written, ratios })
}

/// A table.
pub(super) fn of_file(file: &Path) -> Result<Weights, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{} can not be read ({error})", file.display()))?;
    of_table(&text).map_err(|(line, message)| format!("{}, line {line}: {message}", file.display()))
}

/// What is wrong is told with its line.
fn of_table(text: &str) -> Result<Weights, (u64, String)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let of_csv = |error: csv::Error| (error.position().map_or(1, csv::Position::line), error.to_string());
    let header = reader.headers().map_err(of_csv)?.clone();
    let column = |name: &str| header.iter().position(|other| other == name);
    let unknown = header.iter().find(|name| !["name", "weight"].contains(name));
    if let Some(unknown) = unknown {
        return Err((1, format!("the column {unknown:?} is none of name and weight")));
    }
    let weight = column("weight").ok_or((1, "there is no column weight".to_owned()))?;
    let name = column("name");
    let mut weights = Weights { names: Vec::new(), written: Vec::new(), ratios: Vec::new() };
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(of_csv)?;
        let line = record.position().map_or(0, csv::Position::line);
        let written = record.get(weight).unwrap_or_default();
        weights.ratios.push(parse_weight(written).map_err(|error| (line, error.to_string()))?);
        weights.written.push(written.to_owned());
        let number = (place + 1).to_string();
        weights.names.push(name.map_or(number, |name| record.get(name).unwrap_or_default().to_owned()));
    }
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_tables_are_read() {
        let list = of_list("1029.2, 7/12,50%").unwrap();
        assert_eq!(list.names, ["1", "2", "3"]);
        assert_eq!(list.written, ["1029.2", "7/12", "50%"]);
        let table = of_table("name,weight\nSandnes,1029.2\n\"Hå, Jæren\",7/12\n").unwrap();
        assert_eq!(table.names, ["Sandnes", "Hå, Jæren"]);
        assert_eq!(table.ratios, list.ratios[..2]);
        assert_eq!(of_table("weight\n3\n1\n").unwrap().names, ["1", "2"]);
    }

    #[test]
    fn what_is_wrong_in_a_table_has_its_line() {
        assert_eq!(of_table("name,weight\na,1\nb,x\n").unwrap_err().0, 3);
        assert!(of_table("name\na\n").unwrap_err().1.contains("weight"));
        assert!(of_table("name,wieght\na,1\n").unwrap_err().1.contains("wieght"));
    }
}
