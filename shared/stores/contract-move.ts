import type { Change } from '../contracts/change';
import type { Contract } from '../contracts/contract';
import { EVENT_OF_STATUS } from '../domain/event-types';
import { contractKey } from '../domain/keys';
import { isEnd, type Status, sourcesOf } from '../domain/transitions';
import type { Reason } from '../ports/contract-store';
import type { Attribute, Condition, Path, Update, Write } from '../ports/table';
import { changeId } from './item-writes';
import { all, equals, isOneOf } from './when';

/** What one write does to a contract item. */
export interface ContractWrite {
  readonly contract: Contract;
  /** The new status; absent = the status stays. */
  readonly to?: Status;
  /** Name of the event; by default that of the new status. */
  readonly event?: string;
  readonly why: Reason;
  /** Top-level fields to set; `undefined` values are left as they are. */
  readonly patch?: Readonly<Record<string, unknown>>;
  /** Nested fields to set. */
  readonly nested?: readonly (readonly [Path, Attribute])[];
  /** Nested fields to take away. */
  readonly removed?: readonly Path[];
  /** Conditions beside those of the transition. */
  readonly conditions?: readonly Condition[];
  /** A closing move is conditioned on the status only, so that nobody can starve it. */
  readonly closing?: boolean;
  /** Keep the contract on the reaper's list although it ends (its decision is not delivered yet). */
  readonly keepOpen?: boolean;
  /** Distinguishes moves to one status, such as the voter. */
  readonly by?: string;
  /** Whose voice the actor speaks with, where one is needed. */
  readonly voice?: string;
}

/** The `change` of a move: its id is the same whenever the same move is tried again. */
export function changeOf(write: ContractWrite): Change {
  const { contract, why } = write;
  const event = write.event ?? EVENT_OF_STATUS[write.to ?? contract.status];
  const seen = write.closing ? 'closing' : contract.rev;
  return {
    id: changeId(contract.contractId, write.to ?? event, seen, write.by ?? why.actor),
    event,
    actor: why.actor,
    reason: why.reason,
    ...(write.voice === undefined || write.voice === why.actor ? {} : { inVoiceOf: write.voice }),
    correlationId: contract.correlationId,
    missionId: contract.missionId,
    contractId: contract.contractId,
    at: why.at,
  };
}

const hasEnded = (write: ContractWrite): boolean => isEnd(write.to ?? write.contract.status);

/**
 * The one write of a contract. The allowed sources of the move come from the transition table, so an
 * impossible transition is refused by the database.
 */
export function contractWrite(write: ContractWrite): Write {
  const { contract, to, closing } = write;
  const sources = to === undefined ? [contract.status] : sourcesOf(to);
  const conditions: Condition[] = [isOneOf('status', sources), ...(write.conditions ?? [])];
  if (!closing) conditions.unshift(equals('rev', contract.rev));
  const set: [Path, Attribute][] = [[['change'], changeOf(write) as unknown as Attribute]];
  for (const [field, value] of Object.entries(write.patch ?? {})) {
    if (value !== undefined) set.push([[field], value as Attribute]);
  }
  set.push(...((write.nested ?? []) as [Path, Attribute][]));
  if (to !== undefined) set.push([['status'], to]);
  if (to !== undefined && isEnd(to)) set.push([['endedAt'], write.why.at]);
  const leavesList = hasEnded(write) && !write.keepOpen;
  const remove: Path[] = [
    ...(write.removed ?? []),
    ...(leavesList ? ([['openPk'], ['openSk']] as Path[]) : []),
  ];
  const update: Update = { set, add: [['rev', 1]], ...(remove.length > 0 ? { remove } : {}) };
  return { kind: 'update', key: contractKey(contract.contractId), update, condition: all(...conditions) };
}

/** The contract as the write leaves it, without reading it again. Only for writes conditioned on the rev. */
export function afterWrite(write: ContractWrite): Contract {
  const { contract, to } = write;
  const { openPk, openSk, ...rest } = contract;
  const leavesList = hasEnded(write) && !write.keepOpen;
  const patch = Object.fromEntries(
    Object.entries(write.patch ?? {}).filter(([, value]) => value !== undefined),
  );
  return {
    ...rest,
    ...(leavesList || openPk === undefined || openSk === undefined ? {} : { openPk, openSk }),
    ...patch,
    rev: contract.rev + 1,
    change: changeOf(write),
    ...(to === undefined ? {} : { status: to }),
    ...(to !== undefined && isEnd(to) ? { endedAt: write.why.at } : {}),
  } as Contract;
}
