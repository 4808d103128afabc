#!/usr/bin/env python3
"""Verifies what `grace audit` hands out, without Grace: Python 3.10 and the package `cryptography`.
    verify.py evidence.json         the export of a contract
    verify.py seal/                 sealed copies: tiles, entry bundles, checkpoints; of one epoch, or of all in epoch-*/
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

# Merkle trees, RFC 6962 2.1: the left subtree is the largest perfect one that leaves something for the right one
def tree_root(leaves):
    if len(leaves) < 2: return leaves[0] if leaves else sha256(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))
def climb(fn, sn, hashes, proof):
    """The walk of RFC 9162 2.1.3.2 and 2.1.4.2. The first of two hashes takes only what lies to its left."""
    for sibling in proof:
        if sn == 0: return None
        is_left = fn & 1 or fn == sn
        hashes = [node_hash(sibling, one) for one in hashes] if is_left else [*hashes[:-1], node_hash(hashes[-1], sibling)]
        while is_left and not fn & 1 and fn: fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return hashes if sn == 0 else None
def is_included(index, size, leaf, proof, root): return 0 <= index < size and all(len(one) == 32 for one in [leaf, root, *proof]) and climb(index, size - 1, [leaf], proof) == [root]
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
    signed = [line.split(" ") for line in lines[:-1].split("\n")]
    if any(len(one) != 3 or one[0] != "\u2014" or not is_name(one[1]) for one in signed): raise Malformed("not a signature line")
    signatures = [(name, unbase64(signature)[:4].hex(), unbase64(signature)[4:]) for _, name, signature in signed]
    if len(signatures) > 100 or any(not one[2] for one in signatures): raise Malformed("too many or too short signatures")
    return text + "\n", signatures
def verify_ed25519(public, message, signature):
    try: return Ed25519PublicKey.from_public_bytes(public).verify(signature, message) is None
    except (InvalidSignature, ValueError): return False
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
def origin_parts(origin): # -> name of the log, number of the epoch
    return (match[1], int(match[2])) if (match := re.fullmatch(r"(.+)/([1-9]\d{0,14})", origin, re.S)) else (origin, 1)
def key_for(key, origin): # a key of the log signs each epoch under that epoch's origin: given for one, it is looked for in all
    if key[2] != 1 or key[0] == origin or origin_parts(key[0])[0] != origin_parts(origin)[0]: return key
    return origin, sha256(origin.encode() + b"\n\x01" + key[3])[:4].hex(), 1, key[3]

class Report:
    """What was looked at. `exact`: entries that are wrong; `stretches`: (from, to) with a wrong one somewhere. `right`: None = it could not be checked."""
    def __init__(self): self.checks, self.exact, self.stretches, self.epoch = [], [], [], {}
    def say(self, code, right, detail, exact=None, between=None):
        status = "not_checkable" if right is None else "ok" if right else "failed"
        self.checks.append({"code": code, "status": status, "detail": detail} | self.epoch)
        self.exact += [] if exact is None else [exact]
        self.stretches += [between] if between else []
    def first_bad(self): return min(self.exact + [a for a, b in self.stretches if not any(a <= n < b for n in self.exact)], default=None)
def check_signatures(report, checkpoints, own_keys, given, closed):
    """`checkpoints`: by size. `own_keys` came with the log; `given` are those that the auditor insists on. `closed`: there is a later epoch."""
    own, given = [parse_key(key) for key in own_keys], [key_for(key, checkpoints[-1]["origin"]) for key in given]
    pinned, witnesses = [k for k in given if k[2] == 1], [k for k in given if k[2] == 4]
    if not (keys := pinned or own): return report.say("SIGNATURES", None, "no key is known")
    held = [verify_note(one["note"], keys) for one in checkpoints]
    # With keys of the auditor's own, older checkpoints may be of keys from before; the newest covers what they cover.
    right = all(one is not None if pinned else one for one in held) and any(verify_note(one["note"], keys) for one in checkpoints if one["size"] == checkpoints[-1]["size"])
    report.say("SIGNATURES", right, ", ".join(f"{key[0]}+{key[1]}" for key in keys))
    report.say("KEY", True if pinned else None, "the one given" if pinned else "it came with the log: the operator's word")
    answers = [[(verify_note(one["note"], [witness]), one["size"]) for one in checkpoints] for witness in witnesses]
    seen = [-1 if any(held is None for held, _ in some) else max((size for held, size in some if held), default=0) for some in answers]
    # Of a closed epoch a witness need not have seen anything.
    if seen: report.say("WITNESSES", None if (not closed) <= min(seen) < checkpoints[-1]["size"] else min(seen) > 0, f"they have seen {seen} entries")
def check_history(report, bodies, last, known=True):
    """Per item the revs are 1, 2, 3 ..., and each change begins where the one before it ended. `last`: those before; `known`: all of them."""
    wrong = [after["seq"] for before, after in zip(bodies, bodies[1:]) if before["seq"] >= after["seq"]]
    for body in bodies:
        rev, digest = last.get((key := (body["item"]["pk"], body["item"]["sk"])), (0, None))
        expected = (0 if digest is None else rev) + (0 if body.get("removal") else 1)
        if (known or key in last) and (body["attributed"] and body["rev"] != expected or body.get("before") != digest): wrong.append(body["seq"])
        last[key] = (body["rev"], None if body.get("removal") else body.get("after"))
    report.say("HISTORY", not wrong, f"at entry {wrong[0]}" if wrong else "no item has a gap")
def closed_by(entry): # the epoch (origin, base, size, root) that ends with this entry, which is the next one's first
    try: return json.loads(entry[32:]).get("closes")
    except ValueError: return None
def check_link(report, epoch, before): # an epoch begins where, and with what, the one before it ended
    base, closes = epoch["base"], epoch["closes"] or {"origin": "", "base": -1, "size": 0}
    def say(right, **where): report.say("EPOCH_LINK", right, f"entry {base} closes {closes['size']} entries of '{closes['origin']}'", **where)
    if not epoch["closes"]: return say(False, exact=base)
    if not before: return say(None)
    (log, number), signed = origin_parts(closes["origin"]), before["checkpoints"][-1:]
    def others(checkpoints, origin): return any(one["origin"] != origin for one in checkpoints[-1:])
    faults = [(base, others(epoch["checkpoints"], f"{log}/{number + 1}")), (before["end"], others(signed, closes["origin"])), (base, closes["base"] + closes["size"] != base),
              (before["end"], closes["base"] != before["base"]), (base, max([before["size"], *[one["size"] for one in signed]]) > closes["size"])]
    if places := [place for place, wrong in faults if wrong]: return say(False, exact=places[0])
    if before["size"] < closes["size"]: return say(None)
    if before["root"]().hex() != closes["root"]: return say(False, between=(before["base"], base + 1))
    if before["link"] not in (None, epoch["follows"]): return say(False, exact=base)
    say(True if signed and signed[0]["size"] == closes["size"] else None)

# Sealed copies
def parse_tile(name): # -> level or 'entries', index, width
    match = re.fullmatch(r"tile/(entries|0|[1-5]?\d|6[0-3])/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?", name)
    if not match or match[2].startswith("x000/") or re.fullmatch(r"0\d", match[1]): return None
    return match[1] if match[1] == "entries" else int(match[1]), int(re.sub("[x/]", "", match[2] + match[3])), int(match[4] or 256)
def entries_of(bundle): # entries behind their lengths, as far as they can be read
    entries, at = [], 0
    while at + 2 <= len(bundle) and (end := at + 2 + int.from_bytes(bundle[at:at + 2], "big")) <= len(bundle) and len(entries) < 256:
        entries, at = [*entries, bundle[at + 2:end]], end
    return entries
def read_epoch(report, path, before):
    """Each entry begins with the leaf hash of the one before it, and says its number."""
    files = {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    tiles = [(tile, data) for name, data in files.items() if (tile := parse_tile(name))]
    bundles = {tile[1]: data for tile, data in sorted(tiles, key=lambda one: one[0][2]) if tile[0] == "entries"}
    entries, index, bodies, wrong = [], 0, [], None
    while index in bundles and len(entries) == index * 256: entries, index = entries + entries_of(bundles[index]), index + 1
    notes = {data for name, data in files.items() if re.fullmatch(r"checkpoint|checkpoints/\d{16}|cosigned/\d{16}-[0-9a-f]{8}", name)}
    checkpoints = sorted(map(parse_checkpoint, notes), key=lambda one: one["size"])
    closes, end = closed_by(entries[0]) if entries else None, before["end"] if before else 0
    base, follows = (closes["base"] + closes["size"], entries[0][:32]) if closes else (end, bytes(32))
    link, number = follows, origin_parts(closes["origin"])[1] + 1 if closes else origin_parts(checkpoints[-1]["origin"])[1] if checkpoints else 1
    for n, entry in enumerate(entries, base):
        if entry[:32] != link or len(entry) <= 32 or b',"seq":%d,"sequencedAt":' % n not in entry[-64:]: wrong = n
        if wrong is not None: break
        link = leaf_hash(entry)
        bodies.append(json.loads(entry[32:]))
    report.say("CHAIN", wrong is None, f"{len(bodies)} entries follow one another", exact=wrong)
    times = [before["latest"] if before else 0, *[body["sequencedAt"] for body in bodies]]
    back = [base + n for n, (one, other) in enumerate(zip(times, times[1:])) if other < one]
    report.say("TIME", not back, "it never goes back", exact=back[0] if back else None)
    last, known = (before["last"], before["known"]) if before and before["whole"] and end == base else ({}, base == 0)
    check_history(report, bodies, last, known)
    leaves = [leaf_hash(entry) for entry in entries[:len(bodies)]]
    epoch = {"base": base, "end": base + len(bodies), "size": len(bodies), "root": lambda: tree_root(leaves), "closes": closes, "follows": follows, "link": link,
             "number": report.epoch.get("epoch", number), "checkpoints": checkpoints, "latest": max(times), "whole": wrong is None, "last": last, "known": known,
             "label": report.epoch, "tiles": tiles, "keys": files.get("keys", b"").decode().split(), "entries": entries[:len(bodies)], "leaves": leaves}
    if entries and (before or closes): check_link(report, epoch, before)
    for seq in [body["seq"] for body in bodies[1:] if "closes" in body]: report.say("EPOCH_LINK", False, f"entry {seq} begins no epoch", exact=seq)
    return epoch
def check_tiles(report, tiles, entries, leaves, base):
    levels, wrong = [leaves], []
    while len(levels[-1]) >= 256:
        levels.append([tree_root(levels[-1][n:n + 256]) for n in range(0, len(levels[-1]) - 255, 256)])
    for (level, index, width), data in tiles:
        is_bundle, hashes = level == "entries", [data[n:n + 32] for n in range(0, len(data), 32)]
        found, row, span = (entries_of(data), entries, 1) if is_bundle else (hashes, levels[level] if level < len(levels) else [], 256 ** level)
        expected = row[index * 256:index * 256 + width]
        same = [one == other for one, other in zip(expected, found)] + [False] * (width - min(len(expected), len(found)))
        if all(same) and len(found) > width or is_bundle and all(same) and len(data) != sum(len(one) + 2 for one in found): same[-1] = False
        if not all(same): wrong.append((base + min((index * 256 + same.index(False)) * span, len(entries)), span))
    report.say("SEALED_COPIES", not wrong if tiles else None, f"{len(tiles)} tiles and bundles", exact=min((seq for seq, span in wrong if span == 1), default=None))
    report.stretches += [(seq, seq + span) for seq, span in wrong if span > 1]
def check_signed(report, epoch, keys, since, closed):
    base, leaves, checkpoints, covered, where = epoch["base"], epoch["leaves"], epoch["checkpoints"], 0, {}
    def differs(one, covered):
        if one["size"] > len(leaves): return {"exact": base + len(leaves)}
        return {} if tree_root(leaves[:one["size"]]) == one["root"] else {"between": (base + covered, base + one["size"])}
    for one in checkpoints: where, covered = where or differs(one, covered if covered < one["size"] else 0), one["size"]
    right = len({one["origin"] for one in checkpoints}) == 1 and not where if checkpoints else None
    report.say("CHECKPOINTS", right, f"newest of {covered} entries", **where)
    if checkpoints: check_signatures(report, checkpoints, epoch["keys"], keys, closed)
    if checkpoints: report.say("TAIL", True if covered >= len(leaves) else None, f"{max(0, len(leaves) - covered)} entries after it")
    where, foreign = differs(since, 0) if since else {}, since and checkpoints and checkpoints[-1]["origin"] != since["origin"]
    if since: report.say("KEPT_CHECKPOINT", not where and not foreign, f"of {since['size']} entries", **where)
    check_tiles(report, epoch["tiles"], epoch["entries"], leaves, base)
def verify_sealed(path, keys, since):
    numbered = sorted((int(one.name[6:]), one) for one in path.iterdir() if re.fullmatch(r"epoch-[1-9]\d{0,14}", one.name))
    report, epochs = Report(), []
    for number, place in numbered or [(0, path)]:
        report.epoch = {"epoch": number} if len(numbered) > 1 else {}
        epochs.append(read_epoch(report, place, epochs[-1] if epochs else None))
    (_, kept_in), first, last = origin_parts(since["origin"]) if since else ("", 0), epochs[0], epochs[-1]
    for epoch in epochs:
        report.epoch = epoch["label"]
        check_signed(report, epoch, keys, since if epoch["number"] == kept_in else None, epoch is not last)
    report.epoch, closes = first["label"], first["closes"] or {}
    if since and all(one["number"] != kept_in for one in epochs):  # the first one here may say how that one ended
        told, later = closes.get("origin") == since["origin"] and since["size"] >= closes["size"], kept_in > last["number"]
        right = not later and (since["size"], since["root"].hex()) == (closes["size"], closes["root"]) if told or later else None
        report.say("KEPT_CHECKPOINT", right, f"of {since['origin']}", exact=(last["end"] if later else first["base"]) if right is False else None)
    if keys and not any(one["checkpoints"] for one in epochs): report.say("KEY", False, "nothing is signed")
    return report, sum(len(one[part]) for one in epochs for part in ("entries", "tiles", "checkpoints"))

# Exports
def check_inclusion(report, tree, entries): # of entries: (number, bytes, hashes of the proof or None)
    size, base, later = tree["size"], tree["base"], [one for one in entries if one[2] is None]
    bad = [seq for seq, entry, proof in entries if (seq - base < size if proof is None else not is_included(seq - base, size, leaf_hash(entry), proof, tree["root"]()))]
    report.say("INCLUSION", False if bad else None if later else True, f"{len(entries)} entries of {size}", exact=min(bad, default=None))
def check_documents(report, file, bodies):
    pk, texts = f"CONTRACT#{file['contractId']}", {item["sk"]: item["text"] for item in file["items"]}
    last, items = {body["item"]["sk"]: body for body in bodies if body["item"]["pk"] == pk}, {sk: json.loads(text) for sk, text in texts.items()}
    right = set(texts) == {sk for sk, body in last.items() if not body.get("removal")} and "CONTRACT" in texts and all(one["pk"] == pk for one in file["items"]) and all(
        sha256_hex(text) == last[sk].get("after") and items[sk]["sk"] == sk for sk, text in texts.items())
    report.say("DOCUMENTS", right, f"{len(items)} documents, each as its last entry says")
    contract, text = items.get("CONTRACT", {}), items.get("PLAN", {}).get("text", "null")
    plan, policy = json.loads(text) or {}, json.loads(file.get("policy", "null"))
    report.say("PLAN", plan.get("contractId") == file["contractId"] and sha256_hex("grace.plan.v1\n" + text) == contract.get("planHash"), f"hash {contract.get('planHash')}")
    if policy:  # RFC 8785 of texts, booleans and ASCII names
        counted = {"schema": policy["schema"], "policies": [{k: one[k] for k in ("id", "constitution", "text")} for one in policy["policies"]]}
        version = sha256_hex("grace.policy.v1\n" + json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        policy = version == policy["version"] == plan.get("policyVersion")
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
    def some(item, names): return {name: item.get(name) for name in names.split()}
    steps = [some(items[sk], "n direction action targetKey state intended prior outcome") for sk in items if sk.startswith("STEP#")]
    short = some(contract, "status mode tier playbook reason verdict confidence planHash") | some(plan, "policyVersion") | some(approval, "quorum") | {"plan": plan, "votes": votes}
    short |= {"fields": items.get("OUTCOME", {}).get("fields", []), "snapshots": [json.loads(one["text"]) for one in file["manifests"]], "steps": steps}
    report.say("SUMMARY", short == file["summary"], "what it says in short is what the documents say")
def verify_export(file, keys, since):
    def read(one): return one["seq"], unbase64(one["entry"]), [unbase64(text) for text in one["proof"]] if "proof" in one else None
    report, entries, trees = Report(), [read(one) for one in file["entries"]], []
    bodies = [json.loads(entry[32:]) for _, entry, _ in entries]
    if file["format"] != "grace.evidence.v1": raise Malformed("another format")
    for one in [*file.get("earlier", []), *([file] if "checkpoint" in file else [])]:
        checkpoint, (base, opening, proof) = parse_checkpoint(one["checkpoint"]), read(one["opening"]) if "opening" in one else (0, b"", None)
        proofs = {old["from"]: [unbase64(text) for text in old["proof"]] for old in one.get("consistency", [])[::-1]} | {checkpoint["size"]: []}
        included = is_included(0, checkpoint["size"], leaf_hash(opening), proof or [], checkpoint["root"])
        trees.append(checkpoint | {"checkpoints": [checkpoint], "base": base, "closes": closed_by(opening) if included else None, "follows": opening[:32], "link": None,
                                   "root": lambda root=checkpoint["root"]: root, "proofs": proofs, "opens": "opening" in one or origin_parts(checkpoint["origin"])[1] > 1})
    for before, tree, after in zip([None, *trees], trees, [*trees[1:], None]):
        report.epoch = {"epoch": origin_parts(tree["origin"])[1]} if len(trees) > 1 else {}
        check_inclusion(report, tree, [one for one in entries if (not before or one[0] >= tree["base"]) and (not after or one[0] < after["base"])])
        if tree["opens"]: check_link(report, tree, before and before | {"end": before["base"] + before["size"]})
        check_signatures(report, tree["checkpoints"], file["keys"], keys, after is not None)
    report.epoch, of_log = {}, since and any(origin_parts(tree["origin"])[0] == origin_parts(since["origin"])[0] for tree in trees)
    def begins(tree): return is_consistent(since["size"], since["root"], tree["size"], tree["root"](), tree["proofs"][since["size"]]) if since["size"] in tree["proofs"] else None
    kept = [begins(tree) for tree in trees if since and tree["origin"] == since["origin"]]
    if since and trees: report.say("KEPT_CHECKPOINT", kept[0] if kept else None if of_log else False, f"of {since['size']} entries")
    if not trees: report.say("KEY" if keys else "CHECKPOINTS", False if keys else None, "nothing is signed")
    check_history(report, bodies, {})
    check_documents(report, file, bodies)
    return report, len(entries)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options = {"path": {"type": pathlib.Path}, "--key": {"action": "append", "default": [], "type": parse_key}, "--since": {"type": pathlib.Path}, "--json": {"action": "store_true"}}
    for name, option in options.items(): parser.add_argument(name, **option)
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
    marks, said = {"ok": "\u2714", "failed": "\u2718", "not_checkable": "?"}, {"verified": verified, "firstBad": report.first_bad(), "checks": report.checks}
    lines = [f"{marks[one['status']]} {one['code'].ljust(16)} {one.get('epoch', '')} {one['detail']}" for one in report.checks]
    print(json.dumps(said, indent=1) if given.json else "\n".join(lines if verified else [*lines, f"does not verify; first wrong entry: {report.first_bad()}"]))
    sys.exit(2 if verified and not found else 0 if verified else 1)
if __name__ == "__main__": main()
