//! One run of the method of equal shares with a given share.
//!
//! A project's price only rises as accounts are drawn on, so a price found earlier is a lower bound: projects wait in a
//! heap by that bound and are looked at again only while their bound could still win. A price is not worked out further
//! once it surely exceeds the best one found in the round.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::filter::{self, Accounts, Look, Paying, Price, Support};
use super::ledger::{ExactPrice, Ledger, NEVER, Side};
use super::trace::{Trace, state};
use super::watch::Watch;
use crate::budget::profile::Profile;
use crate::budget::{BudgetError, BudgetInstance, Ties};

/// A bound that can be ordered; it is never NaN.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Bound(pub(super) f64);

impl Eq for Bound {}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A candidate's price in the current round.
pub(super) struct Candidate {
    pub(super) project: u32,
    pub(super) low: f64,
    pub(super) price: Price,
    pub(super) exact: Option<ExactPrice>,
}

/// What stays the same from run to run.
pub(super) struct Runner<'a> {
    pub(super) instance: &'a BudgetInstance,
    pub(super) profile: &'a Profile,
    /// Whether satisfaction is cost, so that prices are compared per cost.
    pub(super) per_cost: bool,
    pub(super) ties: &'a Ties,
    accounts: Accounts,
    /// Made when a run asks for it.
    pub(super) ledger: Option<Ledger>,
    pub(super) heap: BinaryHeap<Reverse<(Bound, u32)>>,
    pub(super) candidates: Vec<Candidate>,
    waiting: Vec<(f64, u32)>,
    near: Vec<(u32, u32)>,
    pub(super) watch: Watch,
}

