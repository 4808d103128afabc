import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import type { ContractRow } from '../../../shared/contracts/api/contracts';
import { PATHS } from '../api/paths';
import { ListTable } from '../app/list-table';
import { StatusMark, VerdictMark, When } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf, replaceQuery, usePlace } from '../app/router';
import { useList } from '../app/use-list';
import { shortId } from '../format/names';
import { STATUS_WORDS } from '../format/status';

const ANY = { value: '', label: 'Any status' };
const OPTIONS = [ANY, ...Object.entries(STATUS_WORDS).map(([value, { label }]) => ({ value, label }))];

/** Every action that Grace planned, newest first. */
export function ContractsPage() {
  const { query } = usePlace();
  const status = query.get('status') ?? undefined;
  const playbook = query.get('playbook') ?? undefined;
  const list = useList<ContractRow>(PATHS.contracts, { status, playbook });
  return (
    <Page
      title="Contracts"
      description="Each action that Grace planned, with what it expected and how it ended."
    >
      <ListTable
        title={playbook === undefined ? 'Contracts' : `Contracts of ${playbook}`}
        list={list}
        keyOf={({ contractId }) => contractId}
        filter={
          <Select
            ariaLabel="Show contracts with status"
            selectedOption={OPTIONS.find(({ value }) => value === status) ?? ANY}
            options={OPTIONS}
            onChange={({ detail }) => replaceQuery({ playbook, status: detail.selectedOption.value })}
          />
        }
        columns={[
          {
            id: 'contract',
            header: 'Contract',
            isRowHeader: true,
            cell: ({ contractId, playbook: name }) => (
              <>
                <Link href={hrefOf('contracts', contractId)}>{name}</Link>
                <div className="quiet nowrap" title={contractId}>
                  {shortId(contractId)}
                </div>
              </>
            ),
          },
          { id: 'status', header: 'Where it stands', cell: ({ status: now }) => <StatusMark status={now} /> },
          {
            id: 'verdict',
            header: 'Effect',
            wide: true,
            cell: ({ verdict }) => <VerdictMark verdict={verdict} />,
          },
          { id: 'tier', header: 'Tier', wide: true, cell: ({ tier }) => tier },
          { id: 'created', header: 'Planned', wide: true, cell: ({ createdAt }) => <When at={createdAt} /> },
        ]}
        empty={
          status === undefined
            ? {
                title: 'No contracts yet',
                text: 'When an alarm goes off that a playbook knows, its contract appears here.',
              }
            : { title: 'None with this status', text: 'Choose another status above.' }
        }
      />
    </Page>
  );
}
