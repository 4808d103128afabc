import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import { useState } from 'react';
import type { QuarantineRow } from '../../../shared/contracts/api/governance';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { useRole } from '../app/deployment';
import { Excerpt } from '../app/excerpt';
import { Indicator } from '../app/indicator';
import { ListTable, PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { When, Who } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf } from '../app/router';
import { useList } from '../app/use-list';
import { useResource } from '../app/use-resource';
import { shortId } from '../format/names';

function ReleasedMark({ row }: { readonly row: QuarantineRow }) {
  return row.status === 'held' ? (
    <Indicator type="stopped">Held</Indicator>
  ) : (
    <Indicator type="success">Released</Indicator>
  );
}

/** Events that were not let in. */
export function QuarantinePage() {
  const list = useList<QuarantineRow>(PATHS.quarantine);
  return (
    <Page
      title="Quarantine"
      description="Events that were not let in, with what was found in them. Only a person lets one go."
    >
      <ListTable
        title="Held events"
        list={list}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'id',
            header: 'Event',
            isRowHeader: true,
            cell: ({ id }) => (
              <span title={id} className="nowrap">
                <Link href={hrefOf('quarantine', id)}>{shortId(id)}</Link>
              </span>
            ),
          },
          { id: 'code', header: 'Found', cell: ({ code }) => <code className="long">{code}</code> },
          { id: 'message', header: 'What is wrong', wide: true, cell: ({ message }) => message },
          { id: 'state', header: 'State', cell: (row) => <ReleasedMark row={row} /> },
          { id: 'at', header: 'Came in', wide: true, cell: ({ receivedAt }) => <When at={receivedAt} /> },
        ]}
        empty={{ title: 'Nothing is held', text: 'Every event so far was as it must be.' }}
      />
    </Page>
  );
}

/** One held event: its findings, and its beginning as plain text. */
export function QuarantinedPage({ id }: { readonly id: string }) {
  const resource = useResource<QuarantineRow>(PATHS.quarantined(id));
  const [releasing, setReleasing] = useState(false);
  const isOperator = useRole('operator', 'administrator');
  const row = resource.data;
  return (
    <Page
      title={`Held event ${id}`}
      actions={
        isOperator &&
        row?.status === 'held' &&
        row.releasable && <Button onClick={() => setReleasing(true)}>Release…</Button>
      }
    >
      <Loaded resource={resource} what="the event">
        {(read) => <Quarantined row={read} />}
      </Loaded>
      {releasing && row !== undefined && (
        <ReleaseDialog row={row} onDone={resource.reload} onClose={() => setReleasing(false)} />
      )}
    </Page>
  );
}

function Quarantined({ row }: { readonly row: QuarantineRow }) {
  const { code, message, excerpt, receivedAt, findings, released } = row;
  return (
    <>
      <Container>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'State', value: <ReleasedMark row={row} /> },
            { label: 'Came in', value: <When at={receivedAt} /> },
            { label: 'Found', value: <code>{code}</code> },
            { label: 'What is wrong', value: message },
            {
              label: 'Can it be let go?',
              value: row.releasable
                ? 'Yes, by an operator, if the suspicion is wrong'
                : 'No: it is no proper event, and would be held again',
            },
            ...(released === null
              ? []
              : [
                  { label: 'Released by', value: <Who subject={released.by} /> },
                  { label: 'Reason', value: released.reason },
                ]),
          ]}
        />
      </Container>
      {findings.length > 0 && (
        <PlainTable
          title="Findings"
          items={findings}
          keyOf={(finding) => `${finding.code} ${finding.path}`}
          columns={[
            {
              id: 'code',
              header: 'Finding',
              isRowHeader: true,
              cell: (finding) => <code className="long">{finding.code}</code>,
            },
            { id: 'path', header: 'Where', cell: ({ path }) => <code className="long">{path}</code> },
            {
              id: 'excerpt',
              header: 'Text',
              cell: (finding) => <span className="quote">{finding.excerpt}</span>,
            },
            { id: 'why', header: 'Why it is held', wide: true, cell: ({ why }) => why },
          ]}
          empty={{ title: 'No findings', text: 'The event could not be read at all.' }}
        />
      )}
      <Container>
        <Box variant="awsui-key-label">Beginning of the event, as text</Box>
        <Excerpt label="Beginning of the event" text={excerpt} />
      </Container>
    </>
  );
}

interface ReleaseDialogProps {
  readonly row: QuarantineRow;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function ReleaseDialog({ row, onDone, onClose }: ReleaseDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title="Release this event?"
      confirm="Release it"
      reasonHint="For example: “It is our load test; the name was chosen by hand.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<unknown>('POST', PATHS.letIn(row.id), { body: { reason }, idempotencyKey });
        notify({ kind: 'success', title: 'Released. It goes the same way in as any other event.' });
        onDone();
      }}
    >
      <p>
        It is taken in again, through every check but the one that held it. If a playbook knows it, Grace
        plans an action by the usual rules and approvals. Your name and reason stay with it.
      </p>
    </ConfirmDialog>
  );
}
