import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { ContractDetail, TargetsReleased } from '../../../shared/contracts/api/contracts';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useRole } from '../app/deployment';
import { shortTarget } from '../format/names';

interface FrozenAlertProps {
  readonly contract: ContractDetail;
  readonly onDone: () => void;
}

/** Targets that Grace leaves alone until a person has looked at what this contract left behind. */
export function FrozenAlert({ contract: { contractId, frozen }, onDone }: FrozenAlertProps) {
  const { client, notify } = useConsole();
  const [releasing, setReleasing] = useState(false);
  const mayRelease = useRole('operator', 'administrator');
  const names = frozen.map(shortTarget).join(', ');
  return (
    <>
      <Alert
        type="warning"
        header={`Grace does nothing to ${names} until a person has looked`}
        statusIconAriaLabel="Warning"
        action={mayRelease && <Button onClick={() => setReleasing(true)}>Let it go…</Button>}
      >
        Read below what was sent and what came of it, and look at the resource itself.
        {!mayRelease && ' An operator or an administrator then lets it go.'}
      </Alert>
      {releasing && (
        <ConfirmDialog
          title={`Let ${names} go?`}
          confirm="Let it go"
          reasonHint="What you found. For example: “The instance was replaced by hand, all checks pass.”"
          onClose={() => setReleasing(false)}
          onConfirm={async (reason, idempotencyKey) => {
            const path = PATHS.release(contractId);
            const { released } = await client.write<TargetsReleased>('POST', path, {
              body: { reason },
              idempotencyKey,
            });
            notify({
              kind: 'success',
              title: `Grace may act on ${released.map(shortTarget).join(', ')} again.`,
            });
            onDone();
          }}
        >
          <p>
            From now on Grace acts on it again by its usual rules. What was asked while it was frozen is not
            made up for: an alarm has to go off again.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
