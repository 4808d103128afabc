import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { AuditEntryView, EntriesView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { By, ContractLink, Hash, When } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf } from '../app/router';
import { useResource } from '../app/use-resource';
import { AuditEpochs } from './audit-epochs';
import { AuditFindings } from './audit-findings';
import { AuditVerification } from './audit-verification';

/** Entries on a page. */
const SHOWN = 50;

/** The audit log: entries `from` on, or the newest, and its verification in this browser. */
export function AuditPage({ from }: { readonly from: number | undefined }) {
  const resource = useResource<EntriesView>(PATHS.entries, { from, limit: SHOWN });
  return (
    <Page
      title="Audit log"
      description="Every change, exactly once, each entry hashed together with the one before it. Nothing here can be edited."
    >
      <Loaded resource={resource} what="the audit log">
        {({ entries, head }) => (
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="m">
                <KeyValuePairs
                  columns={3}
                  items={[
                    { label: 'Log', value: <code>{head.log}</code> },
                    { label: 'Entries', value: head.size },
                    { label: 'Newest', value: <When at={head.sequencedAt} /> },
                    { label: 'Last link', value: <Hash value={head.link} /> },
                  ]}
                />
                <AuditVerification />
              </SpaceBetween>
            </Container>
            {from === undefined && <AuditFindings />}
            {from === undefined && <AuditEpochs />}
            <Entries entries={entries} size={head.size} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

function Entries({ entries, size }: { readonly entries: readonly AuditEntryView[]; readonly size: number }) {
  const first = entries[0]?.seq ?? 0;
  const last = entries.at(-1)?.seq ?? 0;
  return (
    <PlainTable
      title={entries.length === 0 ? 'Entries' : `Entries ${first} to ${last}`}
      items={entries}
      keyOf={({ seq }) => String(seq)}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button href={hrefOf('audit', String(Math.max(0, first - SHOWN)))} disabled={first === 0}>
            Earlier
          </Button>
          <Button href={hrefOf('audit', String(last + 1))} disabled={last + 1 >= size}>
            Later
          </Button>
          <Button href={hrefOf('audit')}>Newest</Button>
        </SpaceBetween>
      }
      columns={[
        {
          id: 'seq',
          header: 'Entry',
          isRowHeader: true,
          cell: ({ seq }) => <Link href={hrefOf('audit', String(seq))}>{seq}</Link>,
        },
        { id: 'at', header: 'When', wide: true, cell: ({ at }) => <When at={at} /> },
        {
          id: 'event',
          header: 'What',
          cell: ({ event, changed, actor, inVoiceOf, attributed, contractId }) => (
            <>
              {event}
              <div className="narrow-only quiet">
                by {attributed ? <By actor={actor} inVoiceOf={inVoiceOf} /> : 'nobody known'}
                {contractId !== null && (
                  <>
                    , contract <ContractLink id={contractId} />
                  </>
                )}
              </div>
              {changed.length > 0 && <div className="quiet">{changed.join(', ')}</div>}
            </>
          ),
        },
        {
          id: 'actor',
          header: 'By',
          wide: true,
          cell: (entry) => (entry.attributed ? <By {...entry} /> : 'nobody known'),
        },
        {
          id: 'reason',
          header: 'Why',
          wide: true,
          cell: ({ reason }) => <div className="reason">{reason}</div>,
        },
        {
          id: 'contract',
          header: 'Contract, link',
          wide: true,
          cell: ({ contractId, link }) => (
            <>
              {contractId === null ? '–' : <ContractLink id={contractId} />}
              <div>
                <Hash value={link} />
              </div>
            </>
          ),
        },
      ]}
      empty={{ title: 'The log is empty', text: 'The first change of the deployment begins it.' }}
    />
  );
}
