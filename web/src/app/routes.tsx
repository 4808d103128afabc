import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { ContractPage } from '../pages/contract-page';
import { RequestPage } from '../pages/request-page';
import { WaitingPage } from '../pages/waiting-page';
import { Indicator } from './indicator';
import { Page } from './page';
import { PageBoundary } from './page-boundary';
import type { Place } from './router';

/** Pages by the first part of their address, in the order of the navigation; `divider`: a new group begins. */
export const SECTIONS = [
  { name: 'approvals', text: 'Waiting for me' },
  { name: 'contracts', text: 'Contracts' },
  { name: 'missions', text: 'Missions' },
  { name: 'quarantine', text: 'Quarantine' },
  { name: 'reviews', text: 'Reviews', divider: true },
  { name: 'delegations', text: 'Delegations' },
  { name: 'parliament', text: 'Parliament' },
  { name: 'policies', text: 'Policies' },
  { name: 'audit', text: 'Audit log', divider: true },
  { name: 'activity', text: 'Activity' },
  { name: 'learning', text: 'Learning' },
  { name: 'deployment', text: 'Deployment' },
] as const satisfies readonly { name: string; text: string; divider?: true }[];

// What somebody needs at three in the morning comes with the first load; the rest when it is asked for.
const ContractsPage = page(async () => (await import('../pages/contracts-page')).ContractsPage);
const SnapshotPage = page(async () => (await import('../pages/snapshot-page')).SnapshotPage);
const MissionsPage = page(async () => (await import('../pages/missions-page')).MissionsPage);
const MissionPage = page(async () => (await import('../pages/missions-page')).MissionPage);
const QuarantinePage = page(async () => (await import('../pages/quarantine-page')).QuarantinePage);
const QuarantinedPage = page(async () => (await import('../pages/quarantine-page')).QuarantinedPage);
const ReviewsPage = page(async () => (await import('../pages/reviews-page')).ReviewsPage);
const DelegationsPage = page(async () => (await import('../pages/delegations-page')).DelegationsPage);
const ParliamentPage = page(async () => (await import('../pages/parliament-page')).ParliamentPage);
const PoliciesPage = page(async () => (await import('../pages/policies-page')).PoliciesPage);
const AuditPage = page(async () => (await import('../pages/audit-page')).AuditPage);
const ActivityPage = page(async () => (await import('../pages/activity-page')).ActivityPage);
const LearningPage = page(async () => (await import('../pages/learning-page')).LearningPage);
const DeploymentPage = page(async () => (await import('../pages/deployment-page')).DeploymentPage);

/** What stands at a place. Each page is made anew for each place, so that nothing of one thing shows with another. */
export function PageAt({ place: { segments } }: { readonly place: Place }) {
  // Entries of the log are one page, wherever in it one stands.
  const key = segments[0] === 'audit' ? 'audit' : segments.join('/');
  return (
    <PageBoundary key={key}>
      <Suspense
        fallback={
          <Box padding="l" textAlign="center">
            <Indicator type="loading">Reading the page</Indicator>
          </Box>
        }
      >
        {pageAt(segments)}
      </Suspense>
    </PageBoundary>
  );
}

function pageAt([section = 'approvals', id, part, n]: Place['segments']): ReactNode {
  switch (section) {
    case 'approvals':
      return id === undefined ? <WaitingPage /> : <RequestPage id={id} />;
    case 'contracts':
      if (id === undefined) return <ContractsPage />;
      return part === 'snapshots' && n !== undefined ? (
        <SnapshotPage contractId={id} n={n} />
      ) : (
        <ContractPage id={id} />
      );
    case 'missions':
      return id === undefined ? <MissionsPage /> : <MissionPage id={id} />;
    case 'quarantine':
      return id === undefined ? <QuarantinePage /> : <QuarantinedPage id={id} />;
    case 'reviews':
      return <ReviewsPage />;
    case 'delegations':
      return <DelegationsPage />;
    case 'parliament':
      return <ParliamentPage />;
    case 'policies':
      return <PoliciesPage />;
    case 'audit':
      return <AuditPage from={seqOf(id)} />;
    case 'activity':
      return <ActivityPage />;
    case 'learning':
      return <LearningPage />;
    case 'deployment':
      return <DeploymentPage />;
    default:
      return (
        <Page title="No such page">
          <Box>
            Begin at <Link href="#/approvals">what waits for you</Link>.
          </Box>
        </Page>
      );
  }
}

/** A page that is loaded when somebody comes to it. */
function page<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return lazy(async () => ({ default: await load() }));
}

/** The entry to begin at; anything that is no entry's number means the newest. */
function seqOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
