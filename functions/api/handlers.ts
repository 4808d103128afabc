import type { RouteName } from '../../shared/contracts/api/routes';
import { APPROVAL_ROUTES } from './approvals';
import type { Handlers } from './asked';
import { AUDIT_ROUTES } from './audit';
import { CONTRACT_ROUTES } from './contracts';
import { EVENT_ROUTES } from './events';
import { GOVERNANCE_ROUTES } from './governance';
import { LEARNING_ROUTES } from './learning';
import { MISSION_ROUTES } from './missions';
import { STATUS_ROUTES } from './status';

/** Every route of the table has one answerer: the compiler holds it. */
export const HANDLERS: Handlers<RouteName> = {
  ...CONTRACT_ROUTES,
  ...MISSION_ROUTES,
  ...STATUS_ROUTES,
  ...LEARNING_ROUTES,
  ...APPROVAL_ROUTES,
  ...GOVERNANCE_ROUTES,
  ...AUDIT_ROUTES,
  ...EVENT_ROUTES,
};
