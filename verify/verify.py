#!/usr/bin/env python3
"""Independent verifier of Tildel bundles: computes the plan of a bundle again and compares it byte for byte.

Written from docs/bundle.md alone; "section" in this file is a section of that page. Python 3, standard library only.
Money is kept as whole øre (int), everything unrounded as exact fractions of øre; a float never occurs.
"""
import argparse, functools, glob, hashlib, heapq, json, math, os, re, sys
from collections import defaultdict, namedtuple
from datetime import date
from fractions import Fraction

FORMAT, MAX_BYTES = "tildel-bundle/1", 256 * 1024 * 1024
Count = namedtuple("Count", "value flags step")     # a headcount (section 5) and its step; value None: missing
UNLIMITED = 10**40      # beyond any amount and any number of units

class Refused(Exception):
    """The bundle does not hold; the text is one sentence that says why."""

# ------------------------------------------------------------------------------------- values and input (sections 1-4)
# down is the largest multiple of the unit not above x; nearest is the nearest, a half goes away from zero.
def down(x, unit): return x // unit * unit
def nearest(x, unit): return -nearest(-x, unit) if x < 0 else down(x + Fraction(unit, 2), unit)
def clamp(x, low, high): return min(max(x, low), high)
# None is a missing value: a product or sum with a missing part is missing, and so is its text.
def times(factor, value): return None if value is None else factor * value
def total(values): return functools.reduce(lambda x, y: None if x is None or y is None else x + y, values, 0)
def exact(ore): return None if ore is None else str(Fraction(ore) / 100)
def count_text(x): return None if x is None else f"{x // 1}.{int(x % 1 * 1000):03d}".rstrip("0").rstrip(".")
def money(ore): return None if ore is None else f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"

def last_rate(rates, day): return next((r.rate for r in reversed(rates) if vars(r).get("from", "") <= day), 0)
# Objects and inputs of steps, without what is absent, and a value for a message.
def present(**fields): return {name: value for name, value in fields.items() if value is not None and value != []}
def named(**values): return [{"name": name, "value": value} for name, value in present(**values).items()]
def short(value): return json.dumps(value)[:90]

def parse(data):
    """Bytes as JSON. All numbers are integers (section 1), and RFC 8785 knows none beyond 2^53."""
    def integer(text):
        if len(text) > 17 or abs(int(text)) > 2**53: raise Refused(f"{text[:20]} is not an integer of RFC 8785")
        return int(text)
    return json.loads(data.decode("utf-8"), parse_float=integer, parse_constant=integer, parse_int=integer)

