import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { neededBy, type StateItem } from '../../shared/domain/orphans';
import type { Item } from '../../shared/ports/table';
import type { CheckDeps } from './check-deps';
import { type CheckRun, nameOf } from './check-run';

/** Pages of one call that was not asked for a full check: at most 1 MB each. */
const PAGES = 8;
const READS_AT_ONCE = 16;

/**
 * Reads on through the state table, as far as this call goes: every item against the log, and what it needs against
 * the table. A page is read at another time than the one before it, so what an item names is looked up by its key
 * afterwards; it was written in the same transaction or earlier, and nothing that can be named is ever deleted.
 */
export async function sweep(run: CheckRun, full: boolean, deps: CheckDeps): Promise<void> {
  for (let page = 0; run.progress.sweep !== undefined && run.hasTime(); page += 1) {
    if (!full && page >= PAGES) return;
    const { startedAt, after } = run.progress.sweep;
    const { items, next } = await deps.scan.page(after);
    await run.report(await orphansAmong(items, deps));
    const again = await run.compare(items);
    await run.advance({
      watched: [...new Set([...run.progress.watched, ...again])].slice(-100),
      ...(next === undefined
        ? { sweep: undefined, sweptAt: startedAt }
        : { sweep: { startedAt, after: next } }),
    });
  }
}

async function orphansAmong(items: readonly Item[], { state }: CheckDeps): Promise<AuditFinding[]> {
  const here = new Set(items.map(nameOf));
  const asked = items
    .flatMap((item) => neededBy(item as StateItem))
    .filter(({ needs }) => !here.has(nameOf(needs)));
  const keys = [...new Map(asked.map(({ needs }) => [nameOf(needs), needs])).values()];
  const gone = new Set<string>();
  for (let at = 0; at < keys.length; at += READS_AT_ONCE) {
    const some = keys.slice(at, at + READS_AT_ONCE);
    const found = await Promise.all(some.map((key) => state.get(key)));
    found.forEach((item, n) => {
      if (item === undefined) gone.add(nameOf(some[n] as Item));
    });
  }
  return asked.flatMap(({ pk, sk, missing, needs, key }) =>
    gone.has(nameOf(needs))
      ? [{ kind: 'ORPHAN' as const, pk, sk, detail: `its ${missing} is not there: ${key}`.slice(0, 300) }]
      : [],
  );
}
