import type { AuditFinding } from '../../shared/contracts/audit-findings';
import { isAudited } from '../../shared/contracts/audited-items';
import { Change } from '../../shared/contracts/change';
import { imageDigest } from '../../shared/domain/image-digest';
import { type LogGap, logGap } from '../../shared/domain/log-gap';
import type { FilledIn } from '../../shared/ports/audit-check';
import type { Item, Key } from '../../shared/ports/table';
import type { CheckDeps } from './check-deps';

export interface Compared {
  readonly findings: readonly AuditFinding[];
  /** To be looked at again by the next check. */
  readonly watched: readonly string[];
  readonly filledIn: readonly FilledIn[];
  /** Items that are as logged. */
  readonly sequenced: readonly Key[];
  readonly compared: number;
}

const AT_ONCE = 16;
const ROWS_READ = 8;
const MOST_WATCHED = 100;
/** As many as one call of the sequencer takes. */
const MOST_FILLED = 100;

export const watchedName = ({ pk, sk }: Key, image: string): string => JSON.stringify([pk, sk, image]);
export function watchedKey(name: string): Key {
  const [pk, sk] = JSON.parse(name) as [string, string, string];
  return { pk, sk };
}

export interface Comparing {
  /** Items that the last check wants looked at again, as `watchedName`. */
  readonly watched: ReadonlySet<string>;
  /** Whether the sequencer reads the stream: only then is a record that has not come a lost one. */
  readonly isSequencing: boolean;
}

/**
 * Compares items with what the log has of them. What is late is filled in by the sequencer; what is otherwise not
 * as logged is a finding when the next check sees the very same again, since a record takes its time.
 */
export async function compareItems(
  keys: readonly Key[],
  { watched, isSequencing }: Comparing,
  deps: CheckDeps,
): Promise<Compared> {
  const distinct = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()].filter(({ pk }) =>
    isAudited(pk),
  );
  const looked: Looked[] = [];
  for (let at = 0; at < distinct.length; at += AT_ONCE) {
    looked.push(...(await Promise.all(distinct.slice(at, at + AT_ONCE).map((key) => lookAt(key, deps)))));
  }
  const differing = looked.filter(({ gap }) => gap.kind !== 'none');
  const late = differing.filter(({ gap }) => gap.kind === 'late');
  const filledIn =
    late.length === 0 || !isSequencing
      ? []
      : await deps.sequencer.fillIn(late.slice(0, MOST_FILLED).map(({ key: { pk, sk } }) => ({ pk, sk })));
  const findings = differing.flatMap((one): AuditFinding[] => {
    if (one.gap.kind === 'on_its_way') return [];
    if (one.gap.kind !== 'late') return watched.has(watchedName(one.key, one.image)) ? [findingOf(one)] : [];
    // What was filled in is told when its entry is read: this call may end before it could tell.
    return filledIn.some(({ pk, sk }) => pk === one.key.pk && sk === one.key.sk) ? [] : [findingOf(one)];
  });
  return {
    findings,
    watched: differing.slice(0, MOST_WATCHED).map(({ key, image }) => watchedName(key, image)),
    filledIn,
    sequenced: looked.filter(({ gap }) => gap.kind === 'none').map(({ key }) => key),
    compared: looked.length,
  };
}

interface Looked {
  readonly key: Key;
  readonly rev: number;
  readonly image: string;
  readonly gap: LogGap | { readonly kind: 'item_gone' };
}

async function lookAt(key: Key, { state, logged, clock }: CheckDeps): Promise<Looked> {
  // The item first: what is logged after it was read is no gap.
  const item = await state.get(key);
  const rows = await logged.newest(key, ROWS_READ);
  if (item === undefined) {
    const [newest, ...older] = rows;
    // A removal has a row of its own, that repeats the digest of what was removed.
    const isRemoved = newest === undefined || older.some(({ digest }) => digest === newest.digest);
    const gap = isRemoved ? ({ kind: 'none' } as const) : ({ kind: 'item_gone' } as const);
    return { key, rev: newest?.rev ?? 0, image: 'gone', gap };
  }
  const change = Change.safeParse(item['change']);
  const changedAt = change.success ? change.data.at : undefined;
  const image = imageDigest(item);
  const now = { rev: revOf(item), digest: image, changedAt };
  const gap = logGap(now, rows, clock.now());
  if (gap.kind !== 'log_ahead') return { key, rev: now.rev, image, gap };
  // An item that was put back to an old state by hand has the row of that state.
  const atRev = await logged.at(key, now.rev);
  return { key, rev: now.rev, image, gap: logGap(now, [...rows, ...atRev], clock.now()) };
}

function findingOf({ key, rev, gap }: Looked): AuditFinding {
  const about = { pk: key.pk, sk: key.sk, rev };
  switch (gap.kind) {
    case 'late': {
      const [from, to] = gap.lost ?? [rev, rev];
      const missing = gap.lost === undefined ? `rev ${rev} has` : `rev ${from} to ${to} and ${rev} have`;
      return { ...about, kind: 'UNSEQUENCED', detail: `${missing} no entry yet` };
    }
    case 'log_ahead':
      return { ...about, kind: 'LOG_AHEAD', detail: `the table has rev ${rev}, the log a later one` };
    case 'item_gone':
      return { ...about, kind: 'ITEM_GONE', detail: `logged last with rev ${rev}, and not removed` };
    default:
      return { ...about, kind: 'IMAGE_DIFFERS', detail: `rev ${rev} was logged with another image` };
  }
}

const revOf = (item: Item): number => (typeof item['rev'] === 'number' ? item['rev'] : 0);
