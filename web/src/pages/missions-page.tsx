import Link from '@cloudscape-design/components/link';
import type { MissionDetail, MissionView } from '../../../shared/contracts/api/missions';
import { PATHS } from '../api/paths';
import { Indicator } from '../app/indicator';
import { ListTable, PlainTable } from '../app/list-table';
import { Loaded } from '../app/loaded';
import { ContractLink, StatusMark, When } from '../app/marks';
import { Page } from '../app/page';
import { hrefOf } from '../app/router';
import { useList } from '../app/use-list';
import { useResource } from '../app/use-resource';
import { shortId } from '../format/names';
import { STATUS_WORDS, type Status } from '../format/status';
import { Timeline } from './timeline';

function MissionMark({ status }: { readonly status: MissionView['status'] }) {
  return status === 'open' ? (
    <Indicator type="in-progress">Open</Indicator>
  ) : (
    <Indicator type="success">Ended</Indicator>
  );
}

/** Missions: the contracts that came of one trouble. */
export function MissionsPage() {
  const list = useList<MissionView>(PATHS.missions);
  return (
    <Page
      title="Missions"
      description="What came of each trouble: one mission holds all contracts that answer it."
    >
      <ListTable
        title="Missions"
        list={list}
        keyOf={({ missionId }) => missionId}
        columns={[
          {
            id: 'mission',
            header: 'Mission',
            isRowHeader: true,
            cell: ({ missionId, playbook }) => (
              <>
                <Link href={hrefOf('missions', missionId)}>{playbook ?? 'not planned yet'}</Link>
                <div className="quiet nowrap" title={missionId}>
                  {shortId(missionId)}
                </div>
              </>
            ),
          },
          { id: 'status', header: 'Where it stands', cell: ({ status }) => <MissionMark status={status} /> },
          { id: 'contracts', header: 'Contracts', wide: true, cell: ({ contracts }) => contracts.length },
          { id: 'opened', header: 'Opened', wide: true, cell: ({ openedAt }) => <When at={openedAt} /> },
          { id: 'by', header: 'Opened by', wide: true, cell: ({ openedBy }) => openedBy },
        ]}
        empty={{ title: 'No missions yet', text: 'The first error that Grace takes in opens one.' }}
      />
    </Page>
  );
}

/** One mission with its contracts and its timeline. */
export function MissionPage({ id }: { readonly id: string }) {
  const resource = useResource<MissionDetail>(PATHS.mission(id));
  return (
    <Page title={`Mission ${id}`}>
      <Loaded resource={resource} what="the mission">
        {(mission) => (
          <>
            <PlainTable
              title="Contracts"
              actions={<MissionMark status={mission.status} />}
              items={mission.contracts}
              keyOf={({ contractId }) => contractId}
              columns={[
                {
                  id: 'contract',
                  header: 'Contract',
                  isRowHeader: true,
                  cell: ({ contractId }) => <ContractLink id={contractId} />,
                },
                {
                  id: 'status',
                  header: 'Where it stands',
                  cell: ({ status }) => (isStatus(status) ? <StatusMark status={status} /> : status),
                },
              ]}
              empty={{ title: 'No contracts', text: 'Nothing has come of this trouble yet.' }}
            />
            <Timeline entries={mission.timeline} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const isStatus = (status: string): status is Status => Object.hasOwn(STATUS_WORDS, status);
