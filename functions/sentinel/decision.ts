/** One message of the intake queue. */
export interface IntakeRecord {
  readonly messageId: string;
  readonly body: string;
}

/** What one event of a batch came to. */
export interface Decision {
  readonly messageId: string;
  readonly eventId: string | undefined;
  readonly decision: string;
  readonly detail: string;
  readonly playbook?: string;
  readonly contractId?: string;
}
