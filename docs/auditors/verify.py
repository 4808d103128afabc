#!/usr/bin/env python3
"""Verifies what `grace audit` hands out, without Grace: Python 3.10 and the package `cryptography`.

    verify.py evidence.json         the export of a contract
    verify.py seal/                 sealed copies: tiles, entry bundles, checkpoints
    options: --key VKEY (insist on a key of the log, or of a witness)  --since FILE (a checkpoint you kept)  --json

Formats: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles; RFC 6962 and 9162; README.md.
Ends with 0 = everything that could be checked holds, 1 = something does not, 2 = there is nothing to check.
"""
import argparse, base64, hashlib, json, pathlib, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class Malformed(Exception): pass

def sha256(data): return hashlib.sha256(data).digest()
def sha256_hex(text): return sha256(text.encode()).hex()
def leaf_hash(entry): return sha256(b"\x00" + entry)
def node_hash(left, right): return sha256(b"\x01" + left + right)

def unbase64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text: raise Malformed("not the one base64 of its bytes")
    return data

# Merkle trees: the roots of the perfect subtrees, as (number of leaves, hash), largest first.
def tree_root(leaves):
    tree = []
    for leaf in leaves:
        tree.append((1, leaf))
        while len(tree) > 1 and tree[-1][0] == tree[-2][0]:
            (size, right), (_, left) = tree.pop(), tree.pop()
            tree.append((2 * size, node_hash(left, right)))
    root = tree[-1][1] if tree else sha256(b"")
    for _, left in reversed(tree[:-1]): root = node_hash(left, root)
    return root

def climb(fn, sn, hashes, proof):
    """The walk of RFC 9162 2.1.3.2 and 2.1.4.2. The first of two hashes takes only what lies to its left."""
    for sibling in proof:
        if sn == 0: return None
        if fn & 1 or fn == sn:
            hashes = [node_hash(sibling, one) for one in hashes]
            while not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        else:
            hashes = [*hashes[:-1], node_hash(hashes[-1], sibling)]
        fn, sn = fn >> 1, sn >> 1
    return hashes if sn == 0 else None

def is_included(index, size, leaf, proof, root):
    return 0 <= index < size and all(len(one) == 32 for one in [leaf, root, *proof]) and climb(index, size - 1, [leaf], proof) == [root]

def is_consistent(size1, root1, size2, root2, proof):
    if size1 == size2: return size1 > 0 and not proof and root1 == root2
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    if not 0 < size1 < size2 or not path or any(len(one) != 32 for one in [root2, *path]): return False
    fn, sn = size1 - 1, size2 - 1
    while fn & 1: fn, sn = fn >> 1, sn >> 1
    return climb(fn, sn, [path[0], path[0]], path[1:]) == [root1, root2]

# Signed notes
def is_name(name): return name != "" and not re.search(r"[\s+\x00-\x1f\x7f-\x9f]", name)

def parse_key(text):
    """name+id+base64(type ‖ public key) -> (name, id, type, public key); type 1 signs notes, 4 is a witness"""
    match = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(.+)", text, re.S)
    key = unbase64(match[3]) if match and is_name(match[1]) else b""
    if len(key) != 33 or key[0] not in (1, 4): raise Malformed("not an Ed25519 key: name+id+base64")
    if sha256(match[1].encode() + b"\n" + key)[:4].hex() != match[2]: raise Malformed("the key has another id")
    return match[1], match[2], key[0], key[1:]

def parse_note(data): # -> text, [(name, key id, signature)]
    note = data.decode("utf-8") if isinstance(data, bytes) else data
    if re.search(r"[\x00-\x09\x0b-\x1f]", note) or not note.endswith("\n") or "\n\n" not in note: raise Malformed("no note")
    text, lines = note.rsplit("\n\n", 1)
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, signature = line.split(" ") if line.count(" ") == 2 else ("", "", "")
        if dash != "\u2014" or not is_name(name): raise Malformed("not a signature line")
        signatures.append((name, unbase64(signature)[:4].hex(), unbase64(signature)[4:]))
    if len(signatures) > 100 or any(not one[2] for one in signatures): raise Malformed("too many or too short signatures")
    return text + "\n", signatures

