"""Fills the practice values of the national case: python3 practice.py, in this folder.

Cells with a star are made from the SHA-256 of the seed, the number, the column and nothing else, so that they can be made again. Cells
without a star are facts and stay.
"""

import csv
import hashlib
import sys

SEED = "tildel-national-1"
# The largest are told apart, so that the values have the spread that a real distribution has: about so many man-years.
LARGE = {"0301": 4400, "1103": 1600, "1108": 1050, "1507": 640, "1508": 550, "1580": 90, "3005": 950, "3024": 1150, "3201": 1150,
         "3301": 950, "4204": 1050, "4601": 2300, "5001": 1600}


def draw(*words):
    return int.from_bytes(hashlib.sha256("|".join((SEED, *words)).encode()).digest()[:8], "big")


def practice(row, column):
    kind, _, date = column.split(".")
    number, fact = row["number"], row.get("primary_school.man_years.2019-10-01", "")
    if fact not in ("", "0") and not fact.endswith("*"):
        size = max(1, int(float(fact)))
    else:
        size = LARGE.get(number) or 12 + (draw(number, "size") % 1000) ** 3 // 4_000_000
    share = {"kindergarten": 130, "primary_school": 100, "upper_secondary": 900}[kind]
    if kind == "upper_secondary" and number in LARGE:
        share = 33
    whole = size * share * (95 + draw(number, kind, date) % 11) // 10_000
    if kind == "kindergarten":
        # As registers do with small counts.
        return "withheld*" if whole < 5 else f"{whole}*"
    return f"{whole}.{draw(number, kind, date, 'tenths') % 9 + 1}*"


def main(names):
    for name in names:
        with open(name, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = [column for column in rows[0] if column.count(".") == 2]
        for row in rows:
            for column in columns:
                date = column.split(".")[2]
                exists = not (row["ceased"] and date >= row["ceased"])
                # Who is new in 2024 has the counts of the autumn before, as its first year rests on them.
                begins = "2023" if row["from"] else "0000"
                if row[column].endswith("*"):
                    row[column] = ""
                if exists and date >= begins and not row[column]:
                    row[column] = practice(row, column)
        with open(name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:] or ["municipalities.csv", "counties.csv"])
