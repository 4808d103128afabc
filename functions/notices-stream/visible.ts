import type { AuditBody } from '../../shared/contracts/audit-body';
import type { Approval, Contract } from '../../shared/contracts/contract';
import { readOrigin } from '../../shared/contracts/log-origin';
import type { Notice, RequestNews } from '../../shared/contracts/notice';
import { contractKey, switchKey } from '../../shared/domain/keys';
import type { Person, Role } from '../../shared/domain/person';

/** Whose work it is to look on: they see how every contract moves. */
const WATCH: readonly Role[] = ['viewer', 'operator', 'auditor', 'administrator', 'emergency'];
/** They see every request for approval, though it does not ask them. */
const OVERSEE: readonly Role[] = ['auditor', 'administrator', 'emergency'];
/** Quarantine shows what came from outside, so it is for those who deal with it. */
const TRIAGE: readonly Role[] = ['operator', 'auditor', 'administrator'];
/** They may look at what was done when the glass was broken; whoever broke it hears of it too. */
const REVIEW: readonly Role[] = ['approver', 'auditor', 'administrator', 'emergency'];
/** The log is theirs to close and to check. */
const KEEP_LOG: readonly Role[] = ['auditor', 'administrator'];

/** The contract whose own item the entry is about: its partition has many more, which are no news of it. */
export function contractOf({ item }: AuditBody): string | undefined {
  const id = idIn(item.pk, 'CONTRACT#');
  return id !== undefined && item.sk === contractKey(id).sk ? id : undefined;
}

/**
 * What the person is told of an audit entry; `undefined` = nothing. A contract is shown to those who look on, and
 * to an approver whom its request names; the request itself only to whom it names and to those who oversee. A delegation is
 * shown to both of its people: the entry names them. `contract` as it stands now, for the entry that is about one.
 */
export function visible(body: AuditBody, person: Person, contract: Contract | undefined): Notice | undefined {
  const told = { seq: body.seq, at: iso(body.sequencedAt), event: body.event };
  const { pk, sk } = body.item;
  if (contractOf(body) !== undefined) {
    return contract === undefined ? undefined : ofContract({ told, rev: body.rev, person, contract });
  }
  const delegator = idIn(pk, 'DELEGATION#');
  if (delegator !== undefined) {
    const you = partIn({ delegator, delegate: body.delegate?.to }, person);
    return you === undefined ? undefined : { kind: 'delegation', ...told, you };
  }
  if (pk === switchKey.pk && sk === switchKey.sk) {
    // Whoever is let in at all has to know whether Grace acts.
    return person.roles.length > 0 ? { kind: 'control', ...told } : undefined;
  }
  if (body.closes !== undefined) {
    const epoch = readOrigin(body.closes.origin)?.epoch;
    return epoch !== undefined && is(person, KEEP_LOG) ? { kind: 'epoch', ...told, epoch } : undefined;
  }
  const [missionId, contractId] = [idIn(pk, 'MISSION#'), idIn(pk, 'REVIEW#')];
  const [quarantineId, findingId] = [idIn(pk, 'QUARANTINE#'), idIn(pk, 'FINDING#')];
  if (missionId !== undefined && is(person, WATCH)) return { kind: 'mission', ...told, missionId };
  if (contractId !== undefined && is(person, REVIEW)) return { kind: 'review', ...told, contractId };
  if (quarantineId !== undefined && is(person, TRIAGE)) return { kind: 'quarantine', ...told, quarantineId };
  if (findingId !== undefined && is(person, KEEP_LOG)) return { kind: 'finding', ...told, findingId };
  return undefined;
}

function partIn(
  { delegator, delegate }: { readonly delegator: string; readonly delegate: string | undefined },
  person: Person,
): 'delegator' | 'delegate' | 'observer' | undefined {
  if (delegator === person.subject) return 'delegator';
  if (delegate === person.subject) return 'delegate';
  return is(person, KEEP_LOG) ? 'observer' : undefined;
}

function ofContract({
  told,
  rev,
  person,
  contract,
}: {
  readonly told: Pick<Notice, 'seq' | 'at' | 'event'>;
  readonly rev: number;
  readonly person: Person;
  readonly contract: Contract;
}): Notice | undefined {
  const request = contract.approval === undefined ? undefined : requestFor(person, contract.approval);
  if (request === undefined && !is(person, WATCH)) return undefined;
  const { contractId, missionId, status, tier, playbook } = contract;
  return {
    kind: 'contract',
    ...told,
    contractId,
    missionId,
    rev,
    status,
    tier,
    playbook,
    ...(request === undefined ? {} : { request }),
  };
}

function requestFor(person: Person, approval: Approval): RequestNews | undefined {
  const you = standing(person, approval);
  if (you === undefined) return undefined;
  const decided = (decision: string) =>
    Object.values(approval.votes).filter((vote) => vote.decision === decision).length;
  const { generation, planHash, quorum, expiresAt } = approval;
  return {
    you,
    generation,
    planHash,
    quorum,
    approvals: decided('approve'),
    denials: decided('deny'),
    expiresAt: iso(expiresAt),
  };
}

function standing(person: Person, approval: Approval): RequestNews['you'] | undefined {
  if (is(person, ['approver'])) {
    if (approval.excluded.has(person.subject)) return 'excluded';
    if (approval.eligible.includes(person.subject)) return 'may_decide';
  }
  return is(person, OVERSEE) ? 'observer' : undefined;
}

const is = ({ roles }: Person, some: readonly Role[]): boolean => roles.some((role) => some.includes(role));

const idIn = (pk: string, prefix: string): string | undefined =>
  pk.startsWith(prefix) && pk.length > prefix.length ? pk.slice(prefix.length) : undefined;

const iso = (at: number): string => new Date(at).toISOString();
