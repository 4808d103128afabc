import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type LogReport, verifyLog } from '../../cli/audit/verify-log';
import type { BroughtUp } from '../../cli/up/bring-up';
import type { Contract } from '../../shared/contracts/contract';
import { isEnd } from '../../shared/domain/transitions';
import type { FunctionName } from '../../shared/names';
import type { Item } from '../../shared/ports/table';
import { systemClock } from '../../shared/runtime/clock';
import { fromAttributeValues } from '../../shared/stores/attribute-value';
import { auditStore } from '../../shared/stores/audit-store';
import { contractStore } from '../../shared/stores/contract-store';
import { createDynamoTable } from '../../shared/stores/dynamo-table';
import { errorStore } from '../../shared/stores/error-store';
import { eventually } from './eventually';

const MINUTE = 60_000;

/** A deployed stack, as the emulator tests look at it. Clients find the emulator in the environment. */
export function deployedGrace({ outputs, stack }: BroughtUp) {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`stack ${stack} has no output ${name}`);
    return value;
  };
  const client = new DynamoDBClient({});
  const [autoscaling, lambda, sfn] = [new AutoScalingClient({}), new LambdaClient({}), new SFNClient({})];
  const state = createDynamoTable({ client, tableName: output('StateTable') });
  const audit = createDynamoTable({ client, tableName: output('AuditTable'), indexes: {} });
  const contracts = contractStore(state);
  const log = auditStore(audit, { clock: systemClock, random: Math.random });

  async function stateItems(): Promise<Item[]> {
    const items: Item[] = [];
    const pages = paginateScan({ client }, { TableName: output('StateTable'), ConsistentRead: true });
    for await (const page of pages)
      items.push(...(page.Items ?? []).map((item) => fromAttributeValues(item) as Item));
    return items;
  }

  /** The contract that came of an event, once `is` holds of it. */
  async function contractOf(
    eventId: string,
    is: (contract: Contract) => boolean,
    withinMs: number,
  ): Promise<Contract> {
    let last: unknown;
    return eventually(
      `the contract of event ${eventId}`,
      async () => {
        const event = await errorStore(state).event(eventId);
        last = event;
        if (event?.contractId === undefined) return undefined;
        const contract = await contracts.get(event.contractId);
        last = contract && { id: contract.contractId, status: contract.status, reason: contract.reason };
        return contract !== undefined && is(contract) ? contract : undefined;
      },
      withinMs,
      () => last,
    );
  }

  return {
    stack,
    output,
    state,
    contracts,
    stateItems,
    /** As soon as there is one. */
    contractOf: (eventId: string) => contractOf(eventId, () => true, MINUTE),
    awaiting: (eventId: string) =>
      contractOf(eventId, ({ status }) => status === 'awaiting_approval' || isEnd(status), MINUTE),
    ended: (eventId: string, withinMs = 4 * MINUTE) =>
      contractOf(eventId, ({ status }) => isEnd(status), withinMs),

    async invoke(name: FunctionName, payload: unknown): Promise<object> {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: `${stack}-${name}`, Payload: JSON.stringify(payload) }),
      );
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) throw new Error(`${name} failed: ${text}`);
      return JSON.parse(text);
    },

    async capacityOf(name: string): Promise<number | undefined> {
      const answer = await autoscaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
      );
      return answer.AutoScalingGroups?.[0]?.DesiredCapacity;
    },

    /** The execution's history, oldest first, once it is over. */
    async history(contractId: string): Promise<readonly HistoryEvent[]> {
      const executionArn = `${output('StateMachineArn').replace(':stateMachine:', ':execution:')}:${contractId}`;
      return eventually(
        `the end of execution ${contractId}`,
        async () => {
          const events: HistoryEvent[] = [];
          for await (const page of paginateGetExecutionHistory({ client: sfn }, { executionArn })) {
            events.push(...(page.events ?? []));
          }
          return /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(events.at(-1)?.type ?? '')
            ? events
            : undefined;
        },
        MINUTE,
      );
    },

    async executions(): Promise<readonly string[]> {
      const names: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await sfn.send(
          new ListExecutionsCommand({
            stateMachineArn: output('StateMachineArn'),
            ...(nextToken ? { nextToken } : {}),
          }),
        );
        names.push(...(page.executions ?? []).map(({ name }) => name ?? ''));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return names;
    },

    /** The audit log against every item of the state table, once it has caught up; or as it is at the deadline. */
    async auditReport(withinMs = MINUTE): Promise<LogReport> {
      let report: LogReport | undefined;
      const deadline = Date.now() + withinMs;
      return eventually(
        'the audit log to catch up',
        async () => {
          report = await verifyLog({ log }, { stateItems: await stateItems() });
          return report.problems.length === 0 || Date.now() > deadline ? report : undefined;
        },
        withinMs + MINUTE,
      );
    },

    close() {
      for (const each of [client, autoscaling, lambda, sfn]) each.destroy();
    },
  };
}
export type DeployedGrace = ReturnType<typeof deployedGrace>;
