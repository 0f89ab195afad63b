#!/usr/bin/env python3
"""Asks pyspf about the cases of tests/spf_differential.rs: pyspf_cases.py CASES [EXAMPLES]

CASES is the file that the test writes with MAILVET_CASES=path: one world a line, with its records, its requests, and
what check_host() of this project says. Prints how many verdicts differ, grouped by the two results and by the error
that check_host() names, with some examples of each group. Needs pyspf (pip install pyspf dnspython).
"""
import collections
import ipaddress
import json
import sys

import spf


def lookup(records):
    """A stand-in for the resolver of pyspf: these records exist, names in `test` time out, nothing else is there."""
    by_key = collections.defaultdict(list)
    for name, kind, data in records:
        name = ipaddress.ip_address(name).reverse_pointer if kind == "PTR" else name
        by_key[name, kind].append(data)
    names = {name for name, _ in by_key}

    def ask(name, kind, strict=True, timeout=20):
        key = name.rstrip(".").lower()
        if key not in names and key.endswith(".test"):
            raise spf.TempError("DNS timeout")
        found = by_key.get((key, kind), ())
        return [((name, kind), answer(kind, data)) for data in found]

    return ask


def answer(kind, data):
    if kind == "TXT":
        return (data.encode(),)
    if kind == "MX":
        preference, host = data.split()
        return int(preference), host.rstrip(".")
    return data


def main():
    examples = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    cases, groups = 0, collections.defaultdict(list)
    for number, line in enumerate(open(sys.argv[1], encoding="utf-8")):
        world = json.loads(line)
        spf.DNSLookup = lookup(world["records"])
        for case in world["cases"]:
            cases += 1
            try:
                result, text = spf.check2(case["ip"], case["sender"], case["helo"], receiver=case["receiver"])
            except Exception as error:  # pyspf's own fault
                result, text = "raises " + type(error).__name__, str(error)
            explained = case["explanation"]
            same = explained is None or result != "fail" or explained.lower() == text.lower()
            if result != case["result"] or not same:
                groups[case["result"], case["error"], result].append((number, case, text))
    print(f"{cases} cases, {sum(map(len, groups.values()))} differ")
    for (ours, error, theirs), found in sorted(groups.items(), key=lambda group: -len(group[1])):
        print(f"{len(found):6} check_host() {ours} ({error}), pyspf {theirs}")
        for number, case, text in found[:: max(1, len(found) // examples)][:examples] if examples else ():
            print(f"       world {number}: {case['sender']!r} from {case['ip']} helo {case['helo']}: {text!r}")
            print("".join(f"           {step}\n" for step in case["trace"]), end="")


main()
