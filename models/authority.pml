/*
 * Who may agree to one contract that needs two: delegation, break-glass and its review, escalation, a fresh plan and
 * who asked for it. What is modelled and what is not: README.md. `npm run model` checks it.
 *
 * Each `d_step` that changes the contract is one conditional write of the database. `-D<MUTANT>` seeds one mistake.
 */

/*
 * Two parts, each searched whole: `AUTHORITY` has votes by delegates, fresh plans and escalation, `EMERGENCY` the glass,
 * what is done with delegations around it, and its review.
 */
#ifdef EMERGENCY
#define GLASS true
#define CHANGES 2
#else
#define GLASS false
#define CHANGES 2
#endif

#define QUORUM 2
/* Times: before, in and after the second half of the request's. */
#define HALF 1
#define EXPIRES 2
#define FOR_GOOD 3

/*
 * Ana and ben approve. Dora is known and no approver. Pru proposed the action, is an approver and has the emergency role. Boss
 * joins by escalation. Eva has the emergency role alone.
 */
#define ANA 0
#define BEN 1
#define PRU 2
#define BOSS 3
#define DORA 4
#define EVA 5
#define NOBODY 6
/* Those who may delegate, and whose voices can be heard, come first. */
#define VOICES 4

#define bit(person) (1 << (person))
#define has(set, person) ((set & bit(person)) != 0)

mtype = { planned, awaiting, approved, denied, expired, refused, executing };
mtype = { no_review, open, closed };

/* The contract item. */
mtype status = planned;
byte by[VOICES];          /* of each voice that agreed: who spoke, + 1; 0 = it did not */
byte excluded;            /* people who never decide */
byte asked;               /* who asked for a fresh plan that is not there yet, and in whose voice */
bool escalated;
byte broken;              /* who broke the glass, + 1 */
bool fresh_plan;          /* the plan is the fresh one; there is one at most */
bool fresh[3];            /* nobody wrote since this reader read: `rev = :seen` */
#define BY_REPLANNER 2
/* Other items. */
byte to[VOICES];          /* who may speak for them, + 1; 0 = nobody, or it was revoked */
byte until[VOICES];       /* when that ends */
bool spent[2];            /* broke the glass today: eva, pru */
mtype review = no_review;
/* The world. */
byte now;
bool news;                /* the event that starts the replanner waits in its queue */
bool busy;                /* the first of two commands is under way: else there is no second */
bool forbids;             /* the constitution does not let an emergency replace a quorum here */

/* What only the properties look at. */
byte said;                /* who commanded that the plan be approved */
byte askers;              /* everybody who asked for the plan that is there, or whose voice did */
byte broke_today;         /* how often eva broke the glass */
bool over_by_delegation;  /* a delegate spoke who was none of that voice at that moment */
bool by_party, one_voice_twice, late, broken_by_party, forbidden, unlawful, lost_veto, reviewed_by_self;

/* There is something to decide still. Where there is not, nothing else is of any consequence. */
#define open_still (status == planned || status == awaiting || status == approved || review == open)
#define holds(person) (to[person] != 0 && now < until[person])
#define speaks_for(person, other) (holds(other) && to[other] == (person) + 1)
#define linked(a, b) (((a) < VOICES && speaks_for(b, a)) || ((b) < VOICES && speaks_for(a, b)))
/* Party to the plan: one of those who never decide, or a delegate of one. */
#define delegate_of_excluded(p) ((has(excluded, ANA) && speaks_for(p, ANA)) || (has(excluded, BEN) && speaks_for(p, BEN)) || \
  (has(excluded, PRU) && speaks_for(p, PRU)) || (has(excluded, BOSS) && speaks_for(p, BOSS)))
#define party(p) (has(excluded, p) || delegate_of_excluded(p))
#define votes ((by[ANA] != 0) + (by[BEN] != 0) + (by[PRU] != 0) + (by[BOSS] != 0))

