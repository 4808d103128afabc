import * as z from 'zod/mini';

const Text = z.string();
const Seq = z.int().check(z.nonnegative());
const Json = z.json();

/**
 * What the documents say, in short, for people to read. Every member is a copy out of the documents; a verifier makes
 * it again and compares. Members that a contract does not have are null.
 */
export const EvidenceSummary = z.strictObject({
  status: Json,
  mode: Json,
  tier: Json,
  playbook: Json,
  reason: Json,
  verdict: Json,
  confidence: Json,
  planHash: Json,
  policyVersion: Json,
  /** The plan's text, parsed. */
  plan: Json,
  quorum: Json,
  /** Subject to their vote. */
  votes: Json,
  /** Expected against actual, field by field. */
  fields: Json,
  /** What was sent: of each step n, direction, action, targetKey, state, intended, prior, outcome. */
  steps: z.array(Json),
  /** Snapshot manifests, parsed. */
  snapshots: z.array(Json),
});
export type EvidenceSummary = z.infer<typeof EvidenceSummary>;

const Proofs = z.array(Text);
/** That a log begins with what an older checkpoint covers, which the file's reader has kept and asked for. */
const Consistency = z.array(z.strictObject({ from: Seq, proof: Proofs }));
/** The first entry of a later epoch: it says where the epoch begins, and what ended before it. */
const Opening = z.strictObject({ seq: Seq, entry: Text, proof: Proofs });

/** An epoch that some of the entries are of, before the newest. */
const EarlierEpoch = z.strictObject({
  checkpoint: Text,
  opening: z.optional(Opening),
  consistency: z.optional(Consistency),
});

/**
 * Everything about one contract that somebody outside needs to judge it, in one file (`grace audit export`). Documents
 * are given as the very text whose SHA-256 the audit entries hold, so that no verifier has to canonicalise anything.
 */
export const EvidenceFile = z.strictObject({
  format: z.literal('grace.evidence.v1'),
  contractId: Text,
  /** Milliseconds since 1970, by the exporter's clock: nothing proves it. */
  exportedAt: z.int(),
  summary: EvidenceSummary,
  /** The contract's items as they stand: RFC 8785 text, whose SHA-256 is `after` of the item's last entry. */
  items: z.array(z.strictObject({ pk: Text, sk: Text, text: Text })),
  /** Snapshot manifests: the SHA-256 of each is in its item. */
  manifests: z.array(z.strictObject({ name: Text, text: Text })),
  /** The policies that the plan was made under, where they are stored: JSON text of `CompiledPolicies`. */
  policy: z.optional(Text),
  /** In order. Bytes and hashes base64; `proof` is absent where no checkpoint covers the entry yet. */
  entries: z.array(z.strictObject({ seq: Seq, entry: Text, proof: z.optional(z.array(Text)) })),
  /** The signed note whose tree the proofs lead to, of the newest epoch; absent where nothing is signed yet. */
  checkpoint: z.optional(Text),
  /** Of a checkpoint of a later epoch than the first. */
  opening: z.optional(Opening),
  consistency: z.optional(Consistency),
  /** Where the entries are of several epochs: those before the newest, oldest first, none left out in between. */
  earlier: z.optional(z.array(EarlierEpoch)),
  /** Verifier keys that came with the log: the operator's word. */
  keys: z.array(Text),
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;
