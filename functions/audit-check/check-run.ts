import type { AuditFinding } from '../../shared/contracts/audit-findings';
import type { Hours } from '../../shared/domain/examine-entries';
import type { CheckProgress, FilledIn } from '../../shared/ports/audit-check';
import type { Key } from '../../shared/ports/table';
import type { CheckDeps } from './check-deps';
import { compareItems } from './compare-items';

/** Another check has moved the cursor: what this one would count is counted already. */
export class CheckOvertakenError extends Error {
  override readonly name = 'CheckOvertakenError';
}

export const ACTOR = 'audit-check';

/**
 * One call of the check: where it stands, and what it has seen. Findings are stored before the cursor goes past what
 * they were found in, so that a call that is cut loses none.
 */
export function checkRun(started: CheckProgress, isSequencing: boolean, deps: CheckDeps) {
  let progress = started;
  const comparing = { watched: new Set(started.watched), isSequencing };
  const seen = {
    entries: 0,
    items: 0,
    sealed: 0,
    opened: [] as AuditFinding[],
    found: [] as AuditFinding[],
    filledIn: [] as FilledIn[],
    /** Names of items that are as logged. */
    sequenced: new Set<string>(),
  };

  async function report(findings: readonly AuditFinding[]): Promise<void> {
    for (const finding of findings) {
      const why = { actor: ACTOR, reason: finding.kind, at: deps.clock.now() };
      seen.found.push(finding);
      if ((await deps.findings.open(finding, why)) === 'opened') seen.opened.push(finding);
    }
  }

  return {
    seen,
    report,
    get progress(): CheckProgress {
      return progress;
    },
    hasTime: (): boolean => deps.clock.now() < deps.until,

    /** Compares items with the log. Returns those to look at again. */
    async compare(keys: readonly Key[]): Promise<readonly string[]> {
      const compared = await compareItems(keys, comparing, deps);
      await report(compared.findings);
      seen.items += compared.compared;
      seen.filledIn.push(...compared.filledIn);
      for (const key of compared.sequenced) seen.sequenced.add(nameOf(key));
      return compared.watched;
    },

    /** @throws CheckOvertakenError */
    async advance(patch: Partial<CheckProgress>, hours: Hours = new Map()): Promise<void> {
      const next = { ...progress, ...patch };
      if (!(await deps.progress.move(progress, next, hours)))
        throw new CheckOvertakenError('the cursor has moved');
      progress = { ...next, version: progress.version + 1 };
    },
  };
}
export type CheckRun = ReturnType<typeof checkRun>;

export const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
