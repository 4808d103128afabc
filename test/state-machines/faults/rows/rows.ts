import { votersAndCrashes } from './callbacks';
import { changedWhileWaiting } from './changed-while-waiting';
import { frozenAndStale } from './contenders';
import { brokenGlass } from './emergency';
import { killSwitchAtAnyMoment } from './kill-switch';
import {
  budgetOfThree,
  contractsForOneTarget,
  copiesOfOneEvent,
  errorsOfOneFingerprint,
  poisonAmongGood,
} from './load';
import { executeByToTheMillisecond, onePersonOneVote } from './one-vote';
import type { Row } from './row';
import { everyByteOfAPlan } from './tampering';
import { tokenIsNowhere } from './token-marker';
import { executorsAtOnce } from './twins';
import { approveAgainstDeny, expiryAndRelay, twoApproversAtOnce } from './votes';

/** The rows of the fault table beside the crash matrix, in its order. */
export const ROWS: readonly (() => Promise<Row>)[] = [
  () => copiesOfOneEvent(),
  () => errorsOfOneFingerprint(),
  () => frozenAndStale(),
  () => contractsForOneTarget(),
  () => budgetOfThree(),
  () => poisonAmongGood(),
  () => everyByteOfAPlan(),
  () => changedWhileWaiting(),
  () => executorsAtOnce(),
  () => killSwitchAtAnyMoment(),
  () => approveAgainstDeny(),
  () => twoApproversAtOnce(),
  () => expiryAndRelay(),
  () => votersAndCrashes(),
  () => onePersonOneVote(),
  () => executeByToTheMillisecond(),
  () => tokenIsNowhere(),
  () => brokenGlass(),
];
