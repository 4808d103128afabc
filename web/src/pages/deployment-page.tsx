import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { CloudStatus } from '../../../shared/contracts/api/governance';
import type { HealthView, StatusView } from '../../../shared/contracts/api/status';
import { PATHS } from '../api/paths';
import { useDeployment } from '../app/deployment';
import { Indicator } from '../app/indicator';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { Page } from '../app/page';
import { useResource } from '../app/use-resource';
import { STATUS_WORDS, type Status } from '../format/status';

const USABLE = {
  yes: { kind: 'success', label: 'Can be taken' },
  no: { kind: 'error', label: 'Cannot be taken' },
  unknown: { kind: 'warning', label: 'Not known' },
} as const;

/** How the deployment stands: its parts, and what it may do in the cloud. */
export function DeploymentPage() {
  const { status } = useDeployment();
  const health = useResource<HealthView>(PATHS.health);
  const cloud = useResource<CloudStatus>(PATHS.cloud);
  return (
    <Page
      title="Deployment"
      description="Whether every part answers, which actions can be taken here, and what is missing for the others."
    >
      <Loaded resource={status} what="the status">
        {(read) => <Standing status={read} />}
      </Loaded>
      <Loaded resource={health} what="the health of the parts">
        {({ parts }) => (
          <PlainTable
            title="Parts"
            items={parts}
            keyOf={({ name }) => name}
            columns={[
              { id: 'name', header: 'Part', isRowHeader: true, cell: ({ name }) => name },
              {
                id: 'status',
                header: 'State',
                cell: (part) => (
                  <Indicator type={part.status === 'ok' ? 'success' : 'error'}>
                    {part.status === 'ok' ? part.detail : `does not answer (${part.detail})`}
                  </Indicator>
                ),
              },
              { id: 'affects', header: 'Without it', wide: true, cell: ({ affects }) => affects },
            ]}
            empty={{ title: 'No parts', text: 'Nothing was asked.' }}
          />
        )}
      </Loaded>
      <Loaded resource={cloud} what="what can be done in the cloud">
        {({ actions }) => (
          <PlainTable
            title="Actions"
            items={actions}
            keyOf={({ action }) => action}
            columns={[
              {
                id: 'action',
                header: 'Action',
                isRowHeader: true,
                minWidth: 110,
                cell: ({ action }) => <code className="long">{action}</code>,
              },
              {
                id: 'usable',
                header: 'Here',
                minWidth: 150,
                cell: ({ usable, missing, detail }) => (
                  <>
                    <Indicator type={USABLE[usable].kind}>{USABLE[usable].label}</Indicator>
                    {missing.length > 0 && <div className="quiet">missing: {missing.join(', ')}</div>}
                    <div className="quiet">{detail}</div>
                  </>
                ),
              },
              {
                id: 'reversible',
                header: 'Can be undone',
                wide: true,
                cell: ({ reversible }) => (reversible ? 'yes' : 'no'),
              },
              { id: 'executor', header: 'By function', wide: true, cell: ({ executor }) => executor },
            ]}
            empty={{ title: 'No actions', text: 'The settings name no executors: Grace only observes.' }}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Standing({ status }: { readonly status: StatusView }) {
  const counts = Object.entries(status.contracts).map(
    ([name, count]) => `${STATUS_WORDS[name as Status]?.label ?? name}: ${count}`,
  );
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Deployment', value: status.deployment },
          { label: 'Account and region', value: `${status.account}, ${status.region}` },
          {
            label: 'Mode',
            value: status.mode === 'act' ? 'acts' : 'observes: it says what it would do, and does nothing',
          },
          { label: 'Open contracts', value: status.open },
          { label: `Of the newest ${status.counted} contracts`, value: counts.join(', ') || 'none yet' },
        ]}
      />
    </Container>
  );
}