#define WROTE fresh[0] = false; fresh[1] = false; fresh[BY_REPLANNER] = false
#define CLEAR by[ANA] = 0; by[BEN] = 0; by[PRU] = 0; by[BOSS] = 0; said = 0
/* It is over: nothing reads what stands there any more, and without it there are fewer states to tell apart. */
#define END(how) status = how; CLEAR; asked = 0; askers = 0; news = false; escalated = false; fresh_plan = false; WROTE

/* ---- conditions, each with the mistakes that could be made in it ---- */

#ifdef ESCALATED_FROM_THE_START
#define IS_ESCALATED true
#else
#define IS_ESCALATED escalated
#endif
#define eligible(p) (p == ANA || p == BEN || (p == BOSS && IS_ESCALATED))

#ifdef DELEGATES_PASS_ON
/* Also the delegate of a delegate. */
#define REACHES(p, other) (speaks_for(p, other) || (holds(other) && to[other] - 1 < VOICES && speaks_for(p, to[other] - 1)))
#else
#define REACHES(p, other) speaks_for(p, other)
#endif
#define VOICE_OF(p) (eligible(p) -> p : (REACHES(p, ANA) -> ANA : (REACHES(p, BEN) -> BEN : \
  (eligible(BOSS) && REACHES(p, BOSS) -> BOSS : NOBODY))))

#ifdef DELEGATES_OF_PARTIES_DECIDE
#define IS_PARTY(p) has(excluded, p)
#else
#define IS_PARTY(p) party(p)
#endif
#ifdef ONLY_WHO_SPEAKS_IS_PARTY
#define MAY_NOT_DECIDE(p, v) IS_PARTY(p)
#else
#define MAY_NOT_DECIDE(p, v) (IS_PARTY(p) || IS_PARTY(v))
#endif

/* In the write itself: the delegation of this voice to this person holds. */
#ifdef DELEGATION_READ_FIRST
#define DELEGATION_HOLDS(p, v) true
#else
#ifdef DELEGATION_WITHOUT_END
#define DELEGATION_HOLDS(p, v) (p == v || to[v] == p + 1)
#else
#ifdef DELEGATES_PASS_ON
#define DELEGATION_HOLDS(p, v) (p == v || REACHES(p, v))
#else
#define DELEGATION_HOLDS(p, v) (p == v || speaks_for(p, v))
#endif
#endif
#endif
#ifdef DENIAL_WITHOUT_DELEGATION
#define DENIAL_HOLDS(p, v) true
#else
#define DENIAL_HOLDS(p, v) DELEGATION_HOLDS(p, v)
#endif
#ifdef WISH_WITHOUT_DELEGATION
#define WISH_HOLDS(p, v) true
#else
#define WISH_HOLDS(p, v) DELEGATION_HOLDS(p, v)
#endif

#ifdef ONLY_THE_LAST_WHO_ASKED
#define ASKED_BEFORE 0
#else
#define ASKED_BEFORE asked
#endif
#ifdef ONLY_WHO_SPEAKS_ASKS
#define WHO_ASKS(p, v) bit(p)
#else
#define WHO_ASKS(p, v) (bit(p) | bit(v))
#endif

#ifdef TWO_AT_ONCE
#define REV_AS_READ true
#else
#define REV_AS_READ fresh[reader]
#endif

#ifdef GLASS_FOR_PARTIES
#define MAY_BREAK(p) !forbids
#define NOT_EXCLUDED(p) true
#else
#ifdef GLASS_WITHOUT_POLICIES
#define MAY_BREAK(p) !party(p)
#else
#ifdef GLASS_FOR_DELEGATES_OF_PARTIES
#define MAY_BREAK(p) (!has(excluded, p) && !forbids)
#else
#define MAY_BREAK(p) (!party(p) && !forbids)
#endif
#endif
#define NOT_EXCLUDED(p) !has(excluded, p)
#endif
#ifdef GLASS_AFTER_EXPIRY
#define GLASS_IN_TIME true
#else
#define GLASS_IN_TIME (now < EXPIRES)
#endif
#ifdef GLASS_TWICE_A_DAY
#define NOT_SPENT true
#else
#define NOT_SPENT !spent[me == PRU]
#endif
#ifdef GLASS_ENDS_VETO
#define VETO_STATUS (status == awaiting || (status == approved && broken == 0))
#else
#define VETO_STATUS (status == awaiting || status == approved)
#endif

