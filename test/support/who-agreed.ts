import type { AuditBody } from '../../shared/contracts/audit-body';

/** One entry of the log, of one contract's life. */
export interface Line {
  readonly body: AuditBody;
  /** What is written in one step may have been looked up before anything else of the step was written. */
  readonly step: number;
  /** Until when the request stood open, from the plan that it was about. */
  readonly expiresAt: number;
}

/** What an outsider knows beside the log: from the plan, the settings and the constitution. */
export interface Known {
  readonly party: readonly string[];
  readonly approvers: readonly string[];
  readonly escalation: readonly string[];
  readonly emergency: readonly string[];
  readonly administrators: readonly string[];
  readonly quorum: number;
  readonly forbidsGlass: boolean;
}

interface Said {
  readonly voice: string;
  readonly actor: string;
}
interface Given {
  readonly to: string;
  readonly until: number;
  readonly step: number;
}

/** What the log says of who agreed for whom that must not be. Nothing but the log's entries is read. */
export function wrongAgreements(lines: readonly Line[], known: Known): readonly string[] {
  const wrong: string[] = [];
  const given = new Map<string, Given>();
  const party = new Set(known.party);
  const asked = new Set<string>();
  let votes: Said[] = [];
  let state: 'before' | 'open' | 'granted' | 'over' = 'before';
  let isEscalated = false;
  let requestedAt: number | undefined;
  let brokenBy: string | undefined;

  const glass = new Set(
    lines.filter(({ body }) => body.event === 'approval.glass_broken').map(({ body }) => body.seq - 1),
  );
  for (const { body, step, expiresAt } of lines) {
    const { event, actor, seq, sequencedAt: at } = body;
    const said = { actor, voice: body.inVoiceOf ?? actor };
    const say = (what: string) => wrong.push(`${seq} ${event}: ${what}`);
    /** Before this step, and still: whoever looked must have seen it. */
    const speaksFor = (to: string, from: string, since = step) => {
      const one = given.get(from);
      return one !== undefined && one.to === to && at < one.until && one.step < since;
    };
    const isLinked = (a: string, b: string) => speaksFor(a, b) || speaksFor(b, a);
    const isParty = (person: string) =>
      party.has(person) || [...party].some((from) => speaksFor(person, from));
    const addDelegates = () => {
      for (const from of [...party]) {
        const to = given.get(from)?.to;
        if (to !== undefined && speaksFor(to, from, step + 1)) party.add(to);
      }
    };
    const mustHaveVoice = ({ actor: who, voice }: Said) => {
      const isAsked = known.approvers.includes(voice) || (isEscalated && known.escalation.includes(voice));
      if (!isAsked) say(`${voice} is not asked`);
      if (who !== voice && !speaksFor(who, voice, step + 1)) say(`${who} does not speak for ${voice}`);
      for (const person of [who, voice]) if (isParty(person)) say(`${person} is party to it`);
    };

    switch (event) {
      case 'approval.delegated':
        if (body.delegate === undefined) say('to nobody');
        else given.set(actor, { ...body.delegate, step });
        break;
      case 'approval.delegation_revoked':
        given.delete(actor);
        break;
      case 'approval.requested':
        requestedAt ??= at;
        for (const person of asked) party.add(person);
        addDelegates();
        asked.clear();
        votes = [];
        state = 'open';
        break;
      case 'approval.replan_requested':
        if (state !== 'open') say(`while ${state}`);
        if (at >= expiresAt) say('too late');
        if (
          !known.administrators.includes(actor) &&
          said.actor !== said.voice &&
          !speaksFor(actor, said.voice, step + 1)
        )
          say(`${actor} does not speak for ${said.voice}`);
        asked.add(said.actor).add(said.voice);
        votes = [];
        break;
      case 'approval.plan_kept':
        asked.clear();
        break;
      case 'approval.escalated':
        if (at < (requestedAt ?? at) + (expiresAt - (requestedAt ?? at)) / 2 - 1) say('too early');
        isEscalated = true;
        break;
      case 'approval.vote':
      case 'approval.granted':
        if (state !== 'open') say(`while ${state}`);
        if (at >= expiresAt) say('too late');
        if (asked.size > 0) say('while a fresh plan is being made');
        state = event === 'approval.granted' ? 'granted' : 'open';
        if (glass.has(seq)) {
          if (!known.emergency.includes(actor)) say(`${actor} may not break the glass`);
          if (isParty(actor)) say(`${actor} is party to it`);
          if (known.forbidsGlass) say('against the constitution');
          if (brokenBy !== undefined) say('twice');
          brokenBy = actor;
          break;
        }
        mustHaveVoice(said);
        for (const other of votes) {
          for (const a of [said.actor, said.voice])
            for (const b of [other.actor, other.voice])
              if (a === b || isLinked(a, b)) say(`${a} and ${b} are one`);
        }
        votes.push(said);
        if ((event === 'approval.granted') !== votes.length >= known.quorum)
          say(`with ${votes.length} votes`);
        break;
      case 'approval.withdrawn':
        if (!votes.some((vote) => vote.voice === said.voice && [vote.actor, vote.voice].includes(actor)))
          say('not theirs');
        votes = votes.filter(({ voice }) => voice !== said.voice);
        break;
      case 'approval.rejected':
        if (state !== 'open' && state !== 'granted') say(`while ${state}`);
        if (state === 'open' && at >= expiresAt) say('too late');
        mustHaveVoice(said);
        state = 'over';
        break;
      case 'approval.expired':
        if (at < expiresAt) say('too early');
        state = 'over';
        break;
      case 'agentic.action_executing':
        if (state !== 'granted') say(`while ${state}`);
        state = 'over';
        break;
      case 'approval.review_closed':
        if (brokenBy === undefined || actor === brokenBy || isLinked(actor, brokenBy)) say(`by ${actor}`);
        break;
      default:
    }
  }
  const reviews = lines
    .filter(({ body }) => body.event === 'approval.review_opened')
    .map(({ body }) => body.actor);
  const broken = lines
    .filter(({ body }) => body.event === 'approval.glass_broken')
    .map(({ body }) => body.actor);
  if (reviews.join() !== broken.join()) wrong.push(`glass broken by ${broken}, reviews of ${reviews}`);
  return wrong;
}
