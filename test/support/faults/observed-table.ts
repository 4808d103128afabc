import { Contract } from '../../../shared/contracts/contract';
import { isEnd, type Status } from '../../../shared/domain/transitions';
import type { Key, Table, Write } from '../../../shared/ports/table';

/** A status that a contract came to. */
export interface Passed {
  readonly at: number;
  readonly contractId: string;
  readonly status: Status;
  readonly planHash: string;
  readonly ended: boolean;
}

/** The table, noting each status that a write of a contract left behind. */
export function observed(table: Table, clock: { now(): number }, passed: Passed[]): Table {
  return {
    get: (key) => table.get(key),
    query: (input) => table.query(input),
    async write(writes, token) {
      const result = await table.write(writes, token);
      if (!result.ok) return result;
      for (const write of writes) {
        const key = keyOf(write);
        if (write.kind === 'check' || key.sk !== 'CONTRACT') continue;
        const { contractId, status, planHash } = Contract.parse(await table.get(key));
        passed.push({ at: clock.now(), contractId, status, planHash, ended: isEnd(status) });
      }
      return result;
    },
  };
}

export const keyOf = (write: Write): Key => (write.kind === 'put' ? write.item : write.key);
