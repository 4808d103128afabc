import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { parseSettings, type Settings } from '../../shared/contracts/settings';
import { ENV, FUNCTIONS } from '../../shared/names';
import type { Backend } from '../backend/backend';
import { giveCommand } from '../backend/give-command';
import { clientSettings } from '../emulator/environment';
import { UnusableError } from '../errors';

/** What a scenario needs of a deployed stack beside its tables. */
export interface LiveDeployment {
  readonly settings: Settings;
  decide(contractId: string, planHash: string, decision: 'approve' | 'deny'): Promise<void>;
  /** For chaos: the execution is stopped, as an operator or a fault may. */
  stopExecution(contractId: string): Promise<void>;
}

export async function liveDeployment(
  backend: Backend,
  { stack, endpoint }: { readonly stack: string; readonly endpoint: string | undefined },
): Promise<LiveDeployment> {
  const options = endpoint === undefined ? {} : clientSettings(endpoint);
  const FunctionName = `${stack}-${FUNCTIONS.sentinel}`;
  const lambda = new LambdaClient(options);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  lambda.destroy();
  const text = Environment?.Variables?.[ENV.settings];
  if (text === undefined) throw new UnusableError(`${FunctionName} has no settings; deploy the stack again`);
  const machine = Environment?.Variables?.[ENV.stateMachineArn] ?? '';
  return {
    settings: parseSettings(JSON.parse(text)),
    async decide(contractId, planHash, decision) {
      await giveCommand(backend, {
        contractId,
        decision,
        planHash,
        reason: 'scripted decision of a scenario',
      });
    },
    async stopExecution(contractId) {
      const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${contractId}`;
      const client = new SFNClient(options);
      await client.send(new StopExecutionCommand({ executionArn, error: 'Chaos', cause: 'grace scenario' }));
      client.destroy();
    },
  };
}
