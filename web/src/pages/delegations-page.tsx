import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import { useState } from 'react';
import type { DelegateAnswer, DelegationView } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useMe, useRole } from '../app/deployment';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { When, Who } from '../app/marks';
import { Page } from '../app/page';
import { useNow } from '../app/use-now';
import { useResource } from '../app/use-resource';
import { DelegateDialog } from './delegate-dialog';

/** Who speaks for whom; and one's own voice, given or taken back. */
export function DelegationsPage() {
  const resource = useResource<readonly DelegationView[]>(PATHS.delegations);
  const me = useMe();
  const isApprover = useRole('approver');
  const now = useNow();
  const [dialog, setDialog] = useState<'give' | 'end'>();
  const mine = resource.data?.find((one) => one.delegator === me?.subject && holds(one, now));
  return (
    <Page
      title="Delegations"
      description="One person may speak for another for a time. Together they are one voice, and it cannot be passed on."
      actions={
        isApprover && (
          <Button onClick={() => setDialog('give')}>
            {mine === undefined ? 'Delegate…' : 'Delegate to another…'}
          </Button>
        )
      }
    >
      <Loaded resource={resource} what="the delegations">
        {(delegations) => (
          <>
            {isApprover && (
              <Container>
                {mine === undefined ? (
                  <Box>You speak for yourself.</Box>
                ) : (
                  <div className="row">
                    <span>
                      <Who subject={mine.delegate} /> speaks for you until <When at={mine.until} />.
                    </span>
                    <Button onClick={() => setDialog('end')}>End it…</Button>
                  </div>
                )}
              </Container>
            )}
            <PlainTable
              title="Who speaks for whom"
              items={delegations}
              keyOf={({ delegator, givenAt }) => `${delegator} ${givenAt}`}
              columns={[
                {
                  id: 'delegator',
                  header: 'For',
                  isRowHeader: true,
                  cell: ({ delegator }) => <Who subject={delegator} />,
                },
                { id: 'delegate', header: 'Speaks', cell: ({ delegate }) => <Who subject={delegate} /> },
                {
                  id: 'until',
                  header: 'Until',
                  cell: ({ until, revokedAt }) => <When at={revokedAt ?? until} />,
                },
                {
                  id: 'state',
                  header: 'State',
                  cell: (one) =>
                    holds(one, now) ? (
                      <Indicator type="success">Holds</Indicator>
                    ) : (
                      <Indicator type="stopped">{one.revokedAt === null ? 'Over' : 'Ended'}</Indicator>
                    ),
                },
                { id: 'given', header: 'Given', wide: true, cell: ({ givenAt }) => <When at={givenAt} /> },
              ]}
              empty={{ title: 'No delegations', text: 'Everybody speaks for themselves.' }}
            />
          </>
        )}
      </Loaded>
      {dialog === 'give' && (
        <DelegateDialog replaces={mine} onDone={resource.reload} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'end' && mine !== undefined && (
        <EndDialog delegation={mine} onDone={resource.reload} onClose={() => setDialog(undefined)} />
      )}
    </Page>
  );
}

const holds = ({ until, revokedAt }: DelegationView, now: number): boolean =>
  revokedAt === null && Date.parse(until) > now;

interface EndDialogProps {
  readonly delegation: DelegationView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function EndDialog({ delegation: { delegate }, onDone, onClose }: EndDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title="End your delegation?"
      confirm="End it now"
      reasonHint="For example: “I am back.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<DelegateAnswer>('POST', PATHS.revoke, { body: { reason }, idempotencyKey });
        notify({ kind: 'success', title: 'Ended. You speak for yourself again.' });
        onDone();
      }}
    >
      <p>
        From now on <Who subject={delegate} /> cannot decide in your place. What was decided so stays.
      </p>
    </ConfirmDialog>
  );
}
