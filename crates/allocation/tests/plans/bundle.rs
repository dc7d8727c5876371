//! Bundles: the round trip, the identity of a run, and that nothing can be changed in one.

use std::sync::LazyLock;

use serde_json::{Value, json};
use tildel_allocation::model::{Fit, PayTo};
use tildel_allocation::{Bundle, BundleError, FundingModel, PlanInput, canonical_json, hash_of};

use crate::fixture::{base_and_rate, ceased, decided, frame, input, org, running, waiting, with_partners};

type Spoil = fn(&mut Value);

fn sample() -> PlanInput {
    let model = FundingModel { fit: Fit::Exhaust, pay_to: PayTo::Parties, ..base_and_rate("100", "10") };
    let organisations = vec![
        org("c", "30"),
        ceased(org("b", "20"), "2021-01-01", &[("c", "1/3"), ("a", "2/3")]),
        org("a", "10"),
    ];
    let projects = vec![
        waiting("P3", 1, "c", 2021..=2022),
        with_partners(running("P2", "b", 2020..=2022), &["c"]),
        decided(running("P1", "a", 2020..=2022), 2020, "150"),
    ];
    let frames = vec![frame(2022, "700"), frame(2020, "900"), frame(2021, "1000")];
    input(2020..=2022, model, frames, organisations, projects)
}

fn file() -> String {
    static FILE: LazyLock<String> = LazyLock::new(|| Bundle::compute(sample()).unwrap().to_json().unwrap());
    FILE.clone()
}

/// The bundle with one change, its hashes made to fit again.
fn rehashed(change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(&file()).unwrap();
    change(&mut value);
    value["inputHash"] = hash_of(&value["input"]).unwrap().into();
    value["resultHash"] = hash_of(&value["result"]).unwrap().into();
    canonical_json(&value).unwrap()
}

fn refused(text: &str) -> BundleError {
    Bundle::verify(text.as_bytes()).unwrap_err()
}

#[test]
fn a_bundle_is_verified_and_written_again() {
    let text = file();
    let bundle = Bundle::verify(text.as_bytes()).unwrap();
    assert_eq!(bundle.to_json().unwrap(), text);
    assert_eq!(bundle, Bundle::compute(sample()).unwrap());
    assert!(text.starts_with("{\"format\":\"tildel-bundle/1\",\"input\":{"));
    assert!(!text.ends_with('\n'));
    // Making hashes fit again changes nothing in itself: the negative control of the tests below.
    assert_eq!(rehashed(|_| ()), text);
}

#[test]
fn the_hashes_are_sha_256_of_the_canonical_form() {
    // echo -n '{"a":[1,"é"],"b":null}' | sha256sum
    let value = json!({"b": null, "a": [1, "é"]});
    assert_eq!(hash_of(&value).unwrap(), "1e02bc81a26af2f027329541e97eef36f3290bedc6dfe043dbe66b057ecb13ba");
    let bundle = Bundle::compute(sample()).unwrap();
    assert_eq!((bundle.input_hash.len(), bundle.result_hash.len()), (64, 64));
    assert_eq!(bundle.input_hash, hash_of(&bundle.input).unwrap());
}

#[test]
fn the_same_input_in_another_order_is_the_same_run() {
    let mut other = sample();
    other.organisations.reverse();
    other.organisations[1].successors.reverse();
    other.projects.rotate_left(1);
    other.frames.reverse();
    let (first, second) = (Bundle::compute(sample()).unwrap(), Bundle::compute(other).unwrap());
    assert_eq!(first.input_hash, second.input_hash);
    assert_eq!(first.to_json().unwrap(), second.to_json().unwrap());
    // Another input is another run.
    let mut changed = sample();
    changed.projects[0].title = "Another".to_owned();
    assert_ne!(Bundle::compute(changed).unwrap().input_hash, first.input_hash);
}

#[test]
fn every_byte_counts() {
    let text = file();
    // Each byte in turn, and every kind of neighbour in a few places, so that the test stays short.
    for place in (0..text.len()).step_by(7) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        assert!(Bundle::verify(&bytes).is_err(), "byte {place}");
    }
    for place in (0..text.len()).step_by(101) {
        let mut bytes = text.clone().into_bytes();
        bytes.remove(place);
        assert!(Bundle::verify(&bytes).is_err(), "without byte {place}");
        let mut bytes = text.clone().into_bytes();
        bytes.insert(place, b' ');
        assert!(Bundle::verify(&bytes).is_err(), "a space at {place}");
    }
}

#[test]
fn other_bytes_for_the_same_content_are_refused() {
    let text = file();
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    assert!(matches!(refused(&pretty), BundleError::NotCanonical(1)));
    assert!(matches!(refused(&format!("{text}\n")), BundleError::NotCanonical(_)));
    assert!(matches!(refused(&text.replace("rogaland", "rogal\\u0061nd")), BundleError::NotCanonical(_)));
    assert!(matches!(refused("{"), BundleError::NotJson(_)));
    assert!(matches!(refused("[]"), BundleError::Format(_)));
    assert!(matches!(refused("{\"a\":0.5}"), BundleError::Canonical(_)));
    // A key that stands twice.
    let twice = text.replacen("\"office\":", "\"office\":\"x\",\"office\":", 1);
    assert!(matches!(refused(&twice), BundleError::NotCanonical(_)));
}

