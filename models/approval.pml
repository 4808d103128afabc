/*
 * The approval protocol of one contract: request, votes, withdrawal, replan, deny and cancel, expiry, relay, retried
 * wait, gate, one-shot call. What is modelled and what is not: README.md. `npm run model` checks it.
 *
 * Each `atomic` that changes the contract is one conditional write of the database. `-D<MUTANT>` seeds one mistake.
 */

/*
 * Two parts, each searched whole: `VOTES` has everybody who decides or changes the request, `DELIVERY` everything
 * that can be lost on the way from a decision to the call.
 */
#ifdef DELIVERY
#define CUT true
#else
#define CUT false
#endif

#define QUORUM 2
/* Times. `now` runs to LAST; before, at and after each of them are told apart. */
#define EXPIRES 1
#define EXECUTE_BY 2
#define LAST 2

/* Keys of votes. Ana has two sessions and one key; pru proposed the action. */
#define ANA 0
#define BEN 1
#define PRU 2
#ifdef SESSION_IS_VOTER
#define ANA_AGAIN 3
#else
#define ANA_AGAIN ANA
#endif
#define KEYS 4

/* Who decides from what it has read, and so must notice that somebody wrote since: the `rev` of the item. */
#define BY_ANA 0
#define BY_ANA_AGAIN 1
#define BY_BEN 2
#define BY_PRU 3
#define BY_RELAY 4
#define READERS 5

#define PLAN 1
#define NEW_PLAN 2
#define OTHER_PLAN 3

mtype = { planned, awaiting, approved, denied, expired, cancelled, stale, executing, resolved, needs_person };
mtype = { none, granted, rejected };

/* The contract item. */
mtype status = planned;
byte plan = PLAN;         /* the plan hash that the request is about */
byte vote[KEYS];          /* 0, or the plan hash that the vote named */
bool due;                 /* callback.due */
bool delivered;           /* callback.deliveredAt */
bool fresh[READERS];      /* nobody wrote since the reader read: `rev = :seen` */
/* Other items. */
byte text = PLAN;         /* hash of the plan's text as it stands: what would run */
byte tokens;              /* task tokens that are stored, 1 the oldest */
bool intent;              /* the step's INTENT */
/* Step Functions. */
byte live;                /* the token that the wait goes on with, 0 = no wait */
mtype told = none;        /* what the waiting execution was told */
bool over;                /* the execution has ended */
/* The world. */
byte now;

/* What only the properties look at. */
byte accepted;            /* callbacks that Step Functions took */
byte effects;             /* calls that reached the target */
bool was_approved;
bool vetoed;              /* a deny or cancel was written before the gate */
bool deny_lost;           /* a deny came before the gate and was refused */
bool late_vote, late_gate, no_quorum, other_plan, counted_twice;
bool unseen_quorum;       /* enough votes stand, and the request goes on waiting */

#define is_end (status == denied || status == expired || status == cancelled || status == stale || \
                status == resolved || status == needs_person)
#define votes ((vote[ANA] != 0) + (vote[BEN] != 0) + (vote[PRU] != 0) + (vote[3] != 0))
/* People who may approve and agreed to `p`; ana counts once, pru never. */
#define agreed(p) ((vote[ANA] == p || vote[3] == p) + (vote[BEN] == p))

/* A write: everybody who read before has an old rev. */
#define WROTE fresh[0] = false; fresh[1] = false; fresh[2] = false; fresh[3] = false; fresh[4] = false
#define CLOSE(end) status = end; due = true; delivered = false; WROTE

/* ---- conditions of the writes, each with the mistakes that could be made in it ---- */

#ifdef VOTE_WITHOUT_REV
#define REV_AS_READ(reader) true
#else
#define REV_AS_READ(reader) fresh[reader]
#endif
#ifdef EXPIRY_CHECKED_BEFORE
#define BEFORE_EXPIRY in_time
#else
#define BEFORE_EXPIRY (now < EXPIRES)
#endif
#ifdef VOTE_WITHOUT_HASH
#define SAME_HASH(seen) true
#else
#define SAME_HASH(seen) (plan == seen)
#endif
#ifdef PROPOSER_MAY_VOTE
#define NOT_EXCLUDED(key) true
#else
#define NOT_EXCLUDED(key) (key != PRU)
#endif
#define MAY_VOTE(key, reader, seen) (status == awaiting && REV_AS_READ(reader) && BEFORE_EXPIRY && SAME_HASH(seen) && vote[key] == 0 && NOT_EXCLUDED(key))

#ifdef GATE_WITHOUT_STATUS
#define GATE_STATUS true
#else
#define GATE_STATUS (status == approved)
#endif
#ifdef GATE_WITHOUT_TIME
#define GATE_TIME true
#else
#define GATE_TIME (now < EXECUTE_BY)
#endif
#ifdef GATE_WITHOUT_HASH
#define GATE_HASH true
#else
#define GATE_HASH (text == plan)
#endif
#ifdef GATE_READS_FIRST
#define GATE true
#define GATE_AS_WRITTEN (status == approved && now < EXECUTE_BY && text == plan)
#else
#define GATE (GATE_STATUS && GATE_TIME && GATE_HASH)
#endif

