import { Contract } from '../contracts/contract';
import { contractKey } from '../domain/keys';
import type { MoveResult } from '../ports/contract-store';
import type { Table, Write } from '../ports/table';
import { afterWrite, type ContractWrite, changeOf, contractWrite } from './contract-move';

export async function readContract(table: Table, contractId: string): Promise<Contract | undefined> {
  const item = await table.get(contractKey(contractId));
  return item === undefined ? undefined : Contract.parse(item);
}

/** `failed`: which of the writes did not hold their condition; 0 is the contract's own. */
export type Settled = MoveResult & { readonly failed?: readonly number[] };

/**
 * Writes the contract, with what belongs to the same moment. A failed condition whose old item carries my change
 * id is my own success, whose answer was lost.
 */
export async function settleContract(
  table: Table,
  write: ContractWrite,
  others: readonly Write[] = [],
): Promise<Settled> {
  const mine = changeOf(write).id;
  const result = await table.write([contractWrite(write), ...others]);
  if (result.ok) {
    const contract =
      write.closing || write.nested || write.removed
        ? await readContract(table, write.contract.contractId)
        : afterWrite(write);
    return contract === undefined ? { ok: false, code: 'moved_on', contract } : { ok: true, contract };
  }
  const old = result.failed.find((failure) => failure.index === 0)?.item;
  const now = old === undefined ? await readContract(table, write.contract.contractId) : Contract.parse(old);
  if (now !== undefined && now.change.id === mine) return { ok: true, contract: now };
  return { ok: false, code: 'moved_on', contract: now, failed: result.failed.map(({ index }) => index) };
}
