"""Tests of the verifier. Every expected value is worked out by hand from docs/bundle.md, in the comment beside it."""
import copy
import hashlib
import io
import json
import os
import random
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import verify  # noqa: E402

METHODS = ["largest_remainder", *verify.DIVISORS]
SHARED = os.environ.get("TILDEL_SHARED") or os.path.join(HERE, "..", "..", "shared")
VECTORS = os.path.join(SHARED, "data", "apportionment.json")
VECTOR_METHODS = {"hamilton": "largest_remainder", "dhondt": "dhondt", "saintelague": "sainte_lague", "adams": "adams",
                  "modified_saintelague": "modified_sainte_lague", "huntington": "huntington_hill", "dean": "dean"}


def organisation(number, *counts, **more):
    """An organisation with upper secondary employees: pairs of date and count."""
    records = [{"unitKind": "upper_secondary", "measure": "employees", "date": day, "source": "register",
                "value": {"status": "known", "value": value}} for day, value in counts]
    return {"number": number, "name": f"Org {number}", **({"headcounts": records} if records else {}), **more}


def project(reference, lead, **more):
    """A running project of 2026 to 2027."""
    return {"id": f"id-{reference}", "reference": reference, "title": "T", "firstYear": 2026, "lastYear": 2027,
            "status": "running", "lead": lead, **more}


def example(**changes):
    """An input of one year: 100000 and 500 a head for the 1029.2 employees of one organisation, out of 700000."""
    model = {
        "key": "scheme", "legalBasis": "§ 1", "version": 1, "validFromYear": 2020, "validToYear": 2030, "unit": "1.00",
        "rounding": "largest_remainder", "fit": "entitlement", "withheldAssumed": "0",
        "components": [{"id": "base", "kind": "base", "per": "project", "amount": "100000.00"},
                       {"id": "heads", "legalBasis": "§ 2", "kind": "per_head", "rates": [{"rate": "500.00"}],
                        "count": [{"unitKind": "upper_secondary", "measure": "employees"}]}],
        "admission": {"rule": "list", "onShortage": "stop"}, "settlement": "none", "carryOver": "1/10",
        "ownContribution": "3/10", "providerShare": "0", "payTo": "lead",
        "instalments": [{"date": "03-15", "share": "7/12"}, {"share": "5/12"}]}
    model.update(changes.pop("model", {}))
    return {"office": "Office", "scheme": "scheme", "firstYear": 2026, "lastYear": 2026, "models": [model],
            "frames": [{"year": 2026, "status": "decided", "amount": "700000.00"}],
            "organisations": [organisation("911", ("2025-10-01", "1029.2"))], "projects": [project("26/1", "911")],
            **changes}


def result(given):
    return verify.bundle(given)["result"]


def amounts(given):
    return {line["reference"]: line["amount"] for line in result(given)["lines"]}


class Values(unittest.TestCase):
    def test_roundings(self):
        # a half goes away from zero; down goes below (section 2)
        self.assertEqual([verify.nearest(Fraction(x, 2), 1) for x in (1, 3, -1, -3)], [1, 2, -1, -2])
        self.assertEqual((verify.down(-150, 100), -verify.down(150, 100)), (-200, -100))

    def test_texts(self):
        self.assertEqual(verify.money(-50), "-0.50")
        self.assertEqual(verify.exact(Fraction(102703700, 2)), "1027037/2")     # 513518.50 kroner, from the spec
        self.assertEqual(verify.count_text(Fraction("1029.2")), "1029.2")


