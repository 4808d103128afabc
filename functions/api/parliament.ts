import type { ParliamentView } from '../../shared/contracts/api/governance';
import { participationOf } from '../../shared/domain/approval';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Listings } from '../../shared/ports/listings';
import { timeOf } from './contract-view';

/** Newest contracts that are looked at. */
const LOOKED_AT = 200;

/** Votes on tier 3 actions among the newest contracts: who took part, and how each ended. */
export async function parliament({
  listings,
  contracts,
}: {
  readonly listings: Pick<Listings, 'contracts'>;
  readonly contracts: Pick<ContractStore, 'get'>;
}): Promise<ParliamentView> {
  const listed = await listings.contracts(LOOKED_AT);
  const found = await Promise.all(listed.map(({ id }) => contracts.get(id)));
  const sessions = found.flatMap((contract) => {
    const session = contract?.tier === 3 ? participationOf(contract) : undefined;
    return contract === undefined || session === undefined ? [] : [{ contract, session }];
  });
  const members = new Map<string, { asked: number; voted: number }>();
  for (const { contract, session } of sessions) {
    const voters = new Set(session.votes.map(({ subject }) => subject));
    for (const subject of new Set([...(contract.approval?.eligible ?? []), ...voters])) {
      const member = members.get(subject) ?? { asked: 0, voted: 0 };
      members.set(subject, {
        asked: member.asked + 1,
        voted: member.voted + (voters.has(subject) ? 1 : 0),
      });
    }
  }
  const outcomes: Record<string, number> = {};
  for (const { session } of sessions) outcomes[session.outcome] = (outcomes[session.outcome] ?? 0) + 1;
  return {
    sessions: sessions.map(({ contract, session }) => ({
      contractId: session.contractId,
      playbook: contract.playbook,
      requestedAt: timeOf(session.requestedAt),
      decidedAt: session.decidedAt === undefined ? null : timeOf(session.decidedAt),
      status: contract.status,
      outcome: session.outcome,
      quorum: session.quorum,
      eligible: session.eligible,
      approvals: session.approvals,
      denials: session.denials,
      participation: session.participation,
    })),
    members: [...members]
      .map(([subject, { asked, voted }]) => ({ subject, asked, voted, participation: voted / asked }))
      .sort((a, b) => b.participation - a.participation || (a.subject < b.subject ? -1 : 1)),
    outcomes,
  };
}