/* ---- people: two of their commands at once, whoever gives them ---- */

hidden byte voice_there;
hidden byte speaker;
hidden byte v;

/* Whether the voice has been heard already: by the person, by who speaks for them, or by whom they speak for. */
inline hear(heard_already, link_seen) {
  v = 0; heard_already = false; link_seen = false;
  do
  :: v < VOICES && by[v] != 0 ->
     speaker = by[v] - 1;
     link_seen = link_seen || v == voice || v == me || speaker == voice || speaker == me ||
       linked(voice, v) || linked(voice, speaker) || linked(me, v) || linked(me, speaker);
#ifdef ONE_VOTE_A_VOICE
     heard_already = heard_already || v == voice;
#else
#ifdef LINKS_ARE_NOT_LOOKED_AT
     heard_already = heard_already || v == voice || v == me || speaker == voice || speaker == me;
#else
     heard_already = link_seen;
#endif
#endif
     v++
  :: v < VOICES && by[v] == 0 -> v++
  :: else -> break
  od
}

/* One command: a look, then a write. In between others write, and delegations are given and end. */
proctype Person(byte reader) {
  byte me = NOBODY, voice = NOBODY;
  bool heard_then, linked_then, party_then;
  bool may_break, linked_now;

  end_idle:
  do
  :: atomic {
       me == NOBODY && (status == awaiting || status == approved) && (reader == 0 || busy) ->
       if
       :: me = DORA
       :: !GLASS || reader == 0 -> me = ANA
       :: reader == 0 -> me = PRU
       :: GLASS -> me = EVA
       :: !GLASS && reader == 0 -> me = BEN
       :: !GLASS && reader == 0 && IS_ESCALATED -> me = BOSS
       fi;
       d_step {
         voice = VOICE_OF(me);
         if
         :: voice != NOBODY && MAY_NOT_DECIDE(me, voice) -> voice = NOBODY
         :: voice != NOBODY && !MAY_NOT_DECIDE(me, voice) -> hear(heard_then, linked_then)
         :: else
         fi;
         party_then = party(me) || (voice != NOBODY && party(voice));
         may_break = GLASS && (me == EVA || me == PRU) && status == awaiting && MAY_BREAK(me);
         if
         :: voice == NOBODY && !may_break -> me = NOBODY; party_then = false
         :: else -> fresh[reader] = true; busy = busy || reader == 0
         fi
       }
     }
  :: d_step {  /* approve; one who broke the glass needs nobody beside them, so that it would only add states there */
       !GLASS && voice != NOBODY && !heard_then ->
       if
       :: status == awaiting && REV_AS_READ && now < EXPIRES && asked == 0 && by[voice] == 0 &&
          !has(excluded, me) && !has(excluded, voice) && DELEGATION_HOLDS(me, voice) ->
          hear(may_break, linked_now);
          by_party = by_party || (party_then && (party(me) || party(voice))) || has(askers, me) || has(askers, voice);
          one_voice_twice = one_voice_twice || (linked_then && linked_now);
          over_by_delegation = over_by_delegation || (me != voice && !speaks_for(me, voice));
          late = late || now >= EXPIRES;
          by[voice] = me + 1; said = said | bit(me);
          if
          :: votes >= QUORUM -> status = approved
          :: else
          fi;
          WROTE
       :: else
       fi;
       me = NOBODY; voice = NOBODY; fresh[reader] = false; busy = busy && reader != 0;
       heard_then = false; linked_then = false; party_then = false; may_break = false; linked_now = false
     }
  :: d_step {  /* deny, also what is approved, until the gate */
       voice != NOBODY ->
       if
       :: VETO_STATUS && (status == approved || now < EXPIRES) && DENIAL_HOLDS(me, voice) ->
          over_by_delegation = over_by_delegation || (me != voice && !speaks_for(me, voice));
          END(denied)
       :: else ->
          lost_veto = lost_veto || (status == approved && (me == voice || speaks_for(me, voice)))
       fi;
       me = NOBODY; voice = NOBODY; fresh[reader] = false; busy = busy && reader != 0;
       heard_then = false; linked_then = false; party_then = false; may_break = false
     }
  :: d_step {  /* ask for a fresh plan */
       voice != NOBODY && !fresh_plan ->
       if
       :: status == awaiting && fresh[reader] && now < EXPIRES && WISH_HOLDS(me, voice) ->
          over_by_delegation = over_by_delegation || (me != voice && !speaks_for(me, voice));
          asked = ASKED_BEFORE | WHO_ASKS(me, voice);
          askers = askers | bit(me) | bit(voice);
          CLEAR; news = true; WROTE
       :: else
       fi;
       me = NOBODY; voice = NOBODY; fresh[reader] = false; busy = busy && reader != 0;
       heard_then = false; linked_then = false; party_then = false; may_break = false
     }
  :: d_step {  /* break the glass: contract, day and review in one write */
       may_break ->
       if
       :: status == awaiting && fresh[reader] && GLASS_IN_TIME && asked == 0 && NOT_EXCLUDED(me) && NOT_SPENT ->
          broken_by_party = broken_by_party || has(excluded, me) || has(askers, me) || (party_then && party(me));
          forbidden = forbidden || forbids;
          late = late || now >= EXPIRES;
          status = approved; broken = me + 1; spent[me == PRU] = true;
          broke_today = broke_today + (me == EVA);
#ifndef GLASS_WITHOUT_REVIEW
          review = open;
#endif
          WROTE
       :: else
       fi;
       me = NOBODY; voice = NOBODY; fresh[reader] = false; busy = busy && reader != 0;
       heard_then = false; linked_then = false; party_then = false; may_break = false
     }
  od
}

