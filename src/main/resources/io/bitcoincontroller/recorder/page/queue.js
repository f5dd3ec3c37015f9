'use strict';
/* What the queue holds of a key: the causes that wait, and the earliest time that was asked for. */

/** Whether a pass runs over the key. */
const isRunning = ({ pass, end }) => Boolean(pass) && end?.pass !== pass.pass;

/** Whether a pass names this cause. A cause and the pass that takes it are recorded by two threads, in either order. */
const named = (pass, cause) => Boolean(pass?.causes?.some(({ id }) => id === cause.id));

/**
 * Of the causes that wait those that a pass leaves to the next one: it takes those that it names, and of the others, if it
 * counts more than it names, the earliest.
 */
const notTakenBy = (pass, waiting) =>
  pass.causes ? waiting.filter((cause) => !named(pass, cause)).slice(pass.more ?? 0) : [];

/** A key waits for one time only: the earliest that was asked for. */
const earlier = (old, fresh) => (old && old.due <= fresh.due ? old : fresh);

/** Who leads no more takes nothing from the queue, and refuses what comes. */
const isShutDown = ({ leader }) => Boolean(leader) && !leader.leads;

/** What is known of a network at a time. A delay that is over has queued the key: no entry says so, and the next pass names it. */
function knownAt(state, network, t) {
  const known = state.networks.get(network) ?? NEW_NETWORK;
  const { delay, pass, waiting } = known;
  if (!delay || delay.due > t) return known;
  const guess = { ...delay, kind: 'cause', seq: undefined, t: delay.due };
  return { ...known, delay: undefined, waiting: named(pass, guess) ? waiting : [...waiting, guess] };
}

/** The queue hands out at once what is due. So a guess that a pass does not name was wrong, if it is older than this. */
const REFUTED_MICROS = 1e5;

/** What a pass leaves. If it names a time that is not known here, the queue held that one, and refused the later one. */
function leftBy(pass, { waiting, delay }) {
  const isKnown = (cause) => named({ causes: waiting }, cause) || delay?.id === cause.id;
  const held = (pass.causes ?? []).every((cause) => !DELAYS[cause.cause] || isKnown(cause));
  return {
    waiting: notTakenBy(pass, waiting).filter((cause) => cause.seq || cause.t > pass.t - REFUTED_MICROS),
    delay: delay && held && !named(pass, delay) ? delay : undefined,
  };
}
