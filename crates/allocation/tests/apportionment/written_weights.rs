//! Weights as people write them.

use proptest::prelude::*;
use tildel_allocation::apportionment::{Ratio, WeightError, parse_weight, to_common_weights};

use crate::support::config;

#[test]
fn texts_are_read_exactly() {
    for (text, numerator, denominator) in [
        ("0", 0, 1),
        ("12", 12, 1),
        ("1029.2", 5_146, 5),
        ("0.50", 1, 2),
        ("7/12", 7, 12),
        ("14 / 24", 7, 12),
        ("0/5", 0, 1),
        ("58.33333%", 5_833_333, 10_000_000),
        ("50 %", 1, 2),
        ("50\u{a0}%", 1, 2),
        (" 007 ", 7, 1),
        ("1.000000000000000000000000000000000000000000000000", 1, 1),
        ("340282366920938463463374607431768211455", u128::MAX, 1),
    ] {
        let weight = parse_weight(text).unwrap();
        assert_eq!((weight.numerator(), weight.denominator()), (numerator, denominator), "{text:?}");
    }
    assert_eq!(parse_weight("14/24").unwrap().to_string(), "7/12");
    assert_eq!("3.0".parse::<Ratio>().unwrap().to_string(), "3");
    assert_eq!(Ratio::new(1, 0), None);
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    let own = |text: &str| text.to_owned();
    for text in ["-1", "-0", "\u{2212}5", "-7/12", "-12abc"] {
        assert_eq!(parse_weight(text), Err(WeightError::Negative { text: own(text) }), "{text}");
    }
    for text in [
        "", "-", "abc", "1,5", "1e3", "1 000", "+1", ".5", "1.", "1.5/2", "1/2/3", "/", "%", "50%%", "٣",
        "NaN",
    ] {
        assert_eq!(parse_weight(text), Err(WeightError::NotANumber { text: own(text) }), "{text}");
    }
    for text in ["1/0", "0/0", "7 / 000"] {
        assert_eq!(parse_weight(text), Err(WeightError::ZeroDenominator { text: own(text) }), "{text}");
    }
    let (long, fine) = ("9".repeat(40), format!("0.{}1", "0".repeat(40)));
    for text in [long.as_str(), &fine, &format!("1/{long}"), "340282366920938463463374607431768211456"] {
        assert_eq!(parse_weight(text), Err(WeightError::Overflow { text: own(text) }), "{text}");
    }
}

#[test]
fn weights_share_a_denominator() {
    let read = |texts: &[&str]| texts.iter().map(|text| parse_weight(text).unwrap()).collect::<Vec<_>>();
    assert_eq!(to_common_weights(&read(&["1/2", "1/3", "0.25", "2"])), Ok(vec![6, 4, 3, 24]));
    assert_eq!(to_common_weights(&read(&["7/12", "5/12"])), Ok(vec![7, 5]));
    assert_eq!(to_common_weights(&[]), Ok(vec![]));
    let far = format!("1/{}", u128::MAX);
    assert_eq!(to_common_weights(&read(&[&far, "1/2"])), Err(WeightError::CommonOverflow));
    assert_eq!(to_common_weights(&read(&[&far, "2"])), Err(WeightError::CommonOverflow));
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn no_text_stops_the_reader(text in ".*") {
        let _: Result<Ratio, WeightError> = parse_weight(&text);
    }

    #[test]
    fn texts_near_a_weight_do_not_stop_it(text in "-?[0-9]{0,42}[./ %]?[0-9]{0,42}[./ %]?") {
        let _: Result<Ratio, WeightError> = parse_weight(&text);
    }

    #[test]
    fn what_is_shown_is_read_back(numerator in any::<u128>(), denominator in 1..=u128::MAX) {
        let ratio = Ratio::new(numerator, denominator).unwrap();
        prop_assert_eq!(ratio.to_string().parse(), Ok(ratio));
    }

    #[test]
    fn common_weights_keep_the_ratios(pairs in proptest::collection::vec((0_u128..100, 1_u128..30), 1..6)) {
        let ratios: Vec<Ratio> = pairs.iter().map(|(above, below)| Ratio::new(*above, *below).unwrap()).collect();
        let weights = to_common_weights(&ratios).unwrap();
        for (one, first) in ratios.iter().zip(&weights) {
            for (other, second) in ratios.iter().zip(&weights) {
                prop_assert_eq!(
                    first * other.numerator() * one.denominator(),
                    second * one.numerator() * other.denominator()
                );
            }
        }
    }
}
