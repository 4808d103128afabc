import type { Contract } from '../../shared/contracts/contract';
import { contractStore } from '../../shared/stores/contract-store';
import type { Backend } from '../backend/backend';
import { NothingThereError } from '../errors';

/** @throws NothingThereError */
export async function contractNamed(backend: Backend, contractId: string): Promise<Contract> {
  const contract = await contractStore(backend.state).get(contractId);
  if (contract === undefined) throw new NothingThereError(`there is no contract ${contractId}`);
  return contract;
}
