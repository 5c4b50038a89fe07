import { limits } from '../bounds.ts';
import {
  bodyOf,
  empty,
  featuresOf,
  itemsOf,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { acknowledge } from '../state/outbox.ts';
import { endSession } from '../state/sessions.ts';
import { openEventStream, type StreamOptions } from '../stream/event-stream.ts';
import { requireAtMost } from './acting.ts';

/** v2 and v5 differ in the payloads and the replay of their streams alone (EVENTS-v5.md). */
export function eventRoutes(options: StreamOptions): Routes {
  return {
    createEvents: (context) => openStream(context, options, 'v2'),
    createEventsV5: (context) => openStream(context, options, 'v5'),
    dropConnect: dropStreams,
    dropConnectV5: dropStreams,
    ackEvents: acknowledgeEvents,
    ackEventsV5: acknowledgeEvents,
  };
}

function openStream(context: RequestContext, options: StreamOptions, version: 'v2' | 'v5'): Reply {
  const { world, caller, session, repeatsEvents } = context;
  session.presence = context.header('tt-presence-status') === 'away' ? 'away' : 'available';
  const features = featuresOf(context);
  return {
    status: 200,
    takeOver: (_request, response) =>
      openEventStream(world, caller, session, features, response, { ...options, version, repeatsEvents }),
  };
}

/** Closes the streams of all sessions of the caller, of both versions. */
function dropStreams({ world, caller }: RequestContext): Reply {
  const streams = [...(world.sessionsByAccount.get(caller.token) ?? [])].flatMap((session) => [...session.streams]);
  for (const stream of streams) stream.close();
  return success({ count: streams.length });
}

function acknowledgeEvents(context: RequestContext): Reply {
  const ids = itemsOf(bodyOf(context, 'ackEvents').events);
  requireAtMost('events', ids, limits.bulkAcknowledgements);
  const acknowledged = acknowledge(context.session, new Set(ids));
  // "remote_wipe is acknowledged before it is acted on": the key pair is valid until then.
  if (acknowledged.some(({ type }) => type === 'tigertext:iq:remote_wipe')) endSession(context.world, context.session);
  return empty();
}
