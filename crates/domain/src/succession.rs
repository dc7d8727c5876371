//! Who came after an organisation that ceased, and with which shares (rule 13).
//!
//! Money of years after the end goes to the successors, also over several steps; what was decided under the old number stays. So what
//! is said here has to be whole: shares that add up to one, organisations that are entered, and no way that leads back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Value, json};
use tildel_allocation::{Exact, Share, SuccessorInput};

use crate::Entry;
use crate::id::OrganisationId;
use crate::organisation::Organisation;
use crate::refusal::{Refusal, RefusalCode};

/// Organisation numbers are given since then; nothing with a number ceased before.
const FIRST_YEAR: i16 = 1995;
/// How far ahead an end is written down. Reforms of municipalities are decided some years before.
const YEARS_AHEAD: i16 = 10;
/// Shares of one succession have a common denominator up to this: numbers of inhabitants are smaller.
const DENOMINATOR_MAX: i128 = 1_000_000;
/// Shares of all steps on one way, multiplied, have a denominator up to this: amounts are divided exactly, and what is finer could not be.
const DENOMINATOR_OF_WAY_MAX: i128 = 1_000_000_000_000;

/// When an organisation ceased, and who came after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Succession {
    /// The day on which it ceased; none where it goes on.
    pub ceased_on: Option<Date>,
    /// Who came after it, by number, with the shares; none where nobody came after it or the shares are not known yet.
    pub successors: Vec<SuccessorInput>,
}

impl Succession {
    /// For the journal. Numbers, days and shares tell of no person.
    fn told(&self) -> Value {
        let successors: Vec<Value> = self
            .successors
            .iter()
            .map(|successor| {
                json!({ "organisation": successor.organisation, "share": successor.share.to_string() })
            })
            .collect();
        json!({ "ceasedOn": self.ceased_on.map(|day| day.to_string()), "successors": successors })
    }
}

/// The organisations that ceased, with who came after them.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    ceased: BTreeMap<String, Organisation>,
}

impl Lineage {
    /// Of all organisations that ceased.
    pub fn of(ceased: Vec<Organisation>) -> Self {
        let named = ceased.into_iter().map(|organisation| (organisation.number.clone().into(), organisation));
        Self { ceased: named.collect() }
    }

    /// All that came after any of these, over as many steps as there are, and these.
    pub fn from<'n>(&self, numbers: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
        let mut open: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
        let mut found = BTreeSet::new();
        while let Some(number) = open.pop() {
            if found.contains(&number) {
                continue;
            }
            let successors = self.ceased.get(&number).into_iter().flat_map(|one| &one.successors);
            open.extend(successors.map(|successor| successor.organisation.clone()));
            found.insert(number);
        }
        found
    }

    /// The organisations that an organisation came after, over as many steps as there are, by their ids.
    pub fn before(&self, number: &str) -> BTreeSet<OrganisationId> {
        let mut found = BTreeSet::new();
        let mut open = vec![number.to_owned()];
        while let Some(number) = open.pop() {
            for before in self.right_before(&number) {
                if found.insert(before.id) {
                    open.push(before.number.clone().into());
                }
            }
        }
        found
    }

    /// The largest denominator of shares on any way from a number on.
    fn finest_after(&self, number: &str, known: &mut BTreeMap<String, i128>) -> i128 {
        if let Some(finest) = known.get(number) {
            return *finest;
        }
        // A way that leads back ends here.
        known.insert(number.to_owned(), 1);
        let successors = self.ceased.get(number).map_or(&[][..], |one| &one.successors);
        let further = successors.iter().map(|next| self.finest_after(&next.organisation, known)).max();
        let finest = common_denominator(successors).saturating_mul(further.unwrap_or(1));
        known.insert(number.to_owned(), finest);
        finest
    }

    /// The largest denominator of shares on any way to a number.
    fn finest_before(&self, number: &str, known: &mut BTreeMap<String, i128>) -> i128 {
        if let Some(finest) = known.get(number) {
            return *finest;
        }
        // A way that leads back ends here.
        known.insert(number.to_owned(), 1);
        let ways = self.right_before(number).map(|before| {
            common_denominator(&before.successors)
                .saturating_mul(self.finest_before(before.number.as_str(), known))
        });
        let finest = ways.max().unwrap_or(1);
        known.insert(number.to_owned(), finest);
        finest
    }

    fn right_before<'l>(&'l self, number: &'l str) -> impl Iterator<Item = &'l Organisation> {
        self.ceased
            .values()
            .filter(move |one| one.successors.iter().any(|successor| successor.organisation == number))
    }

    fn ceased_on(&self, number: &str) -> Option<Date> {
        self.ceased.get(number).and_then(|organisation| organisation.ceased_on)
    }
}

