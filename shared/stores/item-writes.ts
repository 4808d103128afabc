import type { Change } from '../contracts/change';
import type { Reason } from '../ports/contract-store';
import type { Attribute, Item, Key } from '../ports/table';

/** Whom an item belongs to: what its `change` names beside who and why. */
export interface Belongs {
  readonly correlationId: string;
  readonly missionId?: string;
  readonly contractId?: string;
}

export function changeFor(id: string, event: string, why: Reason, belongs: Belongs): Change {
  return {
    id: id.slice(0, 256),
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