class Apportionment(unittest.TestCase):
    def units(self, method, n, weights, **bounds):
        return verify.apportion(method, n, weights, **bounds)[0]

    def test_5300001(self):
        # Σ w = 1595. The terms w × 5300001 ÷ 1595: 1369028.47, 289090.96, 441943.66, 3160063.29, 39874.62; the whole
        # parts add up to 5299998, and the three units left go to the fractions .96, .66 and .62
        weights = [412, 87, 133, 951, 12]
        self.assertEqual(self.units("largest_remainder", 5300001, weights), [1369028, 289091, 441944, 3160063, 39875])
        self.assertEqual(self.units("dhondt", 5300001, weights), [1369029, 289091, 441943, 3160064, 39874])

    def test_tie(self):
        # 500 ÷ 401 = 1.2469 and 505 ÷ 401 = 1.2594: the one unit left goes to the second, without a tie
        self.assertEqual(verify.apportion("largest_remainder", 5, [100, 101, 100, 100]), ([1, 2, 1, 1], None))
        # 3 over 1, 1: 1.5 each; the lower rank takes the unit, and it is a tie of both for one unit
        self.assertEqual(verify.apportion("largest_remainder", 3, [1, 1], ranks=[2, 1]), ([1, 2], ([1, 0], 1)))

    def test_bounds(self):
        # 10 over 6, 3, 1 with at most 4 and at least 2: the first has 4, the last 2, and the second what is left, 4
        for method in METHODS:
            self.assertEqual(self.units(method, 10, [6, 3, 1], lower=[0, 0, 2], upper=[4, 10, 10]), [4, 4, 2])

    def test_huntington_hill(self):
        # 3 over 5, 1: one each first, then 5 ÷ √2 > 1 ÷ √2. 4 over 245, 141: after 2 and 1 units 245² ÷ 6 = 10004.2 is
        # above 141² ÷ 2 = 9940.5, so the fourth goes to 245; against 142² ÷ 2 = 10082 it goes to the other
        self.assertEqual(self.units("huntington_hill", 3, [5, 1]), [2, 1])
        self.assertEqual(self.units("huntington_hill", 4, [245, 141]), [3, 1])
        self.assertEqual(self.units("huntington_hill", 4, [245, 142]), [2, 2])

    def test_big(self):
        # 10^18 over 1, 2, 3 with 6 ∤ 10^18: 10^18 ÷ 6 = 166666666666666666 + 2/3, and so on
        for method in METHODS:
            got = self.units(method, 10**18, [1, 2, 3])
            self.assertEqual(sum(got), 10**18)
            self.assertTrue(all(abs(6 * part - w * 10**18) <= 6 for part, w in zip(got, (1, 2, 3))))

    def test_one_by_one(self):
        # the words of section 9 taken literally: from the lower bounds, one unit after the other to the largest w ÷ d(k)
        chance = random.Random(1)
        for _ in range(300):
            size = chance.randint(1, 6)
            weights, ranks = [chance.randint(1, 30) for _ in range(size)], chance.sample(range(size), size)
            lower = [chance.choice([0, 0, 3]) for _ in range(size)]
            upper = [least + chance.randint(0, 12) for least in lower]
            n = chance.randint(sum(lower), sum(upper))
            for method, divisor in verify.DIVISORS.items():
                units, power = list(lower), 2 if method == "huntington_hill" else 1
                while sum(units) < n:
                    claims = [(i, divisor(units[i])) for i in range(size) if units[i] < upper[i]]
                    best = min(claims, key=lambda claim: (
                        claim[1] > 0, -Fraction(weights[claim[0]]**power) / (claim[1] or 1), ranks[claim[0]]))
                    units[best[0]] += 1
                self.assertEqual(verify.apportion(method, n, weights, ranks, lower, upper)[0], units)

    def test_vectors(self):
        if not os.path.exists(VECTORS):
            print(f"no vectors at {VECTORS}")
            return
        with open(VECTORS, encoding="utf-8") as file:
            vectors = json.load(file)["vectors"]
        for v in vectors:
            units, tie = verify.apportion(VECTOR_METHODS[v["method"]], v["seats"], v["weights"])
            self.assertEqual((units, tie is not None), (v["expected"], v["tie"]), v["id"])
            if tie:
                self.assertEqual(sorted(tie[0]), v["tied_indices"], v["id"])


