/** One thing that was looked at: whether it holds, and if it could not be looked at, why. */
export interface Check {
  readonly code: CheckCode;
  readonly status: 'ok' | 'failed' | 'not_checkable';
  /** One sentence for a person. */
  readonly detail: string;
  /** The first entry that is not what was written. */
  readonly firstBad?: number;
  /** It is one of these entries (the second one excluded), and nothing at hand says which. */
  readonly between?: readonly [from: number, to: number];
  /** The epoch that was looked at, where there are several. */
  readonly epoch?: number;
}

export type CheckCode =
  /** Every entry follows the one before it, and its bytes hash to its link. */
  | 'CHAIN'
  /** Per item the revs are 1, 2, 3 …, each change begins where the one before it ended. */
  | 'HISTORY'
  /** No entry says an earlier time than the one before it. */
  | 'TIME'
  /** Every item of the state table is in the log as it stands. */
  | 'STATE_TABLE'
  /** The log's signed checkpoints are of this log. */
  | 'CHECKPOINTS'
  /** The checkpoints are signed. */
  | 'SIGNATURES'
  /** The signing key is one that the auditor has, not one that came with the log. */
  | 'KEY'
  /** Witnesses have signed checkpoints of this log, best the newest. */
  | 'WITNESSES'
  /** The log begins with what a checkpoint covers that the auditor has kept. */
  | 'KEPT_CHECKPOINT'
  /** An epoch begins where, and with what, the one before it ended. */
  | 'EPOCH_LINK'
  /** The sealed copies hold the same entries. */
  | 'SEALED_COPIES'
  /** All entries are under a checkpoint. */
  | 'TAIL'
  /** Every entry of an exported contract is in the tree of its checkpoint. */
  | 'INCLUSION'
  /** The documents of an export are those that its entries are about. */
  | 'DOCUMENTS'
  /** The plan is the one that was hashed, approved and executed. */
  | 'PLAN'
  /** The policies are those that the plan was made under. */
  | 'POLICY'
  /** The votes are for that plan, and enough. */
  | 'VOTES'
  /** The snapshot manifest is the one that was taken. */
  | 'SNAPSHOT'
  /** What the export says in short is what its documents say. */
  | 'SUMMARY';

export const ok = (code: CheckCode, detail: string): Check => ({ code, status: 'ok', detail });
export const notCheckable = (code: CheckCode, detail: string): Check => ({
  code,
  status: 'not_checkable',
  detail,
});
export const failed = (
  code: CheckCode,
  detail: string,
  where: Pick<Check, 'firstBad' | 'between'> = {},
): Check => ({ code, status: 'failed', detail, ...where });

/**
 * The first entry that is not what was written, as near as the checks can say: the earliest that one of them names, or
 * the beginning of a stretch in which none of them names one.
 */
export function firstBadOf(checks: readonly Check[]): number | undefined {
  const named = checks.flatMap(({ firstBad }) => firstBad ?? []);
  const unclear = checks.flatMap(({ between }) => {
    if (between === undefined) return [];
    const [from, to] = between;
    return named.some((seq) => seq >= from && seq < to) ? [] : [from];
  });
  const all = [...named, ...unclear];
  return all.length === 0 ? undefined : Math.min(...all);
}

/** `812 entries`, `1 entry`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
