/** The other rows of the fault table, the large ones smaller; `npm run faults` runs them in full. */
import { votersAndCrashes } from './faults/rows/callbacks';
import { changedWhileWaiting } from './faults/rows/changed-while-waiting';
import { frozenAndStale } from './faults/rows/contenders';
import { brokenGlass } from './faults/rows/emergency';
import { killSwitchAtAnyMoment } from './faults/rows/kill-switch';
import {
  budgetOfThree,
  contractsForOneTarget,
  copiesOfOneEvent,
  errorsOfOneFingerprint,
  poisonAmongGood,
} from './faults/rows/load';
import { executeByToTheMillisecond, onePersonOneVote } from './faults/rows/one-vote';
import type { Row } from './faults/rows/row';
import { everyByteOfAPlan } from './faults/rows/tampering';
import { tokenIsNowhere } from './faults/rows/token-marker';
import { executorsAtOnce } from './faults/rows/twins';
import { approveAgainstDeny, expiryAndRelay, twoApproversAtOnce } from './faults/rows/votes';

const ROWS: readonly [string, () => Promise<Row>][] = [
  ['1,000 copies of one event make one contract, one execution, one effect', () => copiesOfOneEvent()],
  ['and so do many errors of one fingerprint', () => errorsOfOneFingerprint(1000)],
  ['one of 500 contenders holds the lock; a stale one writes nothing', () => frozenAndStale()],
  ['of many contracts for one target one acts', () => contractsForOneTarget(40)],
  ['a budget of 3 lets 3 of 100 run', () => budgetOfThree()],
  ['a poison event does not keep its neighbours from being handled', () => poisonAmongGood()],
  ['no flipped byte of a plan gets past the gate', () => everyByteOfAPlan()],
  ['what changed while people were asked is decided afresh', () => changedWhileWaiting()],
  ['executors of one contract at once have one effect', () => executorsAtOnce(15)],
  ['the kill switch holds before the next call', () => killSwitchAtAnyMoment()],
  ['no effect follows a deny that was taken', () => approveAgainstDeny(60)],
  ['two approvers at once are counted as they should be', () => twoApproversAtOnce()],
  ['a vote at the expiry, and a relay that never works, come to an end', () => expiryAndRelay()],
  ['six votes at once and a crashing relay make one callback each', () => votersAndCrashes(60)],
  ['one person has one vote, however often and under whatever session', () => onePersonOneVote()],
  ['execute-by holds to the millisecond, and after it nothing is done', () => executeByToTheMillisecond()],
  ['a task token is found nowhere', () => tokenIsNowhere()],
  ['breaking the glass changes who agrees, and nothing else', () => brokenGlass()],
];

describe('the fault table', () => {
  it.each(ROWS)(
    '%s',
    async (_, run) => {
      const { cases } = await run();
      expect(cases.filter(({ problem }) => problem !== undefined)).toEqual([]);
    },
    480_000,
  );
});
