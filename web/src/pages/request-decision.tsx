import type { PlanView } from '../../../shared/contracts/api/contracts';
import type { ApprovalDetail, DecisionAnswer } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { plain, shortHash, shortTarget } from '../format/names';

export type Decision = 'approve' | 'deny' | 'withdraw' | 'cancel' | 'replan' | 'break-glass';

interface Words {
  readonly title: string;
  readonly confirm: string;
  readonly hint: string;
  readonly done: (answer: DecisionAnswer) => string;
}

const WORDS: Readonly<Record<Decision, Words>> = {
  approve: {
    title: 'Approve this action?',
    confirm: 'Approve this plan',
    hint: 'For example: “Traffic is up by half since 02:50, the database is fine.”',
    done: ({ approvals, quorum }) =>
      approvals >= quorum
        ? 'Approved. The action begins now.'
        : `Your vote counts: ${approvals} of ${quorum}.`,
  },
  deny: {
    title: 'Deny this action?',
    confirm: 'Deny this plan',
    hint: 'For example: “A deployment is under way, the alarm is expected.”',
    done: () => 'Denied. The request is closed and nothing is sent.',
  },
  withdraw: {
    title: 'Withdraw your vote?',
    confirm: 'Withdraw my vote',
    hint: 'For example: “I looked at the wrong group.”',
    done: ({ approvals, quorum }) => `Withdrawn. The request stands at ${approvals} of ${quorum}.`,
  },
  cancel: {
    title: 'Cancel this request?',
    confirm: 'Cancel the request',
    hint: 'For example: “The group is being taken out of service.”',
    done: () => 'Cancelled. Nothing is sent.',
  },
  replan: {
    title: 'Ask for a fresh plan?',
    confirm: 'Ask for a fresh plan',
    hint: 'For example: “Somebody has changed the group by hand since.”',
    done: () => 'Asked for. The fresh plan appears here by itself; nobody can decide until then.',
  },
  'break-glass': {
    title: 'Break the glass?',
    confirm: 'Approve it alone',
    hint: 'For example: “Checkout is down, nobody else answers the phone.”',
    done: () => 'Approved in an emergency. The action begins now, and somebody else has to review it.',
  },
};

interface DecisionDialogProps {
  readonly decision: Decision;
  readonly request: ApprovalDetail;
  /** Why it cannot be decided any more. */
  readonly blocked: string | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The second look before a decision: repeats what will happen, takes a reason, decides about exactly this plan. */
export function DecisionDialog({ decision, request, blocked, onDone, onClose }: DecisionDialogProps) {
  const { client, notify } = useConsole();
  const { title, confirm, hint, done } = WORDS[decision];
  const { contract, approval, plan } = request;
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      reasonHint={hint}
      blocked={blocked}
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        const body = { planHash: approval.planHash, reason };
        const path = PATHS.decide(contract.contractId, decision);
        const answer = await client.write<DecisionAnswer>('POST', path, { body, idempotencyKey });
        notify({ kind: decision === 'deny' ? 'info' : 'success', title: done(answer) });
        onDone();
      }}
    >
      <div>
        {decision === 'approve' && <Approves request={request} plan={plan} />}
        {decision === 'deny' && (
          <p>Nothing is sent. The request closes, also if others have agreed, until the action has begun.</p>
        )}
        {decision === 'cancel' && <p>Nothing is sent. The request closes, whoever has agreed so far.</p>}
        {decision === 'replan' && (
          <p>
            Grace looks at the target again and plans anew. The votes so far are cleared, and you have none on
            the fresh plan, since you are then one of those who asked for it.
          </p>
        )}
        {decision === 'break-glass' && (
          <>
            <p>
              You approve this alone, which is for emergencies and may be done once a day. You must have
              signed in within the last five minutes. A review is opened that somebody else has to close. All
              other rules hold.
            </p>
            <PlannedChanges plan={plan} />
          </>
        )}
        {decision === 'withdraw' && (
          <p>Your agreement no longer counts. The request stays open, and you may decide again.</p>
        )}
        <p>
          This is about the plan with hash <code>{shortHash(approval.planHash)}</code> and no other.
        </p>
      </div>
    </ConfirmDialog>
  );
}

function Approves({ request, plan }: { readonly request: ApprovalDetail; readonly plan: PlanView | null }) {
  const { approvals, quorum } = request.approval;
  const missing = quorum - approvals - 1;
  return (
    <>
      <p>
        {missing <= 0
          ? 'Yours is the last vote that is needed. As soon as you agree, Grace does this:'
          : `After yours, ${missing} more ${missing === 1 ? 'vote is' : 'votes are'} needed. Then Grace does this:`}
      </p>
      <PlannedChanges plan={plan} />
    </>
  );
}

function PlannedChanges({ plan }: { readonly plan: PlanView | null }) {
  return (
    <>
      <ul className="plain-list">
        {plan?.changes.map(({ step, target, field, from, to }) => (
          <li key={`${step} ${field}`}>
            {plain(field)} of <b>{shortTarget(target)}</b>
            {from === null ? (to === null ? '' : `: ${to}`) : `: from ${from} to ${to}`}
          </li>
        ))}
      </ul>
      <p>
        {plan?.undo === 'restore'
          ? 'If the expected effect does not come, it is put back.'
          : 'It cannot be undone. If the expected effect does not come, a person is called.'}
      </p>
    </>
  );
}