#define VOTE(key, seen, count) \
  late_vote = late_vote || now >= EXPIRES; \
  vote[key] = seen; \
  counted_twice = counted_twice || (vote[ANA] != 0 && vote[3] != 0); \
  WROTE; \
  if \
  :: count + 1 >= QUORUM -> status = approved; was_approved = true; due = true; delivered = false \
  :: else \
  fi; \
  unseen_quorum = (status == awaiting && votes >= QUORUM)

/* ---- people ---- */

proctype Voter(byte key; byte reader; bool may_withdraw) {
  byte seen;    /* the plan that was looked at */
  byte count;   /* votes, as read before the write */
  bool in_time;

  end_look:
  do
  :: atomic {
       status == awaiting ->
       if
       :: seen == 0 -> seen = plan  /* what is on the screen; a vote that comes too late is sent again as it was */
       :: else
       fi;
       fresh[reader] = true; count = votes; in_time = (now < EXPIRES)
     };
#ifdef SEND_BEFORE_WRITE
     atomic {
       if
       :: count + 1 >= QUORUM && told == none && live != 0 -> told = granted; accepted++
       :: else
       fi
     };
#endif
     atomic {
       if
       :: MAY_VOTE(key, reader, seen) ->
          VOTE(key, seen, count);
          break
       :: else ->
          count = 0;
          if
          :: fresh[reader] -> fresh[reader] = false; goto done  /* refused, and not because somebody was first */
          :: else                                               /* read again */
          fi
       fi
     }
  :: status != awaiting && seen != 0 -> goto done
  od;
  if
  :: atomic { may_withdraw && status == awaiting && vote[key] != 0 -> vote[key] = 0; WROTE }
  :: true
  fi;
done:
  atomic { seen = 0; count = 0; in_time = false }
}

/* Pru votes for the action that she proposed. Somebody denies or cancels, also between decision and gate. Or not. */
proctype Others() {
  bool in_time;

  if
  :: atomic {
       status == awaiting ->
       fresh[BY_PRU] = true; in_time = (now < EXPIRES);
       if
       :: MAY_VOTE(PRU, BY_PRU, plan) -> VOTE(PRU, plan, votes)
       :: else
       fi;
       fresh[BY_PRU] = false
     }
  :: true
  fi;
  end_deny:
  atomic {
    status == awaiting || status == approved ->
#ifdef DENY_ONLY_WHILE_AWAITING
    if
    :: status == approved -> deny_lost = true; goto done
    :: else
    fi;
#endif
    vetoed = true;
    if
    :: status == approved || now < EXPIRES -> CLOSE(denied)
    :: CLOSE(cancelled)
    fi
  };
done:
  skip
}

/* Another plan is made while people vote. Somebody writes another plan's text, by hand, past every function. Or not. */
proctype Changes() {
  if
  :: atomic {
       status == awaiting -> plan = NEW_PLAN; text = NEW_PLAN;
#ifndef REPLAN_KEEPS_VOTES
       vote[0] = 0; vote[1] = 0; vote[2] = 0; vote[3] = 0;
#endif
       WROTE
     }
  :: true
  fi;
  end_tamper: atomic { status == approved -> text = OTHER_PLAN }
}

/* ---- Grace ---- */

proctype Clock() {
  do
  :: now < LAST -> now++
  :: else -> break
  od
}

proctype Reaper() {
  end_sweep:
  do
#ifndef NOBODY_EXPIRES
  :: atomic { status == awaiting && now >= EXPIRES -> CLOSE(expired) }
#endif
  /* The execution is over and the contract is not. */
  :: atomic {
       over && !is_end && status != planned ->
       if
       :: intent -> status = needs_person
       :: else -> status = stale
       fi;
       WROTE
     }
  od
}

/* Sends the decision; loses its process before and after the send, and an answer, once each. */
proctype Relay() {
  byte token;
  mtype word = none;
  bool crashed_before, crashed_after, lost_answer;

  end_idle:
  do
  :: atomic {
       due && !delivered ->
       fresh[BY_RELAY] = true;
       token = tokens;
       if
       :: status == denied || status == expired || status == cancelled -> word = rejected
       :: else -> word = granted
       fi;
#ifdef MARKED_BEFORE_SEND
       delivered = true; WROTE;
#endif
       if
       :: CUT && !crashed_before -> crashed_before = true; goto next
       :: true
       fi
     };
     do
     :: atomic {
          token > 0 && told == none && live == token -> told = word; accepted++;
          if
          :: break
          :: CUT && !lost_answer -> lost_answer = true  /* the SDK sends again, and is told TaskTimedOut */
          fi
        }
#ifdef TIMED_OUT_IS_DELIVERED
     :: token > 0 && !(told == none && live == token) -> break
#else
     :: token > 0 && told != none -> break  /* TaskTimedOut, and the history is past the wait */
     :: token > 0 && told == none && live != token -> token--
#endif
     :: token == 0 -> goto next  /* alarmed; the sweep asks again */
     od;
     atomic {
       if
       :: CUT && !crashed_after -> crashed_after = true; goto next
       :: true
       fi;
       if
       :: fresh[BY_RELAY] -> delivered = true; WROTE
       :: else  /* the contract has moved on; the next sweep marks it */
       fi
     };
next:
     atomic { token = 0; word = none; fresh[BY_RELAY] = false }
  od
}

