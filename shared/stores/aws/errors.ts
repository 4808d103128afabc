/** Faults of the adapters to managed services. */

/** The mesh did not take every event. All of them may be published again: a repeat is known by its id. */
export class MeshPublishError extends Error {
  override readonly name = 'MeshPublishError';
}

/** The name holds other bytes: evidence is written once, and this is not what was written. */
export class EvidenceConflictError extends Error {
  override readonly name = 'EvidenceConflictError';
}

/** The key service answered without what was asked for. */
export class CipherError extends Error {
  override readonly name = 'CipherError';
}

/** STS did not answer; who decides is not known, so nothing is decided. */
export class CallersUnavailableError extends Error {
  override readonly name = 'CallersUnavailableError';
}

/** KMS answered something that is no key or no signature. */
export class SignerError extends Error {
  override readonly name = 'SignerError';
}

/** Another function that was called failed. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
}

/** The deciding function gave no answer; whether it decided is found by asking again. */
export class DeciderUnavailableError extends Error {
  override readonly name = 'DeciderUnavailableError';
}

/** A parameter is not what holds a secret. Names it and shows nothing of its value. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}

/** Step Functions did not take a callback; `fault` names why. Holds nothing of what was sent. */
export class CallbackRefusedError extends Error {
  override readonly name = 'CallbackRefusedError';
  constructor(fault: string) {
    super(`the callback was not taken: ${fault}`);
  }
}
