"""Computes a published score by hand and makes its receipt, with the standard library alone.
    python verify.py "https://SITE/stocks/TICKER/inputs.json?as_of=2026-09-30"
"""
import hashlib, json, struct, sys, urllib.request
from itertools import pairwise
from operator import add, mul, sub, truediv

def ratio(formula, inputs):
    if not isinstance(formula, list):
        return inputs.get(formula, formula)  # the name of an input, or a number
    symbols = {"+": add, "-": sub, "*": mul, "/": truediv}
    return symbols[formula[0]](ratio(formula[1], inputs), ratio(formula[2], inputs))

def mid_rank(value, rising, ties):
    runs = [0]  # the place where the run of ties of each value begins
    for place, (low, high) in enumerate(pairwise(rising), 1):
        runs.append(runs[-1] if high - low <= ties * max(abs(low), abs(high)) else place)
    first = runs[rising.index(value)]
    return (first + (runs.count(first) - 1) / 2 + 0.5) / len(rising)

def sub_score(metric, rules):
    value, others = metric["value"], metric["sector"] or []
    if metric["decided"] is not None or value is None:
        return metric["decided"]
    if metric["mode"] == "curve":
        value, curve = value / 2 if metric["halved"] else value, metric["curve"]
        for (left, low), (right, high) in pairwise(curve):
            if value <= right:
                return low + (high - low) * (max(value, left) - left) / (right - left)
        return curve[-1][1]
    within = mid_rank(value, others, rules["ties"]) if others else 0
    market, weight = mid_rank(value, metric["market"], rules["ties"]), rules["shrinkage"]
    return (len(others) * within + weight * market) / (len(others) + weight)

def factor(metrics, rules):
    known = [(m["points"], s) for m in metrics if (s := sub_score(m, rules)) is not None]
    points = sum(p for p, _ in known)
    if points < rules["least_coverage"] * sum(m["points"] for m in metrics):
        return None
    return int(round(sum(100 * rules["factor_points"] * p * s / points for p, s in known), 6) + 0.5)

def verified(said):
    values, metrics, made = said["values"], said["metrics"], {}
    for metric in metrics:
        if metric["formula"] is not None and metric["value"] is not None:
            assert metric["value"] == ratio(metric["formula"], said["inputs"] | metric["assumed"])
        same = [other for other in metrics if other["factor"] == metric["factor"]]
        made[metric["factor"]] = factor(same, said["rules"])
    rated = [points for points in made.values() if points is not None]
    total = sum(rated) if len(rated) == 4 else (8 * sum(rated) + 3) // 6
    made["total"] = total if len(rated) >= said["rules"]["least_rated"] else None
    text = lambda n: struct.pack(">d", n).hex() if isinstance(n, float) else "-" if n is None else n
    lines = [said["method"], said["ticker"], *(f"{key}={text(values[key])}" for key in sorted(values))]
    receipt = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    return {key: (made[key], values[key]) for key in made} | {"receipt": (receipt, said["receipt"])}

if __name__ == "__main__":
    for name, (mine, theirs) in verified(json.load(urllib.request.urlopen(sys.argv[1]))).items():
        print(name, "computed", mine, "said", theirs, "" if mine == theirs else "DIFFERS")
