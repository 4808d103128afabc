import type { PoliciesView, QuarantineRow, SwitchView } from '../../shared/contracts/api/governance';
import type { QuarantineEntry } from '../../shared/contracts/quarantine';
import type { Switch } from '../../shared/contracts/state-items';
import { type Answer, notFound, refused } from './answer';
import type { Handlers } from './asked';
import { timeOf } from './contract-view';
import { cursorText, readCursor } from './cursor';
import { invalidCursor } from './page';
import { parliament } from './parliament';

type Names =
  | 'getSwitch'
  | 'setSwitch'
  | 'listPolicies'
  | 'listQuarantine'
  | 'getQuarantined'
  | 'releaseQuarantined'
  | 'getParliament';

export const GOVERNANCE_ROUTES: Handlers<Names> = {
  async getSwitch(_asked, { control }) {
    return switchAnswer(await control.switch());
  },

  async setSwitch({ body: { paused, reason }, caller, ifMatch }, { control, clock }) {
    const why = { actor: caller.person.subject, reason, at: clock.now() };
    if (ifMatch === undefined) return switchAnswer(await control.set(paused, why));
    const set = await control.setFrom(ifMatch, paused, why);
    return set === undefined
      ? refused('REV_CHANGED', 'somebody has set the switch since: read it again')
      : switchAnswer(set);
  },

  async listPolicies(_asked, { settings, policies }) {
    const { approvals } = settings;
    const data: PoliciesView = {
      version: policies.version,
      approvers: approvals.approvers,
      quorum: { tier2: approvals.tier2Quorum, tier3: approvals.tier3Quorum },
      expiresSeconds: approvals.expires,
      executeWithinSeconds: approvals.executeWithin,
      policies: policies.policies.map(({ id, effect, constitution, reason, text }) => ({
        id,
        effect,
        constitution,
        reason,
        text,
      })),
    };
    return { ok: true, data };
  },

  async listQuarantine({ query: { limit, cursor, status } }, { quarantine }) {
    const list = `quarantine?${status}`;
    const place = cursor === undefined ? undefined : readCursor(list, cursor);
    if (cursor !== undefined && place === undefined) return invalidCursor;
    const page = await quarantine.list({
      status,
      limit,
      ...(place === undefined ? {} : { before: place.at }),
    });
    return {
      ok: true,
      data: page.entries.map(quarantineRow),
      ...(page.next === undefined ? {} : { next: cursorText(list, { at: page.next, skip: 0 }) }),
    };
  },

  async getQuarantined({ params: { id } }, { quarantine }) {
    const entry = await quarantine.get(id);
    if (entry === undefined) return notFound(`quarantined event ${id}`);
    return { ok: true, data: quarantineRow(entry), rev: entry.rev };
  },

  async releaseQuarantined({ params: { id }, body: { reason }, caller }, { quarantine, clock }) {
    const why = { actor: caller.person.subject, reason, at: clock.now() };
    const released = await quarantine.release(id, why);
    if (released.ok) return { ok: true, data: { id, status: 'released' } };
    switch (released.code) {
      case 'NOT_FOUND':
        return notFound(`quarantined event ${id}`);
      case 'ALREADY_RELEASED':
        return refused('ALREADY_RELEASED', `by ${released.entry.released?.by ?? 'somebody'}`);
      case 'NOT_RELEASABLE':
        return refused('NOT_RELEASABLE', `it was ${released.entry.code}: have it sent again, corrected`);
    }
  },

  async getParliament(_asked, deps) {
    return { ok: true, data: await parliament(deps) };
  },
};

function switchAnswer(stands: Switch | undefined): Answer<SwitchView> {
  const { paused = false, by = null, reason = null, at, rev = 0 } = stands ?? {};
  return { ok: true, data: { paused, by, reason, at: at === undefined ? null : timeOf(at), rev }, rev };
}

function quarantineRow(entry: QuarantineEntry): QuarantineRow {
  const { id, code, message, excerpt, receivedAt, status, releasable, findings, released, rev } = entry;
  return {
    id,
    code,
    message,
    excerpt,
    receivedAt: timeOf(receivedAt),
    status,
    releasable,
    findings,
    released:
      released === undefined ? null : { by: released.by, reason: released.reason, at: timeOf(released.at) },
    rev,
  };
}