impl Organisation {
    /// When it ceased and who came after it, as it stands.
    pub fn succession(&self) -> Succession {
        Succession { ceased_on: self.ceased_on, successors: self.successors.clone() }
    }

    /// Somebody says when it ceased and who came after it, or takes that back. `entered` are the numbers of its successors that are
    /// entered here.
    pub fn succeed(
        &mut self,
        succession: Succession,
        entered: &BTreeSet<String>,
        lineage: &Lineage,
        today: Date,
    ) -> Result<Entry, Refusal> {
        check_day(&succession, today)?;
        check_successors(&succession.successors, entered)?;
        for (place, successor) in succession.successors.iter().enumerate() {
            if lineage.from([successor.organisation.as_str()]).contains(self.number.as_str()) {
                return Err(Refusal::new(RefusalCode::SuccessorCircle)
                    .with("organisation", &successor.organisation)
                    .at(format!("/successors/{place}/organisationNumber")));
            }
        }
        self.check_order(&succession, lineage)?;
        self.check_fineness(&succession, lineage)?;
        let before = self.succession().told();
        let after = succession.told();
        (self.ceased_on, self.successors) = (succession.ceased_on, succession.successors);
        Ok(Entry::new("organisation.succeed", "organisation", self.id)
            .with("before", before)
            .with("after", after))
    }

    /// Shares over several steps can still be computed with, exactly.
    fn check_fineness(&self, succession: &Succession, lineage: &Lineage) -> Result<(), Refusal> {
        let own = common_denominator(&succession.successors);
        if own > DENOMINATOR_MAX {
            let expected = format!("shares with a common denominator of at most {DENOMINATOR_MAX}");
            return Err(Refusal::invalid("/successors", expected));
        }
        let mut known = BTreeMap::new();
        let after = succession.successors.iter();
        let after = after.map(|next| lineage.finest_after(&next.organisation, &mut known)).max().unwrap_or(1);
        let before = lineage.finest_before(self.number.as_str(), &mut BTreeMap::new());
        if before.saturating_mul(own).saturating_mul(after) > DENOMINATOR_OF_WAY_MAX {
            let expected =
                format!("shares whose denominators over all steps make at most {DENOMINATOR_OF_WAY_MAX}");
            return Err(Refusal::invalid("/successors", expected));
        }
        Ok(())
    }

    /// Nobody comes after somebody who had ceased before.
    fn check_order(&self, succession: &Succession, lineage: &Lineage) -> Result<(), Refusal> {
        let Some(day) = succession.ceased_on else { return Ok(()) };
        let gone = |successor: &&SuccessorInput| {
            lineage.ceased_on(&successor.organisation).is_some_and(|ceased| ceased < day)
        };
        if let Some(successor) = succession.successors.iter().find(gone) {
            let number = &successor.organisation;
            let expected = format!("a day on which its successor {number} had not ceased yet");
            return Err(Refusal::invalid("/ceasedOn", expected));
        }
        let mut earlier = lineage.right_before(self.number.as_str());
        if let Some(before) = earlier.find(|before| before.ceased_on.is_some_and(|ceased| ceased > day)) {
            let number = before.number.as_str();
            let expected = format!("a day on which {number}, which it came after, had ceased already");
            return Err(Refusal::invalid("/ceasedOn", expected));
        }
        Ok(())
    }
}

/// The least common denominator of shares; too large for a number counts as the largest there is.
fn common_denominator(successors: &[SuccessorInput]) -> i128 {
    fn divisor(left: i128, right: i128) -> i128 {
        if right == 0 { left } else { divisor(right, left % right) }
    }
    successors.iter().fold(1, |common, successor| {
        let denominator = successor.share.exact().denominator();
        (common / divisor(common, denominator)).saturating_mul(denominator)
    })
}

fn check_day(succession: &Succession, today: Date) -> Result<(), Refusal> {
    let Some(day) = succession.ceased_on else {
        if succession.successors.is_empty() {
            return Ok(());
        }
        return Err(Refusal::invalid("/ceasedOn", "the day on which it ceased, as somebody came after it"));
    };
    let last = today.year() + YEARS_AHEAD;
    if (FIRST_YEAR..=last).contains(&day.year()) {
        return Ok(());
    }
    Err(Refusal::invalid("/ceasedOn", format!("a day from {FIRST_YEAR} to {last}")))
}

