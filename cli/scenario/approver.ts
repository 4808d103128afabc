import type { Contract } from '../../shared/contracts/contract';
import type { ScriptedApproval } from '../simulator/cloud/incident';
import type { Deployment } from '../simulator/deployment';
import type { Kernel } from '../simulator/kernel';

/** People whom the scenario's deployment lets approve. They are scripted, and nobody vouches for them. */
export const SCRIPTED_APPROVERS = ['scripted-approver-1', 'scripted-approver-2'] as const;

const TRY_AGAIN_MS = 20_000;
const MOST_TRIES = 20;

/** Decides as the script says: one after the other votes until the request is closed. */
export function scriptedApprover(kernel: Kernel, deployment: Pick<Deployment, 'decide' | 'ports'>) {
  const { contracts } = readers(deployment);

  async function vote(contractId: string, script: ScriptedApproval): Promise<boolean> {
    for (const principal of SCRIPTED_APPROVERS) {
      const contract = await contracts(contractId);
      if (contract?.status !== 'awaiting_approval') return true;
      if (contract.approval?.votes[principal] !== undefined) continue;
      await deployment.decide({
        contractId,
        decision: script.decision === 'deny' ? 'deny' : 'approve',
        principal,
        planHash: contract.planHash,
        reason: 'scripted decision of a scenario',
      });
    }
    return (await contracts(contractId))?.status !== 'awaiting_approval';
  }

  function tryVote(contractId: string, script: ScriptedApproval, tries: number): void {
    const again = () => {
      if (tries < MOST_TRIES)
        kernel.schedule(TRY_AGAIN_MS, () => tryVote(contractId, script, tries + 1), 'approver');
    };
    // A person whose click met an error clicks again.
    vote(contractId, script).then((closed) => (closed ? undefined : again()), again);
  }

  return {
    /** Call it when the request is known. */
    asked(contractId: string, script: ScriptedApproval): void {
      if (script.decision === 'none') return;
      kernel.schedule(script.afterSeconds * 1000, () => tryVote(contractId, script, 1), 'approver');
    },
  };
}

function readers({ ports }: Pick<Deployment, 'ports'>) {
  return {
    contracts: async (contractId: string) =>
      (await ports.state.get({ pk: `CONTRACT#${contractId}`, sk: 'CONTRACT' })) as Contract | undefined,
  };
}