def verify_ed25519(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False

def verify_note(note, keys):
    """The keys of `keys` that signed; None = one of them did not sign what it seems to have signed."""
    held = []
    for name, key_id, signature in note[1]:
        known, message = [key for key in keys if key[:2] == (name, key_id)], note[0].encode()
        if len(known) > 1: return None
        if not known or known[0] in held: continue
        if known[0][2] == 4:  # a witness signs the time too, and says it in front of its signature
            message, signature = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + message, signature[8:]
        if not verify_ed25519(known[0][3], message, signature): return None
        held.append(known[0])
    return held

def parse_checkpoint(data):
    text, signatures = parse_note(data)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines or not re.fullmatch("0|[1-9][0-9]*", lines[1]) or len(unbase64(lines[2])) != 32: raise Malformed("no checkpoint")
    return {"origin": lines[0], "size": int(lines[1]), "root": unbase64(lines[2]), "note": (text, signatures)}

class Report:
    """What was looked at. `exact`: entries that are wrong; `stretches`: (from, to) with a wrong one somewhere."""
    def __init__(self): self.checks, self.exact, self.stretches = [], [], []

    def say(self, code, right, detail, exact=None, between=None):
        """`right`: None = it could not be checked"""
        status = "not_checkable" if right is None else "ok" if right else "failed"
        self.checks.append({"code": code, "status": status, "detail": detail})
        self.exact += [] if exact is None else [exact]
        self.stretches += [between] if between else []

    def first_bad(self):
        return min(self.exact + [a for a, b in self.stretches if not any(a <= n < b for n in self.exact)], default=None)

def check_signatures(report, checkpoints, own_keys, given):
    """`checkpoints`: by size. `own_keys` came with the log; `given` are those that the auditor insists on."""
    own, pinned, witnesses = [parse_key(key) for key in own_keys], [k for k in given if k[2] == 1], [k for k in given if k[2] == 4]
    if not (keys := pinned or own): return report.say("SIGNATURES", None, "no key is known")
    held = [verify_note(one["note"], keys) for one in checkpoints]
    # With keys of the auditor's own, older checkpoints may be of keys from before; the newest covers what they cover.
    right = all(one is not None if pinned else one for one in held) and any(verify_note(one["note"], keys) for one in checkpoints if one["size"] == checkpoints[-1]["size"])
    report.say("SIGNATURES", right, ", ".join(f"{key[0]}+{key[1]}" for key in keys))
    report.say("KEY", True if pinned else None, "the one given" if pinned else "it came with the log: the operator's word")
    answers = [[(verify_note(one["note"], [witness]), one["size"]) for one in checkpoints] for witness in witnesses]
    seen = [0 if any(held is None for held, _ in some) else max((size for held, size in some if held), default=0) for some in answers]
    if seen: report.say("WITNESSES", None if 0 < min(seen) < checkpoints[-1]["size"] else min(seen) > 0, f"they have seen {seen} entries")

def check_history(report, bodies):
    """Per item the revs are 1, 2, 3 ..., and each change begins where the one before it ended."""
    last, wrong = {}, [after["seq"] for before, after in zip(bodies, bodies[1:]) if before["seq"] >= after["seq"]]
    for body in bodies:
        rev, digest = last.get((key := (body["item"]["pk"], body["item"]["sk"])), (0, None))
        expected = (0 if digest is None else rev) + (0 if body.get("removal") else 1)
        if (body["attributed"] and body["rev"] != expected) or body.get("before") != digest: wrong.append(body["seq"])
        last[key] = (body["rev"], None if body.get("removal") else body.get("after"))
    report.say("HISTORY", not wrong, f"at entry {wrong[0]}" if wrong else "no item has a gap")

# Sealed copies
def parse_tile(name): # -> level or 'entries', index, width
    match = re.fullmatch(r"tile/(entries|0|[1-5]?\d|6[0-3])/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?", name)
    if not match or match[2].startswith("x000/") or re.fullmatch(r"0\d", match[1]): return None
    return match[1] if match[1] == "entries" else int(match[1]), int(re.sub("[x/]", "", match[2] + match[3])), int(match[4] or 256)

def entries_of(bundle):
    """Entries behind their lengths, as far as they can be read."""
    entries, at = [], 0
    while at + 2 <= len(bundle) and (end := at + 2 + int.from_bytes(bundle[at:at + 2], "big")) <= len(bundle) and len(entries) < 256:
        entries.append(bundle[at + 2:end])
        at = end
    return entries

def check_chain(report, entries):
    """Each entry begins with the leaf hash of the one before it, and says its number. -> those that hold"""
    link, bodies, wrong, reversed_at = bytes(32), [], None, None
    for n, entry in enumerate(entries):
        if entry[:32] != link or len(entry) <= 32 or b',"seq":%d,"sequencedAt":' % n not in entry[-64:]: wrong = n
        if wrong is not None: break
        link = leaf_hash(entry)
        bodies.append(json.loads(entry[32:]))
        if reversed_at is None and n and bodies[n]["sequencedAt"] < bodies[n - 1]["sequencedAt"]: reversed_at = n
    report.say("CHAIN", wrong is None, f"{len(bodies)} entries follow one another", exact=wrong)
    report.say("TIME", reversed_at is None, "it never goes back", exact=reversed_at)
    check_history(report, bodies)
    return entries[:len(bodies)]

def check_tiles(report, tiles, entries):
    levels, wrong = [[leaf_hash(entry) for entry in entries]], []
    while len(levels[-1]) >= 256:
        levels.append([tree_root(levels[-1][n:n + 256]) for n in range(0, len(levels[-1]) - 255, 256)])
    for (level, index, width), data in tiles:
        is_bundle = level == "entries"
        found = entries_of(data) if is_bundle else [data[n:n + 32] for n in range(0, len(data), 32)]
        row, span = (entries, 1) if is_bundle else (levels[level] if level < len(levels) else [], 256 ** level)
        expected = row[index * 256:index * 256 + width]
        same = [one == other for one, other in zip(expected, found)] + [False] * (width - min(len(expected), len(found)))
        if all(same) and len(found) > width or is_bundle and all(same) and len(data) != sum(len(one) + 2 for one in found): same[-1] = False
        if not all(same): wrong.append((min((index * 256 + same.index(False)) * span, len(entries)), span))
    exact = min((seq for seq, span in wrong if span == 1), default=None)
    report.say("SEALED_COPIES", not wrong if tiles else None, f"{len(tiles)} tiles and bundles", exact=exact)
    report.stretches += [(seq, seq + span) for seq, span in wrong if span > 1]

def verify_sealed(path, keys, since):
    files = {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    tiles = [(tile, data) for name, data in files.items() if (tile := parse_tile(name))]
    report, entries, index = Report(), [], 0
    bundles = {tile[1]: data for tile, data in sorted(tiles, key=lambda one: one[0][2]) if tile[0] == "entries"}
    while index in bundles and len(entries) == index * 256:
        entries += entries_of(bundles[index])
        index += 1
    entries = check_chain(report, entries)
    notes = {data for name, data in files.items() if re.fullmatch(r"checkpoint|checkpoints/\d{16}|cosigned/\d{16}-[0-9a-f]{8}", name)}
    checkpoints = sorted(map(parse_checkpoint, notes), key=lambda one: one["size"])
    def differs(one, covered):
        if one["size"] > len(entries): return {"exact": len(entries)}
        same = tree_root(map(leaf_hash, entries[:one["size"]])) == one["root"]
        return {} if same else {"between": (covered, one["size"])}
    covered, where = 0, {}
    for one in checkpoints: where, covered = where or differs(one, covered if covered < one["size"] else 0), one["size"]
    report.say("CHECKPOINTS", len({one["origin"] for one in checkpoints}) == 1 and not where if checkpoints else None, f"newest of {covered} entries", **where)
    if checkpoints:
        check_signatures(report, checkpoints, files.get("keys", b"").decode().split(), keys)
        report.say("TAIL", True if covered >= len(entries) else None, f"{max(0, len(entries) - covered)} entries after it")
    elif keys: report.say("KEY", False, "nothing is signed")
    if since:
        where, foreign = differs(since, 0), bool(checkpoints) and checkpoints[-1]["origin"] != since["origin"]
        report.say("KEPT_CHECKPOINT", not where and not foreign, f"of {since['size']} entries", **where)
    check_tiles(report, tiles, entries)
    return report, len(entries) + len(tiles) + len(checkpoints)

# Exports
def check_inclusion(report, checkpoint, entries): # of entries: (number, bytes, hashes of the proof or None)
    size, root, later = checkpoint["size"], checkpoint["root"], [one for one in entries if one[2] is None]
    bad = [seq for seq, entry, proof in entries if proof is not None and not is_included(seq, size, leaf_hash(entry), proof, root)]
    bad += [seq for seq, _, _ in later if seq < size]
    report.say("INCLUSION", False if bad else None if later else True, f"{len(entries)} entries of {size}", exact=min(bad, default=None))

def check_documents(report, file, bodies):
    pk, texts = f"CONTRACT#{file['contractId']}", {item["sk"]: item["text"] for item in file["items"]}
    last = {body["item"]["sk"]: body for body in bodies if body["item"]["pk"] == pk}
    there = {sk for sk, body in last.items() if not body.get("removal")}
    items = {sk: json.loads(text) for sk, text in texts.items()}
    right = set(texts) == there and "CONTRACT" in there and all(one["pk"] == pk for one in file["items"])
    right = right and all(sha256_hex(text) == last[sk].get("after") and items[sk]["sk"] == sk for sk, text in texts.items())
    report.say("DOCUMENTS", right, f"{len(items)} documents, each as its last entry says")
    contract, text = items.get("CONTRACT", {}), items.get("PLAN", {}).get("text", "null")
    plan, policy = json.loads(text) or {}, json.loads(file.get("policy", "null"))
    is_plan = plan.get("contractId") == file["contractId"] and sha256_hex("grace.plan.v1\n" + text) == contract.get("planHash")
    report.say("PLAN", is_plan, f"hash {contract.get('planHash')}")
    if policy:  # RFC 8785 of texts, booleans and ASCII names
        counted = {"schema": policy["schema"], "policies": [{k: one[k] for k in ("id", "constitution", "text")} for one in policy["policies"]]}
        text8785 = json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        policy = sha256_hex("grace.policy.v1\n" + text8785) == policy["version"] == plan.get("policyVersion")
    report.say("POLICY", policy, f"version {plan.get('policyVersion')}")
    approval, begun = contract.get("approval", {}), "startedAt" in contract
    votes, excluded = approval.get("votes", {}), approval.get("excluded", [])
    approvals = sum(vote["decision"] == "approve" for vote in votes.values())
    right = all(v["planHash"] == contract["planHash"] and not {who, v.get("by")} & set(excluded) for who, v in votes.items())
    if begun: right &= "brokenBy" in approval or approvals >= (approval["quorum"] if approval else contract["tier"] > 1)
    report.say("VOTES", right, f"{approvals} approvals")
    taken = {item["name"]: item["hash"] for sk, item in items.items() if sk.startswith("SNAPSHOT#")}
    found = {one["name"]: sha256_hex(one["text"]) for one in file["manifests"]}
    report.say("SNAPSHOT", False if not found.items() <= taken.items() else taken == found or None, f"{len(taken)} taken")
    short = {name: contract.get(name) for name in "status mode tier playbook reason verdict confidence planHash".split()}
    short |= {"policyVersion": plan.get("policyVersion"), "plan": plan, "quorum": approval.get("quorum"), "votes": votes}
    short |= {"fields": items.get("OUTCOME", {}).get("fields", []), "snapshots": [json.loads(one["text"]) for one in file["manifests"]]}
    steps, names = [items[sk] for sk in items if sk.startswith("STEP#")], "n direction action targetKey state intended prior outcome"
    short["steps"] = [{name: step.get(name) for name in names.split()} for step in steps]
    report.say("SUMMARY", short == file["summary"], "what it says in short is what the documents say")

def verify_export(file, keys, since):
    def hashes(one): return [unbase64(text) for text in one["proof"]] if "proof" in one else None
    report, entries = Report(), [(one["seq"], unbase64(one["entry"]), hashes(one)) for one in file["entries"]]
    bodies = [json.loads(entry[32:]) for _, entry, _ in entries]
    if file["format"] != "grace.evidence.v1": raise Malformed("another format")
    if "checkpoint" in file:
        checkpoint = parse_checkpoint(file["checkpoint"])
        check_inclusion(report, checkpoint, entries)
        check_signatures(report, [checkpoint], file["keys"], keys)
        proofs = {one["from"]: hashes(one) for one in file.get("consistency", [])[::-1]} | {checkpoint["size"]: []}
        def begins(old): return is_consistent(old["size"], old["root"], checkpoint["size"], checkpoint["root"], proofs[old["size"]]) if old["size"] in proofs else None
        if since: report.say("KEPT_CHECKPOINT", since["origin"] == checkpoint["origin"] and begins(since), f"of {since['size']} entries")
    else: report.say("KEY" if keys else "CHECKPOINTS", False if keys else None, "nothing is signed")
    check_history(report, bodies)
    check_documents(report, file, bodies)
    return report, len(entries)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--key", action="append", default=[], type=parse_key)
    parser.add_argument("--since", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not given.path.exists(): sys.exit(2)
    try:
        since = parse_checkpoint(given.since.read_bytes()) if given.since else None
        if given.path.is_dir(): report, found = verify_sealed(given.path, given.key, since)
        else: report, found = verify_export(json.loads(given.path.read_text(encoding="utf-8")), given.key, since)
    except (Malformed, KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        report, found = Report(), 1
        report.say("READABLE", False, f"{type(error).__name__}: {error}")
    verified = all(check["status"] != "failed" for check in report.checks)
    if given.json: print(json.dumps({"verified": verified, "firstBad": report.first_bad(), "checks": report.checks}, indent=1))
    marks = {"ok": "\u2714", "failed": "\u2718", "not_checkable": "?"}
    for one in [] if given.json else report.checks: print(marks[one["status"]], one["code"].ljust(16), one["detail"])
    if not verified and not given.json: print(f"does not verify; first wrong entry: {report.first_bad()}")
    sys.exit(2 if verified and not found else 0 if verified else 1)

if __name__ == "__main__":
    main()
