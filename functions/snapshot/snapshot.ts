import { SnapshotManifest } from '../../shared/contracts/state-items';
import { canonicalJson } from '../../shared/domain/canonical-json';
import { sha256Hex } from '../../shared/domain/digest';
import { endParts } from '../../shared/domain/end-parts';
import type { Clock } from '../../shared/ports/clock';
import type { Resources, Telemetry } from '../../shared/ports/cloud';
import type { ContractStore } from '../../shared/ports/contract-store';
import { ImpossibleStateError, OvertakenError } from '../../shared/ports/errors';
import type { Evidence } from '../../shared/ports/outside';
import type { SnapshotStore } from '../../shared/ports/stores';

export interface SnapshotDeps {
  readonly contracts: ContractStore;
  readonly snapshots: SnapshotStore;
  readonly evidence: Evidence;
  readonly resources: Resources;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly executors: Readonly<Record<string, string>>;
}

/**
 * Keeps the targets' state as it is right before the action: evidence, and the way back. The fault may be
 * over, or the target gone, by the time that people have agreed: then the contract ends `stale` here, and
 * the executor's gate refuses it.
 */
export async function snapshot(
  input: { readonly contractId: string },
  deps: SnapshotDeps,
): Promise<{ readonly contractId: string; readonly executor: string }> {
  const contract = await deps.contracts.get(input.contractId);
  if (contract === undefined) throw new ImpossibleStateError(`there is no contract ${input.contractId}`);
  const { plan } = await deps.contracts.plan(contract.contractId);
  const executor = deps.executors[plan.steps[0]?.action ?? ''];
  if (executor === undefined)
    throw new ImpossibleStateError(`no executor is registered for ${plan.steps[0]?.action}`);
  const output = { contractId: contract.contractId, executor };
  if (contract.status !== 'approved') return output;

  const stale = async (reason: string) => {
    const at = deps.clock.now();
    const parts = endParts({ contract, plan, to: 'stale', reason, lines: [], at });
    const ended = await deps.contracts.end(contract, 'stale', { actor: 'snapshot', reason, at }, parts);
    // Still approved, it would be executed although the fault is over.
    if (!ended.ok && ended.contract?.status === 'approved') throw new OvertakenError(contract.contractId);
    return output;
  };
  if (plan.alarm !== undefined && (await deps.telemetry.alarm(plan.alarm.name))?.state === 'OK')
    return stale('RECOVERED');

  const targets: SnapshotManifest['targets'] = [];
  for (const target of plan.targets) {
    const live = await deps.resources.describe(target);
    if (live === undefined) return stale('TARGET_GONE');
    targets.push({ target, tags: { ...live.tags }, facts: { ...live.facts } });
  }
  const at = deps.clock.now();
  const manifest = SnapshotManifest.parse({
    version: 1,
    contractId: contract.contractId,
    takenAt: at,
    targets,
  });
  const text = canonicalJson(manifest);
  const hash = sha256Hex(text);
  const name = `snapshots/${contract.contractId}/${hash}.json`;
  await deps.evidence.put(name, text);
  const why = { actor: 'snapshot', reason: 'BEFORE_ACTION', at };
  await deps.snapshots.put(contract, { n: 0, name, hash, takenAt: at }, why);
  return output;
}
