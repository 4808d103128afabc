import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useRef, useState } from 'react';
import type { CheckpointView, EntriesView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { useConsole } from '../app/console-context';
import { FailureAlert } from '../app/failure-alert';
import { readCheckpoint } from '../audit/checkpoint';
import { readLog } from '../audit/read-log';
import { remember, remembered } from '../audit/remember';
import { CHAIN_PROBLEMS, type Remembered, type Verification, verifyLog } from '../audit/verify';

type State =
  | { readonly step: 'idle' }
  | { readonly step: 'running'; readonly verified: number; readonly size: number }
  | { readonly step: 'done'; readonly result: Verification; readonly before: Remembered | undefined }
  | { readonly step: 'failed'; readonly error: unknown };

/** Reads the whole log and recomputes it here: the hash of the bytes, not the server's word. */
export function AuditVerification() {
  const { client } = useConsole();
  const [state, setState] = useState<State>({ step: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const verify = async () => {
    const mine = new AbortController();
    running.current = mine;
    setState({ step: 'running', verified: 0, size: 0 });
    try {
      const options = { query: { limit: 100 }, signal: mine.signal };
      const notes = (await client.get<readonly CheckpointView[]>(PATHS.checkpoints, options)).data;
      const checkpoints = notes.flatMap(({ note }) => readCheckpoint(note) ?? []);
      const { head } = (
        await client.get<EntriesView>(PATHS.entries, { query: { limit: 1 }, signal: mine.signal })
      ).data;
      const before = remembered(head.log);
      const result = await verifyLog({
        pages: readLog(client, head.size, mine.signal),
        head,
        remembered: before,
        checkpoints,
        onProgress: (verified) => setState({ step: 'running', verified, size: head.size }),
      });
      if (result.firstBad === undefined) remember(head.log, { size: result.entries, link: result.link });
      setState({ step: 'done', result, before });
    } catch (error) {
      setState(mine.signal.aborted ? { step: 'idle' } : { step: 'failed', error });
    }
  };

  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          onClick={() => void verify()}
          loading={state.step === 'running'}
          loadingText="Verifying"
          data-testid="verify"
        >
          Verify in this browser
        </Button>
        {state.step === 'running' && <Button onClick={() => running.current?.abort()}>Stop</Button>}
      </SpaceBetween>
      {state.step === 'running' && state.size > 0 && (
        <ProgressBar
          label="Entries verified"
          value={(100 * state.verified) / state.size}
          additionalInfo={`${state.verified} of ${state.size}`}
        />
      )}
      {state.step === 'failed' && <FailureAlert error={state.error} onRetry={() => void verify()} />}
      {state.step === 'done' && <Result result={state.result} before={state.before} />}
    </SpaceBetween>
  );
}

function Result({
  result,
  before,
}: {
  readonly result: Verification;
  readonly before: Remembered | undefined;
}) {
  const { entries, root, firstBad } = result;
  if (firstBad !== undefined) {
    return (
      <div role="alert">
        <Alert
          type="error"
          header={`The log does not hold from entry ${firstBad.seq} on`}
          statusIconAriaLabel="Error"
        >
          <div>
            {CHAIN_PROBLEMS[firstBad.problem]} The {entries} entries before it hold.
          </div>
          <div>
            Do not rely on it from there. Keep what you see, and run <code>grace audit verify</code> against
            the sealed copies. <code>{firstBad.problem}</code>
          </div>
        </Alert>
      </div>
    );
  }
  return (
    <div role="status">
      <Alert type="success" header={`All ${entries} entries hold`} statusIconAriaLabel="Success">
        <div>
          Recomputed here from their bytes. Tree root <code className="long">{root}</code>
        </div>
        <div>
          {result.checkpoints === 0
            ? 'There is no signed checkpoint of these entries yet.'
            : `The tree is that of the last ${result.checkpoints} signed checkpoints.`}
        </div>
        <div>
          {before === undefined
            ? 'This browser remembers it from now on, and will notice if this past is ever changed.'
            : `It continues what this browser verified before, at ${before.size} entries.`}
        </div>
      </Alert>
    </div>
  );
}