def canonical(value):
    """RFC 8785. Sorting by code points does, as a key that is not ASCII is refused."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")

class Thing:
    """An object with named fields."""
    def __init__(self, **fields): vars(self).update(fields)
    def __getattr__(self, name): return OPTIONAL[name]      # every other field is needed where it is used

OPTIONAL = {"floors": Thing(), "caps": Thing(), **dict.fromkeys(
    "count headcounts history instalments paid partners renewals successors supporters tags years".split(), ()),
    **dict.fromkeys("accountCap carriedIn ceased commitCeiling completion date decision municipality ownership places "
                    "practice priority renewal run splitYear tieSeed".split())}
FORMS = {name: form for names, form in {    # the fields that are not simply texts or integers: reading and writing
    "amount carriedIn paid rate unit": (lambda text: int(text.replace(".", "")), money),
    "value withheldAssumed": (Fraction, count_text),
    "accountCap carryOver commitCeiling ownContribution providerShare share": (Fraction, str),
    "ceased": (date.fromisoformat, date.isoformat), "practice splitYear": (bool, bool),
    "firstYear lastYear validFromYear validToYear year": (lambda year: max(1000, min(year, 9999)), int)
    }.items() for name in names.split()}

def read(name, value):
    """A value of the input by the name of its field; what would be written otherwise than it was read is refused."""
    if isinstance(value, dict) and "".join(value).isascii():
        return Thing(**{key: read(key, part) for key, part in value.items()})
    if isinstance(value, list) and (value or name not in OPTIONAL): return [read(name, part) for part in value]
    convert, write = FORMS.get(name, (str if isinstance(value, str) else int, str if isinstance(value, str) else int))
    if name in FORMS and not re.fullmatch("[-0-9./]{1,81}|True", str(value)) or write(convert(value)) != value:
        raise ValueError(f"{name} is {short(value)}")
    return value if name == "ceased" else convert(value)

# ----------------------------------------------------------------------------------------- apportionment (section 9)
def level(lines, target):
    """The smallest s >= 0 at which the values clamp(fixed + slope * s, low, high) add up to target (None: none does),
    from the breakpoints of the piecewise linear sum. A line is (fixed, slope, low, high)."""
    sum_, s, steepness, bends = sum(clamp(fixed, low, high) for fixed, _, low, high in lines), Fraction(0), 0, []
    for fixed, slope, low, high in lines:
        if slope > 0 and max(fixed, low) < high:
            bends += [(max(Fraction(low - fixed) / slope, 0), slope), (Fraction(high - fixed) / slope, -slope)]
    if sum_ >= target: return s if sum_ == target else None
    for bend, change in sorted(bends):
        gain = steepness * (bend - s)
        if sum_ + gain >= target:
            break
        sum_, s, steepness = sum_ + gain, bend, steepness + change
    return s + Fraction(target - sum_) / steepness if steepness else None

DIVISORS = {"dhondt": lambda k: k + 1, "sainte_lague": lambda k: 2 * k + 1, "adams": lambda k: k,
            "modified_sainte_lague": lambda k: 2 * k + 1 if k else Fraction(7, 5),
            "huntington_hill": lambda k: k * (k + 1), "dean": lambda k: Fraction(2 * k * (k + 1), 2 * k + 1)}

def apportion(method, n, weights, ranks=None, lower=None, upper=None):
    """The units of each claim and the tie, if there is one: the claims at the cut and the units they share out.
    All d(k), scaled, lie between k and k + 1: under a divisor method the whole parts of the terms for n - size units
    are therefore part of the outcome. What is left goes one by one to the claim whose urgency is the lowest."""
    size = len(weights)
    lower, upper, ranks = lower or [0] * size, [min(most, n) for most in upper or [n] * size], ranks or range(size)
    if min(weights, default=0) < 0 or not sum(lower) <= n <= sum(upper):
        raise Refused(f"{n} units cannot be apportioned within the bounds")
    full = [most if weight else least for weight, least, most in zip(weights, lower, upper)]
    if sum(full) < n:       # only claims of weight 0 can take what is left
        lower, weights = full, [0 if weight else 1 for weight in weights]
    scale, remainders = math.lcm(*(weight.denominator for weight in weights)), method == "largest_remainder"
    claims = [(int(weight * scale), *bounds) for weight, *bounds in zip(weights, lower, upper)]
    share = level([(0, *claim) for claim in claims], n if remainders else n - len(claims)) or 0
    terms = [clamp(weight * share, *bounds) for weight, *bounds in claims]
    units, power = [math.floor(term) for term in terms], 2 if method == "huntington_hill" else 1    # it has squares
    def urgency(i):
        if remainders: return -(terms[i] % 1)
        d, weight = DIVISORS[method](units[i]), claims[i][0]
        return (1, Fraction(-weight**power) / d) if d and weight else (0 if weight else 2, -weight)
    heap = sorted((urgency(i), ranks[i], i) for i, (_, _, most) in enumerate(claims) if units[i] < most)
    cut, served = None, []
    for _ in range(n - sum(units)):
        merit, rank, i = heapq.heappop(heap)
        cut, served = merit, [*(served if merit == cut else []), i]
        units[i] += 1
        if units[i] < claims[i][2] and not remainders:
            heapq.heappush(heap, (urgency(i), rank, i))
    losing = [i for merit, _, i in heap if merit == cut]
    return units, (served + losing, len(served)) if losing else None

# --------------------------------------------------------------------------------- one year (sections 4-8 and 10-12)
def electorate(plan, year): return {v for p in plan.projects if p.firstYear <= year for v in p.voters}
def perpetual_round(rule, all_credit, candidates, voters):
    """The winner of a round (section 7). Credit: the weight (consensus), or quota less satisfaction (quota)."""
    credit, quota, size = {v: all_credit[v] for v in voters}, rule == "perpetual_quota", len(voters)
    support = {v: len(p.voters) for p in sorted(candidates, key=lambda p: len(p.voters)) for v in p.voters}
    credit.update((v, credit[v] + Fraction(largest, size)) for v, largest in support.items() if quota)
    winner = max(candidates, key=lambda p: sum(max(0, credit[v]) for v in p.voters))
    paying = [v for v in winner.voters if quota or credit[v] > 0]
    for v in paying: credit[v] -= 1 if quota else Fraction(size, len(paying))
    credit.update((v, old + 1) for v, old in list(credit.items()) if not quota)
    all_credit.update(credit)
    return winner

class Year:
    """One year of the plan: its model and frame, and all that is computed from them."""
    def __init__(self, plan, year):
        self.plan, self.year, self.first, self.last = plan, year, f"{year}-01-01", f"{year}-12-31"
        models = (m for m in plan.models if m.validFromYear <= year <= m.validToYear)
        self.model = max(models, key=lambda m: m.version, default=None)
        frames = sorted((f for f in plan.frames if f.year == year), key=lambda f: f.status)     # "decided" is first
        self.frame = Thing(**{"amount": None, "status": None, **vars(frames[0] if frames else Thing())})
        self.source = {"rule": f"{m.key}@{m.version}", "basis": m.legalBasis} if (m := self.model) else {}
        self.admitted, self.completed, self.accounts, self.uncovered = [], [], [], 0
        self.ceased = {number for number, o in plan.organisations.items() if (o.ceased or "9999") <= self.first}
        self.counts, self.entitlement = functools.cache(self.counts), functools.cache(self.entitlement)
    def step(self, name, c=None, **fields):
        """A step (section 12) with the rule and the legal basis of the model or of its component c."""
        own = {"rule": f"{self.source['rule']}#{c.id}", **present(basis=vars(c).get("legalBasis"))} if c else {}
        return present(step=name, **{**self.source, **own}, **fields)
    def groups(self, number, wanted):
        """The groups of an organisation's records for a filter: triples of the filter, ownership and records."""
        records = [r for r in self.plan.organisations[number].headcounts if r.date <= self.last
                   and (r.unitKind, r.measure) == (wanted.unitKind, wanted.measure)]
        parts = {o: [r for r in records if r.ownership == o] for o in (None, "private", "public")}
        if wanted.ownership or parts[None] or not records: return [(wanted, wanted.ownership, parts[wanted.ownership])]
        return [(wanted, ownership, part) for ownership, part in parts.items() if part]
    def newest(self, records, unit=None):
        """The number of the newest records of the organisation or of a unit, its flags and its inputs."""
        newest, value, assumed = max((r.date for r in records), default=None), None, self.model.withheldAssumed
        latest = sorted([count_text(r.value.value) if r.value.status == "known" else r.value.status, r.source,
                         r.practice or False, unit and vars(r)["unit"].name] for r in records if r.date == newest)
        codes = [{"code": "headcount_conflict", "date": newest}]
        if len({shown for shown, *_ in latest}) <= 1:
            latest, status = latest[:1], latest[0][0] if latest else "unknown"
            value, *codes = {"unknown": (None, {"code": "headcount_unknown"}), "none_registered": (0, {"code": status}),
                             "withheld": (assumed, {"code": "withheld_assumed", "assumed": count_text(assumed)})
                             }.get(status) or (Fraction(status),)
        codes += [{"code": "practice_headcount"}] * (len(latest) == 1 and latest[0][2])
        return value, [present(unit=unit, **code) for code in codes], [
            present(name="headcount", value=shown, date=newest, source=source, practice=practice or None,
                    unit={"number": unit, "name": name} if unit else None) for shown, source, practice, name in latest]
    def headcount(self, number, wanted, ownership, records, backdated=False):
        """The headcount step of a group of records, counted by unit or as a whole."""
        units = {vars(r)["unit"].number: [] for r in records if "unit" in vars(r)}
        for r in (r for r in records if "unit" in vars(r)): units[vars(r)["unit"].number].append(r)
        by_unit = max(((r.date, "unit" in vars(r)) for r in records), default=(None, False))[1]
        parts = [self.newest(units[u], u) for u in sorted(units)] if by_unit else [self.newest(records)]
        value, codes, inputs = total(part[0] for part in parts), *(sum((p[i] for p in parts), []) for i in (1, 2))
        more = (("headcount_backdated", backdated), ("predecessor_counts", number in self.ceased))
        codes += [{"code": code} for code, applies in more if applies]
        where = present(organisation=number, unitKind=wanted.unitKind, measure=wanted.measure, ownership=ownership)
        step = present(step="headcount", organisationName=self.plan.organisations[number].name, inputs=inputs, **where)
        return Count(value, [{**where, **code} for code in codes], {**step, **present(result=count_text(value))})
    def counts(self, number, wanted):
        """The headcounts of an organisation for a filter, never split."""
        return [self.headcount(number, *group) for group in self.groups(number, wanted)]
    def pieces(self, c, number):
        """The year of a party cut into pieces (splitYear): the amount per head of each and its headcount."""
        end = date.fromisoformat(self.last).toordinal() + 1
        for wanted, ownership, records in (group for f in c.count for group in self.groups(number, f)):
            dates = [vars(r).get("from", "") for r in c.rates if records] + [r.date for r in records]
            days = sorted({self.first} | {day for day in dates if self.first < day <= self.last})
            cuts = [date.fromisoformat(day).toordinal() for day in days] + [end]
            for i, day in enumerate(days):
                begun = [r for r in records if r.date <= day]
                chosen = begun or [r for r in records if r.date == min(other.date for other in records)]
                count = self.headcount(number, wanted, ownership, chosen, bool(chosen and not begun))
                rate, length = last_rate(c.rates, day), cuts[i + 1] - cuts[i]
                factor = Fraction(rate * length, end - cuts[0])
                inputs = named(**{"from": day}, days=str(length), rate=money(rate))
                yield factor, count._replace(step=present(
                    step="piece", inputs=inputs, steps=[count.step], result=exact(times(factor, count.value))))
    def evaluate(self, c, parties, municipalities):
        """What a component gives: pairs of party (or None) and amount (None: missing), headcounts and inputs."""
        if c.kind == "base":
            n = {"project": 1, "partner": len(parties), "municipality": municipalities}[c.per]
            amounts = [(p, c.amount) for p in (parties if c.per == "partner" else [None] * n)]
            return amounts, [], named(amount=money(c.amount), times=str(n))
        if c.kind == "per_head" and self.model.splitYear:
            found, inputs = [(p, *piece) for p in parties for piece in self.pieces(c, p)], []
        else:
            rate = last_rate(c.rates, self.last) if c.kind == "per_head" else 0
            found = [(p, rate, n) for p in parties for f in c.count for n in self.counts(p, f)]
            inputs = named(rate=money(rate), headcount=count_text(total(n.value for *_, n in found)))
        amounts = [(p, times(factor, n.value)) for p, factor, n in found]
        if c.kind == "lump":
            amounts, inputs = [], []
            for party in parties if c.per == "partner" else [None]:
                n = total(count.value for p, _, count in found if party in (None, p))
                bands = [b for b in c.bands if n is not None and Fraction(vars(b)["from"]) <= n]
                band = bands[-1] if bands else Thing(amount=None, rate=None)
                amounts.append((party, None if n is None else (band.amount or 0) + (band.rate or 0) * n))
                inputs += named(headcount=count_text(n), amount=money(band.amount), rate=money(band.rate))
        return amounts, [n for *_, n in found], inputs
    def entitlement(self, project):
        """What a project is entitled to in the year, with its limits; cost None: missing."""
        e = Thing(base=0, lump=0, per_head=0, low=0, high=UNLIMITED, value=None, cost=None, flags=[], given={})
        places = len({self.plan.organisations[p].municipality for p in project.parties} - {None})
        steps, results, filters, unit = [], [], {}, self.model.unit
        for c in (c for c in self.model.components if c.kind != "share"):
            amounts, counts, inputs = self.evaluate(c, project.parties, places)
            results.append(total(amount for _, amount in amounts))
            steps.append(self.step(c.kind, c, inputs=inputs, steps=[n.step for n in counts], result=exact(results[-1])))
            for flag in (flag for n in counts for flag in n.flags if flag not in e.flags): e.flags.append(flag)
            for party, amount in amounts: e.given[party] = e.given.get(party, 0) + (amount or 0)
            vars(e)[c.kind] += results[-1] or 0
            filters.update(((f.unitKind, f.measure, f.ownership), f) for f in c.count)
        e.fixed = e.base + e.lump
        if None not in results:
            heads = total(n.value for p in project.parties for f in filters.values() for n in self.counts(p, f))
            size = {"project": 1, "municipality": places, "perHead": heads}
            floors, caps = ([read("amount", amount) * size[per] for per, amount in vars(limits).items()]
                            for limits in (self.model.floors, self.model.caps))
            low, e.high = -down(-max([0, *floors]), unit), down(min(caps), unit) if caps else UNLIMITED
            e.flags += [{"code": "limits_crossed"}] * (low > e.high)
            e.low, e.value = min(low, e.high), clamp(e.fixed + e.per_head, min(low, e.high), e.high)
            e.cost = nearest(e.value, unit)
        inputs = named(low=money(e.low or None), high=None if e.high == UNLIMITED else money(e.high))
        e.step = self.step("entitlement", inputs=inputs, steps=steps, result=exact(e.value))
        return e
    def fit(self, members, available):
        """The fit of projects (section 8): active ones in their order, then those admitted in theirs."""
        unit, kind, shortage = self.model.unit, self.model.fit, self.model.admission.onShortage
        members = [p for p in members if self.entitlement(p).cost is not None]
        found, ranks, seed = [self.entitlement(p) for p in members], [p.order for p in members], self.model.tieSeed
        if seed is not None:
            ranks = [hashlib.sha256(bytes.fromhex(seed) + p.reference.encode("utf-8")).digest() for p in members]
        out = Thing(aside={p.reference: [] for p in members}, factor=None, tie=None)
        for c in (c for c in self.model.components if c.kind == "share" and c.purpose != "newcomers"):
            sharers = [i for i, p in enumerate(members) if c.purpose in p.tags and self.frame.amount is not None]
            pot = down(c.share * self.frame.amount, unit) if sharers else 0
            claims = [found[i].fixed + found[i].per_head for i in sharers if c.divide == "by_entitlement"]
            units, _ = apportion("largest_remainder", pot // unit, claims if any(claims) else [1] * len(sharers),
                                 [ranks[i] for i in sharers])
            available = None if available is None else available - pot
            inputs = named(pot=money(pot), sharers=str(len(sharers)))
            for i, part in zip(sharers, units):
                step = self.step("set_aside", c, inputs=inputs, result=money(part * unit))
                out.aside[members[i].reference].append((part * unit, step))
        values, costs, left = [e.value for e in found], [e.cost for e in found], available
        if kind == "by_priority" and available is not None:
            for i, cost in enumerate(costs):
                costs[i] = cost if cost <= left else max(0, down(left, unit)) if shortage == "partial" else 0
                left = left - costs[i] if cost <= left or shortage == "skip" else -UNLIMITED
        elif available is not None and (kind == "exhaust" or kind != "entitlement" and sum(costs) > available):
            still = 0 if kind == "scale_all" else 1     # the fixed part is scaled or is not
            lines = [(e.fixed * still, e.per_head + e.fixed * (1 - still), e.low, e.high) for e in found]
            values, target = [clamp(fixed, low, high) for fixed, _, low, high in lines], down(available, unit)
            if sum(values) < target:
                s = out.factor = level(lines, target)
                values = [clamp(fixed + slope * s, low, high) if s is not None else
                          high if slope > 0 else clamp(fixed, low, high) for fixed, slope, low, high in lines]
            costs = [nearest(value, unit) for value in values]
            if out.factor is not None and self.model.rounding == "nearest":
                heirs = [i for i, p in enumerate(members) if "remainder" in p.tags] or range(len(members))
                costs[min(heirs, key=lambda i: ranks[i])] += target - sum(costs)
            elif out.factor is not None:
                bounds = [[bound // unit for bound in side] for side in list(zip(*lines))[2:]]
                units, tie = apportion(self.model.rounding, target // unit, values, ranks, *bounds)
                costs = [part * unit for part in units]
                out.tie = tie and {"among": sorted(members[i].reference for i in tie[0]), "units": tie[1]}
        out.fitted, out.before = ({p.reference: x for p, x in zip(members, each)} for each in (costs, values))
        out.available = available
        return out
    def cost(self, p):
        """The cost of a project in this year; of a decided one, its amount."""
        return p.decided[self.year].amount if self.year in p.decided else self.entitlement(p).cost
    def possible(self, p):
        """Whether a project could be admitted now; if not, the reason is noted."""
        reason, ceiling = "money" if self.cost(p) > self.money else None, self.model.admission.commitCeiling
        for z in range(self.year + 1, min(p.lastYear, self.plan.lastYear) + 1) if ceiling is not None else []:
            amount, key = self.plan.calendar[z].frame.amount, (z, len(self.admitted))
            if key not in self.committed:
                bound = [q for q in self.active + self.admitted if q.firstYear <= z <= q.lastYear]
                self.committed[key] = sum(self.cost(q) or 0 for q in bound)
            if amount is not None and self.cost(p) + self.committed[key] > ceiling * amount:
                reason = "commit_ceiling"
        self.reasons[p.reference] = "places" if self.places <= 0 else reason
        return self.places > 0 and reason is None
    def admit(self, p, payers=None):
        """Admits a project, with what each voter paid for it (section 7.1)."""
        self.open.remove(p)
        self.admitted.append(p)
        p.admitted, p.payers = self.year, payers or {}
        self.places, self.money = self.places - 1, self.money - self.cost(p)
    def in_order(self, projects, pot=UNLIMITED):
        """Tries projects one after the other, those only that the pot can pay for."""
        shortage = self.model.admission.onShortage
        for p in (p for p in projects if not self.ended and self.cost(p) <= pot):
            possible = self.possible(p)
            self.ended = self.reasons[p.reference] == "money" and shortage != "skip"
            partial = self.ended and shortage == "partial" and self.model.fit == "by_priority" and self.money > 0
            if not possible and not partial: continue
            self.admit(p)
            pot -= self.cost(p)
    def admission(self, active, money_left, places_left):
        """Admits by the rule of the model (section 7); money and places are what is left of them."""
        self.active, self.money, self.places, self.committed, self.ended = active, money_left, places_left, {}, False
        candidates = [p for p in self.plan.projects if p.status == "waiting" and p not in active
                      and p.firstYear <= self.year <= p.last]
        self.open = [p for p in candidates if self.cost(p) is not None]
        self.reasons = {p.reference: "after_stop" if p in self.open else "amount_pending" for p in candidates}
        rule, served = self.model.admission.rule, self.plan.served
        average = {p.reference: Fraction(sum(z < self.year for n in p.parties for z in served[n]), len(p.parties))
                   for p in self.open}
        if rule == "accounts" and self.frame.amount is None: self.reasons.update((p.reference, "money") for p in self.open)
        elif rule == "accounts": self.by_accounts()
        elif rule in self.plan.memories:
            while found := [p for p in self.open if self.possible(p)]:
                self.admit(perpetual_round(rule, self.plan.memories[rule], found, electorate(self.plan, self.year)))
        elif rule == "reserved_share":
            shares = [c.share for c in self.model.components if c.kind == "share" and c.purpose == "newcomers"]
            pot = down(sum(shares) * (self.frame.amount or 0), self.model.unit)
            self.in_order([p for p in self.open if not average[p.reference]], pot)
        if rule in ("list", "reserved_share", "least_served"):
            merit = average if rule == "least_served" else {}
            self.in_order(sorted(self.open, key=lambda p: (merit.get(p.reference), p.order)))
        self.plan.waiting += [{"project": p.id, "reference": p.reference, "year": self.year,
                               "reason": self.reasons[p.reference]} for p in candidates if p not in self.admitted]
    def take(self, amount, weights):
        """Takes money from accounts; gives what each paid."""
        payers = sorted(v for v, weight in weights.items() if weight > 0 and v in self.balance)
        paid = held = [self.balance[v] for v in payers]
        if sum(held) > amount:
            paid, _ = apportion("largest_remainder", amount, [weights[v] for v in payers], upper=held)
        self.balance.update((v, self.balance[v] - part) for v, part in zip(payers, paid))
        self.uncovered += amount - sum(paid)
        return dict(zip(payers, paid))
    def by_accounts(self):
        """Yearly accounts (section 7.1)."""
        carried, frame, rules = self.plan.accounts, self.frame.amount, self.model.admission
        voters = sorted(electorate(self.plan, self.year))
        kinds = [c for c in self.model.components if c.kind != "share"]
        weights = [sum(total(amount for _, amount in self.evaluate(c, [v], 1)[0]) or 0 for c in kinds) for v in voters]
        weights = dict(zip(voters, weights if any(weights) else [1] * len(voters)))
        parts, _ = apportion("largest_remainder", frame if voters else 0, list(weights.values()))
        start = {v: carried.get(v, 0) + part for v, part in zip(voters, parts)}
        self.balance = dict(start)
        for p in self.active:       # ongoing first
            running = p.status == "running"
            self.take(self.cost(p) or 0, {v: weights.get(v, 0) for v in p.voters} if running else p.payers)
        for p in (p for p in list(self.open) if self.cost(p) == 0 and self.possible(p)): self.admit(p)
        offers = True
        while offers:       # equal shares; level gives None for what the voters can not pay
            found = [p for p in self.open if self.possible(p)]
            self.reasons.update((p.reference, "accounts") for p in found)
            levels = [(level([(0, 1, 0, self.balance[v]) for v in p.voters], self.cost(p)), p) for p in found]
            offers = [(t / self.cost(p), p.order, t, p) for t, p in levels if t is not None and self.cost(p) > 0]
            for _, _, t, p in sorted(offers)[:1]:
                self.admit(p, self.take(self.cost(p), {v: min(self.balance[v], t) for v in p.voters}))
        for p in (p for p in list(self.open) if rules.completion and self.possible(p)):
            self.reasons[p.reference] = "accounts"
            if self.cost(p) > sum(self.balance.values()): continue
            self.completed.append(p)
            self.admit(p, self.take(self.cost(p), dict(self.balance)))
        cap = 1 if rules.accountCap is None else rules.accountCap
        for v, part in zip(voters, parts):
            kept = carried[v] = min(self.balance[v], down(cap * part, 1))
            self.accounts.append({
                "organisation": v, "part": money(part), "carriedIn": money(start[v] - part), "carriedOut": money(kept),
                "spent": money(start[v] - self.balance[v]), "returned": money(self.balance[v] - kept)})
    def compute(self):
        """Computes the year (section 6)."""
        plan, year, model, frame, carry = self.plan, self.year, self.model, self.frame, self.plan.carry
        given = None if frame.amount is None else frame.amount + carry
        active = [p for p in plan.projects
                  if year in p.decided or p.firstYear <= year <= p.last and (p.status == "running" or p.admitted)]
        planned = [p for p in active if year not in p.decided]
        for p in plan.projects: p.due_before, p.adjust = p.due, 0
        settled = planned if model and model.settlement != "none" else []
        for p in (p for p in settled if self.entitlement(p).cost is not None):
            n = min(p.lastYear, plan.lastYear) - year + 1 if model.settlement == "spread" else 1
            p.adjust = nearest(Fraction(p.due, n), 1)
            p.due -= p.adjust
        available = None if given is None else given - sum(p.adjust if p in planned else self.cost(p) for p in active)
        first = second = None
        if model:
            free = given is None or model.fit in ("scale_rate", "scale_all", "exhaust")
            left = UNLIMITED if free else available - sum(self.cost(p) or 0 for p in planned)
            self.admission(active, left, UNLIMITED if frame.places is None else frame.places - len(active))
            first = self.fit(planned + self.admitted, available)
            second = self.fit(active + self.admitted, given) if len(planned) < len(active) else None
        members = active + self.admitted
        amounts = [self.line(p, second if year in p.decided else first) for p in members]
        sum_ = sum(amount or 0 for amount in amounts)
        left = 0 if given is None else max(0, given - sum_)
        plan.carry = min(left, down(model.carryOver * frame.amount, 1)) if model and given is not None else 0
        moved = {"carriedIn": carry, "shortfall": max(0, sum_ - given) if given is not None else 0, "left": left,
                 "carriedOut": plan.carry, "lapsed": left - plan.carry, "uncovered": self.uncovered}
        plan.years.append(present(
            year=year, model=self.source.get("rule"), frameStatus=frame.status, frame=money(frame.amount),
            given=money(given), total=money(sum_), lines=len(members), linesWithoutAmount=amounts.count(None) or None,
            places=frame.places, placesUsed=len(members), accounts=self.accounts,
            placesShort=frame.places is not None and max(0, len(members) - frame.places) or None,
            factor=first and first.factor and str(first.factor), ties=[first.tie] if first and first.tie else None,
            **{name: money(amount or None) for name, amount in moved.items()}))
    def line(self, p, fit):
        """Adds the line of a project (sections 6 and 11) with its trace (section 12); gives its amount."""
        year, model, entry = self.year, self.model, p.decided.get(self.year)
        notified = None if entry else p.notified.get(year)
        pending = bool(model and model.renewal and not entry and year not in [renewal.year for renewal in p.renewals]
                       and year > (p.firstYear if p.status == "running" else p.admitted))
        flags = self.entitlement(p).flags if model else [{"code": "model_missing"}]
        flags = [{"code": "by_completion"}] * (p in self.completed) + flags + [{"code": "renewal_pending"}] * pending
        amount, more, steps, fitted = entry and entry.amount, {}, [], None
        if fit:
            fitted, e, parts = fit.fitted.get(p.reference), self.entitlement(p), fit.aside.get(p.reference, [])
            factor, aside = fit.factor and str(fit.factor), sum(part for part, _ in parts)
            rounding = None if fitted is None or model.fit == "by_priority" else {
                "method": model.rounding if factor else "nearest", "unit": money(model.unit),
                "before": exact(fit.before[p.reference])}
            inputs = named(available=money(fit.available), factor=factor)
            steps = [self.step("fit", fit=model.fit, inputs=inputs, result=money(fitted), steps=[e.step],
                               rounding=rounding), *(step for _, step in parts)]
        if entry:
            inputs = [present(name="amount", value=money(amount), run=entry.run, decision=entry.decision)]
            if fitted is not None:
                p.due += fitted + aside - amount if model.settlement != "none" else 0
                more = {"computed": money(fitted + aside), "difference": money(fitted + aside - amount)}
            trace = self.step("decided", inputs=inputs + named(**more), result=money(amount), steps=steps)
        elif fitted is not None:
            amount = max(0, fitted + aside + p.adjust)
            p.due += min(0, fitted + aside + p.adjust)
            more = present(fitted=money(fitted), setAside=money(aside or None), adjust=money(p.adjust or None))
            flags += [{"code": "frame_exhausted"}] * (model.fit == "by_priority" and fitted < e.cost)
            if p.adjust: steps.append(self.step("settlement", inputs=named(due=money(p.due_before)), result=money(p.adjust)))
        if not entry:
            trace = self.step("amount", result=money(amount), steps=steps) if model else {"step": "no_model"}
        if model and amount is not None:
            more.update(self.payments(p, amount, (entry or notified or Thing()).paid))
            flags += [{"code": "overpaid"}] * ("overpaid" in more)
        self.plan.lines.append({"amount": money(amount), "trace": trace, **more, **present(
            project=p.id, reference=p.reference, year=year, admitted=p.admitted == year or None, flags=flags,
            state="decided" if entry else "pre_notified" if notified else "planned",
            conditional=None if entry or self.frame.status == "decided" and not pending else True,
            promised=money(notified and notified.amount))})
        for party in p.parties if amount else []: self.plan.served[party].add(year)
        return amount
    def payments(self, p, amount, paid):
        """What follows from an amount (section 10)."""
        model, shares = self.model, {p.lead: 1}
        provider = nearest(amount * model.providerShare, model.unit) if model.providerShare else None
        own = nearest(amount * model.ownContribution, model.unit) if model.ownContribution else None
        if model.payTo == "parties":
            shares = {n: self.entitlement(p).given.get(n, 0) for n in p.parties}
            shares = shares if any(shares.values()) else dict.fromkeys(shares, 1)
        for _ in list(self.plan.organisations):       # no chain of successors is longer
            for number in self.ceased & shares.keys():
                weight = shares.pop(number)
                for heir in self.plan.organisations[number].successors:
                    shares[heir.organisation] = shares.get(heir.organisation, 0) + weight * heir.share
        if self.ceased & shares.keys() or len(paid) > len(model.instalments) > 0:
            raise Refused(f"{short(p.reference)} has successors in a circle, or more paid instalments than there are")
        parts, _ = apportion("largest_remainder", amount, [shares[n] for n in sorted(shares)])
        rest, still = amount - sum(paid) if model.instalments else 0, model.instalments[len(paid):]
        spread, whole, running, amounts = max(0, rest), sum(part.share for part in still) or 1, 0, [*paid]
        for part in still:
            running += part.share
            upto = spread if part is still[-1] else min(nearest(spread * running / whole, model.unit), spread)
            amounts.append(upto - sum(amounts[len(paid):]))
        return present(
            provider=money(provider), ownContribution=money(own),
            owner=None if provider is None else money(amount - provider),
            recipients=[{"organisation": n, "amount": money(part)} for n, part in zip(sorted(shares), parts) if part],
            instalments=[present(date=part.date, amount=money(each), paid=i < len(paid) or None)
                         for i, (part, each) in enumerate(zip(model.instalments, amounts))],
            overpaid=money(-rest) if rest < 0 else None, unpaid=money(rest) if rest > 0 and not still else None)

def result_of(data):
    """The result of an input (section 11)."""
    plan = read("input", data)
    if not 0 <= plan.lastYear - plan.firstYear < 200: raise Refused("the horizon is not one of 1 to 200 years")
    plan.organisations = defaultdict(lambda: Thing(name=""), {o.number: o for o in plan.organisations})
    plan.served, plan.accounts, plan.carry = defaultdict(set), {}, plan.carriedIn or 0
    plan.lines, plan.years, plan.waiting = [], [], []
    for earlier in plan.history: plan.served[earlier.organisation].add(earlier.year)
    for p in plan.projects:
        p.parties = sorted({p.lead, *p.partners})
        p.voters = sorted({*p.parties, *p.supporters})
        p.order = (p.status == "waiting", p.priority is None, p.priority or 0, p.reference)
        p.last = min([p.lastYear, *(r.year - 1 for r in p.renewals if r.outcome == "stopped")])
        p.decided, p.notified = ({e.year: e for e in p.years if e.state == s} for s in ("decided", "pre_notified"))
        p.due, p.admitted, p.payers = 0, None, {}
        for party in p.parties if p.status == "running" else []:
            plan.served[party].update(range(p.firstYear, min(p.lastYear + 1, plan.firstYear)))
    if len({p.reference for p in plan.projects}) < len(plan.projects): raise Refused("a reference is not unique")
    plan.projects.sort(key=lambda p: p.order)
    voters, rules = {v for p in plan.projects for v in p.voters}, {m.admission.rule for m in plan.models}
    plan.memories = {rule: dict.fromkeys(voters, Fraction(rule == "perpetual_consensus"))
                     for rule in rules if rule.startswith("perpetual")}
    plan.calendar = {year: Year(plan, year) for year in range(plan.firstYear, plan.lastYear + 1)}
    for year, season in plan.calendar.items():
        began = [p for p in plan.projects if p.status == "running"
                 and (p.firstYear == year or p.firstYear < year == plan.firstYear)]
        for p in sorted(began, key=lambda p: (p.firstYear, p.order)):
            for rule, credit in plan.memories.items(): perpetual_round(rule, credit, [p], electorate(plan, year))
        season.compute()
    return {"lines": sorted(plan.lines, key=lambda line: (line["reference"], line["year"])), "years": plan.years,
            **present(waiting=sorted(plan.waiting, key=lambda wait: (wait["year"], wait["reference"])))}

# ------------------------------------------------------------------------------------------------- the file (section 1)
def bundle(data):
    """The bundle of an input."""
    parts = {"input": data, "result": result_of(data)}
    hashes = {f"{name}Hash": hashlib.sha256(canonical(part)).hexdigest() for name, part in parts.items()}
    return {"format": FORMAT, **parts, **hashes}

def difference(path, found, computed):
    """The first place where two values differ, as a sentence."""
    if type(found) is type(computed) and isinstance(found, (dict, list)):
        one, other = (part if isinstance(part, dict) else dict(enumerate(part)) for part in (found, computed))
        for key in sorted(one.keys() | other.keys()):
            parts = one.get(key, "(absent)"), other.get(key, "(absent)")
            if canonical(parts[0]) != canonical(parts[1]):
                return difference(f"{path}.{key}" if isinstance(found, dict) else f"{path}[{key}]", *parts)
    return f"{path} is {short(found)} in the file, {short(computed)} computed"

def check(data):
    """Verifies the bytes of a bundle; gives what to say."""
    found = parse(data)
    if canonical(found) != data: raise Refused("its bytes are not the canonical form (RFC 8785) of what they say")
    if not isinstance(found, dict) or found.get("format") != FORMAT: raise Refused(f"it is not of the format {FORMAT}")
    computed = bundle(found["input"])
    if canonical(computed) != data: raise Refused(difference("$", found, computed))
    return f"holds (inputHash {found['inputHash']})"

def attempt(path, work):
    """Does the work with the contents of a file; gives the exit code and what to say."""
    try:
        if os.path.getsize(path) > MAX_BYTES or not os.path.isfile(path):
            return 2, f"is not a file of at most {MAX_BYTES} bytes"
        with open(path, "rb") as file:
            return 0, work(file.read(MAX_BYTES))
    except OSError as error:
        return 2, f"cannot be read: {error.strerror}"
    except Exception as error:      # whatever a broken input leads to, it does not hold
        return 1, str(error) if isinstance(error, Refused) else f"the input can not be computed: {short(repr(error))}"

def main(arguments):
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(description="Verifies Tildel bundles.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="a bundle")
    parser.add_argument("--directory", metavar="DIR", help="check all *.json of a directory")
    parser.add_argument("--compute", metavar="INPUT", help="print the bundle of a file that holds an input only")
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if options.compute:
        code, said = attempt(options.compute, lambda data: canonical(bundle(parse(data))).decode("utf-8"))
        print(said, end="" if code == 0 else "\n", flush=True)
        return code
    folder = os.path.join(glob.escape(options.directory or os.devnull), "*.json")
    files = options.files + sorted(glob.glob(folder)) or parser.error("no file to check")
    worst = 0
    for path in files:
        code, said = attempt(path, check)
        print(f"{path}: {said}", flush=True)
        worst = max(worst, code)
    return worst

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:     # nobody reads any more; what is left to write is not written
        os._exit(2)
