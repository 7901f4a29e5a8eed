#!/usr/bin/env python3
"""What a Microsoft 365 audit log holds, counted without Vigie, beside what Vigie reads of it and finds in it.

    bench/sign_ins.py AUDITRECORDS.csv [--vigie target/debug/vigie]

The portal's CSV with one JSON record in the column AuditData. Rows and records (each id once) by operation must agree with
`vigie read`; no finding may be of an account that is the provider's own.
"""
import argparse, collections, csv, json, subprocess, sys

WANTED = ["UserLoginFailed", "UserLoggedIn", "Consent to application.", "Add-MailboxPermission", "MailItemsAccessed",
          "New-InboxRule", "Add member to role."]
OWN = ("nt authority", "microsoft\\", "certificate", "fim_password_service", "s-1-5-18", "sharepoint\\")


def counted(path):
    csv.field_size_limit(1 << 30)
    rows, ids, services, cut = collections.Counter(), collections.defaultdict(set), collections.Counter(), 0
    with open(path, newline="", encoding="utf-8-sig") as f:
        for row in csv.DictReader(f):
            try:
                record = json.loads(row["AuditData"])
            except ValueError:
                cut += 1
                continue
            operation = record["Operation"]
            rows[operation] += 1
            ids[operation].add(record["Id"])
            services[operation] += record.get("UserType") in (3, 4)
    return rows, ids, services, cut


def lines(vigie, verb, path):
    done = subprocess.run([vigie, verb, "--json", path], capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--vigie", default="target/debug/vigie")
    given = parser.parse_args()
    rows, ids, services, cut = counted(given.log)
    read, told = lines(given.vigie, "read", given.log)
    found, _ = lines(given.vigie, "check", given.log)
    seen, distinct = collections.Counter(), collections.defaultdict(set)
    for o in read:
        if o.get("kind") == "sign_in/activity":
            fields = o.get("fields", o)
            for record in fields["records"]:
                seen[fields["operation"]] += 1
                distinct[fields["operation"]].add(record[1])
    print(f"{sum(rows.values()) + cut} rows, {sum(len(i) for i in ids.values())} records, {cut} rows cut short")
    print(f"{'operation':<28}{'rows':>7}{'records':>9}{'of services':>13}{'read':>7}{'once':>7}")
    wrong = 0
    for operation in WANTED:
        row = (rows[operation], len(ids[operation]), services[operation], seen[operation], len(distinct[operation]))
        print(f"{operation:<28}{row[0]:>7}{row[1]:>9}{row[2]:>13}{row[3]:>7}{row[4]:>7}")
        wrong += row[3] != row[0] - row[2] and operation.startswith("User")
    print("found:")
    for key, n in sorted(collections.Counter((f["detector"], f["severity"]) for f in found).items()):
        print(f"  {key[0]:<26}{key[1]:<10}{n:>4}")
    own = [f for f in found for e in f["entities"] if e["type"] == "user-account" and e["value"].lower().startswith(OWN)]
    print(f"findings of the provider's own services: {len(own)}")
    print(told.strip().splitlines()[-1][:200] if told.strip() else "")
    return 1 if wrong or own else 0


if __name__ == "__main__":
    sys.exit(main())
