import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import { AuditPage } from '../pages/audit-page';
import { ContractPage } from '../pages/contract-page';
import { ContractsPage } from '../pages/contracts-page';
import { LearningPage } from '../pages/learning-page';
import { MissionPage, MissionsPage } from '../pages/missions-page';
import { ParliamentPage } from '../pages/parliament-page';
import { PoliciesPage } from '../pages/policies-page';
import { QuarantinedPage, QuarantinePage } from '../pages/quarantine-page';
import { RequestPage } from '../pages/request-page';
import { WaitingPage } from '../pages/waiting-page';
import { Page } from './page';
import type { Place } from './router';

/** Pages by the first part of their address, in the order of the navigation. */
export const SECTIONS = [
  { name: 'approvals', text: 'Waiting for me' },
  { name: 'contracts', text: 'Contracts' },
  { name: 'missions', text: 'Missions' },
  { name: 'quarantine', text: 'Quarantine' },
  { name: 'audit', text: 'Audit log' },
  { name: 'parliament', text: 'Parliament' },
  { name: 'policies', text: 'Policies' },
  { name: 'learning', text: 'Learning' },
] as const;

/** What stands at a place. Each page is made anew for each place, so that nothing of one thing shows with another. */
export function PageAt({ place: { segments } }: { readonly place: Place }) {
  const [section = 'approvals', id] = segments;
  const key = `${section}/${id ?? ''}`;
  switch (section) {
    case 'approvals':
      return id === undefined ? <WaitingPage key={key} /> : <RequestPage key={key} id={id} />;
    case 'contracts':
      return id === undefined ? <ContractsPage key={key} /> : <ContractPage key={key} id={id} />;
    case 'missions':
      return id === undefined ? <MissionsPage key={key} /> : <MissionPage key={key} id={id} />;
    case 'quarantine':
      return id === undefined ? <QuarantinePage key={key} /> : <QuarantinedPage key={key} id={id} />;
    case 'audit':
      return <AuditPage key="audit" from={seqOf(id)} />;
    case 'parliament':
      return <ParliamentPage />;
    case 'policies':
      return <PoliciesPage />;
    case 'learning':
      return <LearningPage />;
    default:
      return (
        <Page key={key} title="No such page">
          <Box>
            Begin at <Link href="#/approvals">what waits for you</Link>.
          </Box>
        </Page>
      );
  }
}

/** The entry to begin at; anything that is no entry's number means the newest. */
function seqOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
