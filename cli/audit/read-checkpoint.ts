import { type Checkpoint, parseCheckpoint } from '../../shared/domain/tlog/checkpoint';
import { TlogFormatError } from '../../shared/domain/tlog/format-error';
import { parseNote, type SignedNote } from '../../shared/domain/tlog/signed-note';
import type { VerifierKey } from '../../shared/domain/tlog/verifier-key';

/** What the auditor brings along. */
export interface Trust {
  /** Keys that the log, or a witness (type 4), has to have signed with. Without, those that came with the log. */
  readonly keys?: readonly VerifierKey[];
  /** A checkpoint kept from before: the log must begin with what it covers. */
  readonly since?: string;
}

/** A signed checkpoint, read. */
export interface ReadCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

/** @throws TlogFormatError */
export function readCheckpoint(text: string): ReadCheckpoint {
  const note = parseNote(text);
  return { ...parseCheckpoint(note.text), note };
}

/** `undefined` = it is no signed checkpoint. */
export function readable(text: string): ReadCheckpoint | undefined {
  try {
    return readCheckpoint(text);
  } catch (error) {
    if (error instanceof TlogFormatError) return undefined;
    throw error;
  }
}