/// The ledger of a run.
pub(super) fn ledger_of<'l>(
    ledger: &'l mut Option<Ledger>,
    instance: &BudgetInstance,
    trace: &Trace,
) -> &'l mut Ledger {
    ledger.get_or_insert_with(|| Ledger::new(trace.share_numerator, instance.voters.max(1)))
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        instance: &'a BudgetInstance,
        profile: &'a Profile,
        per_cost: bool,
        ties: &'a Ties,
    ) -> Self {
        Self {
            instance,
            profile,
            per_cost,
            ties,
            accounts: Accounts::default(),
            ledger: None,
            heap: BinaryHeap::new(),
            candidates: Vec::new(),
            waiting: Vec::new(),
            near: Vec::new(),
            watch: Watch::default(),
        }
    }

    /// The projects that could be bought with enough money.
    pub(super) fn projects(&self) -> impl Iterator<Item = u32> + use<'a> {
        let (instance, profile) = (self.instance, self.profile);
        (0..instance.project_count())
            .filter(move |&project| instance.cost(project) > 0 && profile.totals[project as usize] > 0)
    }

    /// The bound that a project starts with.
    fn first_bound(&self, project: u32) -> Bound {
        let units = to_f64(self.profile.totals[project as usize]);
        Bound(filter::least(self.support(project).cost, units, self.compared_by(project)))
    }

    fn support(&self, project: u32) -> Support<'a> {
        Support {
            groups: self.profile.supporters(project),
            points: self.profile.supporter_points(project),
            votes: to_f64(self.profile.votes[project as usize]),
            cost: to_f64(self.instance.cost(project)),
        }
    }

    pub(super) fn compared_by(&self, project: u32) -> Option<f64> {
        self.per_cost.then(|| to_f64(self.instance.cost(project)))
    }

    /// Buys until nothing is affordable. `trace` is overwritten. With `watching`, `watch` then tells how much larger the
    /// share could be.
    pub(super) fn run(
        &mut self,
        share_numerator: u128,
        watching: bool,
        trace: &mut Trace,
    ) -> Result<(), BudgetError> {
        let mut watch = std::mem::take(&mut self.watch);
        let bounds = (0..self.instance.project_count()).map(|project| self.first_bound(project).0);
        watch.start(watching, self.profile.group_count(), bounds);
        self.watch = watch;
        if self.profile.supporter_points_are_ones() {
            self.run_with::<false>(share_numerator, trace)
        } else {
            self.run_with::<true>(share_numerator, trace)
        }
    }

    fn run_with<const POINTS: bool>(
        &mut self,
        share_numerator: u128,
        trace: &mut Trace,
    ) -> Result<(), BudgetError> {
        self.ledger = None;
        trace.start(self.instance.project_count() as usize, self.profile.group_count(), share_numerator);
        let mut projects = self.projects();
        if let (Some(only), None, false) = (projects.next(), projects.next(), POINTS) {
            // One project competes with nothing: its supporters can pay it, or cannot.
            self.watch.give_up();
            if self.left_of_first(only, trace).is_some() {
                trace.take(only, self.instance.cost(only));
            }
            return Ok(());
        }
        let mut waiting = std::mem::take(&mut self.heap).into_vec();
        waiting.clear();
        waiting.extend(self.projects().map(|project| Reverse((self.first_bound(project), project))));
        self.heap = waiting.into();
        if POINTS || self.watch.is_on() {
            self.accounts.fill(&self.profile.weights, share_numerator, self.instance.voters.max(1));
        }
        loop {
            self.look_around::<POINTS>(trace);
            let are_simple = self.candidates.iter().all(|candidate| candidate.price.units.is_some());
            if self.candidates.len() > 1 && !are_simple && self.accounts.is_dull() {
                // A second look with sharper accounts may spare whole numbers.
                self.renew(trace);
                let again = self.candidates.drain(..);
                self.heap.extend(again.map(|candidate| Reverse((Bound(candidate.low), candidate.project))));
                self.look_around::<POINTS>(trace);
            }
            let Some(best) = self.choose(trace)? else { return Ok(()) };
            self.buy::<POINTS>(best, trace);
        }
    }

    /// Fills `self.candidates` with all projects that may be the round's best.
    fn look_around<const POINTS: bool>(&mut self, trace: &Trace) {
        self.candidates.clear();
        let mut ceiling = f64::INFINITY;
        while let Some(&Reverse((Bound(bound), project))) = self.heap.peek() {
            if bound > ceiling {
                break;
            }
            self.heap.pop();
            let (support, by) = (self.support(project), self.compared_by(project));
            let (from, most) = (filter::price_from(bound, by), filter::ceiling_from(ceiling, by));
            let mut look = if trace.bought.is_empty() && !POINTS {
                self.first_look(project, trace)
            } else {
                self.accounts.look::<POINTS>(support, from, most)
            };
            if look == Look::Unsure && self.accounts.is_dull() {
                self.renew(trace);
                look = self.accounts.look::<POINTS>(support, from, most);
            }
            let (price, exact) = match look {
                Look::Unaffordable => {
                    self.watch.dropped(support, &self.accounts);
                    continue;
                }
                Look::Above(low) => {
                    self.watch.looked((project, support), &self.accounts, low, by);
                    let low = filter::bounds(Price { value: low, error: 0.0, units: None }, by).0;
                    self.waiting.push((low, project));
                    continue;
                }
                Look::At(price) => {
                    let low = filter::least_of(price);
                    self.watch.looked((project, support), &self.accounts, low, by);
                    (price, None)
                }
                Look::Unsure => match self.unsure_price(project, trace) {
                    None => continue,
                    Some(exact) => (
                        filter::exact_price(
                            ledger_of(&mut self.ledger, self.instance, trace).rounded(&exact),
                        ),
                        Some(exact),
                    ),
                },
            };
            let (low, high) = filter::bounds(price, by);
            ceiling = ceiling.min(high);
            self.candidates.push(Candidate { project, low, price, exact });
        }
        for (bound, project) in self.waiting.drain(..) {
            self.heap.push(Reverse((Bound(bound), project)));
        }
        let heap = &mut self.heap;
        self.candidates.retain(|candidate| {
            let may_win = candidate.low <= ceiling;
            if !may_win {
                heap.push(Reverse((Bound(candidate.low), candidate.project)));
            }
            may_win
        });
    }

    /// As [`Self::exact_price`], where nothing is known about larger shares then.
    fn unsure_price(&mut self, project: u32, trace: &Trace) -> Option<ExactPrice> {
        self.watch.give_up();
        self.exact_price(project, trace)
    }

    /// While all accounts are whole, supporters with one point each can pay in full or not at all.
    fn first_look(&self, project: u32, trace: &Trace) -> Look {
        match self.left_of_first(project, trace) {
            None => Look::Unaffordable,
            Some(_) => Look::At(filter::simple_price(self.support(project))),
        }
    }

    /// What supporters would have left if this were bought first, times voters and votes; `None` where it is too dear.
    fn left_of_first(&self, project: u32, trace: &Trace) -> Option<u128> {
        let money = trace.share_numerator * u128::from(self.profile.votes[project as usize]);
        money.checked_sub(u128::from(self.instance.cost(project)) * u128::from(self.instance.voters))
    }

    /// Buys the first project where every supporter has one point: all are left with the same.
    fn buy_first(&mut self, project: u32, trace: &mut Trace) {
        let Some(left) = self.left_of_first(project, trace) else { return };
        if left == 0 {
            self.watch.give_up();
        }
        if self.heap.is_empty() {
            // With nothing else to buy nobody asks for accounts.
            trace.take(project, self.instance.cost(project));
            return;
        }
        self.accounts.fill(&self.profile.weights, trace.share_numerator, self.instance.voters.max(1));
        let votes = self.profile.votes[project as usize];
        let left = filter::fraction(left, u128::from(votes) * u128::from(self.instance.voters));
        for &group in self.profile.supporters(project) {
            self.accounts.set(group, left);
        }
        if left <= 0.0 {
            for &group in self.profile.supporters(project) {
                trace.empty(group, 0);
            }
        }
        self.accounts.wear(filter::simple_price(self.support(project)), 1);
        trace.take(project, self.instance.cost(project));
    }

    /// A project's price in whole numbers; `None` where it is not affordable.
    pub(super) fn exact_price(&mut self, project: u32, trace: &Trace) -> Option<ExactPrice> {
        let support = self.support(project);
        let state = state(self.profile, &self.instance.costs, trace);
        let ledger = ledger_of(&mut self.ledger, self.instance, trace);
        if !ledger.is_affordable(&state, project) {
            return None;
        }
        let guess = self.accounts.guess(support);
        let accounts = &self.accounts;
        let side = |group, points| {
            if accounts.is_close(group, points, guess) {
                Side::Near
            } else if accounts.is_below(group, points, guess) {
                Side::Poor
            } else {
                Side::Rich
            }
        };
        let exact = ledger.price(&state, project, side).filter(|exact| {
            let rounded = ledger.rounded(exact);
            state.supporters(project).all(|(group, points)| {
                !accounts.has_money(group)
                    || accounts.is_close(group, points, guess)
                    || accounts.agrees(group, points, guess, rounded)
            })
        });
        exact.or_else(|| ledger.price(&state, project, |_, _| Side::Near))
    }

    fn buy<const POINTS: bool>(&mut self, mut best: Candidate, trace: &mut Trace) {
        let project = best.project;
        if trace.bought.is_empty() && !POINTS {
            return self.buy_first(project, trace);
        }
        let profile = self.profile;
        let points = profile.supporter_points(project);
        let groups = || profile.supporters(project).iter().enumerate();
        let points_at = |index: usize| points.get(index).copied().unwrap_or(1);
        let has_near = |accounts: &Accounts, price| {
            groups().any(|(index, &group)| {
                matches!(accounts.paying(group, points_at(index), price), Paying::Near)
            })
        };
        let mut is_near = has_near(&self.accounts, best.price);
        if is_near && best.exact.is_none() && self.accounts.is_dull() {
            self.renew(trace);
            let from = filter::least_of(best.price);
            if let Look::At(price) = self.accounts.look::<POINTS>(self.support(project), from, f64::INFINITY)
            {
                best.price = price;
                is_near = has_near(&self.accounts, price);
            }
        }
        if is_near && best.exact.is_none() {
            best.exact = self.exact_price(project, trace);
            if let Some(exact) = &best.exact {
                best.price =
                    filter::exact_price(ledger_of(&mut self.ledger, self.instance, trace).rounded(exact));
            }
        }
        let price = best.price;
        if is_near {
            self.watch.give_up();
        }
        self.watch.bought(self.support(project), &self.accounts, price);
        let purchase = u32::try_from(trace.bought.len()).unwrap_or(NEVER);
        self.near.clear();
        let mut most_points = 1;
        for (index, &group) in groups() {
            let points = points_at(index);
            most_points = most_points.max(points);
            match self.accounts.paying(group, points, price) {
                Paying::Rich => self.accounts.pay(group, points, price),
                Paying::Near => self.near.push((group, points)),
                Paying::Poor => {
                    if self.accounts.has_money(group) {
                        self.accounts.set(group, 0.0);
                        trace.empty(group, purchase);
                    }
                }
            }
        }
        if let Some(exact) = &best.exact
            && !self.near.is_empty()
        {
            // The ledger takes the groups emptied by this purchase for ones that had money before it, and the purchase
            // itself is not in its state yet.
            let state = state(self.profile, &self.instance.costs, trace);
            let ledger = ledger_of(&mut self.ledger, self.instance, &*trace);
            let left: Vec<_> = self
                .near
                .iter()
                .map(|&(group, points)| (group, ledger.remainder(&state, group, points, exact)))
                .collect();
            for (group, left) in left {
                self.accounts.set(group, left.unwrap_or(0.0));
                if left.is_none() {
                    trace.empty(group, purchase);
                }
            }
        }
        self.accounts.wear(price, most_points);
        trace.take(project, self.instance.cost(project));
        if self.accounts.is_worn() {
            self.renew(trace);
        }
    }

    /// Takes the accounts anew from exact prices.
    fn renew(&mut self, trace: &Trace) {
        let state = state(self.profile, &self.instance.costs, trace);
        let prices = ledger_of(&mut self.ledger, self.instance, trace).rounded_prices(&state);
        self.accounts.renew(self.profile, trace.bought.len(), &prices);
    }
}

/// A whole number that was checked to be below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "numbers below 2^53 are exact")]
fn to_f64(number: u64) -> f64 {
    number as f64
}
