//! Keys, aliases and names.

use tildel_allocation::Language;
use tildel_allocation::apportionment::Method;

const KEYS: [&str; 7] = [
    "largest-remainder",
    "sainte-lague",
    "modified-sainte-lague",
    "dhondt",
    "adams",
    "huntington-hill",
    "dean",
];

#[test]
fn keys_are_the_same_everywhere() {
    for (method, key) in Method::ALL.into_iter().zip(KEYS) {
        assert_eq!(method.key(), key);
        assert_eq!(method.to_string(), key);
        assert_eq!(key.parse(), Ok(method));
        assert_eq!(serde_json::to_string(&method).unwrap(), format!("\"{key}\""));
        assert_eq!(serde_json::from_str::<Method>(&format!("\"{key}\"")).unwrap(), method);
    }
}

#[test]
fn other_names_are_understood() {
    for (text, method) in [
        ("hamilton", Method::LargestRemainder),
        ("Hare", Method::LargestRemainder),
        ("LARGEST_REMAINDER", Method::LargestRemainder),
        ("saintelague", Method::SainteLague),
        ("sainte_lague", Method::SainteLague),
        ("Webster", Method::SainteLague),
        ("modified_saintelague", Method::ModifiedSainteLague),
        ("Modified-Sainte-Lague", Method::ModifiedSainteLague),
        ("jefferson", Method::DHondt),
        ("D-Hondt", Method::DHondt),
        ("d_hondt", Method::DHondt),
        ("huntington", Method::HuntingtonHill),
    ] {
        assert_eq!(text.parse(), Ok(method), "{text}");
    }
}

#[test]
fn an_unknown_name_is_told_all_that_are_known() {
    for text in ["", "borda", "dhondt ", "sainte–lague"] {
        let told = text.parse::<Method>().unwrap_err().to_string();
        for name in
            KEYS.into_iter().chain(["hamilton", "hare", "webster", "jefferson", "d-hondt", "huntington"])
        {
            assert!(told.contains(name), "{told} leaves out {name}");
        }
        assert!(told.starts_with(&format!("`{text}` is not a method")), "{told}");
    }
}

#[test]
fn people_read_names_in_their_language() {
    assert_eq!(Method::LargestRemainder.name(Language::Nb), "største rest");
    assert_eq!(Method::LargestRemainder.name(Language::En), "largest remainder");
    assert_eq!(
        Method::ModifiedSainteLague.name(Language::Nn),
        "modifisert Sainte-Laguës metode (første delingstal 1,4)"
    );
    for language in Language::ALL {
        let mut names = Method::ALL.map(|method| method.name(language));
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
