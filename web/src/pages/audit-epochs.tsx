import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useState } from 'react';
import type { LogEpochView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { useRole } from '../app/deployment';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { Hash, When, Who } from '../app/marks';
import { hrefOf } from '../app/router';
import { useResource } from '../app/use-resource';
import { CloseEpochDialog } from './close-epoch-dialog';

const STATES = {
  open: { kind: 'success', label: 'Open' },
  closing: { kind: 'pending', label: 'Closing' },
  closed: { kind: 'stopped', label: 'Closed' },
} as const;

/** The epochs of the log, the open one first, and closing it. */
export function AuditEpochs() {
  const mayClose = useRole('administrator');
  const resource = useResource<readonly LogEpochView[]>(PATHS.epochs);
  const [closing, setClosing] = useState<LogEpochView>();
  const newest = resource.data?.[0];
  return (
    <Loaded resource={resource} what="the epochs">
      {(epochs) => (
        <>
          <PlainTable
            title="Epochs"
            items={epochs}
            keyOf={({ epoch }) => String(epoch)}
            actions={
              mayClose &&
              newest?.status === 'open' &&
              newest.entries > 0 && (
                <Button onClick={() => setClosing(newest)}>Close epoch {newest.epoch}…</Button>
              )
            }
            columns={[
              {
                id: 'epoch',
                header: 'Epoch',
                isRowHeader: true,
                cell: ({ epoch, status }) => (
                  <>
                    {epoch}
                    <div>
                      <Indicator type={STATES[status].kind}>{STATES[status].label}</Indicator>
                    </div>
                  </>
                ),
              },
              { id: 'entries', header: 'Entries', cell: (epoch) => <Entries epoch={epoch} /> },
              { id: 'ended', header: 'Closed', minWidth: 130, cell: (epoch) => <Ended epoch={epoch} /> },
              {
                id: 'root',
                header: 'Tree',
                wide: true,
                cell: ({ root }) => (root === null ? '–' : <Hash value={root} />),
              },
            ]}
            empty={{ title: 'No epochs', text: 'The log has not begun.' }}
          />
          {closing !== undefined && newest !== undefined && (
            <CloseEpochDialog
              seen={closing}
              newest={newest}
              onDone={resource.reload}
              onClose={() => setClosing(undefined)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Entries({ epoch: { from, entries, signed } }: { readonly epoch: LogEpochView }) {
  if (entries === 0) return <>none yet</>;
  return (
    <>
      {entries}, from <Link href={hrefOf('audit', String(from))}>{from}</Link> on
      <div className="quiet">
        {signed === 0 ? 'none signed' : signed === entries ? 'all signed' : `${signed} signed`}
      </div>
    </>
  );
}

function Ended({ epoch }: { readonly epoch: LogEpochView }) {
  const { status, from, entries, closedBy, closedAt, reason } = epoch;
  if (status === 'open') return <>–</>;
  if (closedBy === null)
    return (
      <Box color="text-status-error">
        Entry {from + entries} does not say that it closes this epoch: verify the log.
      </Box>
    );
  return (
    <>
      <When at={closedAt} /> by <Who subject={closedBy} />
      <div className="quiet">{reason}</div>
    </>
  );
}
