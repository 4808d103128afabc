/** Faults of the stores. Expected outcomes (a failed condition) are values, never these. */

/**
 * The store could not answer: throttled, in conflict, timed out, broken. The write may or may not have
 * happened; the caller repeats it and knows its own success by `change.id`. `cause` is the SDK's error.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/**
 * The request itself is wrong (a malformed write, a missing table, no permission, a token used for other
 * writes): our bug. Nothing was written, and repeating it does not help. `cause` is the SDK's error, if any.
 */
export class StoreRequestError extends Error {
  override readonly name = 'StoreRequestError';
}

/** The keys of the issuer of tokens cannot be had: nobody can be believed, and nobody is to blame. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** Cedar cannot read the compiled policies: they were checked at synth, so the asset is of another release. */
export class PoliciesUnreadableError extends Error {
  override readonly name = 'PoliciesUnreadableError';
}
