import type { EpochClosing } from '../contracts/state-items';
import type { Reason } from './contract-store';

/** Orders to close epochs of the audit log: one item, changed by each. What became of them stands in the log. */
export interface EpochClosings {
  last(): Promise<EpochClosing | undefined>;
  /** `false` = another order came after `seen`. */
  close(epoch: number, seen: EpochClosing | undefined, why: Reason): Promise<boolean>;
}
