//! The shipped cases, with values that were worked out by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Setting;
use crate::money::rows;

/// Computes a shipped case, verifies all its bundles, and hands over the folder.
fn allocated(name: &str, plans: &[&str]) -> Setting {
    let setting = Setting::new();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name).display().to_string();
    setting.run_well(&["allocate", &case, "--out", "out"]);
    for plan in plans {
        let bundle = Path::new("out").join(plan).join("bundle.json").display().to_string();
        setting.run_well(&["verify", &bundle]);
        let picture = fs::read_to_string(setting.folder().join("out").join(plan).join("plan.svg")).unwrap();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{name} {plan}");
    }
    setting
}

/// The amount of each reference and year.
fn amounts(setting: &Setting, plan: &str) -> BTreeMap<(String, String), String> {
    let lines = rows(&setting.folder().join("out").join(plan).join("lines.csv"));
    lines.into_iter().map(|row| ((row[0].clone(), row[2].clone()), row[3].clone())).collect()
}

/// Kroner of an amount that has whole ones.
fn kroner(amount: &str) -> i64 {
    amount.strip_suffix(".00").unwrap().parse().unwrap()
}

/// The sum of the amounts of a year.
fn sum(amounts: &BTreeMap<(String, String), String>, year: &str) -> i64 {
    amounts.iter().filter(|((_, of), _)| of == year).map(|(_, amount)| kroner(amount)).sum()
}

#[test]
fn dekomp_uses_up_its_frames_by_man_years() {
    let setting = allocated("dekomp-rogaland", &["."]);
    let amounts = amounts(&setting, ".");
    assert_eq!(amounts.len(), 26 * 3);
    let frames = [("2017", 9_000_000), ("2018", 18_000_000), ("2019", 19_500_000)];
    for (year, frame) in frames {
        assert_eq!(sum(&amounts, year), frame, "{year}");
    }
    // By hand. In 2017 six are so small that 100 000 and their part come to less than the floor of 150 000: Bjerkreim, Forsand, Hjelmeland,
    // Kvitsøy, Bokn and Utsira; the others have 9 000 000 − 6 × 150 000 − 20 × 100 000 = 6 100 000 for 5 605.0 man-years, which is
    // 1 088.314… each. In 2018 three are: 18 000 000 − 450 000 − 2 300 000 = 15 250 000 for 5 864.1, which is 2 600.569… each.
    // In 2019 the same three: 16 750 000 for 5 949.5, which is 2 815.362… each.
    let expected = [
        // 100 000 + 1 088.314… × 903.5 = 1 083 291.7.
        ("DEKOMP-1108", "2017", "1083292.00"),
        ("DEKOMP-1129", "2017", "150000.00"),
        // 100 000 + 2 600.569… × 956.6 = 2 587 704.8.
        ("DEKOMP-1108", "2018", "2587705.00"),
        // 100 000 + 2 600.569… × 21.4 = 155 652.2.
        ("DEKOMP-1129", "2018", "155652.00"),
        ("DEKOMP-1151", "2018", "150000.00"),
        // 100 000 + 2 815.362… × 1029.2 = 2 997 571.2.
        ("DEKOMP-1108", "2019", "2997571.00"),
        ("DEKOMP-1103", "2019", "4303336.00"),
        ("DEKOMP-1119", "2019", "832276.00"),
    ];
    for (reference, year, amount) in expected {
        assert_eq!(amounts[&(reference.to_owned(), year.to_owned())], amount, "{reference} {year}");
    }
}

