import type { Change } from '../contracts/change';
import { sha256Hex } from '../domain/digest';
import type { Reason } from '../ports/contract-store';
import type { Attribute, Item, Key } from '../ports/table';

/** Characters. */
const LONGEST_ID = 256;

/** Whom an item belongs to: what its `change` names beside who and why. */
export interface Belongs {
  readonly correlationId: string;
  readonly missionId?: string;
  readonly contractId?: string;
}

/**
 * An id that a change can carry, of parts that may be long, such as a subject. What is too long is told apart by its hash:
 * cut off, two people whose subjects begin alike would be taken for one.
 */
export function changeId(...parts: readonly (string | number)[]): string {
  const id = parts.join('/');
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 65)}#${sha256Hex(id)}`;
}

export function changeFor(id: string, event: string, why: Reason, belongs: Belongs): Change {
  return {
    id: changeId(id),
    event,
    actor: why.actor,
    reason: why.reason.slice(0, 1024),
    correlationId: belongs.correlationId,
    ...(belongs.missionId === undefined ? {} : { missionId: belongs.missionId }),
    ...(belongs.contractId === undefined ? {} : { contractId: belongs.contractId }),
    at: why.at,
  };
}

/**
 * The change without the ids that its item carries in fields of its own, where the sequencer finds them as
 * well. An outcome just fits into one write unit so, and is written in a transaction, where each costs two.
 */
export function withoutIds({ missionId: _mission, contractId: _contract, ...change }: Change): Change {
  return change;
}

/** A new audited item: rev 1, its schema version, and the change that made it. */
export function newItem(key: Key, change: Change, fields: Readonly<Record<string, unknown>>): Item {
  return { ...key, schemaVersion: 1, rev: 1, change: change as unknown as Attribute, ...fields } as Item;
}
