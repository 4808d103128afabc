import { attributeRecord } from '../../functions/audit-sequencer/attribute-record';
import { withClosing } from '../../functions/audit-sequencer/close-epoch';
import { notices, type StreamInput } from '../../functions/notices-stream/notices';
import type { ApiRequest, Caller } from '../../shared/contracts/api/http';
import { Notice } from '../../shared/contracts/notice';
import type { Person } from '../../shared/domain/person';
import type { ChangeRecord, Item } from '../../shared/ports/table';
import { auditStore } from '../../shared/stores/audit-store';
import { createMemoryTable } from '../../shared/stores/memory-table';
import { LOG_NAME } from './sealed-log';
import { handClock, storesBench, why } from './stores-bench';

export { why };

/** One block of a `text/event-stream`, as a browser reads it. */
export interface Heard {
  readonly id?: number;
  readonly name?: string;
  readonly data?: Record<string, unknown>;
  readonly retry?: number;
}

/** Reads one frame by the rules of the standard. */
export function heard(frame: string): Heard {
  const fields = new Map<string, string>();
  for (const line of frame.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const id = fields.get('id');
  const name = fields.get('event');
  const data = fields.get('data');
  const retry = fields.get('retry');
  return {
    ...(id === undefined ? {} : { id: Number(id) }),
    ...(name === undefined ? {} : { name }),
    ...(data === undefined ? {} : { data: JSON.parse(data) as Record<string, unknown> }),
    ...(retry === undefined ? {} : { retry: Number(retry) }),
  };
}

/** Events that are about the stream itself. */
const OF_STREAM = ['ready', 'reset', 'bye'];

export const noticesIn = (frames: readonly string[]): Notice[] =>
  frames
    .map(heard)
    .filter(({ name }) => name !== undefined && !OF_STREAM.includes(name))
    .map(({ data }) => Notice.parse(data));

export const person = (subject: string, ...roles: Person['roles'][number][]): Person => ({ subject, roles });

/** A request for the stream as it comes from the way in. */
export function streamRequest(
  who: Person,
  { lastEventId, caller }: { readonly lastEventId?: string; readonly caller?: Caller } = {},
): ApiRequest {
  return {
    method: 'GET',
    path: '/api/approvals/stream',
    query: {},
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    body: new Uint8Array(),
    caller: caller ?? { kind: 'person', person: who, token: 't' },
  };
}

/**
 * Stores whose changes wait for a sequencer that the test runs, the audit log that it fills, and a clock that
 * stands still; `whileSleeping` is what happens when the stream waits.
 */
export function streamBench({ random = () => 0.5 }: { readonly random?: () => number } = {}) {
  const changes: ChangeRecord[] = [];
  const clock = handClock();
  const table = createMemoryTable({ clock, onChange: (record) => changes.push(record) });
  const stores = storesBench(table, clock);
  const logs: Readonly<Record<string, unknown>>[] = [];
  const auditTable = createMemoryTable({ clock });
  const log = auditStore(auditTable, { clock, random });
  const sleeps: (() => Promise<void> | void)[] = [];
  const deps = {
    log,
    contracts: stores.contracts,
    origins: ['https://console.acme.com'],
    correlationId: 'c-1',
    clock: {
      now: clock.now,
      async sleep(ms: number) {
        await clock.sleep(ms);
        await sleeps.shift()?.();
      },
    },
    random,
    logger: {
      info: () => undefined,
      warn: () => undefined,
      error: (_: string, fields: Readonly<Record<string, unknown>>) => void logs.push(fields),
    },
  };
  return {
    ...stores,
    auditTable,
    log,
    logs,
    deps,
    /** Runs when the stream next waits, one after the other. */
    whileSleeping: (...acts: (() => Promise<void> | void)[]) => void sleeps.push(...acts),
    /** What was written goes into the audit log. */
    async sequence(): Promise<void> {
      const audited = changes.splice(0).filter(({ keys }) => !keys.pk.startsWith('WAITING#'));
      const drafts = audited.map((record) => withClosing(attributeRecord(record), LOG_NAME));
      await log.append(drafts, clock.now());
    },
    /** An audited item that is nobody's news. */
    async note(n: number): Promise<void> {
      const item = { pk: `PLAYBOOK#p${n}`, sk: 'STATISTICS', rev: 1, change: changeNamed(`note/${n}`) };
      await table.write([{ kind: 'put', item: item as unknown as Item }]);
    },
    open: (input: StreamInput, gone?: AbortSignal) =>
      notices(input, gone === undefined ? deps : { ...deps, gone }),
  };
}
export type StreamBench = ReturnType<typeof streamBench>;

const changeNamed = (id: string) => ({
  id,
  event: 'playbook.counted',
  actor: 'recorder',
  reason: 'RESOLVED',
  correlationId: 'c',
  at: 1,
});

/** The frames until the stream has nothing more to say at this moment. */
export async function framesUntil(
  stream: AsyncGenerator<string>,
  enough: (frames: readonly string[]) => boolean,
): Promise<string[]> {
  const frames: string[] = [];
  while (!enough(frames)) {
    const next = await stream.next();
    if (next.done) break;
    frames.push(next.value);
  }
  return frames;
}
