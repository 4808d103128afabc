import LiveRegion from '@cloudscape-design/components/live-region';
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import type { SessionState } from '../auth/session';
import { useLiveState } from '../live/use-live';
import { useConsole } from './console-context';
import { useDeployment } from './deployment';
import { hrefOf } from './router';
import { THEMES, type Theme } from './theme';
import { useNarrow } from './use-narrow';

/** Whether what is on the screen changes by itself. In words, since a green dot says nothing to most. */
const LIVE_WORDS = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Not live: trying again',
  off: 'Not live',
} as const;
const LIVE_ICONS = {
  live: 'status-positive',
  connecting: 'status-pending',
  lost: 'status-warning',
  off: 'status-warning',
} as const;
const SWITCH_WORDS = {
  true: { text: 'Paused', label: 'Paused. Kill switch: resume Grace' },
  false: { text: 'Acting', label: 'Acting. Kill switch: pause Grace' },
} as const;
const THEME_WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

interface TopBarProps {
  readonly session: Exclude<SessionState, { status: 'signed_out' }>;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  /** The reader wants to pause or resume. */
  readonly onSwitch: () => void;
}

/** The head of every page: whether it is live, whether Grace acts, who the reader is. */
export function TopBar({ session, theme, setTheme, onSwitch }: TopBarProps) {
  const parts = useConsole();
  const { killSwitch, me } = useDeployment();
  const narrow = useNarrow();
  const live = useLiveState();
  const liveWords = LIVE_WORDS[live.status];
  const paused = killSwitch.data?.paused;

  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'button',
      text: liveWords,
      ariaLabel: `${liveWords}. Look again now`,
      iconName: LIVE_ICONS[live.status],
      disableUtilityCollapse: true,
      onClick: () => {
        parts.live.stop();
        parts.live.start();
      },
    },
    {
      type: 'button',
      text: paused === undefined ? 'Switch not known' : SWITCH_WORDS[`${paused}`].text,
      ariaLabel: paused === undefined ? 'Switch not known' : SWITCH_WORDS[`${paused}`].label,
      iconName: paused === true ? 'pause' : 'play',
      disableUtilityCollapse: true,
      onClick: onSwitch,
    },
    {
      type: 'menu-dropdown',
      text: session.name,
      iconName: 'user-profile',
      ariaLabel: `You are ${session.name}`,
      description: me.data?.roles.join(', ') || 'no roles here',
      items: [
        {
          id: 'theme',
          text: 'Colours',
          items: THEMES.map((one) => ({
            id: one,
            itemType: 'checkbox' as const,
            checked: one === theme,
            text: THEME_WORDS[one],
          })),
        },
        { id: 'sign-out', text: 'Sign out' },
      ],
      onItemClick: ({ detail }) => {
        const chosen = THEMES.find((one) => one === detail.id);
        if (chosen !== undefined) setTheme(chosen);
        else if (detail.id === 'sign-out') parts.session.signOut();
      },
    },
  ];

  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{
            href: hrefOf('approvals'),
            title: narrow ? 'Grace' : `Grace · ${parts.config.deployment}`,
          }}
          utilities={utilities}
          i18nStrings={{
            overflowMenuTriggerText: 'More',
            overflowMenuTitleText: 'All',
            overflowMenuBackIconAriaLabel: 'Back',
            overflowMenuDismissIconAriaLabel: 'Close',
          }}
        />
      </div>
      <LiveRegion hidden>{liveWords}</LiveRegion>
    </>
  );
}