class Amounts(unittest.TestCase):
    def test_whole_bundle(self):
        # entitlement 100000 + 500 × 1029.2 = 614600. Instalments: 614600 × 7/12 = 358516.67 → 358517, then 256083;
        # own contribution 614600 × 3/10 = 184380. left 700000 − 614600 = 85400, of which 700000/10 is carried
        basis, other = {"rule": "scheme@1", "basis": "§ 1"}, {"rule": "scheme@1#heads", "basis": "§ 2"}
        count = {"step": "headcount", "organisation": "911", "organisationName": "Org 911",
                 "unitKind": "upper_secondary", "measure": "employees", "result": "1029.2", "inputs": [
                     {"name": "headcount", "value": "1029.2", "date": "2025-10-01", "source": "register"}]}
        base = {"step": "base", "rule": "scheme@1#base", "basis": "§ 1", "result": "100000", "inputs": [
            {"name": "amount", "value": "100000.00"}, {"name": "times", "value": "1"}]}
        heads = {"step": "per_head", **other, "result": "514600", "steps": [count], "inputs": [
            {"name": "rate", "value": "500.00"}, {"name": "headcount", "value": "1029.2"}]}
        entitlement = {"step": "entitlement", **basis, "result": "614600", "steps": [base, heads]}
        fit = {"step": "fit", **basis, "fit": "entitlement", "inputs": [{"name": "available", "value": "700000.00"}],
               "result": "614600.00", "rounding": {"method": "nearest", "unit": "1.00", "before": "614600"},
               "steps": [entitlement]}
        expected = {
            "lines": [{"project": "id-26/1", "reference": "26/1", "year": 2026, "amount": "614600.00",
                       "state": "planned", "fitted": "614600.00", "ownContribution": "184380.00",
                       "recipients": [{"organisation": "911", "amount": "614600.00"}],
                       "instalments": [{"date": "03-15", "amount": "358517.00"}, {"amount": "256083.00"}],
                       "trace": {"step": "amount", **basis, "result": "614600.00", "steps": [fit]}}],
            "years": [{"year": 2026, "model": "scheme@1", "frameStatus": "decided", "frame": "700000.00",
                       "given": "700000.00", "total": "614600.00", "lines": 1, "left": "85400.00",
                       "carriedOut": "70000.00", "lapsed": "15400.00", "placesUsed": 1}]}
        self.assertEqual(result(example()), expected)

    def test_instalments(self):
        # 22284 × 7/12 = 12999; 7514 × 7/12 = 4383.17 → 4383 (section 10)
        for amount, parts in ("22284.00", ["12999.00", "9285.00"]), ("7514.00", ["4383.00", "3131.00"]):
            entry = {"year": 2026, "state": "decided", "amount": amount}
            given = example(projects=[project("26/1", "911", years=[entry])])
            line = result(given)["lines"][0]
            self.assertEqual([part["amount"] for part in line["instalments"]], parts)
            # the first is paid with 13000: the other gets the rest
            entry["paid"] = ["13000.00"]
            line = result(given)["lines"][0]
            rest = {"22284.00": "9284.00", "7514.00": "0.00"}[amount]
            self.assertEqual(line["instalments"][1], {"amount": rest})
            self.assertEqual(line.get("overpaid"), {"7514.00": "5486.00"}.get(amount))

    def test_exhaust(self):
        # 1000 + 100 × 10 and 1000 + 100 × 30 for 8000: 2000 + s × 4000 = 8000, s = 3/2: 2500 and 5500
        given = example(model={"fit": "exhaust"}, frames=[{"year": 2026, "status": "decided", "amount": "8000.00"}],
                        organisations=[organisation("1", ("2025-10-01", "10")),
                                       organisation("2", ("2025-10-01", "30"))],
                        projects=[project("a", "1"), project("b", "2")])
        given["models"][0]["components"][0]["amount"] = "1000.00"
        given["models"][0]["components"][1]["rates"] = [{"rate": "100.00"}]
        self.assertEqual(amounts(given), {"a": "2500.00", "b": "5500.00"})
        self.assertEqual(result(given)["years"][0]["factor"], "3/2")
        # with a cap of 3000 on each: 2000 + s × 4000 until b is at 3000 (s = 2/3), then a alone: 1000 + s × 1000 = 3000
        # would give 6000 in all, less than 8000: nothing solves it, both get their cap
        given["models"][0]["caps"] = {"project": "3000.00"}
        self.assertEqual(amounts(given), {"a": "3000.00", "b": "3000.00"})
        # for 5500: b 3000, a 2500
        given["frames"][0]["amount"] = "5500.00"
        self.assertEqual(amounts(given), {"a": "2500.00", "b": "3000.00"})
        # scale_all without caps for 3000 of 2000 + 4000: a half of each
        del given["models"][0]["caps"]
        given["models"][0]["fit"], given["frames"][0]["amount"] = "scale_all", "3000.00"
        self.assertEqual(amounts(given), {"a": "1000.00", "b": "2000.00"})

    def test_by_priority(self):
        # costs 614600 each, 1000000.50 given: the first in order its cost, the second what is left in whole kroner
        given = example(model={"fit": "by_priority"},
                        frames=[{"year": 2026, "status": "decided", "amount": "1000000.50"}],
                        projects=[project("a", "911"), project("b", "911", priority=1)])
        for shortage, rest in ("partial", "385400.00"), ("stop", "0.00"), ("skip", "0.00"):
            given["models"][0]["admission"]["onShortage"] = shortage
            self.assertEqual(amounts(given), {"a": rest, "b": "614600.00"})

    def test_successors(self):
        # ceased on 1 January: one third and two thirds of 614600.00: 204866.666… and 409733.333…; the øre left goes to
        # the larger fraction, .67 of the first
        heirs = [{"organisation": "8", "share": "1/3"}, {"organisation": "7", "share": "2/3"}]
        ceased = organisation("911", ("2025-10-01", "1029.2"), ceased="2026-01-01", successors=heirs)
        line = result(example(organisations=[ceased]))["lines"][0]
        self.assertEqual(line["recipients"], [{"organisation": "7", "amount": "409733.33"},
                                              {"organisation": "8", "amount": "204866.67"}])
        self.assertEqual([flag["code"] for flag in line["flags"]], ["predecessor_counts"])

    def test_split_year(self):
        # 2026 has 365 days, 212 before 1 August: 100 × (212 × 10 + 153 × 20) ÷ 365 = 518000 ÷ 365 = 103600/73
        given = example(organisations=[organisation("911", ("2025-10-01", "10"), ("2026-08-01", "20"))],
                        model={"splitYear": True, "components": [
                            {"id": "h", "kind": "per_head", "rates": [{"rate": "100.00"}],
                             "count": [{"unitKind": "upper_secondary", "measure": "employees"}]}]})
        fit = result(given)["lines"][0]["trace"]["steps"][0]
        self.assertEqual(fit["rounding"]["before"], "103600/73")
        pieces = fit["steps"][0]["steps"][0]["steps"]
        self.assertEqual([piece["inputs"][1]["value"] for piece in pieces], ["212", "153"])
        self.assertEqual(fit["result"], "1419.00")      # 1419.18

    def test_units(self):
        # by unit, as the newest record, of 2026-03-01, names one: school 1 has 12 then, school 2 its newest, withheld: 3 assumed;
        # 12 + 3 = 15, and 100000 + 15 × 500 = 107500. The older count of the whole, 1029.2, is left out
        whole = organisation("911", ("2025-10-01", "1029.2"))
        def unit(number, day, **value):
            return {**whole["headcounts"][0], "date": day, "value": value, "unit": {"number": number, "name": "S" + number}}
        first, second = (unit("1", "2024-10-01", status="known", value="9"), unit("2", "2024-10-01", status="withheld"))
        newest = unit("1", "2026-03-01", status="known", value="12")
        def told(*records):
            changed = {**whole, "headcounts": [*whole["headcounts"], *records]}
            line = result(example(organisations=[changed], model={"withheldAssumed": "3"}))["lines"][0]
            return line["amount"], [(flag["code"], flag.get("unit")) for flag in line.get("flags", [])], line
        amount, flags, line = told(first, second, newest)
        self.assertEqual((amount, flags), ("107500.00", [("withheld_assumed", "2")]))
        step = line["trace"]["steps"][0]["steps"][0]["steps"][1]["steps"][0]
        self.assertEqual([(i["unit"], i["value"]) for i in step["inputs"]],
                         [({"name": "S1", "number": "1"}, "12"), ({"name": "S2", "number": "2"}, "withheld")])
        # as a whole, as the newest record is: 100000 + 1029.2 × 500 = 614600
        self.assertEqual(told(first, second)[0], "614600.00")
        # of one date, the units go before the whole: 100000 + 7 × 500 = 103500
        self.assertEqual(told(unit("1", "2025-10-01", status="known", value="7"))[0], "103500.00")
        # a unit that is not known makes the sum missing, whatever the others say
        self.assertEqual(told(newest, unit("2", "2025-10-01", status="unknown"))[:2], (None, [("headcount_unknown", "2")]))
        # so does one whose newest records contradict each other; the other's older ones do not matter
        self.assertEqual(told(first, newest, unit("2", "2025-01-01", status="known", value="1"),
                              unit("2", "2025-01-01", status="known", value="2"))[:2], (None, [("headcount_conflict", "2")]))

    def test_units_in_a_split_year(self):
        # 2026 has 365 days, 59 before 1 March. Until then the records up to 1 January: 1029.2 as a whole. From then on by unit: 12.
        # 100 × (59 × 1029.2 + 306 × 12) ÷ 365 = 6439480 ÷ 365 = 1287896/73
        whole = organisation("911", ("2025-10-01", "1029.2"), ("2026-03-01", "12"))
        whole["headcounts"][1]["unit"] = {"number": "1", "name": "S1"}
        given = example(organisations=[whole], model={"splitYear": True, "components": [
            {"id": "h", "kind": "per_head", "rates": [{"rate": "100.00"}],
             "count": [{"unitKind": "upper_secondary", "measure": "employees"}]}]})
        fit = result(given)["lines"][0]["trace"]["steps"][0]
        self.assertEqual(fit["rounding"]["before"], "1287896/73")

    def test_settlement(self):
        # decided 600000 in 2026 instead of 614600: 14600 more in 2027 (next), on 614600
        entry = {"year": 2026, "state": "decided", "amount": "600000.00"}
        given = example(lastYear=2027, model={"settlement": "next"}, projects=[project("a", "911", years=[entry])])
        lines = result(given)["lines"]
        self.assertEqual((lines[0]["computed"], lines[0]["difference"]), ("614600.00", "14600.00"))
        self.assertEqual((lines[1]["adjust"], lines[1]["amount"]), ("14600.00", "629200.00"))


