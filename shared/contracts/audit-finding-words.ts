import type { FindingKind } from './audit-findings';

interface FindingWords {
  /** What it says. */
  readonly means: string;
  /** What to do about it. */
  readonly todo: string;
}

/**
 * Each finding in words, for whoever is told of it by the API, the console or the command. The same stands in
 * `docs/operations.md`, which a test holds.
 */
export const FINDING_WORDS: Readonly<Record<FindingKind, FindingWords>> = {
  SEQ_GAP: {
    means: 'Entries are missing inside the log.',
    todo: 'Somebody deleted rows of the audit table. The sealed bundles hold the entries; CloudTrail data events say who did it. Treat it as an incident.',
  },
  SEQ_REPEATED: {
    means: 'An entry stands twice, or out of its place.',
    todo: 'As `SEQ_GAP`: a row was put by somebody else than the sequencer.',
  },
  TOO_SHORT: { means: 'An entry is shorter than the link that it begins with.', todo: 'As `WRONG_LINK`.' },
  BROKEN_CHAIN: {
    means: 'An entry does not follow the one before it.',
    todo: 'As `SEQ_GAP`. What comes after the first broken entry is not to be believed.',
  },
  WRONG_LINK: {
    means: 'The bytes of an entry do not hash to its link: it was edited.',
    todo: 'Compare with the sealed bundle of that entry, which holds the original; find the writer in CloudTrail.',
  },
  SEQ_MISMATCH: {
    means: 'The body of an entry says another number than its place.',
    todo: 'As `WRONG_LINK`.',
  },
  TRUNCATED: {
    means: 'The log is shorter than it was, or than its head says.',
    todo: 'As `SEQ_GAP`; the sealed copies hold what was cut off, up to the last checkpoint.',
  },
  BEYOND_HEAD: { means: 'There are entries behind the head.', todo: 'As `SEQ_REPEATED`.' },
  HEAD_MISMATCH: {
    means: 'The head names another last entry than there is.',
    todo: 'The head was edited, or the last entries were. The sealer will refuse to sign (`FORK_REFUSED`).',
  },
  BODY_UNREADABLE: {
    means: 'An entry holds together and its body is of no form that we know.',
    todo: 'A newer version of Grace wrote it, or it was made by hand before it was chained. Compare with the release that was deployed at the time.',
  },
  TIME_REVERSED: {
    means: 'An entry is sequenced before the one that it follows.',
    todo: 'The sequencer never writes that. As `WRONG_LINK`.',
  },
  TIME_IMPLAUSIBLE: {
    means: 'An entry is sequenced over ten minutes in the future, or before 2025.',
    todo: 'The clock of a function was wrong, or the entry was made by hand. Look at the neighbours and at the sequencer’s log.',
  },
  REV_GAP: {
    means: 'A change of an item has no entry, and a later one has.',
    todo: 'The record of the change was lost, or the item was edited by hand. Read the entries of the item: `grace audit dump`, and look for a `LOST` one.',
  },
  REV_REPEATED: {
    means: 'A `rev` of an item was logged as two changes.',
    todo: 'The item was set back by hand. The entries name both; the state table’s CloudTrail data events name the hand.',
  },
  UNSEQUENCED: {
    means: 'The state table has a change that has had no entry for 15 minutes.',
    todo: 'The sequencer is behind (`behind-the-stream`) or has lost a record. Passes by itself when the entry comes; after 25 hours lost revs are recorded as such.',
  },
  FILLED_IN: {
    means: 'The record of a change has not come; the sequencer wrote the entry from the item.',
    todo: 'Nothing is missing, but the entry does not say which fields changed. Look in the sequencer’s log and below `aws/lambda/` in the evidence bucket for why the record did not come.',
  },
  RECORDED_LOST: {
    means: 'Records of changes are gone for good; their revs stand in the log as `LOST`.',
    todo: 'What they did is not known. Look below `aws/lambda/` in the evidence bucket: what the sequencer gave up lies there whole.',
  },
  LOG_AHEAD: {
    means: 'The log has a later `rev` of an item than the table.',
    todo: 'The item was restored from a backup, or set back by hand. Grace will refuse to move it on. Compare with the entry.',
  },
  IMAGE_DIFFERS: {
    means: 'An item is not what the log says of its `rev`.',
    todo: 'It was edited, and the edit has no record yet or its record was lost. CloudTrail data events of the state table name the hand.',
  },
  ITEM_GONE: {
    means: 'The log says that an item is there; it is not.',
    todo: 'As `IMAGE_DIFFERS`; restore it from point-in-time recovery into another table and compare.',
  },
  ORPHAN: {
    means: 'An item belongs to, or names, something that does not exist.',
    todo: 'Nothing of Grace deletes, so it was deleted by hand. Restore it by point-in-time recovery.',
  },
  STALE_LOG: {
    means: 'Nothing was logged for 35 minutes, not even the canary.',
    todo: 'The sequencer does not run, or the stream is switched off. See `behind-the-stream`. Passes by itself.',
  },
  STALE_CHECKPOINT: {
    means: 'Entries have had no signed checkpoint for five minutes.',
    todo: 'The sealer fails or refuses. Look for `FORK_REFUSED`, then at the errors of `audit-sealer`. Passes by itself.',
  },
  SILENT_SUBSYSTEM: {
    means: 'A part of Grace had work, or heard the canary, and has done nothing for longer than it may.',
    todo: '`grace audit summary --parts` says by what way each is asked. Several at once: look at `mesh-publisher` and its dead letters. `audit`: as `STALE_LOG`. `execution`: look at the state machine and at `admit`. `intake`, `relay`, `views`, `people` (the webhook sender): look at their rule, queue, dead letters and function. Passes by itself.',
  },
  SEAL_DIFFERS: {
    means: 'An entry, a tile or a checkpoint is not what was sealed.',
    todo: 'One of the two was changed. The sealed copy is locked and older: believe it. As `WRONG_LINK`.',
  },
  SEAL_MISSING: {
    means: 'A sealed copy that a checkpoint covers is not there.',
    todo: 'With Object Lock that cannot be; without it (a trial), it was deleted. The sealer will not go on with this log.',
  },
  CHECKPOINT_FORGED: {
    means:
      'The newest checkpoint row is not signed by a key of this deployment, or the tiles do not give its root.',
    todo: 'Somebody put a row, or a key was taken out of `audit.signingKeys` without an overlap: put it back. Otherwise an incident.',
  },
  FORK_REFUSED: {
    means: 'The log does not continue what was signed last; nothing is signed.',
    todo: 'The audit table was rewritten. Keep everything; verify the sealed copy; tell your auditors. When all is understood, close the epoch (`grace audit close-epoch`): signing goes on under a new tree, and what was refused stays to be seen.',
  },
  EPOCH_LINK: {
    means: 'The entry that opens an epoch does not say what was signed of the epoch before.',
    todo: 'The entry, or the end of the epoch before, is not what was written: `grace audit verify` says which; else the epoch was closed after its signed end was cut off (`FORK_REFUSED`). Keep everything; tell your auditors.',
  },
};
