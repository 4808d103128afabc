import { epochKey } from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import type { AuditDraft } from '../../shared/ports/audit-log';

/**
 * A change by which somebody closes the epoch that is open becomes the first entry of the next one. What cannot be put down to
 * anybody closes nothing, and is logged like any other change of that kind.
 */
export function withClosing(draft: AuditDraft, logName: string): AuditDraft {
  const { item, event, attributed } = draft.facts;
  const isOfEpoch = item.pk === epochKey.pk && item.sk === epochKey.sk;
  const closes = isOfEpoch && event === EPOCH_CLOSED && attributed && !draft.aside;
  return closes ? { ...draft, closes: logName } : draft;
}
