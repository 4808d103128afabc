import type { AuditFault } from '../../shared/contracts/audit-body';
import { Change } from '../../shared/contracts/change';
import { RECONCILED } from '../../shared/domain/audit-entry';
import { changedFields, type Image, imageDigest } from '../../shared/domain/image-digest';
import type { AuditDraft } from '../../shared/ports/audit-log';
import type { ChangeRecord, Item, Key } from '../../shared/ports/table';

/** Who removes items whose time is over: the table itself. */
const EXPIRY_ACTOR = 'dynamodb:expiry';
/** In place of an actor that nobody can name; only CloudTrail's data events know more. */
const UNKNOWN_ACTOR = 'unknown';

/** Fields that every attributed change changes, so that naming them says nothing. */
const ALWAYS_CHANGED = ['change', 'rev'];
/** An item made by hand may have thousands of fields; an entry must stay small enough for its transaction. */
const MAX_CHANGED_NAMES = 64;
const MAX_NAME = 64;

/**
 * Turns one stream record into the facts of its audit entry: attributed where the item brings its own new
 * `change` and the next `rev`, else marked with what is wrong. Never refuses a record: what cannot be
 * explained is logged as unexplained.
 */
export function attributeRecord(record: ChangeRecord): AuditDraft {
  return record.after === undefined ? removalDraft(record) : changeDraft(record, record.after);
}

function changeDraft(record: ChangeRecord, after: Image): AuditDraft {
  const { before } = record;
  const change = Change.safeParse(after['change']);
  const follows = isRev(after['rev']) && after['rev'] === (before === undefined ? 0 : revOf(before)) + 1;
  const fault = faultOf({ change, follows, isNew: isNewChange(before, after) });
  const changed = before === undefined ? [] : changedFields(before, after);
  const claims =
    change.success && fault !== 'CHANGE_NOT_NEW' ? named(change.data, after) : unnamed(record, fault);
  return {
    aside: !follows,
    facts: {
      ...factsOf(record),
      ...claims,
      rev: revOf(after),
      changed: bounded(
        fault === undefined ? changed.filter((name) => !ALWAYS_CHANGED.includes(name)) : changed,
      ),
      ...(before === undefined ? {} : { before: imageDigest(before) }),
      after: imageDigest(after),
      attributed: fault === undefined,
      ...(fault === undefined ? {} : { fault }),
    },
  };
}

function removalDraft(record: ChangeRecord): AuditDraft {
  const { before, expired } = record;
  const facts = {
    ...factsOf(record),
    rev: before === undefined ? 0 : revOf(before),
    changed: [],
    ...(before === undefined ? {} : { before: imageDigest(before) }),
    removal: true as const,
  };
  const who = unnamed(record, 'REMOVED');
  if (!expired)
    return {
      aside: true,
      facts: { ...facts, ...who, event: 'item.removed', attributed: false, fault: 'REMOVED' },
    };
  const expiry = { event: 'item.expired', actor: EXPIRY_ACTOR, reason: 'EXPIRED', attributed: true };
  return { aside: true, facts: { ...facts, ...who, ...expiry } };
}

function faultOf(seen: {
  change: { success: boolean };
  follows: boolean;
  isNew: boolean;
}): AuditFault | undefined {
  if (!seen.change.success) return 'NO_CHANGE';
  if (!seen.isNew) return 'CHANGE_NOT_NEW';
  return seen.follows ? undefined : 'REV_DOES_NOT_FOLLOW';
}

/** A write that leaves the old `change` in place is not what that change says. */
function isNewChange(before: Image | undefined, after: Image): boolean {
  if (before === undefined) return true;
  return changedFields({ change: before['change'] }, { change: after['change'] }).length > 0;
}

function factsOf({ keys, eventId }: Pick<ChangeRecord, 'keys' | 'eventId'>) {
  return { item: { pk: keys.pk, sk: keys.sk }, eventId };
}

/**
 * The facts of a change whose record has not come, from the item that it left. Which fields it changed, and what
 * they were, nobody knows. `image`: the item's digest.
 */
export function filledInFacts(item: Item, image: string): AuditDraft['facts'] {
  const change = Change.safeParse(item['change']);
  const { pk, sk } = item;
  const eventId = `${RECONCILED}${image}`;
  const record = { keys: { pk, sk }, eventId };
  const fault = change.success ? undefined : ('NO_CHANGE' as const);
  return {
    ...factsOf(record),
    ...(change.success ? named(change.data, item) : unnamed(record, fault)),
    rev: revOf(item),
    changed: [],
    after: image,
    attributed: fault === undefined,
    ...(fault === undefined ? {} : { fault }),
  };
}

/** The facts of a change of which nothing is left but that there was one. */
export function lostFacts({ pk, sk }: Key, rev: number): AuditDraft['facts'] {
  const eventId = `${RECONCILED}lost-${rev}`;
  return {
    ...factsOf({ keys: { pk, sk }, eventId }),
    event: 'item.lost',
    actor: UNKNOWN_ACTOR,
    reason: 'LOST',
    correlationId: eventId,
    rev,
    changed: [],
    attributed: false,
    fault: 'LOST',
  };
}

/** Whom the change belongs to stands in the change, or in fields of the item itself. */
function named(change: Change, item: Image) {
  const { event, actor, reason, inVoiceOf, delegate, correlationId } = change;
  const missionId = change.missionId ?? idOf(item['missionId']);
  const contractId = change.contractId ?? idOf(item['contractId']);
  return {
    event,
    actor,
    reason,
    correlationId,
    ...(inVoiceOf === undefined ? {} : { inVoiceOf }),
    ...(delegate === undefined ? {} : { delegate }),
    ...(missionId === undefined ? {} : { missionId }),
    ...(contractId === undefined ? {} : { contractId }),
  };
}

const idOf = (id: unknown): string | undefined =>
  typeof id === 'string' && id.length > 0 && id.length <= 64 ? id : undefined;

function unnamed({ eventId }: Pick<ChangeRecord, 'eventId'>, fault: AuditFault | undefined) {
  return { event: 'item.changed', actor: UNKNOWN_ACTOR, reason: fault ?? '', correlationId: eventId };
}

const isRev = (rev: unknown): rev is number =>
  typeof rev === 'number' && Number.isSafeInteger(rev) && rev > 0;
const revOf = (image: Image): number => (isRev(image['rev']) ? image['rev'] : 0);

function bounded(names: readonly string[]): string[] {
  return names.slice(0, MAX_CHANGED_NAMES).map((name) => name.slice(0, MAX_NAME));
}
