import { AWAIT_APPROVAL_STATE } from '../../shared/names';
import type { Callbacks, Executions } from '../../shared/ports/executions';
import type { createStepFunctions } from './asl/interpreter';

type StepFunctions = ReturnType<typeof createStepFunctions>;

/** The interpreter's executions behind the port that functions use. */
export function simulatedExecutions(stepFunctions: StepFunctions): Executions {
  return {
    async start(contractId) {
      if (stepFunctions.describeExecution(contractId) !== undefined) return 'already_exists';
      stepFunctions.startExecution(contractId, { contractId });
      return 'started';
    },
    async status(contractId) {
      return stepFunctions.describeExecution(contractId)?.status;
    },
  };
}

/** The interpreter's task tokens behind the port that the relay uses. */
export function simulatedCallbacks(stepFunctions: StepFunctions): Callbacks {
  return {
    async succeed(token, output) {
      const answer = stepFunctions.sendTaskSuccess(token, JSON.stringify(output));
      return answer === 'ok' ? 'accepted' : answer === 'TaskTimedOut' ? 'timed_out' : 'does_not_exist';
    },
    async isPastWait(contractId) {
      const execution = stepFunctions.describeExecution(contractId);
      if (execution === undefined || execution.status !== 'RUNNING') return true;
      const entered = execution.history.filter(({ type }) => type.endsWith('StateEntered'));
      const hasWaited = entered.some(({ stateName }) => stateName === AWAIT_APPROVAL_STATE);
      return hasWaited && entered.at(-1)?.stateName !== AWAIT_APPROVAL_STATE;
    },
  };
}
