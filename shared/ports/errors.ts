/** Faults that a port may throw. Expected outcomes are values, not errors. */

/** The stored plan is missing or is no plan: somebody changed it by hand. */
export class PlanUnreadableError extends Error {
  override readonly name = 'PlanUnreadableError';
  constructor(contractId: string, what: string, options?: ErrorOptions) {
    super(`plan of contract ${contractId}: ${what}`, options);
  }
}

/**
 * Another write came first, and what was decided may not hold any more. Nothing was done: thrown so that the
 * whole decision is made again, by what stands there then.
 */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  constructor(contractId: string) {
    super(`contract ${contractId} was changed by another write at this moment`);
  }
}

/** A function was asked for something that no correct caller asks: an unknown contract, an impossible state. */
export class ImpossibleStateError extends Error {
  override readonly name = 'ImpossibleStateError';
}
