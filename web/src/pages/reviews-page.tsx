import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { ReviewAnswer, ReviewView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useMe, useRole } from '../app/deployment';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { ContractLink, When, Who } from '../app/marks';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';

/** What was done when the glass was broken, until somebody else has looked at it. */
export function ReviewsPage() {
  const resource = useResource<readonly ReviewView[]>(PATHS.reviews);
  const [closing, setClosing] = useState<ReviewView>();
  return (
    <Page
      title="Reviews"
      description="Emergencies in which one person approved alone. Somebody else reads what was done, and says what they found."
    >
      <Loaded resource={resource} what="the reviews">
        {(reviews) => (
          <PlainTable
            title="Open reviews"
            items={reviews}
            keyOf={({ contractId }) => contractId}
            columns={[
              {
                id: 'what',
                header: 'What was done alone',
                isRowHeader: true,
                minWidth: 100,
                cell: ({ contractId, openedBy, reason }) => (
                  <>
                    <span className="quote">{reason}</span>
                    <div className="quiet">
                      <Who subject={openedBy} />, in <ContractLink id={contractId} />
                    </div>
                  </>
                ),
              },
              { id: 'at', header: 'When', wide: true, cell: ({ openedAt }) => <When at={openedAt} /> },
              {
                id: 'close',
                header: 'Review',
                cell: (review) => <CloseButton review={review} onClick={() => setClosing(review)} />,
              },
            ]}
            empty={{
              title: 'Nothing is to be reviewed',
              text: 'Nobody has broken the glass since the last review.',
            }}
          />
        )}
      </Loaded>
      {closing !== undefined && (
        <CloseDialog review={closing} onDone={resource.reload} onClose={() => setClosing(undefined)} />
      )}
    </Page>
  );
}

function CloseButton({ review, onClick }: { readonly review: ReviewView; readonly onClick: () => void }) {
  const me = useMe();
  const mayReview = useRole('approver', 'administrator', 'auditor');
  if (me?.subject === review.openedBy) return <>by somebody else</>;
  if (!mayReview) return <>–</>;
  return (
    <Button onClick={onClick} wrapText={false} ariaLabel={`Close the review of ${review.contractId}`}>
      Close…
    </Button>
  );
}

interface CloseDialogProps {
  readonly review: ReviewView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function CloseDialog({ review: { contractId, openedBy }, onDone, onClose }: CloseDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title="Close this review?"
      confirm="Close the review"
      reasonHint="What you found. For example: “It was right to act; the on-call phone is mended.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<ReviewAnswer>('POST', PATHS.review(contractId), {
          body: { reason },
          idempotencyKey,
        });
        notify({ kind: 'success', title: 'The review is closed. Your name and words are in the audit log.' });
        onDone();
      }}
    >
      <p>
        You have read what <Who subject={openedBy} /> did alone, in <ContractLink id={contractId} />: its
        evidence, what was sent, and how it ended. What you write stays beside it.
      </p>
    </ConfirmDialog>
  );
}