class Admission(unittest.TestCase):
    def waiting(self, rule, projects, frame, **model):
        admission = {"rule": rule, "onShortage": "skip", **model.pop("admission", {})}
        given = example(model={"admission": admission, **model}, projects=projects,
                        frames=[{"year": 2026, "status": "decided", "amount": frame}],
                        organisations=[organisation("1"), organisation("2"), organisation("3")])
        given["models"][0]["components"] = [{"id": "b", "kind": "base", "per": "project", "amount": "60.00"}]
        found = result(given)
        admitted = [line["reference"] for line in found["lines"] if line.get("admitted")]
        return admitted, {wait["reference"]: wait["reason"] for wait in found.get("waiting", [])}, found["years"][0]

    def test_list(self):
        projects = [project(r, "1", status="waiting") for r in "abc"]
        self.assertEqual(self.waiting("list", projects, "130.00")[:2], (["a", "b"], {"c": "money"}))

    def test_accounts(self):
        # 100 over two voters of equal weight: 50 each. a (voter 1 alone, 60) is too dear for its account; b takes 30 of
        # both. Then 40 are left in the frame, so a is too dear for the frame: `money`. 20 are carried by each
        projects = [project("a", "1", status="waiting"), project("b", "1", partners=["2"], status="waiting")]
        admitted, reasons, year = self.waiting("accounts", projects, "100.00")
        self.assertEqual((admitted, reasons), (["b"], {"a": "money"}))
        self.assertEqual(year["accounts"], [
            {"organisation": n, "part": "50.00", "carriedIn": "0.00", "spent": "30.00", "carriedOut": "20.00",
             "returned": "0.00"} for n in "12"])

    def test_perpetual(self):
        # money for two. Consensus: round 1: c has the weights of 1 and 2, so 2, a and b have 1 each: c. n = m = 2: each
        # loses 1 and gains 1. Round 2: equal scores, the first: a. Quota: round 1: s = 2, both voters have 1: c with 2;
        # satisfaction 1 each. Round 2: s = 1: 1 + 1/2 − 1 = 1/2 each: a
        projects = [project("a", "1", status="waiting"), project("b", "2", status="waiting"),
                    project("c", "1", partners=["2"], status="waiting")]
        for rule in ("perpetual_consensus", "perpetual_quota"):
            admitted, reasons, _ = self.waiting(rule, projects, "125.00")
            self.assertEqual((admitted, reasons), (["a", "c"], {"b": "money"}))

    def test_perpetual_memory(self):
        # the running project of 1 has won a round: consensus: n = 2, m = 1: weight of 1 is 1 − 2 + 1 = 0, of 2 is 2: b.
        # quota: 1 had quota 1/2 and satisfaction 1; round: + 1/2 for both: 1 has max(0, 1 − 1) = 0, 2 has 1/2: b
        projects = [project("r", "1"), project("a", "1", status="waiting"), project("b", "2", status="waiting")]
        for rule in ("perpetual_consensus", "perpetual_quota"):
            self.assertEqual(self.waiting(rule, projects, "125.00")[0], ["b"])


