//! Explanations in three languages: every kind of step told in full once, with amounts worked out by hand.

use tildel_allocation::model::{Band, BasePer, Component, Divide, Fit, LumpPer, Rate, Rounding, Settlement};
use tildel_allocation::{FundingModel, Headcount, Language, Nok, OrganisationInput, PlanInput};

use crate::fixture::{
    MAN_YEARS_FILTER, base, base_and_rate, base_per, decided, frame, input, known, line, lump, model, nok,
    of_project, org, per_head, planned, record, running, set_aside, tagged, with_partners,
};

/// P of Klepp (20) and Sandnes (10.5): 2 × 100 + 10 × 30.5 + 50 + 30.5 = 585.5. Q of Time, without people: 100 + 50 = 150. Both share
/// a tenth of the frame. 2020 was decided for P.
fn example() -> PlanInput {
    let components = vec![
        base_per("base", BasePer::Partner, "100"),
        per_head("heads", "10"),
        lump("size", LumpPer::Project, &[("0", "50", "1")]),
        set_aside("coordination", "1/10", Divide::Equal),
    ];
    let model = FundingModel { fit: Fit::ScaleRate, settlement: Settlement::Next, ..model(components) };
    let named =
        |number: &str, name: &str, count| OrganisationInput { name: name.to_owned(), ..org(number, count) };
    let organisations =
        vec![named("1", "Klepp", "20"), named("2", "Sandnes", "10.5"), named("3", "Time", "0")];
    let projects = vec![
        tagged(
            decided(with_partners(running("P", "2", 2020..=2021), &["1"]), 2020, "600"),
            &["coordination"],
        ),
        tagged(running("Q", "3", 2020..=2021), &["coordination"]),
    ];
    input(2020..=2021, model, vec![frame(2020, "2000"), frame(2021, "800")], organisations, projects)
}

fn told(input: &PlanInput, reference: &str, year: i16, language: Language) -> String {
    let plan = planned(input);
    line(&plan, reference, year).trace.sentences(language, year).join("\n").replace('\u{a0}', " ")
}

// 2021: of 800 the settlement takes 86 and the pot 80; 634 are left for 280.5 + 305 s + 150: s = 203.5 ÷ 305 = 407/610.
// P has 484, 40 of the pot and 86 from 2020: 610.

#[test]
fn an_amount_in_bokmal() {
    assert_eq!(
        told(&example(), "P", 2021, Language::Nb),
        "Beløpet for 2021 følger tildelingsmodellen practice, versjon 1 (hjemmel: practice § 1).\n\
         Grunnbeløpet er 2 × kr 100, som er kr 200.\n\
         Klepp (årsverk i grunnskole): 20 (01.10.2019, Skoleporten).\n\
         Sandnes (årsverk i grunnskole): 10,5 (01.10.2019, Skoleporten).\n\
         Satsen er kr 10, og kr 10 × 30,5 er kr 305.\n\
         Klepp (årsverk i grunnskole): 20 (01.10.2019, Skoleporten).\n\
         Sandnes (årsverk i grunnskole): 10,5 (01.10.2019, Skoleporten).\n\
         Beløpet etter størrelse (30,5) er kr 80,5.\n\
         For å passe til kr 634 er delen per ansatt ganget med 407/610: kr 484, avrundet etter største rest (hele krone): kr 484.\n\
         Av kr 80 som er satt av og delt på 2 prosjekter, kommer kr 40.\n\
         Av kr 86 som står igjen fra vedtatte år, gjøres kr 86 opp nå.\n\
         Beløpet for 2021 er kr 610."
    );
}

#[test]
fn an_amount_in_nynorsk() {
    assert_eq!(
        told(&example(), "P", 2021, Language::Nn),
        "Beløpet for 2021 følgjer tildelingsmodellen practice, versjon 1 (heimel: practice § 1).\n\
         Grunnbeløpet er 2 × kr 100, som er kr 200.\n\
         Klepp (årsverk i grunnskule): 20 (01.10.2019, Skoleporten).\n\
         Sandnes (årsverk i grunnskule): 10,5 (01.10.2019, Skoleporten).\n\
         Satsen er kr 10, og kr 10 × 30,5 er kr 305.\n\
         Klepp (årsverk i grunnskule): 20 (01.10.2019, Skoleporten).\n\
         Sandnes (årsverk i grunnskule): 10,5 (01.10.2019, Skoleporten).\n\
         Beløpet etter storleik (30,5) er kr 80,5.\n\
         For å passe til kr 634 er delen per tilsett gonga med 407/610: kr 484, avrunda etter største rest (heile krone): kr 484.\n\
         Av kr 80 som er sett av og delt på 2 prosjekt, kjem kr 40.\n\
         Av kr 86 som står att frå vedtekne år, blir kr 86 gjort opp no.\n\
         Beløpet for 2021 er kr 610."
    );
}

