import { AUDIT_ROUTES } from './audit-routes';
import { EventAnswer, EventRequest } from './events';
import { CloudStatus, LearningStats, MeView, Recommendations } from './governance';
import { GOVERNANCE_ROUTES } from './governance-routes';
import { OPERATORS, type Route, whole } from './route';
import { VERIFICATION_ROUTES } from './verification-routes';

/** Every route of the API, by the name of what answers it. */
export const ROUTES = {
  ...VERIFICATION_ROUTES,
  getLearningStats: {
    ...whole,
    path: '/api/learning/stats',
    tag: 'learning',
    summary: 'How the contracts of each playbook ended',
    data: LearningStats,
  },
  getRecommendations: {
    ...whole,
    path: '/api/learning/recommendations',
    tag: 'learning',
    summary: 'Playbooks by how surely they help, with the evidence',
    data: Recommendations,
  },
  ...GOVERNANCE_ROUTES,
  getCloudStatus: {
    ...whole,
    path: '/api/cloud/status',
    tag: 'cloud',
    summary: 'Which actions can be taken here, and what is missing for the others',
    data: CloudStatus,
  },
  ...AUDIT_ROUTES,
  postEvent: {
    path: '/api/events',
    method: 'POST',
    tag: 'events',
    summary: 'Report an error',
    roles: OPERATORS,
    machines: true,
    body: EventRequest,
    data: EventAnswer,
    status: 202,
    problems: ['INVALID_PARAMETER'],
  },
  getMe: {
    ...whole,
    path: '/api/me',
    tag: 'api',
    summary: 'Who you are to Grace, now',
    data: MeView,
  },
} as const satisfies Readonly<Record<string, Route>>;
export type RouteName = keyof typeof ROUTES;
