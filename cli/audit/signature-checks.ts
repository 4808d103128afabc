import { readOrigin } from '../../shared/contracts/log-origin';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { verifyNote } from '../../shared/domain/tlog/signed-note';
import { parseKey, type VerifierKey, verifierKey } from '../../shared/domain/tlog/verifier-key';
import { type Check, counted, failed, notCheckable, ok } from './check';
import type { ReadCheckpoint, Trust } from './read-checkpoint';

/** Signatures of some checkpoints, not none, in order of their sizes. */
export function signatureChecks(
  checkpoints: readonly ReadCheckpoint[],
  {
    keys: ownKeys,
    trust,
    closed = false,
  }: { readonly keys: readonly string[]; readonly trust: Trust; readonly closed?: boolean },
): Check[] {
  const own = readableKeys(ownKeys);
  const given = (trust.keys ?? []).map((key) => keyFor(key, checkpoints.at(-1)?.origin ?? ''));
  const logKeys = given.filter(({ kind }) => kind === 'note');
  const witnesses = given.filter(({ kind }) => kind === 'cosignature');
  const keys = logKeys.length > 0 ? logKeys : own;
  if (own.length < ownKeys.length)
    return [failed('SIGNATURES', 'a key that came with the log cannot be read')];
  if (keys.length === 0)
    return [notCheckable('SIGNATURES', 'no key came with the log; give the log’s with --key')];

  const pinned =
    logKeys.length > 0
      ? ok('KEY', 'the key is the one that you gave')
      : notCheckable(
          'KEY',
          'the key came with the log, so it is the operator’s word; insist on yours with --key',
        );
  const signatures = signaturesCheck(checkpoints, keys, logKeys.length > 0);
  return [
    signatures,
    pinned,
    ...(witnesses.length === 0 ? [] : [witnessCheck(checkpoints, witnesses, closed)]),
  ];
}

/**
 * A log's key goes by the origin of each epoch that it signs. Who gives it for one epoch means the key: in the others it is
 * looked for under their names.
 */
export function keyFor(key: VerifierKey, origin: string): VerifierKey {
  const [named, signed] = [readOrigin(key.name), readOrigin(origin)];
  const isOther = named !== undefined && named.name === signed?.name && named.epoch !== signed.epoch;
  return key.kind === 'note' && isOther ? verifierKey(origin, 'note', key.publicKey) : key;
}

/**
 * A signature of a key that is not known says nothing. Where the auditor insists on keys of their own, older checkpoints
 * may be of keys from before a rotation: the newest one covers what they cover.
 */
function signaturesCheck(
  checkpoints: readonly ReadCheckpoint[],
  keys: readonly VerifierKey[],
  isPinned: boolean,
): Check {
  const namesOf = (some: readonly VerifierKey[]) =>
    [...new Set(some.map(({ name, id }) => `${name}+${id}`))].join(', ');
  const names = namesOf(keys);
  const signers: VerifierKey[] = [];
  let foreign = 0;
  for (const { note, size } of checkpoints) {
    const verdict = verifyNote(note, keys);
    if (verdict.ok) {
      signers.push(...verdict.verified.map(({ key }) => key));
      continue;
    }
    if (verdict.why !== 'NO_KNOWN_KEY')
      return failed('SIGNATURES', `the signature under the checkpoint of ${size} is wrong`);
    if (!isPinned) return failed('SIGNATURES', `the checkpoint of ${size} entries is not signed by ${names}`);
    foreign += 1;
  }
  const newest = newestOf(checkpoints);
  if (!newest.some(({ note }) => verifyNote(note, keys).ok)) {
    return failed(
      'SIGNATURES',
      `the newest checkpoint (${newest[0]?.size} entries) is not signed by ${names}`,
    );
  }
  const older = foreign === 0 ? '' : `; ${counted(foreign, 'older one')} by keys that were not given`;
  return ok(
    'SIGNATURES',
    `${counted(checkpoints.length - foreign, 'checkpoint')} signed by ${namesOf(signers)}${older}`,
  );
}

/**
 * A witness signs what there is when it comes by; since then the log has gone on. It may have come by first after an epoch
 * was closed.
 */
function witnessCheck(
  checkpoints: readonly ReadCheckpoint[],
  witnesses: readonly VerifierKey[],
  closed: boolean,
): Check {
  const size = checkpoints.at(-1)?.size ?? 0;
  const behind: string[] = [];
  for (const witness of witnesses) {
    let seen: number | undefined;
    for (const checkpoint of checkpoints) {
      const verdict = verifyNote(checkpoint.note, [witness]);
      if (verdict.ok) seen = checkpoint.size;
      else if (verdict.why !== 'NO_KNOWN_KEY') {
        const detail = `the signature of ${witness.name} under the checkpoint of ${checkpoint.size} is wrong`;
        return failed('WITNESSES', detail);
      }
    }
    if (seen === undefined) {
      const detail = `${witness.name} has signed no checkpoint that is here`;
      return closed ? notCheckable('WITNESSES', detail) : failed('WITNESSES', detail);
    }
    if (seen < size) behind.push(`${witness.name} has not seen the last ${size - seen} of ${size} entries`);
  }
  if (behind.length > 0) return notCheckable('WITNESSES', behind.join('; '));
  return ok('WITNESSES', `${witnesses.map(({ name }) => name).join(', ')} signed the newest checkpoint`);
}

/** Of one size there may be several notes: with fewer and with more cosignatures. */
function newestOf(checkpoints: readonly ReadCheckpoint[]): readonly ReadCheckpoint[] {
  return checkpoints.filter(({ size }) => size === checkpoints.at(-1)?.size);
}

/** Those that are keys; `signatureChecks` says that others are not. */
export function readableKeys(keys: readonly string[]): VerifierKey[] {
  return keys.flatMap((key) => {
    try {
      return [parseKey(key)];
    } catch (error) {
      if (error instanceof TlogFormatError) return [];
      throw error;
    }
  });
}