/* Somebody's agreement is taken back, by whose it is or by who spoke it. */
proctype Withdrawal() {
  end_withdraw:
  do
  :: d_step { status == awaiting && by[ANA] != 0 -> said = said & ~bit(by[ANA] - 1); by[ANA] = 0; WROTE }
  od
}

/* Delegations are given, also before the request is opened, replaced and revoked. */
proctype Delegations() {
  byte changes;

  end_delegate:
  do
  :: atomic {
       changes < CHANGES && open_still -> changes++;
       if
       :: to[ANA] = BEN + 1; if :: until[ANA] = HALF :: until[ANA] = FOR_GOOD fi
       :: to[ANA] = DORA + 1; if :: until[ANA] = HALF :: until[ANA] = FOR_GOOD fi
       :: GLASS -> to[ANA] = EVA + 1; until[ANA] = FOR_GOOD
       :: !GLASS -> to[BEN] = ANA + 1; until[BEN] = FOR_GOOD
       :: !GLASS -> to[BEN] = DORA + 1; until[BEN] = FOR_GOOD
       :: to[PRU] = ANA + 1; until[PRU] = FOR_GOOD
       :: to[PRU] = DORA + 1; until[PRU] = FOR_GOOD
       :: GLASS -> to[PRU] = EVA + 1; until[PRU] = FOR_GOOD
       :: !GLASS -> to[BOSS] = DORA + 1; until[BOSS] = FOR_GOOD
       :: to[ANA] != 0 -> to[ANA] = 0; until[ANA] = 0
       :: to[PRU] != 0 -> to[PRU] = 0; until[PRU] = 0
       fi
     }
  od
}

