import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FindingView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { ConfirmDialog } from '../app/confirm-dialog';
import { useConsole } from '../app/console-context';
import { FailureAlert } from '../app/failure-alert';
import { When } from '../app/marks';
import { hrefOf } from '../app/router';
import { useFindings } from '../app/use-findings';

/** What the check of the log has found and nobody has closed: what it means, what to do, and closing it. */
export function AuditFindings() {
  const { open, loaded, error, reload } = useFindings();
  const [closing, setClosing] = useState<FindingView>();
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={loaded ? `(${open.length})` : undefined}
          description={
            <>
              The log is checked every 15 minutes, and on demand by <code>grace audit check</code>.
            </>
          }
        >
          Open findings
        </Header>
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && <FailureAlert error={error} onRetry={reload} />}
        {loaded && open.length === 0 && (
          <Box>Nothing is wrong with the log, as far as the checks can see.</Box>
        )}
        {open.map((finding) => (
          <Finding key={finding.findingId} finding={finding} onClose={() => setClosing(finding)} />
        ))}
      </SpaceBetween>
      {closing !== undefined && (
        <CloseDialog finding={closing} onDone={reload} onClose={() => setClosing(undefined)} />
      )}
    </Container>
  );
}

function Finding({ finding, onClose }: { readonly finding: FindingView; readonly onClose: () => void }) {
  const { kind, item, seq, detail, means, todo, foundAt } = finding;
  return (
    <section aria-label={`${kind}: ${detail}`}>
      <Alert
        type="warning"
        header={means}
        statusIconAriaLabel="Warning"
        action={
          <Button onClick={onClose} ariaLabel={`Close the finding ${kind}`}>
            Close…
          </Button>
        }
      >
        <SpaceBetween size="s">
          <Box color="inherit">
            <b>What to do:</b> {todo}
          </Box>
          <KeyValuePairs
            columns={3}
            items={[
              { label: 'Found', value: detail },
              { label: 'Code', value: <code>{kind}</code> },
              { label: 'When', value: <When at={foundAt} /> },
              ...(seq === null
                ? []
                : [{ label: 'Entry', value: <Link href={hrefOf('audit', String(seq))}>{seq}</Link> }]),
              ...(item === '' ? [] : [{ label: 'Item', value: <code className="long">{item}</code> }]),
            ]}
          />
        </SpaceBetween>
      </Alert>
    </section>
  );
}

interface CloseDialogProps {
  readonly finding: FindingView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function CloseDialog({ finding: { findingId, kind, detail }, onDone, onClose }: CloseDialogProps) {
  const { client, notify } = useConsole();
  return (
    <ConfirmDialog
      title="Close this finding?"
      confirm="Close the finding"
      reasonHint="What came of it. For example: “Restored by us from the backup of 02:00, ticket 4711.”"
      onClose={onClose}
      onConfirm={async (reason, idempotencyKey) => {
        await client.write<unknown>('POST', PATHS.finding(findingId), { body: { reason }, idempotencyKey });
        notify({ kind: 'success', title: 'Closed. The finding and your words stay in the audit log.' });
        onDone();
      }}
    >
      <p>
        <code>{kind}</code>: {detail}. Closing mends nothing: if its cause is still there, the next check
        opens it again.
      </p>
    </ConfirmDialog>
  );
}
