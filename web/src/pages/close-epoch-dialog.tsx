import type { EpochView, LogEpochView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { shortSubject } from '../format/names';

interface CloseEpochDialogProps {
  /** The open epoch that the reader chose to close: the one that is sent, whatever is open by then. */
  readonly seen: LogEpochView;
  /** The last epoch as it stands now. */
  readonly newest: LogEpochView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Closes an epoch, after having said what that means, with a reason. */
export function CloseEpochDialog({ seen, newest, onDone, onClose }: CloseEpochDialogProps) {
  const { client, notify } = useConsole();
  const { epoch } = seen;
  const unsigned = newest.entries - newest.signed;
  return (
    <ConfirmDialog
      title={`Close epoch ${epoch}?`}
      confirm={`Close epoch ${epoch}`}
      reasonHint="What happened, and who looked. For example: “FORK_REFUSED after the restore of 02:00, ticket 4711, looked at by Ben and me.”"
      blocked={whyNot(epoch, newest)}
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<EpochView>('POST', PATHS.epochs, { body: { epoch, reason }, idempotencyKey });
        notify({
          kind: 'success',
          title: `Epoch ${epoch} is closed. The log goes on in epoch ${epoch + 1} once it has your order.`,
        });
        onDone();
      }}
    >
      <div>
        <p>
          <b>This cannot be undone.</b> The tree of epoch {epoch} ends, and nothing is added to it any more.
          The log goes on in epoch {epoch + 1}, under a tree and checkpoints of its own; its first entry says
          that you closed this one, why, and what it ended with.
        </p>
        <p>
          No entry is lost, and nothing is mended: an open finding stays open.
          {unsigned > 0 && newest.epoch === epoch && (
            <>
              {' '}
              Not signed yet: {unsigned} of {newest.entries}. That comes within a minute, unless signing is
              refused.
            </>
          )}
        </p>
        <p>
          Copy the sealed log away first, and tell your auditors and witnesses, who keep a checkpoint of this
          epoch.
        </p>
      </div>
    </ConfirmDialog>
  );
}

/** Why it cannot be closed any more: somebody was faster while the dialog was open. */
function whyNot(epoch: number, { epoch: open, status, closedBy }: LogEpochView): string | undefined {
  if (open !== epoch) return `Epoch ${epoch} has been closed meanwhile: epoch ${open} is the open one.`;
  if (status !== 'closing') return undefined;
  return `${shortSubject(closedBy ?? 'Somebody')} has just closed it; the order is on its way into the log.`;
}
