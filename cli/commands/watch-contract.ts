import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../shared/contracts/contract';
import { isEnd } from '../../shared/domain/transitions';
import type { Backend } from '../backend/backend';
import { statusMark } from '../demo/narrate';
import { type Io, printJson } from '../io';
import { contractNamed } from './contract-named';

/** How often the contract is looked at. */
const EVERY_MS = 2_000;

export interface Watch {
  readonly contractId: string;
  /** Seconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

/**
 * Prints each change of a contract until it ends or time is up (exit code 1). In the simulator nothing moves by
 * itself between two commands, so there it is one look.
 */
export async function watchContract(io: Io, backend: Backend, watch: Watch): Promise<void> {
  const { contractId, timeout, json = false } = watch;
  const deadline = performance.now() + timeout * 1000;
  const moves: Move[] = [];
  let seen = 0;
  for (;;) {
    const contract = await contractNamed(backend, contractId);
    if (contract.rev !== seen) {
      seen = contract.rev;
      const move = moveOf(contract);
      moves.push(move);
      if (!json)
        io.out(
          `${statusMark(move.status, io.paint)} ${move.at}  ${move.status}  ${move.reason}, by ${move.by}`,
        );
    }
    const ended = isEnd(contract.status);
    if (ended || backend.name === 'simulator' || performance.now() + EVERY_MS > deadline) {
      if (!ended && backend.name !== 'simulator') io.exitWith(1);
      if (json) printJson(io, { contractId, ended, status: contract.status, moves });
      return;
    }
    await sleep(EVERY_MS);
  }
}

interface Move {
  readonly at: string;
  readonly rev: number;
  readonly status: Contract['status'];
  readonly event: string;
  readonly by: string;
  readonly reason: string;
}

function moveOf({ status, rev, change: { at, event, actor, reason } }: Contract): Move {
  return { at: new Date(at).toISOString(), rev, status, event, by: actor, reason };
}