#[test]
fn other_formats_and_fields_are_refused() {
    assert!(matches!(
        refused(&rehashed(|value| value["format"] = "tildel-bundle/2".into())),
        BundleError::Format(_)
    ));
    assert!(matches!(refused(&rehashed(|value| value["more"] = 1.into())), BundleError::Format(_)));
    for name in ["format", "input", "result", "inputHash", "resultHash"] {
        let mut value: Value = serde_json::from_str(&file()).unwrap();
        value.as_object_mut().unwrap().remove(name);
        assert!(matches!(refused(&canonical_json(&value).unwrap()), BundleError::Format(_)), "{name}");
    }
}

#[test]
fn hashes_that_do_not_fit_are_refused() {
    for name in ["inputHash", "resultHash"] {
        let mut value: Value = serde_json::from_str(&file()).unwrap();
        value[name] = "0".repeat(64).into();
        let BundleError::Hash { field, .. } = refused(&canonical_json(&value).unwrap()) else {
            panic!("{name}")
        };
        assert_eq!(field, name);
        value[name] = 7.into();
        assert!(matches!(refused(&canonical_json(&value).unwrap()), BundleError::Format(_)));
    }
}

#[test]
fn inputs_in_another_form_are_refused_even_with_fitting_hashes() {
    let unreadable: [(&str, Spoil); 4] = [
        ("an unknown field", |value| value["input"]["more"] = 1.into()),
        ("an unknown field of a component", |value| {
            value["input"]["models"][0]["components"][0]["more"] = 1.into();
        }),
        ("a number for money", |value| value["input"]["frames"][0]["amount"] = 700.into()),
        ("a missing field", |value| {
            value["input"].as_object_mut().unwrap().remove("models");
        }),
    ];
    for (what, spoil) in unreadable {
        assert!(matches!(refused(&rehashed(spoil)), BundleError::Input(_)), "{what}");
    }
    let unusual: [(&str, Spoil); 8] = [
        ("null", |value| value["input"]["carriedIn"] = Value::Null),
        ("an empty list", |value| value["input"]["history"] = json!([])),
        ("false", |value| value["input"]["models"][0]["splitYear"] = false.into()),
        ("money without decimals", |value| value["input"]["frames"][0]["amount"] = "900".into()),
        ("a share as a decimal", |value| value["input"]["models"][0]["carryOver"] = "0.0".into()),
        ("a share that is not in lowest terms", |value| {
            value["input"]["models"][0]["ownContribution"] = "0/2".into();
        }),
        ("a count with a trailing zero", |value| {
            value["input"]["models"][0]["withheldAssumed"] = "3.0".into();
        }),
        ("an extra key in a headcount", |value| {
            value["input"]["organisations"][0]["headcounts"][0]["value"]["more"] = 1.into();
        }),
    ];
    for (what, spoil) in unusual {
        let error = refused(&rehashed(spoil));
        assert!(matches!(error, BundleError::InputForm | BundleError::Input(_)), "{what}: {error}");
    }
}

/// Every leaf of a value, as a pointer.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| leaves(field, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| leaves(item, &format!("{at}/{place}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn every_value_of_a_result_counts_even_with_fitting_hashes() {
    let value: Value = serde_json::from_str(&file()).unwrap();
    let mut found = Vec::new();
    leaves(&value["result"], "/result", &mut found);
    assert!(found.len() > 300, "only {} leaves", found.len());
    for pointer in found {
        let spoilt = rehashed(|value| {
            let leaf = value.pointer_mut(&pointer).unwrap();
            *leaf = match leaf {
                Value::String(text) => format!("{text}1").into(),
                Value::Number(number) => (number.as_i64().unwrap() + 1).into(),
                Value::Bool(flag) => (!*flag).into(),
                _ => 1.into(),
            };
        });
        let BundleError::Result { pointer: told, .. } = refused(&spoilt) else { panic!("{pointer}") };
        assert_eq!(told, pointer);
    }
}

#[test]
fn a_result_of_another_input_is_refused() {
    // Another amount in the input, with its own hash, but the old result.
    let text = rehashed(|value| value["input"]["frames"][0]["amount"] = "901.00".into());
    assert!(matches!(refused(&text), BundleError::Result { .. }));
    let text = rehashed(|value| {
        value["result"]["lines"].as_array_mut().unwrap().pop();
    });
    assert!(matches!(refused(&text), BundleError::Result { .. }));
    let text = rehashed(|value| value["result"]["lines"][0]["more"] = 1.into());
    assert!(matches!(refused(&text), BundleError::Result { .. }));
    // An input that can not be computed.
    let text = rehashed(|value| value["input"]["lastYear"] = 2019.into());
    assert!(matches!(refused(&text), BundleError::Plan(_)));
}