proctype Execution() {
  bool again;

  /* Await Approval: the function keeps the token and opens the request. */
  atomic { live = 1; tokens = 1; status = awaiting; WROTE };
  if
  :: true
#ifdef DELIVERY
  :: /* The function failed after that: the wait is tried again, with a new token. */
     atomic { told == none -> live = 2 };
#ifdef TOKEN_LOST
     skip
#else
     tokens = 2
#endif
#endif
  fi;

  atomic { told != none -> live = 0 };
  if
  :: told == rejected -> goto ended
  :: told == granted -> skip
  :: CUT && told == granted -> goto ended  /* a fault between approval and executor */
  fi;

execute:
#ifdef CALL_BEFORE_GATE
  effects++;
#endif
#ifdef GATE_READS_FIRST
  if
  :: !GATE_AS_WRITTEN -> goto refused
  :: else
  fi;
#endif
  /* The gate and INTENT, in one transaction. */
  atomic {
    if
    :: intent -> goto replay
    :: !intent && GATE ->
       late_gate = late_gate || now >= EXECUTE_BY;
       no_quorum = no_quorum || agreed(plan) < QUORUM;
       other_plan = other_plan || text != plan;
       intent = true; status = executing; WROTE
    :: else -> goto refused
    fi
  };
  if
  :: true
  :: CUT && !again -> again = true; goto execute  /* cut before the call */
  fi;
#ifndef CALL_BEFORE_GATE
  effects++;
#endif
  if
  :: true
  :: CUT && !again -> again = true; goto execute  /* cut after it */
  fi;
  atomic { status = resolved; WROTE };
  goto ended;

replay:
#ifdef REPLAY_SENDS_AGAIN
  effects++;
  atomic { status = resolved; WROTE };
#else
  /* INTENT without DONE, of a one-shot: evidence, or a person. It is never sent again. */
  atomic {
    if
    :: effects > 0 -> status = resolved
    :: true -> status = needs_person
    fi;
    WROTE
  };
#endif
  goto ended;

refused:
  atomic {
    if
    :: status == approved -> status = stale; WROTE
    :: else
    fi
  };

ended:
  over = true
}

init {
  atomic {
    run Execution(); run Relay(); run Reaper(); run Clock();
    /* Nobody has to do anything: without the choice, fairness would make everybody vote. */
    if :: run Voter(ANA, BY_ANA, false) :: true fi;
    if :: run Voter(BEN, BY_BEN, !CUT) :: true fi;
    if :: run Others() :: true fi;
#ifndef DELIVERY
    if :: run Voter(ANA_AGAIN, BY_ANA_AGAIN, false) :: true fi;
    if :: run Changes() :: true fi
#endif
  }
}

/* ---- properties ---- */

#define closed (status == denied || status == expired || status == cancelled)
#define ONE_CALLBACK (accepted <= 1)
#define RECORD_AGREES ((told == granted -> was_approved) && (told == rejected -> closed))
#define WITH_QUORUM (!no_quorum)
#define SAME_PLAN (!other_plan)
#define VETO_BEFORE_GATE (!deny_lost && (vetoed -> effects == 0))
#define EFFECT_ONCE (effects <= 1)
#define EFFECT_BY_GATE (effects > 0 -> intent)
#define ONE_PERSON_ONE_VOTE (!counted_twice)
#define NOTHING_LATE (!late_vote && !late_gate)
#define NO_DECISION_LOST (!unseen_quorum)
#define DELIVERED_IS_TOLD (delivered -> (told != none || over))

ltl one_callback { [] ONE_CALLBACK }
ltl record_agrees { [] RECORD_AGREES }
ltl quorum { [] WITH_QUORUM }
ltl same_plan { [] SAME_PLAN }
ltl veto_before_gate { [] VETO_BEFORE_GATE }
ltl effect_once { [] EFFECT_ONCE }
ltl effect_by_gate { [] EFFECT_BY_GATE }
ltl one_person_one_vote { [] ONE_PERSON_ONE_VOTE }
ltl nothing_late { [] NOTHING_LATE }
ltl no_decision_lost { [] NO_DECISION_LOST }
ltl delivered_is_told { [] DELIVERED_IS_TOLD }
ltl every_request_ends { <> (is_end && over) }

/* All but the last in one search: each of them holds when this one does. */
ltl all_safety {
  [] (ONE_CALLBACK && RECORD_AGREES && WITH_QUORUM && SAME_PLAN && VETO_BEFORE_GATE && EFFECT_ONCE &&
      EFFECT_BY_GATE && ONE_PERSON_ONE_VOTE && NOTHING_LATE && NO_DECISION_LOST && DELIVERED_IS_TOLD)
}
