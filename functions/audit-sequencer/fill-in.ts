import { Change } from '../../shared/contracts/change';
import { imageDigest } from '../../shared/domain/image-digest';
import { type LogGap, logGap } from '../../shared/domain/log-gap';
import type { FilledIn, LoggedItems } from '../../shared/ports/audit-check';
import type { AuditDraft } from '../../shared/ports/audit-log';
import type { Item, Key, Table } from '../../shared/ports/table';
import { filledInFacts, lostFacts } from './attribute-record';
import { type SequencerDeps, sequenceDrafts } from './sequence-drafts';

export interface FillInDeps extends SequencerDeps {
  /** The state table. */
  readonly state: Pick<Table, 'get'>;
  readonly logged: LoggedItems;
}

/** Far more than one hand in the console can make in a day; the rest is recorded by the next call. */
const MOST_LOST = 400;
const ROWS_READ = 8;

/**
 * Writes what the log lacks of these items, where it is time to (`logGap`): the change that the item shows, and
 * before it an entry for each rev that is lost. Looks at item and log itself; nothing is taken from who asks. Safe
 * to repeat, and to run beside the stream: a record that comes meanwhile or later has its place already.
 */
export async function fillIn(keys: readonly Key[], deps: FillInDeps): Promise<readonly FilledIn[]> {
  const done: FilledIn[] = [];
  for (const key of keys) {
    const item = await deps.state.get(key);
    const drafts = item === undefined ? [] : draftsFor(item, await gapOf(item, deps));
    if (item === undefined || drafts.length === 0) continue;
    const logged = await sequenceDrafts(drafts, deps);
    const last = logged.at(-1);
    const { pk, sk } = key;
    const rev = last?.draft.facts.rev ?? 0;
    const lost = drafts.filter(({ facts }) => facts.fault === 'LOST').length;
    done.push({ pk, sk, rev, lost, ...(last === undefined ? {} : { seq: last.seq }) });
    deps.logger.warn('entries made without their records', { code: 'AUDIT_FILLED_IN', pk, sk, rev, lost });
  }
  return done;
}

async function gapOf(item: Item, { logged, clock }: FillInDeps): Promise<LogGap> {
  const rows = await logged.newest(item, ROWS_READ);
  const change = Change.safeParse(item['change']);
  const changedAt = change.success ? change.data.at : undefined;
  return logGap({ rev: revOf(item), digest: imageDigest(item), changedAt }, rows, clock.now());
}

function draftsFor(item: Item, gap: LogGap): AuditDraft[] {
  if (gap.kind !== 'late' || !gap.fill) return [];
  const [from, to] = gap.lost ?? [0, -1];
  const lost: AuditDraft[] = [];
  for (let rev = from; rev <= to && lost.length < MOST_LOST; rev += 1) {
    lost.push({ aside: false, facts: lostFacts(item, rev) });
  }
  const isCut = to - from + 1 > MOST_LOST;
  return isCut ? lost : [...lost, { aside: false, facts: filledInFacts(item, imageDigest(item)) }];
}

const revOf = (item: Item): number => (typeof item['rev'] === 'number' ? item['rev'] : 0);
