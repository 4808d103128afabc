import { admit } from '../../functions/admit/admit';
import { benchmark } from '../../functions/benchmark/benchmark';
import { type BootstrapInput, bootstrap } from '../../functions/bootstrap/bootstrap';
import { close } from '../../functions/close/close';
import { type DecideInput, decide } from '../../functions/decide/decide';
import { publishChanges } from '../../functions/mesh-publisher/mesh-publisher';
import { openApproval } from '../../functions/open-approval/open-approval';
import { reap } from '../../functions/reaper/reaper';
import { type ContractNews, record } from '../../functions/recorder/recorder';
import { relay } from '../../functions/relay/relay';
import { rollback } from '../../functions/rollback/rollback';
import { type IntakeRecord, sentinel } from '../../functions/sentinel/sentinel';
import { snapshot } from '../../functions/snapshot/snapshot';
import { verify } from '../../functions/verify/verify';
import { readCompiledPlaybooks } from '../../shared/contracts/compiled-playbooks';
import { digestOf } from '../../shared/domain/digest';
import { CALL_MS } from '../../shared/executors/call-time';
import { perform } from '../../shared/executors/perform';
import { FUNCTIONS, type FunctionName } from '../../shared/names';
import type { ChangeRecord } from '../../shared/ports/table';
import { closer } from '../../shared/stores/closer';
import { contractStore } from '../../shared/stores/contract-store';
import { controlStore } from '../../shared/stores/control-store';
import { deploymentStore } from '../../shared/stores/deployment-store';
import { errorStore } from '../../shared/stores/error-store';
import { measurementStore, outcomeReader, snapshotStore } from '../../shared/stores/evidence-rows';
import { ledger } from '../../shared/stores/ledger';
import { missionStore } from '../../shared/stores/mission-store';
import { currentLibrary } from '../../shared/stores/playbook-library';
import { playbookStore } from '../../shared/stores/playbook-store';
import { reservations } from '../../shared/stores/reservations';
import { tokenStore } from '../../shared/stores/token-store';
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

/** Each function by role. A test holds that each is the module that the deployed function imports. */
export const SIMULATED_FUNCTIONS: Readonly<Record<FunctionName, Run>> = {
  [FUNCTIONS.sentinel]: async (records: readonly IntakeRecord[], ports) => {
    const { state, settings, clock } = ports;
    const { playbooks, diagnose } = await currentLibrary(state, clock, ports.playbookCache);
    return sentinel(records, {
      ...ports,
      playbooks,
      diagnose,
      statistics: playbookStore(state),
      contracts: contractStore(state),
      reservations: reservations(state),
      errors: errorStore(state),
      missions: missionStore(state),
      policyVersion: digestOf('grace.policy.v1\n', settings.approvals),
    });
  },
  [FUNCTIONS.admit]: (input: Contract, ports) =>
    admit(input, {
      ...ports,
      contracts: contractStore(ports.state),
      reservations: reservations(ports.state),
      control: controlStore(ports.state),
      approvers: ports.settings.approvals.approvers,
    }),
  [FUNCTIONS.openApproval]: (input: Contract & { taskToken: string }, ports) =>
    openApproval(input, {
      ...ports,
      contracts: contractStore(ports.state),
      tokens: tokenStore(ports.tokens),
      approvers: ports.settings.approvals.approvers,
    }),
  [FUNCTIONS.decide]: (input: DecideInput, ports) =>
    decide(input, { ...ports, contracts: contractStore(ports.state) }),
  [FUNCTIONS.relay]: (input: Contract, ports) =>
    relay(input, { ...ports, contracts: contractStore(ports.state), tokens: tokenStore(ports.tokens) }),
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
  [FUNCTIONS.recorder]: (input: ContractNews, ports) =>
    record(input, {
      ...ports,
      outcomes: outcomeReader(ports.state),
      missions: missionStore(ports.state),
      playbooks: playbookStore(ports.state),
    }),
  [FUNCTIONS.reaper]: (_input: undefined, ports) =>
    reap({
      ...ports,
      contracts: contractStore(ports.state),
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
      errors: errorStore(ports.state),
      contracts: contractStore(ports.state),
      deployment: deploymentStore(ports.state),
    }),
};
