// The class alone: `z.core` of `zod/mini` would bring all of zod into the bundle.
import { $ZodError } from 'zod/v4/core';
import type { Contract } from '../../shared/contracts/contract';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import type { StoredEntry } from '../../shared/domain/audit-entry';
import type { Person } from '../../shared/domain/person';
import type { AuditLog } from '../../shared/ports/audit-log';
import type { Clock, Random } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Logger } from '../../shared/ports/outside';
import { eventFrame, heartbeatFrame, noticeFrame, retryFrame } from './frames';
import { contractOf, visible } from './visible';

export interface StreamInput {
  /** Who listens, as the authorizer found. */
  readonly person: Person;
  /** Number of the last audit entry that the client has been told of, or past; absent = only what comes now. */
  readonly after?: number;
}

export interface StreamDeps {
  readonly log: Pick<AuditLog, 'head' | 'entries'>;
  readonly contracts: Pick<ContractStore, 'get'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Said when the client has gone, where the platform can tell. */
  readonly gone?: AbortSignal;
}

/** Shorter than the 30 s after which API Gateway's edge gives up a silent stream (5 min regionally). */
export const HEARTBEAT_MS = 15_000;
/**
 * A stream ends by itself and the client comes again: far below the 15 min that API Gateway and Lambda allow,
 * since Lambda is not told when a client goes, and tokens and roles are looked at when a stream begins.
 */
export const STREAM_LIFE_MS = 300_000;
/** Between two looks at the log: this, and up to as much again by chance. */
export const LOOK_EVERY_MS = 500;
/** Further behind than this a client is told to load anew: what it missed is history, not news. */
export const MOST_BEHIND = 50_000;
/** Contracts remembered at once while a page is told. */
const MOST_KNOWN = 256;
/** When to come again: spread, so that the clients of one moment do not stay together. */
const RETRY_MS = 500;
const RETRY_SPREAD_MS = 2_500;

/**
 * The live notices of one person, as blocks of a `text/event-stream`. The audit log is the source: its numbers are
 * dense, ordered and durable, so a client that goes on after the last id it saw misses nothing and hears nothing
 * twice, whichever instance answers it. Events: `ready` first (load what there is after it), the kinds of `Notice`,
 * `reset` where it cannot go on from the id that it gave, `bye` at the end.
 *
 * Reads only as it is read: at most one page of the log is held, however slow the client. Faults are thrown; the
 * client comes again.
 */
export async function* notices(input: StreamInput, deps: StreamDeps): AsyncGenerator<string, void, void> {
  const { log, clock, random, gone } = deps;
  const endsAt = clock.now() + STREAM_LIFE_MS;
  let spokenAt = clock.now();
  const said = (frame: string): string => {
    spokenAt = clock.now();
    return frame;
  };
  const isOver = (): boolean => gone?.aborted === true || clock.now() >= endsAt;

  const last = (await log.head()).size - 1;
  const start = startOf(input.after, last);
  let position = start.position;
  yield said(retryFrame(Math.round(RETRY_MS + random() * RETRY_SPREAD_MS)));
  if (start.reset !== undefined) yield said(eventFrame('reset', position, { reason: start.reset }));
  yield said(eventFrame('ready', position, { position, last, endsAt: new Date(endsAt).toISOString() }));

  while (!isOver()) {
    const { size } = await log.head();
    if (size - 1 > position) {
      const known = new Map<string, Contract | undefined>();
      for await (const entry of log.entries(position + 1, size)) {
        if (isOver()) break;
        const frame = await frameOf(entry, { person: input.person, known, deps });
        position = entry.seq;
        if (frame !== undefined) yield said(frame);
        else if (clock.now() - spokenAt >= HEARTBEAT_MS) yield said(heartbeatFrame(position));
      }
    }
    if (isOver()) break;
    const silentUntil = spokenAt + HEARTBEAT_MS;
    if (clock.now() >= silentUntil) yield said(heartbeatFrame(position));
    else await clock.sleep(Math.min(Math.round(LOOK_EVERY_MS * (1 + random())), silentUntil - clock.now()));
  }
  if (gone?.aborted === true) return;
  yield said(eventFrame('bye', position, { reason: 'TIME_OVER' }));
}

interface Start {
  readonly position: number;
  readonly reset?: 'UNKNOWN_POSITION' | 'TOO_FAR_BEHIND';
}

/** A position that this log has not reached is another log's. */
function startOf(after: number | undefined, last: number): Start {
  if (after === undefined) return { position: last };
  if (after > last) return { position: last, reset: 'UNKNOWN_POSITION' };
  if (last - after > MOST_BEHIND) return { position: last, reset: 'TOO_FAR_BEHIND' };
  return { position: after };
}

interface Telling {
  readonly person: Person;
  /** Contracts read for this page of the log. */
  readonly known: Map<string, Contract | undefined>;
  readonly deps: StreamDeps;
}

/** An entry or a contract that cannot be read was made by hand: it must not end everybody's stream for good. */
async function frameOf(entry: StoredEntry, { person, known, deps }: Telling): Promise<string | undefined> {
  try {
    const body = readAuditBody(entry.leaf);
    const contractId = contractOf(body);
    if (contractId !== undefined && !known.has(contractId)) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(contractId, await deps.contracts.get(contractId));
    }
    const notice = visible(body, person, contractId === undefined ? undefined : known.get(contractId));
    return notice === undefined ? undefined : noticeFrame(notice);
  } catch (error) {
    if (!(error instanceof $ZodError) && !(error instanceof SyntaxError)) throw error;
    deps.logger.error('entry not told', { code: 'NOTICE_UNREADABLE', seq: entry.seq });
    return undefined;
  }
}