/* Eva breaks the glass for another contract, on the same day. */
proctype Elsewhere() {
  bool seen;

  if
  :: atomic { seen = spent[0] };
     d_step {
#ifdef GLASS_DAY_READ_FIRST
       if
       :: !seen -> spent[0] = true; broke_today++
#else
       if
       :: !spent[0] -> spent[0] = true; broke_today++
#endif
       :: else
       fi;
       seen = false
     }
  :: true
  fi
}

/* Somebody looks at what was done when the glass was broken. */
proctype Reviewer() {
  byte me = NOBODY;

  end_review:
  atomic {
    review == open ->
    if
    :: me = ANA :: me = BEN :: me = EVA :: me = PRU
    fi;
    d_step {
      if
#ifdef REVIEWED_BY_WHO_BROKE_IT
      :: !linked(me, broken - 1) ->
#else
#ifdef REVIEWED_BY_THEIR_DELEGATE
      :: me != broken - 1 ->
#else
      :: me != broken - 1 && !linked(me, broken - 1) ->
#endif
#endif
         reviewed_by_self = reviewed_by_self || me == broken - 1 || linked(me, broken - 1);
         review = closed
      :: else
      fi;
      me = NOBODY
    }
  }
}

/* ---- Grace ---- */

proctype Clock() {
  do
  :: now < EXPIRES && open_still -> now++
  :: now == EXPIRES || !open_still -> break
  od
}

proctype Reaper() {
  end_sweep:
  do
  :: d_step {
       status == awaiting && now >= HALF && now < EXPIRES && !escalated ->
       escalated = true;
#ifdef ESCALATION_AGREES
       by[BOSS] = BOSS + 1;
#endif
       WROTE
     }
  :: d_step {
       status == awaiting && now >= EXPIRES ->
#ifdef SILENCE_AGREES
       status = approved; WROTE
#else
       END(expired)
#endif
     }
  od
}

/* Started by the event of the write that asked. What it makes is the plan that is there, or none is to be made. */
proctype Replanner() {
  end_replan:
  do
  :: d_step { news && !fresh[BY_REPLANNER] && status == awaiting && asked != 0 -> fresh[BY_REPLANNER] = true };
     atomic {
       if
       :: fresh[BY_REPLANNER] ->
          if
          :: d_step {
               fresh_plan = true; excluded = excluded | asked;
               v = 0;
               do
               :: v < VOICES && has(excluded, v) && holds(v) -> excluded = excluded | bit(to[v] - 1); v++
               :: v < VOICES && !(has(excluded, v) && holds(v)) -> v++
               :: else -> break
               od;
               asked = 0; CLEAR; news = false; WROTE
             }
          :: d_step { asked = 0; askers = 0; news = false; WROTE }  /* people keep the plan that they know */
          fi
       :: !fresh[BY_REPLANNER] ->
#ifdef OVERTAKEN_IS_DONE
          news = false
#else
          news = (status == awaiting && asked != 0)  /* thrown: the event is delivered again */
#endif
       fi
     }
  :: d_step { news && !(status == awaiting && asked != 0) -> news = false }
  od
}

/* Admit, which asks policies anew of the votes that are there, and the gate. */
proctype Execution() {
  bool admitted;

  d_step {
    status = awaiting;
    excluded = bit(PRU);
    if
    :: holds(PRU) -> excluded = excluded | bit(to[PRU] - 1)
    :: else
    fi;
    WROTE
  };
#ifdef EMERGENCY
  if
  :: d_step { status == awaiting -> status = approved; WROTE }  /* by hand, past every function */
  :: true
  fi;
#endif
  end_wait:
  d_step {
    status == approved ->
#ifdef STATUS_IS_AUTHORITY
    admitted = true;
#else
    admitted = (broken != 0 && !forbids) || (broken == 0 && votes >= QUORUM);
#endif
    if
    :: !admitted -> END(refused)
    :: else
    fi
  };
  if
  :: d_step {
       admitted && status == approved ->
       unlawful = unlawful || (broken == 0 && votes < QUORUM);
       END(executing)
     }
  :: status != approved
  fi
}

