import type { FindingView } from '../../../shared/contracts/api/audit';
import { PATHS } from '../api/paths';
import { useRole } from './deployment';
import { useResource } from './use-resource';

/** Findings that are looked at: the newest, open or closed. */
const MOST = 100;

/** Open findings about the audit log, for those who may read it; for others there are none. */
export function useFindings() {
  const mayRead = useRole('auditor', 'administrator');
  const { data, error, reload } = useResource<readonly FindingView[]>(mayRead ? PATHS.findings : undefined, {
    limit: MOST,
  });
  const open = (data ?? []).filter(({ status }) => status === 'open');
  return { open, loaded: data !== undefined, error, reload };
}
