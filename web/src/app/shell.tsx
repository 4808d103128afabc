import Alert from '@cloudscape-design/components/alert';
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Flashbar from '@cloudscape-design/components/flashbar';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { useState } from 'react';
import type { SessionState } from '../auth/session';
import { shortId } from '../format/names';
import { useConsole } from './console-context';
import { useDeployment, useRole } from './deployment';
import { FailureAlert } from './failure-alert';
import { FindingsAlert } from './findings-alert';
import { PausedAlert, SwitchDialog } from './kill-switch';
import { hrefOf, usePlace } from './router';
import { PageAt, SECTIONS } from './routes';
import type { Theme } from './theme';
import { TopBar } from './top-bar';
import { useNarrow } from './use-narrow';
import type { ShownNotice } from './use-notices';

interface ShellProps {
  readonly session: Exclude<SessionState, { status: 'signed_out' }>;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  readonly notices: readonly ShownNotice[];
  readonly dismiss: (id: string) => void;
}

const PLACE_WORDS = { simulator: 'Simulator', emulator: 'Emulator', aws: 'AWS' } as const;
/** What stands around every page: who and where one is, whether Grace acts, whether the page is live. */
export function Shell({ session, theme, setTheme, notices, dismiss }: ShellProps) {
  const parts = useConsole();
  const { status, killSwitch, me } = useDeployment();
  const place = usePlace();
  const narrow = useNarrow();
  const [navigationOpen, setNavigationOpen] = useState(!narrow);
  const [switching, setSwitching] = useState(false);
  const mayPause = useRole('operator', 'administrator');
  const paused = killSwitch.data?.paused;
  const waiting = status.data?.awaitingApproval ?? 0;

  const turnSwitch = () => {
    if (mayPause && paused !== undefined) setSwitching(true);
    else parts.notify({ kind: 'info', title: 'Operators and administrators pause and resume Grace.' });
  };

  return (
    <>
      <button type="button" className="skip" onClick={skipToMain}>
        Skip to the page
      </button>
      <TopBar session={session} theme={theme} setTheme={setTheme} onSwitch={turnSwitch} />
      <AppLayoutToolbar
        headerSelector="#top"
        toolsHide
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        ariaLabels={{
          navigation: 'Sections',
          navigationToggle: 'Open the sections',
          navigationClose: 'Close the sections',
          notifications: 'Notices',
        }}
        breadcrumbs={<Breadcrumbs segments={place.segments} />}
        navigation={
          <SideNavigation
            activeHref={hrefOf(place.segments[0] ?? 'approvals')}
            header={{ href: hrefOf('approvals'), text: PLACE_WORDS[parts.config.place] }}
            onFollow={() => narrow && setNavigationOpen(false)}
            items={SECTIONS.flatMap((section) => {
              const { name, text } = section;
              const shown = name === 'approvals' && waiting > 0 ? `${text} (${waiting} open)` : text;
              const link = { type: 'link' as const, href: hrefOf(name), text: shown };
              return 'divider' in section ? [{ type: 'divider' as const }, link] : [link];
            })}
          />
        }
        notifications={
          <Flashbar
            items={notices.map(({ id, kind, title, text }) => ({
              id,
              type: kind,
              header: title,
              content: text,
              dismissible: true,
              dismissLabel: 'Dismiss',
              statusIconAriaLabel: kind,
              ariaRole: 'status',
              onDismiss: () => dismiss(id),
            }))}
          />
        }
        content={
          <div id="main">
            {session.status === 'expired' && <ExpiredAlert name={session.name} />}
            {me.error !== undefined && session.status === 'signed_in' && (
              <FailureAlert error={me.error} onRetry={me.reload} />
            )}
            {place.segments[0] !== 'audit' && <FindingsAlert />}
            <PausedAlert onResume={() => setSwitching(true)} />
            <PageAt place={place} />
            {switching && <SwitchDialog onClose={() => setSwitching(false)} />}
          </div>
        }
      />
    </>
  );
}

function Breadcrumbs({ segments: [section = 'approvals', id] }: { readonly segments: readonly string[] }) {
  const text = SECTIONS.find(({ name }) => name === section)?.text ?? section;
  const items = [
    { text, href: hrefOf(section) },
    ...(id === undefined ? [] : [{ text: shortId(id), href: hrefOf(section, id) }]),
  ];
  return <BreadcrumbGroup items={items} ariaLabel="Where you are" />;
}

function ExpiredAlert({ name }: { readonly name: string }) {
  const { session } = useConsole();
  return (
    <div role="alert">
      <Alert
        type="warning"
        header="Your sign-in has expired"
        statusIconAriaLabel="Warning"
        action={<Button onClick={() => void session.signIn()}>Sign in again</Button>}
      >
        What you see is from before, {name}, and does not change any more. You come back to this page.
      </Alert>
    </div>
  );
}

/** A button, since the address's fragment is the router's. */
function skipToMain(): void {
  document.querySelector<HTMLElement>('#main h1')?.focus();
}