#[test]
fn an_amount_in_english() {
    assert_eq!(
        told(&example(), "P", 2021, Language::En),
        "The amount for 2021 follows the funding model practice, version 1 (legal basis: practice § 1).\n\
         The base amount is 2 × NOK 100, which is NOK 200.\n\
         Klepp (man-years in primary school): 20 (1 October 2019, Skoleporten).\n\
         Sandnes (man-years in primary school): 10.5 (1 October 2019, Skoleporten).\n\
         The rate is NOK 10, and NOK 10 × 30.5 is NOK 305.\n\
         Klepp (man-years in primary school): 20 (1 October 2019, Skoleporten).\n\
         Sandnes (man-years in primary school): 10.5 (1 October 2019, Skoleporten).\n\
         The amount by size (30.5) is NOK 80.5.\n\
         To fit NOK 634, the part per head is multiplied with 407/610: NOK 484, rounded by largest remainder (whole krone): NOK 484.\n\
         Of NOK 80 set aside and shared by 2 projects, NOK 40 is added.\n\
         Of NOK 86 outstanding from decided years, NOK 86 is settled now.\n\
         The amount for 2021 is NOK 610."
    );
}

#[test]
fn a_decided_amount_and_what_it_would_be_today() {
    // Today: 585.5 is 586, and half of the 200 set aside: 686, which is 86 more than 600.
    let nb = told(&example(), "P", 2020, Language::Nb);
    let (head, rest) = nb.split_at(nb.find("Grunnbeløpet").unwrap());
    assert_eq!(
        head,
        "Beløpet for 2020 følger tildelingsmodellen practice, versjon 1 (hjemmel: practice § 1).\n\
         Beløpet for 2020 er vedtatt: kr 600. Det står fast.\n\
         Regnet ut på nytt med dagens opplysninger:\n"
    );
    assert!(rest.ends_with(
        "Til sammen kr 585,5, avrundet til nærmeste hele krone: kr 586.\n\
         Av kr 200 som er satt av og delt på 2 prosjekter, kommer kr 100.\n\
         I dag ville beløpet vært kr 686, en forskjell på kr 86."
    ));
    let nn = told(&example(), "P", 2020, Language::Nn);
    assert!(nn.contains(
        "Beløpet for 2020 er vedteke: kr 600. Det står fast.\nRekna ut på nytt med opplysningane i dag:\n"
    ));
    assert!(nn.ends_with("I dag ville beløpet vore kr 686, ein skilnad på kr 86."));
    let en = told(&example(), "P", 2020, Language::En);
    assert!(en.contains(
        "The amount for 2020 is decided: NOK 600. It stands.\nComputed again with what is known today:\n"
    ));
    assert!(en.ends_with("Today the amount would be NOK 686, a difference of NOK 86."));
}

#[test]
fn pieces_of_a_year() {
    let mut input = example();
    let rates = vec![
        Rate { from: None, rate: nok("100") },
        Rate { from: Some("2020-07-01".parse().unwrap()), rate: nok("200") },
    ];
    let count = vec![MAN_YEARS_FILTER];
    let per_head = Component::PerHead { id: "heads".to_owned(), legal_basis: None, rates, count };
    input.models[0] = FundingModel { split_year: true, ..model(vec![per_head]) };
    input.organisations[2] = OrganisationInput {
        headcounts: vec![record("2019-10-01", known("366"))],
        ..input.organisations[2].clone()
    };
    // 366 × 100 × 182 ÷ 366 = 18 200, and 36 800: 55 000.
    assert_eq!(
        told(&input, "Q", 2020, Language::Nb),
        "Beløpet for 2020 følger tildelingsmodellen practice, versjon 1 (hjemmel: practice § 1).\n\
         Time (årsverk i grunnskole): 366 (01.10.2019, Skoleporten).\n\
         Fra 01.01.2020 i 182 dager er satsen kr 100, som gir kr 18 200.\n\
         Time (årsverk i grunnskole): 366 (01.10.2019, Skoleporten).\n\
         Fra 01.07.2020 i 184 dager er satsen kr 200, som gir kr 36 800.\n\
         Til sammen kr 55 000 for de delene av året.\n\
         Til sammen kr 55 000, avrundet til nærmeste hele krone: kr 55 000."
    );
    assert!(
        told(&input, "Q", 2020, Language::Nn)
            .contains("Frå 01.07.2020 i 184 dagar er satsen kr 200, som gir kr 36 800.")
    );
    assert!(
        told(&input, "Q", 2020, Language::En)
            .contains("From 1 July 2020 for 184 days the rate is NOK 200, which gives NOK 36,800.")
    );
}