init {
  atomic {
    run Execution(); run Clock(); run Reaper(); run Replanner();
    run Person(0); run Person(1); run Delegations();
#ifdef EMERGENCY
    if :: forbids = true :: true fi;
    run Elsewhere(); run Reviewer()
#else
    run Withdrawal()
#endif
  }
}

/* ---- properties ---- */

#define said_by(voice) (by[voice] == 0 || has(said, by[voice] - 1))
#define in_vote(voice, person) (by[voice] != 0 && (voice == person || by[voice] == person + 1))
#define votes_of(person) (in_vote(ANA, person) + in_vote(BEN, person) + in_vote(PRU, person) + in_vote(BOSS, person))

#define BY_PEOPLE (!unlawful && (GLASS || status != approved || votes >= QUORUM))
#define NEVER_TWO_OF_THE_QUORUM (votes_of(ANA) <= 1 && votes_of(BEN) <= 1 && votes_of(BOSS) <= 1 && votes_of(DORA) <= 1)
#define ONE_VOICE (!one_voice_twice)
#define NO_PARTY (!by_party && by[PRU] == 0)
#define DELEGATION_AS_IT_IS (!over_by_delegation)
#define NOTHING_BY_ITSELF (said_by(ANA) && said_by(BEN) && said_by(PRU) && said_by(BOSS))
#define ESCALATED_FIRST (by[BOSS] == 0 || escalated)
#define PLAN_IS_OWED (status == awaiting && asked != 0 -> news)
#define GLASS_BY_NO_PARTY (!broken_by_party)
#define GLASS_UNDER_CONSTITUTION (!forbidden)
#define GLASS_ONCE_A_DAY (broke_today <= 1)
#define GLASS_REVIEWED (broken != 0 -> review != no_review)
#define OTHERS_REVIEW (!reviewed_by_self)
#define VETO_OF_GLASS (!lost_veto)
#define IN_TIME (!late)

ltl acts_by_people { [] BY_PEOPLE }
ltl never_two_of_the_quorum { [] NEVER_TWO_OF_THE_QUORUM }
ltl one_voice { [] ONE_VOICE }
ltl no_party_decides { [] NO_PARTY }
ltl delegation_holds { [] DELEGATION_AS_IT_IS }
ltl nothing_votes_by_itself { [] NOTHING_BY_ITSELF }
ltl escalated_first { [] ESCALATED_FIRST }
ltl fresh_plan_is_owed { [] PLAN_IS_OWED }
ltl glass_by_no_party { [] GLASS_BY_NO_PARTY }
ltl glass_under_constitution { [] GLASS_UNDER_CONSTITUTION }
ltl glass_once_a_day { [] GLASS_ONCE_A_DAY }
ltl glass_is_reviewed { [] GLASS_REVIEWED }
ltl others_review { [] OTHERS_REVIEW }
ltl glass_leaves_veto { [] VETO_OF_GLASS }
ltl agreed_in_time { [] IN_TIME }

/* All of them in one search: each holds when this one does. */
ltl all_safety {
  [] (BY_PEOPLE && NEVER_TWO_OF_THE_QUORUM && ONE_VOICE && NO_PARTY && DELEGATION_AS_IT_IS && NOTHING_BY_ITSELF &&
      ESCALATED_FIRST && PLAN_IS_OWED && GLASS_BY_NO_PARTY && GLASS_UNDER_CONSTITUTION && GLASS_ONCE_A_DAY &&
      GLASS_REVIEWED && OTHERS_REVIEW && VETO_OF_GLASS && IN_TIME)
}
