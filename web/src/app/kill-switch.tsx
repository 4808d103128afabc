import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { SwitchView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from './confirm-dialog';
import { useConsole } from './console-context';
import { useDeployment, useRole } from './deployment';
import { When, Who } from './marks';

/** The line that says that Grace is paused, on every page; and the way to resume. */
export function PausedAlert({ onResume }: { readonly onResume: () => void }) {
  const { killSwitch } = useDeployment();
  const mayResume = useRole('operator', 'administrator');
  const state = killSwitch.data;
  if (state?.paused !== true) return null;
  return (
    <div role="status">
      <Alert
        type="warning"
        header="Grace is paused: nothing new is sent"
        statusIconAriaLabel="Warning"
        action={mayResume && <Button onClick={onResume}>Resume…</Button>}
      >
        {state.by !== null && (
          <>
            By <Who subject={state.by} />, <When at={state.at} />
            {state.reason === null ? '' : `: ${state.reason}`}
          </>
        )}
      </Alert>
    </div>
  );
}

/** Pauses or resumes, with a reason and a second look. */
export function SwitchDialog({ onClose }: { readonly onClose: () => void }) {
  const { client, notify } = useConsole();
  const { killSwitch } = useDeployment();
  // What was on the screen when the reader chose: if somebody else turns the switch meanwhile, it must not flip back.
  const [seen] = useState(killSwitch.data);
  const paused = seen?.paused === true;
  const now = killSwitch.data?.paused === true;
  return (
    <ConfirmDialog
      title={paused ? 'Resume Grace?' : 'Pause Grace?'}
      confirm={paused ? 'Resume' : 'Pause'}
      reasonHint={
        paused
          ? 'For example: “Maintenance is over, all alarms are clear.”'
          : 'For example: “Network maintenance until 05:00; alarms are expected.”'
      }
      blocked={now === paused ? undefined : `Somebody else has just ${now ? 'paused' : 'resumed'} it.`}
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<SwitchView>('PUT', PATHS.switch, {
          body: { paused: !paused, reason },
          idempotencyKey,
          ...(seen === undefined ? {} : { ifMatch: `"${seen.rev}"` }),
        });
        notify({ kind: 'success', title: paused ? 'Grace acts again.' : 'Grace is paused.' });
        killSwitch.reload();
      }}
    >
      <p>
        {paused
          ? 'Grace plans and acts again by its usual rules. What was refused while it was paused is not made up for: an alarm has to go off again.'
          : 'From now on nothing new is sent, whatever was approved: the switch is asked right before each call. What was already sent goes on being watched, and an undo that is owed is still done.'}
      </p>
    </ConfirmDialog>
  );
}