fn check_successors(successors: &[SuccessorInput], entered: &BTreeSet<String>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for (place, successor) in successors.iter().enumerate() {
        let at = |field: &str| format!("/successors/{place}/{field}");
        if !seen.insert(&successor.organisation) {
            return Err(Refusal::invalid(&at("organisationNumber"), "each successor once"));
        }
        if !entered.contains(&successor.organisation) {
            return Err(Refusal::new(RefusalCode::UnknownReference)
                .with("thing", "organisation")
                .at(at("organisationNumber")));
        }
        if successor.share.is_zero() {
            return Err(Refusal::invalid(&at("share"), "more than nothing"));
        }
    }
    if successors.is_empty() {
        return Ok(());
    }
    let sum = Exact::checked_sum(successors.iter().map(|successor| successor.share.exact()));
    let sum = sum.map_err(|_| Refusal::invalid("/successors", "shares that can be added up exactly"))?;
    if sum == Share::ONE.exact() {
        return Ok(());
    }
    let told = match sum.denominator() {
        1 => sum.numerator().to_string(),
        denominator => format!("{}/{denominator}", sum.numerator()),
    };
    Err(Refusal::new(RefusalCode::SharesNotWhole).with("sum", told).at("/successors"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::organisation::{OrganisationKind, OrganisationNumber};
    use crate::text::Language;

    /// Real numbers, as they need check digits.
    const A: &str = "964965137";
    const B: &str = "964978573";
    const C: &str = "864969682";
    const D: &str = "859223672";

    fn organisation(number: &str, ceased_on: Option<&str>, successors: &[(&str, &str)]) -> Organisation {
        Organisation {
            id: Uuid::from_u128(number.parse().unwrap()).into(),
            number: OrganisationNumber::parse(number).unwrap(),
            name: "Kommune".to_owned(),
            kind: OrganisationKind::Municipality,
            municipality_number: None,
            language: Language::Nb,
            placeholder: false,
            ceased_on: ceased_on.map(|day| day.parse().unwrap()),
            successors: shared(successors),
            version: 1,
        }
    }

    fn shared(successors: &[(&str, &str)]) -> Vec<SuccessorInput> {
        let one = |(number, share): &(&str, &str)| SuccessorInput {
            organisation: (*number).to_owned(),
            share: share.parse().unwrap(),
        };
        successors.iter().map(one).collect()
    }

    fn try_it(
        day: Option<&str>,
        successors: &[(&str, &str)],
        ceased: Vec<Organisation>,
    ) -> Result<Entry, Refusal> {
        let entered: BTreeSet<String> = [A, B, C].map(str::to_owned).into();
        let succession =
            Succession { ceased_on: day.map(|day| day.parse().unwrap()), successors: shared(successors) };
        let mut organisation = organisation(A, None, &[]);
        let today = "2024-02-01".parse().unwrap();
        organisation.succeed(succession, &entered, &Lineage::of(ceased), today)
    }

    #[test]
    fn what_is_whole_is_taken() {
        let day = Some("2024-01-01");
        for successors in [&[(B, "43/50"), (C, "7/50")][..], &[(B, "1")], &[(B, "0.5"), (C, "50%")], &[]] {
            assert!(try_it(day, successors, Vec::new()).is_ok(), "{successors:?}");
        }
        assert!(try_it(None, &[], Vec::new()).is_ok());
        // Decided years ahead, and a chain of two that end on one day.
        assert!(try_it(Some("2034-01-01"), &[(B, "1")], Vec::new()).is_ok());
        assert!(try_it(day, &[(B, "1")], vec![organisation(B, day, &[(C, "1")])]).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_refused_where_it_stands() {
        let day = Some("2024-01-01");
        let back = || vec![organisation(B, day, &[(C, "1")]), organisation(C, day, &[(A, "1")])];
        let cases: [(&str, Result<Entry, Refusal>, RefusalCode, &str); 12] = [
            ("no day", try_it(None, &[(B, "1")], vec![]), RefusalCode::InvalidValue, "/ceasedOn"),
            ("too early", try_it(Some("1994-12-31"), &[], vec![]), RefusalCode::InvalidValue, "/ceasedOn"),
            ("too late", try_it(Some("2035-01-01"), &[], vec![]), RefusalCode::InvalidValue, "/ceasedOn"),
            ("less", try_it(day, &[(B, "43/50")], vec![]), RefusalCode::SharesNotWhole, "/successors"),
            (
                "more",
                try_it(day, &[(B, "2/3"), (C, "0.34")], vec![]),
                RefusalCode::SharesNotWhole,
                "/successors",
            ),
            (
                "nothing",
                try_it(day, &[(B, "1"), (C, "0")], vec![]),
                RefusalCode::InvalidValue,
                "/successors/1/share",
            ),
            (
                "twice",
                try_it(day, &[(B, "1/2"), (B, "1/2")], vec![]),
                RefusalCode::InvalidValue,
                "/successors/1/organisationNumber",
            ),
            (
                "not entered",
                try_it(day, &[(B, "1/2"), (D, "1/2")], vec![]),
                RefusalCode::UnknownReference,
                "/successors/1/organisationNumber",
            ),
            (
                "itself",
                try_it(day, &[(A, "1")], vec![]),
                RefusalCode::SuccessorCircle,
                "/successors/0/organisationNumber",
            ),
            (
                "back to itself over two others",
                try_it(day, &[(B, "1")], back()),
                RefusalCode::SuccessorCircle,
                "/successors/0/organisationNumber",
            ),
            (
                "after somebody who was gone",
                try_it(day, &[(B, "1")], vec![organisation(B, Some("2023-12-31"), &[])]),
                RefusalCode::InvalidValue,
                "/ceasedOn",
            ),
            (
                "before those that it came after",
                try_it(day, &[(C, "1")], vec![organisation(B, Some("2024-01-02"), &[(A, "1")])]),
                RefusalCode::InvalidValue,
                "/ceasedOn",
            ),
        ];
        for (name, outcome, code, pointer) in cases {
            let refusal = outcome.expect_err(name);
            assert_eq!((refusal.code, refusal.pointer.as_deref()), (code, Some(pointer)), "{name}");
        }
    }

    /// 999 983 is a prime: twice it makes less than 10^12, three times it makes more.
    #[test]
    fn shares_that_are_too_fine_are_refused() {
        const E: &str = "964969590";
        const F: &str = "974763230";
        let day = Some("2024-01-01");
        let fine = |one, other| [(one, "1/999983"), (other, "999982/999983")];
        assert!(try_it(day, &[(B, "1/1000003"), (C, "1000002/1000003")], vec![]).is_err());
        let second = organisation(B, day, &fine(C, D));
        assert!(try_it(day, &fine(B, C), vec![second.clone()]).is_ok());
        let third = organisation(C, day, &fine(D, E));
        let refusal = try_it(day, &fine(B, C), vec![second, third]).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.pointer.as_deref()),
            (RefusalCode::InvalidValue, Some("/successors"))
        );
        // What leads to it counts as well.
        let earlier = [organisation(D, day, &fine(A, F)), organisation(E, day, &fine(D, F))];
        assert!(try_it(day, &fine(B, C), earlier.to_vec()).is_err());
    }

    #[test]
    fn the_sum_is_told_exactly() {
        let refusal = try_it(Some("2024-01-01"), &[(B, "1/3"), (C, "1/3")], vec![]).unwrap_err();
        assert_eq!(refusal.param("sum"), Some("2/3"));
        // Two wholes.
        let refusal = try_it(Some("2024-01-01"), &[(B, "1"), (C, "1")], vec![]).unwrap_err();
        assert_eq!(refusal.param("sum"), Some("2"));
    }

    #[test]
    fn the_journal_tells_what_it_was_before() {
        let mut organisation = organisation(A, Some("2024-01-01"), &[(B, "1")]);
        let entry = organisation.succeed(
            Succession::default(),
            &BTreeSet::new(),
            &Lineage::default(),
            "2024-02-01".parse().unwrap(),
        );
        let entry = entry.unwrap();
        assert_eq!(entry.detail["before"]["successors"][0], json!({ "organisation": B, "share": "1" }));
        assert_eq!(entry.detail["after"], json!({ "ceasedOn": null, "successors": [] }));
        assert_eq!((organisation.ceased_on, organisation.successors), (None, Vec::new()));
    }

    #[test]
    fn a_lineage_is_walked_both_ways() {
        let day = Some("2024-01-01");
        let lineage = Lineage::of(vec![
            organisation(A, day, &[(B, "1/2"), (C, "1/2")]),
            organisation(B, day, &[(D, "1")]),
        ]);
        let numbers = |found: BTreeSet<String>| found.into_iter().collect::<Vec<_>>();
        assert_eq!(numbers(lineage.from([A])), [D, C, A, B]);
        assert_eq!(numbers(lineage.from([C])), [C]);
        let ids = |numbers: &[&str]| -> BTreeSet<OrganisationId> {
            numbers.iter().map(|number| organisation(number, None, &[]).id).collect()
        };
        assert_eq!(lineage.before(D), ids(&[A, B]));
        assert_eq!(lineage.before(A), ids(&[]));
    }
}