#[test]
fn limits_are_told_where_they_count() {
    let of = |floor: Option<&str>, cap: Option<&str>, language| {
        let mut input = example();
        input.models[0] = FundingModel {
            floors: floor.and_then(of_project),
            caps: cap.and_then(of_project),
            ..model(vec![base("base", "100")])
        };
        told(&input, "Q", 2020, language)
    };
    assert!(of(Some("120"), None, Language::Nb).contains("Det laveste beløpet, kr 120, gjelder."));
    assert!(of(Some("120"), None, Language::Nn).contains("Det lågaste beløpet, kr 120, gjeld."));
    assert!(of(None, Some("80"), Language::Nb).contains("Det høyeste beløpet, kr 80, gjelder."));
    assert!(of(None, Some("80"), Language::En).contains("The highest amount, NOK 80, holds."));
    let between = of(Some("80"), Some("120"), Language::Nb);
    assert!(!between.contains("laveste") && !between.contains("høyeste"));
}

#[test]
fn other_ways_to_fit() {
    let mut input = example();
    input.models[0] = FundingModel { fit: Fit::ByPriority, ..base_and_rate("100", "10") };
    input.projects[0].years.clear();
    assert!(
        told(&input, "Q", 2020, Language::Nb)
            .ends_with("Etter prioritering innenfor kr 2 000 får prosjektet kr 100.")
    );
    assert!(
        told(&input, "Q", 2020, Language::En)
            .ends_with("By priority within NOK 2,000 the project gets NOK 100.")
    );
    // P 405 and Q 100 of 101: s = 1/5: 81 and 20.
    input.frames[0] = frame(2020, "101");
    input.models[0].fit = Fit::ScaleAll;
    input.models[0].rounding = Rounding::SainteLague;
    assert!(told(&input, "Q", 2020, Language::Nb).ends_with(
        "For å passe til kr 101 er alt ganget med 1/5: kr 20, avrundet etter Sainte-Laguës metode (hele krone): kr 20."
    ));
    assert!(
        told(&input, "Q", 2020, Language::En).contains("To fit NOK 101, everything is multiplied with 1/5")
    );
    input.models[0].unit = Nok::from_ore(1000);
    assert!(told(&input, "Q", 2020, Language::Nb).contains("(kr 10)"));
}

#[test]
fn gaps_and_what_registers_say() {
    let of = |value: Option<Headcount>, language| {
        let mut input = example();
        input.models[0] = base_and_rate("100", "10");
        input.organisations[2].headcounts =
            value.map(|value| record("2019-10-01", value)).into_iter().collect();
        told(&input, "Q", 2020, language)
    };
    let unknown = of(Some(Headcount::Unknown), Language::Nb);
    assert!(unknown.contains(
        "Time (årsverk i grunnskole): antallet er ikke avklart (ukjent, 01.10.2019, Skoleporten).\n"
    ));
    assert!(unknown.contains("Satsen er kr 10, men antallet er ikke kjent.\n"));
    assert!(unknown.ends_with("Beløpet for 2020 kan ikke regnes ut ennå."));
    assert!(of(None, Language::Nn).contains("Time (årsverk i grunnskule): inga opplysning er registrert.\n"));
    assert!(of(None, Language::En).ends_with("The amount for 2020 cannot be computed yet."));
    let withheld = of(Some(Headcount::Withheld), Language::Nb);
    assert!(withheld.contains(
        "Time (årsverk i grunnskole): registeret skjuler tallet, og 3 er lagt til grunn (skjult (1–4), 01.10.2019, Skoleporten).\n"
    ));
    assert!(withheld.ends_with("Til sammen kr 130, avrundet til nærmeste hele krone: kr 130."));
    assert!(
        of(Some(Headcount::NoneRegistered), Language::En)
            .contains("Time (man-years in primary school): 0 (none registered, ")
    );
}

#[test]
fn every_kind_of_step_is_told_in_every_language() {
    let mut input = example();
    let band = Band { from: "0".parse().unwrap(), amount: nok("1"), rate: nok("0") };
    let count = vec![MAN_YEARS_FILTER];
    input.models[0].components.push(Component::Lump {
        id: "more".to_owned(),
        legal_basis: Some("another § 9".to_owned()),
        per: LumpPer::Partner,
        bands: vec![band],
        count,
    });
    let plan = planned(&input);
    for line in &plan.lines {
        let told = Language::ALL.map(|language| line.trace.sentences(language, line.year));
        assert_eq!((told[0].len(), told[1].len()), (told[1].len(), told[2].len()));
        for sentence in told.iter().flatten() {
            assert!(!sentence.contains('?') && !sentence.contains("None"), "{sentence}");
        }
    }
    // The basis of a component is its own where it has one.
    let steps = &line(&plan, "P", 2021).trace.steps[0].steps[0].steps;
    let bases: Vec<_> = steps.iter().map(|step| step.basis.as_deref().unwrap()).collect();
    assert_eq!(bases, ["practice § 1", "practice § 1", "practice § 1", "another § 9"]);
}
