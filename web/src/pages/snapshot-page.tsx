import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useState } from 'react';
import type { SnapshotDetail } from '../../../shared/contracts/api/contracts';
import { PATHS } from '../api/paths';
import { useRole } from '../app/deployment';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { ContractLink, Hash, When } from '../app/marks';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { plain, shortTarget } from '../format/names';
import { RestoreDialog } from './restore-dialog';

/** The only fact that an action of Grace can put back by itself. */
const RESTORABLE = 'desired_capacity';

interface SnapshotPageProps {
  readonly contractId: string;
  readonly n: string;
}

/** The state of a contract's targets as it was kept before anything was done. */
export function SnapshotPage({ contractId, n }: SnapshotPageProps) {
  const resource = useResource<SnapshotDetail>(PATHS.snapshot(contractId, n));
  const [restoring, setRestoring] = useState(false);
  const isOperator = useRole('operator', 'administrator');
  const snapshot = resource.data;
  const wanted = (snapshot?.targets ?? []).flatMap(({ target, facts }) => {
    const from = facts[RESTORABLE];
    return from === undefined ? [] : [{ target, field: RESTORABLE, from }];
  });
  return (
    <Page
      title={`Snapshot of ${snapshot?.targets.map(({ target }) => shortTarget(target)).join(', ') ?? contractId}`}
      description="As it was right before the action. It is evidence, and where the action has an inverse, a way back."
      actions={
        isOperator &&
        snapshot?.intact === true &&
        wanted.length > 0 && <Button onClick={() => setRestoring(true)}>Ask to restore it…</Button>
      }
    >
      <Loaded resource={resource} what="the snapshot">
        {(read) => <Snapshot snapshot={read} />}
      </Loaded>
      {restoring && (
        <RestoreDialog
          title="Ask to restore this snapshot?"
          path={PATHS.restore(contractId, n)}
          wanted={wanted}
          onClose={() => setRestoring(false)}
        />
      )}
    </Page>
  );
}

function Snapshot({ snapshot }: { readonly snapshot: SnapshotDetail }) {
  return (
    <>
      <Container>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Contract', value: <ContractLink id={snapshot.contractId} /> },
            { label: 'Taken', value: <When at={snapshot.takenAt} /> },
            { label: 'Hash', value: <Hash value={snapshot.hash} /> },
            {
              label: 'Kept document',
              value: snapshot.intact ? (
                <Indicator type="success">as it was taken</Indicator>
              ) : (
                <Indicator type="error">does not match its hash: do not use it</Indicator>
              ),
            },
          ]}
        />
      </Container>
      {snapshot.targets.map(({ target, tags, facts }) => (
        <PlainTable
          key={target}
          title={shortTarget(target)}
          items={[
            ...Object.entries(facts).map(([name, value]) => ({ name: plain(name), value: String(value) })),
            ...Object.entries(tags).map(([name, value]) => ({ name: `tag ${name}`, value })),
          ]}
          keyOf={({ name }) => name}
          columns={[
            {
              id: 'name',
              header: 'What',
              isRowHeader: true,
              cell: ({ name }) => <span className="long">{name}</span>,
            },
            { id: 'value', header: 'Was', cell: ({ value }) => <span className="long">{value}</span> },
          ]}
          empty={{ title: 'Nothing', text: 'The snapshot holds no facts of this target.' }}
        />
      ))}
    </>
  );
}