class Files(unittest.TestCase):
    def run_on(self, *contents):
        """Exit code and output for files with these bytes."""
        with tempfile.TemporaryDirectory() as folder:
            for i, data in enumerate(contents):
                with open(os.path.join(folder, f"{i}.json"), "wb") as file:
                    file.write(data)
            out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            with redirect_stdout(out):
                code = verify.main(["--directory", folder])
            out.seek(0)
            return code, out.read()

    def test_holds(self):
        data = verify.canonical(verify.bundle(example()))
        code, said = self.run_on(data, data)
        self.assertEqual((code, said.count("holds (inputHash ")), (0, 2))

    def test_changed_bytes(self):
        data = verify.canonical(verify.bundle(example()))
        for i in range(0, len(data), 7):
            self.assertEqual(self.run_on(data[:i] + bytes([data[i] ^ 1]) + data[i + 1:])[0], 1, i)

    def test_changed_result_with_its_hash(self):
        found = verify.bundle(example())
        found["result"]["lines"][0]["amount"] = "614601.00"
        found["resultHash"] = hashlib.sha256(verify.canonical(found["result"])).hexdigest()
        code, said = self.run_on(verify.canonical(found))
        self.assertEqual(code, 1)
        self.assertIn('result.lines[0].amount is "614601.00" in the file, "614600.00" computed', said)

    def test_changed_input_with_its_hash(self):
        found = verify.bundle(example())
        found["input"]["frames"][0]["amount"] = "700000.01"
        self.assertIn("inputHash", self.run_on(verify.canonical(found))[1])
        found["inputHash"] = hashlib.sha256(verify.canonical(found["input"])).hexdigest()
        code, said = self.run_on(verify.canonical(found))
        self.assertEqual((code, "result." in said), (1, True))

    def test_form(self):
        found = verify.bundle(example())
        data = verify.canonical(found)
        reordered = json.dumps(dict(reversed(found.items())), separators=(",", ":"), ensure_ascii=False).encode()
        escaped = data.replace("§".encode(), b"\\u00a7")
        other_keys = verify.canonical({**found, "more": 1})
        for broken in (data + b"\n", b" " + data, reordered, escaped, other_keys, data[:-1], b"\xef\xbb\xbf" + data,
                       data.replace(b'"year":2026', b'"year":2026.0'), data.replace(b'"lines":1', b'"lines":true')):
            self.assertEqual(self.run_on(broken)[0], 1)

    def test_hostile(self):
        data = verify.canonical(verify.bundle(example()))
        for broken in (b"", b"{", b"[" * 10**6, b'{"a":' * 10**5, b"NaN", b"1e999", b"9" * 10**6, b"\xff", b"null",
                       b'"\\ud800"', b'{"format":"tildel-bundle/1","format":1}',
                       data.replace(b'"Office"', b'"\\ud800"'),
                       data.replace(b'"office"', b'"\\ud800"'), data.replace(b'"unit":"1.00"', b'"unit":"0.00"')):
            code, said = self.run_on(broken)
            self.assertEqual((code, said.count("\n")), (1, 1), broken[:20])

    def test_broken_inputs(self):
        # each is refused with one sentence: circles, negative money, wrong types, a stray null
        circle = [organisation("911", ("2025-10-01", "1"), ceased="2020-01-01", successors=[
            {"organisation": "911", "share": "1"}])]
        decided = [{"year": 2026, "state": "decided", "amount": "-5.00"}]
        for given in (example(organisations=circle), example(projects=[project("a", "911", years=decided)]), [], None,
                      "x", example(models=None), example(firstYear="2026"), example(carriedIn=None),
                      example(lastYear=10**15), example(lastYear=9999),
                      example(projects=[project("a", "911")] * 2),
                      example(carriedIn="1.5"), example(carriedIn="-0.00"), example(history=[]), example(more=None),
                      example(model={"carryOver": "2/4"}), example(model={"carryOver": "1/0"})):
            found = {"format": verify.FORMAT, "input": copy.deepcopy(given), "result": {}}
            for name in ("input", "result"):
                found[f"{name}Hash"] = hashlib.sha256(verify.canonical(found[name])).hexdigest()
            code, said = self.run_on(verify.canonical(found))
            self.assertEqual((code, said.count("\n"), "Traceback" in said), (1, 1, False), said)
            self.assertNotIn(" in the file, ", said)      # refused already before its result was compared

    def test_compute(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "input.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(example(), file, indent=2)
            out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            with redirect_stdout(out):
                self.assertEqual(verify.main(["--compute", path]), 0)
            out.seek(0)
            self.assertEqual(self.run_on(out.read().encode("utf-8"))[0], 0)

    def test_usage(self):
        with redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as left:
            verify.main([])
        self.assertEqual(left.exception.code, 2)
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with redirect_stdout(out):
            self.assertEqual(verify.main([os.path.join(HERE, "no such file")]), 2)


if __name__ == "__main__":
    unittest.main()