#[test]
fn the_whole_country_in_three_schemes() {
    let plans = ["desentralisert-ordning", "kompetanseloftet", "regional-ordning"];
    let setting = allocated("national", &plans);
    for (plan, first_frame, step) in [
        ("desentralisert-ordning", 150_000_000, 10_000_000),
        ("kompetanseloftet", 30_000_000, 2_000_000),
        ("regional-ordning", 20_000_000, 1_000_000),
    ] {
        let amounts = amounts(&setting, plan);
        let lines: usize =
            if plan == "desentralisert-ordning" { 366 * 4 + 371 * 2 } else { 356 * 4 + 357 * 2 };
        assert_eq!(amounts.len(), lines, "{plan}");
        for (year, passed) in (2020..=2025).zip(0..) {
            assert_eq!(sum(&amounts, &year.to_string()), first_frame + step * passed, "{plan} {year}");
        }
    }
    // The smallest get the floor of the distribution to schools.
    let schools = amounts(&setting, "desentralisert-ordning");
    assert_eq!(schools[&("DE-1151".to_owned(), "2020".to_owned())], "100000.00");
    // Ålesund until it splits, and the two after it.
    let of = |number: &str, year: &str| schools.contains_key(&(format!("DE-{number}"), year.to_owned()));
    assert!(
        of("1507", "2023")
            && !of("1507", "2024")
            && !of("1580", "2023")
            && of("1580", "2024")
            && of("1508", "2025")
    );
}

#[test]
fn recipients_follow_a_reform() {
    let setting = allocated("reform", &["merger", "split"]);
    let recipients = |plan: &str| -> BTreeMap<(String, String, String), String> {
        let rows = rows(&setting.folder().join("out").join(plan).join("recipients.csv"));
        rows.into_iter()
            .map(|row| ((row[3].clone(), row[2].clone(), row[1].clone()), row[4].clone()))
            .collect()
    };
    let check = |plan: &str, expected: &[(&str, &str, &str, &str)]| {
        let found = recipients(plan);
        for (reference, year, name, amount) in expected {
            let key = ((*reference).to_owned(), (*year).to_owned(), (*name).to_owned());
            assert_eq!(found.get(&key).map(String::as_str), Some(*amount), "{key:?}");
        }
        found.len()
    };
    // A hundred thousand for each party and a thousand for each man-year.
    let merger = [
        // 100 000 + 1 000 × 21.4, and 21.3 of 2019 from then on.
        ("RF-1", "2018", "Forsand", "121400.00"),
        ("RF-1", "2019", "Forsand", "121300.00"),
        ("RF-1", "2020", "Sandnes", "121300.00"),
        ("RF-1", "2022", "Sandnes", "121300.00"),
        ("RF-2", "2018", "Sandnes", "1056600.00"),
        ("RF-2", "2018", "Forsand", "121400.00"),
        // 200 000 + 1 000 × (1029.2 + 21.3), all to Sandnes.
        ("RF-2", "2020", "Sandnes", "1250500.00"),
        ("RF-3", "2019", "Rennesøy", "171000.00"),
        ("RF-3", "2019", "Finnøy", "148300.00"),
        ("RF-3", "2019", "Stavanger", "1593000.00"),
        // 300 000 + 1 000 × (71.0 + 48.3 + 1493.0).
        ("RF-3", "2020", "Stavanger", "1912300.00"),
    ];
    // RF-1: one a year; RF-2: two until 2019; RF-3: three until 2019.
    assert_eq!(check("merger", &merger), 5 + 2 * 2 + 3 + 2 * 3 + 3);
    let split = [
        // 200 000 + 500 × 700; from 2024 43/50 and 7/50.
        ("MR-1", "2023", "Ålesund", "550000.00"),
        ("MR-1", "2024", "Ålesund", "473000.00"),
        ("MR-1", "2024", "Haram", "77000.00"),
        // 610 000 over 350 000 and 60 000.
        ("MR-2", "2023", "Ålesund", "520731.71"),
        ("MR-2", "2023", "Giske", "89268.29"),
        // 610 000 over 301 000, 49 000 and 60 000: 447 829.268, 72 902.439, 89 268.293.
        ("MR-2", "2024", "Ålesund", "447829.27"),
        ("MR-2", "2024", "Haram", "72902.44"),
        ("MR-2", "2024", "Giske", "89268.29"),
    ];
    check("split", &split);
    let flagged = rows(&setting.folder().join("out/split/lines.csv"));
    let flags: Vec<bool> = flagged.iter().map(|row| row[14].contains("predecessor_counts")).collect();
    assert_eq!(flags, [false, false, true, true, true, false, false, true, true, true]);
}
