import type { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { actionNamed } from '../../domain/actions';
import type { Capabilities, Capability } from '../../ports/api';
import { type Simulated, simulatePermissions } from './simulate-permissions';

interface ExecutorClients {
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
}

/**
 * Whether the function that performs an action is there and can be called, and whether IAM, as it simulates its own
 * policies, lets the function's role do what the action takes. What cannot be asked is `unknown`, with the reason.
 */
export function executorCapabilities({
  executors,
  ...clients
}: ExecutorClients & {
  /** Action to the ARN of its function. */
  readonly executors: Readonly<Record<string, string>>;
}): Capabilities {
  return {
    async of(action) {
      const arn = Object.hasOwn(executors, action) ? executors[action] : undefined;
      if (arn === undefined) return { usable: 'no', missing: [], detail: 'no function performs it here' };
      const found = await functionAt(arn, clients);
      return 'usable' in found ? found : permitted(action, arn, found.role, clients);
    },
  };
}

/** The role that the function runs with; a capability where it cannot be called, or asked for. */
async function functionAt(
  arn: string,
  { lambda }: ExecutorClients,
): Promise<Capability | { readonly role: string }> {
  try {
    const { State, Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
    if (State !== undefined && State !== 'Active' && State !== 'Inactive') {
      return { usable: 'no', missing: [], detail: `its function is ${State}` };
    }
    return Role === undefined ? unknown('its function is there; its role is not told') : { role: Role };
  } catch (error) {
    if (nameOf(error) === 'ResourceNotFoundException') {
      return { usable: 'no', missing: [], detail: 'its function is not there: deploy again' };
    }
    return unknown(`its function cannot be asked for: ${nameOf(error)}`);
  }
}

async function permitted(
  action: string,
  functionArn: string,
  role: string,
  { iam }: ExecutorClients,
): Promise<Capability> {
  const permissions = actionNamed(action)?.permissions;
  if (permissions === undefined) return unknown('its function is there; what it needs is not known');
  try {
    return capabilityOf(await simulatePermissions({ client: iam, role, functionArn, permissions }));
  } catch (error) {
    return unknown(`its function is there; what its role may do cannot be asked: ${nameOf(error)}`);
  }
}

function capabilityOf(simulated: readonly Simulated[]): Capability {
  const lacking = (decision: Simulated['decision']) =>
    simulated.filter((one) => one.decision === decision).map(({ action }) => action);
  const missing = lacking('denied');
  const above = lacking('denied_above');
  const silent = lacking('unanswered');
  if (missing.length > 0) {
    return { usable: 'no', missing, detail: `its role lacks ${missing.join(', ')}` };
  }
  // IAM simulates what an organization sets without its conditions, so that a refusal may be none.
  if (above.length > 0) return unknown(`the organization's policies may refuse its role ${above.join(', ')}`);
  if (silent.length > 0) return unknown(`IAM does not say whether its role may ${silent.join(', ')}`);
  return { usable: 'yes', missing: [], detail: 'its function is there, and its role may do what it takes' };
}

const unknown = (detail: string): Capability => ({ usable: 'unknown', missing: [], detail });

/** A name only: messages hold ARNs of whoever asked. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
