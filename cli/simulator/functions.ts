import { admit } from '../../functions/admit/admit';
import { api } from '../../functions/api/api';
import { type AuthorizerInput, authorize } from '../../functions/authorizer/authorizer';
import { benchmark } from '../../functions/benchmark/benchmark';
import { type BootstrapInput, bootstrap } from '../../functions/bootstrap/bootstrap';
import { close } from '../../functions/close/close';
import { decide } from '../../functions/decide/decide';
import { publishChanges } from '../../functions/mesh-publisher/mesh-publisher';
import { openStream } from '../../functions/notices-stream/notices-stream';
import { openApproval } from '../../functions/open-approval/open-approval';
import { reap } from '../../functions/reaper/reaper';
import { type ContractNews, record } from '../../functions/recorder/recorder';
import { type RelayInput, relay } from '../../functions/relay/relay';
import { replan } from '../../functions/replanner/replanner';
import { rollback } from '../../functions/rollback/rollback';
import type { IntakeRecord } from '../../functions/sentinel/decision';
import { sentinel } from '../../functions/sentinel/sentinel';
import { snapshot } from '../../functions/snapshot/snapshot';
import { verify } from '../../functions/verify/verify';
import { command, takeMessage } from '../../functions/webhook-sender/webhook-sender';
import type { ApiRequest } from '../../shared/contracts/api/http';
import { readCompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import type { SongNotice } from '../../shared/contracts/song-notice';
import type { WebhookCommand } from '../../shared/contracts/webhook-command';
import { CALL_MS } from '../../shared/executors/call-time';
import { perform } from '../../shared/executors/perform';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { Clock } from '../../shared/ports/clock';
import type { Callers } from '../../shared/ports/outside';
import type { ChangeRecord } from '../../shared/ports/table';
import { approvalStore } from '../../shared/stores/approval-store';
import { auditStore } from '../../shared/stores/audit-store';
import { canaryStore } from '../../shared/stores/canary-store';
import { closer } from '../../shared/stores/closer';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { delegationStore } from '../../shared/stores/delegation-store';
import { deliveryStore } from '../../shared/stores/delivery-store';
import { deploymentStore } from '../../shared/stores/deployment-store';
import { electorates } from '../../shared/stores/electorates';
import { epochClosings } from '../../shared/stores/epoch-closings';
import { errorStore } from '../../shared/stores/error-store';
import { measurementStore, outcomeReader, snapshotStore } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { missionStore } from '../../shared/stores/mission-store';
import { currentLibrary } from '../../shared/stores/playbook-library';
import { playbookStore } from '../../shared/stores/playbook-store';
import { policyStore } from '../../shared/stores/policy-store';
import { quarantineStore } from '../../shared/stores/quarantine-store';
import { reservations } from '../../shared/stores/reservations';
import { reviewStore } from '../../shared/stores/review-store';
import { tokenStore } from '../../shared/stores/token-store';
import { apiDeps } from './api-ports';
import { runCheck, runSealer, runSequencer } from './audit-functions';
import type { SimulatedPorts } from './ports';

/** Runs one function's logic: the very module that its `index.ts` wires on AWS. */
type Run = (payload: never, ports: SimulatedPorts, deadline: number) => Promise<unknown>;

interface Contract {
  readonly contractId: string;
}

const executor =
  (name: FunctionName): Run =>
  (input: Contract & { direction: 'forward' | 'back' }, ports, deadline) => {
    const { state, clock } = ports;
    const actions = ports.actions[name];
    if (actions === undefined) throw new Error(`the simulated cloud has no ${name}`);
    return perform(
      { contractId: input.contractId, direction: input.direction, deadline },
      {
        actions,
        contracts: contractStore(state),
        ledger: ledger(state),
        reservations: reservations(state),
        control: controlStore(state),
        clock,
        callMs: CALL_MS,
        actor: name,
        poolSize: ports.settings.limits.concurrentActions,
        executors: ports.executors,
        random: ports.random,
      },
    );
  };

function closerOf({ state, clock }: SimulatedPorts) {
  return closer({
    contracts: contractStore(state),
    ledger: ledger(state),
    measurements: measurementStore(state),
    clock,
  });
}

function electoratesOf({ state, directory, policies, settings }: SimulatedPorts) {
  const { escalation } = settings.approvals;
  return electorates({ directory, policies, delegations: delegationStore(state), escalation });
}

/** The simulator's own people are who they say they are, just signed in. */
const takenAtWord = (clock: Clock): Callers => ({
  identify: async (proof) =>
    'token' in proof ? { subject: proof.token, roles: [], authenticatedAt: clock.now() } : undefined,
});

/** Each function by role. A test holds that each is the module that the deployed function imports. */
export const SIMULATED_FUNCTIONS: Readonly<Record<FunctionName, Run>> = {
  [FUNCTIONS.sentinel]: async (records: readonly IntakeRecord[], ports) => {
    const { state, clock } = ports;
    const { playbooks, diagnose } = await currentLibrary(state, clock, ports.playbookCache);
    return sentinel(records, {
      ...ports,
      playbooks,
      diagnose,
      statistics: playbookStore(state),
      contracts: contractStore(state),
      canaries: canaryStore(state),
      reservations: reservations(state),
      errors: errorStore(state),
      quarantine: quarantineStore(state),
      missions: missionStore(state),
      policyVersion: ports.policies.version,
    });
  },
  [FUNCTIONS.admit]: (input: Contract, ports) =>
    admit(input, {
      ...ports,
      contracts: contractStore(ports.state),
      canaries: canaryStore(ports.state),
      reservations: reservations(ports.state),
      control: controlStore(ports.state),
    }),
  [FUNCTIONS.openApproval]: (input: Contract & { taskToken: string }, ports) =>
    openApproval(input, {
      ...ports,
      contracts: contractStore(ports.state),
      tokens: tokenStore(ports.tokens),
      electorates: electoratesOf(ports),
    }),
  [FUNCTIONS.decide]: ({ principal, ...input }: { readonly principal?: string }, ports) => {
    const { approvals } = ports.settings;
    const deps = {
      ...ports,
      contracts: contractStore(ports.state),
      approvals: approvalStore(ports.state),
      delegations: delegationStore(ports.state),
      reviews: reviewStore(ports.state),
      closings: epochClosings(ports.state),
      log: auditStore(ports.audit, { clock: ports.clock, random: ports.random }),
      reservations: reservations(ports.state),
      inForce: () => ports.compiledPolicies,
      escalation: approvals.escalation,
      longestDelegation: approvals.longestDelegation,
    };
    if (principal === undefined) return decide(input, deps);
    return decide({ ...input, proof: { token: principal } }, { ...deps, callers: takenAtWord(ports.clock) });
  },
  [FUNCTIONS.replanner]: async (input: Contract, ports) => {
    const { state, clock } = ports;
    const { playbooks } = await currentLibrary(state, clock, ports.playbookCache);
    return replan(input, {
      ...ports,
      playbooks,
      contracts: contractStore(state),
      approvals: approvalStore(state),
      errors: errorStore(state),
      statistics: playbookStore(state),
      electorates: electoratesOf(ports),
      policyVersion: ports.policies.version,
    });
  },
  [FUNCTIONS.relay]: (input: RelayInput, ports) =>
    relay(input, {
      ...ports,
      contracts: contractStore(ports.state),
      canaries: canaryStore(ports.state),
      tokens: tokenStore(ports.tokens),
    }),
  [FUNCTIONS.snapshot]: (input: Contract, ports) =>
    snapshot(input, {
      ...ports,
      contracts: contractStore(ports.state),
      snapshots: snapshotStore(ports.state),
    }),
  [FUNCTIONS.executorAutoscaling]: executor(FUNCTIONS.executorAutoscaling),
  [FUNCTIONS.executorEc2]: executor(FUNCTIONS.executorEc2),
  [FUNCTIONS.executorRds]: executor(FUNCTIONS.executorRds),
  [FUNCTIONS.benchmark]: (input: Contract, ports) =>
    benchmark(input, {
      ...ports,
      errors: errorStore(ports.state),
      contracts: contractStore(ports.state),
      measurements: measurementStore(ports.state),
    }),
  [FUNCTIONS.verify]: (input: Contract, ports) =>
    verify(input, {
      ...ports,
      contracts: contractStore(ports.state),
      measurements: measurementStore(ports.state),
    }),
  [FUNCTIONS.rollback]: (input: Contract, ports) =>
    rollback(input, { ...ports, contracts: contractStore(ports.state), ledger: ledger(ports.state) }),
  [FUNCTIONS.close]: (input: Contract & { expected: 'resolved' | 'not_resolved' }, ports) =>
    close(input, { closer: closerOf(ports) }),
  [FUNCTIONS.meshPublisher]: (records: readonly ChangeRecord[], ports) => publishChanges(records, ports),
  [FUNCTIONS.auditSequencer]: runSequencer,
  [FUNCTIONS.auditSealer]: runSealer,
  [FUNCTIONS.auditCheck]: runCheck,
  [FUNCTIONS.recorder]: (input: ContractNews | SongNotice, ports) =>
    record(input, {
      ...ports,
      canaries: canaryStore(ports.state),
      contracts: contractStore(ports.state),
      outcomes: outcomeReader(ports.state),
      missions: missionStore(ports.state),
      playbooks: playbookStore(ports.state),
    }),
  [FUNCTIONS.reaper]: (_input: undefined, ports) =>
    reap({
      ...ports,
      contracts: contractStore(ports.state),
      approvals: approvalStore(ports.state),
      reservations: reservations(ports.state),
      closer: closerOf(ports),
      wakeRelay: (contractId) => ports.relayQueue.send(contractId),
    }),
  [FUNCTIONS.bootstrap]: (input: BootstrapInput, ports) =>
    bootstrap(input, {
      ...ports,
      compiled: ports.playbooks,
      playbooks: readCompiledPlaybooks(ports.playbooks),
      store: playbookStore(ports.state),
      policies: ports.compiledPolicies,
      policyStore: policyStore(ports.state),
      errors: errorStore(ports.state),
      contracts: contractStore(ports.state),
      deployment: deploymentStore(ports.state),
    }),
  // Answers at once; the frames come as they are read, and wait on the same clock.
  [FUNCTIONS.noticesStream]: async (
    { gone, ...request }: ApiRequest & { readonly gone?: AbortSignal },
    ports,
  ) =>
    openStream(request, {
      ...ports,
      ...(gone === undefined ? {} : { gone }),
      origins: ports.settings.api.origins,
      correlationId: ports.ids.next(),
      log: auditStore(ports.audit, { clock: ports.clock, random: ports.random }),
      contracts: contractStore(ports.state),
    }),
  [FUNCTIONS.webhookSender]: async (
    input: WebhookCommand | { readonly body: string; readonly sentAt: number },
    ports,
  ) => {
    const { webhooks, consoleUrl } = ports.settings;
    const stores = { deliveries: deliveryStore(ports.state), canaries: canaryStore(ports.state) };
    const deps = { ...ports, ...stores, webhooks, consoleUrl };
    return 'do' in input ? command(input, deps) : takeMessage(input, deps);
  },
  [FUNCTIONS.api]: (input: ApiRequest, ports) => api(input, apiDeps(ports)),
  [FUNCTIONS.authorizer]: (input: AuthorizerInput, ports) =>
    authorize(input, { tokens: ports.api.tokenReader }),
};
