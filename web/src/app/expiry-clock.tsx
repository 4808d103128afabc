import LiveRegion from '@cloudscape-design/components/live-region';
import { countdown, spokenRest } from '../format/time';
import { Indicator } from './indicator';
import { useNow } from './use-now';

/** Milliseconds before the end from which it is said in another colour. */
const HURRY = 5 * 60_000;

/**
 * What is left until `at` (ISO 8601), ticking. A screen reader hears it when the minute changes near the end, not
 * each second. `spoken`: on pages about this one thing only.
 */
export function ExpiryClock({ at, spoken = false }: { readonly at: string; readonly spoken?: boolean }) {
  const now = useNow();
  const left = Date.parse(at) - now;
  if (left <= 0) return <Indicator type="stopped">Expired</Indicator>;
  return (
    <>
      <span className="clock" title={`Expires ${at}`}>
        <Indicator type={left < HURRY ? 'warning' : 'pending'}>
          {countdown(left)} <span className="visually-hidden">left to decide</span>
        </Indicator>
      </span>
      {spoken && left < HURRY && <LiveRegion hidden>{`${spokenRest(left)} left to decide`}</LiveRegion>}
    </>
  );
}
