import type { PlannedChange, RestoreAnswer } from '../../../shared/contracts/api/contracts';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { plain, shortTarget } from '../format/names';

interface RestoreDialogProps {
  readonly title: string;
  /** Where it is asked for. */
  readonly path: string;
  /** What is to be as it was: `from` is the value to go back to. */
  readonly wanted: readonly Pick<PlannedChange, 'target' | 'field' | 'from'>[];
  readonly onClose: () => void;
}

/** Asks for an earlier state, which is an action like any other. */
export function RestoreDialog({ title, path, wanted, onClose }: RestoreDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title={title}
      confirm="Ask for it"
      reasonHint="For example: “The load is back to normal; the extra instances are no longer needed.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        const answer = await client.write<RestoreAnswer>('POST', path, { body: { reason }, idempotencyKey });
        notify({
          kind: 'success',
          title: 'Asked for.',
          text: `A contract of its own follows for ${shortTarget(answer.target)}, with its own approval, unless a rule stands in its way.`,
        });
      }}
    >
      <div>
        <p>Grace is asked to bring these back to what they were before this contract:</p>
        <ul className="plain-list">
          {wanted.map(({ target, field, from }) => (
            <li key={`${target} ${field}`}>
              {plain(field)} of <b>{shortTarget(target)}</b>
              {from === null ? '' : `: ${from}`}
            </li>
          ))}
        </ul>
        <p>
          That is an action like any other: it is planned, approved, verified and undone by the same rules.
          You have no vote on it, since you asked for it.
        </p>
      </div>
    </ConfirmDialog>
  );
}
